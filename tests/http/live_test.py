#!/usr/bin/python3
"""What an open section page asks every few seconds: who is there, what changed, who may ask, nonsense."""
import json
import re
import sys

from harness import Client, Server, anketa, contains, equal, run_tests, test

JSON = {"Accept": "application/json"}
server = Server()
anna, janis, zane = (Client(server, f"{n}@example.org") for n in ("anna", "janis", "zane"))
ilze, martins = (Client(server, f"{n}@example.org") for n in ("ilze", "martins"))
for client in (anna, janis, zane, ilze, martins):
    client.get("/accessibility")
ours = re.search(r"/r/(\d+)/s/21006", anna.get("/work").text)[1]
theirs = re.search(r"/r/(\d+)/s/21006", zane.get("/work").text)[1]


def ask(client, tab="t", section="21006", response=None, csrf=True, **fields):
    return client.post(f"/r/{response or ours}/live", {"tab": tab, "section": section, **fields}, headers=JSON, csrf=csrf)


def live(client, **fields):
    reply = ask(client, **fields)
    equal(reply.status, 200, reply.text[:300])
    return json.loads(reply.text)


def save(client, section="21006", **fields):
    return client.post(f"/r/{ours}/s/{section}", {k.replace("_", ":", 1): v for k, v in fields.items()}, headers=JSON)


def now(client=janis, section="21006"):
    """The revision, and talk, that a page made now has."""
    page = client.get(f"/r/{ours}/s/{section}").text
    return {"rev": re.search(r'data-revision="(\d+)"', page)[1], "talk": re.search(r'data-talk="(\d+)"', page)[1]}


def entry(reply, key):
    return next((e for e in reply["changed"]["entries"] if e["key"] == key), None)


def others(client, **fields):
    return [(p["name"], p["section"], p["key"]) for p in live(client, **fields)["people"] if not p["you"]]


@test
def nothing_new_is_a_small_answer():
    reply = ask(anna, **now(anna))
    told = json.loads(reply.text)
    equal((reply.status, "changed" in told, told["status"]), (200, False, "started"), "as it was")
    equal([(p["name"], p["you"]) for p in told["people"]], [("Anna Bērziņa", True)], "Anna alone")
    equal(told["people_line"], "", "nobody else")
    equal(len(reply.body) < 400, True, f"{len(reply.body)} bytes")


@test
def colleagues_see_each_other_with_section_and_field():
    ask(janis, tab="j", section="21001", key="K13M")
    told = live(anna, **now(anna))
    equal([(p["name"], p["section"], p["key"]) for p in told["people"] if not p["you"]], [("Jānis Kalniņš", "21001", "K13M")], "Jānis")
    equal(told["people_line"], "Tagad šeit strādā: Jānis Kalniņš (2. sadaļa)", "in words")
    contains(anna.get(f"/r/{ours}/s/21006").text, "Tagad šeit strādā: Jānis Kalniņš (2. sadaļa)", "on a page made now")
    contains(anna.get(f"/r/{ours}/s/21001").text, "Jānis Kalniņš (šajā sadaļā)", "in his section")
    equal("Tagad šeit strādā" in janis.get(f"/r/{ours}/s/21006").text.replace("Anna Bērziņa", ""), True, "he sees Anna")
    equal(ask(janis, tab="j", section="").text, "{}", "he leaves")
    equal(others(anna), [], "gone")


@test
def a_colleagues_answer_comes_with_all_that_follows_from_it():
    page = now(anna, "21001")
    save(janis, section="21001", v_K13M=0, a_K13M=99)
    told = live(anna, section="21001", **page)
    answer = entry(told, "K13M")
    equal((answer["values"], answer["special"], answer["version"], answer["mine"], answer["who"]), (["99"], "", 1, False, "Jānis Kalniņš"), "the answer")
    contains(answer["state"], "Jānis Kalniņš", "who saved it")
    equal(answer["history"], f"/r/{ours}/h/K13M", "its history")
    equal("K13M_NOTES" in told["changed"]["hidden"], False, "what it brings up")
    for member in ("time", "hidden", "hidden_options", "hidden_containers", "problems", "calculated", "rows", "row_labels", "sections"):
        equal(member in told["changed"], True, member)
    equal(entry(live(janis, section="21001", **page), "K13M")["mine"], True, "his own, to himself")
    equal("changed" in live(anna, section="21001", rev=told["revision"], talk=told["talk"]), False, "and then nothing")
    equal("changed" in live(anna, section="21001", rev=told["revision"], talk=int(told["talk"]) + 1), True, "the talk counts too")


@test
def fields_come_back_as_they_are_shown():
    save(anna, v_V01=0, a_V01="1 234,5")
    save(anna, v_V00J=0, a_V00J="divi simti")
    save(anna, v_F00=0, a_F00="1")
    save(anna, section="21005", v_D21=0, s_D21="na")
    told = live(janis, rev=0)
    equal(entry(told, "V01")["values"], ["1234,5"], "a number")
    equal(entry(told, "V00J")["values"], ["divi simti"], "no number, as typed")
    equal(entry(told, "F00")["values"], ["1"], "one of several")
    equal(entry(told, "NOTES_DESC"), None, "never answered")
    special = entry(live(janis, section="21005", rev=0), "D21")
    equal((special["values"], special["special"]), ([], "na"), "not applicable")
    version = entry(told, "V01")["version"]
    save(anna, v_V01=version)
    cleared = entry(live(janis, rev=0), "V01")
    equal((cleared["values"], cleared["version"]), ([], version + 1), "cleared")


@test
def rows_come_with_their_names():
    anna.post(f"/r/{ours}/s/21005", {"do": "add:systems", "add:systems": "Lietvedība <b>"})
    changed = live(janis, section="21005", rev=0)["changed"]
    equal(changed["row_labels"], {"systems:r1": "Lietvedība <b>"}, "name")
    equal(list(changed["rows"]), ["systems:r1"], "progress")


@test
def what_is_sent_twice_changes_nothing():
    before = live(anna)["revision"]
    first = json.loads(save(anna, v_V03=0, a_V03="12").text)["entries"][0]
    after = live(anna)["revision"]
    second = json.loads(save(anna, v_V03=0, a_V03="12").text)["entries"][0]
    equal((first["result"], second["result"], second["version"]), ("saved", "saved", first["version"]), "the same answer")
    equal((after - before, live(anna)["revision"] - after), (1, 0), "one change")


@test
def who_may_not_see_it_hears_that_there_is_nothing():
    equal(ask(zane).status, 404, "another institution")
    equal(ask(anna, response=theirs).status, 404, "another institution's")
    equal(ask(martins).status, 404, "a researcher")
    equal(ask(Client(server), csrf=False).status, 401, "nobody")
    equal(ask(anna, response=999999).status, 404, "no such response")
    equal("Zane" in ask(anna).text, False, "nothing of them is told")


@test
def a_coordinator_sees_and_is_not_seen():
    ask(janis, tab="j")
    told = live(ilze, rev=0)
    equal(any(p["name"] == "Jānis Kalniņš" for p in told["people"]), True, "sees who works")
    equal(entry(told, "V00J")["values"], ["divi simti"], "and the answers")
    equal(any("Ilze" in name for name, _, _ in others(anna)), False, "and is not shown")
    ask(janis, tab="j", section="")


@test
def without_the_token_nothing_is_told():
    equal(ask(anna, csrf=False).status, 403, "no token")
    reply = anna.post(f"/r/{ours}/live", {"tab": "t", "section": "21006", "csrf": "0" * 64}, headers=JSON, csrf=False)
    equal(reply.status, 403, "a wrong one")
    equal(anna.get(f"/r/{ours}/live").status, 405, "not by GET")


@test
def nonsense_is_refused_or_left_out():
    for tab in ("", "x" * 41, "a b", "ā", "<b>", "../x", "a\0b"):
        equal(ask(anna, tab=tab).status, 400, repr(tab))
    for section in ("nothing", "21006 ", "x" * 5000, "<b>"):
        equal(ask(anna, section=section).status, 404, section[:20])
    for key in ("NO_SUCH", "<script>", "x" * 5000, "K13M", ":", "V01:<b>", "V01\n"):
        told = live(janis, tab="n", key=key)
        equal([p["key"] for p in told["people"] if p["you"] and p["section"] == "21006"], [""], repr(key[:20]))
    for wrong in ("-1", "x", "9" * 400, "1e9", ""):
        told = live(anna, rev=wrong, talk=wrong, active=wrong, device=wrong)
        equal("changed" in told, True, f"revision {wrong[:9]!r}")
    equal(ask(anna, rev="1" * 1_000_000).status, 200, "a million digits")
    ask(janis, tab="n", section="")


@test
def a_hundred_tabs_of_one_person_are_one():
    page = now()
    before = server.resident_kb()
    for i in range(100):
        equal(ask(janis, tab=f"tab-{i}", key=("V01", "V03")[i % 2], **page).status, 200, f"tab {i}")
    equal([other for other in others(anna, **page)], [("Jānis Kalniņš", "21006", "V03")], "once, where he was last")
    for i in range(400):
        ask(janis, tab=f"more-{i}", **page)
    equal(server.resident_kb() - before < 100_000, True, "memory, under the sanitizers, which keep what was freed")
    equal(len(ask(anna, **page).body) < 1000, True, "and a small answer")
    equal(ask(janis, tab="other", section="21001", **page).status, 200, "another section")
    equal([s for _, s, _ in others(anna, **page)], ["21006", "21001"], "once for each section")


@test
def a_session_that_is_over_hears_so():
    anketa("link", "revoke", "janis@example.org", "--data", server.data)
    reply = ask(janis)
    equal((reply.status, json.loads(reply.text)["error"]), (401, "signin"), "signed out")


code = run_tests()
server.remove()
sys.exit(code)
