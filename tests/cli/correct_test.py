"""`anketa round correct` from outside: what it says before and what it does, twice, cut short, and with texts that are no good."""
import json
import os
import sqlite3
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../http"))
from harness import ANKETA, ROOT, contains, equal, run_tests, test  # noqa: E402

FORM = """questionnaire: q
version: "1"
languages: [lv, en]
title: {lv: Anketa, en: Form}
sections:
  - id: s1
    title: {lv: Pirmā, en: First}
    questions:
      - {id: A1, type: select_one, text: {lv: Vai ir?, en: Is it?},
         options: [{code: 1, text: {lv: jā, en: "yes"}}, {code: 2, text: {lv: nē, en: "no"}}]}
      - {id: C3, type: integer, max: 1000, text: {lv: Cik kopā?, en: How many?}}
      - {id: T4, type: text, required: false, text: {lv: Piezīme, en: Note}}
      - roster:
          id: services
          text: {lv: Pakalpojumi, en: Services}
          label: {lv: Pakalpojums, en: Service}
          questions:
            - {id: P1, type: integer, text: {lv: Skaits, en: Count}}
"""
ROUND = """round: r1
title: {lv: Kārta, en: Round, ru: Раунд}
opens: 2026-11-01
deadline: 2099-12-06
institutions: institutions.csv
questionnaires:
  - {file: q.yaml, by: contact}
"""
CORRECTED = FORM.replace('version: "1"', 'version: "2"').replace(', {code: 2, text: {lv: nē, en: "no"}}', "").replace(
    "max: 1000", "max: 100").replace("id: T4", "id: T5")


def run(*words, code=0, folder=None, text=None):
    done = subprocess.run([ANKETA, *words], cwd=folder or ROOT, input=text, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          timeout=120, text=True)
    if done.returncode != code:
        raise AssertionError(f"{words}: {done.returncode}: {done.stdout}{done.stderr}")
    return done


class Field:
    """A round with institutions A to H and their answers."""

    def __init__(self, answers=(), form=FORM, institutions=8):
        self.folder = tempfile.mkdtemp(prefix="anketa-correct-")
        self.write("round.yaml", ROUND)
        self.write("q.yaml", form)
        self.write("institutions.csv", "name,abbreviation\n" + "".join(f"Iestāde {n},I{n}\n" for n in range(1, institutions + 1)))
        self.anketa("round", "load", ".")
        if answers:
            self.load(answers)

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
            file.write(text)

    def load(self, lines, *options):
        self.write("answers.csv", "\n".join(lines) + "\n")
        return self.anketa("answers", "load", "answers.csv", "--round", "r1", "--questionnaire", "q", "--commit", *options)

    def anketa(self, *words, code=0):
        return run(*words, "--data", "data", code=code, folder=self.folder)

    def correct(self, text, *options, code=0):
        self.write("new.yaml", text)
        return self.anketa("round", "correct", "r1", "new.yaml", *options, code=code)

    def rows(self, sql):
        with sqlite3.connect(os.path.join(self.folder, "data/anketa.db")) as db:
            return db.execute(sql).fetchall()

    def export(self, *options):
        return self.anketa("export", "--round", "r1", "--questionnaire", "q", "--format", "csv", "--output", "-", *options).stdout


ANSWERS = ["abbreviation,A1,C3,T4", "I1,2,500,vārds", "I2,1,50,", "I3,2,50,cits"]


@test
def the_dry_run_says_what_would_happen_and_changes_nothing():
    field = Field(ANSWERS)
    before = field.rows("SELECT id, version_id, revision FROM response")
    said = field.correct(CORRECTED).stdout
    for part in ("q: version 1 → 2\n", "option removed: 2 “nē”", "begun responses with an answer: 3; answers that no longer fit: 2\n"
                 "    Iestāde 1\n    Iestāde 3\n", "responses not begun, moved: 5\n", "responses begun, moved: 3\n",
                 "nothing was published"):
        contains(said, part)
    equal(field.rows("SELECT id, version_id, revision FROM response"), before)
    equal(field.rows("SELECT count(*) FROM questionnaire_version"), [(1,)])


@test
def json_counts_the_same():
    field = Field(ANSWERS)
    told = json.loads(field.correct(CORRECTED, "--json").stdout)
    equal({name: told[name] for name in ("fresh", "begun", "submitted", "misfits", "misfit_responses", "published")},
          {"fresh": 5, "begun": 3, "submitted": 0, "misfits": 5, "misfit_responses": 2, "published": False})
    questions = {question["question"]: question for question in told["questions"]}
    equal((questions["C3"]["answers"], questions["C3"]["misfits"], questions["C3"]["institutions"]), (3, 1, ["Iestāde 1"]))
    equal([change["change"] for change in questions["T4"]["changes"]], ["removed"])
    equal(json.loads(field.correct(CORRECTED, "--json", "--commit").stdout)["published"], True)


@test
def publishing_moves_what_is_not_submitted_and_loses_nothing():
    field = Field(ANSWERS)
    answers = field.rows("SELECT response_id, question, version, state, value FROM answer ORDER BY 1, 2")
    contains(field.correct(CORRECTED, "--commit", "--note", "Labots").stdout, "published\n")
    equal(field.rows("SELECT DISTINCT v.version FROM response r JOIN questionnaire_version v ON v.id = r.version_id"), [("2",)])
    equal(field.rows("SELECT response_id, question, version, state, value FROM answer ORDER BY 1, 2"), answers)
    equal(field.rows("SELECT fault, count(*) FROM misfit WHERE fault NOT IN ('changed', 'new') GROUP BY fault ORDER BY fault"),
          [("option", 2), ("removed", 2), ("value", 1)])
    equal(field.rows("SELECT note FROM correction"), [("Labots",)])
    again = field.correct(CORRECTED, "--commit").stdout
    contains(again, "asked with already")
    equal(field.rows("SELECT count(*) FROM correction"), [(1,)])


@test
def a_call_that_was_cut_short_goes_on():
    field = Field(ANSWERS)
    field.correct(CORRECTED, "--commit")
    with sqlite3.connect(os.path.join(field.folder, "data/anketa.db")) as db:  # as if it had come to one response only
        db.execute("UPDATE response SET version_id = 1 WHERE id > 1")
        db.execute("DELETE FROM misfit WHERE response_id > 1")
    field.correct(CORRECTED, "--commit")
    equal(field.rows("SELECT count(*) FROM response WHERE version_id = 2"), [(8,)])
    equal(field.rows("SELECT count(*) FROM misfit WHERE fault = 'option'"), [(2,)])


@test
def three_versions_in_one_export():
    field = Field(["abbreviation,A1,C3,T4", "I1,2,500,vārds", "I2,1,50,"])
    with sqlite3.connect(os.path.join(field.folder, "data/anketa.db")) as db:
        db.execute("UPDATE response SET status = 2, submitted_ms = 1 WHERE id = 1")
    field.correct(CORRECTED, "--commit")
    field.load(["abbreviation,A1,C3,T5", "I3,1,7,jauns"])
    with sqlite3.connect(os.path.join(field.folder, "data/anketa.db")) as db:
        db.execute("UPDATE response SET status = 2, submitted_ms = 1 WHERE id = 3")
    third = CORRECTED.replace('version: "2"', 'version: "3"').replace("{id: C3, type: integer, max: 100,", "{id: C3, type: text,")
    field.correct(third, "--commit")
    lines = field.export().splitlines()
    head = lines[0].split(",")
    equal(head[head.index("questionnaire_version") + 1:], ["A1", "C3", "T5", "C3_2", "T4"])
    rows = {row[3]: dict(zip(head, row)) for row in (line.split(",") for line in lines[1:])}
    equal([rows[f"Iestāde {n}"]["questionnaire_version"] for n in (1, 3, 2, 4)], ["1", "2", "3", "3"])
    equal([rows["Iestāde 1"][name] for name in ("A1", "C3_2", "T4", "T5")], ["2", "500", "vārds", ".q"])
    equal([rows["Iestāde 3"][name] for name in ("C3_2", "T5", "T4")], ["7", "jauns", ".q"])
    equal(rows["Iestāde 2"]["C3"], "50")


@test
def an_entry_that_fits_now_is_exported():
    field = Field(["abbreviation,A1", "I1,1"])
    with sqlite3.connect(os.path.join(field.folder, "data/anketa.db")) as db:  # typed as 1200 when 1000 was the most
        db.execute("INSERT INTO answer SELECT response_id, 'C3', '', 1, 4, '1200', person_id, changed_ms FROM answer")
    equal(",1,.n," in field.export().splitlines()[1], True)
    field.correct(CORRECTED.replace("max: 100", "max: 5000"), "--commit")
    equal(",1,1200," in field.export().splitlines()[1], True)


@test
def texts_that_are_no_good():
    field = Field(ANSWERS)
    wrong = field.correct(CORRECTED.replace("type: integer, max: 100", "type: integr, max: 100"), code=1).stderr
    contains(wrong, "new.yaml:11:")
    contains(wrong, "^")
    contains(field.correct("%%%", code=1).stderr, "new.yaml:1:")
    contains(field.correct(CORRECTED.replace("questionnaire: q", "questionnaire: z"), code=1).stderr, 'no questionnaire "z"')
    contains(field.correct(CORRECTED.replace('version: "2"', 'version: "1"'), code=1).stderr, 'is version "1" of q already')
    contains(field.correct(FORM).stdout, "asked with already")
    field.anketa("round", "correct", "r2", "new.yaml", code=1)
    field.anketa("round", "correct", "r1", "nowhere.yaml", code=1)
    field.correct(CORRECTED, "--commit", "--note", "x" * 2001, code=1)
    field.anketa("round", "correct", "r1", code=2)
    equal(field.rows("SELECT count(*) FROM correction"), [(0,)])


@test
def loading_the_folder_again_leaves_a_correction():
    field = Field(ANSWERS)
    field.correct(CORRECTED, "--commit")
    said = field.anketa("round", "load", ".").stderr
    contains(said, "q.yaml is a version that was corrected")
    equal(field.rows("SELECT count(*) FROM response WHERE version_id = 2"), [(8,)])
    equal(field.rows("SELECT version_id FROM round_questionnaire"), [(2,)])
    field.write("q.yaml", CORRECTED.replace('version: "2"', 'version: "3"').replace("Cik kopā?", "Cik pavisam?"))
    said = field.anketa("round", "load", ".").stderr
    contains(said, "3 responses that were begun stay on an earlier version of q; `anketa round correct` moves them")
    equal(field.rows("SELECT version_id, count(*) FROM response GROUP BY 1"), [(2, 3), (3, 5)])


@test
def thousands_of_responses():
    field = Field(["abbreviation,A1,C3,T4"] + [f"I{n},{1 + n % 2},{n % 1000},v{n}" for n in range(1, 2001)], institutions=2500)
    told = json.loads(field.correct(CORRECTED, "--json").stdout)
    equal((told["fresh"], told["begun"], told["misfit_responses"], told["misfits"]), (500, 2000, 2000, 1000 + 1798 + 2000))
    field.correct(CORRECTED, "--commit")
    equal(field.rows("SELECT fault, count(*) FROM misfit WHERE fault NOT IN ('changed', 'new') GROUP BY fault ORDER BY fault"),
          [("option", 1000), ("removed", 2000), ("value", 1798)])


raise SystemExit(run_tests())
