#!/usr/bin/python3
"""A correction in the field over HTTP: what the coordinator sees and publishes, what an open page of before may still save, what
the contacts are told."""
import json
import os
import re
import sqlite3
import sys
import threading
import time

from harness import Client, contains, equal, run_tests, test
from small_round import FORM as FIRST, SmallServer

JSON = {"Accept": "application/json"}
PATH = "/field/questionnaires"
server = SmallServer()
anna, janis, zane, ilze, martins = (Client(server, f"{n}@example.org") for n in ("anna", "janis", "zane", "ilze", "martins"))
for client in (anna, janis, zane, ilze, martins):
    client.get("/accessibility")
ours = re.search(r"/r/(\d+)/s/s1", anna.get("/work").text)[1]
theirs = re.search(r"/r/(\d+)/s/s1", zane.get("/work").text)[1]
SECTION = f"/r/{ours}/s/s1"
NO_NOTES = ("id: T4", "id: T5")
NO_OPTION = (', {code: 3, text: {lv: plānota, en: planned}}', "")


def rows(sql):
    with sqlite3.connect(os.path.join(server.data, "anketa.db")) as db:
        return db.execute(sql).fetchall()


def labelled(label, text=FIRST):
    return re.sub(r"^version: .*$", f'version: "{label}"', text, count=1, flags=re.M)


def changed(label, *pairs, text=FIRST):
    text = labelled(label, text)
    for old, new in pairs:
        equal(old in text, True, f"the questionnaire has {old!r}")
        text = text.replace(old, new, 1)
    return text


def current_text():
    return rows("SELECT v.source FROM round_questionnaire q JOIN questionnaire_version v ON v.id = q.version_id")[0][0]


def upload(client, fields, file=None, path=PATH):
    """As a browser sends a form with a file: multipart, line ends in fields as CRLF."""
    edge, parts = "edge", []
    for name, value in [*fields.items(), ("csrf", client.csrf or "")]:
        parts.append(f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode() +
                     value.replace("\n", "\r\n").encode() + b"\r\n")
    if file is not None:
        parts.append(f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="q.yaml"\r\n\r\n'.encode() + file + b"\r\n")
    return client.ask("POST", path, b"".join(parts) + f"--{edge}--\r\n".encode(),
                      {"Content-Type": f"multipart/form-data; boundary={edge}"})


def look(client, text, note=""):
    return upload(client, {"do": "preview", "round": "r1", "text": text, "note": note})


def confirm(client, page, text, note=""):
    fields = {name: re.search(rf'name="{name}" value="([^"]*)"', page)[1] for name in ("hash", "current", "round")}
    return upload(client, {**fields, "do": "publish", "text": text, "note": note})


def moved():
    """Waits until nobody is on a version that was replaced."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if rows("SELECT count(*) FROM response r JOIN round_questionnaire q ON q.round = r.round AND q.questionnaire = r.questionnaire"
                " WHERE r.version_id <> q.version_id AND r.status IN (0, 1, 3)") == [(0,)]:
            return
        time.sleep(0.1)
    raise AssertionError("responses were not moved")


def publish(text, note="", who=ilze):
    page = look(who, text)
    equal(page.status, 200, page.text[:2000])
    reply = confirm(who, page.text, text, note)
    equal(reply.status, 303, reply.text[:1500])
    moved()


def version(client, key, path=SECTION):
    return int(re.search(rf'name="v:{key}" value="(\d+)"', client.get(path).text)[1])


def save(client, fields, path=SECTION, headers=JSON):
    return client.post(path, fields, headers=headers)


def form_of(client, path=SECTION):
    return int(re.search(r'name="form" value="(\d+)"', client.get(path).text)[1])


def say(key, value):
    reply = save(anna, {f"v:{key}": version(anna, key), f"a:{key}": value})
    equal(reply.status, 200, reply.text[:500])
    return json.loads(reply.text)["entries"][0]


@test
def only_coordinators_and_administrators_come_here():
    for client in (anna, martins):
        equal(client.get(PATH).status, 404)
        equal(client.post(PATH, {"do": "preview", "round": "r1", "text": FIRST}).status, 404)
    page = ilze.get(PATH).text
    contains(page, "Versijas")
    contains(page, rows("SELECT hash FROM questionnaire_version")[0][0][:12])
    equal(ilze.get(f"{PATH}?round=nowhere").status, 404)


@test
def texts_that_are_no_good_come_back_as_they_were_typed():
    for text, status, part in (("", 400, "Izvēlieties datni"), ("a: [", 400, "kļūdas"), ("<b>&", 400, "&lt;b>&amp;"),
                               (FIRST, 400, "jau ir pašreizējā versija"), (FIRST + "\n# cits", 400, "„1”"),
                               (FIRST.replace("questionnaire: q", "questionnaire: other"), 400, "„other”"),
                               ("x" * (1700 * 1024), 400, "pārāk liels")):
        reply = look(ilze, text)
        equal(reply.status, status, text[:40])
        contains(reply.text.replace("&gt;", ">"), part)
    wrong = changed("x1", ("type: select_one", "type: select_uno"))
    reply = look(ilze, wrong)
    line = wrong[: wrong.index("select_uno")].count("\n") + 1
    contains(reply.text, f">{line}:")
    contains(reply.text, "<pre>")
    contains(reply.text, "select_uno")
    equal(look(ilze, labelled("x2"), note="x" * 2001).status, 400, "a long note")
    equal(upload(ilze, {"do": "preview", "round": "r1", "text": ""}, b"\xff\xfe\x00").status, 400, "no text at all")
    equal(upload(ilze, {"do": "preview", "round": "r1", "text": "x" * (3 << 20)}).status, 413, "over what is read")
    equal(rows("SELECT count(*) FROM correction"), [(0,)])


@test
def a_file_counts_more_than_the_field():
    reply = upload(ilze, {"do": "preview", "round": "r1", "text": "a: ["}, labelled("file").encode())
    equal(reply.status, 200, reply.text[:1000])
    contains(reply.text, "→ file")


@test
def the_preview_counts_and_changes_nothing():
    say("A1", "3")
    say("C3", "500")
    say("M5", "1")
    before = rows("SELECT id, version_id, revision FROM response")
    page = look(ilze, changed("2", NO_OPTION, ("max: 1000", "max: 100"))).text
    for part in ("versija 1 → 2", "svītrots atbildes variants", "3 „plānota”", "Vides ministrija", "1 sāktas, 2 nesāktas"):
        contains(page, part)
    equal(rows("SELECT id, version_id, revision FROM response"), before)


@test
def a_page_of_before_saves_what_is_still_there():
    """The main thing: an open page, a correction, a save of that page."""
    say("T4", "vārds")
    old, seen = form_of(anna), version(anna, "T4")
    publish(changed("2", NO_NOTES), "Lūdzu, pārskatiet.")
    reply = json.loads(save(anna, {"form": old, "v:T4": seen, "a:T4": "cits", "v:C3": 1, "a:C3": "501"}).text)
    equal(reply["form"] != old, True, "the page learns the version")
    results = {entry["key"]: entry["result"] for entry in reply["entries"]}
    equal(results, {"T4": "corrected", "C3": "saved"})
    equal(rows(f"SELECT value FROM answer WHERE response_id = {ours} AND question = 'T4'"), [("vārds",)], "what was stored stays")
    live = json.loads(anna.post(f"/r/{ours}/live", {"tab": "t1", "section": "s1", "rev": 0, "talk": 0, "form": old},
                                headers=JSON).text)
    equal(("changed" in live, live["form"]), (False, reply["form"]), "nothing of another page")
    page = save(anna, {"form": old, "v:T4": seen, "a:T4": "trešais", "do": "save"}, headers={})
    equal(page.status, 400, "without a script")
    contains(page.text, "Šis ieraksts nav saglabāts")
    contains(page.text, '<b class="kept">trešais</b>')
    unchanged = save(anna, {"form": old, "v:T4": seen, "a:T4": "vārds", "v:C3": 2, "a:C3": "501", "do": "save"}, headers={})
    equal(unchanged.status, 303, "who typed nothing new is told nothing")


@test
def the_contact_is_told_once_and_sees_it():
    people = rows("SELECT p.email FROM message m JOIN person p ON p.id = m.person_id WHERE m.kind = 'correction' ORDER BY 1")
    equal(people, [("anna@example.org",), ("janis@example.org",)], "the institution that had begun")
    body = rows("SELECT body FROM message WHERE kind = 'correction' LIMIT 1")[0][0]
    contains(body, "Lūdzu, pārskatiet.")
    contains(body, "T4  Piezīmes")
    contains(anna.get("/work").text, f"/r/{ours}/corrected")
    equal("/corrected" in zane.get("/work").text, False, "the others have nothing to look at")
    page = anna.get(f"/r/{ours}/corrected").text
    for part in ("Svītrotie jautājumi", '<b class="kept">vārds</b>', "Lūdzu, pārskatiet.", "Anketas versija: 2", "Esmu iepazinies"):
        contains(page, part)
    contains(anna.get(SECTION).text, "Jauns jautājums")
    equal(zane.get(f"/r/{ours}/corrected").status, 404)
    contains(ilze.get(f"/r/{ours}/corrected").text, '<b class="kept">vārds</b>')
    equal("Esmu iepazinies" in ilze.get(f"/r/{ours}/corrected").text, False, "a reader notes nothing")
    equal(ilze.post(f"/r/{ours}/corrected").status, 405)
    equal(anna.post(f"/r/{ours}/corrected").status, 303)
    contains(anna.get(f"/r/{ours}/corrected").text, "Šobrīd nav nekā")
    equal("/corrected" in anna.get("/work").text, False)


@test
def two_coordinators_at_once():
    one, two = changed("3a", NO_NOTES), labelled("3b", FIRST)
    first, second = look(ilze, one), look(ilze, two)
    replies = [None, None]

    def press(index, page, text):
        replies[index] = confirm(ilze, page, text)

    threads = [threading.Thread(target=press, args=(0, first.text, one)), threading.Thread(target=press, args=(1, second.text, two))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    equal(sorted(reply.status for reply in replies), [303, 409], "one of them")
    moved()
    loser = replies[0] if replies[0].status == 409 else replies[1]
    contains(loser.text, "apskatiet tās vēlreiz")
    winner, text = (first, one) if replies[0].status == 303 else (second, two)
    equal(confirm(ilze, winner.text, text).status, 303, "a second press")
    equal(confirm(ilze, look(ilze, labelled("3c")).text, labelled("3d")).status, 409, "another text than was looked at")


@test
def back_to_the_first_text():
    publish(FIRST)
    equal(rows("SELECT DISTINCT v.version FROM response r JOIN questionnaire_version v ON v.id = r.version_id"), [("1",)])
    contains(anna.get(SECTION).text, 'value="vārds"')
    contains(ilze.get(PATH).text, "pašreizējā")


@test
def an_answer_that_no_longer_fits_stays_beside_its_field():
    publish(changed("4", NO_OPTION))
    section = anna.get(SECTION).text
    contains(section, 'data-misfit="A1"')
    contains(section, '<p class="theirs">plānota</p>')
    contains(ilze.get(PATH).text, "1 anketa ar nederīgām atbildēm")
    contains(ilze.get(SECTION).text, '<p class="theirs">plānota</p>')
    equal("clear:A1" in ilze.get(SECTION).text, False, "a reader changes nothing")
    seen, form = version(anna, "A1"), form_of(anna)
    kept = save(anna, {"form": form, "v:A1": seen, "do": "save"}, headers={})
    equal(kept.status, 303, "a form without a choice says nothing")
    equal(rows(f"SELECT state, value FROM answer WHERE response_id = {ours} AND question = 'A1'"), [(1, "3")])
    contains(anna.get(f"/r/{ours}/check").text, "A1")
    cleared = save(anna, {"form": form, "v:A1": seen, "do": "clear:A1"}, headers={})
    equal((cleared.status, cleared["Location"]), (303, f"{SECTION}#q-A1"))
    equal(rows(f"SELECT state FROM answer WHERE response_id = {ours} AND question = 'A1'"), [(0,)])
    equal(rows(f"SELECT value FROM answer_past WHERE response_id = {ours} AND question = 'A1'"), [("3",)], "in the history")
    equal('data-misfit="A1"' in anna.get(SECTION).text, False)


@test
def a_section_that_is_gone():
    """Saving into it is answered entry by entry; its address leads to what changed."""
    old = form_of(anna)
    publish(changed("5", ("id: s1", "id: s9"), NO_NOTES, text=current_text()))
    equal(anna.get(SECTION)["Location"], f"/r/{ours}/corrected")
    fields = {"form": old, "v:C3": 2, "a:C3": "11", "v:T4": 1, "a:T4": "x"}
    reply = json.loads(save(anna, fields).text)
    equal([entry["result"] for entry in reply["entries"]], ["saved", "corrected"])
    contains(save(anna, fields, headers={}).text, '<b class="kept">x</b>')
    live = json.loads(anna.post(f"/r/{ours}/live", {"tab": "t1", "section": "s1", "rev": 0, "talk": 0, "form": old},
                                headers=JSON).text)
    equal(live["form"] == old, False)
    waiting = json.loads(save(anna, {"v:T4": 1, "a:T4": "x", "f:T4": old}).text)
    equal(waiting["entries"][0]["result"], "corrected", "sent later, from another page")


@test
def a_killed_server_goes_on_where_it_was():
    current = current_text()
    publish(labelled("6", current))
    equal(server.stop(), 0)
    with sqlite3.connect(os.path.join(server.data, "anketa.db")) as db:  # as if it had been killed after some of them
        old, new = db.execute("SELECT old_version, new_version FROM correction ORDER BY id DESC LIMIT 1").fetchone()
        db.execute("UPDATE response SET version_id = ? WHERE version_id = ? AND id % 2 = 0", (old, new))
    server.start()
    moved()


@test
def a_submitted_response_keeps_its_version():
    with sqlite3.connect(os.path.join(server.data, "anketa.db"), timeout=60) as db:
        db.execute(f"UPDATE response SET status = 2, submitted_ms = 1, receipt = 'AAAA' WHERE id = {theirs}")
        db.execute("INSERT INTO submission (response_id, number, revision, person_id, submitted_ms, checksum, version_id)"
                   f" SELECT id, 1, revision, 1, 1, '{'a' * 64}', version_id FROM response WHERE id = {theirs}")
        before = db.execute(f"SELECT version_id FROM response WHERE id = {theirs}").fetchall()
    current = current_text()
    text = labelled("7", current)
    contains(look(ilze, text).text, "Iesniegtās anketas paliek tajā versijā")
    publish(text)
    equal(rows(f"SELECT version_id FROM response WHERE id = {theirs}"), before)
    contains(zane.get(f"/r/{theirs}/receipt").text, "Anketas versija</dt><dd>6")


try:
    code = run_tests()
finally:
    server.remove()
sys.exit(code)
