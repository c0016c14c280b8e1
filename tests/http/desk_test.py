#!/usr/bin/python3
"""The desk over HTTP: what waits, search, the next unanswered question, history, own details; and what is wrong of each."""
import os
import re
import sqlite3
import sys
import urllib.parse

from harness import PEOPLE, Client, Server, anketa, contains, equal, run_tests, test

JSON = {"Accept": "application/json"}
server = Server(people=(*PEOPLE, ("liga@example.org", "Līga Krūmiņa", "expert", None)))
anna, janis, zane, ilze, martins, liga = (
    Client(server, f"{name}@example.org") for name in ("anna", "janis", "zane", "ilze", "martins", "liga"))
for client in (anna, janis, zane, ilze, martins, liga):
    client.get("/accessibility")
page = anna.get("/work").text
ours = re.search(r"/r/(\d+)/s/21006", page)[1]
services = next(number for number in re.findall(r'id="card-(\d+)"', page) if number != ours)
theirs = re.search(r"/r/(\d+)/s/21006", zane.get("/work").text)[1]


def rows(sql, *values):
    db = sqlite3.connect(os.path.join(server.data, "anketa.db"))
    found = db.execute(sql, values).fetchall()
    db.close()
    return found


def save(client, question, value, response=None, section="21006", row="", special=None):
    key = f"{question}:{row}" if row else question
    found = rows("SELECT version FROM answer WHERE response_id = ? AND question = ? AND row_id = ?", response or ours, question, row)
    fields = {f"v:{key}": found[0][0] if found else 0, f"a:{key}": value}
    if special:
        fields[f"s:{key}"] = special
    reply = client.post(f"/r/{response or ours}/s/{section}", fields, headers=JSON)
    equal(reply.status, 200, f"saving {key}")


def location(reply):
    equal(reply.status, 303, reply.text[:300])
    return reply["Location"]


def find(client, text, response=None, **headers):
    return client.get(f"/r/{response or ours}/find?" + urllib.parse.urlencode({"q": text}), **headers)


def found_ids(reply):
    part = re.search(r'<ol class="found">(.*?)</ol>', reply.text, re.S)[1]
    names = re.findall(r'<p class="found-name">(.*?)</p>', part, re.S)
    ids = [re.search(r'<span class="q-id">(.*?)</span>', name) for name in names]
    return [re.sub(r"<.*?>", "", found[1]) if found else "section" for found in ids]


def waits(reply):
    return re.findall(r'<li class="wait wait-(\w+)"><a href="([^"]+)">([^<]*)</a>', reply.text)


@test
def what_is_not_theirs_is_not_there():
    for path in ("next", "next?from=V00J", "find", "find?q=skaits"):
        reply = anna.get(f"/r/{theirs}/{path}")
        equal(reply.status, 404, path)
        equal("Finanšu" in reply.text, False, "nothing of it is told")
        equal(martins.get(f"/r/{ours}/{path}").status, 404, f"a researcher: {path}")
        equal(liga.get(f"/r/{ours}/{path}").status, 404, f"an expert: {path}")
    for number in ("0", "-1", "999999", "x", "1x", "99999999999999999999"):
        equal(anna.get(f"/r/{number}/find?q=skaits").status, 404, f"find in {number}")
        equal(anna.get(f"/r/{number}/next").status, 404, f"next in {number}")
    equal(ilze.get(f"/r/{ours}/find?q=skaits").status, 200, "a coordinator may search")
    equal(ilze.get(f"/r/{ours}/next").status, 404, "but has nothing to answer")
    for client in (ilze, martins):
        equal(client.get("/history").status, 404, "a history is for those who fill in")
        equal(client.get("/account").status, 200, "details are everybody's")
    visitor = Client(server)
    for path in ("/history", "/account", f"/r/{ours}/find", f"/r/{ours}/next"):
        equal(location(visitor.get(path)), "/?next=" + path, "asks to sign in first")


@test
def a_fresh_desk_says_where_to_begin():
    reply = anna.get("/work")
    contains(reply.text, '<p class="next">Līdz termiņam ', "the first line")
    contains(reply.text, "vēl nav sākta anketa", "what to do")
    equal([kind for kind, _, _ in waits(reply)], ["begin", "begin"], "both wait")
    equal(waits(reply)[0][1], f"/r/{ours}", "and lead there")
    contains(reply.text, 'href="tel:+37167000000"', "help by phone")
    contains(reply.text, 'href="mailto:palidziba@example.org"', "and by mail")
    contains(reply.text, "Ieeja sistēmā", "signing in is the latest")


@test
def the_next_unanswered_question_is_found_across_sections():
    equal(location(anna.get(f"/r/{ours}/next")), f"/r/{ours}/s/21006?at=V00J#q-V00J", "the first")
    equal(location(anna.get(f"/r/{ours}/next?from=V00J")), f"/r/{ours}/s/21006?at=V01#q-V01", "the one after it")
    equal(location(anna.get(f"/r/{ours}/next?from=V03")), f"/r/{ours}/s/21006?at=D61J#q-D61J", "from one that is not asked")
    last = location(anna.get(f"/r/{ours}/next?section=21005"))
    contains(last, f"/r/{ours}/s/21005?at=", "from a section on")
    walked, key = [], ""
    for _ in range(60):
        key = re.search(r"#q-(.*)$", location(anna.get(f"/r/{ours}/next?from={key}")))[1]
        if key in walked:
            break
        walked.append(key)
    equal(len(walked), 45, "the walk meets every required question once")
    equal(key, "V00J", "and begins again")


@test
def a_bad_from_begins_at_the_beginning():
    first = f"/r/{ours}/s/21006?at=V00J#q-V00J"
    for bad in ("", "X", "v00j", "V00J:r1", "P1011", "P1011:r9", "<script>", "%00", "%0d%0aX:%201", "a" * 500, "//evil", "V00J#q"):
        reply = anna.get(f"/r/{ours}/next?from={bad}")
        if bad == "%00":
            equal(reply.status, 400, "a NUL is no text")
        else:
            equal(location(reply), first, repr(bad))
    equal(location(anna.get(f"/r/{ours}/next?section=nothing")), first, "no such section")
    contains(anna.get(f"/r/{ours}/s/21006?at=%22%3E%3Cscript%3E").text, f'href="/r/{ours}/next?section=21006"', "a bad at is not shown")
    contains(anna.get(f"/r/{ours}/s/21006?at=V01").text, f'href="/r/{ours}/next?from=V01"', "a good one goes on from there")


@test
def rows_are_gone_through_one_by_one():
    section = re.search(rf"/r/{services}/s/([^\"]+)", anna.get("/work").text)[1]
    for name in ("Pirmais", "Otrais"):
        equal(anna.post(f"/r/{services}/s/{section}", {"do": "add:services", "add:services": name}).status, 303, "a row")
    walked, key = [], ""
    for _ in range(40):
        target = location(anna.get(f"/r/{services}/next?from={key}"))
        key = re.search(r"#q-(.*)$", target)[1]
        if key in walked:
            break
        contains(target, f"&row={key.split(':')[1]}#", "the row is opened")
        walked.append(key)
    order = [key.split(":")[1] for key in walked]
    equal(order, sorted(order), "the first row before the second")
    equal(set(order), {"r1", "r2"}, "both")
    reply = find(anna, walked[0].split(":")[0], services)
    contains(reply.text, "Atbildēts 0 no 2 saraksta ierakstiem", "a question of a roster says in how many rows")
    contains(reply.text, f"?row=r1#q-{walked[0]}", "and leads to the first")


@test
def the_search_ignores_case_and_diacritics():
    for text in ("darbinieku skaits", "DARBINIEKU SKAITS", "skaits darbinieku", "  skaits,   darbinieku?"):
        equal(found_ids(find(anna, text))[0], "V00J", text)
    equal(found_ids(find(anna, "v00j"))[0], "V00J", "an id")
    equal(found_ids(find(anna, "slodzu lietvediba"))[0], "V01", "without its letters")
    reply = find(anna, "klientu apkalposana")
    contains(reply.text, "<mark>klientu</mark> <mark>apkalpošanā</mark>", "marked as it is written")
    equal("section" in found_ids(reply), True, "a section by its title")
    contains(reply.text, "Nav atbildes", "what has no answer says so")


@test
def a_question_that_is_not_asked_is_shown_without_a_link():
    reply = find(anna, "V03")
    place = reply.text.index('<span class="q-id"><mark>V03</mark></span>')
    contains(reply.text[place:place + 700], "šobrīd netiek uzdots", "said")
    equal('<a href' in reply.text[place - 60:place], False, "no link")
    equal(f"#q-V03\"" in reply.text, False, "nor anywhere else")
    contains(reply.text, f'href="/r/{ours}/s/21006#q-V03A"', "the other is")


@test
def what_is_searched_for_is_never_html():
    for bad in ('<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "' onmouseover='x", "{{csrf}}", "&lt;b&gt;", "%3Cb%3E"):
        reply = find(anna, bad)
        equal(reply.status, 200, bad)
        equal(bad in reply.text and "<" in bad, False, "not as it is")
        for tag in ("<script>alert", "<img src=x", "onmouseover='x"):
            equal(tag in reply.text, False, tag)
        equal("&lt;script&gt;alert(1)&lt;/script&gt;" in reply.text, "script>" in bad, "escaped in the field")
    save(anna, "NOTES_DESC", "<script>alert('x')</script> & \"pēdiņas\"")
    reply = find(anna, "papildus informāciju")
    contains(reply.text, "&lt;script&gt;alert(", "an answer is escaped too")
    equal("<script>alert" in reply.text, False, "always")


@test
def odd_queries_have_an_answer():
    contains(anna.get(f"/r/{ours}/find").text, "Meklē jautājumos", "none at all")
    contains(find(anna, "   ").text, "Meklē jautājumos", "blank")
    contains(find(anna, "?!…").text, "vismaz vienu burtu", "only signs")
    contains(find(anna, "zirgs ziloniene").text, "Nekas nav atrasts", "nothing found")
    for length, refused in ((200, False), (201, True), (500, True)):
        reply = find(anna, "ā" * length)
        equal(reply.status, 200, f"{length} characters")
        equal("līdz 200 zīmēm" in reply.text, refused, f"{length} characters")
        contains(reply.text, 'value="' + "ā" * length + '"', "what was typed stays")
    equal(find(anna, "a\x01b\nc").status, 200, "control characters")
    contains(find(anna, "a\x01b").text, 'value="a b"', "are spaces")
    equal(anna.get(f"/r/{ours}/find?q=%00").status, 400, "a NUL")
    equal(anna.get(f"/r/{ours}/find?q=%ff").status, 400, "bad UTF-8")
    reply = find(anna, "a")
    contains(reply.text, "Rādītas pirmās 50", "a very common letter")
    equal(len(found_ids(reply)), 50, "no more are shown")
    equal("Search the questionnaire" in find(Client(server, "anna@example.org"), "a").text, False, "in the reader's language")


@test
def the_desk_leads_to_the_very_field():
    save(anna, "V00J", "pieci")
    save(anna, "V01", "3")
    reply = anna.get("/work")
    tasks = {kind: (link, text) for kind, link, text in waits(reply) if link.startswith(f"/r/{ours}/")}
    contains(tasks["answer"][1], "Turpināt", "go on")
    equal(tasks["answer"][0], f"/r/{ours}/next", "where")
    equal(tasks["wrong"], (f"/r/{ours}/s/21006#q-V00J", "Jāizlabo 1 ieraksts"), "the wrong entry")
    equal(location(anna.get(f"/r/{ours}/next")), f"/r/{ours}/s/21006?at=V00J#q-V00J", "a wrong entry is next, too")
    equal(location(anna.get(f"/r/{ours}/next?from=V00J")), f"/r/{ours}/s/21006?at=V03A#q-V03A", "an answered one is not")
    save(anna, "V00J", "120")
    equal("wrong" in dict((k, t) for k, _, t in waits(anna.get("/work"))), False, "put right, it is gone")


@test
def a_near_deadline_and_one_that_is_over():
    def load(deadline):
        anketa("round", "load", "questionnaires/e-index-2017", "--data", server.data, "--opens", "2016-11-01", "--deadline", deadline)

    load("2017-12-06")
    reply = anna.get("/work")
    contains(reply.text, '<p class="next">Termiņš bija pirms ', "over")
    equal(waits(reply)[-1][0], "deadline", "the deadline waits too")
    equal(waits(reply)[-1][1], f"/r/{ours}/check", "with the list of what stands in the way")
    contains(liga.get("/work").text, "Termiņš bija pirms ", "an expert's as well")
    load("2099-12-06")
    equal("deadline" in [kind for kind, _, _ in waits(anna.get("/work"))], False, "a far one does not")


@test
def the_history_has_what_one_did_and_nothing_else():
    save(janis, "F00", "1")
    text = anna.get("/history").text
    contains(text, "Slodžu skaits lietvedībā", "an answer")
    contains(text, f'href="/r/{ours}/s/21006#q-V01"', "its link")
    contains(text, "pieci", "a version that was replaced")
    contains(text, "nederīgs ieraksts", "which was no answer")
    contains(text, "Pievienots ieraksts: Pirmais", "a row")
    contains(text, "Ieeja sistēmā", "signing in")
    contains(text, "&lt;script&gt;alert(", "escaped")
    equal("elektronizācija" in text, False, "not what a colleague did")
    contains(janis.get("/history").text, "Iestādes publisko pakalpojumu elektronizācija", "that is in his own")
    equal("Slodžu skaits" in zane.get("/history").text, False, "nor another institution's")


@test
def the_history_is_paged_without_a_gap():
    for i in range(130):
        save(anna, "V01", str(i))
    seen, path, sizes = [], "/history", []
    while path:
        text = anna.get(path).text
        values = re.findall(r'#q-V01"><span class="q-id">V01</span>[^<]*</a><p class="did-value">([^<]*)</p>', text)
        sizes.append(len(re.findall(r'<span class="did-time', text)))
        seen += values
        older = re.search(r'href="(/history\?from=[^"]+)"', text)
        path = older[1].replace("&amp;", "&") if older else None
    equal(seen[:130], [str(i) for i in reversed(range(130))], "each once, newest first")
    equal(sizes[:-1], [50] * (len(sizes) - 1), "full pages")
    for bad in ("1", "x", "....", "-5.1.Q..1", "9" * 30 + ".0...0", "1.2.<b>..3", "0.0...0"):
        reply = anna.get("/history?" + urllib.parse.urlencode({"from": bad}))
        equal(reply.status, 200, bad)
        equal("<b>." in reply.text, False, "never shown")
    equal(anna.get("/history?from=%ff").status, 400, "bad UTF-8")
    foreign = re.search(r"/history\?from=([^\"]+)", anna.get("/history").text)[1]
    equal("V01</span>" in zane.get(f"/history?from={foreign}").text, False, "somebody else's place shows one's own")


@test
def details_are_changed_and_show_at_once():
    old = janis.get(f"/r/{ours}/s/21006").text
    contains(old, "Anna Bērziņa", "the name beside an answer")
    anna.get("/account")
    reply = anna.post("/account", {"name": " Anna Kalna ", "phone": "+371 67 000 001", "language": "lv", "reminders": "1"})
    equal(location(reply), "/account?saved=1", "saved")
    contains(anna.get("/account?saved=1").text, "Izmaiņas ir saglabātas", "said")
    contains(anna.get("/account").text, 'value="Anna Kalna"', "trimmed")
    equal(rows("SELECT phone, notify FROM person WHERE email = 'anna@example.org'"), [("+371 67 000 001", 4)], "stored")
    new = janis.get(f"/r/{ours}/s/21006").text
    contains(new, "Anna Kalna", "a kept page shows the new name")
    equal("Anna Bērziņa" in new, False, "and not the old one")
    equal(rows("SELECT kind FROM event WHERE detail LIKE '%name, before: Anna Bērziņa'"), [("account",)], "in the book")
    contains(anna.get("/history").text, "Mainīti mani dati", "and in the history")
    anna.get("/account")
    equal(location(anna.post("/account", {"name": "Anna Kalna", "phone": "", "language": "en"})), "/account?saved=1", "another language")
    contains(anna.get("/account?saved=1").text, "The changes have been saved", "is spoken at once")
    equal(location(anna.post("/account", {"name": "Anna Kalna", "phone": "", "language": "lv", "email": "x@example.org",
                                          "role": "1", "institution": "1", "notify": "255"})), "/account?saved=1", "more fields")
    equal(rows("SELECT role, notify FROM person WHERE email = 'anna@example.org'"), [(0, 0)], "change nothing else")
    equal(rows("SELECT count(*) FROM person WHERE email = 'x@example.org'"), [(0,)], "nor the address")


@test
def wrong_details_stay_as_they_were_typed():
    anna.get("/account")
    before = rows("SELECT name, phone, language, notify FROM person WHERE email = 'anna@example.org'")
    good = {"name": "Anna Kalna", "phone": "+371 67", "language": "lv", "notes": "1"}
    for field, value, words in (("name", "", "Ierakstiet vārdu"), ("name", "  ", "Ierakstiet vārdu"), ("name", "ā" * 101, "līdz 100 zīmēm"),
                                ("name", "A\nB", "vienā rindā"), ("phone", "abc", "tikai cipari"), ("phone", "1234", "no 5 līdz 30"),
                                ("phone", "1" * 31, "no 5 līdz 30"), ("phone", '"><script>', "tikai cipari"),
                                ("language", "de", "Izvēlieties"), ("language", "", "Izvēlieties")):
        reply = anna.post("/account", {**good, field: value})
        equal(reply.status, 400, f"{field} {value!r}")
        contains(reply.text, words, f"{field} {value!r}")
        contains(reply.text, "Izmaiņas nav saglabātas", "at the top")
        if field != "language" and "\n" not in value:
            kept = value.replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")
            contains(reply.text, f'value="{kept}"', "what was typed is there")
            contains(reply.text, f'aria-describedby="{field}-hint {field}-problem" aria-invalid="true"', "told at the field")
        contains(reply.text, 'id="notify-notes" name="notes" value="1" checked', "and what was ticked")
        equal("<script>" in reply.text.replace("<script src", ""), False, "escaped")
    reply = anna.post("/account", {**good, "name": "", "phone": "x", "language": ""})
    for words in ("Ierakstiet vārdu", "tikai cipari", "Izvēlieties"):
        contains(reply.text, words, "all at once")
    equal(rows("SELECT name, phone, language, notify FROM person WHERE email = 'anna@example.org'"), before, "nothing was stored")


@test
def a_change_needs_the_forms_token():
    anna.get("/account")
    for path in ("/account", "/account/sign-out"):
        equal(anna.post(path, {"name": "X", "language": "lv"}, csrf=False).status, 403, path)
        equal(anna.post(path, {"name": "X", "language": "lv", "csrf": "0" * 64}, csrf=False).status, 403, path)
        equal(anna.post(path, {"name": "X", "language": "lv"}, headers={"Origin": "https://evil.example"}).status, 403, path)
    equal(anna.get("/account/sign-out").status, 405, "a link does not sign anybody out")
    equal(anna.get("/account").status, 200, "still here")


@test
def all_sessions_are_ended_at_once():
    other = Client(server, "anna@example.org")
    equal(other.get("/work").status, 200, "a second device")
    text = anna.get("/account").text
    equal(len(re.findall("šī sesija", text)), 1, "one of them is this one")
    equal(len(re.findall(r"<tr><td>", text)) >= 2, True, "both are listed")
    equal(location(anna.post("/account/sign-out")), "/", "signed out")
    for client in (anna, other):
        equal(location(client.get("/work")), "/?next=/work", "everywhere")
    equal(janis.get("/work").status, 200, "a colleague goes on working")
    anna.sign_in(server.link("anna@example.org"))
    contains(anna.get("/history").text, "Iziets visās ierīcēs", "in the history")


@test
def the_frame_leads_to_ones_own_pages():
    def ways(client, path):
        part = re.search(r'<nav class="ways".*?</nav>', client.get(path).text, re.S)[0]
        return re.findall(r'href="([^"]+)"', part), re.findall(r'href="([^"]+)" aria-current="page"', part)

    equal(ways(anna, "/work"), (["/work", "/people", "/reminders", "/history", "/account"], ["/work"]), "a contact")
    equal(ways(anna, "/history")[1], ["/history"], "the current one is marked")
    equal(ways(liga, "/account"), (["/work", "/reminders", "/history", "/account"], ["/account"]), "an expert")
    equal(ways(ilze, "/field"), (["/field", "/frame", "/mailings", "/queries", "/field/calls", "/field/round",
                                  "/field/questionnaires", "/data", "/account"], ["/field"]), "a coordinator")
    for place in ("/field/calls", "/field/round", "/field/questionnaires"):
        equal(ways(ilze, place)[1], [place], "the nearest alone is current")
    equal(ways(martins, "/data"), (["/data", "/account"], ["/data"]), "a researcher")
    equal('class="ways"' in Client(server).get("/accessibility").text, False, "nobody")


@test
def an_experts_desk_and_search():
    text = liga.get("/work").text
    equal([kind for kind, _, _ in re.findall(r'wait wait-(\w+)"><a href="([^"]+)">([^<]*)', text)], ["begin"] * 3, "a few tasks")
    number = re.search(r'href="/r/(\d+)"', text)[1]
    equal(find(liga, "vietne", number).status, 200, "searches")
    contains(location(liga.get(f"/r/{number}/next")), f"/r/{number}/s/", "goes to the first question")


try:
    status = run_tests()
finally:
    server.remove()
sys.exit(status)
