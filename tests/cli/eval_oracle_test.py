#!/usr/bin/python3
"""Random answers to every questionnaire of the house: `form eval` against a second reading of the filter language.

The filters come from `form dump`, so that a wrong print is found as well as a wrong evaluation. Calculated values are
taken from the answer; everything else (what is relevant, what is missing, when a response is complete) is worked out here.
"""
import glob
import json
import os
import random
import re
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ANKETA = os.environ.get("ANKETA", os.path.join(ROOT, "build/san/anketa"))
TURNS = 40
TOKEN = re.compile(r'\s*(?:(\d+(?:\.\d+)?)|("[^"]*")|([A-Za-z_][\w-]*(?:\.\w+)?)|(<=|>=|!=|[=<>()+\-*/,]))')
INVALID = object()


class Reader:
    """Recursive descent over one expression; returns a function of (lookup, row)."""

    def __init__(self, text):
        self.tokens = [m.group(m.lastindex) for m in TOKEN.finditer(text)]
        assert "".join(self.tokens) == re.sub(r"\s", "", text) or '"' in text, text
        self.at = 0

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def take(self, expected=None):
        token = self.peek()
        assert expected is None or token == expected, (token, expected)
        self.at += 1
        return token

    def logic(self, word, inner, decisive):
        left = inner()
        while self.peek() == word:
            self.take()
            left = self.join(left, inner(), decisive)
        return left

    @staticmethod
    def join(left, right, decisive):
        def evaluate(see):
            a, b = left(see), right(see)
            if decisive in (a, b):
                return decisive
            return None if None in (a, b) else not decisive
        return evaluate

    def either(self):
        return self.logic("or", self.both, True)

    def both(self):
        return self.logic("and", self.negation, False)

    def negation(self):
        if self.peek() != "not":
            return self.comparison()
        self.take()
        inner = self.negation()
        return lambda see: None if inner(see) is None else not inner(see)

    def comparison(self):
        left = self.sum()
        operator = self.peek()
        if operator == "in":
            self.take()
            self.take("(")
            items = [self.sum()]
            while self.peek() == ",":
                self.take()
                items.append(self.sum())
            self.take(")")
            return lambda see: compare_any(left(see), [item(see) for item in items])
        if operator not in ("=", "!=", "<", "<=", ">", ">="):
            return left
        self.take()
        right = self.sum()
        return lambda see: compare(operator, left(see), right(see))

    def sum(self):
        left = self.product()
        while self.peek() in ("+", "-"):
            left = self.arithmetic(self.take(), left, self.product())
        return left

    def product(self):
        left = self.primary()
        while self.peek() in ("*", "/"):
            left = self.arithmetic(self.take(), left, self.primary())
        return left

    @staticmethod
    def arithmetic(operator, left, right):
        def evaluate(see):
            a, b = figure(left(see)), figure(right(see))
            if a is None or b is None or (operator == "/" and b == 0):
                return None
            return {"+": a + b, "-": a - b, "*": a * b}[operator] if operator != "/" else a / b
        return evaluate

    def primary(self):
        token = self.take()
        if token == "(":
            inner = self.either()
            self.take(")")
            return inner
        if token == "-":
            inner = self.primary()
            return lambda see: None if figure(inner(see)) is None else -inner(see)
        if token[0].isdigit():
            return lambda see: float(token)
        if token[0] == '"':
            return lambda see: token[1:-1]
        if token in ("true", "false"):
            return lambda see: token == "true"
        if self.peek() == "(":
            return self.function(token)
        return lambda see: see(token)

    def function(self, name):
        self.take("(")
        argument = self.take()
        self.take(")")
        if name == "date":
            return lambda see: argument[1:-1]
        return lambda see: call(name, argument, see)


def figure(value):
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def known(value):
    return value is not None and not isinstance(value, dict)


def compare_any(value, items):
    if not known(value):
        return None
    return any(item in value for item in items) if isinstance(value, frozenset) else value in items


def compare(operator, a, b):
    if not known(a) or not known(b):
        return None
    if isinstance(a, frozenset):
        return (b in a) == (operator == "=")
    return {"=": a == b, "!=": a != b, "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[operator]


def call(name, argument, see):
    value = see(argument)
    if name == "answered":
        return value is not None
    if name in ("special", "na", "nodata"):
        return isinstance(value, dict) and name in ("special", value["special"])
    if isinstance(value, frozenset):
        return len(value)
    if name == "count" and "." not in argument and not isinstance(value, list):
        return None
    figures = [v for v in value if figure(v) is not None] if "." in argument else value
    if name == "count":
        return len(figures)
    return {"sum": sum, "min": min, "max": max}[name](figures) if figures else None


def random_answer(question, rng):
    codes = [option["code"] for option in question["options"]]
    if rng.random() < 0.25:
        return None
    if question["specials"] and rng.random() < 0.2:
        return {"special": rng.choice(question["specials"])}
    kind = question["type"]
    if kind == "select_one":
        return rng.choice(codes)
    if kind == "select_multiple":
        return sorted(rng.sample(codes, rng.randint(1, len(codes))))
    if kind == "text":
        return rng.choice(["x", "", "garš teksts"])
    if kind == "date":
        return rng.choice(["2017-12-06", "2016-02-29"])
    return rng.choice([0, 1, 2, 5, 10, 100, -1])


class Case:
    def __init__(self, path, dump, rng):
        self.path, self.rng = path, rng
        self.questions = [q for section in dump["sections"] for q in section["questions"]]
        self.filters = {q["id"]: Reader(q["relevant"]).either() if q["relevant"] else None for q in self.questions}
        self.answers, self.rows = {}, {}
        for question in self.questions:
            roster = question["roster"]
            if roster and roster not in self.rows:
                self.rows[roster] = [{"id": f"r{i}"} for i in range(rng.randint(0, 3))]
            for place in self.rows[roster] if roster else [self.answers]:
                answer = random_answer(question, rng) if question["type"] not in ("note", "calculate") else None
                if answer is not None:
                    place[question["id"]] = answer
        self.answers.update(self.rows)

    def run(self):
        done = subprocess.run([ANKETA, "form", "eval", self.path, "--answers", "-"],
                              input=json.dumps(self.answers).encode(), capture_output=True, timeout=60)
        assert done.returncode == 0, done.stderr.decode()
        return json.loads(done.stdout)

    def seen(self, question, place, row, result):
        """What filters see of an answer, INVALID for one that violates its own bounds."""
        name = question["id"]
        invalid = any(v["question"] == name and v["row"] == row and v["severity"] == "error" and
                      re.search("Ierakstiet|savienojama|par garu", v["message"]) for v in result["violations"])
        if question["type"] == "calculate":
            value = result["calculated"].get(name)
            return value[row] if row is not None and value is not None else value
        value = place.get(name)
        if value == "" or invalid:
            return INVALID if invalid else None
        return frozenset(value) if isinstance(value, list) else value

    def expect(self, result):
        relevant, missing, values = [], [], {}
        for question in self.questions:
            name, roster = question["id"], question["roster"]
            for place in self.rows[roster] if roster else [self.answers]:
                row = place["id"] if roster else None

                def see(word, row=row):
                    if word in self.rows:
                        return self.rows[word]
                    word = word.split(".")
                    if len(word) == 2:
                        return [values.get((word[1], r["id"])) for r in self.rows[word[0]]]
                    return values.get((word[0], row), values.get((word[0], None)))

                holds = self.filters[name] is None or self.filters[name](see) is True
                if not holds:
                    continue
                label = f"{name}[{row}]" if roster else name
                relevant.append(label)
                value = self.seen(question, place, row, result)
                if value is None and question["required"]:
                    missing.append(label)
                values[name, row] = None if value is INVALID else value
        return relevant, missing

    def check(self):
        result = self.run()
        relevant, missing = self.expect(result)
        hard = any(v["severity"] == "error" for v in result["violations"])
        for name, got, expected in (("relevant", result["relevant"], relevant), ("missing", result["missing"], missing),
                                    ("complete", result["complete"], not missing and not hard)):
            if got != expected:
                differing = sorted(set(got) ^ set(expected)) if isinstance(got, list) else ""
                raise AssertionError(f"{name}: got {got}, expected {expected}; {differing} for {json.dumps(self.answers)}")


def main():
    failed, number = 0, 0
    for path in sorted(glob.glob(os.path.join(ROOT, "questionnaires/*/*.yaml"))):
        with open(path, encoding="utf-8") as file:
            if not re.search("^questionnaire:", file.read(), re.M):
                continue
        number += 1
        name = os.path.relpath(path, ROOT)
        try:
            dump = json.loads(subprocess.run([ANKETA, "form", "dump", path], capture_output=True, check=True).stdout)
            for turn in range(TURNS):
                Case(path, dump, random.Random(turn)).check()
            print(f"ok {number} - {name}")
        except Exception as problem:  # a failure of any kind is a line of the report
            failed += 1
            print(f"not ok {number} - {name}\n# {type(problem).__name__}: {problem}")
    print(f"1..{number}")
    return 1 if failed or number == 0 else 0


if __name__ == "__main__":
    raise SystemExit(main())
