#!/usr/bin/python3
"""The coordinator's mail over HTTP: words, planning, who gets it, rules, the outbox, turning reminders off. Time is moved."""
import email
import email.policy
import os
import re
import sqlite3
import sys
import tempfile
import time

clock = tempfile.NamedTemporaryFile("w", prefix="anketa-clock-", delete=False)
clock.write("0\n")
clock.flush()
os.environ["ANKETA_CLOCK"] = clock.name

from harness import PEOPLE, Client, Server, contains, equal, run_tests, test  # noqa: E402

server = Server(people=(*PEOPLE, ("liga@example.org", "Līga Krūmiņa", "expert", None),
                        ("dace@example.org", "Dace Dūja", "coordinator", None), ("uldis@example.org", "Uldis", "administrator", None)))
ilze, dace, anna, liga, martins, uldis = (Client(server, f"{n}@example.org") for n in ("ilze", "dace", "anna", "liga", "martins", "uldis"))
everybody = (ilze, dace, anna, liga, martins, uldis)
for client in everybody:
    client.get("/accessibility")
OUTBOX = os.path.join(server.data, "outbox")
PAGES = ("/mailings", "/mailings/new", "/mailings/templates", "/mailings/rules", "/mailings/outbox")


def sql(text, *values):
    db = sqlite3.connect(os.path.join(server.data, "anketa.db"), timeout=60)
    with db:
        rows = db.execute(text, values).fetchall()
    db.close()
    return rows


def move(ms):
    """The clock is so far ahead; no further than people stay signed in."""
    with open(clock.name, "w", encoding="ascii") as file:
        file.write(f"{ms}\n")


def wait_for(condition, what):
    until = time.monotonic() + 90
    while not condition():
        equal(time.monotonic() < until, True, what)
        time.sleep(0.05)


def settled():
    """Nothing is to be made or sent any more."""
    return sql("SELECT (SELECT count(*) FROM mailing WHERE made_ms = 0 AND removed_ms = 0),"
               " (SELECT count(*) FROM message WHERE state < 2)") == [(0, 0)]


def fields(page, action="now"):
    """What the page's form that sends now (or later) would post."""
    forms = re.findall(r'<form method="post" action="/mailings/new".*?</form>', page, re.S)
    form, = [form for form in forms if f'value="{action}"' in form]
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    return {**{k: v.replace("&amp;", "&") for k, v in found.items() if k != "csrf"}, "do": action}


def send(client, query, **more):
    page = client.get(f"/mailings/new?look=1&{query}").text
    return client.post("/mailings/new", {**fields(page), **more})


def number(reply):
    return int(re.fullmatch(r"/mailings/(\d+)\?done=planned", reply["Location"])[1])


def mails(address):
    found = []
    for name in sorted(os.listdir(OUTBOX)):
        if name.endswith(f"-{address}.eml"):
            with open(os.path.join(OUTBOX, name), "rb") as file:
                found.append(email.message_from_bytes(file.read(), policy=email.policy.default))
    return found


def text_of(message):
    return message.get_content().replace("\r\n", "\n")


def clear():
    sql("UPDATE message SET created_ms = 1")  # nobody has got anything today


@test
def only_who_sends_mail_comes_here():
    for page in PAGES:
        for client in (ilze, uldis):
            equal(client.get(page).status, 200, page)
        for client in (anna, liga, martins):
            equal(client.get(page).status, 404, page)
        equal(Client(server).get(page).status, 303, f"{page}: nobody is asked to sign in")
    contains(ilze.get("/field").text, 'href="/mailings"', "the way there")
    for client in (anna, liga, martins):
        equal("/mailings" in client.get("/").text, False, "no way there")
        for path in ("/mailings/new", "/mailings/templates", "/mailings/rules", "/mailings/rules/1", "/mailings/outbox/1",
                     "/mailings/1/remove"):
            equal(client.post(path, {"do": "now"}).status, 404, path)
    for path in ("/mailings/99", "/mailings/x", "/mailings/-1", "/mailings/outbox/99", "/mailings/outbox/x"):
        equal(ilze.get(path).status, 404, path)
    equal(ilze.post("/mailings/99/remove").status, 404, "no such mailing")
    equal(ilze.post("/mailings/new", {"do": "now"}, csrf=False).status, 403, "not from a page of ours")


@test
def pages_speak_three_languages():
    for language, words in (("en", "Automatic reminders"), ("ru", "Автоматические напоминания"), ("lv", "Automātiskie atgādinājumi")):
        ilze.post("/language", {"language": language, "return": "/"})
        for page in (*PAGES, "/mailings/new?mail=invitation&look=1", "/mailings/templates?mail=letter&language=ru"):
            reply = ilze.get(page)
            equal(reply.status, 200, page)
            contains(reply.text, words, page)


@test
def who_gets_it_is_shown_before_anything_is_sent():
    page = ilze.get("/mailings/new?mail=invitation&look=1").text
    contains(page, "Vēstuli saņems 3 personas 2 iestādēs", "how many")
    contains(page, "102 iestādēm nav nevienas kontaktpersonas", "who is left out")
    contains(page, "Anna Bērziņa", "an example")
    contains(page, "Iestāde: Vides aizsardzības un reģionālās attīstības ministrija", "the message itself")
    contains(page, "https://…/e/PARAUGS", "with a sample in place of the link")
    equal("{" in re.sub(r"<script.*?</script>", "", page), False, "every placeholder has its value")
    sql("UPDATE person SET language = 'ru' WHERE email = 'zane@example.org'")
    page = ilze.get("/mailings/new?mail=deadline&look=1").text
    contains(page, "Напоминание об анкете", "in the language of another one")
    sql("UPDATE person SET language = 'lv'")
    equal(sql("SELECT count(*) FROM message"), [(0,)], "nothing was made")
    contains(ilze.get("/mailings/new?mail=deadline&look=1&find=nekas").text, "Pašlaik vēstuli nesaņemtu neviens", "nobody")
    contains(ilze.get("/mailings/new?look=1").text, "Ko sūtīt", "nothing was chosen")
    for odd in ("mail=note&look=1", "mail=deadline&look=1&institution=999999", "mail=deadline&look=1&q=%22%3E%3Cb%3E",
                "mail=deadline&look=1&round=nav&status=x&find=" + "a" * 500):
        equal(ilze.get(f"/mailings/new?{odd}").status, 200, odd)
    equal(ilze.get("/mailings/new?person=999").status, 404, "no such person")


@test
def words_are_changed_and_put_back():
    start = "/mailings/templates?mail=invitation&language=lv"
    page = ilze.get(start).text
    contains(page, "Aicinām Jūsu iestādi piedalīties", "built-in words")
    contains(page, "{institution}", "explained")
    seen = re.search(r'name="seen" value="(\d+)"', page)[1]
    base = {"mail": "invitation", "language": "lv", "subject": "Lūdzam piedalīties: {round}",
            "body": "Labdien, {name}!\n\n{institution} <b>&</b>\n{link}\n\nTermiņš {deadline}.", "seen": seen, "do": "save"}
    for change, words in (({"subject": ""}, "Ierakstiet tematu"), ({"subject": "x" * 151}, "līdz 150 rakstzīmēm"),
                          ({"body": " "}, "Ierakstiet tekstu"), ({"body": "{link}" + "x" * 8000}, "līdz 8000 rakstzīmēm"),
                          ({"body": "{link}\nSveiki, ā {nosaukums}"}, "2. rindas 11. vietā ir nezināms vietturis „nosaukums”"),
                          ({"body": "{link} }"}, "1. rindas 8. vietā ir figūriekava"), ({"body": "{link} {"}, "1. rindas 8. vietā"),
                          ({"subject": "{lnk}"}, "1. rindas 1. vietā ir nezināms vietturis „lnk”"),
                          ({"body": "{link} {standing}"}, "nezināms vietturis „standing”"), ({"subject": "{link}"}, "Saiti tematā"),
                          ({"body": "Bez saites"}, "bez saites saņēmējs nevar ienākt")):
        reply = ilze.post("/mailings/templates", {**base, **change})
        equal(reply.status, 400, f"{change}")
        contains(reply.text, words, f"{change}")
        key, = change
        contains(reply.text, change[key].strip().replace("<", "&lt;"), "what was typed is kept")
        contains(reply.text, f'<a href="#{key}">', "the summary leads to the field")
    equal(sql("SELECT count(*) FROM mail_template"), [(0,)], "nothing was kept")
    reply = ilze.post("/mailings/templates", {**base, "do": "preview", "find": "zane"})
    contains(reply.text, "Labdien, Zane Liepa!", "as it would go out")
    contains(reply.text, "Finanšu ministrija &lt;b&gt;&amp;&lt;/b&gt;", "escaped")
    contains(ilze.post("/mailings/templates", {**base, "do": "preview", "find": "neviens"}).text, "Tādas kontaktpersonas", "nobody")
    equal(sql("SELECT count(*) FROM mail_template"), [(0,)], "a preview keeps nothing")
    reply = ilze.post("/mailings/templates", base)
    equal((reply.status, reply["Location"].endswith("&done=saved")), (303, True), "saved")
    contains(ilze.get(start).text, "Mainīja Ilze Ozola", "whose words they are")
    stale = dace.post("/mailings/templates", {**base, "subject": "Manējais"}) if dace.get(start) else None
    equal(stale.status, 409, "she had seen the built-in ones")
    contains(stale.text, "Kamēr rakstījāt, tekstu mainīja Ilze Ozola", "she is told")
    contains(stale.text, 'value="Manējais"', "hers are kept")
    contains(stale.text, "Lūdzam piedalīties: {round}", "and the others shown")
    seen = re.search(r'name="seen" value="(\d+)"', stale.text)[1]
    equal(dace.post("/mailings/templates", {**base, "subject": "Manējais", "seen": seen}).status, 303, "knowing that, she may")
    equal(dace.post("/mailings/templates", {**base, "subject": "Manējais", "seen": "1"}).status, 303, "the same once more does no harm")
    equal(ilze.post("/mailings/templates", {**base, "do": "reset"}).status, 303, "back to the built-in ones")
    contains(ilze.get(start).text, "Aicinām Jūsu iestādi piedalīties", "built-in again")
    equal(ilze.get("/mailings/templates?mail=note").status, 404, "words that are not the coordinator's")


@test
def a_test_goes_to_oneself():
    ilze.get("/mailings/templates")
    reply = ilze.post("/mailings/templates", {"mail": "deadline", "language": "lv", "subject": "Proba {round}", "seen": "0",
                                              "body": "{name}: {link}\n{standing}", "find": "zane", "do": "test"})
    equal(reply.status, 303, "made")
    wait_for(lambda: os.path.isdir(OUTBOX) and mails("ilze@example.org"), "the test message")
    message, = mails("ilze@example.org")
    equal(message["Subject"], "Proba Valsts iestāžu e-indekss 2017", "subject")
    contains(text_of(message), "Zane Liepa: https://…/e/PARAUGS\nValsts iestāžu pašvērtējuma anketa: nav sākta", "body")
    equal(message["List-Unsubscribe"], None, "it is no reminder")
    equal(sql("SELECT count(*) FROM link WHERE person IN (SELECT id FROM person WHERE email = 'zane@example.org')"), [(0,)],
          "no link of hers was made")


@test
def invitations_are_sent_now():
    words = {"mail": "invitation", "language": "lv", "subject": "Aicinām: {round}", "seen": "0", "do": "save",
             "body": "{name}, {institution}\n\n{link}\n\n{help}"}
    ilze.get("/mailings/templates")
    equal(ilze.post("/mailings/templates", words).status, 303, "own words")
    page = ilze.get("/mailings/new?mail=invitation&look=1").text
    first = ilze.post("/mailings/new", fields(page))
    again = ilze.post("/mailings/new", fields(page))
    equal(number(first), number(again), "a second press is the first")
    equal(dace.post("/mailings/new", fields(page)).status, 409, "another coordinator is told")
    wait_for(settled, "all are sent")
    for name in ("anna", "janis", "zane"):
        message, = mails(f"{name}@example.org")
        equal(message["Subject"], "Aicinām: Valsts iestāžu e-indekss 2017", "own words")
        equal((message["List-Unsubscribe"], message["List-Unsubscribe-Post"]), (None, None), "nothing to turn off")
        equal("/u/" in text_of(message), False, "nor in the text")
    link = re.search(rf"^{re.escape(server.url)}(/e/[\w-]+)$", text_of(mails("zane@example.org")[0]), re.M)
    contains(Client(server).get(link[1]).text, "Zane Liepa", "whose link it is")
    page = ilze.get(f"/mailings/{number(first)}").text
    contains(page, "Nosūtītas 3 no 3.", "what became of it")
    contains(page, "zane@example.org", "to whom")
    equal(sql("SELECT count(*) FROM round_institution WHERE invited_ms > 0"), [(2,)], "institutions are invited")
    contains(ilze.get("/mailings/new?mail=invitation&look=1").text, "3 personas šādu vēstuli šodien jau saņēma", "not twice a day")
    institution, = sql("SELECT institution FROM person WHERE email = 'zane@example.org'")[0]
    contains(ilze.get(f"/field/i/{institution}").text, "Uzaicinājums", "the institution's page has it")
    ilze.post("/mailings/templates", {**words, "do": "reset"})


@test
def reminders_are_planned_and_called_off():
    page = ilze.get("/mailings/new?mail=deadline&look=1&find=finan").text
    later = fields(page, "later")
    for date, at, words, field in (("", "9.00", "Ierakstiet datumu", "date"), ("1.1.2020", "9.00", "jau ir pagājis", "date"),
                                   ("6.12.2096", "9", "divus gadus", "date"), ("6.12.2027", "x", "Ierakstiet laiku", "time")):
        reply = ilze.post("/mailings/new", {**later, "date": date, "time": at})
        equal(reply.status, 400, date)
        contains(reply.text, words, date)
        contains(reply.text, f'<a href="#{field}">', "the summary leads to the field")
        contains(reply.text, f'name="date" value="{date}"', "date kept")
        contains(reply.text, f'name="time" value="{at}"', "time kept")
        contains(reply.text, "find=finan", "whom it is for is kept")
    reply = ilze.post("/mailings/new", {**later, "date": "6.12.2027", "time": "9.00"})
    mine = number(reply)
    page = ilze.get(reply["Location"]).text
    contains(page, "Sūtījums ir ieplānots", "planned")
    contains(page, "2027", "when")
    contains(page, "Kas saņems vēstuli, noteiks tikai sūtīšanas brīdī", "how it is decided")
    contains(page, "nosaukumā „finan”", "whom it is for")
    equal(ilze.post(f"/mailings/{mine}/remove")["Location"], f"/mailings/{mine}?done=off", "called off")
    equal(ilze.post(f"/mailings/{mine}/remove").status, 303, "a second press")
    contains(ilze.get(f"/mailings/{mine}").text, "Atcelts", "called off")
    equal(sql("SELECT count(*) FROM message WHERE mailing_id = ?", mine), [(0,)], "nothing was made")


@test
def a_planned_one_goes_to_whom_it_concerns_when_it_is_due():
    today = time.time()
    day = time.strftime("%d.%m.%Y", time.gmtime(today + 2 * 86400))
    sql("UPDATE person SET removed_ms = 1 WHERE email = 'janis@example.org'")
    page = ilze.get("/mailings/new?mail=deadline&look=1").text
    mine = number(ilze.post("/mailings/new", {**fields(page, "later"), "date": day, "time": "0.01"}))
    sql("UPDATE person SET removed_ms = 0")
    sql("UPDATE response SET status = 2 WHERE institution = (SELECT institution FROM person WHERE email = 'zane@example.org')")
    move(3 * 86400000)
    wait_for(settled, "sent when it was due")
    move(0)
    equal(sql("SELECT address FROM message WHERE mailing_id = ? ORDER BY address", mine),
          [("anna@example.org",), ("janis@example.org",)], "who was back got it, who had submitted did not")
    sql("UPDATE response SET status = 0")
    sql("UPDATE message SET created_ms = 1, due_ms = 1")
    message = mails("anna@example.org")[-1]
    contains(message["Subject"], "Atgādinājums par anketu", "subject")
    contains(text_of(message), "anketa: nav sākta", "how far it is")
    unsubscribe = re.fullmatch(rf"<{re.escape(server.url)}(/u/[\w-]+)>", message["List-Unsubscribe"].strip())
    equal(message["List-Unsubscribe-Post"], "List-Unsubscribe=One-Click", "RFC 8058")
    contains(text_of(message), f"Ja turpmāk nevēlaties saņemt atgādinājumus: {server.url}{unsubscribe[1]}", "and in the text")


@test
def chosen_institutions_or_one_person():
    clear()
    zane, institution = sql("SELECT id, institution FROM person WHERE email = 'zane@example.org'")[0]
    other, = sql("SELECT institution FROM person WHERE email = 'anna@example.org'")[0]
    page = ilze.get(f"/mailings/new?mail=deadline&look=1&institution={institution}&sector=x").text
    contains(page, "Vēstuli saņems 1 persona 1 iestādē", "one institution, whatever the filter says")
    contains(page, f'value="{institution}" checked', "it stays ticked")
    contains(ilze.get(f"/mailings/new?mail=deadline&look=1&institution={institution}&institution={other}").text,
             "Vēstuli saņems 3 personas 2 iestādēs", "two")
    page = ilze.get(f"/mailings/new?person={zane}").text
    contains(page, "Zane Liepa (Finanšu ministrija)", "one person")
    mine = number(send(ilze, f"mail=deadline&person={zane}"))
    wait_for(settled, "sent")
    equal(sql("SELECT person_id FROM message WHERE mailing_id = ?", mine), [(zane,)], "only she")
    contains(ilze.get("/mailings").text, "Zane Liepa", "the list says so")


@test
def a_letter_needs_words():
    page = ilze.get("/mailings/new?mail=letter&look=1").text
    contains(page, "Vēstulei vēl nav latviešu teksta", "it says so")
    equal(ilze.post("/mailings/new", fields(page)).status, 400, "not without")
    letter = {"mail": "letter", "language": "lv", "subject": "Seminārs", "body": "Aicinām uz semināru {{.", "seen": "0", "do": "save"}
    ilze.get("/mailings/templates")
    equal(ilze.post("/mailings/templates", letter).status, 400, "braces")
    equal(ilze.post("/mailings/templates", {**letter, "body": "Aicinām uz semināru."}).status, 303, "words")
    mine = number(send(ilze, "mail=letter&find=finan"))
    wait_for(settled, "sent")
    message = mails("zane@example.org")[-1]
    equal((message["Subject"], text_of(message).strip()), ("Seminārs", "Aicinām uz semināru."), "as it was written")
    equal(sql("SELECT count(*) FROM message WHERE mailing_id = ?", mine), [(1,)], "one")


@test
def rules_are_added_turned_off_and_removed():
    page = ilze.get("/mailings/rules").text
    contains(page, "Noteikumu vēl nav", "nothing yet")
    for typed, words, field in (({"days": "x", "hour": "9"}, "Ierakstiet dienu skaitu", "days"), ({"days": "7", "hour": "25"}, "stundu no 6 līdz 19", "hour"),
                                ({"days": "61", "hour": "9"}, "Ierakstiet dienu skaitu", "days")):
        reply = ilze.post("/mailings/rules", {"kind": "idle", **typed})
        equal(reply.status, 400, f"{typed}")
        contains(reply.text, words, f"{typed}")
        contains(reply.text, f'name="days" value="{typed["days"]}"', "kept")
        contains(reply.text, '<option value="idle" selected>', "kept")
        contains(reply.text, f'<a href="#{field}">', "the summary leads to the field")
    equal(ilze.post("/mailings/rules", {"kind": "before", "days": "7", "hour": "9"}).status, 303, "added")
    equal(ilze.post("/mailings/rules", {"kind": "before", "days": "7", "hour": "10"}).status, 400, "twice")
    page = ilze.get("/mailings/rules").text
    contains(page, "7 dienas pirms termiņa", "in words")
    contains(page, "Šodien nesaņemtu neviens", "the deadline is far")
    rule, = re.findall(r'action="/mailings/rules/(\d+)"', page)
    equal(ilze.post(f"/mailings/rules/{rule}", {"do": "off"}).status, 303, "off")
    contains(ilze.get("/mailings/rules").text, "Izslēgts", "off")
    equal(ilze.post(f"/mailings/rules/{rule}", {"do": "on"}).status, 303, "on")
    for path in ("999", "x", "-1"):
        equal(ilze.post(f"/mailings/rules/{path}", {"do": "remove"}).status, 404, path)
    equal(ilze.post(f"/mailings/rules/{rule}", {"do": "remove"}).status, 303, "removed")
    equal(ilze.post(f"/mailings/rules/{rule}", {"do": "remove"}).status, 404, "removed twice")


@test
def a_rule_sends_by_itself_once_a_day():
    clear()
    riga = time.time() + 2 * 3600  # winter; in summer the hours are one more, and still within the day
    noon = (86400 - riga % 86400) + 12 * 3600
    # the day after tomorrow is ten days before the deadline
    deadline = int((riga - riga % 86400 - 2 * 3600 + 13 * 86400) * 1000 - 1)
    sql("UPDATE round SET deadline_ms = ?", deadline)
    equal(ilze.post("/mailings/rules", {"kind": "before", "days": "11", "hour": "10"}).status, 303, "added")
    before = sql("SELECT count(*) FROM message")[0][0]
    move(int(noon * 1000))
    wait_for(lambda: sql("SELECT count(*) FROM message")[0][0] == before + 3 and settled(), "the rule's day has come")
    ilze2 = Client(server, "ilze@example.org")
    page = ilze2.get("/mailings/rules").text
    contains(page, "Nākamā reize ir rīt", "it has looked")
    contains(page, "Atgādinājumu šodien jau saņēma: 3", "and who had one")
    contains(ilze2.get("/mailings").text, "11 dienas pirms termiņa", "a mailing of its own")
    time.sleep(5)  # two more looks of the thread
    equal(sql("SELECT count(*) FROM message"), [(before + 3,)], "once")
    move(0)
    sql("UPDATE reminder_rule SET removed_ms = 1, active = 0")
    sql("UPDATE message SET created_ms = 1")
    for client, name in ((ilze, "ilze"), (anna, "anna")):  # their sessions ended meanwhile
        client.sign_in(server.link(f"{name}@example.org"))
        client.get("/accessibility")


@test
def a_message_is_read_without_its_link():
    message, = sql("SELECT id FROM message WHERE kind = 'deadline' AND address = 'anna@example.org' LIMIT 1")[0]
    page = ilze.get(f"/mailings/outbox/{message}").text
    contains(page, "[personiskā saite]", "a word stands for it")
    contains(page, "https://…/u/PARAUGS", "and for the other address")
    equal("/e/" in page or "{link}" in page, False, "no link")
    contains(ilze.get("/mailings/outbox").text, f'href="/mailings/outbox/{message}"', "from the list")
    contains(ilze.get("/mailings/outbox").text, "Vēstules tiek saglabātas kā datnes", "there is no mail server")
    equal(ilze.get("/mailings/outbox?state=waiting").text.count('href="/mailings/outbox/'), 0, "none waits")
    equal(ilze.get("/mailings/outbox?state=nonsense&before=x").status, 200, "an odd address")


@test
def what_came_back_is_marked_and_shown():
    message, person, institution = sql("SELECT id, person_id, institution FROM message WHERE address = 'zane@example.org' LIMIT 1")[0]
    path = f"/mailings/outbox/{message}"
    equal(ilze.post(path, {"do": "bounced", "note": "x" * 501}).status, 400, "too long")
    equal(ilze.post(path, {"do": "bounced", "note": "Pastkastīte <neeksistē>"}).status, 303, "marked")
    equal(ilze.post(path, {"do": "bounced", "note": "Pastkastīte <neeksistē>"}).status, 303, "a second press")
    contains(ilze.get(path).text, "Atgriezta", "it says so")
    contains(ilze.get(f"/field/i/{institution}").text, "Pastkastīte &lt;neeksistē&gt;", "and the institution's page")
    contains(ilze.get(f"/mailings/new?mail=letter&look=1&person={person}").text, "pārbaudiet adresi", "and who plans a mailing")
    contains(ilze.get("/mailings/outbox?state=troubled").text, path, "and the outbox")
    equal(len(sql("SELECT 1 FROM event WHERE kind = 'mail-bounced'")), 1, "once in the book")
    equal(ilze.post(path, {"do": "not-bounced"}).status, 303, "taken back")
    equal("Pastkastīte" in ilze.get(f"/field/i/{institution}").text, False, "gone")
    sql("UPDATE message SET state = 3, fault = '550 5.1.1 No such user <here>' WHERE id = ?", message)
    sql("UPDATE message SET state = 4 WHERE person_id = ? AND id > ?", person, message)
    contains(ilze.get(path).text, "Pasta serveris vēstuli nepieņēma: 550 5.1.1 No such user &lt;here&gt;", "a refusal in words")
    contains(ilze.get(f"/field/i/{institution}").text, "pasta serveris vēstuli nepieņēma", "is shown in the same way")
    equal(ilze.post(path, {"do": "bounced", "note": ""}).status, 409, "what was not sent did not come back")
    equal(ilze.post(path, {"do": "again"})["Location"], f"{path}?done=again", "again")
    wait_for(settled, "sent again")
    equal(sql("SELECT state, attempts FROM message WHERE id = ?", message), [(2, 1)], "the same message")
    equal("pasta serveris vēstuli nepieņēma" in ilze.get(f"/field/i/{institution}").text, False, "all is well")


@test
def sent_again_and_called_off():
    message, = sql("SELECT id FROM message WHERE kind = 'invitation' AND address = 'anna@example.org' AND state = 2 LIMIT 1")[0]
    path = f"/mailings/outbox/{message}"
    before = len(mails("anna@example.org"))
    equal(ilze.post(path, {"do": "off"}).status, 409, "what was sent cannot be called off")
    equal(ilze.post(path, {"do": "nothing"}).status, 400, "no such button")
    equal(ilze.post(path, {"do": "again"}).status, 303, "another one")
    wait_for(settled, "sent")
    sent = mails("anna@example.org")
    equal(len(sent), before + 1, "one more")
    equal(sent[-1]["Message-ID"] == sent[0]["Message-ID"], False, "a message of its own")
    sql("UPDATE message SET state = 0, due_ms = 9999999999999 WHERE id = ?", message)
    equal(ilze.post(path, {"do": "off"}).status, 303, "called off")
    equal(ilze.post(path, {"do": "off"}).status, 303, "a second press")
    contains(ilze.get(path).text, "Atcēla koordinators", "why")


@test
def reminders_are_turned_off_without_signing_in():
    token = re.search(r"(/u/[\w-]+)>", mails("anna@example.org")[1]["List-Unsubscribe"])[1]
    stranger = Client(server)
    page = stranger.get(token).text
    contains(page, "Vai turpmāk nesūtīt atgādinājumus uz anna@example.org?", "whose")
    equal(sql("SELECT notify FROM person WHERE email = 'anna@example.org'"), [(7,)], "looking does nothing")
    for wrong in (token[:-1] + ("0" if token[-1] != "0" else "1"), "/u/1-", "/u/x", "/u/-1-0", "/u/2-" + token.split("-")[1],
                  "/u/999999999999999999999999-0"):
        equal(stranger.get(wrong).status, 404, wrong)
        equal(stranger.ask("POST", wrong, "List-Unsubscribe=One-Click",
                           {"Content-Type": "application/x-www-form-urlencoded"}).status, 404, wrong)
    for _ in range(2):  # as a mail program does: no cookies, from anywhere; and once more
        reply = Client(server).ask("POST", token, "List-Unsubscribe=One-Click",
                                   {"Content-Type": "application/x-www-form-urlencoded", "Origin": "https://mail.example.com",
                                    "Sec-Fetch-Site": "cross-site"})
        equal(reply.status, 200, "RFC 8058: no redirect")
        contains(reply.text, "vairs netiks sūtīti", "done")
    equal(sql("SELECT notify FROM person WHERE email = 'anna@example.org'"), [(3,)], "off")
    equal(sql("SELECT count(*) FROM event WHERE kind = 'unsubscribe'"), [(1,)], "once in the book")
    contains(anna.get("/account").text, 'name="reminders" value="1" aria-describedby', "her own page shows it")
    clear()
    contains(ilze.get("/mailings/new?mail=deadline&look=1").text, "1 persona ir atteikusies no atgādinājumiem", "she is left out")
    contains(ilze.get("/mailings/new?mail=invitation&look=1").text, "Vēstuli saņems 3 personas", "but not of invitations")


@test
def who_submits_between_making_and_sending_gets_none():
    sql("UPDATE person SET notify = 7")
    clear()
    sql("INSERT INTO message (person_id, address, kind, reason, language, reply_to, subject, body, state, attempts, created_ms,"
        " due_ms, sent_ms, fault, round, institution) SELECT p.id, p.email, 'deadline', 'late', 'lv', '', 'S', 'B', 0, 0, 1,"
        " 9999999999999, 0, '', 'e-index-2017', p.institution FROM person p WHERE p.email = 'zane@example.org'")
    sql("UPDATE response SET status = 2 WHERE institution = (SELECT institution FROM person WHERE email = 'zane@example.org')")
    sql("UPDATE message SET due_ms = 1 WHERE reason = 'late'")
    wait_for(settled, "looked at")
    message, = sql("SELECT id FROM message WHERE reason = 'late' AND state = 4")[0]
    contains(ilze.get(f"/mailings/outbox/{message}").text, "Vairs nav par ko atgādināt", "why")


code = run_tests()
server.remove()
os.unlink(clock.name)
sys.exit(code)
