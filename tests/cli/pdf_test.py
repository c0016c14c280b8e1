#!/usr/bin/python3
"""`anketa form pdf`: all words of all questionnaires, filters, page numbers, structure, what people type that no printer
expects, memory. Reads the pages with poppler's tools."""
import html
import json
import os
import re
import subprocess
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ANKETA = os.environ.get("ANKETA", os.path.join(ROOT, "build/san/anketa"))
PLAIN = os.path.join(ROOT, "build/anketa") # without sanitizers, to measure memory
E_INDEX = [os.path.join(ROOT, "questionnaires/e-index-2017", f"{n}.yaml")
           for n in ("self-assessment", "services", "expert", "automatic")]
FORM = """questionnaire: odd
version: "1"
languages: [lv, en]
title: {lv: Dīvainā anketa, en: The odd form}
sections:
  - id: s
    title: {lv: Sadaļa, en: Section}
    questions:
      - {id: A, type: select_one, text: {lv: Vai ir?, en: Is it?}, options: [{code: 1, text: {lv: jā, en: "yes"}}, {code: 2, text: {lv: nē, en: "no"}}]}
      - {id: T, type: text, multiline: true, max_length: 65536, required: false, text: {lv: Teksts, en: Text}}
      - {id: N, type: integer, relevant: A = 1, text: {lv: Tikai ja ir, en: Only if so}, constraint: [
          {check: N < 10, severity: warning, message: {lv: "Daudz: {N}", en: "Many: {N}"}},
          {check: N < 100, severity: error, message: {lv: "Par daudz: {N}", en: "Too many: {N}"}}]}
      - roster:
          id: rows
          text: {lv: Rindas, en: Rows}
          label: {lv: Rinda, en: Row}
          questions:
            - {id: P, type: integer, required: false, text: {lv: Skaits, en: Count}}
            - {id: Q, type: text, required: false, text: {lv: Vārds, en: Word}}
"""

tests = []
folder = tempfile.TemporaryDirectory()


def test(function):
    tests.append(function)
    return function


def equal(got, expected, what=""):
    assert got == expected, f"{what}: got {got!r}, expected {expected!r}"


def write(name, text):
    path = os.path.join(folder.name, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def run(*words, stdin=b"", env=None, program=ANKETA):
    done = subprocess.run([program, *words], input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=300,
                          cwd=folder.name, env=dict(os.environ, **(env or {})))
    return done.returncode, done.stdout, done.stderr.decode()


def pdf(form, *options, answers=None):
    """The path of a PDF that was made without a word on stderr."""
    out = os.path.join(folder.name, "out.pdf")
    words = ["form", "pdf", form, "--output", out, *options]
    if answers is not None:
        words += ["--answers", "-"]
    code, printed, said = run(*words, stdin=json.dumps(answers).encode() if answers is not None else b"")
    equal((code, printed, said), (0, b"", ""), " ".join(words))
    return out


def tool(*words):
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=True)
    equal(done.stderr.decode(), "", "complaints of " + words[0])
    return done.stdout.decode()


def body_of(path):
    """The text between the running titles, in the order in which it was drawn."""
    return tool("pdftotext", "-raw", "-r", "72", "-x", "0", "-y", "50", "-W", "596", "-H", "738", path, "-")


def squeezed(text):
    return "".join(text.split())


def dump(form):
    code, out, _ = run("form", "dump", form)
    equal(code, 0, form)
    return json.loads(out)


def odd(name="odd.yaml"):
    return write(name, FORM)


@test
def every_text_of_every_questionnaire_is_there_in_every_language():
    for form in E_INDEX:
        compiled = dump(form)
        for language in compiled["languages"]:
            text = squeezed(body_of(pdf(form, "--language", language)))
            for section in compiled["sections"]:
                wanted = [section["title"][language]]
                for question in section["questions"]:
                    wanted.append(question["text"][language])
                    wanted += [option["text"][language] for option in question.get("options") or []]
                for part in wanted:
                    assert squeezed(part) in text, f"{os.path.basename(form)}, {language}: no {part!r}"


@test
def all_letters_of_latvian_and_russian_come_out_as_they_went_in():
    letters = "āčēģīķļņšūž ĀČĒĢĪĶĻŅŠŪŽ абвгдеёжзийклмнопрстуфхцчшщъыьэюя АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ „” «» – …"
    text = body_of(pdf(odd(), answers={"A": 2, "T": letters}))
    assert squeezed(letters) in squeezed(text), text


@test
def filters_are_in_words():
    text = squeezed(body_of(pdf(E_INDEX[0])))
    for part in ("Atbild, ja K13M ir atzīmēts „Cits", "Atbild, ja V03A ir „norādīt”.", "D01J–D12M_5: atbild, ja D10 ir „jā”."):
        assert squeezed(part) in text, part
    assert squeezed("Answer if V03A is “enter”.") in squeezed(body_of(pdf(E_INDEX[0], "--language", "en")))
    assert squeezed("Отвечать, если V03A — «указать».") in squeezed(body_of(pdf(E_INDEX[0], "--language", "ru")))


@test
def pages_are_numbered_and_a_heading_is_never_the_last_thing_on_one():
    for form, words in ((E_INDEX[0], ()), (E_INDEX[2], ("--language", "ru"))):
        path = pdf(form, *words)
        pages = tool("pdftotext", "-layout", path, "-").split("\f")[:-1]
        between = "из" if words else "no"
        for number, page in enumerate(pages, 1):
            assert re.search(rf"\b{number} {between} {len(pages)}\s*$", page), f"page {number}: {page[-200:]}"
        titles = [squeezed(s["title"]["ru" if words else "lv"]) for s in dump(form)["sections"]]
        for page in body_of(path).split("\f")[:-1]:
            assert not any(squeezed(page).endswith(title) for title in titles), page[-200:]


@test
def the_structure_has_headings_tables_bookmarks_and_a_language():
    path = pdf(E_INDEX[0], "--language", "ru")
    tree = tool("pdfinfo", "-struct-text", path)
    equal(len(re.findall(r"^\s*H1 ", tree, re.M)), 1, "one title")
    titles = [s["title"]["ru"] for s in dump(E_INDEX[0])["sections"]]
    equal(len(re.findall(r"^\s*H2 ", tree, re.M)), len(titles), "a heading for each section")
    for word in ("Document", "Table", "TR", "TH", "TD", "LI", "H3"):
        assert re.search(rf"^\s*{word}\b", tree, re.M), word
    for title in titles:
        assert squeezed(title) in squeezed(re.sub(r'"\n\s*"', "", tree)), title
    outline = html.unescape(tool("pdftohtml", "-xml", "-i", "-stdout", path))
    bookmarks = re.findall(r'<item page="(\d+)">([^<]*)</item>', outline)
    equal([b for b in bookmarks if b[1] in titles] and [b[1] for b in bookmarks if b[1] in titles], titles, "bookmarks")
    pages = body_of(path).split("\f")
    for page, title in bookmarks:
        assert squeezed(title) in squeezed(pages[int(page) - 1]), f"{title} is not on page {page}"
    info = tool("pdfinfo", path)
    assert re.search(r"^Tagged: +yes$", info, re.M) and "Анкета самооценки" in info and "A4" in info, info
    with open(path, "rb") as file:
        assert b"/Lang (ru)" in file.read()


@test
def the_list_of_contents_names_the_right_pages():
    path = pdf(E_INDEX[0])
    pages = body_of(path).split("\f")
    for title in [s["title"]["lv"] for s in dump(E_INDEX[0])["sections"]]:
        number = re.search(re.escape(title) + r"\s+(\d+)\s", pages[0])
        text = pages[int(number[1]) - 1]
        equal(squeezed(title) in squeezed(text if number[1] != "1" else text.split(number[0])[1]), True, title)


@test
def what_does_not_apply_is_left_out():
    answers = {"V00J": 50, "V03A": 2, "F00": 3, "K13M": [1], "A00J": 2}
    code, out, _ = run("form", "eval", E_INDEX[0], "--answers", "-", stdin=json.dumps(answers).encode())
    relevant = set(json.loads(out)["relevant"])
    words = set(body_of(pdf(E_INDEX[0], answers=answers)).split())
    short = [q["id"] for s in dump(E_INDEX[0])["sections"] for q in s["questions"] if len(q["id"]) < 9 and not q["roster"]]
    short = [name for name in short if not name.startswith(("D2", "D3", "D4", "D5"))] # these have printed numbers
    equal(code, 0)
    gone = [name for name in short if name not in relevant]
    equal(len(gone) > 10, True, "some are filtered out")
    equal([name for name in gone if name in words], [], "left out")
    kept = [q for q in ("V00J", "V03A", "F00", "K13M", "A00J") if q in words]
    equal(kept, ["V00J", "V03A", "F00", "K13M", "A00J"], "the rest is there")
    assert "Nav atbildes" in body_of(pdf(E_INDEX[0], answers=answers))


@test
def answers_read_as_people_write_and_findings_stand_beside_them():
    text = body_of(pdf(odd(), answers={"A": 1, "N": 1234567, "rows": [{"id": "r1", "label": "Pirmā <rinda>", "P": 98765}]}))
    for part in ("1\u202f234\u202f567", "Neparasta atbilde: Daudz: 1\u202f234\u202f567", "Jālabo: Par daudz", "Rinda 1: Pirmā <rinda>", "98\u202f765"):
        assert squeezed(part) in squeezed(text), f"{part}: {text}"


def check_boxes(path):
    """No word outside the margins."""
    boxes = re.findall(r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">', tool("pdftotext", "-bbox", path, "-"))
    assert boxes
    for box in boxes:
        left, top, right, bottom = map(float, box)
        assert left >= 56 and right <= 540 and top >= 30 and bottom <= 812, box


@test
def no_text_leaves_the_page():
    for form in E_INDEX:
        check_boxes(pdf(form, "--language", "ru"))
    name = "NeiedomājamiGarsNosaukums" * 20
    for odd_text in ("w" * 100_000, "ā" * 5000, "無" * 3000, "\u0301" * 3000, "م" * 20_000, "a" + "\u0489" * 500 + "ש" + "\u05b8" * 500, "W" * 4000 + "\n" + "i" * 9000, "a " * 30_000):
        path = pdf(odd(), answers={"A": 2, "T": odd_text, "rows": [{"id": "r1", "label": name, "Q": odd_text[:1000]}]})
        check_boxes(path)
        if odd_text[0] in "wāWa":
            equal(squeezed(body_of(path)).count(odd_text[0]) >= squeezed(odd_text).count(odd_text[0]), True, "nothing is lost")


@test
def odd_characters_are_shown_and_harm_nothing():
    for odd_text, shown in (("emocija 😀 beigas", "beigas"), ("pa labi: שלום עולם", "שלום"), ("السلام عليكم", None), ("漢字", "漢字"),
                            ("\ue000 privāts \U000f1234", "privāts"), ("\u202e otrādi", "otrādi"), ("a\tb\u0085c\u2028d", "a"),
                            ("nulles\u200bplatums\u00ad", None), ("\ufffe\ufdd0 nav zīme", "zīme"), ("", None), (" \n\n ", None)):
        code, _, said = run("form", "pdf", odd(), "--output", "o.pdf", "--answers", "-", stdin=json.dumps({"A": 2, "T": odd_text}).encode())
        if code == 1:
            assert "T" in said, said # refused where it enters
            continue
        equal(code, 0, said)
        path = os.path.join(folder.name, "o.pdf")
        text = re.sub("[\u202a-\u202e]", "", tool("pdftotext", path, "-"))
        check_boxes(path)
        assert shown is None or squeezed(shown) in squeezed(text) or squeezed(shown)[::-1] in squeezed(text), f"{shown}: {text}"
    text = squeezed(body_of(pdf(odd(), answers={"A": 2, "T": "\ue123"})))
    assert "E1" in text and "23" in text or "\ue123" in text, f"the code of what no font has: {text}"


@test
def long_texts_of_a_questionnaire_break_too():
    long = "Ļoti gara jautājuma teksta daļa. " * 400
    form = write("long.yaml", FORM.replace("lv: Vai ir?", "lv: " + long).replace("lv: jā,", "lv: " + "Garš" * 900 + ",")
                 .replace("lv: Dīvainā anketa", "lv: " + "Virsraksts " * 60))
    path = pdf(form)
    check_boxes(path)
    assert squeezed(long) in squeezed(body_of(path))
    check_boxes(pdf(form, answers={"A": 1, "N": 5}))


def peak_kb(answers):
    """Resident memory of the process that sets the pages."""
    path = write("big.json", json.dumps(answers))
    done = subprocess.run(["/usr/bin/python3", "-c",
                           "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True);"
                           "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)",
                           PLAIN, "form", "pdf", odd(), "--answers", path, "--output", os.path.join(folder.name, "big.pdf")],
                          stdout=subprocess.PIPE, check=True)
    return int(done.stdout)


@test
def memory_does_not_grow_with_the_pages():
    def rows(count):
        return [{"id": f"r{i}", "label": f"Rinda {i}", "P": i, "Q": "vārds " * 30} for i in range(count)]

    small = peak_kb({"A": 2, "T": "īss", "rows": rows(2)})
    large = peak_kb({"A": 2, "T": "w" * 100_000, "rows": rows(200)})
    pages = int(re.search(r"Pages: +(\d+)", tool("pdfinfo", os.path.join(folder.name, "big.pdf")))[1])
    equal(pages > 40, True, f"{pages} pages")
    print(f"# {small} kB for 2 rows, {large} kB for {pages} pages")
    equal(large < 80_000 and large - small < 12_000, True, f"{small} kB, {large} kB")
    huge = peak_kb({"A": 2, "rows": rows(4000)})
    print(f"# {huge} kB for 4,000 rows")
    equal(huge < 110_000, True, f"{huge} kB")


@test
def without_fonts_it_says_so():
    config = write("fonts.conf", f"<?xml version='1.0'?><fontconfig><dir>{folder.name}/none</dir><cachedir>{folder.name}/cache</cachedir></fontconfig>")
    code, _, said = run("form", "pdf", odd(), "--output", "none.pdf", env={"FONTCONFIG_FILE": config})
    equal((code, "install fonts-noto-core" in said), (3, True), said)
    equal(os.path.exists(os.path.join(folder.name, "none.pdf")), False, "no file is left")


@test
def wrong_use_and_bad_input_are_told():
    bad = write("bad.yaml", FORM.replace("relevant: A = 1", "relevant: B = 1"))
    equal(run("form", "pdf", odd())[0], 2, "no output")
    code, _, said = run("form", "pdf", odd(), "--output", "x.pdf", "--language", "ru")
    equal((code, "no language ru, only lv, en" in said), (2, True), said)
    code, _, said = run("form", "pdf", bad, "--output", "x.pdf")
    equal((code, "bad.yaml:11:" in said), (1, True), said)
    code, _, said = run("form", "pdf", odd(), "--output", "x.pdf", "--answers", "-", stdin=b'{"A": 7}')
    equal(code, 1, said)
    equal(run("form", "pdf", odd(), "--output", "/nowhere/x.pdf")[0], 3, "no such folder")
    equal(os.path.exists(os.path.join(folder.name, "x.pdf")), False, "nothing is left")
    code, out, _ = run("form", "pdf", odd(), "--output", "-")
    equal((code, out[:5]), (0, b"%PDF-"), "stdout")
    for junk in (b"", b"junk", b"\x00" * 64, os.urandom(4096), b"\x01\x00\x00\x00" + b"\xff" * 60):
        path = os.path.join(folder.name, "junk")
        with open(path, "wb") as file:
            file.write(junk)
        with open(path, "rb") as file:
            done = subprocess.run([ANKETA, "typeset"], stdin=file, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
        equal((done.returncode, done.stdout), (1, b""), f"{junk[:20]!r}: {done.stderr}")


def main():
    print(f"1..{len(tests)}", flush=True)
    failed = 0
    for number, function in enumerate(tests, 1):
        name = function.__name__.replace("_", " ")
        try:
            function()
            print(f"ok {number} - {name}", flush=True)
        except Exception as error:
            failed += 1
            print(f"not ok {number} - {name}")
            print("\n".join("# " + line for line in f"{type(error).__name__}: {error}"[:3000].splitlines()), flush=True)
    raise SystemExit(1 if failed else 0)


main()
