#!/usr/bin/python3
"""`anketa answers load`: what the export writes is read back the same; what is wrong is named with its place; all or nothing."""
import csv
import io
import os
import sqlite3
import subprocess
import sys
import tempfile
import traceback

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ANKETA = os.path.join(ROOT, os.environ.get("ANKETA", "build/san/anketa"))
FOLDER_2015 = os.path.join(ROOT, "questionnaires/e-index-2015")
ROUND = "e-index-2015"
VARAM, FM = "90000028508", "90000014724"
TEXTS = ["=1+1", "'=cmd", "+371 67000000", "-3", "@SUM(A1)", ".a", "'.q", "''.n", "'", "''x", "divas\nrindas",
         'pēdiņas "šeit", un komats; semikols', "＝1", "<b>&amp;</b>", "007", "1e5", "😀", "neattiecas", "TRUE", "dati nav pieejami"]

tests = []
folder = tempfile.TemporaryDirectory()
number = 0


def test(function):
    tests.append(function)
    return function


def run(*words, code=0):
    done = subprocess.run([ANKETA, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120, cwd=folder.name,
                          stdin=subprocess.DEVNULL)
    errors = done.stderr.decode()
    assert done.returncode == code, (words, done.returncode, done.stdout.decode(), errors)
    return done.stdout.decode() if code == 0 else errors


def new_data():
    global number
    number += 1
    data = os.path.join(folder.name, f"data{number}")
    run("round", "load", FOLDER_2015, "--data", data)
    return data


def write(rows, separator=",", encoding="utf-8"):
    """rows: a text, or lists of cells."""
    global number
    number += 1
    path = f"answers{number}.csv"
    if not isinstance(rows, str):
        out = io.StringIO()
        csv.writer(out, delimiter=separator).writerows(rows)
        rows = out.getvalue()
    with open(os.path.join(folder.name, path), "w", encoding=encoding, newline="") as file:
        file.write(rows)
    return path


def load(data, path, *options, questionnaire="self-assessment", code=0):
    return run("answers", "load", path, "--round", ROUND, "--questionnaire", questionnaire, "--data", data, *options, code=code)


def ask(data, sql, *values):
    db = sqlite3.connect(os.path.join(data, "anketa.db"))
    rows = db.execute(sql, values).fetchall()
    db.close()
    return rows


def export(data, *options, questionnaire="self-assessment"):
    text = run("export", "--data", data, "--round", ROUND, "--questionnaire", questionnaire, "--format", "csv", "--output", "-",
               *options)
    return list(csv.reader(io.StringIO(text, newline="")))


def answers_of(rows):
    """Without our own columns that differ between folders."""
    drop = [i for i, name in enumerate(rows[0]) if name in ("response_id", "institution_id", "submitted_at", "changed_at")]
    return [[cell for i, cell in enumerate(row) if i not in drop] for row in rows]


def equal(got, expected):
    if isinstance(got, list) and isinstance(expected, list) and len(got) == len(expected):
        got, expected = [g for g, e in zip(got, expected) if g != e], [e for g, e in zip(got, expected) if g != e]
    assert got == expected, f"expected {expected!r}, got {got!r}"[:3000]


def refused(rows, *expected, data=None, options=("--commit",), questionnaire="self-assessment"):
    """Nothing is stored, and every expected text is said, each on a line of its own."""
    data = data or new_data()
    before = ask(data, "SELECT count(*) FROM answer")
    path = rows if isinstance(rows, str) and rows.endswith(".csv") else write(rows)
    said = load(data, path, *options, questionnaire=questionnaire, code=1)
    for text in expected:
        assert any(text.replace("FILE", path) in line for line in said.splitlines()), (text, said)
    assert len(said.splitlines()) == len(expected), said
    equal(ask(data, "SELECT count(*) FROM answer"), before)
    return said


@test
def a_dry_run_says_what_would_change_and_stores_nothing():
    data = new_data()
    path = os.path.join(FOLDER_2015, "answers-self-assessment.csv")
    said = load(data, path)
    equal(said.splitlines(), ["institutions: 5", "roster rows added: 0", "answers new: 113", "answers changed: 0",
                              "answers as they were: 0", "responses submitted: 0",
                              "nothing was stored; give --commit to store it"])
    for table in ("answer", "person", "event"):
        equal(ask(data, f"SELECT count(*) FROM {table}"), [(0,)])
    assert load(data, path, "--commit").endswith("stored\n")
    equal(ask(data, "SELECT count(*) FROM answer"), [(113,)])
    equal(ask(data, "SELECT count(*) FROM answer_past"), [(0,)])


@test
def loading_again_changes_nothing():
    data = new_data()
    path = os.path.join(FOLDER_2015, "answers-self-assessment.csv")
    load(data, path, "--commit", "--submitted")
    before = ask(data, "SELECT id, revision, status, receipt FROM response ORDER BY id")
    said = load(data, path, "--commit", "--submitted")
    assert "answers new: 0\nanswers changed: 0\nanswers as they were: 113\nresponses submitted: 0" in said, said
    equal(ask(data, "SELECT id, revision, status, receipt FROM response ORDER BY id"), before)


@test
def what_differs_is_a_new_version_and_nothing_is_cleared():
    data = new_data()
    load(data, write([["abbreviation", "V00J", "V01", "NOTES_DESC"], ["VARAM", "10", "2.5", "teksts"]]), "--commit")
    said = load(data, write([["abbreviation", "V00J", "V01", "NOTES_DESC"], ["VARAM", "11", "2.5", ".n"]]), "--commit", "--json")
    equal(said, '{"stored":true,"institutions":1,"rows":0,"new":0,"changed":1,"same":1,"submitted":0}\n')
    equal(ask(data, "SELECT question, version, value FROM answer ORDER BY question"),
          [("NOTES_DESC", 1, "teksts"), ("V00J", 2, "11"), ("V01", 1, "2.5")])
    equal(ask(data, "SELECT question, value FROM answer_past"), [("V00J", "10")])
    equal(ask(data, "SELECT status, answered > 0 FROM response WHERE revision > 0"), [(1, 1)])


@test
def the_person_who_loads_cannot_sign_in():
    data = new_data()
    load(data, write([["abbreviation", "V00J"], ["VARAM", "10"]]), "--commit")
    equal(ask(data, "SELECT p.name, p.email, p.role, p.removed_ms > 0, p.notify FROM answer a JOIN person p ON p.id = a.person_id"),
          [("Datu ielāde", "datu-ielade@anketa.invalid", 4, 1, 0)])
    equal(ask(data, "SELECT kind, subject, detail FROM event WHERE kind = 'answers-load'"),
          [("answers-load", f"round {ROUND}", "self-assessment: 1 institutions, 1 answers new, 0 changed")])


@test
def submitted_responses_have_a_receipt_and_stay_closed():
    data = new_data()
    load(data, write([["abbreviation", "V00J"], ["VARAM", "10"]]), "--commit", "--submitted")
    equal(ask(data, "SELECT r.status, length(r.receipt), length(s.checksum) FROM response r JOIN submission s ON s.response_id = r.id"),
          [(2, 11, 64)])
    refused([["abbreviation", "V00J"], ["VARAM", "12"]],
            "FILE:2:2: error: V00J: the response has been submitted with another answer", data=data)


@test
def an_export_reads_back_the_same():
    data, again = new_data(), new_data()
    load(data, os.path.join(FOLDER_2015, "answers-self-assessment.csv"), "--commit")
    institutions = ["VARAM", "FM", "CSP", "PMLP", "UR"]
    for at in range(0, len(TEXTS), len(institutions)):
        some = TEXTS[at:at + len(institutions)]
        db = sqlite3.connect(os.path.join(data, "anketa.db"))
        db.execute("DELETE FROM answer WHERE question = 'NOTES_DESC'")
        for institution, text in zip(institutions, some):
            db.execute("INSERT INTO answer SELECT r.id, 'NOTES_DESC', '', 1, 1, ?, 1, 1 FROM response r JOIN institution i"
                       " ON i.id = r.institution WHERE i.abbreviation = ? AND r.questionnaire = 'self-assessment'",
                       (text, institution))
        db.commit()
        db.close()
        for options, back in (((), ()), (("--labels", "--language", "lv"), ("--language", "lv")),
                              (("--labels", "--language", "ru"), ("--language", "ru")), (("--separator", ";", "--bom"), ())):
            rows = run("export", "--data", data, "--round", ROUND, "--questionnaire", "self-assessment", "--format", "csv",
                       "--output", "-", *options)
            load(again, write(rows), "--commit", *back)
            equal(answers_of(export(again)), answers_of(export(data)))


@test
def rosters_read_back_and_rows_are_known_by_their_names():
    data, again = new_data(), new_data()
    load(data, os.path.join(FOLDER_2015, "answers-services.csv"), "--commit", questionnaire="services")
    rows = export(data, "--roster", "services", questionnaire="services")
    equal(len(rows), 5)
    said = load(again, write(rows), "--commit", questionnaire="services")
    assert "institutions: 3\nroster rows added: 4\nanswers new: 40\n" in said, said
    equal(answers_of(export(again, "--roster", "services", questionnaire="services")), answers_of(rows))
    more = [["registration_number", "row_label", "P52"], [VARAM, " Izdomāta uzziņa ", "86"], [VARAM, "Jauns", "1"]]
    said = load(again, write(more), "--commit", questionnaire="services")
    assert "roster rows added: 1\nanswers new: 1\nanswers changed: 1\n" in said, said
    equal(ask(again, "SELECT label FROM roster_row w JOIN response r ON r.id = w.response_id JOIN institution i ON"
                     " i.id = r.institution WHERE i.abbreviation = 'VARAM' ORDER BY position"),
          [("Izdomātas atļaujas izsniegšana",), ("Izdomāta uzziņa",), ("Jauns",)])


@test
def calculated_columns_are_left_out():
    data = new_data()
    said = load(data, write([["abbreviation", "P52_SUM", "P52_E_SHARE"], ["VARAM", "5", "7.5"]]), "--commit", questionnaire="services")
    assert "answers new: 0" in said, said


@test
def wrong_headers_are_refused():
    refused("", "FILE:1:1: error: the file is empty; its first line names the columns")
    refused([["V00J", "V01"], ["1", "2"]],
            "FILE:1:1: error: no column says which institution: registration_number, institution or abbreviation")
    refused([["abbreviation", "V00X", "V00J", "V00J"], ["VARAM", "1", "2", "3"]],
            'FILE:1:2: error: unknown column "V00X"', "FILE:1:4: error: column V00J is there twice")
    refused([["abbreviation", "row_label", "P53X"], ["VARAM", "x", "1"]],
            'FILE:1:3: error: unknown column "P53X"')
    refused([["abbreviation", "P52"], ["VARAM", "1"]], 'FILE:1:2: error: unknown column "P52"', questionnaire="services")


@test
def wrong_institutions_are_refused():
    data = new_data()
    run("round", "load", os.path.join(ROOT, "questionnaires/e-index-2017"), "--data", data)
    refused([["registration_number", "institution", "abbreviation", "V00J"], [VARAM, "", "", "1"], ["", "", "FM", "1"],
             ["", "Finanšu ministrija", "", "2"], ["1234", "", "", "3"], ["", "", "", "4"], ["", "", "VID", "5"],
             ["", "Vides", "", "6"]],
            'FILE:4:2: error: "Finanšu ministrija" is there twice',
            'FILE:5:1: error: there is no institution "1234"; give its registration number',
            "FILE:6:1: error: the row names no institution",
            'FILE:7:3: error: "VID" is not asked in this round',
            'FILE:8:2: error: there is no institution "Vides"; give its registration number', data=data)
    refused([["abbreviation", "V00J"], ["VARAM", "1"], ["FM", "1"], ["VARAM", "1"]],
            'FILE:4:1: error: "VARAM" is there twice')


@test
def wrong_values_are_refused_with_their_place():
    refused([["abbreviation", "V00J", "V01", "F00", "K13M_1", "K13M_2", "D21", "V03A"],
             ["VARAM", "pieci", "1", "1", "1", "0", "5", "1"],
             ["FM", "1.5", "x", "7", "2", "0", ".d", ".a"],
             ["CSP", "-1", "", "", "1", ".q", "", ""],
             ["UR", "1", "2"]],
            'FILE:2:2: error: V00J: "pieci": Enter a whole number',
            'FILE:3:2: error: V00J: "1.5": Enter a whole number',
            'FILE:3:3: error: V01: "x": Enter a number',
            'FILE:3:4: error: F00: "7": Choose one of the answers offered.',
            'FILE:3:5: error: K13M_1: "2" is neither 0 nor 1',
            'FILE:3:8: error: V03A: "na": This question needs an answer',
            'FILE:4:2: error: V00J: "-1": Enter a number that is not less than 0.',
            'FILE:4:6: error: K13M_2: ".q" does not go with the question\'s other columns',
            "FILE:5:1: error: 3 cells, but the header has 8")
    refused([["abbreviation", "F00"], ["VARAM", "iestāde sniedz e-pakalpojumus"], ["FM", "1"]],
            'FILE:3:2: error: F00: "1" is none of its options', options=("--commit", "--language", "lv"))


@test
def wrong_roster_rows_are_refused():
    refused([["abbreviation", "row_label", "P52"], ["VARAM", "a", "1"], ["VARAM", "a", "2"], ["VARAM", " ", "2"],
             ["FM", "b", "1"], ["VARAM", "c", "3"], ["UR", "x" * 501, "1"]],
            "FILE:3:2: error: VARAM: this row is there twice",
            "FILE:4:2: error: VARAM: a row's name has 1 to 500 characters in one line",
            'FILE:6:1: error: the rows of "VARAM" do not stand together',
            "FILE:7:2: error: UR: a row's name has 1 to 500 characters in one line", questionnaire="services")


@test
def wrong_files_and_calls_are_refused():
    data = new_data()
    assert "no such" in load(data, "nowhere.csv", code=1).lower()
    assert "UTF-8" in load(data, write("abbreviation,NOTES_DESC\nVARAM,ā\n", encoding="cp1257"), code=1)
    assert ":2:1: error: a quote is out of place" in load(data, write('abbreviation,V00J\nVARAM,"1\n'), code=1)
    assert "could not be read" in load(data, folder.name, code=3)
    path = write([["abbreviation", "V00J"], ["VARAM", "1"]])
    assert "e-index-2015" in run("answers", "load", path, "--round", "nav", "--questionnaire", "self-assessment", "--data", data, code=1)
    assert "self-assessment" in run("answers", "load", path, "--round", ROUND, "--questionnaire", "nav", "--data", data, code=1)
    assert "has no texts in the language 'de'" in load(data, path, "--language", "de", code=1)
    run("answers", "load", path, "--data", data, code=2)
    equal(ask(data, "SELECT count(*) FROM answer"), [(0,)])


@test
def one_wrong_cell_keeps_everything_out():
    data = new_data()
    refused([["abbreviation", "V00J"], ["VARAM", "1"], ["FM", "divi"]], 'FILE:3:2: error: V00J: "divi"', data=data)
    equal(ask(data, "SELECT count(*) FROM person"), [(0,)])


@test
def files_of_other_systems_are_read():
    data = new_data()
    load(data, write("\ufeffabbreviation;V00J\r\nVARAM;10\r\n\r\nFM;20"), "--commit")
    load(data, write("abbreviation\tV01\rVARAM\t1,5\rFM\t2,25\r"), "--commit")
    equal(ask(data, "SELECT value FROM answer ORDER BY question, value"), [("10",), ("20",), ("1.5",), ("2.25",)])


def main():
    failed = 0
    print(f"1..{len(tests)}")
    for at, function in enumerate(tests, 1):
        name = function.__name__.replace("_", " ")
        try:
            function()
            print(f"ok {at} - {name}", flush=True)
        except Exception:
            failed += 1
            print(f"not ok {at} - {name}")
            print("\n".join("# " + line for line in traceback.format_exc().splitlines()), flush=True)
    folder.cleanup()
    sys.exit(1 if failed else 0)


main()
