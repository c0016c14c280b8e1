#!/usr/bin/python3
"""A response over HTTP: who may see and change it, what is posted by hand, conflicts, the full disk, a killed server."""
import json
import os
import re
import resource
import signal
import sqlite3
import sys
import threading

from harness import Client, Server, contains, equal, run_tests, test

JSON = {"Accept": "application/json"}
server = Server()
anna, janis, zane = (Client(server, f"{n}@example.org") for n in ("anna", "janis", "zane"))
ilze, martins = (Client(server, f"{n}@example.org") for n in ("ilze", "martins"))
for client in (anna, janis, zane, ilze, martins):
    client.get("/accessibility")
ours = re.search(r"/r/(\d+)/s/21006", anna.get("/work").text)[1]
theirs = re.search(r"/r/(\d+)/s/21006", zane.get("/work").text)[1]


def save(client, fields, response=None, section="21006", headers=JSON):
    return client.post(f"/r/{response or ours}/s/{section}", fields, headers=headers)


def entry(reply, key):
    return next(e for e in json.loads(reply.text)["entries"] if e["key"] == key)


def stored(question, response=None):
    db = sqlite3.connect(os.path.join(server.data, "anketa.db"))
    row = db.execute("SELECT version, state, value FROM answer WHERE response_id = ? AND question = ? AND row_id = ''",
                     (response or ours, question)).fetchone()
    db.close()
    return row


def version(question):
    row = stored(question)
    return row[0] if row else 0


@test
def another_institutions_response_is_not_there():
    before = stored("V00J", theirs)
    for path in ("", "/s/21006", "/check", "/receipt", "/h/V00J"):
        equal(anna.get(f"/r/{theirs}{path}").status, 404, f"GET {path}")
        equal(anna.get(f"/r/{theirs}{path}").text.count("Finanšu"), 0, "nothing of it is told")
    equal(save(anna, {"v:V00J": 0, "a:V00J": 7}, theirs).status, 404, "save")
    equal(anna.post(f"/r/{theirs}/confirm", {"check": "x:", "comment:x:": "x", "do": "x:"}).status, 404, "confirm")
    equal(anna.post(f"/r/{theirs}/submit", {"revision": 0}).status, 404, "submit")
    equal(stored("V00J", theirs), before, "nothing was stored")


@test
def a_coordinator_reads_and_does_not_change():
    page = ilze.get(f"/r/{ours}/s/21006")
    equal(page.status, 200, "reads")
    equal("data-editable" in page.text, False, "the form is closed")
    equal(save(ilze, {"v:V00J": 0, "a:V00J": 7}).status in (404, 405), True, "does not save")
    equal(martins.get(f"/r/{ours}/s/21006").status, 404, "a researcher sees no response")
    equal(anna.get("/data/export?set=e-index-2017/self-assessment//csv").status, 404, "a contact does not export")


@test
def an_unknown_option_posted_by_hand_is_refused():
    before = stored("F00")
    for code in ("7", "1e0", "0x1", "", "1 ", "99999999999999999999", "1\n2"):
        reply = save(anna, [("v:F00", version("F00")), ("a:F00", code)])
        equal(reply.status in (200, 400), True, repr(code))
        if code not in ("", "1 "):
            equal(entry(reply, "F00")["result"], "refused", repr(code))
    equal(stored("F00") in (before, (1, 0, None), (1, 1, "1"), (2, 0, None), (2, 1, "1")), True, f"stored {stored('F00')}")


@test
def nonsense_is_refused_and_nothing_stored():
    for fields in ({"v:NO_SUCH": 0, "a:NO_SUCH": 1}, {"v:V00J:r1": 0, "a:V00J:r1": 1}, {"v:": 0, "a:": 1},
                   {"v:V01": 0, "s:V01": "na"}, {"v:P1011:r9": 0, "a:P1011:r9": 1}):
        reply = save(anna, fields)
        refused = reply.status == 200 and all(e["result"] == "refused" for e in json.loads(reply.text)["entries"])
        equal(reply.status in (400, 404) or refused, True, f"{fields}: {reply.status} {reply.text[:200]}")
    equal(stored("V01"), None, "nothing")


@test
def a_number_is_understood_and_a_wrong_one_is_kept_beside_its_message():
    equal(entry(save(anna, {"v:V01": version("V01"), "a:V01": "1\u00a0234,5"}), "V01")["result"], "saved", "no-break space")
    equal(stored("V01")[2], "1234.5", "stored")
    reply = save(anna, {"v:V01": version("V01"), "a:V01": "ap 5"})
    equal(entry(reply, "V01")["result"], "invalid", "invalid")
    equal(stored("V01")[1:], (4, "ap 5"), "kept as typed")
    contains(reply.text, "ap 5", "the message")
    page = anna.get(f"/r/{ours}/s/21006")
    contains(page.text, 'value="ap 5"', "on the page")
    equal(anna.get(f"/r/{ours}/check").text.count("ap 5") > 0, True, "on the list")


@test
def an_older_page_gets_the_newer_answer_back():
    save(anna, {"v:V00J": version("V00J"), "a:V00J": "100"})
    seen = version("V00J")
    equal(entry(save(janis, {"v:V00J": seen, "a:V00J": "120"}), "V00J")["result"], "saved", "the first")
    reply = save(anna, {"v:V00J": seen, "a:V00J": "130"})
    conflict = entry(reply, "V00J")
    equal((conflict["result"], conflict["theirs_values"]), ("conflict", ["120"]), "the second")
    contains(json.loads(reply.text)["rivals"]["V00J"][0]["line"], "Jānis Kalniņš", "who")
    equal(stored("V00J")[2], "120", "not overwritten")
    equal(entry(save(anna, {"v:V00J": seen, "a:V00J": "120"}), "V00J")["result"], "saved", "the same value is no conflict")


@test
def a_replayed_form_changes_nothing():
    form = [("v:D61J", version("D61J")), ("a:D61J", "1"), ("do", "save")]
    equal(save(anna, form, headers={}).status, 303, "the form")
    first = stored("D61J")
    equal(save(anna, form, headers={}).status, 303, "again")
    equal(stored("D61J"), first, "no new version")
    save(anna, [("v:D61J", version("D61J")), ("a:D61J", "2")])
    equal(save(anna, form, headers={}).status, 409, "an old form after a newer answer is a conflict")
    equal(stored("D61J")[2], "2", "the newer answer stands")


@test
def sixteen_savers_lose_nothing():
    seen, results = version("NOTES_DESC"), []
    clients = [Client(server, "anna@example.org") for _ in range(4)] + [Client(server, "janis@example.org") for _ in range(4)]
    for client in clients:
        client.get(f"/r/{ours}/s/21006")

    def work(client, number):
        at = seen
        for i in range(12):
            reply = entry(save(client, {"v:NOTES_DESC": at, "a:NOTES_DESC": f"{number}/{i}"}), "NOTES_DESC")
            at = reply["version"]
            if reply["result"] == "saved":
                results.append((reply["version"], f"{number}/{i}"))

    threads = [threading.Thread(target=work, args=(c, n)) for n, c in enumerate(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db = sqlite3.connect(os.path.join(server.data, "anketa.db"))
    kept = dict(db.execute("SELECT version, value FROM answer_past WHERE question = 'NOTES_DESC' AND response_id = ?"
                           " UNION SELECT version, value FROM answer WHERE question = 'NOTES_DESC' AND response_id = ?", (ours, ours)))
    db.close()
    equal(len(results) >= 10, True, "many were saved")
    equal(sorted(v for v, _ in results), sorted(set(v for v, _ in results)), "each version once")
    for number, text in results:
        equal(kept.get(number), text, f"version {number}")
    equal(sorted(kept), list(range(1, max(kept) + 1)), "no gap in the versions")


@test
def an_acknowledged_answer_survives_a_killed_server():
    acknowledged, stop = {}, threading.Event()

    def work(name):
        client = Client(server, name)
        client.get(f"/r/{ours}/s/21006")
        question = {"anna@example.org": "ACHIEVEMENTS_DESC", "janis@example.org": "V01"}[name]
        at, i = version(question), 0
        try:
            while not stop.is_set():
                i += 1
                reply = entry(save(client, {f"v:{question}": at, f"a:{question}": str(i)}), question)
                at = reply["version"]
                acknowledged[question] = (at, str(i))
        except Exception:
            pass

    threads = [threading.Thread(target=work, args=(n,)) for n in ("anna@example.org", "janis@example.org")]
    for thread in threads:
        thread.start()
    stop.wait(1.0)
    server.stop(signal.SIGKILL)
    stop.set()
    for thread in threads:
        thread.join()
    server.start()
    for question, (number, text) in acknowledged.items():
        row = stored(question)
        equal(row[0] >= number and (row[0] > number or row[2] == text), True, f"{question}: {row} after {number} {text}")
    equal(len(acknowledged), 2, "both were saving")


@test
def a_full_disk_is_told_and_nothing_saved_is_lost():
    save(zane, {"v:NOTES_DESC": 0, "a:NOTES_DESC": "pirms"}, theirs)
    before = stored("NOTES_DESC", theirs)
    size = os.path.getsize(os.path.join(server.data, "anketa.db"))
    process = server.process.pid
    resource.prlimit(process, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
    text, refused = "ā" * 9000, None
    for i in range(2000):
        reply = save(zane, {"v:NOTES_DESC": 0, "a:NOTES_DESC": text}, theirs) if refused is None else None
        number = json.loads(reply.text)
        if reply.status != 200:
            refused = number
            break
        equal(entry(reply, "NOTES_DESC")["result"], "conflict", "an old version") if i == 0 else None
        at = stored("NOTES_DESC", theirs)[0]
        reply = save(zane, {"v:NOTES_DESC": at, "a:NOTES_DESC": f"{i} {text}"}, theirs)
        if reply.status != 200:
            refused = json.loads(reply.text)
            equal(reply.status, 507, "status")
            break
        before = stored("NOTES_DESC", theirs)
    equal(refused["error"], "full", "said as JSON")
    contains(refused["message"], "trūkst vietas", "in the reader's language")
    page = save(zane, {"v:NOTES_DESC": before[0], "a:NOTES_DESC": f"Tikko rakstīts <teksts> {text}"}, theirs, headers={})
    equal(page.status, 507, "without a script")
    contains(page.text, "Tikko rakstīts &lt;teksts&gt;", "what was typed is still on the page")
    contains(page.text, "trūkst vietas", "and the page says why")
    equal(stored("NOTES_DESC", theirs), before, "what was saved is as it was")
    resource.prlimit(process, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    reply = save(zane, {"v:NOTES_DESC": before[0], "a:NOTES_DESC": "pēc"}, theirs)
    equal(entry(reply, "NOTES_DESC")["result"], "saved", "it goes on when there is room again")


@test
def rows_are_added_renamed_nowhere_and_removed():
    long = "x" * 5000
    equal(save(anna, {"do": "add:systems", "add:systems": "Lietvedība <b>"}, section="21005", headers={}).status, 303, "added")
    contains(anna.get(f"/r/{ours}/s/21005").text, "Lietvedība &lt;b&gt;", "shown, escaped")
    equal(save(anna, {"do": "add:systems", "add:systems": long}, section="21005", headers={}).status, 400, "too long a name")
    equal(save(anna, {"do": "add:nothing", "add:nothing": "x"}, section="21005", headers={}).status in (400, 404), True, "no such roster")
    equal(save(anna, {"do": "remove:systems:r99"}, section="21005", headers={}).status in (400, 404), True, "no such row")
    equal(save(anna, {"do": "remove:systems:r1"}, section="21005", headers={}).status, 303, "removed")


@test
def a_row_that_goes_while_it_is_saved_is_a_conflict_and_no_crash():
    save(anna, {"do": "add:systems", "add:systems": "Pazūdošā"}, section="21005", headers={})
    row = re.findall(r'id="row-systems-(r\d+)"', anna.get(f"/r/{ours}/s/21005").text)[-1]
    key = f"P1011:{row}"
    equal(entry(save(anna, {f"v:{key}": 0, f"a:{key}": 1}, section="21005"), key)["result"], "saved", "first")
    reply = save(anna, {f"v:{key}": 0, f"a:{key}": 2, "do": f"remove:systems:{row}"}, section="21005")
    equal(entry(reply, key)["result"], "conflict", "an old version in a row that is removed")
    equal(anna.get("/work").status, 200, "the server lives")


@test
def a_row_that_cannot_be_added_keeps_the_answers_and_its_name():
    long = "x" * 600
    reply = save(anna, {"v:K01M2": version("K01M2"), "a:K01M2": "1", "do": "add:systems", "add:systems": long}, section="21005", headers={})
    equal(reply.status, 400, "refused")
    contains(reply.text, long, "the name is still on the page")
    equal(stored("K01M2")[2], "1", "the answer is saved")


@test
def many_values_cost_little_memory():
    before = server.resident_kb()
    pairs = [("v:K13M", version("K13M"))] + [("a:K13M", "1")] * 19000
    equal(save(anna, pairs, section="21001").status, 200, "taken")
    equal(server.resident_kb() - before < 100_000, True, "memory")


@test
def text_from_a_word_processor_is_kept():
    reply = save(anna, {"v:ACHIEVEMENTS_DESC": version("ACHIEVEMENTS_DESC"), "a:ACHIEVEMENTS_DESC": "pirmā\x0botrā\x01\u0085."})
    equal(entry(reply, "ACHIEVEMENTS_DESC")["result"], "saved", "saved")
    equal(stored("ACHIEVEMENTS_DESC")[2], "pirmā\notrā.", "line breaks stay, other control characters go")
    long = "ā" * 100_000
    reply = save(anna, {"v:ACHIEVEMENTS_DESC": version("ACHIEVEMENTS_DESC"), "a:ACHIEVEMENTS_DESC": long})
    equal(entry(reply, "ACHIEVEMENTS_DESC")["result"], "invalid", "too long")
    equal(stored("ACHIEVEMENTS_DESC")[2], long, "and yet not lost")


@test
def a_refused_entry_does_not_hide_that_the_rest_is_saved():
    reply = save(anna, [("v:V00J", version("V00J")), ("a:V00J", "56"), ("v:F12", version("F12")), ("a:F12", "9")], headers={})
    equal(reply.status, 400, "refused")
    contains(reply.text, "Pārējie ieraksti ir saglabāti", "the page says what is saved")
    equal(stored("V00J")[2], "56", "saved")


@test
def submitting_needs_everything_and_the_current_state():
    reply = anna.post(f"/r/{ours}/submit", {"revision": "1"})
    equal((reply.status, "check" in reply["Location"]), (303, True), "back to the list")
    equal(anna.get(f"/r/{ours}/receipt").status, 303, "no receipt")


@test
def a_comment_is_needed_to_confirm():
    reply = anna.post(f"/r/{ours}/confirm", {"check": "nothing:", "comment:nothing:": "  ", "do": "nothing:"})
    equal(reply.status, 400, "empty")
    equal(anna.post(f"/r/{ours}/confirm", {"check": "nothing:", "comment:nothing:": "x", "do": "nothing:"}).status in (303, 400, 404), True, "no such check")


@test
def the_same_page_is_shown_anew_after_a_change():
    first = janis.get(f"/r/{ours}/s/21001").text
    equal(janis.get(f"/r/{ours}/s/21001").text == first, True, "as it was")
    save(anna, {"v:P1001_YN": version("P1001_YN"), "a:P1001_YN": "1"}, section="21001")
    second = janis.get(f"/r/{ours}/s/21001").text
    equal(second != first and "Anna Bērziņa" in second, True, "with the change")
    equal("data-editable" in ilze.get(f"/r/{ours}/s/21001").text, False, "a reader's page is another one")


code = run_tests()
server.remove()
sys.exit(code)
