#!/usr/bin/python3
"""A response as a PDF over HTTP: who may have it, draft and submitted, languages, downloads that break off."""
import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

from harness import ANKETA, ROOT, Client, Server, anketa, contains, equal, run_tests, test

JSON = {"Accept": "application/json"}
FORM = os.path.join(ROOT, "questionnaires/e-index-2017/self-assessment.yaml")
server = Server()
anna, janis, zane = (Client(server, f"{n}@example.org") for n in ("anna", "janis", "zane"))
ilze, martins = (Client(server, f"{n}@example.org") for n in ("ilze", "martins"))
for client in (anna, janis, zane, ilze, martins):
    client.get("/accessibility")
work = anna.get("/work").text
ours = re.search(r"/r/(\d+)/s/21006", work)[1]
theirs = re.search(r"/r/(\d+)/s/21006", zane.get("/work").text)[1]
questions = {q["id"]: dict(q, section=s["id"]) for s in json.loads(anketa("form", "dump", FORM))["sections"]
             for q in s["questions"]}


def text_of(pdf, *options):
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        return subprocess.run(["pdftotext", *options, file.name, "-"], check=True, stdout=subprocess.PIPE).stdout.decode()


def words_of(pdf):
    return " ".join(text_of(pdf, "-layout").split())


def pages_of(pdf):
    return text_of(pdf).count("\f")


def pdf(client, response, query=""):
    reply = client.get(f"/r/{response}/pdf{query}")
    equal(reply.status, 200, f"{response}{query}: {reply.body[:200]!r}")
    equal(reply["Content-Type"], "application/pdf", "type")
    equal(reply.body.startswith(b"%PDF-") and reply.body.rstrip().endswith(b"%%EOF"), True, "a whole PDF")
    keep(f"{response}{re.sub('[^a-z0-9]', '-', query)}-{len(reply.body)}.pdf", reply.body)
    return reply


def keep(name, body):
    """For people who want to look at the pages: SHOTS=folder."""
    if os.environ.get("SHOTS"):
        with open(os.path.join(os.environ["SHOTS"], name), "wb") as file:
            file.write(body)


def stored(statement, *values):
    db = sqlite3.connect(os.path.join(server.data, "anketa.db"))
    row = db.execute(statement, values).fetchone()
    db.close()
    return row


def save(client, answers, response=None):
    for question, value in answers.items():
        section = questions[question]["section"]
        seen = stored("SELECT version FROM answer WHERE response_id = ? AND question = ? AND row_id = ''", response or ours, question)
        pairs = [(f"v:{question}", seen[0] if seen else 0)]
        if isinstance(value, dict):
            pairs.append((f"s:{question}", value["special"]))
        else:
            pairs += [(f"a:{question}", v) for v in (value if isinstance(value, list) else [value])]
        reply = client.post(f"/r/{response or ours}/s/{section}", pairs, headers=JSON)
        equal(reply.status, 200, f"{question}: {reply.body[:300]!r}")


def answer_to(question):
    if question["specials"] and question["type"] != "select_one":
        return {"special": question["specials"][0]}
    if question["type"] == "select_one":
        return question["options"][-1]["code"]
    if question["type"] == "select_multiple":
        return [question["options"][0]["code"]]
    return {"text": "Atbilde ar ķēvi un čūsku", "date": "2016-12-31"}.get(question["type"], 0)


def complete(answers):
    """Answers until nothing is missing; the engine says what is."""
    while True:
        done = subprocess.run([ANKETA, "form", "eval", FORM, "--answers", "-"], input=json.dumps(answers).encode(),
                              stdout=subprocess.PIPE, check=True)
        missing = json.loads(done.stdout)["missing"]
        if not missing:
            return answers
        for item in missing:
            name = item if isinstance(item, str) else item["question"]
            answers[name] = answer_to(questions[name])


@test
def only_who_may_read_a_response_gets_it():
    equal(anna.get(f"/r/{theirs}/pdf").status, 404, "another institution's")
    equal(anna.get(f"/r/{theirs}/pdf?blank=1").status, 404, "not even blank")
    equal(martins.get(f"/r/{ours}/pdf").status, 404, "a researcher")
    equal(Client(server).get(f"/r/{ours}/pdf").status in (303, 401, 404), True, "nobody")
    for path in ("/r/999999/pdf", "/r/x/pdf", f"/r/{ours}/pdf?language=xx", f"/r/{ours}/pdf?language=lv%00"):
        equal(anna.get(path).status in (400, 404), True, path)
    for client in (anna, janis, ilze):
        pdf(client, ours)


@test
def a_blank_form_names_the_institution_and_nothing_that_was_answered():
    save(anna, {"NOTES_DESC": "Slepena piezīme"})
    reply = pdf(anna, ours, "?blank=1")
    text = words_of(reply.body)
    contains(text, "Vides aizsardzības un reģionālās attīstības ministrija")
    equal("Slepena" in text or "MELNRAKSTS" in text, False, "no answers, no watermark")
    contains(reply["Content-Disposition"], 'filename="VARAM-e-index-2017-self-assessment-blank-20', "name")


@test
def a_draft_says_what_it_is():
    save(anna, {"V00J": "1234567", "V01": "ap 5", "K13M": [1, 2], "F00": 3})
    reply = pdf(ilze, ours)
    text = words_of(reply.body)
    revision = stored("SELECT revision FROM response WHERE id = ?", ours)[0]
    for part in ("MELNRAKSTS", f"Redakcija {revision}", "1 234 567", "ap 5", "Ieraksts nav derīga atbilde", "Nav atbildes",
                 "Anna Bērziņa", "e-indekss"):
        contains(text.replace("\u202f", " ").lower(), part.lower(), part)
    pages = text_of(reply.body).split("\f")[:-1]
    for page in pages:
        contains(page, "MELNRAKSTS", "on each page")
    day = time.strftime("%Y-%m-", time.localtime(time.time()))
    contains(reply["Content-Disposition"], f'filename="VARAM-e-index-2017-self-assessment-{day}', "name")
    equal(all(ord(c) < 128 for c in reply["Content-Disposition"]), True, "plain letters only")


@test
def the_language_is_the_readers_or_the_one_asked_for():
    contains(words_of(pdf(anna, ours, "?language=ru").body), "ЧЕРНОВИК")
    contains(words_of(pdf(anna, ours, "?language=en").body), "Self-assessment questionnaire for state institutions")
    contains(words_of(pdf(anna, ours).body), "Valsts iestāžu pašvērtējuma anketa")


@test
def a_client_that_goes_away_is_no_harm():
    for wait in (0, 0.02, 0.3):
        cookie = "; ".join(f"{k}={v}" for k, v in anna.cookies.items())
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            connection.sendall(f"GET /r/{ours}/pdf HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\n\r\n".encode())
            if wait:
                connection.settimeout(20)
                connection.recv(100)
                time.sleep(wait)
    pdf(anna, ours)


@test
def five_at_once_all_get_theirs():
    bodies, busy = [], []

    def download(client):
        for _ in range(200):
            reply = client.get(f"/r/{ours}/pdf")
            if reply.status == 200:
                bodies.append(reply.body)
                return
            busy.append(reply.status)
            equal(reply["Retry-After"] is not None, True, "says when to come again")
            time.sleep(0.1)

    threads = [threading.Thread(target=download, args=(c,)) for c in (anna, janis, ilze, anna, janis)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    equal((len(bodies), set(busy) <= {503}), (5, True), f"all; {busy}")
    equal(len({pages_of(body) for body in bodies}), 1, "the same pages")


@test
def the_server_keeps_none_of_the_fonts():
    for _ in range(3):
        pdf(anna, ours)
    before = server.resident_kb()
    for _ in range(10):
        pdf(anna, ours)
    with open(f"/proc/{server.process.pid}/maps") as maps:
        equal(re.findall(r"\S+\.(?:ttf|otf|cache-\d+)\b", maps.read()), [], "no font and no cache of fonts in its memory")
    equal(server.resident_kb() - before < 20_000, True, "and it does not grow")


@test
def without_fonts_there_is_an_error_and_the_server_lives():
    with tempfile.TemporaryDirectory() as empty:
        config = os.path.join(empty, "fonts.conf")
        with open(config, "w", encoding="utf-8") as file:
            file.write(f"<?xml version='1.0'?><fontconfig><dir>{empty}</dir><cachedir>{empty}</cachedir></fontconfig>")
        server.stop()
        os.environ["FONTCONFIG_FILE"] = config
        server.start()
        reply = anna.get(f"/r/{ours}/pdf")
        equal(reply.status, 500, "told")
        contains(reply["Content-Type"], "text/html", "as a page")
        equal(any("no fonts" in line for line in server.log), True, "the log says why: " + "".join(server.log[-5:]))
        equal(anna.get("/work").status, 200, "and all else works")
        server.stop()
        del os.environ["FONTCONFIG_FILE"]
        server.start()


@test
def a_submitted_one_carries_its_checksum_and_no_watermark():
    answers = complete({"V00J": 50, "V01": 60, "V03A": 2, "F00": 3, "NOTES_DESC": "Ķekava, Šķēde, Žīgure – ēģļņ"})
    save(anna, answers)
    save(janis, {"ACHIEVEMENTS_DESC": "Jāņa atbilde"})
    contains(anna.get(f"/r/{ours}/check").text, f'/r/{ours}/pdf"', "the list leads to the draft")
    while True:
        page = anna.get(f"/r/{ours}/check").text
        waiting = re.findall(r'name="check" value="([^"]+)"', page)
        if not waiting:
            break
        anna.post(f"/r/{ours}/confirm", [(f"comment:{waiting[0]}", "Tā tiešām ir <mums>"), ("check", waiting[0]), ("do", waiting[0])])
    revision = re.search(r'name="revision" value="(\d+)"', page)
    equal(revision is not None, True, "can be submitted: " + page[:3000])
    equal(anna.post(f"/r/{ours}/submit", {"revision": revision[1]}).status, 303, "submitting")
    reply = pdf(ilze, ours)
    text = words_of(reply.body)
    checksum, receipt = stored("SELECT s.checksum, r.receipt FROM submission s JOIN response r ON r.id = s.response_id WHERE r.id = ?", ours)
    for part in (checksum, receipt, "iesniegta", "Anna Bērziņa, Jānis Kalniņš", "Vides aizsardzības", "Ķekava, Šķēde, Žīgure – ēģļņ",
                 f"/r/{ours}/receipt", "Neparasta atbilde", "Tā tiešām ir <mums>", "Paskaidrojums (Anna Bērziņa)"):
        contains(text, part)
    equal("MELNRAKSTS" in text, False, "no watermark")
    contains(anna.get(f"/r/{ours}/receipt").text, f'/r/{ours}/pdf"', "the receipt leads to it")


code = run_tests()
server.remove()
sys.exit(code)
