#!/usr/bin/python3
"""Different answers to one question: both people's pages show them, one choice settles it, nobody else may choose."""
import json
import re
import sys
import threading

from harness import Client, Server, contains, equal, run_tests, test

JSON = {"Accept": "application/json"}
server = Server()
anna, janis, zane, ilze = (Client(server, f"{n}@example.org") for n in ("anna", "janis", "zane", "ilze"))
for client in (anna, janis, zane, ilze):
    client.get("/accessibility")
ours = re.search(r"/r/(\d+)/s/21006", anna.get("/work").text)[1]
SECTION, SYSTEMS = f"/r/{ours}/s/21006", f"/r/{ours}/s/21005"


def save(client, fields, section=SECTION, headers=JSON):
    return client.post(section, fields, headers=headers)


def reply_of(client, fields, section=SECTION):
    reply = save(client, fields, section)
    equal(reply.status, 200, f"{fields}: {reply.text[:300]}")
    return json.loads(reply.text)


def entry(reply, key):
    found = [e for e in reply["entries"] if e["key"] == key]
    equal(len(found), 1, f"entries of {key}")
    return found[0]


def version(key, section=SECTION):
    return int(re.search(rf'name="v:{key}" value="(\d+)"', anna.get(section).text)[1])


def differ(key, first, second, section=SECTION):
    """Anna and Janis both answer what they saw; the reply that Janis gets."""
    seen = version(key, section)
    equal(entry(reply_of(anna, {f"v:{key}": seen, f"a:{key}": first}, section), key)["result"], "saved", "Anna")
    reply = reply_of(janis, {f"v:{key}": seen, f"a:{key}": second}, section)
    equal(entry(reply, key)["result"], "conflict", "Janis")
    return reply


def buttons(client, path):
    return re.findall(r'value="(settle:[^"]+)"', client.get(path).text)


@test
def both_get_both_values():
    reply = differ("V00J", "5", "7,50")
    stored, rival = reply["rivals"]["V00J"]
    equal((stored["number"], stored["text"], stored["values"], stored["special"], stored["mine"], stored["stored"]),
          (0, "5", ["5"], "", False, True), "what is stored")
    equal((rival["number"], rival["text"], rival["values"], rival["special"], rival["mine"], rival["stored"]),
          (1, "7,50", ["7,50"], "", True, False), "what came too late, no whole number as it is")
    contains(stored["line"], "Anna Bērziņa · ")
    contains(rival["line"], "Jānis Kalniņš · ")
    other = reply_of(anna, {})["rivals"]["V00J"]
    equal([(v["text"], v["mine"]) for v in other], [("5", True), ("7,50", False)], "Anna's next reply has it too")
    equal("V00J" in reply_of(anna, {}, SYSTEMS)["rivals"], False, "not in another section's")
    for client in (anna, janis, ilze):
        page = client.get(SECTION).text
        box = re.search(r'id="p-V00J".*?</ul>', page, re.S)[0]
        for part in ("Anna Bērziņa", "Jānis Kalniņš", ">5<", ">7,50<"):
            contains(box, part, "the page")
    equal(buttons(anna, SECTION), ["settle:V00J:0", "settle:V00J:1"], "buttons")
    equal(buttons(ilze, SECTION), [], "a coordinator only reads")


@test
def the_same_save_twice_is_one_rival():
    seen = version("V00J")
    reply = reply_of(janis, {"v:V00J": seen - 1, "a:V00J": "7,50"})
    equal(entry(reply, "V00J")["result"], "conflict", "again")
    equal([v["number"] for v in reply["rivals"]["V00J"]], [0, 1], "not added again")


@test
def nobody_else_chooses():
    for client, statuses in ((zane, (404,)), (ilze, (404, 405))):
        for headers in (JSON, {}):
            equal(save(client, {"do": "settle:V00J:1"}, headers=headers).status in statuses, True, "refused")
    equal(save(anna, {"do": "settle:V00J:1"}, f"/r/{int(ours) + 1000000}/s/21006").status, 404, "no such response")
    equal(len(buttons(anna, SECTION)), 2, "nothing is settled")


@test
def the_author_of_the_stored_one_keeps_it():
    reply = reply_of(anna, {"do": "settle:V00J:0"})
    done = entry(reply, "V00J")
    equal((done["result"], done["values"], done["special"]), ("saved", ["5"], ""), "kept")
    equal(done["version"], version("V00J"), "version")
    contains(done["state"], "Anna Bērziņa")
    contains(done["history"], f"/r/{ours}/h/V00J")
    equal(done["history_text"] != "", True, "words")
    equal("V00J" in reply["rivals"], False, "nothing is open")


@test
def a_choice_twice_or_too_late_is_gone_and_harmless():
    before = version("V00J")
    for action in ("settle:V00J:1", "settle:V00J:0", "settle:V00J:7", "settle:V00J:x", "settle:V00J:-1", "settle:NO:1",
                   "settle:V00J:r1:0", "settle:V00J:99999999999999999999"):
        reply = reply_of(janis, {"do": action})
        equal(reply["entries"][0]["result"], "gone", action)
    gone = entry(reply_of(janis, {"do": "settle:V00J:1"}), "V00J")
    equal((gone["values"], gone["version"]), (["5"], before), "what is stored is told")
    page = save(janis, {"do": "settle:V00J:1"}, headers={})
    equal(page.status, 409, "the page without script")
    contains(page.text, "kāds jau ir izvēlējies")
    for action in ("settle:", "settle:5", "settle::", "settle::1"):
        equal(save(janis, {"do": action}).status, 200, action)
    equal(version("V00J"), before, "nothing changed")


@test
def of_many_who_choose_at_once_one_does():
    differ("D61J", "1", "2")
    before, results = version("D61J"), []
    choosers = [(c, n) for c in (anna, janis) for n in (0, 1) for _ in range(3)]
    threads = [threading.Thread(target=lambda c=c, n=n: results.append((entry(reply_of(c, {"do": f"settle:D61J:{n}"}), "D61J"), n)))
               for c, n in choosers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done = [n for e, n in results if e["result"] == "saved"]
    equal((len(results), len(done)), (len(choosers), 1), "one choice")
    equal(version("D61J"), before + done[0], "a rival makes a version, what is stored stays")
    equal({tuple(e["values"]) for e, _ in results}, {("1",) if done == [0] else ("2",)}, "all are told the same")


@test
def a_refused_entry_keeps_the_version_it_was_typed_over():
    reply_of(anna, {"v:F00": version("F00"), "a:F00": "1"})
    seen = version("F00")
    page = save(anna, [("v:F00", seen), ("a:F00", "99")], headers={})
    equal(page.status, 400, "refused")
    contains(page.text, f'name="v:F00" value="{seen}"')


@test
def the_other_one_chooses_a_rival():
    differ("V01", "1", "2")
    reply = save(anna, [("v:V01", version("V01")), ("a:V01", "1"), ("v:V00J", version("V00J")), ("a:V00J", "6"),
                        ("do", "settle:V01:1")], headers={})
    equal((reply.status, reply["Location"]), (303, f"{SECTION}#q-V01"), "back at the question")
    page = anna.get(SECTION).text
    contains(page, 'name="a:V01" value="2"', "chosen")
    contains(page, 'name="a:V00J" value="6"', "the other entries are saved")
    equal("settle:V01" in page, False, "settled")


@test
def yet_another_value_in_the_field_is_kept_in_the_history():
    differ("V01", "3", "4")
    equal(save(anna, [("v:V01", version("V01")), ("a:V01", "5,5"), ("do", "settle:V01:0")], headers={}).status, 303, "kept")
    page = anna.get(f"/r/{ours}/h/V01").text
    contains(page, ">5,5", "in the history")
    contains(anna.get(SECTION).text, 'name="a:V01" value="3"', "and what was chosen counts")


@test
def a_form_that_carries_old_fields_raises_nothing():
    seen = version("V01")
    reply_of(janis, {"v:V01": seen, "a:V01": "8"})
    form = [("v:V01", seen), ("a:V01", "3"), ("v:V00J", version("V00J")), ("a:V00J", "11"), ("do", "save")]
    equal(save(anna, form, headers={}).status, 303, "an untouched field")
    equal(buttons(anna, SECTION), [], "nothing to choose")
    contains(anna.get(SECTION).text, 'name="a:V01" value="8"', "the newer answer stands")
    form[1] = ("a:V01", "9")
    equal(save(anna, form, headers={}).status, 409, "a touched one")
    equal(len(buttons(anna, SECTION)), 2, "is to be chosen")
    reply_of(anna, {"do": "settle:V01:0"})


@test
def a_special_ticked_on_an_old_page_is_not_lost():
    seen = version("D21", SYSTEMS)
    reply_of(anna, {"v:D21": seen, "a:D21": "100"}, SYSTEMS)
    reply_of(janis, {"v:D21": seen + 1, "a:D21": "200"}, SYSTEMS)
    reply = save(anna, [("v:D21", seen + 1), ("a:D21", "100"), ("s:D21", "na")], SYSTEMS, headers={})
    equal(reply.status, 409, "a conflict")
    rivals = reply_of(anna, {}, SYSTEMS)["rivals"]["D21"]
    equal([v["special"] for v in rivals], ["", "na"], "the special")
    equal(entry(reply_of(janis, {"do": "settle:D21:1"}, SYSTEMS), "D21")["special"], "na", "chosen")


@test
def a_removed_row_takes_its_rivals_with_it():
    save(anna, {"do": "add:systems", "add:systems": "Lietvedība"}, SYSTEMS, {})
    row = re.findall(r'id="row-systems-(r\d+)"', anna.get(SYSTEMS).text)[-1]
    key = f"P1011:{row}"
    reply = differ(key, "1", "2", SYSTEMS)
    equal(len(reply["rivals"][key]), 2, "in a row")
    contains(anna.get(f"/r/{ours}/check").text, f"settle:{key}:1")
    equal(save(anna, {"do": f"remove:systems:{row}"}, SYSTEMS, {}).status, 303, "removed")
    equal("settle:" in anna.get(f"/r/{ours}/check").text, False, "not asked any more")
    gone = entry(reply_of(janis, {"do": f"settle:{key}:1"}, SYSTEMS), key)
    equal((gone["result"], gone["version"], gone["values"]), ("gone", 0, []), "gone")
    equal(save(janis, {"do": f"settle:{key}:1"}, SYSTEMS, {}).status, 409, "the page without script")


@test
def what_does_not_apply_is_not_asked():
    yes = f"/r/{ours}/s/21001"
    reply_of(anna, {"v:P1001_YN": version("P1001_YN", yes), "a:P1001_YN": "1"}, yes)
    differ("P1001", "2", "3", yes)
    equal(len(buttons(anna, yes)), 2, "asked")
    reply = reply_of(anna, {"v:P1001_YN": version("P1001_YN", yes), "a:P1001_YN": "2"}, yes)
    equal("P1001" in reply["rivals"], False, "filtered out")
    equal(buttons(anna, f"/r/{ours}/check"), [], "not on the list")
    reply = reply_of(anna, {"v:P1001_YN": version("P1001_YN", yes), "a:P1001_YN": "1"}, yes)
    equal(len(reply["rivals"]["P1001"]), 2, "back again")
    equal(anna.post(f"/r/{ours}/submit", {"revision": 0}).status, 303, "not submitted")


@test
def texts_are_escaped():
    differ("NOTES_DESC", "<b>viens</b>", "\"><script>divi</script>" + "ā" * 500)
    for path in (SECTION, f"/r/{ours}/check", f"/r/{ours}/h/NOTES_DESC"):
        text = janis.get(path).text
        contains(text, "&lt;b&gt;viens", path)
        equal("<script>divi" in text, False, path)
    equal(entry(reply_of(janis, {"do": "settle:NOTES_DESC:1"}), "NOTES_DESC")["result"], "saved", "chosen")


code = run_tests()
server.remove()
sys.exit(code)
