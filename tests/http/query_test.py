#!/usr/bin/python3
"""Queries over HTTP: a coordinator asks about an answer, contacts reply or correct it, and what must not happen."""
import csv
import io
import json
import os
import re
import sqlite3
import sys
import time
import zipfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import PEOPLE, Client, Server, anketa, contains, equal, run_tests, test  # noqa: E402

server = Server(people=(*PEOPLE, ("liga@example.org", "Līga Krūmiņa", "expert", None),
                        ("uldis@example.org", "Uldis Kalns", "coordinator", None)))
anna, janis, zane, ilze, uldis, liga, martins = (Client(server, f"{n}@example.org")
                                                 for n in ("anna", "janis", "zane", "ilze", "uldis", "liga", "martins"))
RESPONSE = re.search(r'/r/(\d+)/s/', anna.get("/work").text)[1]
SECTION = f"/r/{RESPONSE}/s/21006"
QUESTION = f"/r/{RESPONSE}/h/V01"
POST = f"/r/{RESPONSE}/queries"


def lacks(text, part, what=""):
    if part in text:
        raise AssertionError(f"{what}: {part!r} must not be in {text[:3000]!r}")


def sql(text, *values):
    db = sqlite3.connect(os.path.join(server.data, "anketa.db"), timeout=60)
    with db:
        rows = db.execute(text, values).fetchall()
    db.close()
    return rows


def save(client, question, value, seen, response=RESPONSE):
    client.get("/account")
    return client.post(f"/r/{response}/s/21006", [(f"v:{question}", seen), (f"a:{question}", value)],
                       {"Accept": "application/json"})


def act(client, pressed, text="", question="V01", row="", start="question", path=POST, **more):
    client.get("/account")
    number = pressed.partition(":")[2]
    return client.post(path, {"do": pressed, "question": question, "row": row, "from": start,
                              f"text:{number}" if number else "text": text, **more})


def newest():
    return sql("SELECT max(id) FROM query")[0][0]


@test
def a_coordinator_asks_and_the_contacts_see_it():
    save(anna, "V01", "120", 0)
    contains(ilze.get(SECTION).text, f'<a class="talk-query query-none" href="{QUESTION}#queries">Lūgt precizēt</a>')
    lacks(anna.get(SECTION).text, "Lūgt precizēt", "contacts do not ask")
    reply = act(ilze, "ask", "Vai tiešām <b>120</b> & vairāk?\r\nĀ")
    equal((reply.status, reply["Location"]), (303, f"{QUESTION}?said=query#queries"))
    contains(ilze.get(f"{QUESTION}?said=query").text, "Jautājums ir nosūtīts iestādei")
    page = janis.get(QUESTION).text
    contains(page, "Vai tiešām &lt;b&gt;120&lt;/b&gt; &amp; vairāk?\nĀ")
    contains(page, "Ilze Ozola")
    contains(page, f'value="answer:{newest()}"')
    lacks(page, 'value="close:', "only coordinators close")
    contains(janis.get(SECTION).text, f'<a class="talk-query query-open" href="{QUESTION}#queries">Jāprecizē</a>')
    contains(janis.get(SECTION).text, "Precizējumi (1)")
    contains(janis.get("/work").text, f'<a href="{QUESTION}#queries">Koordinators lūdz precizēt 1 atbildi</a>')
    contains(janis.get(f"/r/{RESPONSE}/check").text, "Koordinators gaida atbildi uz 1 lūgumu precizēt. Anketu var iesniegt arī pirms tam.")
    contains(janis.get(POST).text, f'href="{SECTION}#q-V01"', "the way to the field")


@test
def an_open_page_hears_of_it():
    anna.get(SECTION)
    reply = anna.post(f"/r/{RESPONSE}/live", {"tab": "a1", "section": "21006", "rev": "0", "talk": "0"}, {"Accept": "application/json"})
    talk = json.loads(reply.text)["changed"]["talk"]["V01"]
    equal((talk["query"], talk["query_text"]), ("open", "Jāprecizē"))


@test
def a_contact_answers_and_the_coordinator_asks_again():
    number = newest()
    reply = act(janis, f"answer:{number}", "Jā, visi kopā.")
    equal((reply.status, reply["Location"]), (303, f"{QUESTION}?said=query_answer#queries"))
    equal(act(janis, f"answer:{number}", "Jā, visi kopā.").status, 303, "a second press")
    equal(sql("SELECT count(*) FROM query_message"), [(1,)], "adds nothing")
    contains(ilze.get(SECTION).text, "Precizēts</a>")
    lacks(anna.get("/work").text, "lūdz precizēt")
    contains(uldis.get(QUESTION).text, "Jā, visi kopā.")
    equal(act(uldis, f"close:{number}", **{f"seen:{number}": "0"}).status, 409, "closed without having read the answer")
    equal(act(uldis, f"reply:{number}", "Kas tie ir?").status, 303)
    contains(anna.get("/work").text, "Koordinators lūdz precizēt 1 atbildi")
    save(anna, "V01", "12", 1)
    page = ilze.get(QUESTION).text
    contains(page, "Atbilde ir mainīta. Bija: 120. Tagad: 12.")
    equal(sql("SELECT state FROM query"), [(2,)], "correcting answers it")
    for client in (ilze, uldis):
        equal(act(client, f"close:{number}", start="list", **{f"seen:{number}": "2"}).status, 303, "closing twice is closing once")
    contains(anna.get(QUESTION).text, "Slēgts")
    late = act(anna, f"answer:{number}", "Vēl kas <&>", start="list")
    equal(late.status, 409)
    contains(late.text, "Vēl kas &lt;&amp;&gt;", "what was typed is there")
    kinds = [row[0] for row in sql("SELECT kind FROM event WHERE kind LIKE 'query%' ORDER BY id")]
    equal(kinds, ["query", "query-answer", "query-reply", "query-close"])


@test
def texts_that_cannot_be_sent_stay():
    for text, words in (("", "Ierakstiet tekstu"), (" \r\n", "Ierakstiet tekstu"), ("ā" * 2001, "2000 zīmēm"), ("x" * 100000, "2000 zīmēm")):
        reply = act(ilze, "ask", text)
        equal(reply.status, 400, words)
        contains(reply.text, words)
        contains(reply.text, text.strip())
    equal(act(ilze, "ask", "x", question="NONE").status, 404)
    equal(act(ilze, "ask", "x", row="r1").status, 404)
    equal(act(ilze, "ask", "x", row="r1&y=#").status, 404)
    equal(act(ilze, "nothing", "x").status, 400)
    equal(act(ilze, "answer:x", "x").status, 404)
    equal(act(ilze, "close:99999").status, 404)


@test
def strangers_find_nothing():
    act(ilze, "ask", "Kā ir?")
    number = newest()
    equal(zane.get(POST).status, 404)
    equal(zane.get(QUESTION).status, 404)
    equal(act(zane, f"answer:{number}", "x").status, 404, "another institution")
    own = re.search(r'/r/(\d+)/s/', zane.get("/work").text)[1]
    equal(act(zane, f"answer:{number}", "x", path=f"/r/{own}/queries", start="list").status, 404, "by a response of one's own")
    equal(act(anna, f"close:{number}").status, 403)
    equal(act(anna, "ask", "x").status, 403)
    equal(martins.get(POST).status, 404)
    equal(act(liga, f"answer:{number}", "x").status, 404)
    equal(anna.post(POST, {"do": f"answer:{number}", f"text:{number}": "x"}, csrf=False).status, 403)


@test
def an_experts_questionnaire_is_the_experts():
    other = sql("SELECT r.id, r.questionnaire FROM response r JOIN round_questionnaire q USING (round, questionnaire)"
                " WHERE q.filled_by = 1 ORDER BY r.id")
    if not other:
        raise AssertionError("the round has no questionnaire for experts")
    path = f"/r/{other[0][0]}"
    section = liga.get(path)["Location"]
    question = re.search(r'class="talk" data-talk="([A-Za-z0-9_]+)"', liga.get(section).text)[1]
    equal(act(ilze, "ask", "Vai?", question=question, path=f"{path}/queries").status, 303)
    contains(liga.get("/work").text, "lūdz precizēt 1 atbildi")
    equal(act(liga, f"answer:{newest()}", "Jā", question=question, path=f"{path}/queries").status, 303)
    equal(act(anna, f"answer:{newest()}", "Jā", question=question, path=f"{path}/queries").status, 404)


@test
def mail_comes_collected():
    equal(sql("SELECT count(*) FROM message WHERE kind = 'query' AND state = 0 AND address = 'anna@example.org'"), [(1,)])
    sql("UPDATE message SET due_ms = 1 WHERE kind = 'query' AND state = 0")
    until = time.monotonic() + 60
    while sql("SELECT count(*) FROM message WHERE kind = 'query' AND state IN (0, 1)") != [(0,)]:
        equal(time.monotonic() < until, True, "the server sends it")
        time.sleep(0.1)
    folder = os.path.join(server.data, "outbox")
    mails = [open(os.path.join(folder, name), encoding="utf-8").read() for name in sorted(os.listdir(folder))]
    mine = [m for m in mails if "anna@example.org" in m and "precizēt" in m]
    equal(len(mine), 1, "one message for several queries")
    for part in ("Vai tiešām <b>120</b> & vairāk?", "Kas tie ir?", "Kā ir?", "Uldis Kalns", "next=%2Fr%2F" + RESPONSE + "%2Fqueries"):
        contains(mine[0].replace("=\n", ""), part)


@test
def the_list_has_states_filters_and_a_way_to_the_place():
    act(ilze, "ask", "Slodze <i>šeit</i>?", question="V00J")
    page = ilze.get("/queries?state=open").text
    contains(page, "Slodze &lt;i&gt;šeit&lt;/i&gt;?")
    contains(page, f'href="/r/{RESPONSE}/h/V00J#query-{newest()}"')
    contains(page, 'aria-current="page">Gaida atbildi')
    contains(ilze.get("/queries?state=open&question=v00j").text, "1 precizējums")
    contains(ilze.get("/queries?state=open&question=NONE").text, "Neviens precizējums neatbilst")
    contains(ilze.get("/queries?state=open&find=VIDES").text, "Slodze")
    lacks(ilze.get("/queries?state=open&days=3").text, "Slodze")
    lacks(ilze.get("/queries?state=open&q=expert").text, "Slodze")
    lacks(ilze.get("/queries?state=open&origin=outlier").text, "Slodze")
    institution = re.search(r'/field/i/(\d+)\?round', page)[1]
    contains(ilze.get(f"/queries?state=open&institution={institution}").text, "Rādīt visas iestādes")
    lacks(ilze.get("/queries?state=open&institution=99999").text, "Slodze")
    equal(ilze.get("/queries?state=x&origin=y&days=z&from=-1&round=none&institution=x&find=%FF").status in (200, 400), True)
    equal(ilze.get("/queries?from=5000").status, 303, "a list that was longer")
    for client in (anna, liga, martins):
        equal(client.get("/queries").status, 404)
        equal(client.get("/queries/export?format=csv").status, 404)
    equal(ilze.get("/field").text.split('class="ways"')[1].split("</nav>")[0].count('href="/queries"'), 1, "it stands in the frame")


@test
def several_are_closed_at_once():
    first = newest()
    act(ilze, "ask", "Otrs?", question="V03A")
    second = newest()
    act(anna, f"answer:{second}", "Jau atbildēju", question="V03A")
    ilze.get("/queries")
    fields = [("pick", f"{first}:0"), ("pick", f"{second}:0"), ("pick", "999999:0"), ("pick", "x"), ("back", "state=open")]
    reply = ilze.post("/queries", fields)
    equal((reply.status, reply["Location"]), (303, "/queries?state=open&done=1&late=1"))
    page = ilze.get(reply["Location"]).text
    contains(page, "Slēgts: 1 precizējums")
    contains(page, "Nav slēgts, jo pa to laiku ir atbildēts: 1 precizējums")
    equal(sql("SELECT state FROM query WHERE id IN (?, ?) ORDER BY id", first, second), [(3,), (2,)])
    equal(anna.post("/queries", fields).status in (404, 405), True)
    ilze.get("/queries")
    equal(ilze.post("/queries", [("back", "//evil.example")])["Location"].startswith("/queries?"), True)


@test
def the_list_is_taken_out():
    act(ilze, "ask", "=1+1", question="V00J")
    reply = ilze.get("/queries/export?format=csv&state=answered")
    equal(reply["Content-Type"], "text/csv; charset=utf-8")
    lines = list(csv.reader(io.StringIO(reply.body.decode("utf-8-sig"))))
    equal(lines[0][:4], ["Nr.", "Iestāde", "Anketa", "Jautājuma nr."])
    equal([line for line in lines if line[9] == "Otrs?"][0][10].startswith("Anna Bērziņa, "), True, "with the exchange")
    contains(ilze.get("/queries/export?format=csv&state=open").text, "'=1+1")
    book = zipfile.ZipFile(io.BytesIO(ilze.get("/queries/export?format=xlsx").body))
    contains("".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml")), "Jau atbildēju")


def complete_some():
    """Twelve institutions whose self-assessment has nothing but one figure, marked complete as if nothing stood in the way."""
    rows = sql("SELECT r.id, i.id FROM response r JOIN institution i ON i.id = r.institution JOIN round_questionnaire q"
               " USING (round, questionnaire) WHERE q.filled_by = 0 AND r.questionnaire = (SELECT questionnaire FROM response"
               " WHERE id = ?) AND r.id <> ? ORDER BY r.id LIMIT 12", RESPONSE, RESPONSE)
    person = sql("SELECT min(id) FROM person")[0][0]
    for number, (response, institution) in enumerate(rows):
        value = "90000" if number == 11 else str(40 + number)
        sql("UPDATE institution SET sector = 'Viens resors' WHERE id = ?", institution)
        sql("INSERT INTO answer (response_id, question, row_id, version, state, value, person_id, changed_ms)"
            " VALUES (?, 'V00J', '', 1, 1, ?, ?, 1)", response, value, person)
        sql("UPDATE response SET complete = 1, status = 1 WHERE id = ?", response)
    return rows


@test
def what_is_suggested_is_the_coordinators_until_it_is_sent():
    odd = complete_some()[11][0]
    ilze.get("/queries")
    round_id = sql("SELECT id FROM round")[0][0]
    reply = ilze.post("/queries/suggest", {"round": round_id})
    equal((reply.status, reply["Location"]), (303, f"/queries?round={round_id}&state=suggested&added=1"))
    page = ilze.get(reply["Location"]).text
    contains(page, "Atrasts 1 jauns ieteikums")
    contains(page, "citu resora „Viens resors” iestāžu norādītajām: mediāna 45, vidējā puse no 42,5 līdz 47,5, salīdzināto vērtību skaits 11")
    equal(anketa("query", "suggest", "--round", round_id, "--data", server.data), "0 suggested", "the same is not suggested twice")
    equal(json.loads(anketa("query", "suggest", "--round", round_id, "--data", server.data, "--json")), {"suggested": 0})
    number, path, question = newest(), f"/r/{odd}/queries", f"/r/{odd}/h/V00J"
    contains(ilze.get(question).text, f'value="send:{number}"')
    contains(ilze.get(f"/r/{odd}/s/21006").text, "Ieteikts precizēt</a>")
    equal(act(ilze, f"send:{number}", "", question="V00J", path=path).status, 400)
    equal(act(ilze, f"send:{number}", "Lūdzu, pārbaudiet 90000.", question="V00J", path=path).status, 303)
    equal(act(uldis, f"dismiss:{number}", question="V00J", path=path).status, 409, "another coordinator was quicker")
    equal(sql("SELECT state, text FROM query WHERE id = ?", number), [(1, "Lūdzu, pārbaudiet 90000.")])
    equal(ilze.post("/queries/suggest", {"round": "none"}).status, 404)
    equal(anna.post("/queries/suggest", {"round": round_id}).status in (403, 404), True)


@test
def what_is_gone_keeps_the_text():
    reply = act(ilze, "send:99999", "Rakstīts <&>")
    equal(reply.status, 409)
    contains(reply.text, "ieteikuma vairs nav")
    contains(reply.text, "Rakstīts &lt;&amp;&gt;")


@test
def a_submission_is_looked_at_by_itself():
    number = newest()
    sql("UPDATE query SET state = 3 WHERE id = ?", number)
    odd = sql("SELECT response_id FROM query WHERE id = ?", number)[0][0]
    person = sql("SELECT min(id) FROM person")[0][0]
    sql("UPDATE answer SET version = 2, value = '95000' WHERE response_id = ? AND question = 'V00J'", odd)
    sql("INSERT INTO event (happened_ms, person_id, kind, subject, detail) VALUES (1, ?, 'submit', ?, '')", person, f"response {odd}")
    until = time.monotonic() + 60
    while newest() == number:
        equal(time.monotonic() < until, True, "the server looks")
        time.sleep(0.1)
    equal(sql("SELECT response_id, origin, state, reason FROM query WHERE id = ?", newest()), [(odd, 2, 0, "v2")])


code = run_tests()
server.remove()
sys.exit(code)
