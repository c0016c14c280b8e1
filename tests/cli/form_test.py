#!/usr/bin/python3
"""`anketa form …` and the command line around it: exit codes, what goes to which stream, messages."""
import json
import os
import subprocess
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ANKETA = os.environ.get("ANKETA", os.path.join(ROOT, "build/san/anketa"))
CASE = os.path.join(ROOT, "tests/eval/check_hard")
FORM = CASE + ".yaml"
ANSWERS = CASE + ".answers.json"
REAL = os.path.join(ROOT, "questionnaires/e-index-2017/self-assessment.yaml")
BAD = """questionnaire: bad
version: "1"
languages: [lv]
title: {lv: Slikta}
sections:
  - id: S
    title: {lv: S}
    questions:
      - {id: A, type: integer, text: {lv: A}, relevant: B = 1}
"""

tests = []
folder = tempfile.TemporaryDirectory()


def test(function):
    tests.append(function)
    return function


def run(*words, stdin="", stdout=subprocess.PIPE):
    done = subprocess.run([ANKETA, *words], input=stdin.encode(), stdout=stdout, stderr=subprocess.PIPE, timeout=60,
                          cwd=folder.name)
    return done.returncode, (done.stdout or b"").decode(), done.stderr.decode()


def write(name, text):
    path = os.path.join(folder.name, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def equal(got, expected):
    assert got == expected, f"got {got!r}, expected {expected!r}"


def has(text, part):
    assert part in text, f"no {part!r} in {text!r}"


def wrong_use(*words, says):
    code, out, err = run(*words)
    equal((code, out), (2, ""))
    has(err, says)
    has(err, "usage: anketa")


@test
def help_when_asked():
    for words in (["help"], ["--help"], ["-h"]):
        code, out, err = run(*words)
        equal((code, err), (0, ""))
        has(out, "form check")
        has(out, "form eval")
    for words in (["help", "form"], ["form", "--help"], ["form", "help"]):
        code, out, err = run(*words)
        equal((code, err), (0, ""))
        has(out, "usage: anketa form VERB")
    for words in (["form", "eval", "--help"], ["form", "eval", FORM, "-h"]):
        code, out, err = run(*words)
        equal((code, err), (0, ""))
        has(out, "usage: anketa form eval FILE --answers FILE [--language CODE]")
        has(out, "--data DIR")


@test
def version():
    code, out, err = run("--version")
    equal((code, err), (0, ""))
    assert out.startswith("anketa "), out


@test
def wrong_words():
    wrong_use(says="usage: anketa NOUN VERB")
    wrong_use("form", says="form needs a verb")
    wrong_use("fomr", says="unknown noun fomr; did you mean form?")
    wrong_use("zzzzzzz", says="unknown noun zzzzzzz\n")
    wrong_use("form", "chekc", says="unknown verb chekc; did you mean check?")
    wrong_use("help", "nonsense", says="unknown noun help")


@test
def wrong_options():
    wrong_use("form", "eval", FORM, "--anwers", ANSWERS, says="unknown option --anwers; did you mean --answers?")
    wrong_use("form", "eval", FORM, "--answers", says="a value is missing behind --answers")
    wrong_use("form", "eval", FORM, "--answers=", says="an empty value behind --answers")
    wrong_use("form", "eval", FORM, "--answers", "a", "--answers", "b", says="given twice: --answers")
    wrong_use("form", "eval", FORM, says="missing: --answers")
    wrong_use("form", "check", "--json=yes", FORM, says="no value may stand behind --json")
    wrong_use("form", "check", "-x", says="unknown option -x")


@test
def wrong_number_of_arguments():
    wrong_use("form", "check", says="too few arguments")
    wrong_use("form", "diff", FORM, says="too few arguments")
    wrong_use("form", "dump", FORM, REAL, says="too many arguments, from " + REAL)


@test
def check_good():
    code, out, err = run("form", "check", FORM, REAL)
    equal((code, err), (0, ""))
    equal(out.splitlines()[0], FORM + ": good: 1 section, 3 questions")
    equal(out.splitlines()[1], REAL + ": good: 6 sections, 98 questions")
    equal(run("form", "check", "--json", FORM), (0, "[]\n", ""))


@test
def check_bad():
    path = write("bad.yaml", BAD)
    code, out, err = run("form", "check", path, FORM)
    equal(code, 1)
    equal(out, FORM + ": good: 1 section, 3 questions\n")
    lines = err.splitlines()
    has(lines[0], path + ":9:57: error: ")
    has(lines[0], "B")
    equal(lines[1], BAD.splitlines()[8])
    equal(lines[2], " " * 56 + "^")


@test
def check_bad_as_json():
    path = write("bad.yaml", BAD)
    code, out, err = run("form", "check", "--json", FORM, path)
    equal((code, err), (1, ""))
    findings = json.loads(out)
    equal(len(findings), 1)
    equal(list(findings[0]), ["file", "line", "column", "len", "question", "text"])
    equal([findings[0][key] for key in ("file", "line", "column", "len", "question")], [path, 9, 57, 1, "A"])


@test
def check_very_bad_as_json():
    line = BAD.splitlines()[8]
    path = write("worse.yaml", BAD + "".join(line.replace("id: A", f"id: A{i}") + "\n" for i in range(300)))
    code, out, err = run("form", "check", "--json", path)
    equal((code, err), (1, ""))
    equal(len(json.loads(out)), 200)


@test
def files_that_are_not_there():
    code, out, err = run("form", "check", "nothing.yaml", FORM)
    equal((code, out), (1, FORM + ": good: 1 section, 3 questions\n"))
    has(err, "nothing.yaml")
    has(err, "error: ")
    for words in (["eval", "nothing.yaml", "--answers", ANSWERS], ["eval", FORM, "--answers", "nothing.json"],
                  ["dump", "nothing.yaml"], ["diff", FORM, "nothing.yaml"], ["diff", "nothing.yaml", FORM]):
        code, out, err = run("form", *words)
        equal((code, out), (1, ""))
        has(err, "nothing.")


@test
def bad_forms_are_not_used():
    path = write("bad.yaml", BAD)
    for words in (["eval", path, "--answers", ANSWERS], ["dump", path], ["diff", FORM, path]):
        code, out, err = run("form", *words)
        equal((code, out), (1, ""))
        has(err, path + ":9:57: error: ")


@test
def eval_file_and_stdin():
    with open(CASE + ".expected.json", encoding="utf-8") as file:
        expected = json.load(file)
    with open(ANSWERS, encoding="utf-8") as file:
        answers = file.read()
    for words, stdin in ((["--answers", ANSWERS], ""), (["--answers=" + ANSWERS], ""), (["--answers", "-"], answers)):
        code, out, err = run("form", "eval", FORM, *words, stdin=stdin)
        equal((code, err), (0, ""))
        equal(json.loads(out), expected)
        equal(list(json.loads(out)), ["relevant", "missing", "violations", "calculated", "complete"])
        assert out.endswith("}\n")


@test
def eval_language():
    code, out, err = run("form", "eval", FORM, "--answers", ANSWERS, "--language", "de")
    equal((code, out), (2, ""))
    has(err, "the questionnaire has no language de, only en")
    answers = write("answers.json", '{"V00J": -1}')
    messages = {}
    for language in ("lv", "en", "ru"):
        code, out, err = run("form", "eval", REAL, "--answers", answers, "--language", language)
        equal((code, err), (0, ""))
        messages[language] = json.loads(out)["violations"][0]["message"]
    has(messages["lv"], "Ierakstiet skaitli")
    has(messages["en"], "Enter a number")
    has(messages["ru"], "Введите число")
    code, out, err = run("form", "eval", REAL, "--answers", answers)
    equal(json.loads(out)["violations"][0]["message"], messages["lv"])


@test
def eval_bad_answers():
    for text, message in (('{"D21": 1,\n "D24": }', ":2:"), ("", ":1:1: error: not good JSON"),
                          ("[1]", ": error: expected an object"),
                          ('{"D25": 1}', ": error: D25: no question or roster of this name; did you mean D21?"),
                          ('{"D21": "x"}', ": error: D21: expected a number"),
                          ('{"D21": {"special": "nodata"}}', ": error: D21: "),
                          ('{"E": 1}', ": error: E: expected nothing: people do not answer it"),
                          ("[" * 100000, "error: not good JSON"),
                          ('{"D21": 1e999}', "error: not good JSON"),
                          ('{"D21": "\ud800"}'.encode("utf-8", "surrogatepass").decode("latin-1"), ": error: ")):
        path = write("answers.json", text)
        code, out, err = run("form", "eval", FORM, "--answers", path)
        equal((code, out), (1, ""))
        has(err, path + message if message.startswith(":") else message)
        code, out, err = run("form", "eval", FORM, "--answers", "-", stdin=text)
        equal((code, out), (1, ""))
        assert err.startswith("-:"), err


@test
def eval_too_large():
    code, out, err = run("form", "eval", FORM, "--answers", "-", stdin=" " * ((16 << 20) + 1))
    equal((code, out), (1, ""))
    has(err, "more than 16777216 bytes")


@test
def dump_is_the_questionnaire():
    code, out, err = run("form", "dump", REAL)
    equal((code, err), (0, ""))
    dump = json.loads(out)
    equal(list(dump), ["id", "version", "languages", "title", "sections"])
    questions = [q for s in dump["sections"] for q in s["questions"]]
    equal(len(questions), 98)
    for question in questions:
        equal(list(question), ["id", "type", "text", "options", "relevant", "required", "specials", "matrix", "roster"])
        equal(list(question["text"]), dump["languages"])


@test
def diff_says_what_changed():
    with open(FORM, encoding="utf-8") as file:
        text = file.read()
    new = write("new.yaml", text.replace("D24 <= D21", "D24 < D21"))
    equal(run("form", "diff", FORM, FORM), (0, "no changes\n", ""))
    equal(run("form", "diff", FORM, FORM, "--json"), (0, "[]\n", ""))
    code, out, err = run("form", "diff", FORM, new)
    equal((code, err), (0, ""))
    has(out, "D24\n  check changed: D24 <= D21 (error) → D24 < D21 (error) — answers are kept")
    code, out, err = run("form", "diff", "--json", FORM, new)
    equal([(c["change"], c["question"]) for c in json.loads(out)], [("check changed", "D24")])


@test
def output_that_cannot_be_written():
    with open("/dev/full", "w", encoding="utf-8") as full:
        for words in (["dump", FORM], ["check", FORM], ["eval", FORM, "--answers", ANSWERS], ["diff", FORM, FORM]):
            code, _, err = run("form", *words, stdout=full)
            equal(code, 3)
            has(err, "could not write")


@test
def names_that_look_like_options():
    code, out, err = run("form", "check", "--", "--json")
    equal((code, out), (1, ""))
    has(err, "--json")


def main():
    failed = 0
    for number, function in enumerate(tests, 1):
        try:
            function()
            print(f"ok {number} - {function.__name__}")
        except Exception as problem:  # every test's failure is a line of the report
            failed += 1
            print(f"not ok {number} - {function.__name__}\n# {type(problem).__name__}: {problem}")
    print(f"1..{len(tests)}")
    folder.cleanup()
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
