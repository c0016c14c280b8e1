#!/usr/bin/python3
"""`anketa institutions import`: lists as people have them, from CSV and XLSX, and what is wrong with them."""
import csv
import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../http"))
from harness import ANKETA, ROOT, contains, equal, run_tests, test  # noqa: E402
from table_files import write_xlsx  # noqa: E402

FOLDER = tempfile.mkdtemp(prefix="anketa-import-")
REAL = os.path.join(ROOT, "questionnaires/e-index-2017/institutions.csv")
ROUND = "e-index-2017"
count = [0]
HEADINGS = {"name": "Nosaukums", "registration_number": "Reģistrācijas numurs", "abbreviation": "Saīsinājums", "kind": "Veids",
            "sector": "Resors", "segments": "Segmenti", "status": "Statuss", "comment": "Komentārs", "nr": "Nr.",
            "sector_source": "sector_source"}


def anketa(*words, data="data", code=0):
    done = subprocess.run([ANKETA, *words, "--data", os.path.join(FOLDER, data)], cwd=ROOT, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE)
    equal(done.returncode, code, f"exit code of {words}: {done.stderr.decode()}")
    return done.stdout.decode(), done.stderr.decode()


def fresh(name, opens="2026-11-01"):
    """A data folder with the round, and its name."""
    shutil.rmtree(os.path.join(FOLDER, name), ignore_errors=True)
    anketa("round", "load", "questionnaires/e-index-2017", "--opens", opens, "--deadline", "2099-12-06", data=name)
    return name


def file_of(text, name=None, encoding="utf-8"):
    count[0] += 1
    path = os.path.join(FOLDER, name or f"list{count[0]}.csv")
    with open(path, "w", encoding=encoding, newline="") as out:
        out.write(text)
    return path


def take(path, data, commit=False, code=0):
    out, _ = anketa("institutions", "import", path, "--round", ROUND, "--json", *(["--commit"] if commit else []), data=data,
                    code=code)
    return json.loads(out)


def query(data, sql):
    with sqlite3.connect(os.path.join(FOLDER, data, "anketa.db")) as db:
        return db.execute(sql).fetchall()


def real_rows():
    with open(REAL, encoding="utf-8", newline="") as text:
        return list(csv.reader(text))


def problems(result):
    return [(p["problem"], p["place"]) for p in result["problems"]]


@test
def the_real_list_is_as_it_is_in_every_form():
    data = fresh("real")
    rows = real_rows()
    equal(len(rows), 105)
    latvian = [[HEADINGS[cell] for cell in rows[0]]] + rows[1:]
    text = "".join(";".join(f'"{c}"' if ";" in c else c for c in row) + "\r\n" for row in latvian)
    numbers = [[int(c) if c.isdigit() and i in (0, 2) else c for i, c in enumerate(row)] for row in latvian]
    write_xlsx(os.path.join(FOLDER, "real.xlsx"), numbers, "Iestādes")
    for path, encoding, sheet in ((REAL, "UTF-8", ""), (file_of(text, "1257.csv", "cp1257"), "Windows-1257", ""),
                                  (file_of("\ufeff" + text, "bom.csv"), "UTF-8", ""),
                                  (file_of(text, "utf16.csv", "utf-16"), "UTF-16", ""),
                                  (os.path.join(FOLDER, "real.xlsx"), "", "Iestādes")):
        result = take(path, data)
        equal(result["institutions"], {"new": 0, "changed": 0, "same": 104, "absent": 0}, path)
        equal((result["encoding"], result["sheet"], result["errors"], result["unknown_columns"]), (encoding, sheet, 0, []), path)


@test
def a_list_fills_an_empty_round():
    shutil.rmtree(os.path.join(FOLDER, "empty"), ignore_errors=True)
    shutil.rmtree(os.path.join(FOLDER, "round"), ignore_errors=True)
    shutil.copytree(os.path.join(ROOT, "questionnaires/e-index-2017"), os.path.join(FOLDER, "round"))
    with open(os.path.join(FOLDER, "round/institutions.csv"), "w", encoding="utf-8") as out:
        out.write("name,registration_number\nPirmā,90000000001\n")
    anketa("round", "load", os.path.join(FOLDER, "round"), "--opens", "2098-11-01", "--deadline", "2099-12-06", data="empty")
    write_xlsx(os.path.join(FOLDER, "real.xlsx"), real_rows())
    result = take(os.path.join(FOLDER, "real.xlsx"), "empty", commit=True)
    equal(result["institutions"], {"new": 104, "changed": 0, "same": 0, "absent": 1})
    equal(query("empty", "SELECT count(*) FROM round_institution"), [(105,)])
    equal(query("empty", "SELECT count(DISTINCT institution), count(*) FROM response"), [(105, 420)])
    equal(query("empty", "SELECT count(*) FROM round_institution WHERE joined_ms > 0"), [(0,)], "the round has not opened")
    equal(query("empty", "SELECT count(*) FROM round_institution WHERE first_time = 1"), [(104,)])
    equal(query("empty", "SELECT max(position), count(DISTINCT position) FROM round_institution"), [(104, 105)])
    equal(take(REAL, "empty")["institutions"], {"new": 0, "changed": 0, "same": 104, "absent": 1}, "once more")


@test
def what_changes_is_told_field_by_field():
    data = fresh("fields")
    path = file_of("reģistrācijas numurs;nosaukums;e-pasts;tālrunis;segmenti;Krāsa\n"
                   "90000022632;Aizsardzības ministrija;Pasts@Mod.gov.lv;+371 67335113;;zila\n"
                   "90000812928;Centrālā aģentūra;;;;\n")
    result = take(path, data)
    equal(result["unknown_columns"], ["Krāsa"])
    equal(result["taken"], False)
    equal([(c["kind"], c["name"], [(f["column"], f["before"], f["after"]) for f in c["fields"]]) for c in result["changes"]],
          [("institution-changed", "Aizsardzības ministrija", [("email", "", "pasts@mod.gov.lv"), ("phone", "", "+371 67335113")]),
           ("institution-changed", "Centrālā aģentūra", [("name", "Centrālā finanšu un līgumu aģentūra", "Centrālā aģentūra")])])
    equal(query(data, "SELECT count(*) FROM institution WHERE email <> ''"), [(0,)], "a dry run changes nothing")
    out, _ = anketa("institutions", "import", path, "--round", ROUND, data=data)
    contains(out, "changed: Centrālā aģentūra\n  name: Centrālā finanšu un līgumu aģentūra → Centrālā aģentūra\n")
    contains(out, "nothing was taken over; give --commit")
    equal(take(path, data, commit=True)["taken"], True)
    equal(query(data, "SELECT email, phone FROM institution WHERE registration_number = '90000022632'"),
          [("pasts@mod.gov.lv", "+371 67335113")])
    equal(query(data, "SELECT abbreviation, search_text FROM institution WHERE registration_number = '90000812928'"),
          [("CFLA", "centrala agentura cfla")], "an empty cell and an absent column leave what is there")
    equal(query(data, "SELECT detail FROM event WHERE kind = 'institution-change' ORDER BY id")[1],
          ("Centrālā finanšu un līgumu aģentūra → Centrālā aģentūra",))
    equal(take(path, data)["institutions"]["same"], 2, "once more")


@test
def contacts_in_the_same_rows():
    data = fresh("contacts")
    path = file_of("nosaukums,reģistrācijas numurs,kontaktpersona,kontaktpersonas e-pasts,kontaktpersonas tālrunis,atbildīgā\n"
                   "Aizsardzības ministrija,90000022632,Anna Bērziņa,Anna@Mod.lv,67000001,jā\n"
                   "Aizsardzības ministrija,90000022632,Jānis Kalns,janis@mod.lv,,\n"
                   "Jauna iestāde,90009999999,Anna Bērziņa,anna@mod.lv,67000001,\n")
    result = take(path, data, commit=True)
    equal((result["institutions"]["new"], result["contacts"]), (1, {"new": 3, "changed": 0, "same": 0}))
    equal(query(data, "SELECT p.email, p.name, i.name, p.id = m.responsible FROM person p JOIN institution i ON i.id = p.institution"
                      " JOIN round_institution m ON m.institution = i.id ORDER BY p.id"),
          [("anna@mod.lv", "Anna Bērziņa", "Aizsardzības ministrija", 1), ("janis@mod.lv", "Jānis Kalns", "Aizsardzības ministrija", 0),
           ("anna@mod.lv", "Anna Bērziņa", "Jauna iestāde", None)], "an address at two institutions is two people")
    equal(query(data, "SELECT joined_ms > 0, first_time FROM round_institution m JOIN institution i ON i.id = m.institution"
                      " WHERE i.registration_number = '90009999999'"), [(1, 1)], "included late")
    equal(query(data, "SELECT count(*) FROM response r JOIN institution i ON i.id = r.institution"
                      " WHERE i.registration_number = '90009999999'"), [(4,)])
    again = take(path, data)
    equal((again["institutions"]["same"], again["contacts"], again["changes"]), (2, {"new": 0, "changed": 0, "same": 3}, []))


@test
def a_file_of_contacts():
    data = fresh("people")
    path = file_of("iestāde;e-pasts;vārds, uzvārds;tālrunis;valoda\nAiM;anna@mod.lv;Anna;67000001;latviešu\n"
                   "90000812928;olga@cfla.lv;Ольга;;krievu\nCentrālā statistikas pārvalde;x@csp.lv;Xenija;;\n")
    equal(take(path, data, commit=True)["contacts"], {"new": 3, "changed": 0, "same": 0})
    equal(query(data, "SELECT email, language FROM person ORDER BY id"), [("anna@mod.lv", "lv"), ("olga@cfla.lv", "ru"), ("x@csp.lv", "lv")])
    changed = file_of("iestāde;e-pasts;vārds, uzvārds;tālrunis\nAiM;ANNA@mod.lv;Anna Liepa;\n")
    result = take(changed, data, commit=True)
    equal([(f["column"], f["before"], f["after"]) for f in result["changes"][0]["fields"]], [("contact_name", "Anna", "Anna Liepa")])
    equal(query(data, "SELECT name, phone FROM person WHERE email = 'anna@mod.lv'"), [("Anna Liepa", "67000001")])
    anketa("person", "remove", "olga@cfla.lv", data=data)
    back = take(path, data, commit=True)
    equal([(c["kind"], c["email"]) for c in back["changes"]],
          [("contact-changed", "anna@mod.lv"), ("contact-back", "olga@cfla.lv")])
    equal(query(data, "SELECT removed_ms FROM person WHERE email = 'olga@cfla.lv'"), [(0,)])


@test
def every_fault_is_told_with_its_place():
    data = fresh("faults")
    anketa("person", "add", "ilze@example.org", "--name", "Ilze", "--role", "coordinator", data=data)
    path = file_of("name,registration_number,segments,contact_name,contact_email,contact_phone,contact_language,responsible\n"
                   ",90000000001,,,,,,\n"
                   "A,9000 ķ,,,,,,\n"
                   "B,90000000002,mass,,,,,\n"
                   "C,90000000003,,C,c(at)x.lv,,,\n"
                   "D,90000000004,,D,ilze@example.org,,,\n"
                   "E,90000000005,,,e@x.lv,,,\n"
                   "F,90000000006,,F,f@x.lv,zvanīt,xx,varbūt\n"
                   "G,90000000007,,G,g@x.lv,,,x\n"
                   "G,90000000007,,H,h@x.lv,,,x\n"
                   "I,90000000008,,,,,,\n"
                   "I2,90000000008,,I,i@x.lv,,,\n"
                   "J\n"
                   "K,123,,,,,,\n"
                   "L,,,,,,,\n"
                   "L,90000000009,,,,,,\n")
    result = take(path, data, commit=True, code=1)
    equal(sorted(problems(result), key=lambda p: int(p[1].split()[1])),
          [("no_name", "line 2"), ("bad_number", "line 3"), ("bad_email", "line 5"), ("staff", "line 6"),
           ("no_contact_name", "line 7"), ("bad_phone", "line 8"), ("bad_language", "line 8"), ("bad_answer", "line 8"),
           ("two_responsible", "line 10"), ("twice", "line 12"), ("cell_count", "line 13"), ("number_form", "line 14"),
           ("ambiguous", "line 15")])
    equal(query(data, "SELECT count(*) FROM institution"), [(104,)], "nothing of it was taken over")
    _, said = anketa("institutions", "import", path, "--round", ROUND, data=data, code=1)
    contains(said, '.csv: line 12: error: "90000000008" is in line 11 already, with other data\n')
    contains(said, ".csv: line 14: warning: the registration number 123 does not have 11 digits\n")


@test
def places_in_a_workbook():
    data = fresh("cells")
    path = os.path.join(FOLDER, "cells.xlsx")
    write_xlsx(path, [["nosaukums", "", "e-pasts"], ["Viens", "", "viens(at)x.lv"], [], ["Divi", "papildus", "", "vēl"]])
    equal(problems(take(path, data, code=1)), [("bad_email", "sheet Lapa1, cell C2"), ("cell_count", "sheet Lapa1, row 4")])


@test
def names_and_numbers_that_are_known_otherwise():
    data = fresh("names")
    one = file_of("name\nBez numura\n")
    equal(take(one, data, commit=True)["institutions"]["new"], 1)
    two = file_of("name,registration_number\nBez numura,90000000011\n")
    equal([(c["kind"], c["fields"][0]["after"]) for c in take(two, data, commit=True)["changes"]],
          [("institution-changed", "90000000011")], "it gets its number")
    three = file_of("name,registration_number\nBez numura,90000000012\n")
    result = take(three, data, commit=True)
    equal((result["institutions"]["new"], problems(result)), (1, [("same_name", "line 2")]), "another one, and a warning")
    equal(problems(take(one, data, code=1)), [("ambiguous", "line 2")])
    contact = file_of("institution,email,name\nBez numura,a@x.lv,A\nNav,a@x.lv,A\n")
    equal(problems(take(contact, data, code=1)), [("ambiguous", "line 2"), ("unknown", "line 3")])


@test
def files_that_are_no_lists():
    data = fresh("none")
    for text, words in (("", "the file is empty"), ("\n\n", "the table is empty")):
        _, said = anketa("institutions", "import", file_of(text), "--round", ROUND, data=data, code=1)
        contains(said, words)
    header = take(file_of("name,registration_number\n"), data)
    equal((header["institutions"]["new"], header["institutions"]["absent"], header["errors"]), (0, 104, 0), "only a header")
    equal(problems(take(file_of("krāsa,forma\nzila,apaļa\n"), data, code=1)), [("no_column", "line 1")])
    equal(problems(take(file_of("name,Nosaukums\nA,B\n"), data, code=1)), [("column_twice", "line 1")])
    _, said = anketa("institutions", "import", file_of('name\n"A\n'), "--round", ROUND, data=data, code=1)
    contains(said, ".csv:2:1: error: a quote is out of place")
    _, said = anketa("institutions", "import", file_of("name\nA\n"), "--round", "nav", data=data, code=1)
    contains(said, 'there is no round "nav"')
    anketa("institutions", "import", "/nowhere.csv", "--round", ROUND, data=data, code=1)
    with open(os.path.join(FOLDER, "x.xls"), "wb") as out:
        out.write(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 100)
    _, said = anketa("institutions", "import", os.path.join(FOLDER, "x.xls"), "--round", ROUND, data=data, code=1)
    contains(said, "save it as XLSX")


@test
def fifty_thousand_rows():
    """Memory and time are bounded: a list of 50,000 with a contact each, first new, then the same again."""
    data = fresh("large")
    rows = [["nosaukums", "reģistrācijas numurs", "saīsinājums", "kontaktpersona", "kontaktpersonas e-pasts"]]
    rows += [[f"Iestāde ar garu nosaukumu numur {i}", f"8{i:010d}", f"I{i}", f"Persona {i}", f"persona{i}@example.org"] for i in range(50000)]
    path = os.path.join(FOLDER, "large.xlsx")
    write_xlsx(path, rows)
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    result = take(path, data)
    equal((result["institutions"]["new"], result["contacts"]["new"]), (50000, 50000))
    spent = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
    print(f"# 50,000 rows planned in {spent:.1f} s of processor, with sanitizers")


if __name__ == "__main__":
    try:
        code = run_tests()
    finally:
        shutil.rmtree(FOLDER)
    sys.exit(code)
