#!/usr/bin/python3
"""Reminders over HTTP: setting and removing them, what is refused, and a due one that becomes a message with a good link."""
import email
import email.policy
import os
import re
import sqlite3
import sys
import time

from harness import PEOPLE, Client, Server, contains, equal, run_tests, test

server = Server(people=(*PEOPLE, ("liga@example.org", "Līga Krūmiņa", "expert", None)))
anna, janis, liga, ilze = (Client(server, f"{n}@example.org") for n in ("anna", "janis", "liga", "ilze"))
for client in (anna, janis, liga, ilze):
    client.get("/accessibility")


def sql(text, *values):
    db = sqlite3.connect(os.path.join(server.data, "anketa.db"), timeout=60)
    with db:
        rows = db.execute(text, values).fetchall()
    db.close()
    return rows


def add(client, date="6.12.2027", clock="9.00", text="", **more):
    return client.post("/reminders", {"date": date, "time": clock, "text": text, **more})


def ids(client):
    return re.findall(r'action="/reminders/(\d+)/remove"', client.get("/reminders").text)


@test
def a_reminder_is_set_seen_and_removed():
    contains(anna.get("/work").text, 'href="/reminders"', "the way there")
    contains(anna.get("/reminders").text, "Neviens atgādinājums nav iestatīts", "nothing yet")
    reply = add(anna, text="Pajautāt <b>Jānim</b> & Zanei\nOtrā rinda")
    equal((reply.status, reply["Location"]), (303, "/reminders?done=added"), "added")
    page = anna.get("/reminders?done=added").text
    contains(page, "Atgādinājums ir iestatīts.", "it says so")
    contains(page, "2027. gada 6. decembris, 09:00", "when")
    contains(page, "Pajautāt &lt;b&gt;Jānim&lt;/b&gt; &amp; Zanei\nOtrā rinda", "text")
    contains(page, "anna@example.org", "where to")
    reply = anna.post(f"/reminders/{ids(anna)[0]}/remove")
    equal((reply.status, reply["Location"]), (303, "/reminders?done=removed"), "removed")
    equal(ids(anna), [], "gone")
    equal(sql("SELECT count(*) FROM reminder WHERE removed_ms = 0"), [(0,)], "in the store too")


@test
def what_cannot_be_set_keeps_what_was_typed():
    for fields, words, field in ((("32.12.2027", "9.00"), "Ierakstiet datumu", "date"),
                                 (("", "9.00"), "Ierakstiet datumu", "date"),
                                 (("6.12.2027", "deviņos"), "Ierakstiet laiku", "time"),
                                 (("6.12.2017", "9.00"), "jau ir pagājis", "date"),
                                 (("6.12.2097", "9.00"), "divus gadus", "date")):
        reply = add(anna, *fields, text="Tas paliek <&>")
        equal(reply.status, 400, f"{fields}")
        contains(reply.text, words, f"{fields}")
        contains(reply.text, f'<a href="#{field}">', "the summary leads to the field")
        contains(reply.text, f'aria-describedby="{field}-hint {field}-problem" aria-invalid="true"', "and the field is marked")
        contains(reply.text, f'name="date" value="{fields[0]}"', "date kept")
        contains(reply.text, f'name="time" value="{fields[1]}"', "time kept")
        contains(reply.text, ">Tas paliek &lt;&amp;&gt;</textarea>", "text kept")
    long = add(anna, text="ā" * 501)
    equal(long.status, 400, "too long")
    contains(long.text, "ā" * 501, "kept as well")
    equal(add(anna, text="a\x01b").status, 400, "control characters")
    for choice in ("x", "-1", "99999999999999999999", "1"):
        equal(add(anna, choice=choice).status, 400, f"choice {choice}")
    equal(ids(anna), [], "nothing was set")
    contains(Client.post(anna, "/reminders", {"date": "x"}).text, "Ierakstiet datumu", "with fields left out")


@test
def another_persons_reminder_is_not_there():
    add(janis)
    theirs = ids(janis)[0]
    for path in (theirs, "999999", "x", "1x", "-1", "99999999999999999999"):
        equal(anna.post(f"/reminders/{path}/remove").status, 404, f"remove {path}")
    equal(ids(janis), [theirs], "it is there still")
    janis.post(f"/reminders/{theirs}/remove")
    equal(janis.post(f"/reminders/{theirs}/remove").status, 404, "removed twice")


@test
def only_who_fills_forms_has_reminders():
    equal(ilze.get("/reminders").status, 404, "coordinator")
    equal(ilze.post("/reminders", {"date": "6.12.2027", "time": "9"}).status, 404, "coordinator sets")
    contains(liga.get("/work").text, 'href="/reminders"', "the expert's way there")
    equal(add(liga).status, 303, "expert sets")
    liga.post(f"/reminders/{ids(liga)[0]}/remove")
    equal(anna.post("/reminders", {"date": "6.12.2027", "time": "9"}, csrf=False).status, 403, "not from a page of ours")
    equal(Client(server).get("/reminders").status, 303, "nobody is sent to sign in")


@test
def the_list_is_bounded():
    for _ in range(50):
        equal(add(anna).status, 303, "set")
    reply = add(anna)
    equal(reply.status, 400, "one too many")
    contains(reply.text, "Vienlaikus var būt 50 atgādinājumi", "it says so")
    sql("UPDATE reminder SET removed_ms = 1")


@test
def a_choice_is_one_press():
    contains(anna.get("/reminders").text, ">Rīt<", "tomorrow")
    equal("pirms termiņa" in anna.get("/reminders").text, False, "a deadline in 2099 is too far ahead")
    sql("UPDATE round SET deadline_ms = ?", int(time.time() * 1000) + 40 * 86400000)
    page = anna.get("/reminders").text
    choices = re.findall(r'name="choice" value="(\d+)"><span>([^<]+)<span', page)
    equal([name for _, name in choices][:1], ["Rīt"], "tomorrow comes first")
    equal("Dienu pirms termiņa" in [name for _, name in choices], True, "and one before the deadline")
    equal(add(anna, "", "", choice=choices[0][0]).status, 303, "set")
    equal(sql("SELECT due_ms FROM reminder WHERE removed_ms = 0"), [(int(choices[0][0]),)], "that moment")
    sql("UPDATE reminder SET removed_ms = 1")


@test
def a_due_one_becomes_a_file_with_a_working_link():
    add(anna, text="Pajautāt Jānim par sadaļu „Dati”")
    sql("UPDATE reminder SET due_ms = 1 WHERE removed_ms = 0")
    outbox = os.path.join(server.data, "outbox")
    until = time.monotonic() + 60
    while not (os.path.isdir(outbox) and [n for n in os.listdir(outbox) if n.endswith(".eml")]):
        equal(time.monotonic() < until, True, "the server makes the file")
        time.sleep(0.05)
    name, = os.listdir(outbox)
    contains(name, "-reminder-anna@example.org.eml", "name")
    with open(os.path.join(outbox, name), "rb") as file:
        message = email.message_from_bytes(file.read(), policy=email.policy.default)
    equal(message["To"], "Anna Bērziņa <anna@example.org>", "to")
    equal(message["Reply-To"], "palidziba@example.org", "reply to")
    contains(message["Subject"], "Atgādinājums: Valsts iestāžu e-indekss 2017", "subject")
    text = message.get_content().replace("\r\n", "\n")
    contains(text, "Jūsu piezīme: Pajautāt Jānim par sadaļu „Dati”\n", "text")
    contains(text, "Valsts iestāžu pašvērtējuma anketa: nav sākta\n", "where it stands")
    link = re.search(rf"^{re.escape(server.url)}(/e/[\w-]+)$", text, re.M)
    fresh = Client(server)
    contains(fresh.get(link[1]).text, "Anna Bērziņa", "whose link it is")
    equal(fresh.sign_in(link[1])["Location"], "/", "signed in")
    equal(fresh.get("/work").status, 200, "at work")
    equal(ids(anna), [], "it is open no more")
    time.sleep(5)  # two rounds of the thread that sends
    equal(len(os.listdir(outbox)), 1, "and it is sent once")


@test
def who_wants_no_reminders_is_told():
    sql("UPDATE person SET notify = 3 WHERE email = 'janis@example.org'")
    contains(janis.get("/reminders").text, "Jūs esat atteikušies no atgādinājumiem", "it says so")


code = run_tests()
server.remove()
sys.exit(code)
