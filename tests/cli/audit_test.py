#!/usr/bin/python3
"""The book of events from the command line: listing it, and finding what was done to it behind the program's back."""
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "http"))
from harness import ANKETA, ROOT, anketa, contains, equal, run_tests, test  # noqa: E402

PATIENCE_S = 120


class Data:
    """A data folder with three people in it."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="anketa-audit-")
        self.add("one@example.org")
        self.add("two@example.org")
        self.add("three@example.org")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder)

    def add(self, email):
        anketa("person", "add", email, "--data", self.folder, "--name", "Ilze Ozola", "--role", "coordinator")

    def run(self, *words):
        done = subprocess.run([ANKETA, "audit", *words, "--data", self.folder], cwd=ROOT, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=PATIENCE_S)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def sql(self, text):
        with sqlite3.connect(os.path.join(self.folder, "anketa.db")) as db:
            db.execute(text)
        db.close()


@test
def a_whole_book_is_ok():
    with Data() as data:
        code, out, _ = data.run("verify")
        equal(code, 0, "exit code")
        head = anketa("audit", "head", "--data", data.folder)
        equal(out, f"OK: 3 events\nhead: {head}\n", "what verify says")
        assert re.fullmatch(r"3 [0-9a-f]{64}", head), head
        data.add("four@example.org")
        code, out, _ = data.run("verify", "--head", head.split()[1])
        equal(code, 0, "with a head that was kept")
        contains(out, "the given head is event 3\n")


@test
def the_first_event_that_does_not_fit_is_named():
    for text, says in (("UPDATE event SET detail = 'x' WHERE id = 2", "NOT WHOLE: event 2 does not fit: it was changed, moved or put in\n"),
                       ("DELETE FROM event WHERE id = 2", "NOT WHOLE: event 2 is missing\n"),
                       ("INSERT INTO event (happened_ms, kind, subject, detail) VALUES (1, 'k', 's', '')",
                        "NOT WHOLE: event 4 was put in past the program\n")):
        with Data() as data:
            data.sql(text)
            equal(data.run("verify"), (1, says, ""), text)


@test
def a_cut_off_end_shows_against_the_kept_head():
    with Data() as data:
        head = anketa("audit", "head", "--data", data.folder).split()[1]
        data.sql("DELETE FROM event WHERE id = 3")
        equal(data.run("verify")[0], 0, "without the head nothing is seen")
        code, out, _ = data.run("verify", "--head", head)
        equal(code, 1, "exit code")
        contains(out, "the given head is of none of the 2 events")


@test
def the_book_is_listed():
    with Data() as data:
        code, out, _ = data.run("list")
        equal(code, 0, "exit code")
        lines = out.splitlines()
        equal(len(lines), 3, "lines")
        assert re.fullmatch(r"3\t\S+Z\t-\tperson\tperson 3\tthree@example.org", lines[0]), lines[0]
        events = json.loads(data.run("list", "--json")[1])
        equal([(e["id"], e["person"], e["kind"]) for e in events], [(3, None, "person"), (2, None, "person"), (1, None, "person")])
        equal(data.run("list", "--since", "2999-01-01"), (0, "", ""), "from a day to come")
        equal(json.loads(data.run("list", "--json", "--since", "2999-01-01")[1]), [], "and as JSON")
        equal(data.run("list", "--since", "2026-02-30")[0], 2, "no such day")


@test
def two_programs_that_write_at_once_continue_one_chain():
    with Data() as data:
        script = 'for i in 1 2 3 4 5 6 7 8; do "$0" link new "$1" --data "$2" >/dev/null || exit 1; done'
        running = [subprocess.Popen(["sh", "-c", script, ANKETA, email, data.folder], cwd=ROOT)
                   for email in ("one@example.org", "two@example.org", "three@example.org")]
        equal([process.wait(PATIENCE_S) for process in running], [0, 0, 0], "exit codes")
        code, out, _ = data.run("verify")
        equal(code, 0, out)
        contains(out, "OK: 27 events\n")


@test
def without_data_there_is_an_error():
    for verb in ("list", "verify", "head"):
        done = subprocess.run([ANKETA, "audit", verb, "--data", "/nonexistent"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              timeout=PATIENCE_S)
        equal((done.returncode, verb), (1, verb))
        contains(done.stderr.decode(), "no data")


sys.exit(run_tests())
