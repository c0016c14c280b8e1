#!/usr/bin/python3
"""Every role asks for every address that an action of docs/rights.md stands behind; who may not is told that there is nothing."""
import os
import re
import sys

from harness import ROOT, Client, Server, contains, equal, run_tests, test

ROLES = ("contact", "coordinator", "researcher", "expert", "administrator")
EMAILS = {"contact": "anna@example.org", "coordinator": "ilze@example.org", "researcher": "martins@example.org",
          "expert": "liga@example.org", "administrator": "andris@example.org"}
PEOPLE = (("anna@example.org", "Anna Bērziņa", "contact", "VARAM"), ("ilze@example.org", "Ilze Ozola", "coordinator", None),
          ("martins@example.org", "Mārtiņš Liepa", "researcher", None), ("liga@example.org", "Līga Krūmiņa", "expert", None),
          ("andris@example.org", "Andris Vītols", "administrator", None))

server = Server(people=PEOPLE)
clients = {role: Client(server, email) for role, email in EMAILS.items()}
OWN = re.search(r"/r/(\d+)/", clients["contact"].get("/work").text)[1]
INSTITUTION = re.search(r"/field/i/(\d+)", clients["coordinator"].get("/field/list?find=VARAM").text)[1]

# The action that an address needs; {r}: the contact's own response, {i}: the contact's institution.
GETS = {
    "fill": ("/work", "/history", "/reminders"),
    "colleagues": ("/people",),
    "see-field": ("/field", "/field/list", "/field/i/{i}", "/field/xlsx", "/field/calls"),
    "frame": ("/frame", "/frame/nominations", "/frame/i/{i}/contact"),
    "mail": ("/mailings", "/mailings/new", "/mailings/templates", "/mailings/rules", "/mailings/outbox"),
    "steer": ("/field/round", "/field/round/close", "/field/round/report", "/field/round/deadline", "/field/i/{i}/deadline",
              "/field/i/{i}/log"),
    "query": ("/queries", "/queries/export"),
    "publish": ("/field/questionnaires",),
    "export": ("/data",),
    "accounts": ("/staff",),
    "audit": ("/audit",),
}
POSTS = {
    "fill": ("/r/{r}/s/21006", "/r/{r}/confirm"),
    "submit": ("/r/{r}/submit",),
    "colleagues": ("/people", "/r/{r}/assign"),
    "frame": ("/frame/add", "/frame/i/{i}/people"),
    "mail": ("/mailings/new", "/mailings/templates", "/mailings/rules"),
    "steer": ("/field/round/deadline", "/field/i/{i}/deadline", "/field/i/{i}/log", "/field/round/close", "/r/{r}/reopen"),
    "on-behalf": ("/field/i/{i}/authority",),
    "query": ("/queries", "/queries/suggest"),
    "publish": ("/field/questionnaires",),
    "accounts": ("/staff",),
}
# What an expert may do is about experts' questionnaires; the addresses above name a contact's.
CONTACTS_ONLY = {"/r/{r}/s/21006", "/r/{r}/confirm", "/r/{r}/submit"}


def table():
    """Action -> role -> "own", "all" or "–", as the document has it."""
    with open(os.path.join(ROOT, "docs/rights.md"), encoding="utf-8") as file:
        rows = [[cell.strip() for cell in line.strip("|\n").split("|")] for line in file if line.startswith("| `")]
    return {row[0].strip("`"): dict(zip(ROLES, row[1:6])) for row in rows}


RIGHTS = table()


def ask(role, method, pattern):
    path = pattern.format(r=OWN, i=INSTITUTION)
    client = clients[role] if role else Client(server)
    if method == "GET":
        return client.get(path)
    client.get("/account" if role else "/")
    return client.post(path, {"round": "e-index-2017"})


def check(method, addresses):
    wrong = []
    for action, patterns in addresses.items():
        for pattern in patterns:
            for role in ROLES:
                may = RIGHTS[action][role] != "–" and not (role == "expert" and pattern in CONTACTS_ONLY)
                status = ask(role, method, pattern).status
                if (status in (404, 405)) == may:
                    wrong.append(f"{role} {method} {pattern} ({action}): {status}")
    equal(wrong, [])


@test
def the_table_is_whole():
    equal(sorted(set(GETS) | set(POSTS) | {"talk", "answer"}), sorted(RIGHTS))


@test
def pages_are_there_for_whom_the_table_says():
    check("GET", GETS)


@test
def changes_are_taken_from_whom_the_table_says():
    check("POST", POSTS)


@test
def notes_and_answers_are_for_those_who_fill():
    for role in ROLES:
        clients[role].get("/account")
        reply = clients[role].post(f"/r/{OWN}/h/V01", {"do": "note", "note": "Piezīme"})
        equal(reply.status in ((303,) if RIGHTS["talk"][role] == "own" else (404, 405)), True, f"a note: {role}: {reply.status}")
    for role in ROLES:
        reply = clients[role].get(f"/r/{OWN}/queries")
        equal(reply.status, 200 if role in ("contact", "coordinator", "administrator") else 404, f"the queries of a response: {role}")


@test
def nobody_is_sent_to_sign_in():
    for patterns in GETS.values():
        for pattern in patterns:
            reply = ask(None, "GET", pattern)
            equal(reply.status in (200, 303, 401, 404), True, pattern)
            if reply.status == 200:
                contains(reply.text, "sign-in")


try:
    code = run_tests()
finally:
    server.remove()
sys.exit(code)
