#!/usr/bin/python3
"""`anketa form xlsx`: a questionnaire as a workbook, read back with zip and XML: every question has its cell, only those are
open, and what may be typed into each is what the question takes."""
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback
import xml.etree.ElementTree as ET
import zipfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ANKETA = os.path.join(ROOT, os.environ.get("ANKETA", "build/san/anketa"))
SELF = os.path.join(ROOT, "questionnaires/e-index-2017/self-assessment.yaml")
SERVICES = os.path.join(ROOT, "questionnaires/e-index-2017/services.yaml")
NS = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
FORM = """questionnaire: q
version: "1"
languages: [lv, en]
title: {lv: Anketa, en: Form}
sections:
  - id: s1
    title: {lv: "Pirmā: [a]/b*c?'d un vēl garš nosaukums", en: First}
    hint: {lv: Ievads, en: Introduction}
    questions:
      - {id: A1, number: "1.1", type: select_one, specials: [nodata], text: {lv: Vai ir?, en: Is it?},
         options: [{code: 1, text: {lv: "jā, ir", en: "yes"}}, {code: 2, text: {lv: "nē; nav \\"nekā\\"", en: "no"}}]}
      - {id: B2, type: integer, min: 0, max: 100, specials: [na, nodata], relevant: A1 = 1, unit: {lv: EUR, en: EUR},
         text: {lv: Cik?, en: How many?}, hint: {lv: Padoms, en: Hint}}
      - {id: C3, type: decimal, min: -5, max: 12.5, text: {lv: Tik?, en: So many?}}
      - {id: D4, type: date, required: false, relevant: "A1 != 1 and not (C3 > 5 or C3 < 0)", text: {lv: Kad?, en: When?}}
      - {id: M6, type: select_multiple, specials: [na], text: {lv: Kuri?, en: Which?},
         options: [{code: 1, text: {lv: viens, en: one}}, {code: 2, text: {lv: divi, en: two}, relevant: A1 = 2}]}
      - {id: T5, type: text, max_length: 50, relevant: "M6 in (1, 2) or not answered(D4)", text: {lv: "=1+1", en: What?}}
      - {id: N7, type: note, text: {lv: Piezīme, en: Note}}
      - {id: K8, type: calculate, calculation: C3 + 1, text: {lv: Kopā, en: Total}}
      - roster:
          id: services
          text: {lv: Pakalpojumi, en: Services}
          label: {lv: Pakalpojums, en: Service}
          relevant: count(M6) > 1 or special(A1)
          max: 4
          questions:
            - {id: P1, type: integer, specials: [na], text: {lv: Skaits, en: Count}, max: 12345}
            - {id: P2, type: integer, max: 12345, text: {lv: Vēl, en: More}, required: false}
      - {id: S9, type: integer, text: {lv: Summa, en: Sum}, relevant: sum(services.P2) > 1000}
"""

tests = []
folder = tempfile.TemporaryDirectory()


def test(function):
    tests.append(function)
    return function


def run(*words, code=0, limit=None):
    def prepare():
        if limit is not None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    done = subprocess.run([ANKETA, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120, cwd=folder.name,
                          stdin=subprocess.DEVNULL, preexec_fn=prepare)
    assert done.returncode == code, (words, done.returncode, done.stderr.decode())
    return done.stdout if code == 0 else done.stderr.decode()


def equal(got, expected):
    assert got == expected, f"expected {expected!r}, got {got!r}"


class Sheet:
    def __init__(self, xml, formats):
        self.xml = ET.fromstring(xml)
        self.cells, self.open = {}, set()
        for cell in self.xml.iterfind(".//m:sheetData/m:row/m:c", NS):
            text = cell.find("m:is/m:t", NS)
            number = cell.find("m:v", NS)
            self.cells[cell.get("r")] = text.text if text is not None else number.text if number is not None else ""
            if formats[int(cell.get("s", 0))]:
                self.open.add(cell.get("r"))
        self.checks = {}
        for check in self.xml.iterfind(".//m:dataValidation", NS):
            formulas = [f.text for f in (check.find("m:formula1", NS), check.find("m:formula2", NS)) if f is not None]
            self.checks[check.get("sqref")] = (check.get("type"), *formulas)

    def row_of(self, number):
        return next(int(re.sub(r"\D", "", ref)) for ref, text in self.cells.items() if ref[0] == "A" and text == number)

    def row(self, number):
        at = self.row_of(number)
        return {re.sub(r"\d", "", ref): text for ref, text in self.cells.items() if re.sub(r"\D", "", ref) == str(at)}


class Book:
    def __init__(self, data):
        path = os.path.join(folder.name, "read.xlsx")
        with open(path, "wb") as file:
            file.write(data)
        with zipfile.ZipFile(path) as archive:
            assert archive.testzip() is None
            styles = ET.fromstring(archive.read("xl/styles.xml"))
            formats = [f.find("m:protection", NS) is not None and f.find("m:protection", NS).get("locked") == "0"
                       for f in styles.find("m:cellXfs", NS)]
            workbook = ET.fromstring(archive.read("xl/workbook.xml"))
            self.names = [s.get("name") for s in workbook.iterfind(".//m:sheet", NS)]
            self.hidden = [s.get("name") for s in workbook.iterfind(".//m:sheet", NS) if s.get("state") == "hidden"]
            self.titles = {t.text for t in workbook.iterfind(".//m:definedName", NS)}
            self.sheets = [Sheet(archive.read(f"xl/worksheets/sheet{i + 1}.xml"), formats) for i in range(len(self.names))]

    def choices(self, check):
        """What the list of a check offers."""
        kind, formula = check
        found = re.fullmatch(r"'([^']+)'!\$([A-Z]+)\$1:\$\2\$(\d+)", formula)
        assert kind == "list" and found, check
        sheet = self.sheets[self.names.index(found[1])]
        return [sheet.cells[f"{found[2]}{row}"] for row in range(1, int(found[3]) + 1)]


def small(*options):
    with open(os.path.join(folder.name, "q.yaml"), "w", encoding="utf-8") as file:
        file.write(FORM)
    return Book(run("form", "xlsx", "q.yaml", "--output", "-", *options))


@test
def a_sheet_for_each_section_and_roster():
    book = small()
    equal(book.names, ["Kā lietot", "1. Pirmā   a  b c  d un vēl gar", "1.1 Pakalpojumi", "Saraksti"])
    equal(book.hidden, ["Saraksti"])
    for sheet in book.sheets:
        assert sheet.xml.find("m:sheetProtection", NS).get("sheet") == "1"
    for sheet in book.sheets[1:3]:
        pane = sheet.xml.find(".//m:pane", NS)
        equal((pane.get("state"), pane.get("topLeftCell")), ("frozen", "C2"))
        page = sheet.xml.find("m:pageSetup", NS)
        equal((page.get("paperSize"), page.get("orientation"), page.get("fitToHeight")), ("9", "landscape", "0"))
    equal(book.titles, {f"'{name}'!$1:$1" for name in book.names[1:3]})
    how = book.sheets[0].cells
    assert how["B1"] == "Anketa" and any("iesniegt nevar" in text for text in how.values()), how


@test
def each_question_says_what_when_and_how():
    sheet = small().sheets[1]
    header = [sheet.cells[f"{c}1"] for c in "ABCDEFG"]
    equal(header, ["Nr.", "Jautājums", "Paskaidrojums", "Kad atbildēt", "Veids", "Atbilde", "Piezīmes"])
    equal((sheet.cells["B2"], sheet.cells["C2"]), ("Pirmā: [a]/b*c?'d un vēl garš nosaukums", "Ievads"))
    equal(sheet.row("1.1\nA1"), {"A": "1.1\nA1", "B": "Vai ir?", "E": "viena atbilde\nvai: dati nav pieejami", "F": "", "G": ""})
    equal(sheet.row("B2"), {"A": "B2", "B": "Cik?", "C": "Padoms", "D": "1.1 ir „jā, ir”",
                            "E": "vesels skaitlis, EUR, 0–100\nvai: neattiecas\nvai: dati nav pieejami", "F": "", "G": ""})
    equal(sheet.row("D4")["D"], "1.1 nav „jā, ir” un nav tā, ka C3 > 5 vai C3 < 0")
    equal(sheet.row("D4")["E"], "datums (nav obligāts)")
    equal(sheet.row("T5")["D"], "M6 ir atzīmēts „viens” vai „divi” vai uz D4 nav atbildēts")
    equal(sheet.row("T5")["B"], "=1+1")
    equal(sheet.row("M6: 2")["D"], "1.1 ir „nē; nav \"nekā\"”")
    equal(sheet.row("K8")["E"], "aprēķina sistēma")
    note = next(ref for ref, text in sheet.cells.items() if text == "Piezīme")
    equal({ref for ref in sheet.cells if ref[1:] == note[1:]}, {note})
    roster = next(ref for ref, text in sheet.cells.items() if text == "Pakalpojumi")
    equal(sheet.cells["C" + roster[1:]], "sk. lapu „1.1 Pakalpojumi”")
    equal(sheet.cells["D" + roster[1:]], "M6 atzīmēto atbilžu skaits > 1 vai 1.1 ir „neattiecas” vai „dati nav pieejami”")


@test
def only_answers_and_notes_are_open():
    sheet = small().sheets[1]
    rows = [sheet.row_of(n) for n in ("1.1\nA1", "B2", "C3", "D4", "T5", "S9", "M6")]
    expected = {f"{c}{row}" for row in rows for c in "FG"} | {f"F{rows[-1] + 1}", f"F{rows[-1] + 2}"}
    equal(sheet.open, expected)


@test
def what_may_be_typed_is_what_the_question_takes():
    book = small()
    sheet = book.sheets[1]
    at = {n: f"F{sheet.row_of(n)}" for n in ("1.1\nA1", "B2", "C3", "D4", "T5", "M6", "M6: 1", "M6: 2", "S9")}
    equal(set(sheet.checks), set(at.values()))
    equal(book.choices(sheet.checks[at["1.1\nA1"]]), ["jā, ir", 'nē; nav "nekā"', "dati nav pieejami"])
    cell = at["B2"]
    equal(sheet.checks[cell], ("custom", f'OR(AND(ISNUMBER({cell}),{cell}>=0,{cell}<=100,{cell}=INT({cell})),'
                                         f'{cell}="neattiecas",{cell}="dati nav pieejami")'))
    equal(sheet.checks[at["C3"]], ("decimal", "-5", "12.5"))
    equal(sheet.checks[at["D4"]], ("date", "25569", "2958465"))
    equal(sheet.checks[at["T5"]], ("textLength", "0", "50"))
    equal(book.choices(sheet.checks[at["M6"]]), ["neattiecas"])
    equal(book.choices(sheet.checks[at["M6: 1"]]), ["x"])


@test
def a_roster_has_a_column_for_each_entry():
    sheet = small().sheets[2]
    equal([sheet.cells[f"{c}1"] for c in "FGHIJ"],
          ["Pakalpojums 1", "Pakalpojums 2", "Pakalpojums 3", "Pakalpojums 4", "Piezīmes"])
    assert {"F1", "I1"} <= sheet.open and "J1" not in sheet.open
    row = sheet.row_of("P2")
    equal(sheet.checks[f"F{row}:I{row}"], ("whole", "0", "12345"))
    equal(sheet.row("P2")["E"], "vesels skaitlis, 0–12\u202f345 (nav obligāts)")
    equal(small().sheets[1].row("S9")["D"], "P2 summa > 1000")


@test
def other_languages():
    book = small("--language", "en")
    equal(book.names, ["How to use", "1. First", "1.1 Services", "Lists"])
    equal(book.sheets[1].row("B2")["D"], "1.1 is “yes”")
    equal(book.sheets[1].row("D4")["D"], "1.1 is not “yes” and it is not so that C3 > 5 or C3 < 0")
    russian = Book(run("form", "xlsx", SERVICES, "--language", "ru", "--output", "-"))
    equal(russian.names[0], "Как пользоваться")
    assert len(set(russian.names)) == len(russian.names) and all(len(name) <= 31 for name in russian.names)


@test
def every_question_of_the_real_questionnaires_is_there():
    for path in (SELF, SERVICES, os.path.join(ROOT, "questionnaires/e-service-readiness/readiness.yaml")):
        book = Book(run("form", "xlsx", path, "--output", "-"))
        with open(path, encoding="utf-8") as file:
            text = file.read()
        ids = set(re.findall(r"(?<![\w_])id: ([A-Z][A-Za-z0-9_]*)", text))
        ids -= set(re.findall(r"(?:matrix|table|block|roster):\s+id: (\w+)", text))
        ids -= set(re.findall(r"id: (\w+)(?:\s+number: \S+)?\s+type: note", text))
        shown = {text.split("\n")[-1] for sheet in book.sheets[1:-1] for ref, text in sheet.cells.items() if ref[0] == "A" and text}
        assert ids and not ids - shown, ids - shown
        for sheet in book.sheets[1:-1]:
            for check in sheet.checks.values():
                assert len(check[1]) <= 255, check
                if check[0] == "list":
                    book.choices(check)


@test
def wrong_use_is_refused():
    assert "no language de" in run("form", "xlsx", SELF, "--language", "de", "--output", "-", code=2)
    assert "missing" in run("form", "xlsx", SELF, code=2)
    assert "nowhere.yaml" in run("form", "xlsx", "nowhere.yaml", "--output", "-", code=1)
    run("form", "xlsx", SELF, "--output", "/nowhere/a.xlsx", code=3)
    with open(os.path.join(folder.name, "old.xlsx"), "w", encoding="utf-8") as file:
        file.write("old")
    run("form", "xlsx", SELF, "--output", "old.xlsx", code=3, limit=4096)
    with open(os.path.join(folder.name, "old.xlsx"), encoding="utf-8") as file:
        equal(file.read(), "old")


@test
def more_sections_than_sheets_are_refused():
    sections = "".join(f"  - id: s{i}\n    title: {{lv: S}}\n    questions:\n      - {{id: Q{i}, type: integer, text: {{lv: Cik}}}}\n"
                       for i in range(99))
    with open(os.path.join(folder.name, "many.yaml"), "w", encoding="utf-8") as file:
        file.write('questionnaire: q\nversion: "1"\nlanguages: [lv]\ntitle: {lv: A}\nsections:\n' + sections)
    assert "at most 100 sheets" in run("form", "xlsx", "many.yaml", "--output", "-", code=1)


def office_opens_it():
    """Where there is a real LibreOffice: it reads the answer's row as we wrote it."""
    run("form", "xlsx", SELF, "--output", "a.xlsx")
    subprocess.run(["soffice", "--headless", "--convert-to", "pdf", "a.xlsx"], cwd=folder.name, check=True, timeout=300,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    assert os.path.getsize(os.path.join(folder.name, "a.pdf")) > 10000


if shutil.which("soffice"):
    tests.append(office_opens_it)


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
