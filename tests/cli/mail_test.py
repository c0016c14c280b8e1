#!/usr/bin/python3
"""Mail over real SMTP on loopback: what arrives, what a server refuses, puts off, hangs or drops, and a sender that is killed.
The certificates are made here with openssl."""
import asyncio
import email
import email.policy
import json
import os
import re
import shutil
import signal
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import threading
import time

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ANKETA = os.path.join(ROOT, os.environ.get("ANKETA", "build/san/anketa"))
PATIENCE_S = 120
SUBJECT = "Atgādinājums: Ņikita & «Щука» – ķēžu posmi, kas ir garāki par vienu rindu un tāpēc jāloka vairākās"
BODY = "Sveika, pasaule.\n\nŠī rinda ir gara: " + "āčēģīķļņšūž щъыэюя " * 12 + "\n.\n..divi punkti\nFrom sākuma\n=3D {{link}\n"

tests = []


def test(function):
    tests.append(function)
    return function


def equal(got, expected, what=""):
    if got != expected:
        raise AssertionError(f"{what}: expected {expected!r}, got {got!r}")


def contains(text, part, what=""):
    if part not in text:
        raise AssertionError(f"{what}: expected {part!r} in {text!r}")


# --- certificates


class Certificates:
    """An authority, and a certificate of it for localhost; and one for another name."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-days", "2",
                     "-subj", "/CN=Test authority")
        self.make("localhost")
        self.make("elsewhere.example.org")

    def openssl(self, *words):
        subprocess.run(["openssl", *words], cwd=self.folder.name, check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, timeout=PATIENCE_S)

    def make(self, name):
        with open(self.path(f"{name}.ext"), "w", encoding="ascii") as file:
            file.write(f"subjectAltName=DNS:{name}\n")
        self.openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj",
                     f"/CN={name}")
        self.openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days",
                     "2", "-extfile", f"{name}.ext", "-out", f"{name}.pem")

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def context(self, name="localhost"):
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.path(f"{name}.pem"), self.path(f"{name}.key"))
        return context


certificates = Certificates()


# --- servers


class Inbox:
    """Keeps what arrives. Addresses say how they are treated: refuse@, defer@, drop@, hang@."""

    def __init__(self):
        self.messages = []
        self.users = []
        self.sessions = set()
        self.holds = False

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        if address.startswith("refuse@"):
            return "550 5.1.1 No such user here"
        if address.startswith("defer@"):
            return "451 4.7.1 Greylisted, try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, session, envelope):
        if envelope.rcpt_tos[0].startswith("reject@"):
            return "554 5.7.1 This looks like spam"
        self.sessions.add(session.peer)
        self.messages.append((envelope.rcpt_tos[0], envelope.content))
        while self.holds:
            await asyncio.sleep(0.01)
        return f"250 OK queued as {len(self.messages)}"


class Server(Controller):
    def __init__(self, inbox, tls=None, starttls=None, login=None):
        self.options = {"enable_SMTPUTF8": False, "hostname": "mx.test"}
        if starttls:
            self.options.update(tls_context=starttls, require_starttls=True)
        if login:
            self.options.update(authenticator=lambda *words: self.check(login, words[-1]), auth_required=True,
                                auth_require_tls=bool(starttls))
        self.inbox = inbox
        super().__init__(inbox, hostname="127.0.0.1", port=0, ssl_context=tls)

    def check(self, login, given):
        good = (given.login.decode(), given.password.decode()) == login
        if good:
            self.inbox.users.append(given.login.decode())
        return AuthResult(success=good, handled=good)

    def factory(self):
        return SMTP(self.handler, **self.options)

    def _trigger_server(self):  # connects to port 0 otherwise
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()


class Raw:
    """A server of a few lines for what a good one never does. script(reader, writer) runs per connection."""

    def __init__(self, script):
        self.script = script
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)

    def __enter__(self):
        self.thread.start()
        future = asyncio.run_coroutine_threadsafe(asyncio.start_server(self.script, "127.0.0.1", 0), self.loop)
        self.server = future.result(PATIENCE_S)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_):
        self.loop.call_soon_threadsafe(self.server.close)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(PATIENCE_S)


# --- data folders


class Folder:
    """A copy of a data folder with a round and two people."""
    ready = None

    def __init__(self):
        self.temporary = tempfile.TemporaryDirectory(prefix="anketa-mail-")
        self.path = os.path.join(self.temporary.name, "data")
        if Folder.ready is None:
            self.make()
            Folder.ready = self.temporary
        else:
            shutil.copytree(os.path.join(Folder.ready.name, "data"), self.path)

    def make(self):
        self.anketa("round", "load", "questionnaires/e-index-2017", "--data", self.path, "--opens", "2026-11-01",
                    "--deadline", "2099-12-06")
        for name in ("Anna Bērziņa", "Антон Щукин"):
            self.anketa("person", "add", f"{'anna' if name[0] == 'A' else 'anton'}@example.org", "--name", name, "--role",
                        "contact", "--institution", "VARAM", "--data", self.path)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.temporary.cleanup()

    def anketa(self, *words, ok=True):
        done = subprocess.run([ANKETA, *words], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=PATIENCE_S)
        if ok is not None and (done.returncode == 0) != ok:
            raise AssertionError(f"anketa {' '.join(words)}: {done.returncode}: {done.stderr.decode()}{done.stdout.decode()}")
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def settings(self, port, *lines, scheme="smtp", mode=0o600, host="localhost"):
        path = os.path.join(self.path, "mail.conf")
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"server = {scheme}://{host}:{port}\nfrom = anketa@example.org\nfrom_name = Anketu sistēma\n")
            file.write("".join(line + "\n" for line in lines))
        os.chmod(path, mode)

    def sql(self, text, *values):
        db = sqlite3.connect(os.path.join(self.path, "anketa.db"), timeout=PATIENCE_S)
        with db:
            rows = db.execute(text, values).fetchall()
        db.close()
        return rows

    def put(self, address, reason, subject=SUBJECT, body=BODY, person=None):
        self.sql("INSERT INTO message (person_id, address, kind, reason, language, reply_to, subject, body, state, attempts,"
                 " created_ms, due_ms, sent_ms, fault) VALUES (?, ?, 'invitation', ?, 'lv', 'help@example.org', ?, ?, 0, 0, 1,"
                 " 1, 0, '')", person, address, reason, subject, body)

    def send(self, ok=True):
        return self.anketa("mail", "send", "--data", self.path, "--base", "https://anketa.example.org", ok=ok)

    def message(self, reason):
        row = self.sql("SELECT state, attempts, fault, due_ms FROM message WHERE reason = ?", reason)[0]
        return dict(zip(("state", "attempts", "fault", "due_ms"), row))


def parsed(message):
    return email.message_from_bytes(message[1], policy=email.policy.default)


# --- what arrives


def send_one(*lines, server, scheme="smtp"):
    with Folder() as folder, server:
        folder.settings(server.port, *lines, scheme=scheme)
        folder.put("anna@example.org", "one", person=1)
        equal(folder.send()[1], "1 sent, 0 put off, 0 given up, 0 called off\n", "what is told")
        equal(folder.message("one")["state"], 2, "sent")
        equal(len(server.inbox.messages), 1, "arrived")
        return server.inbox.messages[0]


def check_arrived(message):
    got = parsed(message)
    equal(got["Subject"], SUBJECT, "subject")
    equal(got.get_content().replace("\r\n", "\n"), BODY.replace("{{", "{"), "body")
    equal(got["To"], "Anna Bērziņa <anna@example.org>", "to")
    equal(got["From"], "Anketu sistēma <anketa@example.org>", "from")
    equal(got["Reply-To"], "help@example.org", "reply to")
    equal(got["Auto-Submitted"], "auto-generated", "not written by a person")
    equal(got["Content-Language"], "lv", "language")
    equal(re.fullmatch(r"<\d+\.[0-9a-f]{24}@example\.org>", got["Message-ID"]) is not None, True, got["Message-ID"])
    equal(got["Date"].datetime.tzinfo is not None, True, "date")
    head = message[1].split(b"\r\n\r\n")[0]
    for line in message[1].split(b"\r\n"):
        equal(len(line) <= 78, True, f"length of {line!r}")
        equal(all(32 <= byte < 127 for byte in line), True, f"plain bytes in {line!r}")
    equal(head.count(b"Subject:"), 1, "one subject")


@test
def plain():
    check_arrived(send_one("security = none", server=Server(Inbox())))


@test
def starttls_with_a_login():
    inbox = Inbox()
    server = Server(inbox, starttls=certificates.context(), login=("ann", "pärole 1"))
    check_arrived(send_one("security = starttls", "user = ann", "password = pärole 1", f"ca = {certificates.path('ca.pem')}",
                           server=server))
    equal(inbox.users, ["ann"], "who signed in")


@test
def tls():
    server = Server(Inbox(), tls=certificates.context())
    check_arrived(send_one(f"ca = {certificates.path('ca.pem')}", server=server, scheme="smtps"))


@test
def a_link_is_made_when_the_message_is_sent():
    with Folder() as folder, Server(Inbox()) as server:
        folder.settings(server.port, "security = none")
        folder.put("anna@example.org", "one", body="Saite:\n{link}?next=%2Fr%2F1\nun {{link}\n", person=1)
        folder.send()
        text = parsed(server.inbox.messages[0]).get_content().replace("\r\n", "\n")
        found = re.search(r"^https://anketa\.example\.org/e/([\w-]{43})\?next=%2Fr%2F1\nun \{link}$", text, re.M)
        equal(found is not None, True, text)
        kept = str(folder.sql("SELECT * FROM message")) + str(folder.sql("SELECT * FROM link"))
        equal(found[1] in kept, False, "the token is not in the database")


@test
def all_go_over_one_connection():
    with Folder() as folder, Server(Inbox()) as server:
        folder.settings(server.port, "security = none")
        for number in range(5):
            folder.put(f"a{number}@example.org", f"m{number}")
        folder.send()
        equal([message[0] for message in server.inbox.messages], [f"a{n}@example.org" for n in range(5)], "in order")
        equal(len(server.inbox.sessions), 1, "connections")


@test
def headers_cannot_be_smuggled_in():
    with Folder() as folder, Server(Inbox()) as server:
        folder.settings(server.port, "security = none")
        folder.sql("UPDATE person SET name = ? WHERE id = 1", "Anna\r\nBcc: evil@example.org")
        folder.put("anna@example.org", "one", subject="Tēma\r\nBcc: evil@example.org\r\n\r\nx", person=1)
        folder.put("anna@example.org>\r\nRCPT TO:<evil@example.org", "two")
        equal(folder.send()[1], "1 sent, 0 put off, 1 given up, 0 called off\n", "what is told")
        got = parsed(server.inbox.messages[0])
        equal(got["Bcc"], None, "no header more")
        equal(got["Subject"], "Tēma  Bcc: evil@example.org    x", "subject")
        equal(len(server.inbox.messages), 1, "the address that is none gets nothing")
        equal(folder.message("two")["state"], 3, "given up")


@test
def people_who_are_gone_get_nothing():
    with Folder() as folder, Server(Inbox()) as server:
        folder.settings(server.port, "security = none")
        folder.put("anna@example.org", "one", person=1)
        folder.put("anton@example.org", "two", person=2)
        folder.sql("UPDATE person SET removed_ms = 1 WHERE id = 1")
        folder.sql("UPDATE person SET notify = 0 WHERE id = 2")
        folder.sql("UPDATE message SET kind = 'note' WHERE reason = 'two'")
        equal(folder.send()[1], "0 sent, 0 put off, 0 given up, 2 called off\n", "what is told")
        equal((folder.message("one")["state"], folder.message("two")["state"]), (4, 4), "states")
        equal(server.inbox.messages, [], "nothing arrived")


# --- what a server may do


@test
def a_recipient_that_is_refused_gets_no_second_attempt():
    with Folder() as folder, Server(Inbox()) as server:
        folder.settings(server.port, "security = none")
        folder.put("refuse@example.org", "one")
        folder.put("reject@example.org", "two")
        folder.put("anna@example.org", "three")
        equal(folder.send()[1], "1 sent, 0 put off, 2 given up, 0 called off\n", "the others are sent")
        equal(folder.message("one"), {**folder.message("one"), "state": 3, "attempts": 1,
                                      "fault": "550 5.1.1 No such user here"}, "refused")
        contains(folder.message("two")["fault"], "554 5.7.1 This looks like spam", "the server's words")
        folder.send()
        equal(folder.message("one")["attempts"], 1, "attempts")


@test
def what_is_put_off_is_tried_again_and_given_up_in_the_end():
    with Folder() as folder, Server(Inbox()) as server:
        folder.settings(server.port, "security = none")
        folder.put("defer@example.org", "one")
        waits = []
        for attempt in range(1, 9):
            folder.sql("UPDATE message SET due_ms = 1")
            before = time.time() * 1000
            folder.send()
            got = folder.message("one")
            equal(got["attempts"], attempt, "attempts")
            waits.append(int((got["due_ms"] - before) / 60000 + 0.5))
            equal(got["state"], 3 if attempt == 8 else 0, f"state after {attempt}")
            contains(got["fault"], "451 4.7.1 Greylisted", "the server's words")
        equal(waits[:7], [1, 5, 15, 60, 240, 240, 240], "minutes between attempts")
        folder.sql("UPDATE message SET due_ms = 1")
        equal(folder.send()[1], "0 sent, 0 put off, 0 given up, 0 called off\n", "no ninth attempt")


async def converse(reader, writer, stop_at):
    """A server that does as it should until the client says stop_at; then returns."""
    writer.write(b"220 mx.test\r\n")
    while True:
        line = await reader.readline()
        if not line:
            return False
        if line.upper().startswith(stop_at):
            return True
        writer.write(b"354 go on\r\n" if line.upper().startswith(b"DATA") else b"250 OK\r\n")


async def drop_in_data(reader, writer):
    if await converse(reader, writer, b"DATA"):
        writer.write(b"354 go on\r\n")
        await reader.readline()
        writer.transport.abort()


async def hang_at_start(reader, _writer):
    await reader.read()


async def hang_in_data(reader, writer):
    if await converse(reader, writer, b"DATA"):
        writer.write(b"354 go on\r\n")
        await reader.read()


@test
def a_line_dropped_in_the_middle_is_tried_again():
    with Folder() as folder:
        folder.put("anna@example.org", "one")
        with Raw(drop_in_data) as server:
            folder.settings(server.port, "security = none", host="127.0.0.1")
            equal(folder.send()[1], "0 sent, 1 put off, 0 given up, 0 called off\n", "what is told")
        equal(folder.message("one")["state"], 0, "waits again")
        folder.sql("UPDATE message SET due_ms = 1")
        with Server(Inbox()) as server:
            folder.settings(server.port, "security = none")
            folder.send()
            equal(len(server.inbox.messages), 1, "arrived")


@test
def a_silent_server_holds_nobody_for_ever():
    with Folder() as folder, Raw(hang_at_start) as server:
        folder.settings(server.port, "security = none", "timeout = 2", host="127.0.0.1")
        folder.put("anna@example.org", "one")
        code, _, told = folder.send(ok=False)
        equal(code, 3, "exit code")
        contains(told, f"smtp://127.0.0.1:{server.port}", "who was silent")
        equal(folder.message("one"), {**folder.message("one"), "state": 0, "attempts": 0}, "the message had no part in it")
    with Folder() as folder, Raw(hang_in_data) as server:
        folder.settings(server.port, "security = none", "timeout = 2", host="127.0.0.1")
        folder.put("anna@example.org", "one")
        equal(folder.send()[1], "0 sent, 1 put off, 0 given up, 0 called off\n", "silent behind the data")
        equal(folder.message("one")["attempts"], 1, "attempts")


@test
def a_server_without_trust_or_sign_in_gets_nothing():
    inbox = Inbox()
    cases = (
        (Server(inbox, tls=certificates.context()), "smtps", ()),
        (Server(inbox, tls=certificates.context("elsewhere.example.org")), "smtps", (f"ca = {certificates.path('ca.pem')}",)),
        (Server(inbox), "smtp", ("security = starttls",)),
        (Server(inbox, login=("ann", "right")), "smtp", ("security = none", "user = ann", "password = wrong")),
    )
    words = ("certificate", "subject name", "STARTTLS", "535 5.7.8")
    for (server, scheme, lines), word in zip(cases, words):
        with Folder() as folder, server:
            folder.settings(server.port, *lines, scheme=scheme)
            folder.put("anna@example.org", "one")
            folder.put("anton@example.org", "two")
            code, _, told = folder.send(ok=False)
            equal(code, 3, "exit code")
            contains(told, word, "why")
            equal([folder.message(r)["attempts"] for r in ("one", "two")], [0, 0], "attempts")
            equal(folder.message("two")["fault"], "", "the second was not even tried")
    equal(inbox.messages, [], "nothing arrived")


@test
def a_test_message_says_what_the_server_said():
    with Folder() as folder, Server(Inbox()) as server:
        folder.settings(server.port, "security = none")
        told = folder.anketa("mail", "test", "anna@example.org", "--data", folder.path, "--language", "ru")[1]
        equal(told, "250 OK queued as 1\n", "the server's words")
        contains(parsed(server.inbox.messages[0])["Subject"], "Проверочное", "subject")
        code, _, told = folder.anketa("mail", "test", "refuse@example.org", "--data", folder.path, ok=False)
        equal((code, told), (3, "anketa: error: not sent: 550 5.1.1 No such user here\n"), "refused")
        equal(folder.anketa("mail", "test", "nobody", "--data", folder.path, ok=False)[0], 1, "not an address")
        equal(folder.sql("SELECT count(*) FROM message"), [(0,)], "it is not in the outbox")


# --- settings and files


@test
def wrong_settings_are_told_with_their_place():
    cases = (
        ("server = smtp://h\nfrom = a@b.lv\nsevrer = x\n", "3:1", "unknown setting \"sevrer\""),
        ("server = http://h\nfrom = a@b.lv\n", "1:10", "smtp://HOST:PORT"),
        ("server = smtp://h:99999\nfrom = a@b.lv\n", "1:10", "port from 1 to 65535"),
        ("server = smtp://u@h/x\nfrom = a@b.lv\n", "1:10", "host name"),
        ("server = smtps://h\nsecurity = starttls\nfrom = a@b.lv\n", "2:12", "tls alone"),
        ("server = smtp://h\nsecurity = yes\nfrom = a@b.lv\n", "2:12", "starttls or none"),
        ("server = smtp://h\n\n# nothing\nfrom = anna\n", "4:8", "expected an address"),
        ("server = smtp://h\nfrom = a@b.lv\nuser = u\n", "3:8", "\"password\" is missing"),
        ("server = smtp://h\nfrom = a@b.lv\npassword = p\n", "3:12", "\"user\" is missing"),
        ("server = smtp://h\nfrom = a@b.lv\ntimeout = soon\n", "3:11", "seconds from 1 to 600"),
        ("server = smtp://h\nfrom = a@b.lv\nca = nowhere.pem\n", "3:6", "no such file"),
        ("server = smtp://h\nsecurity = none\nfrom = a@b.lv\nuser = u\npassword = p\n", "2:12", "unencrypted"),
        ("server\nfrom = a@b.lv\n", "1:1", "key = value"),
        ("server = smtp://h\nserver = smtp://h\nfrom = a@b.lv\n", "2:1", "set twice"),
        ("server = smtp://h\nfrom =\n", "2:7", "has no value"),
        ("from = a@b.lv\n", "1:1", "\"server\" is missing"),
        ("server = smtp://h\n", "1:1", "\"from\" is missing"),
        ("server = smtp://h\nfrom = \udcff\n", "1:1", "not UTF-8"),
    )
    with Folder() as folder:
        path = os.path.join(folder.path, "mail.conf")
        for text, place, words in cases:
            with open(path, "w", encoding="utf-8", errors="surrogateescape") as file:
                file.write(text)
            os.chmod(path, 0o600)
            code, _, told = folder.send(ok=False)
            equal(code, 1, f"exit code for {text!r}")
            contains(told, f"{path}:{place}: error: ", f"place in {text!r}")
            contains(told, words, f"words for {text!r}")
        with open(path, "w", encoding="utf-8") as file:
            file.write("server = smtp://h\nfrom = a@b.lv\nuser = u\npassword = p\n")
        os.chmod(path, 0o644)
        contains(folder.send(ok=False)[2], "everybody on this machine may read this password", "readable to all")
        contains(folder.anketa("serve", "--data", folder.path, "--port", "0", ok=False)[2], "may read this password", "serve")
        folder.anketa("mail", "send", "--data", folder.path, "--mail", "nowhere.conf", ok=False)
        contains(folder.anketa("mail", "send", "--data", folder.path + "x", ok=False)[2], "no data", "no such folder")


@test
def without_a_server_messages_become_files():
    with Folder() as folder:
        folder.put("anna@example.org", "one", person=1)
        folder.put("../../../etc/x y@example.org", "two")
        folder.put("viens/divi@example.org", "three")
        equal(folder.send()[1], "2 sent, 0 put off, 1 given up, 0 called off\n", "an address with a space is none")
        names = sorted(os.listdir(os.path.join(folder.path, "outbox")))
        equal(names, ["000001-invitation-anna@example.org.eml", "000003-invitation-viens_divi@example.org.eml"], "files")
        with open(os.path.join(folder.path, "outbox", names[0]), "rb") as file:
            got = email.message_from_bytes(file.read(), policy=email.policy.default)
        equal(got["Subject"], SUBJECT, "subject")
        equal(got.get_content().replace("\r\n", "\n"), BODY.replace("{{", "{"), "body")
        equal(got["From"], "anketa <anketa@localhost>", "from")
        listed = json.loads(folder.anketa("mail", "list", "--json", "--data", folder.path)[1])
        equal([(m["id"], m["state"], m["address"]) for m in listed][:1], [(1, "sent", "anna@example.org")], "list --json")
        lines = folder.anketa("mail", "list", "--data", folder.path)[1].splitlines()
        equal([line.split("\t")[1] for line in lines], ["sent", "given-up", "sent"], "list")


# --- a sender that is killed


@test
def a_killed_sender_loses_nothing_and_doubles_only_what_was_under_way():
    count = 200
    with Folder() as folder, Server(Inbox()) as server:
        folder.settings(server.port, "security = none")
        for number in range(count):
            folder.put(f"p{number}@example.org", f"m{number}", body="Īss.\n")
        kills = 0
        for wanted in (20, 60, 61, 130):
            process = subprocess.Popen([ANKETA, "mail", "send", "--data", folder.path], cwd=ROOT, stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL)
            while len(server.inbox.messages) < wanted and process.poll() is None:
                time.sleep(0.0005)
            kills += process.poll() is None
            process.send_signal(signal.SIGKILL)
            process.wait(PATIENCE_S)
        equal(kills, 4, "killed in the middle")
        folder.send()
        ids = [parsed(message)["Message-ID"] for message in server.inbox.messages]
        people = {message[0] for message in server.inbox.messages}
        equal(len(people), count, "each arrived")
        equal(len(set(ids)), count, "a message keeps its Message-ID")
        equal(len(ids) - len(set(ids)) <= kills, True, f"one a kill may come twice: {len(ids) - len(set(ids))}")
        equal(folder.sql("SELECT state, count(*) FROM message GROUP BY state"), [(2, count)], "all are marked as sent")


@test
def what_nobody_knows_about_is_sent_again_and_can_be_recognised():
    with Folder() as folder, Server(Inbox()) as server:
        folder.settings(server.port, "security = none")
        for number in range(3):
            folder.put(f"p{number}@example.org", f"m{number}")
        server.inbox.holds = True  # it has the message, and the sender dies before it hears so
        process = subprocess.Popen([ANKETA, "mail", "send", "--data", folder.path], cwd=ROOT, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        while not server.inbox.messages and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait(PATIENCE_S)
        server.inbox.holds = False
        equal([folder.message(f"m{n}")["state"] for n in range(3)], [1, 0, 0], "one was under way, the others were not begun")
        equal(folder.send()[1], "3 sent, 0 put off, 0 given up, 0 called off\n", "the next sender")
        equal([message[0][:2] for message in server.inbox.messages], ["p0", "p0", "p1", "p2"], "what arrived")
        ids = [parsed(message)["Message-ID"] for message in server.inbox.messages]
        equal((ids[0] == ids[1], len(set(ids))), (True, 3), "the second one is the same message")


# --- a mailing to many


MAILING_COUNT = int(os.environ.get("MAILING_COUNT", "2000"))


def put_people(folder, count):
    institutions = [row[0] for row in folder.sql("SELECT institution FROM round_institution")]
    db = sqlite3.connect(os.path.join(folder.path, "anketa.db"), timeout=PATIENCE_S)
    with db:
        db.execute("UPDATE person SET removed_ms = 1")
        db.executemany("INSERT INTO person (email, name, phone, language, role, institution, created_ms, changed_ms)"
                       " VALUES (?, ?, '', ?, 0, ?, 1, 1)",
                       ((f"p{n}@example.org", f"Persona {n}", ("lv", "en", "ru")[n % 3], institutions[n % len(institutions)])
                        for n in range(count)))
    db.close()


def put_mailing(folder, kind="deadline", text="round=e-index-2017"):
    return folder.sql("INSERT INTO mailing (round, kind, filter, created_ms, due_ms, made_ms, removed_ms, message_count)"
                      " VALUES ('e-index-2017', ?, ?, 1, 1, 0, 0, 0) RETURNING id", kind, text)[0][0]


class Serving:
    """The server, to be killed."""

    def __init__(self, folder):
        self.process = subprocess.Popen([ANKETA, "serve", "--data", folder.path, "--port", "0", "--base", "https://x.example.org"],
                                        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def kill_when(self, condition):
        while not condition() and self.process.poll() is None:
            time.sleep(0.001)
        alive = self.process.poll() is None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE_S)
        return alive


@test
def a_mailing_to_many_survives_a_server_that_is_killed_again_and_again():
    with Folder() as folder, Server(Inbox()) as server:
        folder.settings(server.port, "security = none")
        put_people(folder, MAILING_COUNT)
        mailing = put_mailing(folder)
        made = "SELECT count(*) FROM message"
        kills = Serving(folder).kill_when(lambda: folder.sql(made)[0][0] >= MAILING_COUNT // 4)
        left = folder.sql("SELECT (SELECT count(*) FROM message), made_ms FROM mailing")[0]
        equal((left[0] < MAILING_COUNT, left[1]), (True, 0), "killed while the messages were being made")
        for part in (10, 30, 31, 60, 85):
            wanted = MAILING_COUNT * part // 100
            kills += Serving(folder).kill_when(lambda: len(server.inbox.messages) >= wanted)
        equal(kills, 6, "killed in the middle")
        folder.send()
        ids = [parsed(message)["Message-ID"] for message in server.inbox.messages]
        people = [message[0] for message in server.inbox.messages]
        equal(len(set(people)), MAILING_COUNT, "each arrived")
        equal(len(set(ids)), MAILING_COUNT, "and is one message")
        equal(len(ids) - len(set(ids)) <= kills, True, f"one a kill may come twice: {len(ids) - len(set(ids))}")
        equal(folder.sql("SELECT state, count(*) FROM message GROUP BY state"), [(2, MAILING_COUNT)], "all are marked as sent")
        equal(folder.sql("SELECT message_count FROM mailing WHERE made_ms > 0"), [(MAILING_COUNT,)], "and counted")
        lines = folder.anketa("mail", "list", "--mailing", str(mailing), "--data", folder.path)[1].splitlines()
        equal(len(lines), MAILING_COUNT, "list --mailing")
        equal(folder.anketa("mail", "list", "--mailing", str(mailing + 1), "--data", folder.path)[1], "", "another one has none")
        equal(folder.anketa("mail", "list", "--mailing", "x", "--data", folder.path, ok=False)[0], 2, "no number")
        listed = json.loads(folder.anketa("mail", "mailings", "--json", "--data", folder.path)[1])
        equal([(m["state"], m["kind"], m["messages"]) for m in listed], [("made", "deadline", MAILING_COUNT)], "mailings")
        contains(folder.anketa("mail", "mailings", "--data", folder.path)[1], "\tmade\tdeadline\te-index-2017\t", "mailings")


@test
def who_reminds_says_how_to_stop_it_and_who_invites_does_not():
    with Folder() as folder, Server(Inbox()) as server:
        folder.settings(server.port, "security = none")
        put_people(folder, 2)
        put_mailing(folder)
        folder.send()
        put_mailing(folder, "invitation")
        folder.send()
        reminders, invitations = server.inbox.messages[:2], server.inbox.messages[2:]
        links = set()
        for message in reminders:
            got = parsed(message)
            link = re.fullmatch(r"<(https://anketa\.example\.org/u/[\w-]+)>", got["List-Unsubscribe"].strip())[1]
            equal(got["List-Unsubscribe-Post"], "List-Unsubscribe=One-Click", "RFC 8058")
            contains(got.get_content(), link, "in the text too")
            links.add(link)
        equal(len(links), 2, "each has their own")
        for message in invitations:
            equal((parsed(message)["List-Unsubscribe"], "/u/" in parsed(message).get_content()), (None, False), "an invitation")
        folder.sql("UPDATE mailing SET created_ms = 1")
        folder.sql("UPDATE message SET created_ms = 1")
        put_mailing(folder)
        folder.send()
        again = {parsed(m)["List-Unsubscribe"].strip()[1:-1] for m in server.inbox.messages[4:]}
        equal(again, links, "the address stays the same")


@test
def what_somebody_waits_for_goes_before_a_mailing():
    with Folder() as folder, Server(Inbox()) as server:
        folder.settings(server.port, "security = none")
        put_people(folder, 30)
        put_mailing(folder)
        folder.put("code@example.org", "code")
        folder.sql("UPDATE message SET due_ms = ?", int(time.time() * 1000) - 1000)
        folder.send()
        equal(server.inbox.messages[0][0], "code@example.org", "first")
        equal(len(server.inbox.messages), 31, "and all the others")


@test
def an_address_of_a_mailing_that_is_refused_holds_up_nobody():
    with Folder() as folder, Server(Inbox()) as server:
        folder.settings(server.port, "security = none")
        put_people(folder, 5)
        folder.sql("UPDATE person SET email = 'refuse@example.org' WHERE email = 'p1@example.org'")
        folder.sql("UPDATE person SET email = 'defer@example.org' WHERE email = 'p2@example.org'")
        put_mailing(folder)
        equal(folder.send()[1], "3 sent, 1 put off, 1 given up, 0 called off\n", "what is told")
        equal(folder.sql("SELECT state, fault FROM message WHERE address = 'refuse@example.org'"),
              [(3, "550 5.1.1 No such user here")], "refused for good")


@test
def a_line_dropped_in_the_middle_of_a_mailing_loses_nothing():
    with Folder() as folder:
        put_people(folder, 20)
        put_mailing(folder)
        with Raw(drop_in_data) as server:
            folder.settings(server.port, "security = none", host="127.0.0.1")
            folder.send()
        equal(folder.sql("SELECT count(*) FROM message WHERE state = 0 AND attempts = 1"), [(20,)], "all wait again")
        with Raw(hang_at_start) as server:
            folder.settings(server.port, "security = none", "timeout = 2", host="127.0.0.1")
            folder.sql("UPDATE message SET due_ms = 1")
            equal(folder.send(ok=False)[0], 3, "a silent server ends the run")
        equal(folder.sql("SELECT count(*) FROM message WHERE state = 0 AND attempts = 1"), [(20,)], "and counts for nobody")
        with Server(Inbox()) as server:
            folder.settings(server.port, "security = none")
            folder.send()
            equal(len(server.inbox.messages), 20, "each arrived once")


@test
def two_senders_do_not_meet():
    with Folder() as folder, Raw(hang_at_start) as server:
        folder.settings(server.port, "security = none", "timeout = 20", host="127.0.0.1")
        folder.put("anna@example.org", "one")
        first = subprocess.Popen([ANKETA, "mail", "send", "--data", folder.path], cwd=ROOT, stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL)
        while folder.message("one")["state"] != 1 and first.poll() is None:
            time.sleep(0.01)
        contains(folder.send(ok=False)[2], "another program is sending the mail", "the second")
        equal(folder.message("one")["state"], 1, "it is left to the first")
        first.send_signal(signal.SIGKILL)
        first.wait(PATIENCE_S)


@test
def a_server_stops_while_mail_hangs():
    for script in (hang_at_start, hang_in_data):
        with Folder() as folder, Raw(script) as server:
            folder.settings(server.port, "security = none", "timeout = 500", host="127.0.0.1")
            folder.put("anna@example.org", "one")
            process = subprocess.Popen([ANKETA, "serve", "--data", folder.path, "--port", "0"], cwd=ROOT,
                                       stderr=subprocess.PIPE)
            while folder.message("one")["state"] != 1 and process.poll() is None:
                time.sleep(0.01)
            time.sleep(0.5)
            process.send_signal(signal.SIGTERM)
            _, told = process.communicate(timeout=PATIENCE_S)
            equal(process.returncode, 0, told.decode())
            equal(folder.message("one"), {**folder.message("one"), "state": 0, "attempts": 0}, "it waits again")


def main():
    Folder()
    failed = 0
    print(f"1..{len(tests)}", flush=True)
    for number, function in enumerate(tests, 1):
        try:
            function()
            print(f"ok {number} - {function.__name__.replace('_', ' ')}", flush=True)
        except Exception as problem:  # a test that breaks is one that failed
            failed += 1
            print(f"not ok {number} - {function.__name__.replace('_', ' ')}")
            print("# " + f"{type(problem).__name__}: {problem}".replace("\n", "\n# "), flush=True)
    sys.exit(1 if failed else 0)


main()
