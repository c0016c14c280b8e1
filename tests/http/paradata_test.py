#!/usr/bin/python3
"""Time spent, the last place and the coordinator's page of an institution, over HTTP."""
import csv
import io
import json
import os
import re
import signal
import sqlite3
import sys
import time
import zipfile

from harness import Client, Server, anketa, contains, equal, run_tests, test

JSON = {"Accept": "application/json"}
server = Server()
anna, janis, zane = (Client(server, f"{n}@example.org") for n in ("anna", "janis", "zane"))
ilze, martins = (Client(server, f"{n}@example.org") for n in ("ilze", "martins"))
ours, service = (re.search(rf"/r/(\d+)/s/{section}", anna.get("/work").text)[1] for section in ("21006", "services"))
theirs = re.search(r"/r/(\d+)/s/21006", zane.get("/work").text)[1]


def ask(sql, *parameters):
    db = sqlite3.connect(os.path.join(server.data, "anketa.db"))
    rows = db.execute(sql, parameters).fetchall()
    db.commit()
    db.close()
    return rows


def restart(how=signal.SIGTERM):
    server.stop(how)
    server.start()


def save(client, fields, response=None, section="21006", headers=JSON):
    return client.post(f"/r/{response or ours}/s/{section}", fields, headers=headers)


def version(question):
    row = ask("SELECT version FROM answer WHERE response_id = ? AND question = ?", ours, question)
    return row[0][0] if row else 0


def lands(email, **fields):
    """Where signing in with a new link leads."""
    client = Client(server)
    link = server.link(email)
    client.get(link)
    return client.post(link, fields)["Location"]


def institution_of(name):
    return ask("SELECT id FROM institution WHERE abbreviation = ?", name)[0][0]


@test
def the_first_sign_in_leads_to_the_start():
    for email in ("anna@example.org", "ilze@example.org", "martins@example.org"):
        equal(lands(email), "/", email)


@test
def time_between_requests_counts_without_a_script():
    began = time.monotonic()
    anna.get(f"/r/{ours}/s/21006")
    time.sleep(1.2)
    anna.get(f"/r/{ours}/s/21001")
    equal(ask("SELECT count(*) FROM sitting"), [(0,)], "looking costs no write")
    passed = (time.monotonic() - began) * 1000
    restart()
    (response, section, device, active, total), = ask(
        "SELECT s.response_id, s.section, s.device, s.active_ms, r.active_ms"
        " FROM sitting s JOIN response r ON r.id = s.response_id")
    equal((response, section, device), (int(ours), "21006", 0), "row")
    equal(1200 <= active <= passed, True, f"{active} of {passed} ms")
    equal(total, active, "kept with the response")


@test
def looking_writes_nothing():
    anna.get(f"/r/{ours}/s/21006")
    wal = os.path.join(server.data, "anketa.db-wal")
    before = (os.path.getsize(wal), os.path.getmtime(wal))
    for section in ("21006", "21001", "21002") * 10:
        anna.get(f"/r/{ours}/s/{section}")
    equal((os.path.getsize(wal), os.path.getmtime(wal)), before, "the log of the database")


@test
def only_who_fills_an_open_response_spends_time():
    restart()
    ask("DELETE FROM sitting")
    for client, response in ((ilze, ours), (martins, ours), (zane, ours), (anna, theirs)):
        for section in ("21006", "21001", "nothing"):
            client.get(f"/r/{response}/s/{section}")
    ask("UPDATE response SET status = 2 WHERE id = ?", theirs)
    zane.get(f"/r/{theirs}/s/21006")
    zane.get(f"/r/{theirs}/s/21001")
    time.sleep(0.1)
    restart()
    ask("UPDATE response SET status = 0 WHERE id = ?", theirs)
    equal(ask("SELECT * FROM sitting"), [], "nobody's time")
    equal(ask("SELECT * FROM place WHERE person_id <> (SELECT id FROM person WHERE email = 'anna@example.org')"), [], "nor place")


@test
def a_save_keeps_the_place_at_once():
    save(anna, {"v:V00J": version("V00J"), "a:V00J": 12})
    equal(ask("SELECT response_id, section, question_key FROM place"), [(int(ours), "21006", "V00J")])
    equal(lands("anna@example.org"), f"/r/{ours}/s/21006?resumed=1#q-V00J")
    page = anna.get(f"/r/{ours}/s/21006?resumed=1")
    contains(page.text, "Turpiniet, kur beidzāt.")
    equal("Turpiniet, kur" in anna.get(f"/r/{ours}/s/21006").text, False, "said only then")
    equal("Turpiniet, kur" in ilze.get(f"/r/{ours}/s/21006?resumed=1").text, False, "not to who reads")
    equal(lands("janis@example.org"), "/", "a colleague has a place of their own")


@test
def a_form_without_a_script_keeps_the_field_that_changed():
    fields = [("v:V00J", version("V00J")), ("a:V00J", 12), ("v:V01", version("V01")), ("a:V01", "3"),
              ("v:F12", version("F12")), ("do", "save")]
    equal(save(anna, fields, headers={}).status, 303, "saved")
    equal(lands("anna@example.org"), f"/r/{ours}/s/21006?resumed=1#q-V01", "the changed one, not the last")
    equal(save(anna, [("v:V01", version("V01")), ("a:V01", "3"), ("do", "save")], headers={}).status, 303, "nothing new")
    equal(lands("anna@example.org"), f"/r/{ours}/s/21006?resumed=1#q-V01", "it stays")


@test
def the_place_outlives_a_killed_server():
    save(anna, {"v:V00J": version("V00J"), "a:V00J": 14})
    anna.get(f"/r/{ours}/s/21006")
    restart(signal.SIGKILL)
    equal(lands("anna@example.org"), f"/r/{ours}/s/21006?resumed=1#q-V00J")
    contains(anna.get(f"/r/{ours}/s/21006").text, 'value="14"', "and the answer")


@test
def another_wish_comes_first():
    equal(lands("anna@example.org", next="/work"), "/work")
    equal(lands("anna@example.org", next=f"/r/{ours}/check"), f"/r/{ours}/check")
    equal(lands("anna@example.org", next="https://evil.example"), "/", "not elsewhere")


@test
def a_row_comes_back_open():
    page = anna.post(f"/r/{service}/s/services", [("add:services", "Viens"), ("do", "add:services")])
    row = re.search(r"row=([^#]+)#", page["Location"])[1]
    save(anna, {f"v:P52:{row}": 0, f"a:P52:{row}": "1"}, service, "services")
    equal(lands("anna@example.org"), f"/r/{service}/s/services?resumed=1&row={row}#q-P52:{row}")


@test
def a_submitted_response_leads_to_the_workplace():
    ask("UPDATE response SET status = 2 WHERE id = ?", service)
    equal(lands("anna@example.org"), "/")
    ask("UPDATE response SET status = 1 WHERE id = ?", service)
    contains(lands("anna@example.org"), f"/r/{service}/")


@test
def a_place_that_is_none_leads_to_the_workplace():
    before = ask("SELECT * FROM place")
    for section in ("nothing", "%00", "a" * 3000, "<b>", "'--", "..%2F21006", "21006%0d%0aX:1"):
        save(anna, {"v:V00J": version("V00J"), "a:V00J": 14}, section=section)
    equal(ask("SELECT * FROM place"), before, "nothing was kept")
    restart(signal.SIGKILL) # what is stored, not what the server knows
    for section, key in (("nothing", ""), ("21006'--", "V00J"), ("", "")):
        ask("UPDATE place SET response_id = ?, section = ?, question_key = ?", ours, section, key)
        equal(lands("anna@example.org"), "/", section)
    for key in ("NO", "V00J:r1", "::", "\n", "V00J#x"):
        ask("UPDATE place SET section = '21006', question_key = ?", key)
        equal(lands("anna@example.org"), f"/r/{ours}/s/21006?resumed=1", repr(key))
    ask("UPDATE place SET response_id = ?", theirs)
    equal(lands("anna@example.org"), "/", "another institution's")


@test
def an_institution_is_the_coordinators_to_see():
    varam = institution_of("VARAM")
    page = ilze.get(f"/field/i/{varam}")
    equal(page.status, 200)
    for part in ("Vides aizsardzības un reģionālās attīstības ministrija", "90000028508", "Anna Bērziņa",
                 "janis@example.org", f'href="/r/{ours}"', f'href="/r/{service}"', "pievienoja koordinators"):
        contains(page.text, part)
    equal("Zane" in page.text, False, "nobody else's people")
    equal(ilze.get(f"/field/i/{varam}?round=e-index-2017").status, 200, "by its round")
    for path in (f"/field/i/{varam}?round=no", "/field/i/999999", "/field/i/0", "/field/i/-1", "/field/i/1x", "/field/i/x",
                 "/field/i/99999999999999999999", "/field/i/%27", "/field/i/"):
        equal(ilze.get(path).status, 404, path)
    for client in (anna, zane, martins):
        equal(client.get(f"/field/i/{varam}").status, 404, "not theirs")
        equal("Anna" in client.get(f"/field/i/{varam}").text and client is not anna, False, "nothing is told")
    equal(Client(server).get(f"/field/i/{varam}")["Location"], f"/?next=/field/i/{varam}")


@test
def the_page_says_who_invited_whom_and_who_has_left():
    varam = institution_of("VARAM")
    anketa("person", "add", "new@example.org", "--data", server.data, "--name", "<b>Jauns</b> & Co", "--role", "contact",
           "--institution", "VARAM", "--phone", "+371 1")
    ask("UPDATE person SET invited_by = (SELECT id FROM person WHERE email = 'anna@example.org')"
        " WHERE email = 'new@example.org'")
    ask("UPDATE person SET removed_ms = created_ms WHERE email = 'janis@example.org'")
    ask("UPDATE round_institution SET responsible = (SELECT id FROM person WHERE email = 'anna@example.org')"
        " WHERE institution = ?", varam)
    page = ilze.get(f"/field/i/{varam}").text
    contains(page, "&lt;b&gt;Jauns&lt;/b&gt; &amp; Co")
    contains(page, "uzaicināja Anna Bērziņa")
    rows = re.findall(r"<li( class=\"gone\")?><div><b>(.*?)</b>", page)
    people = [(bool(gone), name) for gone, name in rows]
    equal([p for p in people if p[0]], [(True, "Jānis Kalniņš")], "who has left")
    equal(people[-1] if people[-1][0] else people[:3][-1], (True, "Jānis Kalniņš"), "stands last")
    equal(re.findall(r"<b>([\w ]+)</b> <span class=\"tag tag-started\">Atbildīgā persona", page), ["Anna Bērziņa"], "who answers for it")
    ask("UPDATE person SET removed_ms = 0, invited_by = NULL")


@test
def time_stands_by_section_and_on_average():
    varam, fm = institution_of("VARAM"), institution_of("FM")
    equal("Vidēji aizpildei" in zane.get("/work").text, False, "not for contacts")
    person, = ask("SELECT id FROM person WHERE email = 'anna@example.org'")[0]
    ask("DELETE FROM sitting")
    for response, started, section, minutes in ((ours, 1, "21006", 100), (ours, 1, "21001", 45), (ours, 9, "21006", 10),
                                                (ours, 9, "gone", 1), (theirs, 1, "21006", 60)):
        ask("INSERT INTO sitting VALUES (?, ?, ?, ?, 1, ?, ?)", response, person, started, section, minutes * 60000, started)
    ask("UPDATE response SET active_ms = (SELECT coalesce(sum(active_ms), 0) FROM sitting WHERE response_id = response.id)")
    ours_page = ilze.get(f"/field/i/{varam}").text.replace("\u00a0", " ")
    for part in ("2 h 36 min", "1 h 50 min", "45 min", "2 (1 persona), vidēji 1 h 18 min",
                 "vidēji 1 h 48 min, mediāna 1 h 48 min (n = 2)"):
        contains(ours_page, part)
    contains(ilze.get(f"/field/i/{fm}").text.replace("\u00a0", " "), "1 h</dd>")
    listed = ilze.get("/field/list").text.replace("\u00a0", " ")
    contains(listed, "Vidēji aizpildei veltīts: 1 h 48 min (mediāna 1 h 48 min), n = 2")
    found = ilze.get("/field/list?find=VARAM").text
    contains(found, f'href="/field/i/{varam}?round=e-index-2017"')
    contains(found, f'href="/r/{ours}"', "the answers are a step away")
    equal("Vidēji aizpildei" in ilze.get("/field/list?q=expert").text, False, "nothing is said where there is nothing")
    for language, words in (("en", "Time spent filling in, on average: 1 h 48 min"), ("ru", "ушло: 1 ч 48 мин")):
        ilze.post("/language", {"language": language, "return": "/field"})
        contains(ilze.get("/field/list").text.replace("\u00a0", " "), words, language)
        equal(ilze.get(f"/field/i/{varam}").status, 200, language)
    ilze.post("/language", {"language": "lv", "return": "/field"})


@test
def time_spent_is_downloaded_without_names():
    page = martins.get("/data").text
    for name in ("self-assessment", "services", "expert", "automatic"):
        contains(page, f'value="e-index-2017/{name}/-time/csv"')
        contains(page, f'value="e-index-2017/{name}/-time/xlsx"')
    reply = martins.get("/data/export?set=e-index-2017/self-assessment/-time/csv&language=lv")
    contains(reply["Content-Disposition"], 'filename="e-index-2017-self-assessment-time-codes-lv.csv"')
    rows = list(csv.DictReader(io.StringIO(reply.text)))
    equal([(r["person"], r["section"], r["sitting"], r["device"], r["active_seconds"]) for r in rows],
          [("1", "21006", "1", "computer", "3600"), ("1", "21001", "1", "computer", "2700"), ("1", "21006", "1", "computer", "6000"),
           ("1", "21006", "2", "computer", "600"), ("1", "gone", "2", "computer", "60")])
    equal("Anna" in reply.text or "example.org" in reply.text, False, "nobody is named")
    book = zipfile.ZipFile(io.BytesIO(martins.get("/data/export?set=e-index-2017/self-assessment/-time/xlsx&labels=1").body))
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    contains(sheet, "active_seconds")
    contains(sheet, "dators", "in words")
    equal("Anna" in sheet, False, "nobody is named")
    equal(ask("SELECT count(*) FROM event WHERE kind = 'export' AND subject LIKE '%/-time/%'"), [(2,)], "it is noted")
    for client in (anna, Client(server)):
        equal(client.get("/data/export?set=e-index-2017/self-assessment/-time/csv").status in (303, 404), True, "not for them")
    for wrong in ("e-index-2017/no/-time/csv", "no/self-assessment/-time/csv", "e-index-2017/self-assessment/-time/ods",
                  "e-index-2017/self-assessment/-other/csv", "e-index-2017/self-assessment/-time"):
        equal(martins.get(f"/data/export?set={wrong}").status, 404, wrong)


@test
def the_privacy_page_says_it():
    for language, part in (("lv", "Ilgāki pārtraukumi netiek skaitīti"), ("en", "Longer breaks are not counted"),
                           ("ru", "Длительные перерывы не считаются")):
        visitor = Client(server)
        contains(visitor.get("/privacy", Accept_Language=language).text, part, language)


if __name__ == "__main__":
    code = run_tests()
    server.remove()
    sys.exit(code)
