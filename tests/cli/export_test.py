#!/usr/bin/python3
"""`anketa export`: the real round with answers put into the database, written as CSV and XLSX, both read back here and
compared cell by cell with each other and with what was put in."""
import csv
import datetime
import io
import json
import os
import random
import re
import resource
import signal
import sqlite3
import subprocess
import tempfile
import xml.etree.ElementTree as ET
import zipfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ANKETA = os.environ.get("ANKETA", os.path.join(ROOT, "build/san/anketa"))
ROUND_FOLDER = os.path.join(ROOT, "questionnaires/e-index-2017")
FORM = os.path.join(ROUND_FOLDER, "self-assessment.yaml")
ROUND = "e-index-2017"
OWN = ["response_id", "institution_id", "registration_number", "institution", "abbreviation", "kind", "sector",
       "segments", "status", "submitted_at", "changed_at", "questionnaire_version"]
TIME = ["response_id", "institution_id", "registration_number", "institution", "abbreviation", "person", "section",
        "sitting", "device", "active_seconds", "started_at"]
FILLED = 30
MARKS = {"not asked": ".q", "not answered": ".n", "na": ".a", "nodata": ".d"}
TEXTS = ["Glāžšķūņa rūķīši dzērumā čiepj Baha koncertflīģeļu vākus", "=1+1", "+371 67000000", "-3", "@SUM(A1:A2)",
         "'=cmd", '"=1"', "＝1+1", ".a", "'.q", ".", "divas\nrindas", 'pēdiņas "šeit", un komats; semikols',
         "_x0041_ nav A", "<b>&amp;</b>", "1234,5", "007", "😀 𝄞", "TRUE", "nav", "x" * 9000, "\t=tab", "a  b"]

tests = []
folder = tempfile.TemporaryDirectory()
DATA = os.path.join(folder.name, "var")


def test(function):
    tests.append(function)
    return function


def run(*words, stdout=subprocess.PIPE, limit=None, env=None):
    def prepare():
        if limit is not None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    done = subprocess.run([ANKETA, *words], stdout=stdout, stderr=subprocess.PIPE, timeout=120, cwd=folder.name,
                          preexec_fn=prepare, env=dict(os.environ, **(env or {})), stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout or b"", done.stderr.decode()


def export(kind, *options, questionnaire="self-assessment"):
    """The bytes of an export that must work, and nothing on stderr."""
    code, out, errors = run("export", "--data", DATA, "--round", ROUND, "--questionnaire", questionnaire, "--format",
                            kind, "--output", "-", *options)
    assert code == 0 and errors == "", (code, errors)
    return out


def read_csv(data, separator=","):
    rows = list(csv.reader(io.StringIO(data.decode("utf-8"), newline=""), delimiter=separator, strict=True))
    return rows[0], rows[1:]


NS = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def column_index(reference):
    index = 0
    for letter in re.match("[A-Z]+", reference)[0]:
        index = index * 26 + ord(letter) - 64
    return index - 1


def unescape(text):
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), text)


def read_xlsx(data, sheet=1):
    """Rows of cells: str, float, ("date", …) or None. What a spreadsheet would see, formulas refused."""
    book = zipfile.ZipFile(io.BytesIO(data))
    assert book.testzip() is None
    styles = ET.fromstring(book.read("xl/styles.xml"))
    formats = {f.get("numFmtId"): f.get("formatCode") for f in styles.iterfind(".//m:numFmt", NS)}
    codes = [formats.get(x.get("numFmtId"), "") for x in styles.find("m:cellXfs", NS)]
    root = ET.fromstring(book.read(f"xl/worksheets/sheet{sheet}.xml"))
    assert root.find(".//m:f", NS) is None, "a formula"
    rows = []
    for row in root.iterfind("m:sheetData/m:row", NS):
        cells = []
        for cell in row.iterfind("m:c", NS):
            at = column_index(cell.get("r"))
            cells += [None] * (at + 1 - len(cells))
            if cell.get("t") == "inlineStr":
                cells[at] = unescape(cell.findtext("m:is/m:t", None, NS) or "")
            elif cell.find("m:v", NS) is not None:
                number = float(cell.findtext("m:v", None, NS))
                code = codes[int(cell.get("s", "0"))]
                cells[at] = ("date", number, "hh" in code) if "yy" in code else number
        rows.append(cells)
    return rows[0], rows[1:]


def excel_text(cell):
    """A cell of the workbook as CSV has it."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, tuple):
        moment = datetime.datetime(1899, 12, 30) + datetime.timedelta(seconds=round(cell[1] * 86400))
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ" if cell[2] else "%Y-%m-%d")
    return str(int(cell)) if cell == int(cell) else repr(cell)


FORMULA = re.compile("^[ \"'\u00a0\u200b\u202f\u3000\ufeff]*[=+\\-@\t\r\n＝＋－＠]")


def harmless(text):
    return "'" + text if FORMULA.match(text) else text


def marked(text):
    return "'" + text if text.lstrip("'") in MARKS.values() else text


def load():
    code, _, errors = run("round", "load", "--data", DATA, ROUND_FOLDER)
    assert code == 0, errors
    code, out, errors = run("form", "dump", FORM)
    assert code == 0, errors
    return json.loads(out)


def questions(dump):
    return [q for section in dump["sections"] for q in section["questions"]]


def answer_for(question, chance):
    kind = question["type"]
    codes = [o["code"] for o in question["options"]] if question.get("options") else []
    if question["specials"] and chance.random() < 0.3:
        return {"special": chance.choice(question["specials"])}
    if kind == "select_one":
        return chance.choice(codes)
    if kind == "select_multiple":
        return sorted(chance.sample(codes, chance.randint(1, len(codes))))
    if kind == "integer":
        return chance.choice([0, 1, 7, 47, 1250])
    if kind == "decimal":
        return chance.choice([0, 0.5, 12.25, 1000])
    if kind == "text":
        return chance.choice(TEXTS)
    if kind == "date":
        return "2017-11-06"
    return None


def stored(value):
    if isinstance(value, list):
        return ",".join(str(code) for code in value)
    return str(value)


def fill(dump):
    """Puts answers to the first responses; gives back what each was answered, by response id."""
    chance = random.Random(2017)
    base = sqlite3.connect(os.path.join(DATA, "anketa.db"))
    base.execute("INSERT INTO person (email, name, phone, language, role, created_ms, changed_ms)"
                 " VALUES ('t@example.org', 'T', '', 'lv', 0, 0, 0)")
    ids = [row[0] for row in base.execute("SELECT id FROM response WHERE questionnaire = 'self-assessment'"
                                          " ORDER BY id")]
    put = {}

    def put_answer(response, question, row, value):
        special = {"na": 2, "nodata": 3}.get(value.get("special")) if isinstance(value, dict) else None
        base.execute("INSERT INTO answer VALUES (?, ?, ?, 1, ?, ?, 1, 1)",
                     (response, question, row, special or 1, None if special else stored(value)))

    for response in ids[:FILLED]:
        answers = {}
        for question in questions(dump):
            if question["roster"] or chance.random() < 0.1:
                continue
            value = answer_for(question, chance)
            if value is not None:
                answers[question["id"]] = value
                put_answer(response, question["id"], "", value)
        put[response] = answers
        status = chance.choice([1, 2])
        base.execute("UPDATE response SET status = ?, changed_ms = ?, submitted_ms = ? WHERE id = ?",
                     (status, 1512556320000 + response, 1512556321000 if status == 2 else 0, response))
    base.commit()
    base.close()
    return put


def relevant(answers):
    """Question ids that are asked, as the command line says of the same answers."""
    path = os.path.join(folder.name, "answers.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(answers, file)
    code, out, errors = run("form", "eval", FORM, "--answers", path)
    assert code == 0, errors
    return json.loads(out)


def expected_row(dump, answers):
    """Column name to text of the CSV, for everything that is asked outside rosters."""
    state = relevant(answers)
    asked, wrong = set(state["relevant"]), {v["question"] for v in state["violations"] if v["question"] not in answers}
    ids = {q["id"] for q in questions(dump)}
    row = {}
    for question in questions(dump):
        if question["roster"] or question["type"] in ("note", "calculate"):
            continue
        name, value = question["id"], answers.get(question["id"])
        columns = [name]
        if question["type"] == "select_multiple":
            clash = [f"{name}_{o['code']}" in ids for o in question["options"]]
            columns = [f"{name}{'__' if c else '_'}{o['code']}" for c, o in zip(clash, question["options"])]
        if name not in asked:
            cells = [".q"] * len(columns)
        elif value is None:
            cells = [".n"] * len(columns)
        elif isinstance(value, dict):
            cells = [MARKS[value["special"]]] * len(columns)
        elif question["type"] == "select_multiple":
            cells = ["1" if o["code"] in value else "0" for o in question["options"]]
        elif question["type"] == "text":
            cells = [harmless(marked(value))]
        else:
            cells = [stored(value)]
        row.update(zip(columns, cells))
    assert not wrong
    return row


dump = load()


@test
def nothing_submitted_is_a_header():
    header, rows = read_csv(export("csv", "--submitted"))
    assert header[:len(OWN)] == OWN and rows == []
    assert read_xlsx(export("xlsx", "--submitted"))[1] == []


@test
def untouched_responses_are_rows():
    header, rows = read_csv(export("csv"))
    assert len(rows) == 104, len(rows)
    assert all(len(row) == len(header) for row in rows)
    assert {row[8] for row in rows} == {"new"}
    assert {row[9] for row in rows} == {""}


@test
def time_spent_is_a_dataset_without_names():
    header, rows = read_csv(export("csv", "--paradata"))
    assert header == TIME and rows == [], header
    base = sqlite3.connect(os.path.join(DATA, "anketa.db"))
    first, institution = base.execute("SELECT id, institution FROM response WHERE questionnaire = 'self-assessment'"
                                      " ORDER BY id").fetchone()
    for number, name in ((71, "Anna Bērziņa"), (72, "Jānis Kalniņš")):
        base.execute("INSERT INTO person (id, email, name, phone, language, role, institution, created_ms, changed_ms)"
                     " VALUES (?, ?, ?, '', 'lv', 0, ?, 0, 0)", (number, f"{number}@example.org", name, institution))
    started = 1512556320000
    base.executemany("INSERT INTO sitting VALUES (?, ?, ?, ?, ?, ?, 0)",
                     [(first, 72, started, "21001", 3, 90_000), (first, 71, started, "21001", 1, 600_400),
                      (first, 71, started, "21002", 1, 1), (first, 71, started + 7_200_000, "21001", 0, 5_500)])
    base.commit()
    header, rows = read_csv(export("csv", "--paradata"))
    assert header == TIME, header
    assert {tuple(row[:2]) for row in rows} == {(str(first), str(institution))}, rows
    assert [row[5:] for row in rows] == [["1", "21001", "1", "computer", "600", "2017-12-06T10:32:00Z"],
                                         ["1", "21002", "1", "computer", "0", "2017-12-06T10:32:00Z"],
                                         ["1", "21001", "2", "unknown", "6", "2017-12-06T12:32:00Z"],
                                         ["2", "21001", "1", "phone", "90", "2017-12-06T10:32:00Z"]], rows
    book = export("xlsx", "--paradata", "--labels", "--language", "lv")
    header, cells = read_xlsx(book)
    title = next(s["title"]["lv"] for s in dump["sections"] if s["id"] == "21001")
    assert header == TIME, header
    assert [excel_text(cell) for cell in cells[0]][5:] == ["1", title, "1", "dators", "600", "2017-12-06T10:32:00Z"]
    assert [row[0] for row in read_xlsx(book, 2)[1]] == TIME, "the codebook"
    assert ["Viena rinda ir", "vienas personas darbs vienā sadaļā vienā darba reizē"] in read_xlsx(book, 3)[1]
    parts = zipfile.ZipFile(io.BytesIO(book))
    whole = export("csv", "--paradata") + b"".join(parts.read(name) for name in parts.namelist())
    for name in ("Bērziņa", "Jānis", "71@example.org"):
        assert name.encode() not in whole, name
    assert read_csv(export("csv", "--paradata", "--submitted"))[1] == []
    assert not set(read_csv(export("csv"))[0]) & {"active_seconds", "sitting"}, "answers have the columns they had"
    base.execute("DELETE FROM sitting")
    base.execute("DELETE FROM person")
    base.commit()
    base.close()


@test
def a_roster_or_time_spent_and_not_both():
    code, out, errors = run("export", "--data", DATA, "--round", ROUND, "--questionnaire", "services", "--format", "csv",
                            "--output", "-", "--paradata", "--roster", "services")
    assert (code, out) == (2, b"") and "--paradata and --roster" in errors, (code, errors)


put = {}


@test
def cells_are_what_was_put_in():
    put.update(fill(dump))
    header, rows = read_csv(export("csv"))
    assert len(set(header)) == len(header)
    compared, seen = 0, set()
    for row in rows:
        cells = dict(zip(header, row))
        answers = put.get(int(cells["response_id"]), {})
        expected = expected_row(dump, answers)
        assert set(expected) == set(header) - set(OWN), set(expected) ^ (set(header) - set(OWN))
        for name, text in expected.items():
            assert cells[name] == text, (cells["response_id"], name, cells[name][:60], text[:60])
            compared += 1
            seen.add(text)
    assert compared == 104 * (len(header) - len(OWN))
    assert set(MARKS.values()) <= seen, "every kind of missing was compared"
    assert "'=1+1" in seen and "'.a" in seen and "''.q" in seen and "''=cmd" in seen


@test
def xlsx_has_the_same_cells():
    header, rows = read_csv(export("csv"))
    xlsx_header, xlsx_rows = read_xlsx(export("xlsx"))
    assert xlsx_header == header
    assert len(xlsx_rows) == len(rows)
    for row, cells in zip(rows, xlsx_rows):
        cells += [None] * (len(header) - len(cells))
        for name, text, cell in zip(header, row, cells):
            shown = excel_text(cell)
            if isinstance(cell, str):
                shown = harmless(cell)
            assert shown == text, (row[0], name, text[:60], cell)
    index = header.index("V00J")
    assert any(isinstance(cells[index], float) for cells in xlsx_rows), "numbers are numbers"


@test
def own_columns():
    header, rows = read_csv(export("csv"))
    base = sqlite3.connect(os.path.join(DATA, "anketa.db"))
    frame = {row[0]: row for row in base.execute(
        "SELECT r.id, i.name, i.registration_number, i.kind, i.segments, r.status, r.submitted_ms"
        " FROM response r JOIN institution i ON i.id = r.institution")}
    base.close()
    assert [int(row[0]) for row in rows] == sorted(int(row[0]) for row in rows)
    for row in rows:
        cells = dict(zip(header, row))
        known = frame[int(cells["response_id"])]
        assert cells["institution"] == harmless(known[1]) and cells["registration_number"] == (known[2] or "")
        assert cells["kind"] == known[3] and cells["segments"] == known[4]
        assert cells["status"] == ["new", "started", "submitted"][known[5]]
        assert cells["submitted_at"] == ("2017-12-06T10:32:01Z" if known[6] else "")
        assert cells["questionnaire_version"] == dump["version"]


@test
def submitted_ones_only():
    header, rows = read_csv(export("csv", "--submitted"))
    _, everything = read_csv(export("csv"))
    assert rows == [row for row in everything if row[8] == "submitted"] and 0 < len(rows) < FILLED


@test
def byte_order_mark_and_separator():
    plain = export("csv")
    assert plain.startswith(b"response_id,") and plain.endswith(b"\r\n")
    marked_bytes = export("csv", "--bom", "--separator", ";")
    assert marked_bytes.startswith(b"\xef\xbb\xbfresponse_id;institution_id;")
    header, rows = read_csv(marked_bytes[3:], ";")
    assert (header, rows) == read_csv(plain)
    assert read_csv(export("csv", "--separator", "tab"), "\t") == (header, rows)


@test
def labels_in_english():
    header, rows = read_csv(export("csv", "--labels", "--language", "en"))
    words = {".q": "not asked", ".n": "not answered", ".a": "not applicable", ".d": "no data"}
    _, coded = read_csv(export("csv"))
    compared = 0
    for question in questions(dump):
        if question["type"] != "select_one" or question["roster"]:
            continue
        index = header.index(question["id"])
        labels = {str(o["code"]): o["text"]["en"] for o in question["options"]}
        for row, codes in zip(rows, coded):
            expected = words.get(codes[index]) or labels[codes[index]]
            if codes[index] in labels and expected in words.values():
                expected = "'" + expected
            assert row[index] == harmless(expected), (question["id"], row[index], expected)
            compared += codes[index] in labels
    assert compared > 100
    assert any("'not applicable" in row for row in rows), "an option that reads like a mark stays apart"


@test
def codebook_and_about():
    data = export("xlsx", "--language", "en")
    header, rows = read_xlsx(data, 2)
    assert header[0] == "Column" and len(header) == 8
    named = {row[0] for row in rows}
    assert named == set(read_csv(export("csv"))[0])
    filters = {row[0]: row[6] for row in rows if len(row) > 6 and row[6]}
    for question in questions(dump):
        if question["relevant"] and question["type"] not in ("select_multiple", "note") and not question["roster"]:
            assert filters[question["id"]] == question["relevant"], question["id"]
    first, others = read_xlsx(data, 3)
    about = {row[0]: row[1] for row in [first] + others if len(row) > 1}
    assert about["Round"] == ROUND and about["Language"] == "en" and about["Rows"] == 104
    assert about["Version"] == dump["version"] and len(about["Content hash"]) == 64
    assert about[".d"] == "The answer is “no data”."
    names = re.findall('<sheet name="([^"]+)"', zipfile.ZipFile(io.BytesIO(data)).read("xl/workbook.xml").decode())
    assert names == ["Data", "Codebook", "About the export"]
    lv = zipfile.ZipFile(io.BytesIO(export("xlsx"))).read("xl/workbook.xml").decode()
    assert 'name="Dati"' in lv and 'name="Kodu grāmata"' in lv


@test
def roster_rows():
    base = sqlite3.connect(os.path.join(DATA, "anketa.db"))
    response = base.execute("SELECT min(id) FROM response WHERE questionnaire = 'services'").fetchone()[0]
    lines = [("r2", "Otrais — ā", 0), ("r1", "=Pirmais", 0), ("r3", "Nav", 1)]
    for position, (row, label, removed) in enumerate(lines):
        base.execute("INSERT INTO roster_row VALUES (?, 'services', ?, ?, ?, 1, 1, ?)",
                     (response, row, label, position, removed))
    base.execute("INSERT INTO answer VALUES (?, 'P52', 'r1', 1, 1, '47', 1, 1)", (response,))
    base.execute("INSERT INTO answer VALUES (?, 'P52', 'r3', 1, 1, '1000', 1, 1)", (response,))
    base.commit()
    base.close()
    data = export("csv", "--roster", "services", questionnaire="services")
    header, rows = read_csv(data)
    assert header[:14] == OWN + ["row_id", "row_label"]
    assert [row[12:14] for row in rows] == [["r2", "Otrais — ā"], ["r1", "'=Pirmais"]]
    assert [row[header.index("P52")] for row in rows] == [".n", "47"]


@test
def unknown_names():
    def refused(*words):
        code, out, errors = run("export", "--data", DATA, "--format", "csv", "--output", "-", *words)
        assert out == b""
        return code, errors
    assert refused("--round", "e-index-2016", "--questionnaire", "self-assessment") == (
        1, "anketa: error: there is no round 'e-index-2016'; there is e-index-2017\n")
    assert refused("--round", ROUND, "--questionnaire", "selfie") == (
        1, "anketa: error: round e-index-2017 has no questionnaire 'selfie';"
           " it has self-assessment, services, expert, automatic\n")
    assert refused("--round", ROUND, "--questionnaire", "services", "--roster", "x") == (
        1, "anketa: error: questionnaire services has no roster 'x'; it has services\n")
    code, errors = refused("--round", ROUND, "--questionnaire", "services", "--language", "de")
    assert code == 1 and "it has lv, en, ru" in errors
    code, errors = refused("--round", ROUND, "--questionnaire", "services", "--separator", "::")
    assert code == 2 and "--separator" in errors
    assert refused("--round", ROUND, "--questionnaire", "services", "--separator", "5")[0] == 2
    code, _, errors = run("export", "--data", DATA, "--round", ROUND, "--questionnaire", "services", "--format", "xls",
                          "--output", "-")
    assert code == 2 and "csv or xlsx" in errors
    code, _, errors = run("export", "--data", os.path.join(folder.name, "none"), "--round", ROUND, "--questionnaire",
                          "services", "--format", "csv", "--output", "-")
    assert code == 1 and not os.path.exists(os.path.join(folder.name, "none"))


def export_to(path, kind="csv", **more):
    return run("export", "--data", DATA, "--round", ROUND, "--questionnaire", "self-assessment", "--format", kind,
               "--output", path, **more)


@test
def a_file_replaces_another():
    path = os.path.join(folder.name, "out", "data.csv")
    os.mkdir(os.path.dirname(path))
    assert export_to(path)[0] == 0
    with open(path, "rb") as file:
        assert file.read() == export("csv")
    os.chmod(path, 0o640)
    with open(path, "wb") as file:
        file.write(b"old")
    assert export_to(path, "xlsx")[0] == 0
    with open(path, "rb") as file:
        read_xlsx(file.read())
    assert os.stat(path).st_mode & 0o777 == 0o640
    assert os.listdir(os.path.dirname(path)) == ["data.csv"]
    assert export_to(os.path.join(folder.name, "no such folder", "x.csv"))[0] == 3


@test
def a_full_device():
    for kind in ("csv", "xlsx"):
        code, _, errors = export_to("/dev/full", kind)
        assert code == 3 and "No space left" in errors, (code, errors)
        with open("/dev/full", "wb") as full:
            code, _, errors = export_to("-", kind, stdout=full)
        assert code == 3 and "standard output" in errors, (code, errors)


@test
def a_disk_that_fills_up_leaves_no_file():
    """Whatever the size at which it is full: no file and exit 3, or the whole file."""
    place = os.path.join(folder.name, "full")
    tmp = os.path.join(folder.name, "tmp")
    os.mkdir(place)
    os.mkdir(tmp)
    path = os.path.join(place, "data")
    failed = 0
    for kind in ("csv", "xlsx"):
        whole = export(kind)
        sheet = 200000
        if kind == "xlsx":  # its copy is not whole, what it is copied from is
            sheet = zipfile.ZipFile(io.BytesIO(whole)).getinfo("xl/worksheets/sheet1.xml").file_size
        for limit in list(range(2000, 100000, 14000)) + [len(whole) - 1, len(whole) + 4096, sheet - 50, 4000000]:
            with open(path, "wb") as file:
                file.write(b"old")
            code, _, errors = export_to(path, kind, limit=limit, env={"TMPDIR": tmp})
            with open(path, "rb") as file:
                now = file.read()
            assert os.listdir(place) == ["data"] and os.listdir(tmp) == [], (kind, limit)
            if code == 0:
                assert kind == "csv" and now == whole or read_xlsx(now) == read_xlsx(whole), (kind, limit)
            else:
                assert code == 3 and now == b"old", (kind, limit, errors)
                assert "full" in errors or "too large" in errors, (kind, limit, errors)
                failed += 1
    assert failed >= 10, failed


@test
def a_folder_for_temporary_files_that_is_not_there():
    code, _, errors = export_to("-", "xlsx", env={"TMPDIR": os.path.join(folder.name, "nowhere")})
    assert code == 3 and "nowhere" in errors, (code, errors)


def main():
    bad = 0
    print(f"1..{len(tests)}")
    for number, function in enumerate(tests, 1):
        try:
            function()
            print(f"ok {number} - {function.__name__}", flush=True)
        except Exception as error:  # pylint: disable=broad-except
            bad += 1
            print(f"not ok {number} - {function.__name__}", flush=True)
            print(f"# {type(error).__name__}: {error}"[:2000].replace("\n", "\n# "), flush=True)
    folder.cleanup()
    return 1 if bad else 0


raise SystemExit(main())
