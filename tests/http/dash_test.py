#!/usr/bin/python3
"""The coordinator's desk: dashboard, list, saved views, the list as a workbook, an institution's timeline."""
import io
import json
import os
import re
import sqlite3
import sys
import time
import urllib.parse
import zipfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import Client, Server, anketa, contains, equal, run_tests, test

server = Server()
ilze, anna, martins = (Client(server, who) for who in ("ilze@example.org", "anna@example.org", "martins@example.org"))


def store(sql, *values):
    """A change of the test's own; loading the round again brings what follows from it up to date."""
    with sqlite3.connect(f"{server.data}/anketa.db", timeout=30) as db:
        db.execute(sql, values)
    db.close()
    anketa("round", "load", "questionnaires/e-index-2017", "--data", server.data, "--opens", "2026-11-01",
           "--deadline", "2099-12-06")


def number(sql, *values):
    db = sqlite3.connect(f"{server.data}/anketa.db", timeout=30)
    found = db.execute(sql, values).fetchone()[0]
    db.close()
    return found


def names(page):
    return re.findall(r'<th scope="row"><a href="/field/i/\d+[^"]*">([^<]+)</a>', page)


@test
def the_dashboard_is_a_coordinators():
    page = ilze.get("/field")
    equal(page.status, 200)
    contains(page.text, "Kārtas pārskats")
    contains(page.text, "<svg viewBox")
    contains(page.text, 'href="/field/list?q=self-assessment&amp;status=opened"')
    contains(page.text, "Aizsardzības ministrija", "sectors")
    for client in (anna, martins):
        for path in ("/field", "/field/list", "/field/xlsx"):
            equal(client.get(path).status, 404, path)
    equal(anna.post("/field/views", {"name": "x", "filter": ""}).status, 404)
    for query in ("?q=none", "?round=none", "?q=services", "?q=expert", "?round=%27&q=%22"):
        equal(ilze.get("/field" + query).status, 200, query)


@test
def what_waits_leads_on():
    contains(ilze.get("/field").text, "Nekas negaida lēmumu.")
    varam = number("SELECT id FROM institution WHERE abbreviation = 'VARAM'")
    store("INSERT INTO nomination (round, institution, name, email, phone, position_title, language, responsible, nominated_by,"
          " created_ms, decision, decided_ms, reason) VALUES ('e-index-2017', ?, 'A', 'a@b.lv', '', '', 'lv', 0, 'x', 1, 0, 0, '')", varam)
    response = number("SELECT id FROM response WHERE institution = ? AND questionnaire = 'self-assessment'", varam)
    store("INSERT INTO query (response_id, question, row_id, version, origin, reason, text, state, created_ms, changed_ms,"
          " closed_ms) VALUES (?, 'V01', '', 0, 0, '', '?', 2, 1, 1, 0)", response)
    for number_, state in ((1, 0), (2, 5)):
        store("INSERT INTO message (person_id, address, kind, reason, language, reply_to, subject, body, state, attempts,"
              " created_ms, due_ms, sent_ms, fault, round, institution, bounced_ms) SELECT id, email, 'invitation', ?, 'lv', '',"
              " 'Aicinājums', '', 2, 1, ?, 0, 1, '', 'e-index-2017', institution, ? FROM person WHERE email = 'anna@example.org'",
              f"t{number_}", int(time.time() * 1000), state)
    page = ilze.get("/field").text
    contains(page, '<a href="/frame/nominations">Jāizskata 1 pieteiktā kontaktpersona</a>')
    contains(page, '<a href="/queries">Saņemta atbilde uz 1 precizējošu jautājumu</a>')
    contains(page, '<a href="/mailings/outbox">E-pasts nav sasniedzis 1 personu</a>')
    store("UPDATE message SET bounced_ms = 0")
    equal("nav sasniedzis" in ilze.get("/field").text, False, "it did in the end")


@test
def whom_to_call_is_first():
    varam = number("SELECT id FROM institution WHERE abbreviation = 'VARAM'")
    store("UPDATE person SET phone = '+371 6 7026 533' WHERE email = 'janis@example.org'")
    store("UPDATE round_institution SET opened_ms = ? WHERE institution = ?", int((time.time() - 4 * 86400) * 1000), varam)
    page = ilze.get("/field").text
    contains(page, '<li class="call call-opened">')
    contains(page, '<a class="call-phone" href="tel:+37167026533">+371 6 7026 533</a><span>Jānis Kalniņš</span>')
    store("UPDATE round_institution SET deadline_ms = 1000, deadline = '1970-01-01' WHERE institution = ?", varam)
    page = ilze.get("/field").text
    contains(page, '<li class="call call-overdue">')
    contains(page, "Termiņu kavē 1 iestāde")
    link = re.search(r'class="board-late" href="([^"]+)"', page)[1].replace("&amp;", "&")
    listed = ilze.get(link).text
    equal(len(names(listed)), 1, "the link leads to them")
    contains(listed, '<span class="late-word">kavē</span>')
    store("UPDATE round_institution SET deadline_ms = 0, deadline = '' WHERE institution = ?", varam)


@test
def the_list_is_sorted_narrowed_and_paged():
    first = ilze.get("/field/list").text
    equal(names(first)[:2], ["Aizsardzības ministrija", "Ārlietu ministrija"])
    equal(len(names(first)), 50)
    contains(first, "104 iestādes")
    contains(first, 'aria-sort="ascending"><a href="/field/list?sort=-name"')
    last = ilze.get("/field/list?sort=-name").text
    equal(names(last)[0], "Zemkopības ministrija")
    contains(last, 'aria-sort="descending"')
    link = re.search(r'href="([^"]+)" rel="next"', first)[1].replace("&amp;", "&")
    second = ilze.get(link).text
    equal(set(names(first)) & set(names(second)), set(), "pages do not overlap")
    equal(len(names(ilze.get("/field/list?from=100").text)), 4)
    equal(ilze.get("/field/list?from=5000")["Location"], "/field/list?", "a list that was longer")
    narrowed = ilze.get("/field/list?sector=Kult%C5%ABras+ministrija&kind=institution").text
    equal("Kultūras ministrija" in names(narrowed), False)
    contains(narrowed, '<option value="Kultūras ministrija" selected>')
    contains(ilze.get("/field/list?sector=nothing").text, '<option value="nothing" selected>', "what is chosen is said")
    equal(len(names(ilze.get("/field/list?status=opened").text)), 1)
    for query in ("status=x", "sort=x", "from=-1", "from=x", "round=x", "q=x", "limit=1000000", "overdue=x"):
        equal(ilze.get("/field/list?" + query).status, 200, query)
    contains(ilze.get("/field/list?round=x").text, "Neviena iestāde neatbilst")
    equal(ilze.get("/field/list?find=%FF").status, 400)
    contains(ilze.get("/field/list?find=%3Cb%3E").text, 'value="&lt;b&gt;"')
    for language, word in (("en", "Progress of the questionnaires"), ("ru", "Ход заполнения анкет"), ("lv", "Anketu aizpildīšanas gaita")):
        ilze.post("/language", {"language": language, "return": "/field"})
        contains(ilze.get("/field").text, word)
        equal(ilze.get("/field/list?find=vide").status, 200)


@test
def who_is_chosen_is_written_to():
    page = ilze.get("/field/list?status=opened").text
    contains(page, '<form method="get" action="/mailings/new">')
    contains(page, '<input type="hidden" name="round" value="e-index-2017">')
    contains(page, 'href="/mailings/new?status=opened"')
    varam = number("SELECT id FROM institution WHERE abbreviation = 'VARAM'")
    contains(page, f'name="institution" value="{varam}"')


@test
def a_view_is_saved_used_and_removed():
    equal("Saglabāt skatu" in ilze.get("/field/list").text, False, "all institutions are no view")
    page = ilze.post("/field/views", {"name": "Mani atvērtie", "filter": "status=opened&sort=-changed"})
    equal((page.status, page["Location"]), (303, "/field/list?status=opened&sort=-changed"))
    listed = ilze.get("/field/list?sort=-changed&status=opened").text
    contains(listed, '<li class="current"><a href="/field/list?status=opened&amp;sort=-changed" aria-current="true">Mani atvērtie</a>')
    equal(ilze.post("/field/views", {"name": "Mani atvērtie", "filter": "status=opened&sort=-changed"}).status, 303, "pressed twice")
    other = ilze.post("/field/views", {"name": "Mani atvērtie", "filter": "status=open"})
    equal(other.status, 400)
    contains(other.text, "Skats ar šādu nosaukumu jau ir.")
    contains(other.text, 'value="Mani atvērtie" maxlength="200" aria-invalid="true"', "what was typed is there")
    equal(ilze.post("/field/views", {"name": " ", "filter": "status=open"}).status, 400)
    equal(ilze.post("/field/views", {"name": "ļ" * 61, "filter": "status=open"}).status, 400)
    equal(ilze.post("/field/views", {"name": "<b>", "filter": "status=open&x=1"})["Location"], "/field/list?status=open")
    contains(ilze.get("/field/list").text, "&lt;b&gt;</a>")
    ids = re.findall(r'action="/field/views/(\d+)/remove"', ilze.get("/field/list").text)
    equal(len(ids), 2)
    for id_ in ids + ids[:1]:
        equal(ilze.post(f"/field/views/{id_}/remove", {"filter": "status=open"})["Location"], "/field/list?status=open", "also twice")
    equal("/remove" in ilze.get("/field/list").text, False)
    equal(ilze.post("/field/views/1x/remove", {"filter": ""}).status, 303)


@test
def the_list_is_taken_out():
    reply = ilze.get("/field/list?status=opened")
    link = re.search(r'href="(/field/xlsx[^"]*)"', reply.text)[1].replace("&amp;", "&")
    equal(link, "/field/xlsx?status=opened")
    book = ilze.get(link)
    equal(book.status, 200)
    contains(book["Content-Disposition"], "e-index-2017-")
    with zipfile.ZipFile(io.BytesIO(book.body)) as file:
        sheet = file.read("xl/worksheets/sheet1.xml").decode()
        shared = file.read("xl/sharedStrings.xml").decode() if "xl/sharedStrings.xml" in file.namelist() else ""
    text = sheet + shared
    equal(len(re.findall(r"<row ", sheet)), 2, "a head and a row")
    for part in ("VARAM", "Atvērta", "Anna Bērziņa, anna@example.org", "Jānis Kalniņš, janis@example.org, +371 6 7026 533"):
        contains(text, part)
    everything = ilze.get("/field/xlsx")
    with zipfile.ZipFile(io.BytesIO(everything.body)) as file:
        equal(len(re.findall(r"<row ", file.read("xl/worksheets/sheet1.xml").decode())), 105)
    equal(number("SELECT count(*) FROM event WHERE kind = 'field-list' AND subject = 'round e-index-2017'"), 2, "it is noted")


@test
def an_institution_tells_what_happened():
    varam = number("SELECT id FROM institution WHERE abbreviation = 'VARAM'")
    person = number("SELECT id FROM person WHERE email = 'ilze@example.org'")
    store("INSERT INTO contact_log (round, institution, kind, incoming, with_whom, text, happened_ms, person_id, created_ms,"
          " removed_ms) VALUES ('e-index-2017', ?, 0, 1, 'Jānis', 'Lūdz <vēl> nedēļu', ?, ?, 0, 0)",
          varam, int(time.time() * 1000) - 1000, person)
    page = ilze.get(f"/field/i/{varam}").text
    contains(page, 'href="tel:+37167026533"', "whom to call")
    contains(page, "Ienākošs zvans: Jānis")
    contains(page, "Lūdz &lt;vēl&gt; nedēļu")
    contains(page, "Anna Bērziņa: ieeja")
    contains(page, "E-pasts „Aicinājums”, anna@example.org: nosūtīts")
    contains(page, "pievienota vai mainīta persona anna@example.org")
    calls = ilze.get(f"/field/i/{varam}?show=calls").text
    contains(calls, "Ienākošs zvans")
    equal("Anna Bērziņa: ieeja" in calls, False)
    older = ilze.get(f"/field/i/{varam}?before=100").text
    contains(older, "Šādu notikumu vēl nav.")
    for query in ("show=x", "before=x", "before=-1", "before=99999999999999"):
        equal(ilze.get(f"/field/i/{varam}?{query}").status, 200, query)
    for language in ("en", "ru", "lv"):
        ilze.post("/language", {"language": language, "return": "/field"})
        equal(ilze.get(f"/field/i/{varam}").status, 200, language)


code = 1
try:
    code = run_tests()
finally:
    server.remove()
sys.exit(code)
