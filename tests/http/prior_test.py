#!/usr/bin/python3
"""Last round's answers beside the fields, taking them over, and the workbook, over HTTP."""
import io
import json
import os
import re
import sqlite3
import sys
import xml.etree.ElementTree as ET
import zipfile

from harness import ROOT, Client, Server, anketa, contains, equal, run_tests, test

JSON = {"Accept": "application/json"}
BEFORE = "questionnaires/e-index-2015"
server = Server()


def load_next(folder=f"{BEFORE}/next"):
    anketa("round", "load", folder, "--data", server.data, "--opens", "2026-11-01", "--deadline", "2099-12-06")


anketa("round", "load", BEFORE, "--data", server.data)
for questionnaire in ("self-assessment", "services"):
    anketa("answers", "load", f"{BEFORE}/answers-{questionnaire}.csv", "--round", "e-index-2015", "--questionnaire",
           questionnaire, "--data", server.data, "--commit", *(["--submitted"] if questionnaire == "services" else []))
load_next()
anna, janis, zane, ilze, martins = (Client(server, f"{n}@example.org") for n in ("anna", "janis", "zane", "ilze", "martins"))
for client in (anna, janis, zane, ilze, martins):
    client.get("/accessibility")


def ask(sql, *values):
    db = sqlite3.connect(os.path.join(server.data, "anketa.db"))
    rows = db.execute(sql, values).fetchall()
    db.close()
    return rows


def response_of(abbreviation, questionnaire="self-assessment", round="e-index-2017"):
    return ask("SELECT r.id FROM response r JOIN institution i ON i.id = r.institution WHERE i.abbreviation = ?"
               " AND r.questionnaire = ? AND r.round = ?", abbreviation, questionnaire, round)[0][0]


ours, theirs, services = response_of("VARAM"), response_of("FM"), response_of("VARAM", "services")


def section(client, response=None, name="21006", query=""):
    return client.get(f"/r/{response or ours}/s/{name}{query}")


def save(client, fields, response=None, name="21006", headers=None):
    return client.post(f"/r/{response or ours}/s/{name}", fields, headers=headers)


def stored(question, response=None, row=""):
    rows = ask("SELECT version, state, value FROM answer WHERE response_id = ? AND question = ? AND row_id = ?",
               response or ours, question, row)
    return rows[0] if rows else None


def version(question):
    return (stored(question) or (0,))[0]


def beside(page, key):
    """What stands in the line of a place, without tags; None when there is none."""
    found = re.search(rf'<div class="prior" data-prior="{re.escape(key)}">(.*?)\n</div>', page.text, re.S)
    if not found:
        return None
    shown = re.sub(r'<(span|button|details)[^>]*\shidden[^>]*>.*?</\1>', "", found[1], flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", shown).split())


@test
def the_earlier_answer_stands_beside_the_field():
    page = section(anna)
    equal(beside(page, "V00J"), "Iepriekš (2015, nebija iesniegts): 231 Pārņemt", "a figure")
    equal(beside(page, "F00"), "Iepriekš (2015, nebija iesniegts): iestāde sniedz e-pakalpojumus Pārņemt", "a choice")
    equal(beside(page, "NOTES_DESC"), None, "what was not answered")
    contains(beside(section(anna, name="21001"), "K13M"), "; ", "several choices")
    contains(beside(section(anna, name="21005"), "D21"), "12 840", "in a table")
    equal(beside(section(anna, name="21005"), "V12M_2"), "Iepriekš (2015, nebija iesniegts): Lielākoties pašapkalpošanas sistēmā", "in a matrix, where it does not apply yet")
    equal(beside(section(zane, theirs), "V00J"), "Iepriekš (2015, nebija iesniegts): 410 Pārņemt", "another institution, its own")


@test
def a_round_without_a_previous_one_shows_nothing():
    other = Server()
    page = Client(other, "anna@example.org")
    response = re.search(r"/r/(\d+)/s/21006", page.get("/work").text)[1]
    text = page.get(f"/r/{response}/s/21006").text
    equal(text.count("data-prior"), 0, "no lines")
    equal(text.count("prior.js"), 0, "no script")
    page.get("/accessibility")
    reply = page.post(f"/r/{response}/s/21006", {"v:V00J": 0, "a:V00J": 5}, headers=JSON)
    equal("prior" in json.loads(reply.text), False, "nothing in the answer")
    equal(page.post(f"/r/{response}/s/21006", {"v:V01": 0, "a:V01": "", "do": "take:V01"}).status, 403, "taking over")
    other.remove()


@test
def who_reads_sees_it_and_takes_nothing():
    page = section(ilze)
    equal(beside(page, "V00J"), "Iepriekš (2015, nebija iesniegts): 231", "the line")
    equal(page.text.count('value="take'), 0, "no buttons")
    equal(save(ilze, {"v:V00J": 0, "a:V00J": "", "do": "take:V00J"}).status in (403, 404, 405), True, "posted by hand")
    equal(save(zane, {"v:V00J": 0, "a:V00J": "", "do": "take:V00J"}).status, 404, "another institution")
    equal(stored("V00J"), None, "nothing stored")


@test
def each_save_says_what_is_unusual():
    reply = json.loads(save(anna, {"v:V00J": version("V00J"), "a:V00J": "1000"}, headers=JSON).text)
    equal(reply["prior"]["V00J"], {"text": "Iepriekš (2015, nebija iesniegts): 231", "mark": "+333 %", "same": False, "take": False}, "up")
    equal(reply["prior"]["V01"]["take"], True, "an empty one")
    contains(beside(section(anna), "V00J"), "Neparastas izmaiņas: +333 %", "the page")
    reply = json.loads(save(anna, {"v:V00J": version("V00J"), "a:V00J": "100"}, headers=JSON).text)
    equal(reply["prior"]["V00J"]["mark"], "\u221257 %", "down")
    reply = json.loads(save(anna, {"v:V00J": version("V00J"), "a:V00J": "231"}, headers=JSON).text)
    equal((reply["prior"]["V00J"]["mark"], reply["prior"]["V00J"]["same"]), ("", True), "the same")
    equal(beside(section(anna), "V00J"), "Iepriekš (2015, nebija iesniegts): 231 bez izmaiņām", "the page again")
    reply = json.loads(save(anna, {"v:V00J": version("V00J"), "a:V00J": ""}, headers=JSON).text)
    equal(reply["prior"]["V00J"]["take"], True, "cleared")


@test
def the_check_lists_unusual_changes_and_does_not_block():
    before = anna.get(f"/r/{ours}/check").text
    equal(before.count('id="unusual"'), 0, "none yet")
    save(anna, {"v:V00J": version("V00J"), "a:V00J": "1000"}, headers=JSON)
    text = anna.get(f"/r/{ours}/check").text
    contains(text, "Iepriekš (2015): 231. Tagad: 1000 (+333 %).", "the line")
    contains(text, f'href="/r/{ours}/s/21006#q-V00J"', "its link")
    counts = re.search(r"[Jj]ālabo: (\d+), jāapstiprina: (\d+)", text)
    equal(counts[0], re.search(r"[Jj]ālabo: (\d+), jāapstiprina: (\d+)", before)[0], "it is no error and no warning")
    save(anna, {"v:V00J": version("V00J"), "a:V00J": ""}, headers=JSON)


@test
def one_is_taken_over_and_what_was_typed_is_saved():
    fields = {"v:V00J": version("V00J"), "a:V00J": "", "v:V01": version("V01"), "a:V01": "7,5", "do": "take:V00J"}
    reply = save(anna, fields)
    equal((reply.status, reply["Location"]), (303, f"/r/{ours}/s/21006#q-V00J"), "back to the field")
    equal(stored("V00J")[1:], (1, "231"), "taken over")
    equal(stored("V01")[1:], (1, "7.5"), "typed")
    history = anna.get(f"/r/{ours}/h/V00J").text
    contains(history, "Anna Bērziņa", "in the history like any answer")
    equal(ask("SELECT detail FROM event WHERE kind = 'take-over'"), [("e-index-2015: V00J",)], "in the book of events")
    equal(beside(section(anna), "V00J"), "Iepriekš (2015, nebija iesniegts): 231 bez izmaiņām", "its button is gone")


@test
def what_was_typed_counts_more():
    save(anna, {"v:V00J": version("V00J"), "a:V00J": ""}, headers=JSON)
    reply = save(anna, {"v:V00J": version("V00J"), "a:V00J": "300", "do": "take:V00J"})
    equal(reply.status, 303, "saved")
    equal(stored("V00J")[1:], (1, "300"), "as typed")


@test
def a_colleagues_answer_meanwhile_is_a_conflict():
    seen = version("D61J")
    save(janis, {"v:D61J": seen, "a:D61J": "1"}, headers=JSON)
    reply = save(anna, {"v:D61J": seen, "v:F12": version("F12"), "a:F12": "1", "do": "take:D61J"})
    equal(reply.status, 409, "conflict")
    contains(reply.text, "Jānis Kalniņš", "whose")
    contains(reply.text, 'value="settle:D61J:1"', "the earlier answer is there to be chosen")
    equal(stored("D61J")[1:], (1, "1"), "theirs stays")
    equal(stored("F12")[1:], (1, "1"), "the rest is saved")


@test
def what_cannot_be_taken_over_is_refused_and_the_rest_saved():
    for key, entry in (("D61J", {"v:D61J": version("D61J"), "a:D61J": ""}), ("F12", {}), ("NOTES_DESC", {"v:NOTES_DESC": 0}),
                       ("NO_SUCH", {"v:NO_SUCH": 0}), ("V00J:r1", {"v:V00J:r1": 0})):
        number = stored("V01")[2]
        typed = "8" if number == "9" else "9"
        reply = save(anna, {**entry, "v:V01": version("V01"), "a:V01": typed, "do": f"take:{key}"})
        if key == "F12":
            equal(reply.status, 303, "a field that the page did not have")
            continue
        equal(reply.status, 400, key)
        words = "ir kaut kas, ko šis jautājums nepieņem" if key in ("NO_SUCH", "V00J:r1") else "neizdevās pārņemt"
        contains(reply.text, words, key)
        equal(stored("V01")[2], typed, "the rest is saved")


@test
def a_section_takes_over_into_its_empty_fields():
    save(anna, {"v:V00J": version("V00J"), "a:V00J": "77"}, headers=JSON)
    page = section(anna)
    count = int(re.search(r"tukšajos laukos \((\d+)\)", page.text)[1])
    equal(count, page.text.count('class="plain take"') - len(re.findall(r'class="plain take"[^>]* hidden', page.text)), "buttons")
    reply = save(anna, {"v:V00J": version("V00J"), "a:V00J": "77", "do": "take-all"})
    equal((reply.status, reply["Location"]), (303, f"/r/{ours}/s/21006?taken={count + 1}"), "back to the section")
    equal(stored("V00J")[2], "77", "what was there stays")
    equal(stored("F00")[1:], (1, "1"), "an empty one")
    page = section(anna, query=f"?taken={count}")
    contains(page.text, "Pārņemt", "said")
    equal(stored("V03")[1:], (1, "12"), "also what the others brought up")
    reply = save(anna, {"do": "take-all"})
    equal((reply.status, reply["Location"]), (303, f"/r/{ours}/s/21006"), "nothing is left")


@test
def rows_of_a_roster_go_by_their_names():
    for label in ("izdomata UZZIŅA", "Pavisam cits"):
        save(anna, {"do": "add:services", "add:services": label}, services, "services")
    row = ask("SELECT row_id FROM roster_row WHERE response_id = ? AND label = ?", services, "izdomata UZZIŅA")[0][0]
    page = section(anna, services, "services")
    contains(beside(page, f"P52:{row}"), "Iepriekš (2015): 85", "submitted then, so nothing more is said")
    equal(page.text.count('data-prior="P52:'), 1, "the other row has none")
    reply = save(anna, {f"v:P52:{row}": 0, f"a:P52:{row}": "", "do": f"take:P52:{row}"}, services, "services")
    equal(reply["Location"], f"/r/{services}/s/services?row={row}#q-P52:{row}", "back to the row")
    equal(stored("P52", services, row)[1:], (1, "85"), "taken over")


@test
def a_kept_page_follows_the_earlier_response():
    contains(section(zane, theirs).text, "410", "once")
    contains(section(zane, theirs).text, "410", "kept")
    path = os.path.join(server.data, "more.csv")
    with open(path, "w", encoding="utf-8") as file:
        file.write("abbreviation,V00J\nFM,411\n")
    anketa("answers", "load", path, "--round", "e-index-2015", "--questionnaire", "self-assessment", "--data", server.data,
           "--commit", "--submitted")
    equal(beside(section(zane, theirs), "V00J"), "Iepriekš (2015): 411 Pārņemt", "changed and submitted")


@test
def without_take_over_it_is_only_shown():
    folder = os.path.join(server.data, "shown")
    os.mkdir(folder)
    with open(os.path.join(ROOT, BEFORE, "next/round.yaml"), encoding="utf-8") as file:
        text = file.read().replace(", take_over: true", "")
    with open(os.path.join(folder, "round.yaml"), "w", encoding="utf-8") as file:
        file.write(text.replace("../../", os.path.join(ROOT, "questionnaires/")))
    load_next(folder)
    equal(beside(section(zane, theirs), "V00J"), "Iepriekš (2015): 411", "shown")
    before = stored("V00J", theirs)
    for action in ("take:V00J", "take-all"):
        reply = save(zane, {"v:V00J": 0, "a:V00J": "", "v:V01": 0, "a:V01": "3", "do": action}, theirs)
        equal(reply.status, 403, action)
        contains(reply.text, "Iepriekšējo atbildi neizdevās pārņemt", action)
    equal(stored("V00J", theirs), before, "not taken over")
    equal(stored("V01", theirs)[2], "3", "the rest is saved")
    load_next()


def book(reply):
    equal(reply.status, 200, "status")
    equal(reply["Content-Type"], "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "type")
    texts = []
    with zipfile.ZipFile(io.BytesIO(reply.body)) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/sheet"):
                sheet = ET.fromstring(archive.read(name))
                texts += [t.text or "" for t in sheet.iter("{http://schemas.openxmlformats.org/spreadsheetml/2006/main}t")]
                texts += [v.text for v in sheet.iter("{http://schemas.openxmlformats.org/spreadsheetml/2006/main}v")]
    return texts


@test
def the_workbook_is_blank_or_filled():
    save(zane, {"v:V00J": (stored("V00J", theirs) or (0,))[0], "a:V00J": "31415"}, theirs, headers=JSON)
    save(zane, [("v:F00", 0), ("a:F00", "2"), ("v:ACHIEVEMENTS_DESC", 0), ("a:ACHIEVEMENTS_DESC", "=1+1 <b>")], theirs, headers=JSON)
    save(zane, {"v:V01": stored("V01", theirs)[0], "a:V01": "trīs"}, theirs, headers=JSON)
    reply = zane.get(f"/r/{theirs}/xlsx")
    contains(reply["Content-Disposition"], 'filename="e-index-2017-self-assessment-lv.xlsx"', "name")
    blank = book(reply)
    for text in ("Finanšu ministrija", "Valsts iestāžu e-indekss 2017", "+371 67 000 000, palidziba@example.org",
                 f"{server.url}/r/{theirs}"):
        equal(text in blank, True, text)
    equal("31415" in blank, False, "no answers")
    reply = zane.get(f"/r/{theirs}/xlsx?filled=1")
    contains(reply["Content-Disposition"], "-filled.xlsx", "name")
    filled = book(reply)
    for text in ("31415", "=1+1 <b>", "trīs", "iestāde sniedz tikai neelektronizētus pakalpojumus"):
        equal(text in filled, True, text)
    equal("izdomata UZZIŅA" in book(anna.get(f"/r/{services}/xlsx?filled=1")), True, "names of rows")


@test
def the_workbook_is_for_those_who_may_read():
    equal(anna.get(f"/r/{theirs}/xlsx").status, 404, "another institution's")
    equal(martins.get(f"/r/{theirs}/xlsx").status, 404, "a researcher")
    equal(anna.get("/r/0/xlsx").status, 404, "none")
    equal(anna.get("/r/x/xlsx?filled=1").status, 404, "nonsense")
    equal(Client(server).get(f"/r/{theirs}/xlsx").status in (302, 303, 401, 403), True, "a visitor")
    equal(len(book(ilze.get(f"/r/{theirs}/xlsx"))) > 100, True, "the coordinator")


code = run_tests()
server.remove()
sys.exit(code)
