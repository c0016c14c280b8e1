#!/usr/bin/python3
"""Colleagues of one institution over HTTP: notes, flags, restoring, sections, inviting, removing, who submits."""
import html
import os
import re
import shutil
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import Client, Server, anketa, contains, equal, run_tests, test  # noqa: E402

server = Server()
anna = Client(server, "anna@example.org")
janis = Client(server, "janis@example.org")
zane = Client(server, "zane@example.org")
ilze = Client(server, "ilze@example.org")
RESPONSE = re.search(r'/r/(\d+)/s/', anna.get("/work").text)[1]
QUESTION = f"/r/{RESPONSE}/h/V01"


def lacks(text, part, what=""):
    if part in text:
        raise AssertionError(f"{what}: {part!r} must not be in {text[:3000]!r}")


def change(client, page, **fields):
    client.get(page)
    return client.post(page.split("?")[0], fields)


def save(client, question, value, seen, row=""):
    key = f"{question}:{row}" if row else question
    return client.post(f"/r/{RESPONSE}/s/21006", [(f"v:{key}", seen), (f"a:{key}", value)], {"Accept": "application/json"})


def versions(text):
    return re.findall(r'value="restore:(\d+)"', text)


@test
def an_unanswered_question_has_a_page_of_its_own():
    page = anna.get(QUESTION)
    equal(page.status, 200)
    contains(page.text, "Uz šo jautājumu vēl nav atbildēts")
    contains(page.text, "Piezīmes redz tikai Jūsu iestādes kontaktpersonas")
    contains(page.text, f'href="/r/{RESPONSE}/s/21006#q-V01"')
    section = anna.get(f"/r/{RESPONSE}/s/21006").text
    contains(section, f'data-talk="V01"><a class="talk-flag" href="{QUESTION}" hidden>')
    contains(section, f'<a class="talk-notes" href="{QUESTION}#notes">Piezīme</a>')


@test
def a_note_is_shown_as_typed_to_colleagues_only():
    reply = change(anna, QUESTION, do="note", note="<script>alert(1)</script> & \"āč\"\r\notrā rinda")
    equal(reply.status, 303)
    contains(reply["Location"], f"{QUESTION}?said=note#notes")
    page = janis.get(QUESTION).text
    contains(page, html.escape('<script>alert(1)</script> & "āč"', quote=False).replace('"', "&quot;") + "\notrā rinda")
    contains(page, "Anna Bērziņa")
    lacks(page, 'value="back:', "somebody else's note cannot be taken back")
    contains(anna.get(QUESTION).text, 'value="back:')
    contains(janis.get(f"/r/{RESPONSE}/s/21006").text, "1 piezīme<")
    read = ilze.get(QUESTION)
    equal(read.status, 200)
    lacks(read.text, "otrā rinda", "notes are not the coordinator's")
    lacks(read.text, 'name="note"', "nor is the form")
    lacks(ilze.get(f"/r/{RESPONSE}/s/21006").text, "piezīme<")
    contains(anna.get(f"{QUESTION}?said=note").text, "Piezīme ir pievienota")


@test
def bad_notes_stay_in_the_field():
    empty = change(anna, QUESTION, do="note", note=" \r\n")
    equal(empty.status, 400)
    contains(empty.text, "Ierakstiet piezīmi")
    long = change(anna, QUESTION, do="note", note="ā" * 2001)
    equal(long.status, 400)
    contains(long.text, "ā" * 2001, "what was typed is there")
    contains(long.text, "2000 zīmēm")
    equal(change(anna, QUESTION, do="note", note="ā" * 2000).status, 303)


@test
def wrong_places_and_buttons():
    equal(anna.get(f"/r/{RESPONSE}/h/NOSUCH").status, 404)
    equal(anna.get(QUESTION + "?row=r1").status, 404)
    equal(change(anna, QUESTION, do="note", note="x", row="r1").status, 404)
    equal(change(anna, QUESTION, do="nothing").status, 400)
    equal(change(anna, QUESTION, do="restore:").status, 400)
    equal(change(anna, QUESTION, do="restore:77", seen="0").status, 404)
    equal(change(anna, QUESTION, do="back:99999").status, 404)
    equal(anna.post(QUESTION, {"do": "raise"}, csrf=False).status, 403)


@test
def strangers_find_nothing():
    equal(zane.get(QUESTION).status, 404)
    zane.get("/work")
    for fields in ({"do": "note", "note": "x"}, {"do": "raise"}, {"do": "back:1"}, {"do": "restore:1", "seen": "1"}):
        equal(zane.post(QUESTION, fields).status, 404, str(fields))
    equal(zane.post(f"/r/{RESPONSE}/assign", {"section": "21006", "person": "1", "do": "give"}).status, 404)
    ilze.get(QUESTION)
    equal(ilze.post(QUESTION, {"do": "note", "note": "x"}).status, 404, "the coordinator only reads")
    equal(ilze.get("/people").status, 404, "the coordinator has no colleagues")


@test
def a_flag_is_seen_and_told_to_the_script():
    equal(change(anna, QUESTION, do="raise").status, 303)
    section = janis.get(f"/r/{RESPONSE}/s/21006").text
    contains(section, f'<a class="talk-flag" href="{QUESTION}">Jāpārbauda</a>')
    contains(janis.get(QUESTION).text, "Atzīmēja Anna Bērziņa")
    contains(ilze.get(QUESTION).text, "Jāpārbauda")
    talk = save(janis, "V00J", "5", 0).text
    contains(talk, '"talk":{"V01":{"notes":2,"notes_text":"2 piezīmes","flag":true,"flag_text":"Jāpārbauda","query":"none","query_text":"",'
                   f'"link":"{QUESTION}"}}}}')
    contains(janis.get(f"/r/{RESPONSE}/check").text, "Atzīmēts pārbaudei")
    equal(change(janis, QUESTION, do="lower").status, 303)
    contains(anna.get(QUESTION).text, "Atzīmi noņēma Jānis Kalniņš")
    lacks(anna.get(f"/r/{RESPONSE}/check").text, "Atzīmēts pārbaudei")


@test
def ones_own_note_is_taken_back():
    before = anna.get(QUESTION).text
    number = re.search(r'value="(back:\d+)"', before)[1]
    equal(janis.post(QUESTION, {"do": number}).status, 404)
    equal(change(anna, QUESTION, do=number).status, 303)
    lacks(anna.get(QUESTION).text, "otrā rinda")


@test
def an_earlier_answer_is_restored_with_one_press():
    for seen, (who, value) in enumerate([(anna, "1,5"), (janis, "2,125"), (janis, "divi")]):
        equal(save(who, "V01", value, seen).status, 200)
    page = anna.get(QUESTION).text
    equal(versions(page), ["2", "1"], "a button for each version that differs")
    contains(page, "nederīgs ieraksts")
    reply = change(anna, QUESTION, do="restore:2", seen="3")
    equal(reply.status, 303)
    contains(reply["Location"], "said=restored")
    page = anna.get(QUESTION).text
    equal(versions(page), ["3", "1"], "the restored one is the present one")
    contains(anna.get(f"/r/{RESPONSE}/s/21006").text, 'value="2,125"')
    contains(page, "Anna Bērziņa")
    lacks(ilze.get(QUESTION).text, "restore:", "a reader restores nothing")


@test
def a_restore_that_comes_late_says_so_and_changes_nothing():
    late = change(janis, QUESTION, do="restore:1", seen="3")
    equal(late.status, 409)
    contains(late.text, "Atbilde nav atjaunota: pa to laiku to mainīja Anna Bērziņa")
    contains(late.text, 'name="seen" value="4"', "a second press knows better")
    contains(anna.get(f"/r/{RESPONSE}/s/21006").text, 'value="2,125"')


@test
def rows_of_a_roster_have_pages_too():
    anna.get(f"/r/{RESPONSE}/s/21005")
    equal(anna.post(f"/r/{RESPONSE}/s/21005", {"do": "add:systems", "add:systems": "Lietvedība <1>"}).status, 303)
    section = anna.get(f"/r/{RESPONSE}/s/21005?row=r1").text
    path = html.unescape(re.search(r'data-talk="\w+:r1"><a class="talk-flag" href="([^"]+)"', section)[1])
    contains(path, "?row=r1")
    page = anna.get(path)
    equal(page.status, 200)
    contains(page.text, "Lietvedība &lt;1&gt;")
    reply = anna.post(path.split("?")[0], {"do": "raise", "row": "r1"})
    equal(reply.status, 303)
    contains(reply["Location"], "?row=r1&said=raised")
    contains(anna.get(f"/r/{RESPONSE}/check").text, html.escape(path))


@test
def a_section_is_given_to_a_colleague():
    work = anna.get("/work").text
    janis_id = re.search(r'<option value="(\d+)" selected>Jānis Kalniņš</option>', work)[1]
    contains(work, "Anna Bērziņa (Jūs)</option>")
    reply = anna.post(f"/r/{RESPONSE}/assign", {"section": "21002", "person": janis_id, "do": "give"})
    equal(reply.status, 303)
    contains(anna.get("/work").text, "Uzticēta: Jānis Kalniņš")
    work = janis.get("/work").text
    contains(work, "Uzticēta Jums")
    contains(work, "Vispirms Jums uzticētā sadaļa")
    contains(work, f'href="/r/{RESPONSE}/s/21002">Turpināt sadaļu')
    equal(janis.get(f"/r/{RESPONSE}")["Location"], f"/r/{RESPONSE}/s/21002", "one's own section first")
    contains(anna.get(f"/r/{RESPONSE}/s/21006").text, 'class="assignee"><span class="quiet">uzticēta:</span> Jānis Kalniņš')
    contains(anna.get("/people").text, f'<a href="/r/{RESPONSE}/s/21002">')
    for fields, status in (({"section": "21002", "person": "99999"}, 404), ({"section": "no", "person": janis_id}, 404),
                           ({"section": "21002"}, 400), ({"section": "21002", "person": "x"}, 400)):
        equal(anna.post(f"/r/{RESPONSE}/assign", {**fields, "do": "give"}).status, status, str(fields))
    equal(anna.post(f"/r/{RESPONSE}/assign", {"section": "21002", "do": "free"}).status, 303)
    lacks(anna.get("/work").text, "Uzticēta:")


@test
def a_colleague_is_invited():
    page = anna.get("/people").text
    contains(page, "janis@example.org")
    contains(page, "Atbildīgā kontaktpersona nav noteikta")
    reply = anna.post("/people", {"do": "invite", "name": "Dace <b>Kalna</b>", "email": " DACE@example.org", "phone": "",
                                  "language": "lv"})
    equal(reply.status, 303)
    page = anna.get(reply["Location"]).text
    contains(page, "Uzaicinājums tiek nosūtīts: Dace &lt;b&gt;Kalna&lt;/b&gt;, dace@example.org")
    lacks(page, "/e/", "no link is shown")
    contains(page, "uzaicināja Anna Bērziņa")
    dace = Client(server, "dace@example.org")
    contains(dace.get("/work").text, f"/r/{RESPONSE}/s/21006")
    contains(ilze.get("/field/list?find=vide").text, "kopā 3 kontaktpersonas", "the coordinator counts three contacts")


@test
def bad_invitations_stay_in_the_form():
    good = {"do": "invite", "name": "Eva Eva", "email": "eva@example.org", "phone": "1", "language": "ru"}
    for fields, words in (({"name": " "}, "Ierakstiet vārdu un uzvārdu"), ({"email": "eva"}, "Ierakstiet e-pasta adresi"),
                          ({"phone": "1" * 201}, "Tālruņa numurā"), ({"email": "janis@example.org"}, "jau ir Jūsu iestādes"),
                          ({"email": "zane@example.org"}, "Šo adresi nevar uzaicināt; sazinieties ar koordinatoru"),
                          ({"email": "ilze@example.org"}, "Šo adresi nevar uzaicināt; sazinieties ar koordinatoru")):
        anna.get("/people")
        reply = anna.post("/people", {**good, **fields})
        equal(reply.status, 400, str(fields))
        contains(reply.text, words)
        contains(reply.text, f'value="{fields.get("name", "Eva Eva")}"', "what was typed is there")
        contains(reply.text, '<option value="ru" selected>')
        lacks(reply.text, "Zane Liepa")
    equal(anna.post("/people", {**good, "language": "xx"}).status, 400)
    equal(anna.post("/people", {"do": "dance"}).status, 400)


@test
def a_removed_colleague_is_out_at_once_and_may_come_back():
    dace = Client(server, "dace@example.org")
    link = server.link("dace@example.org")
    equal(dace.get("/work").status, 200)
    page = anna.get("/people").text
    number = re.search(r'value="(remove:\d+)"', page)[1]
    equal(page.count('value="remove:'), 1, "Anna may remove whom she invited")
    equal(janis.post("/people", {"do": number}).status, 403)
    equal(zane.post("/people", {"do": number}).status, 404)
    equal(anna.post("/people", {"do": number}).status, 303)
    lacks(anna.get("/people").text, "dace@example.org")
    equal(dace.get("/work").status, 303, "the session is over")
    equal(dace.ask("POST", f"/r/{RESPONSE}/s/21006", "a:V00J=7", {
        "Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}).status, 401)
    equal(Client(server).get(link).status, 404, "the link is void")
    reply = janis.post("/people", {"do": "invite", "name": "Dace", "email": "dace@example.org", "language": "lv"})
    contains(janis.get(reply["Location"]).text, "Dace atkal ir kontaktpersona")
    equal(Client(server).get(link).status, 404, "the old link stays void")
    equal(Client(server, "dace@example.org").get("/work").status, 200)


@test
def the_responsible_contact_hands_over():
    page = janis.get("/people").text
    janis_id = re.search(r'id="person-(\d+)">Jānis', page)[1]
    anna_id = re.search(r'id="person-(\d+)">Anna', page)[1]
    equal(anna.post("/people", {"do": f"name:{janis_id}"}).status, 303)
    page = anna.get("/people").text
    lacks(page, 'value="name:', "only the responsible contact names the next")
    contains(page, "Atbildīgā kontaktpersona</span>")
    equal(anna.post("/people", {"do": f"name:{anna_id}"}).status, 403)
    equal(anna.post("/people", {"do": f"remove:{janis_id}"}).status, 403)
    contains(janis.get("/people").text, f'value="remove:{anna_id}"')
    equal(janis.post("/people", {"do": f"name:{anna_id}"}).status, 303)
    equal(janis.post("/people", {"do": "name:99999"}).status, 404)


@test
def the_command_line_lists_and_removes():
    anketa("person", "remove", "Dace@example.org", "--data", server.data)
    contains(anketa("person", "list", "--data", server.data), "dace@example.org\tcontact\tDace\t")
    contains(anketa("person", "list", "--data", server.data), "\tremoved")
    contains(anketa("person", "list", "--data", server.data, "--json"), '"removed":true')
    for words in (("person", "remove", "nobody@example.org"), ("link", "new", "dace@example.org"),
                  ("person", "add", "x@example.org", "--name", "X", "--role", "coordinator", "--responsible")):
        try:
            anketa(*words, "--data", server.data)
        except AssertionError as refused:
            contains(str(refused), ": 1: ", "the input is bad")
        else:
            raise AssertionError(f"{words} was accepted")


@test
def where_the_round_says_so_the_responsible_contact_submits():
    folder = tempfile.mkdtemp(prefix="anketa-round-")
    with open(os.path.join(folder, "round.yaml"), "w") as file:
        file.write("round: small\ntitle: {lv: Mazā, en: Small}\nopens: 2026-11-01\ndeadline: 2099-12-31\n"
                   "institutions: i.csv\nsubmit: responsible\nquestionnaires: [{file: q.yaml, by: contact}]\n")
    with open(os.path.join(folder, "i.csv"), "w") as file:
        file.write("nr,name,registration_number,abbreviation,kind,sector,segments,status,comment\n"
                   "1,Testa iestāde,90000000099,TI,institution,,,,\n")
    with open(os.path.join(folder, "q.yaml"), "w") as file:
        file.write("questionnaire: q\nversion: '1'\nlanguages: [lv]\ntitle: {lv: Anketa}\nsections:\n  - id: s\n"
                   "    title: {lv: Sadaļa}\n    questions:\n      - {id: A, type: integer, text: {lv: Cik?}}\n")
    anketa("round", "load", folder, "--data", server.data)
    shutil.rmtree(folder)
    for email, name, options in (("eva@example.org", "Eva Ese", ["--responsible"]), ("uga@example.org", "Uga Ūdre", [])):
        anketa("person", "add", email, "--data", server.data, "--name", name, "--role", "contact", "--institution", "TI",
               *options)
    eva, uga = Client(server, "eva@example.org"), Client(server, "uga@example.org")
    base = re.search(r"/r/\d+(?=/s/)", uga.get("/work").text)[0]
    equal(uga.post(f"{base}/s/s", [("v:A", "0"), ("a:A", "5")]).status, 303)
    change(uga, f"{base}/h/A", do="raise")
    page = uga.get(f"{base}/check").text
    contains(page, "Anketu iesniedz Eva Ese")
    contains(page, "Atzīmēts pārbaudei")
    lacks(page, "/submit", "no button")
    revision = re.search(r'name="revision" value="(\d+)"', eva.get(f"{base}/check").text)[1]
    refused = uga.post(f"{base}/submit", {"revision": revision})
    equal(refused.status, 403)
    contains(refused.text, "Anketu iesniedz Eva Ese")
    contains(eva.get(f"{base}/check").text, "Atzīmēts pārbaudei", "the flag does not stand in the way")
    uga.get(f"{base}/h/A")
    equal(uga.post(f"{base}/h/A", {"do": "note", "note": "Par A"}).status, 303)
    equal(eva.post(f"{base}/submit", {"revision": revision})["Location"], f"{base}/receipt")
    page = uga.get(f"{base}/h/A")
    equal(page.status, 200)
    contains(page.text, "Par A", "notes stay readable")
    lacks(page.text, 'name="do"', "and nothing can be changed")
    late = uga.post(f"{base}/h/A", {"do": "note", "note": "Par vēlu <3"})
    equal(late.status, 409)
    contains(late.text, "Par vēlu &lt;3", "what was typed is shown")
    equal(uga.post(f"{base}/h/A", {"do": "raise"}).status, 409)
    lacks(uga.get(f"{base}/s/s").text, 'class="talk-notes" href="' + base + '/h/A#notes" hidden', "has a note")
    contains(uga.get(f"{base}/s/s").text, "1 piezīme<")


code = run_tests()
server.remove()
sys.exit(code)
