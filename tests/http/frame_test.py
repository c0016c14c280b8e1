#!/usr/bin/python3
"""The list of institutions over HTTP: uploads and what is wrong with them, previews, people, nominations."""
import os
import re
import sqlite3
import sys
import time
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../cli"))
from harness import Client, Server, anketa, contains, equal, run_tests, test  # noqa: E402
from table_files import write_xlsx  # noqa: E402

ROUND = "e-index-2017"
server = Server()
ilze, anna, martins = (Client(server, f"{name}@example.org") for name in ("ilze", "anna", "martins"))
for client in (ilze, anna, martins):
    client.get("/accessibility")


def rows(sql, *values):
    db = sqlite3.connect(os.path.join(server.data, "anketa.db"))
    found = db.execute(sql, values).fetchall()
    db.close()
    return found


def body_of(parts, boundary="XyZ"):
    """parts: (name, value) or (name, file name, bytes)."""
    body = b""
    for part in parts:
        name = f'; filename="{part[1]}"' if len(part) == 3 else ""
        value = part[-1] if isinstance(part[-1], bytes) else part[-1].encode()
        body += f'--{boundary}\r\nContent-Disposition: form-data; name="{part[0]}"{name}\r\n\r\n'.encode() + value + b"\r\n"
    return body + f"--{boundary}--\r\n".encode()


def send(client, parts, path="/frame/upload", csrf=True, kind="multipart/form-data; boundary=XyZ", body=None, headers=None):
    if csrf:
        parts = [*parts, ("csrf", client.csrf)]
    return client.ask("POST", path, body if body is not None else body_of(parts), {"Content-Type": kind, **(headers or {})})


def upload(client, text, name="saraksts.csv"):
    return send(client, [("round", ROUND), ("file", name, text)])


def kept():
    folder = os.path.join(server.data, "uploads")
    return sorted(os.listdir(folder)) if os.path.isdir(folder) else []


def left_over():
    """Files of requests that are over: they go a moment after the reply."""
    for _ in range(100):
        names = [name for name in kept() if name.startswith("upload-")]
        if not names:
            return []
        time.sleep(0.05)
    return names


def fields_of(reply):
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', reply.text))


def take(client, location, **changed):
    page = client.get(location)
    fields = {**fields_of(page), "do": "take", **changed}
    fields.pop("csrf")
    return client.post(location.split("?")[0], fields)


@test
def a_list_is_looked_at_and_taken_over():
    client = ilze
    reply = upload(client, "nosaukums,reģistrācijas numurs,e-pasts\nJauna <b>iestāde</b>,90000099999,jauna@example.org\n")
    equal(reply.status, 303)
    location = reply["Location"]
    page = client.get(location)
    equal(page.status, 200)
    contains(page.text, "Jauna &lt;b&gt;iestāde&lt;/b&gt;")
    contains(page.text, "saraksts.csv")
    contains(page.text, "jaunas: 1")
    equal(len(kept()), 1)
    equal(rows("SELECT count(*) FROM institution"), [(104,)], "nothing has changed")
    reply = take(client, location)
    equal((reply.status, reply["Location"]), (303, f"/frame?round={ROUND}&said=imported&institutions=1&contacts=0"))
    equal(kept(), [])
    equal(rows("SELECT email FROM institution WHERE registration_number = '90000099999'"), [("jauna@example.org",)])
    contains(client.get(reply["Location"]).text, "Jaunas vai mainītas iestādes: 1")
    again = client.get(location)
    equal((again.status, again["Location"]), (303, "/frame?said=gone"), "a second press")
    equal(client.post(location.split("?")[0], {"do": "take", "round": ROUND, "plan": "x"})["Location"], "/frame?said=gone")


@test
def what_was_previewed_is_what_is_taken():
    location = upload(ilze, "nosaukums,saīsinājums\nAizsardzības ministrija,AizM\n")["Location"]
    page = ilze.get(location)
    contains(page.text, "<del>AiM</del>")
    fields = fields_of(page)
    other = upload(ilze, "nosaukums,saīsinājums\nAizsardzības ministrija,ADM\n")["Location"]
    equal(take(ilze, other)["Location"].split("&")[1], "said=imported")
    fields.pop("csrf")
    reply = ilze.post(location.split("?")[0], {**fields, "do": "take"})
    equal(reply.status, 409)
    contains(reply.text, "Kopš priekšskatījuma kaut kas ir mainījies")
    contains(reply.text, "<del>ADM</del>", "what would change now")
    equal(rows("SELECT abbreviation FROM institution WHERE name = 'Aizsardzības ministrija'"), [("ADM",)])
    equal(take(ilze, location)["Location"].split("&")[1], "said=imported", "looked at again")
    equal(rows("SELECT abbreviation FROM institution WHERE name = 'Aizsardzības ministrija'"), [("AizM",)])
    location = upload(ilze, "nosaukums,saīsinājums\nAizsardzības ministrija,AiM\n")["Location"]
    take(ilze, location)
    location = upload(ilze, "nosaukums,saīsinājums\nAizsardzības ministrija,X\n")["Location"]
    equal(ilze.post(location.split("?")[0], {"do": "drop"})["Location"], "/frame")
    equal(kept(), [])


@test
def faults_are_shown_and_nothing_is_taken():
    location = upload(ilze, "nosaukums,e-pasts\nViena,slikts\nOtra,\n")["Location"]
    page = ilze.get(location)
    contains(page.text, "<b>2. rinda:</b> „slikts” nav e-pasta adrese")
    equal('value="take"' in page.text, False, "no button")
    reply = take(ilze, location)
    equal(reply.status, 409)
    equal(rows("SELECT count(*) FROM institution WHERE name IN ('Viena', 'Otra')"), [(0,)])
    path = os.path.join(server.data, "x.xlsx")
    write_xlsx(path, [["nosaukums", "e-pasts"], ["Viena", "slikts"]])
    with open(path, "rb") as file:
        location = upload(ilze, file.read(), "x.xlsx")["Location"]
    contains(ilze.get(location).text, "lapa „Lapa1”, šūna B2")
    for text, words in ((b"", "Datne ir tukša."), (b"a\0b", "Tā nav ne CSV, ne Excel"), (b"PK\3\4 x", "Excel datne ir bojāta"),
                        (b'a\n"x', "2. rindā pēdiņas nav vietā"), (b"a\n\xff\xfe\xa1", "Teksta kodējums nav pazīstams")):
        reply = ilze.get(upload(ilze, text)["Location"])
        equal(reply.status, 400, words)
        contains(reply.text, words)
    equal(left_over(), [])


@test
def forms_with_files_that_are_wrong():
    no_file = send(ilze, [("round", ROUND)])
    equal(no_file.status, 400)
    contains(no_file.text, "Izvēlieties datni.")
    empty = send(ilze, [("round", ROUND), ("file", "", b"")])
    equal(empty.status, 400)
    for body in (b"", b"--XyZ", b"--XyZ\r\n\r\nx", b"nothing at all", b"--XyZ--\r\n"):
        reply = send(ilze, [], body=body)
        equal(reply.status in (400, 403), True, f"{body}: {reply.status}")
    equal(send(ilze, [("file", "a.csv", b"name\nA\n")], kind="multipart/form-data").status, 400, "no boundary")
    two = send(ilze, [("round", ROUND), ("file", "a.csv", b"nosaukums\nPirmais fails\n"), ("file", "b.csv", b"x")])
    contains(ilze.get(two["Location"]).text, "Pirmais fails")
    equal(send(ilze, [("round", ROUND)] + [("file", "a.csv", b"x")] * 9).status, 413, "too many files")
    equal(left_over(), [], "nothing is left over")


@test
def who_may_not_send_files():
    file = [("round", ROUND), ("file", "a.csv", b"nosaukums\nA\n")]
    equal(send(ilze, file, csrf=False).status, 403, "no token")
    equal(send(ilze, file, headers={"Origin": "http://elsewhere.example"}).status, 403, "another origin")
    for client in (anna, martins):
        equal(send(client, file).status, 404)
        equal(client.get("/frame").status, 404)
    equal(send(Client(server), [*file, ("csrf", "x")], csrf=False).status, 303, "asked to sign in")
    equal(send(ilze, file, path="/language").status, 403, "a route that takes no files")
    equal(left_over(), [])


@test
def large_files():
    big = b"nosaukums\n" + b"x" * (33 << 20)
    reply = upload(ilze, big)
    equal(reply.status, 413)
    fits = upload(ilze, b"nosaukums\n" + b"".join(b"Liela %d\n" % i for i in range(200000)))
    equal(fits.status, 303)
    contains(ilze.get(fits["Location"]).text, "rindu ir par daudz")
    equal(send(anna, [("file", "a.csv", big[:4 << 20])]).status, 413, "who may not send files has the usual limit")
    equal(left_over(), [])


@test
def addresses_of_previews_that_are_made_up():
    for token in ("x", "../../anketa.db", "a" * 43, "%2e%2e%2fanketa.db"):
        reply = ilze.get(f"/frame/import/{token}?round={ROUND}")
        equal(reply.status in (303, 404), True, token)
    location = upload(ilze, "nosaukums\nA\n")["Location"]
    equal(ilze.get(location.replace(f"round={ROUND}", "round=nav")).status, 404)
    equal(anna.get(location).status, 404)


@test
def one_institution_by_the_form():
    reply = ilze.post("/frame/add", {"round": ROUND, "name": "Vēlīnā iestāde", "registration_number": "9000", "email": "nav pasts"})
    equal(reply.status, 400)
    contains(reply.text, "„nav pasts” nav e-pasta adrese")
    contains(reply.text, 'value="Vēlīnā iestāde"', "what was typed")
    equal(ilze.post("/frame/add", {"round": ROUND, "name": ""}).status, 400)
    reply = ilze.post("/frame/add", {"round": ROUND, "name": "Vēlīnā iestāde", "registration_number": "90000088888"})
    equal(reply.status, 303)
    contains(ilze.get(reply["Location"]).text, "Vēlīnā iestāde: iestāde ir pievienota.")
    contains(ilze.get("/frame?find=velina").text, "Iekļauta vēlāk")
    equal(rows("SELECT joined_ms > 0, first_time FROM round_institution m JOIN institution i ON i.id = m.institution"
               " WHERE i.registration_number = '90000088888'"), [(1, 1)])
    again = ilze.post("/frame/add", {"round": ROUND, "name": "Vēlīnā iestāde", "registration_number": "90000088888"})
    contains(ilze.get(again["Location"]).text, "nekas nav mainīts")


FM = rows("SELECT id FROM institution WHERE abbreviation = 'FM'")[0][0]
PEOPLE_OF_FM = f"/frame/i/{FM}/people"
CARD = f"/field/i/{FM}?round={ROUND}"


def press(action, client=None, **fields):
    (client or ilze).get(CARD)
    return (client or ilze).post(PEOPLE_OF_FM, {"round": ROUND, "do": action, **fields})


def contact(path, **fields):
    ilze.get(f"/frame/i/{FM}/contact?round={ROUND}")
    return ilze.post(path, {"round": ROUND, "name": "Pēteris Vītols", "email": "peteris@example.org", "phone": "", "language": "lv",
                            **fields})


def person(email):
    return rows("SELECT id, name, removed_ms > 0 FROM person WHERE email = ? AND institution = ?", email, FM)[0]


@test
def a_contact_is_added_changed_and_removed():
    path = f"/frame/i/{FM}/contact"
    for fields, words in (({"name": ""}, "wrong-name"), ({"email": "slikts"}, "wrong-email"), ({"email": "zane@example.org"}, "jau ir citai"),
                          ({"email": "ilze@example.org"}, "pieder kārtas rīkotājam")):
        reply = contact(path, **fields)
        equal(reply.status, 400, words)
        contains(reply.text, words)
        contains(reply.text, 'value="' + fields.get("name", "Pēteris Vītols"))
    reply = contact(path, invite="1")
    equal(reply.status, 303)
    contains(ilze.get(reply["Location"].split("#")[0]).text, "Kontaktpersona ir pievienota.")
    number, name, _ = person("peteris@example.org")
    equal(rows("SELECT kind, round FROM message WHERE person_id = ?", number), [("invitation", ROUND)])
    equal(rows("SELECT invited_ms > 0 FROM round_institution WHERE institution = ? AND round = ?", FM, ROUND), [(1,)])
    equal(contact(path).status, 400, "a second press: there already")
    equal(contact(f"{path}/{number}", name="Pēteris Kalns", email="kalns@example.org").status, 303)
    equal(person("kalns@example.org")[:2], (number, "Pēteris Kalns"))
    equal(rows("SELECT detail FROM event WHERE kind = 'contact-change' AND subject = ?", f"person {number}"),
          [("Pēteris Vītols → Pēteris Kalns; peteris@example.org → kalns@example.org",)])
    equal(contact(f"{path}/{number}", email="zane@example.org").status, 400, "another one's address")
    equal(press(f"remove:{number}").status, 303)
    equal(person("kalns@example.org")[2], 1)
    equal(press(f"remove:{number}").status, 404, "a second press")
    equal(contact(path, email="kalns@example.org").status, 303, "and back")
    equal(person("kalns@example.org")[2], 0)


@test
def links_and_the_responsible_contact():
    zane = person("zane@example.org")[0]
    client = Client(server, "zane@example.org")
    equal(client.get("/work").status, 200)
    equal(press(f"send:{zane}").status, 303)
    equal(press(f"send:{zane}").status, 303)
    equal(rows("SELECT count(*) FROM message WHERE person_id = ? AND kind = 'invitation'", zane) in ([(1,)], [(2,)]), True)
    equal(press(f"name:{zane}").status, 303)
    equal(rows("SELECT responsible FROM round_institution WHERE institution = ? AND round = ?", FM, ROUND), [(zane,)])
    equal(press(f"revoke:{zane}").status, 303)
    equal(client.get("/work").status, 303, "signed out")
    equal(rows("SELECT count(*) FROM link WHERE person = ? AND revoked_ms = 0", zane), [(0,)])
    other = rows("SELECT id FROM person WHERE email = 'anna@example.org'")[0][0]
    equal(press(f"revoke:{other}").status, 404, "a contact of another institution")
    equal(press("send:0").status, 404)
    equal(press("dance").status, 400)


@test
def taking_part_and_not():
    equal(press("out", reason="no_resources", remark="Nav cilvēku, kas <to> dara").status, 303)
    page = ilze.get(CARD).text
    contains(page, "Iestāde nepiedalās.")
    contains(page, "Nav cilvēku, kas &lt;to&gt; dara")
    equal(rows("SELECT DISTINCT disposition FROM response WHERE institution = ?", FM), [(8,)])
    contains(ilze.get("/frame?find=finansu+ministrija").text, "Nepiedalās")
    count = rows("SELECT count(*) FROM event WHERE kind = 'refusal_no_resources'")
    press("out", reason="no_resources", remark="Nav cilvēku, kas <to> dara")
    equal(rows("SELECT count(*) FROM event WHERE kind = 'refusal_no_resources'"), count, "the same again")
    equal(press("out", reason="boredom").status, 400)
    equal(press("out", reason="other", remark="x" * 1001).status, 400)
    equal(press("in").status, 303)
    equal(rows("SELECT participation, refusal, remark FROM round_institution WHERE institution = ? AND round = ?", FM, ROUND), [(0, "", "")])
    equal(rows("SELECT count(*) FROM response WHERE institution = ? AND disposition = 8", FM), [(0,)])


@test
def contacts_do_not_keep_the_frame():
    anna.get("/accessibility")
    for path in (PEOPLE_OF_FM, f"/frame/i/{FM}/contact", "/frame/add"):
        equal(anna.post(path, {"round": ROUND, "do": "in"}).status, 404, path)


def nominate(client, link, **fields):
    client.get(link)
    return client.post(link, {"by": "Direktore A. Ozola", "name": "Rita Riekstiņa", "position": "eksperte", "email": "rita@example.org",
                              "phone": "", "language": "lv", "do": "send", **fields})


def nomination_link(institution="CSP"):
    found = anketa("nomination", "link", institution, "--round", ROUND, "--data", server.data)
    return urllib.parse.urlparse(found).path


def nomination_of(email):
    return rows("SELECT id, decision FROM nomination WHERE email = ? ORDER BY id DESC", email)[0]


def decide(action, client=None, **fields):
    (client or ilze).get(f"/frame/nominations?round={ROUND}")
    return (client or ilze).post("/frame/nominations", {"round": ROUND, "do": action, **fields})


@test
def an_institution_names_its_contacts():
    link, visitor = nomination_link(), Client(server)
    contains(visitor.get(link).text, "Centrālā statistikas pārvalde")
    equal(rows("SELECT count(*) FROM nomination_link WHERE token_hash = ?", link[3:]), [(0,)], "only its hash is stored")
    for fields, words in (({"by": ""}, "Norādiet, kas aizpilda"), ({"name": ""}, 'id="wrong-name"'), ({"email": "x"}, 'id="wrong-email"')):
        reply = nominate(visitor, link, **fields)
        equal(reply.status, 400)
        contains(reply.text, words)
        contains(reply.text, 'value="eksperte"', "what was typed")
    equal(nominate(visitor, link, responsible="1")["Location"], f"{link}?said=sent")
    equal(nominate(visitor, link).status, 400, "a second press")
    contains(visitor.get(link).text, "Rita Riekstiņa")
    contains(visitor.get(link).text, 'value="Direktore A. Ozola"', "who fills it in is remembered")
    for number in range(4):
        equal(nominate(visitor, link, email=f"n{number}@example.org").status, 303)
    contains(visitor.get(link).text, "Vienlaikus var gaidīt pieci pieteikumi")
    equal(nominate(visitor, link, email="n5@example.org").status, 429)
    number = nomination_of("n0@example.org")[0]
    equal(nominate(visitor, link, do=f"back:{number}").status, 303)
    equal(nomination_of("n0@example.org"), (number, 3))
    equal(nominate(visitor, link, do=f"back:{number}").status, 409, "taken back already")
    other = nomination_link("VK") if rows("SELECT 1 FROM institution WHERE abbreviation = 'VK'") else nomination_link("CFLA")
    equal(nominate(visitor, other, do=f"back:{nomination_of('n1@example.org')[0]}").status, 404, "another institution's")


@test
def a_coordinator_decides():
    link, visitor = nomination_link(), Client(server)
    page = ilze.get(f"/frame/nominations?round={ROUND}").text
    contains(page, "Pieteica Direktore A. Ozola")
    number = nomination_of("rita@example.org")[0]
    equal(decide(f"invite:{number}").status, 303)
    person, institution = rows("SELECT id, institution FROM person WHERE email = 'rita@example.org'")[0]
    equal(rows("SELECT responsible FROM round_institution WHERE institution = ? AND round = ?", institution, ROUND), [(person,)])
    equal(rows("SELECT kind FROM message WHERE person_id = ?", person), [("invitation",)])
    equal(decide(f"approve:{number}").status, 409, "approved twice")
    equal(rows("SELECT count(*) FROM person WHERE email = 'rita@example.org'"), [(1,)])
    contains(visitor.get(link).text, "Apstiprināts")
    first, second = nomination_of("n1@example.org")[0], nomination_of("n2@example.org")[0]
    equal(decide(f"refuse:{first}").status, 400, "a refusal needs a reason")
    equal(decide(f"refuse:{first}", reason="Nestrādā <šajā> iestādē").status, 303)
    contains(visitor.get(link).text, "Nestrādā &lt;šajā&gt; iestādē")
    anketa("person", "add", "n2@example.org", "--name", "Cits vārds", "--role", "contact", "--institution", "CSP", "--data", server.data)
    equal(decide(f"approve:{second}").status, 303, "came meanwhile")
    equal(rows("SELECT name FROM person WHERE email = 'n2@example.org'"), [("Cits vārds",)])
    equal(rows("SELECT count(*) FROM message WHERE address = 'n2@example.org'"), [(0,)], "approved without a link")
    staff = nominate(visitor, link, email="ilze@example.org")
    equal(staff.status, 303)
    equal(decide(f"approve:{nomination_of('ilze@example.org')[0]}").status, 400)
    equal(nomination_of("ilze@example.org")[1], 0)
    anna.get("/accessibility")
    equal(anna.post("/frame/nominations", {"do": f"approve:{number}"}).status, 404)


@test
def an_institution_may_wish_not_to_take_part():
    link, visitor = nomination_link("CFLA"), Client(server)
    equal(nominate(visitor, link, do="wish", reason="no_resources", remark="Reorganizācija").status, 303)
    equal(nominate(visitor, link, do="wish", reason="no_resources").status, 400, "told already")
    equal(nominate(visitor, link, do="wish", reason="boredom").status, 400)
    contains(ilze.get(f"/frame/nominations?round={ROUND}").text, "Reorganizācija")
    number = rows("SELECT id FROM nomination WHERE wish <> ''")[0][0]
    equal(rows("SELECT participation FROM round_institution m JOIN institution i ON i.id = m.institution"
               " WHERE i.abbreviation = 'CFLA' AND m.round = ?", ROUND), [(0,)], "a wish is no decision")
    equal(decide(f"approve:{number}").status, 303)
    equal(rows("SELECT participation, refusal, remark FROM round_institution m JOIN institution i ON i.id = m.institution"
               " WHERE i.abbreviation = 'CFLA' AND m.round = ?", ROUND), [(1, "no_resources", "Reorganizācija")])


@test
def letters_and_links_that_are_void():
    csp = rows("SELECT id FROM institution WHERE abbreviation = 'CSP'")[0][0]
    ilze.get(CARD)
    reply = ilze.post(f"/frame/i/{csp}/people", {"round": ROUND, "do": "letter"})
    contains(ilze.get(reply["Location"].split("#")[0]).text, "Iestādei nav oficiālās e-pasta adreses")
    location = upload(ilze, "nosaukums,e-pasts\nCentrālā statistikas pārvalde,pasts@csp.gov.lv\n")["Location"]
    take(ilze, location)
    equal(ilze.post(f"/frame/i/{csp}/people", {"round": ROUND, "do": "letter"}).status, 303)
    for _ in range(200):
        folder = os.path.join(server.data, "outbox")
        texts = [open(os.path.join(folder, name), encoding="utf-8").read() for name in os.listdir(folder)] if os.path.isdir(folder) else []
        found = [re.search(r"/n/([A-Za-z0-9_-]{43})", text) for text in texts if "To: pasts@csp.gov.lv" in text]
        if found:
            break
        time.sleep(0.1)
    visitor = Client(server)
    link = f"/n/{found[0][1]}"
    contains(visitor.get(link).text, "Centrālā statistikas pārvalde")
    equal(ilze.post(f"/frame/i/{csp}/people", {"round": ROUND, "do": "close"}).status, 303)
    equal(visitor.get(link).status, 404)
    equal(nominate(visitor, link, email="late@example.org").status, 404)
    for token in ("x", "a" * 43):
        equal(visitor.get(f"/n/{token}").status, 404)
    equal(decide("letters").status, 303)


@test
def a_contact_of_two_institutions_goes_from_one_to_the_other():
    def people(institution):
        return rows("SELECT p.id FROM person p JOIN institution i ON i.id = p.institution WHERE p.email = 'divi@example.org'"
                    " AND i.abbreviation = ?", institution)[0][0]
    for institution in ("VARAM", "FM"):
        anketa("person", "add", "divi@example.org", "--name", "Divu Darbu", "--role", "contact", "--institution", institution,
               "--responsible", "--data", server.data)
    equal(rows("SELECT responsible FROM round_institution WHERE institution = ? AND round = ?", FM, ROUND), [(people("FM"),)])
    try:
        anketa("link", "new", "divi@example.org", "--data", server.data)
        raise AssertionError("whose link?")
    except AssertionError as error:
        contains(str(error), "say which with --institution")
    link = anketa("link", "new", "divi@example.org", "--institution", "VARAM", "--data", server.data)
    client = Client(server)
    client.sign_in(urllib.parse.urlparse(link).path)
    page = client.get("/account").text
    contains(page, "Finanšu ministrija")
    old = dict(client.cookies)
    equal(client.post("/switch", {"person": people("FM")})["Location"], "/work")
    contains(client.get("/work").text, "Finanšu ministrija")
    equal(rows("SELECT count(*) FROM event WHERE kind = 'sign-in' AND subject = ?", f"person {people('FM')}"), [(1,)])
    again, client.cookies = client.cookies, old
    equal(client.get("/work").status, 303, "the old session is over")
    client.cookies = again
    client.get("/account")
    other = rows("SELECT id FROM person WHERE email = 'anna@example.org'")[0][0]
    equal(client.post("/switch", {"person": other}).status, 404, "somebody else")
    equal("switch-title" in anna.get("/account").text, False)
    anketa("person", "remove", "divi@example.org", "--institution", "VARAM", "--data", server.data)
    equal("switch-title" in client.get("/account").text, False)


@test
def nothing_of_all_that_leaked():
    equal(server.stop(), 0, "".join(server.log[-40:]))


if __name__ == "__main__":
    try:
        code = run_tests()
    finally:
        server.remove()
    sys.exit(code)
