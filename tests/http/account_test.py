#!/usr/bin/python3
"""Signing in: staff by password and second factor, contacts by link and code; what is limited; sessions."""
import base64
import email
import email.policy
import glob
import hashlib
import hmac
import os
import re
import shutil
import sqlite3
import struct
import sys
import tempfile
import time
import unicodedata
import urllib.parse

from harness import PEOPLE, ROOT, Client, Server, anketa, contains, equal, run_tests, test

PASSWORD = "garā pīle lido zemu"
ADMINISTRATOR = ("andris@example.org", "Andris Vītols", "administrator", None)


class Clock:
    """The server's clock, ahead of the real one."""

    def __init__(self):
        handle, self.path = tempfile.mkstemp(prefix="anketa-clock-")
        os.close(handle)
        self.ahead_s = 0
        self.move(0)

    def move(self, seconds):
        self.ahead_s += seconds
        with open(self.path, "r+", encoding="ascii") as file:  # in one piece, in the file that the server has open
            file.write(f"{self.ahead_s * 1000:015d}\n")

    def now(self):
        return time.time() + self.ahead_s


def totp(secret, at, steps=0):
    """RFC 6238 by the book."""
    key = base64.b32decode(secret)
    digest = hmac.new(key, struct.pack(">Q", int(at // 30) + steps), hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset:offset + 4])[0] & 0x7FFFFFFF) % 1000000:06d}"


clock = Clock()


def start(*options, people=(*PEOPLE, ADMINISTRATOR), **more):
    return Server(*options, people=people, staff_links=False, env={"ANKETA_CLOCK": clock.path}, **more)


server = start()


def link_of(address, place=server):
    return place.link(address)


def forget_failures(place):
    """The tests come from one network, whose failures would add up."""
    with sqlite3.connect(os.path.join(place.data, "anketa.db"), timeout=30) as db:
        db.execute("DELETE FROM attempt")
    db.close()


class Account:
    """A member of staff who sets up an account and signs in."""

    def __init__(self, address, place=server):
        self.server, self.address, self.password = place, address, PASSWORD
        self.client = Client(place)
        self.link = place.link(address)
        forget_failures(place)
        equal(self.client.get(self.link).status, 200, "page of the link")
        self.choose(PASSWORD)
        self.secret = self.read_secret()
        reply = self.prove(self.code())
        equal(reply.status, 200, "the codes are shown: " + reply.text[:500])
        self.codes = re.findall(r"<code>([a-z0-9-]{19})</code>", reply.text)
        equal(len(self.codes), 10, "recovery codes")

    def choose(self, password, again=None):
        reply = self.client.post(self.link + "/password", {"password": password, "again": again if again is not None else password})
        equal((reply.status, reply["Location"]), (303, self.link + "/factor"), "choosing a password: " + reply.text[:2000])

    def read_secret(self):
        page = self.client.get(self.link + "/factor").text
        return re.search(r'class="secret"><code>([A-Z2-7 ]+)<', page)[1].replace(" ", "")

    def prove(self, code):
        return self.client.post(self.link + "/factor", {"code": code})

    def code(self, steps=0):
        return totp(self.secret, clock.now(), steps)

    def fresh_code(self):
        """A code of a step that was not used before."""
        clock.move(60)
        return self.code()

    def first_step(self, client, password=None, headers=None, **more):
        client.get("/sign-in")
        fields = {"email": self.address, "password": self.password if password is None else password, **more}
        return client.post("/sign-in", fields, headers=headers)

    def sign_in(self, client=None, code=None):
        client = client or Client(self.server)
        equal(self.first_step(client).status, 303, "password")
        equal(client.get("/sign-in/code").status, 200, "page for the code")
        reply = client.post("/sign-in/code", {"code": code or self.fresh_code()})
        return client, reply


def kinds(place=server):
    with sqlite3.connect(os.path.join(place.data, "anketa.db")) as db:
        return [kind for kind, in db.execute("SELECT kind FROM event ORDER BY id")]


@test
def a_link_of_staff_leads_to_setting_up_and_signs_nobody_in():
    client = Client(server)
    link = server.link("ilze@example.org")
    page = client.get(link)
    equal(page.status, 200)
    contains(page.text, 'name="password"')
    reply = client.post(link)
    equal((reply.status, reply["Location"], "anketa" in client.cookies), (303, link, False), "the button of an ordinary link")
    equal(client.get("/field").status, 303, "still outside")


@test
def an_account_is_set_up_and_signs_in_by_password_and_code():
    account = Account("ilze@example.org")
    equal(account.client.get("/field").status, 200, "in after setting up")
    equal(Client(server).get(account.link).status, 404, "the link is spent")
    later = Client(server).get(server.link("ilze@example.org") + "?next=/data")
    equal((later.status, later["Location"]), (303, "/sign-in?next=/data"), "a later link leads to the password")
    client, reply = account.sign_in()
    equal((reply.status, reply["Location"]), (303, "/"), "code")
    equal(client.get("/field").status, 200, "in")
    other = Client(server)
    equal(account.first_step(other, next="/data")["Location"], "/sign-in/code?next=/data")
    equal(other.post("/sign-in/code", {"code": account.fresh_code(), "next": "/data"})["Location"], "/data", "and on")
    contains(" ".join(kinds()), "account-set-up sign-in")
    client.get("/account")
    client.post("/sign-out")
    equal(client.get("/field").status, 303, "out again")


@test
def nothing_counts_before_the_second_factor_is_proven():
    account = object.__new__(Account)
    account.server, account.address, account.password, account.client = server, "martins@example.org", PASSWORD, Client(server)
    account.link = server.link(account.address)
    account.client.get(account.link)
    account.choose(PASSWORD)
    account.secret = account.read_secret()
    equal(account.first_step(Client(server)).status, 400, "the password alone is nothing")
    equal(account.prove("000000").status, 400, "a wrong code")
    stranger = Client(server)
    stranger.get(account.link)
    reply = stranger.post(account.link + "/factor", {"code": account.code()})
    equal((reply.status, reply["Location"]), (303, account.link), "a second browser has no ticket")
    equal(account.prove(account.code()).status, 200, "the right code")


@test
def passwords_that_are_no_good_are_refused_with_a_reason():
    client = Client(server)
    link = server.link("andris@example.org")
    client.get(link)
    for password, words in (("short", "vismaz 12"), ("x" * 201, "ne vairāk kā 200"), ("passwordpassword", "viegli uzminēt"),
                            ("qwerty1234567", "viegli uzminēt"), ("Andris Vītols 1987", "Jūsu vārds"),
                            ("AnketaAnketa!", "Jūsu vārds")):
        reply = client.post(link + "/password", {"password": password, "again": password})
        equal(reply.status, 400, password)
        contains(reply.text, words, password)
        assert password not in reply.text, "a password must not come back"
    reply = client.post(link + "/password", {"password": PASSWORD, "again": PASSWORD + "x"})
    equal(reply.status, 400)
    contains(reply.text, "atšķiras")


@test
def a_password_counts_however_its_letters_are_composed():
    account = Account("composed@example.org") if add("composed@example.org") else None
    equal(account.first_step(Client(server), unicodedata.normalize("NFD", PASSWORD)).status, 303, "decomposed")


def add(address, role="coordinator", place=server):
    anketa("person", "add", address, "--data", place.data, "--name", "Kāds Cits", "--role", role)
    return True


@test
def a_code_works_once_and_a_step_to_either_side():
    add("codes@example.org")
    account = Account("codes@example.org")
    code = account.fresh_code()
    equal(account.sign_in(code=code)[1].status, 303, "the first time")
    client, reply = account.sign_in(code=code)
    equal(reply.status, 400, "the same code again")
    contains(reply.text, "Kods nav pareizs")
    clock.move(120)
    while clock.now() % 30 > 20:
        time.sleep(1)
    equal(client.post("/sign-in/code", {"code": account.code(-2)}).status, 400, "two steps late")
    equal(client.post("/sign-in/code", {"code": account.code(2)}).status, 400, "two steps early")
    equal(client.post("/sign-in/code", {"code": account.code(-1)}).status, 303, "a step late")
    clock.move(120)
    equal(account.sign_in(code=account.code(1))[1].status, 303, "a step early")


@test
def a_recovery_code_works_once():
    add("recover@example.org")
    account = Account("recover@example.org")
    client, reply = account.sign_in(code=account.codes[0].upper().replace("-", " "))
    equal((reply.status, reply["Location"]), (303, "/account?recovered=1#security"))
    page = client.get("/account?recovered=1").text
    contains(page, "atkopes kodu, un tas vairs neder")
    contains(page, "<dd>9</dd>")
    equal(account.sign_in(code=account.codes[0])[1].status, 400, "a second time")
    client.get("/account/codes")
    equal(client.post("/account/codes", {"password": "wrong"}).status, 400, "new codes need the password")
    fresh = re.findall(r"<code>([a-z0-9-]{19})</code>", client.post("/account/codes", {"password": PASSWORD}).text)
    equal(len(set(fresh) - set(account.codes)), 10, "ten new ones")
    equal(account.sign_in(code=account.codes[1])[1].status, 400, "an earlier one is void")
    equal(account.sign_in(code=fresh[1])[1].status, 303, "a new one is good")


@test
def answers_do_not_tell_whether_there_is_an_account():
    def ask(address, password):
        client = Client(server)
        client.get("/sign-in")
        started = time.monotonic()
        reply = client.post("/sign-in", {"email": address, "password": password})
        text = re.sub(r'value="[^"]*"|id="[^"]*"', "", reply.text)
        return reply.status, text, time.monotonic() - started

    known, unknown, contact = ask("ilze@example.org", "wrong"), ask("nobody@example.org", "wrong"), ask("anna@example.org", "wrong")
    equal(known[:2], unknown[:2], "the same page")
    equal(known[:2], contact[:2], "also for a contact")


@test
def a_password_is_changed_with_the_present_one():
    add("change@example.org")
    account = Account("change@example.org")
    other, _ = account.sign_in()
    client = account.client
    client.get("/account/password")
    new = "cita garā parole ar vārdiem"
    reply = client.post("/account/password", {"password": "wrong", "chosen": new, "again": new})
    equal(reply.status, 400)
    contains(reply.text, "Pašreizējā parole nav pareiza")
    equal(client.post("/account/password", {"password": PASSWORD, "chosen": "short", "again": "short"}).status, 400, "a short one")
    reply = client.post("/account/password", {"password": PASSWORD, "chosen": new, "again": new})
    equal((reply.status, reply["Location"]), (303, "/account?saved=password#security"))
    contains(client.get("/account?saved=password").text, "Parole ir nomainīta")
    equal(other.get("/field").status, 303, "the other session has ended")
    equal(account.first_step(Client(server)).status, 400, "the old one is nothing")
    equal(account.first_step(Client(server), new).status, 303, "the new one is good")


@test
def the_ticket_between_the_steps_ends():
    add("ticket@example.org")
    account = Account("ticket@example.org")
    client = Client(server)
    account.first_step(client)
    clock.move(15 * 60)
    equal(client.get("/sign-in/code")["Location"], "/sign-in?stale=1", "too late")
    contains(client.get("/sign-in?stale=1").text, "pārāk ilgs laiks")
    account.first_step(client)
    client.cookies["anketa-step"] = client.cookies["anketa-step"][:-1] + ("1" if client.cookies["anketa-step"][-1] == "0" else "0")
    equal(client.post("/sign-in/code", {"code": account.fresh_code()})["Location"], "/sign-in?stale=1", "not ours")


@test
def guessing_a_password_has_to_wait_longer_each_time():
    place = start("--proxy")
    try:
        add("guess@example.org", place=place)
        account = Account("guess@example.org", place)
        headers = [{"X-Forwarded-For": f"10.1.1.1, 198.51.100.{n}"} for n in range(40)]
        strangers = Client(place)
        for n in range(5):
            equal(account.first_step(strangers, "wrong", headers[n]).status, 400, f"guess {n}")
        reply = account.first_step(strangers, "wrong", headers[6])
        equal(reply.status, 429, "the sixth waits, from wherever it comes")
        contains(reply.text, "Pārāk daudz neveiksmīgu mēģinājumu")
        assert 1 <= int(reply["Retry-After"]) <= 15, reply["Retry-After"]
        equal(account.first_step(strangers, PASSWORD, headers[7]).status, 429, "the right one too, from a strange browser")
        owner = Client(place)
        owner.cookies["anketa-browser"] = account.client.cookies["anketa-browser"]
        equal(account.first_step(owner, None, headers[8]).status, 303, "not in the owner's own browser")
        clock.move(16)
        equal(account.first_step(strangers, "wrong", headers[9]).status, 400, "after the wait")
        assert 16 <= int(account.first_step(strangers, "wrong", headers[9])["Retry-After"]) <= 30, "twice as long"
        for _ in range(12):
            clock.move(15 * 60)
            equal(account.first_step(strangers, "wrong", headers[10]).status, 400, "a quarter of an hour is always enough")
        clock.move(15 * 60)
        equal(account.first_step(strangers, None, headers[11]).status, 303, "and a success forgets all")
        equal(account.first_step(strangers, "wrong", headers[12]).status, 400)
        equal(account.first_step(strangers, "wrong", headers[12]).status, 400)
    finally:
        place.remove()


@test
def guessing_codes_has_to_wait():
    add("factor@example.org")
    account = Account("factor@example.org")
    client, code = Client(server), account.fresh_code()
    account.first_step(client)
    for n in range(5):
        equal(client.post("/sign-in/code", {"code": "000000"}).status, 400, f"guess {n}")
    reply = client.post("/sign-in/code", {"code": code})
    equal(reply.status, 429, "the sixth waits, though it is right")
    assert int(reply["Retry-After"]) <= 15
    clock.move(16)
    equal(client.post("/sign-in/code", {"code": account.code()}).status, 303, "after the wait")


@test
def a_network_that_tries_links_has_to_wait_and_a_good_link_does_not():
    place = start("--proxy")
    try:
        here, there = {"X-Forwarded-For": "203.0.113.9"}, {"X-Forwarded-For": "2001:db8::1"}
        client = Client(place)
        for n in range(20):
            equal(client.ask("GET", "/e/" + "x" * 43, headers=here).status, 404, f"guess {n}")
        reply = client.ask("GET", "/e/" + "x" * 43, headers=here)
        equal(reply.status, 429, "the network waits")
        assert int(reply["Retry-After"]) > 0
        equal(client.ask("GET", "/e/" + "x" * 43, headers=there).status, 404, "another network does not")
        link = place.link("anna@example.org")
        equal(client.ask("GET", link, headers=here).status, 200, "nor does who has a link")
        equal(client.ask("POST", "/e/" + "y" * 43, urllib.parse.urlencode({"csrf": client.csrf}),
                         {"Content-Type": "application/x-www-form-urlencoded", **here}).status, 429, "pressing the button counts too")
    finally:
        place.remove()


@test
def without_proxy_nobody_says_where_they_come_from():
    place = start()
    try:
        client = Client(place)
        for n in range(20):
            equal(client.ask("GET", "/e/" + "x" * 43, headers={"X-Forwarded-For": f"203.0.113.{n}"}).status, 404, f"guess {n}")
        equal(client.ask("GET", "/e/" + "x" * 43, headers={"X-Forwarded-For": "203.0.113.99"}).status, 429)
    finally:
        place.remove()


# ---- contacts


def round_that_confirms():
    """A copy of the e-index round whose contacts confirm a new browser."""
    folder = tempfile.mkdtemp(prefix="anketa-round-")
    shutil.copytree(os.path.join(ROOT, "questionnaires/e-index-2017"), folder, dirs_exist_ok=True)
    with open(os.path.join(folder, "round.yaml"), "a", encoding="utf-8") as file:
        file.write("\nconfirm_browser: true\n")
    return folder


def codes_sent(place, address):
    """The codes in the outbox for the address, oldest first."""
    found = []
    for path in sorted(glob.glob(os.path.join(place.data, "outbox", "*code*"))):
        with open(path, "rb") as file:
            message = email.message_from_binary_file(file, policy=email.policy.default)
        if address in message["To"]:
            found.append(re.search(r"^(\d{6})$", message.get_content(), re.M)[1])
    return found


def wait_for_codes(place, address, count):
    until = time.monotonic() + 60
    while len(codes_sent(place, address)) < count:
        if time.monotonic() > until:
            raise AssertionError(f"no code came for {address}")
        time.sleep(0.2)
    return codes_sent(place, address)[-1]


def ask_for_code(client, link):
    contains(client.get(link).text, "Nosūtīt kodu")
    reply = client.post(link)
    equal((reply.status, reply["Location"]), (303, link + "/code"))
    equal(client.get(link + "/code").status, 200)


@test
def a_forwarded_link_lets_nobody_else_in():
    folder = round_that_confirms()
    place = start(folder=folder)
    try:
        link, owner, stranger = place.link("anna@example.org"), Client(place), Client(place)
        ask_for_code(owner, link)
        code = wait_for_codes(place, "anna@example.org", 1)
        equal(owner.get("/work").status, 303, "not in without the code")
        stranger.get(link)
        equal(stranger.post(link + "/code", {"code": code}).status, 400, "the code is of another browser")
        reply = owner.post(link + "/code", {"code": f"{code[:3]} {code[3:]}"})
        equal((reply.status, reply["Location"]), (303, "/"), "in")
        equal(owner.get("/work").status, 200)
        owner.cookies.pop("anketa")
        contains(owner.get(link).text, "Turpināt")
        equal(owner.post(link)["Location"], "/", "the browser is remembered")
        stranger.get(link)
        equal(stranger.post(link + "/code", {"code": code}).status, 400, "and the code is void")
        anketa("link", "revoke", "anna@example.org", "--data", place.data)
        again = place.link("anna@example.org")
        contains(owner.get(again).text, "Nosūtīt kodu", "until links are revoked")
    finally:
        place.remove()
        shutil.rmtree(folder)


@test
def a_code_ends_and_has_five_tries():
    folder = round_that_confirms()
    place = start(folder=folder)
    try:
        link, client = place.link("zane@example.org"), Client(place)
        ask_for_code(client, link)
        code = wait_for_codes(place, "zane@example.org", 1)
        wrong = "000000" if code != "000000" else "000001"
        for left in (4, 3, 2, 1):
            reply = client.post(link + "/code", {"code": wrong})
            equal(reply.status, 400)
            contains(reply.text, f": {left}.")
        contains(client.post(link + "/code", {"code": wrong}).text, "vairs neder")
        contains(client.post(link + "/code", {"code": code}).text, "vairs neder", "the right one comes too late")
        client.post(link)
        code = wait_for_codes(place, "zane@example.org", 2)
        clock.move(15 * 60)
        contains(client.post(link + "/code", {"code": code}).text, "vairs neder", "after a quarter of an hour")
        client.post(link)
        code = wait_for_codes(place, "zane@example.org", 3)
        equal(client.post(link)["Location"], link + "/code", "a second press")
        clock.move(14 * 60)
        equal(client.post(link + "/code", {"code": code}).status, 303, "the code of the first press is still good")
    finally:
        place.remove()
        shutil.rmtree(folder)


# ---- sessions


@test
def sessions_are_seen_and_ended_one_by_one():
    one, two, three = Client(server), Client(server), Client(server)
    for client, agent in ((one, "Mozilla/5.0 (Windows NT 10.0; rv:130.0) Gecko/20100101 Firefox/130.0"),
                          (two, "Mozilla/5.0 (X11; Linux x86_64) Chrome/129.0 Safari/537.36"), (three, "")):
        link = server.link("janis@example.org")
        client.get(link)
        equal(client.post(link, headers={"User-Agent": agent}).status, 303)
    page = one.get("/account").text
    contains(page, "Firefox, Windows")
    contains(page, "Chrome, Linux")
    contains(page, "nav zināms")
    row = re.search(r"Chrome, Linux</td>.*?name=\"end\" value=\"([0-9a-f]{64})\"", page, re.S)
    equal(one.post("/account/sessions", {"end": row[1]}).status, 303)
    equal((one.get("/work").status, two.get("/work").status, three.get("/work").status), (200, 303, 200), "one has ended")
    zane = Client(server, "zane@example.org")
    zane.get("/account")
    own = re.search(r"name=\"end\" value=\"([0-9a-f]{64})\"", one.get("/account").text)[1]
    zane.post("/account/sessions", {"end": own})
    equal(three.get("/work").status, 200, "not somebody else's")
    one.get("/account")
    equal(one.post("/account/sessions", {"end": "others"}).status, 303)
    equal((one.get("/work").status, three.get("/work").status), (200, 303), "the others have ended")
    contains(" ".join(kinds()), "new-browser")


# ---- staff, the book of events


def administrator(place=server):
    """One who is in, whose own client goes on."""
    if not administrator.client:
        administrator.client = Account("andris@example.org", place).client
    return administrator.client


administrator.client = None


def person_number(address, place=server):
    with sqlite3.connect(os.path.join(place.data, "anketa.db")) as db:
        return db.execute("SELECT id FROM person WHERE email = ? AND removed_ms = 0", (address,)).fetchone()[0]


def mail_to(place, address, word):
    """The last message of that kind for the address, once it is there."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        for path in sorted(glob.glob(os.path.join(place.data, "outbox", f"*{word}*")), reverse=True):
            with open(path, "rb") as file:
                message = email.message_from_binary_file(file, policy=email.policy.default)
            if address in message["To"]:
                return message.get_content()
        time.sleep(0.2)
    raise AssertionError(f"no {word} came for {address}")


@test
def an_administrator_adds_staff_who_set_up_their_account_from_the_mail():
    client = administrator()
    page = client.get("/staff")
    equal(page.status, 200)
    contains(page.text, "Ilze Ozola")
    contains(page.text, "Parole un otrais faktors")
    for fields, words in (({"name": "", "email": "new@example.org", "role": "expert"}, "Ierakstiet vārdu"),
                          ({"name": "Jauna Darbiniece", "email": "nowhere", "role": "expert"}, "e-pasta adres"),
                          ({"name": "Jauna Darbiniece", "email": "new@example.org"}, "Izvēlieties lomu"),
                          ({"name": "Jauna Darbiniece", "email": "ilze@example.org", "role": "expert"}, "jau ir")):
        reply = client.post("/staff", {**fields, "language": "lv"})
        equal(reply.status, 400, fields)
        contains(reply.text, words)
        contains(reply.text, fields["name"])
    fields = {"name": "Jauna Darbiniece", "email": "New@example.org", "role": "expert", "language": "lv"}
    equal(client.post("/staff", fields)["Location"], "/staff?said=added")
    contains(client.get("/staff?said=added").text, "Nav iestatīts")
    body = mail_to(server, "new@example.org", "account")
    contains(body, "Andris Vītols: Jums ir izveidots konts")
    link = urllib.parse.urlparse(re.search(r"http\S+/e/\S+", body)[0]).path
    newcomer = Client(server)
    contains(newcomer.get(link).text, "Jauna Darbiniece")


@test
def a_reset_voids_everything_and_says_so_by_mail():
    add("reset@example.org")
    account = Account("reset@example.org")
    number, client = person_number("reset@example.org"), administrator()
    client.get(f"/staff/{number}")
    equal(client.post(f"/staff/{number}", {"do": "reset"})["Location"], f"/staff/{number}?said=reset")
    equal(account.client.get("/field").status, 303, "out")
    equal(account.first_step(Client(server)).status, 400, "the password is void")
    body = mail_to(server, "reset@example.org", "reset")
    contains(body, "Andris Vītols: Jūsu konta parole un otrais faktors ir atcelti")
    link = urllib.parse.urlparse(re.search(r"http\S+/e/\S+", body)[0]).path
    contains(Client(server).get(link).text, "1. solis no 2")
    contains(" ".join(kinds()), "account-reset")


@test
def a_role_is_changed_and_a_person_removed_but_never_the_last_administrator():
    add("roles@example.org")
    account = Account("roles@example.org")
    number, client, own = person_number("roles@example.org"), administrator(), person_number("andris@example.org")
    client.get(f"/staff/{number}")
    equal(account.client.get("/data").status, 200)
    equal(client.post(f"/staff/{number}", {"do": "role", "role": "expert"}).status, 303)
    equal((account.client.get("/field").status, account.client.get("/work").status), (404, 200), "at once")
    for what in ("role", "remove", "reset"):
        reply = client.post(f"/staff/{own}", {"do": what, "role": "expert"})
        equal(reply.status, 409, what)
        contains(reply.text, "cits administrators", what)
    equal(client.get("/staff").status, 200, "still an administrator")
    equal(client.post(f"/staff/{number}", {"do": "remove"})["Location"], "/staff?said=removed")
    equal(account.client.get("/work").status, 303, "out")
    equal(client.get(f"/staff/{number}").status, 404, "not there any more")
    anna = person_number("anna@example.org")
    for what in ("role", "remove", "reset"):
        equal(client.post(f"/staff/{anna}", {"do": what, "role": "administrator"}).status, 404, f"a contact: {what}")


@test
def sessions_of_contacts_are_found_and_ended():
    zane, client = Client(server, "zane@example.org"), administrator()
    page = client.get("/staff?q=zane").text
    number = person_number("zane@example.org")
    contains(page, f'href="/staff/{number}">Zane Liepa')
    contains(client.get("/staff?q=zzzz").text, "Neviens nav atrasts")
    client.get(f"/staff/{number}")
    equal(client.post(f"/staff/{number}", {"end": "all"}).status, 303)
    equal(zane.get("/work").status, 303, "out")


@test
def only_administrators_come_there():
    coordinator = Account("coordinator2@example.org") if add("coordinator2@example.org") else None
    anna = Client(server, "anna@example.org")
    for path in ("/staff", "/staff/1", "/audit"):
        equal((coordinator.client.get(path).status, anna.get(path).status, Client(server).get(path).status), (404, 404, 303), path)


@test
def the_book_is_read_by_person_kind_and_day():
    client = administrator()
    page = client.get("/audit").text
    contains(page, "Andris Vītols: ")
    contains(page, "neizdevusies ieeja, 127.0.0.1")
    number = person_number("ilze@example.org")
    page = client.get(f"/audit?person={number}&kind=sign-in").text
    contains(page, "Ilze Ozola: ieeja")
    assert "neizdevusies ieeja, 127" not in page
    contains(client.get("/audit?from=2999-01-01").text, "Šādu notikumu nav")
    reply = client.get("/audit?from=2026-02-30&kind=<b>")
    equal(reply.status, 400)
    contains(reply.text, "Datums nav pareizs")
    with sqlite3.connect(os.path.join(server.data, "anketa.db")) as db:
        count = db.execute("SELECT count(*) FROM event").fetchone()[0]
    assert count > 100, count
    page = client.get("/audit").text
    older = re.search(r'href="(/audit\?before=\d+)"', page)[1]
    equal(client.get(older).status, 200)
    equal(len(re.findall(r'<td class="number">', page)), 100, "a page")


@test
def the_demonstration_lets_staff_in_by_a_link_and_says_so():
    place = Server(people=PEOPLE)
    try:
        client = Client(place)
        contains(client.get(place.link("ilze@example.org")).text, "Demonstrācijas režīms")
        equal(Client(place, "ilze@example.org").get("/field").status, 200)
        contains("".join(place.log), "--staff-links: staff sign in by their link alone")
    finally:
        place.remove()


@test
def the_book_is_whole_after_all_this():
    contains(anketa("audit", "verify", "--data", server.data), "OK: ")


code = run_tests()
server.remove()
sys.exit(code)
