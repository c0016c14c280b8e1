#!/usr/bin/python3
"""Deadlines, reopening, comparing, calls, entering on behalf, closing: what pages do and refuse."""
import csv
import io
import os
import re
import sys
import zipfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import ANKETA, PEOPLE, ROOT, Client, Server, anketa, contains, equal, run_tests, test

import subprocess
import tempfile

FORM = """questionnaire: q
version: '1'
languages: [lv, en, ru]
title: {lv: Pašvērtējums, en: Self-assessment, ru: Самооценка}
sections:
  - id: s1
    title: {lv: Pirmā, en: First, ru: Первый}
    questions:
      - {id: A1, type: integer, text: {lv: Cik?, en: How many?, ru: Сколько?}}
      - {id: T2, type: text, required: false, text: {lv: Piezīme, en: Note, ru: Заметка}}
      - roster:
          id: services
          text: {lv: Pakalpojumi, en: Services, ru: Услуги}
          label: {lv: Pakalpojums, en: Service, ru: Услуга}
          questions:
            - {id: P1, type: integer, required: false, text: {lv: Skaits, en: Count, ru: Число}}
"""
ROUND = """round: r1
title: {lv: Kārta, en: Round, ru: Раунд}
opens: 2020-01-01
deadline: 2099-12-06
institutions: institutions.csv
help: {phone: '+371 1', email: help@example.org}
questionnaires:
  - {file: q.yaml, by: contact}
"""
INSTITUTIONS = """nr,name,registration_number,abbreviation,kind,sector,segments,status,comment
1,Valsts kase,90000000001,VK,institution,Finanses,,,
2,Ārlietu ministrija,90000000002,ĀM,ministry,Ārlietas,,,
3,=Parks,,ČP,institution,Zaļums,,,
"""
STAFF = (("anna@example.org", "Anna", "contact", "VK"), ("berta@example.org", "Berta", "contact", "VK"),
         ("cita@example.org", "Cita", "contact", "ĀM"), ("ilze@example.org", "Ilze", "coordinator", None),
         ("otra@example.org", "Otra", "coordinator", None), ("admin@example.org", "Ādams", "administrator", None),
         ("petnieks@example.org", "Pētnieks", "researcher", None))


class Desk(Server):
    """A small round of its own, whose last day is far enough not to matter."""

    def __init__(self):
        self.data = tempfile.mkdtemp(prefix="anketa-steer-")
        self.options, self.env, self.log, self.port = ("--staff-links",), {}, [], 0
        folder = os.path.join(self.data, "round")
        os.mkdir(folder)
        for name, text in (("round.yaml", ROUND), ("q.yaml", FORM), ("institutions.csv", INSTITUTIONS)):
            with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                file.write(text)
        from datetime import date, timedelta
        self.today = date.today()
        self.last_day = self.today + timedelta(days=20)
        anketa("round", "load", folder, "--data", self.data, "--deadline", self.last_day.isoformat())
        for email, name, role, institution in STAFF:
            anketa("person", "add", email, "--data", self.data, "--name", name, "--role", role,
                   *(("--institution", institution) if institution else ()))
        self.start()

    def day(self, after):
        from datetime import timedelta
        return (self.last_day + timedelta(days=after)).strftime("%d.%m.%Y")

    def mail(self):
        return anketa("mail", "list", "--data", self.data)


def institution_of(client, name):
    page = client.get("/field/list").text
    return re.search(r'/field/i/(\d+)[^"]*"[^>]*>' + re.escape(name), page)[1]


def response_of(client):
    return re.search(r"/r/(\d+)/", client.get("/work").text)[1]


def save(client, response, key, seen, value):
    client.get(f"/r/{response}/s/s1")
    return client.post(f"/r/{response}/s/s1", [(f"v:{key}", seen), (f"a:{key}", value), ("do", "save")],
                       headers={"Accept": "application/json"})


def submit(client, response):
    page = client.get(f"/r/{response}/check").text
    reply = client.post(f"/r/{response}/submit", {"revision": re.search(r'name="revision" value="(\d+)"', page)[1]})
    equal(reply["Location"], f"/r/{response}/receipt", "after submitting")
    return client.get(f"/r/{response}/receipt").text


def seen(page):
    return re.search(r'name="seen" value="(\d+)"', page)[1]


@test
def a_last_day_is_moved_and_two_coordinators_do_not_overwrite_each_other():
    desk = Desk()
    ilze, otra, anna = (Client(desk, f"{name}@example.org") for name in ("ilze", "otra", "anna"))
    number = institution_of(ilze, "Valsts kase")
    address = f"/field/i/{number}/deadline?round=r1"
    first, second = ilze.get(address).text, otra.get(address).text
    for date, reason, word in (("", "x", "Ierakstiet datumu"), ("1.1.2001", "x", "jau ir pagājusi"),
                               (desk.day(900), "x", "vairāk kā gadu"), (desk.day(-1), "x", "vēlākam par kārtas"),
                               (desk.day(7), " ", "Ierakstiet pamatojumu")):
        reply = ilze.post(address, {"date": date, "reason": reason, "seen": "0", "do": "move"})
        equal(reply.status, 400, date)
        contains(reply.text, word)
        contains(reply.text, f'name="date" value="{date}"', "what was typed")
    equal(ilze.post(address, {"date": desk.day(7), "reason": "Slimība <b>", "shown": "1", "seen": seen(first), "do": "move"}).status, 303, "moved")
    late = otra.post(address, {"date": desk.day(9), "reason": "Cits iemesls", "seen": seen(second), "do": "move"})
    equal(late.status, 409, "the second")
    for part in ("Ilze", desk.day(7), "Slimība &lt;b&gt;", "Cits iemesls", f'value="{desk.day(9)}"', 'name="seen" value="1"'):
        contains(late.text, part, "what the second is shown")
    contains(anna.get("/work").text, "termiņš ir pagarināts. Pamatojums: Slimība &lt;b&gt;")
    equal(desk.mail().count("extension"), 2, "mails")
    equal(otra.post(address, {"date": desk.day(9), "reason": "Cits iemesls", "seen": "1", "do": "move"}).status, 303, "again")
    equal(ilze.post(address, {"seen": "2", "do": "back"}).status, 303, "taken back")
    page = ilze.get(address).text
    contains(page, "Pagarinājums atsaukts")
    contains(page, "Slimība")
    equal("termiņš ir pagarināts" in anna.get("/work").text, False, "the workplace")
    whole = "/field/round/deadline?round=r1"
    ilze.get(whole)
    equal(ilze.post(whole, {"date": desk.day(3), "reason": "Visiem", "seen": "0", "do": "move"}).status, 303, "the round")
    contains(ilze.get(whole).text, "Visiem")
    for who in ("anna", "petnieks"):
        other = Client(desk, f"{who}@example.org")
        other.get("/account")
        for path in (address, whole, f"/field/i/{number}/log", "/field/calls", "/field/round", f"/field/i/{number}/authority"):
            equal(other.get(path).status, 404, f"{who} {path}")
        equal(other.post(address, {"date": desk.day(8), "reason": "x", "seen": "3"}).status, 404, who)
    equal(ilze.get("/field/i/999/deadline").status, 404, "no institution")
    equal(ilze.get(f"/field/i/{number}/deadline?round=nope").status, 404, "no round")
    desk.remove()


@test
def what_was_submitted_is_reopened_compared_and_submitted_again():
    desk = Desk()
    ilze, anna = Client(desk, "ilze@example.org"), Client(desk, "anna@example.org")
    response = response_of(anna)
    equal(save(anna, response, "A1", 0, "5").status, 200, "saved")
    ilze.get(f"/r/{response}/reopen")
    equal(ilze.post(f"/r/{response}/reopen", {"reason": "x", "seen": "0"}).status, 409, "not submitted yet")
    first = submit(anna, response)
    code = re.search(r'class="code">([^<]+)', first)[1]
    page = ilze.get(f"/r/{response}/reopen").text
    blank = ilze.post(f"/r/{response}/reopen", {"reason": " ", "seen": seen(page)})
    equal(blank.status, 400, "no reason")
    contains(blank.text, "Ierakstiet pamatojumu")
    equal(ilze.post(f"/r/{response}/reopen", {"reason": "Skaits šķiet par mazu", "seen": seen(page)}).status, 303, "reopened")
    again = ilze.post(f"/r/{response}/reopen", {"reason": "Mans iemesls", "seen": seen(page)})
    equal(again.status, 409, "a second press")
    contains(again.text, "Mans iemesls", "what was typed")
    for path in ("/work", f"/r/{response}/s/s1", f"/r/{response}/check"):
        contains(anna.get(path).text, "Skaits šķiet par mazu", path)
    equal(desk.mail().count("reopened"), 2, "mails")
    equal(anna.get(f"/r/{response}/receipt")["Location"], f"/r/{response}/check", "no receipt stands")
    contains(anna.get(f"/r/{response}/receipt?n=1").text, code, "the first receipt")
    equal(save(anna, response, "A1", 1, "55").status, 200, "changed")
    equal(save(anna, response, "T2", 0, "<i>jauns</i>").status, 200, "changed")
    for client in (anna, ilze):
        compared = client.get(f"/r/{response}/compare").text
        contains(compared, "Mainītas atbildes: 2 (no tām jaunas: 1")
        contains(compared, "<dd>5</dd>")
        contains(compared, "<dd>55</dd>")
        contains(compared, "&lt;i&gt;jauns&lt;/i&gt;")
        contains(compared, f"atbilst apliecinājuma kodam {code}")
    equal(Client(desk, "cita@example.org").get(f"/r/{response}/compare").status, 404, "another institution")
    for bad in ("?from=2", "?from=1&to=1", "?from=-1", "?from=1&to=7"):
        equal(anna.get(f"/r/{response}/compare{bad}").status, 404, bad)
    second = submit(anna, response)
    other = re.search(r'class="code">([^<]+)', second)[1]
    equal(code != other, True, "another code")
    contains(anna.get(f"/r/{response}/receipt?n=1").text, code)
    contains(anna.get(f"/r/{response}/receipt?n=1").text, "agrāks iesniegums")
    contains(anna.get(f"/r/{response}/compare?from=1&to=2").text, "<dd>55</dd>")
    equal(anna.get(f"/r/{response}/receipt?n=3").status, 404, "no third")
    desk.remove()


@test
def an_export_names_the_status_and_submitted_only_leaves_reopened_out():
    desk = Desk()
    ilze, anna = Client(desk, "ilze@example.org"), Client(desk, "anna@example.org")
    response = response_of(anna)
    save(anna, response, "A1", 0, "5")
    submit(anna, response)
    page = ilze.get(f"/r/{response}/reopen").text
    ilze.post(f"/r/{response}/reopen", {"reason": "x", "seen": seen(page)})

    def export(*more):
        text = anketa("export", "--data", desk.data, "--round", "r1", "--questionnaire", "q", "--format", "csv", "--output", "-", *more)
        return list(csv.DictReader(io.StringIO(text)))
    row = next(row for row in export() if row["institution"] == "Valsts kase")
    equal((row["status"], row["submitted_at"]), ("reopened", ""), "reopened")
    equal(export("--submitted"), [], "submitted only")
    desk.remove()


@test
def calls_are_written_down_and_taken_back():
    desk = Desk()
    ilze, otra = Client(desk, "ilze@example.org"), Client(desk, "otra@example.org")
    number = institution_of(ilze, "Valsts kase")
    log = f"/field/i/{number}/log?round=r1"
    page = ilze.get(f"/field/i/{number}?round=r1").text
    contains(page, "Pierakstīt", "the form on the institution's page")
    bad = ilze.post(log, {"kind": "call", "direction": "in", "with": "Anna", "text": " "})
    equal(bad.status, 400, "no text")
    contains(bad.text, "Ierakstiet, par ko runāts")
    contains(bad.text, 'value="Anna"', "what was typed")
    bad = ilze.post(log, {"kind": "call", "direction": "in", "with": "", "text": "x", "date": "1.1.2099"})
    equal(bad.status, 400, "in the future")
    contains(bad.text, "vēl nav pienācis")
    equal(ilze.post(log, {"kind": "fax", "text": "x"}).status, 400, "no such kind")
    reply = ilze.post(log, {"kind": "call", "direction": "in", "with": "Anna", "text": "Sola līdz piektdienai <b>"})
    equal(reply.status, 303, "written down")
    contains(ilze.get(f"/field/i/{number}?round=r1").text, "Sola līdz piektdienai &lt;b&gt;")
    calls = otra.get("/field/calls").text
    contains(calls, "Sola līdz piektdienai")
    contains(calls, "Valsts kase")
    contains(otra.get("/field/calls?day=2001-01-01").text, "nekas nav pierakstīts")
    contains(otra.get("/field/calls?day=rīt".replace("ī", "%C4%AB")).text, "Tāda datuma nav")
    entry = re.search(r'name="entry" value="(\d+)"', ilze.get(log).text)[1]
    equal("name=\"entry\"" in otra.get(log).text, False, "another's entry")
    back = f"/field/i/{number}/log/back?round=r1"
    equal(otra.post(back, {"entry": entry}).status, 404, "another's entry")
    equal(ilze.post(back, {"entry": entry}).status, 303, "one's own")
    equal("Sola" in ilze.get(log).text, False, "taken back")
    desk.remove()


@test
def answers_are_entered_in_the_institutions_name():
    desk = Desk()
    ilze, otra, anna = (Client(desk, f"{name}@example.org") for name in ("ilze", "otra", "anna"))
    number, response = institution_of(ilze, "Valsts kase"), response_of(anna)
    me = re.search(r'data-person="(\d+)"', ilze.get("/field").text)[1]
    equal(save(ilze, response, "A1", 0, "5").status, 404, "without authority")
    address = f"/field/i/{number}/authority?round=r1"
    page = ilze.get(address).text
    bad = ilze.post(address, {"person": me, "name": "Jānis", "position": "", "document": "vēstule 1-7/23"})
    equal(bad.status, 400, "no position")
    contains(bad.text, "Ierakstiet amatu")
    contains(bad.text, 'value="vēstule 1-7/23"', "what was typed")
    good = {"person": me, "name": "Jānis Kalns", "position": "direktors", "document": "vēstule 1-7/23"}
    equal(ilze.post(address, good).status, 303, "recorded")
    equal(ilze.post(address, good).status, 400, "twice")
    section = ilze.get(f"/r/{response}/s/s1").text
    contains(section, "Jūs ievadāt atbildes iestādes vārdā: Valsts kase")
    contains(section, "Jānis Kalns, direktors; pamats: vēstule 1-7/23")
    equal(save(ilze, response, "A1", 0, "5").status, 200, "with authority")
    equal(save(otra, response, "A1", 1, "6").status, 404, "another coordinator")
    contains(anna.get(f"/r/{response}/s/s1").text, "Ilze (iestādes vārdā)")
    contains(anna.get(f"/r/{response}/h/A1").text, "Ilze (iestādes vārdā)")
    work = anna.get("/work").text
    contains(work, "Iestādes vārdā atbildes ievada Ilze")
    contains(work, "vēstule 1-7/23")
    one = re.search(r"/authority/(\d+)", work)[1]
    contains(anna.get(f"/authority/{one}").text, "<b>5</b>")
    equal(Client(desk, "cita@example.org").get(f"/authority/{one}").status, 404, "another institution")
    check = ilze.get(f"/r/{response}/check").text
    equal(f'action="/r/{response}/submit"' in check, False, "may not submit")
    revision = re.search(r'data-revision="(\d+)"', ilze.get(f"/r/{response}/s/s1").text)[1]
    equal(ilze.post(f"/r/{response}/submit", {"revision": revision}).status, 403, "may not submit")
    anna.get(f"/authority/{one}")
    equal(anna.post(f"/authority/{one}/end").status, 303, "the contact ends it")
    equal(anna.post(f"/authority/{one}/end").status, 303, "a second press")
    equal(save(ilze, response, "A1", 1, "7").status, 404, "after its end")
    mails = desk.mail()
    equal((len(re.findall(r"behalf\b", mails)), mails.count("behalf_end")), (2, 2), "mails")
    ilze.get(address)
    equal(ilze.post(address, {**good, "submit": "1"}).status, 303, "with submitting")
    receipt = submit(ilze, response)
    contains(receipt, "Ilze (iestādes vārdā)")
    admin = Client(desk, "admin@example.org")
    equal(admin.get(address).status, 200, "an administrator looks")
    equal(admin.post(address, good).status, 405, "an administrator records none")
    equal(save(admin, response, "A1", 1, "7").status, 405, "nor fills")
    desk.remove()


@test
def a_round_is_closed_and_nothing_typed_is_lost():
    desk = Desk()
    ilze, anna, cita = (Client(desk, f"{name}@example.org") for name in ("ilze", "anna", "cita"))
    response = response_of(anna)
    save(anna, response, "A1", 0, "5")
    anna.get(f"/r/{response}/s/s1")
    close = "/field/round/close?round=r1"
    page = ilze.get(close).text
    contains(page, "Valsts kase")
    contains(page, "1 iestādes neiesniegtās atbildes")
    bad = ilze.post(close, {"typed": "r2"})
    equal(bad.status, 400, "another name")
    contains(bad.text, "Apzīmējums nesakrīt")
    contains(ilze.get("/field/round/report?round=r1").text, "vēl nav slēgta")
    equal(ilze.post(close, {"typed": "r1"}).status, 303, "closed")
    equal(ilze.post(close, {"typed": "r1"}).status, 409, "a second press")
    # with a script: an error that the outbox keeps the entry for; without: the page says what was not saved
    late = anna.post(f"/r/{response}/s/s1", [("v:A1", 1), ("a:A1", "77")], headers={"Accept": "application/json"})
    equal((late.status, '"locked"' in late.text), (409, True), "by script")
    late = anna.post(f"/r/{response}/s/s1", [("v:A1", 1), ("a:A1", "77"), ("v:T2", 0), ("a:T2", ""), ("do", "save")])
    equal(late.status, 409, "without script")
    contains(late.text, "Nav saglabāts:")
    contains(late.text, '<p class="kept lines">77</p>')
    equal(late.text.count("Nav saglabāts:"), 1, "only what differs")
    contains(anna.get("/work").text, "Kārta ir slēgta, pirms anketa tika iesniegta")
    contains(cita.get("/work").text, "Kārta ir slēgta; anketa nav iesniegta")
    contains(anna.get(f"/r/{response}/receipt").text, "fiksēta daļēji aizpildīta")
    contains(anna.get(f"/r/{response}/s/s1").text, "Aptaujas kārta ir slēgta, tāpēc atbildes vairs nevar mainīt")
    report = ilze.get("/field/round/report?round=r1").text
    for word in ("Iekļauts", "Daļēji aizpildīts pašvērtējums", "Nepiedalās", "Neiesniedza kontaktpersonu", "Neaizpildīja pašvērtējumu"):
        contains(report, word)
    table = ilze.get("/field/round/report?round=r1&format=csv")
    rows = list(csv.reader(io.StringIO(table.text)))
    equal(rows[1], ["1", "Valsts kase", "90000000001", "VK", "Iekļauts", "Daļēji aizpildīts pašvērtējums"], "the first")
    equal(rows[3][1], "'=Parks", "no formula")
    with zipfile.ZipFile(io.BytesIO(ilze.get("/field/round/report?round=r1&format=xlsx").body)) as book:
        contains(book.read("xl/sharedStrings.xml").decode() if "xl/sharedStrings.xml" in book.namelist()
                 else book.read("xl/worksheets/sheet1.xml").decode(), "Neiesniedza kontaktpersonu")
    equal(ilze.get("/field/round/report?round=r1&format=doc").status, 404, "no such format")
    number = institution_of(ilze, "Valsts kase")
    ilze.get("/field/round?round=r1")
    locked = ilze.post(f"/field/i/{number}/deadline?round=r1", {"date": desk.day(3), "reason": "x", "seen": "0"})
    equal(locked.status, 409, "no more time in a closed round")
    blank = ilze.post("/field/round/open?round=r1", {"reason": ""})
    equal(blank.status, 400, "no reason")
    equal(ilze.post("/field/round/open?round=r1", {"reason": "Par agru"}).status, 303, "opened again")
    equal(ilze.post("/field/round/open?round=r1", {"reason": "Par agru"}).status, 409, "a second press")
    equal(save(anna, response, "A1", 1, "77").status, 200, "goes on")
    contains(anna.get("/work").text, "Tiek aizpildīta")
    desk.remove()


@test
def the_command_line_closes_reports_and_opens():
    desk = Desk()
    anna = Client(desk, "anna@example.org")
    response = response_of(anna)
    save(anna, response, "A1", 0, "5")
    desk.stop()
    told = anketa("round", "close", "r1", "--data", desk.data)
    contains(told, "not closed")
    contains(told, "Valsts kase")
    contains(anketa("round", "close", "r1", "--data", desk.data, "--commit"), "closed")
    contains(anketa("round", "report", "r1", "--data", desk.data), "Daļēji aizpildīts pašvērtējums")
    path = os.path.join(desk.data, "report.xlsx")
    anketa("round", "report", "r1", "--data", desk.data, "--format", "xlsx", "--output", path)
    equal(zipfile.is_zipfile(path), True, "a workbook")
    for words, code in ((("close", "r1"), 1), (("close", "r9"), 1), (("report", "r9"), 1), (("open", "r1", "--reason", " "), 1),
                        (("open", "r1"), 2), (("report", "r1", "--format", "doc"), 2)):
        done = subprocess.run([ANKETA, "round", *words, "--data", desk.data, *(["--commit"] if words[0] == "close" else [])],
                              cwd=ROOT, capture_output=True)
        equal(done.returncode, code, " ".join(words) + done.stderr.decode())
    contains(anketa("round", "open", "r1", "--data", desk.data, "--reason", "Par agru"), "open")
    desk.start()
    equal(save(Client(desk, "anna@example.org"), response, "A1", 1, "6").status, 200, "goes on")
    desk.remove()


sys.exit(run_tests())
