#!/usr/bin/python3
"""The documents against the program: examples run and print what is shown, the manual has every command and option, links
and paths lead somewhere.

In README.md a fenced block marked `console` is run line by line: what stands behind "$ " is a command, the lines behind it are
what it prints ("…" stands for anything). A command that fails must be followed by `$ echo $?`. A block behind
`<!-- file: NAME -->` is that file. In docs/anketa.1 the same goes for .Bd -literal.
"""
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ANKETA = os.path.join(ROOT, os.environ.get("ANKETA", "build/san/anketa"))
DOCUMENTS = ("README.md", "ARCHITECTURE.md", "questionnaires/README.md")
COMMON = {"--data", "--json", "--help"}
CODE_SUFFIXES = (".c", ".h", ".py", ".js", ".mjs", ".sql", ".html", ".css", ".txt", ".yaml", ".csv", ".md", ".1", ".png")

tests = []


def test(name):
    def keep(function):
        tests.append((name, function))
        return function
    return keep


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def anketa(*words):
    done = subprocess.run([ANKETA, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    assert done.returncode == 0, f"anketa {' '.join(words)}: {done.returncode}: {done.stderr.decode()}"
    return done.stdout.decode()


# --- examples


class Place:
    """A folder like a newcomer's: the questionnaires, `anketa` on the path, nothing else."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        bin_folder = os.path.join(self.folder.name, ".bin")
        os.mkdir(bin_folder)
        os.symlink(ANKETA, os.path.join(bin_folder, "anketa"))
        os.symlink(os.path.join(ROOT, "questionnaires"), os.path.join(self.folder.name, "questionnaires"))
        self.env = dict(os.environ, PATH=bin_folder + os.pathsep + os.environ["PATH"])

    def write(self, name, text):
        with open(os.path.join(self.folder.name, name), "w", encoding="utf-8") as file:
            file.write(text)

    def run(self, command, last_code):
        script = f"(exit {last_code})\n{command}"
        done = subprocess.run(["sh", "-c", script], cwd=self.folder.name, env=self.env, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=60)
        return done.returncode, done.stdout.decode()


def read_console(lines):
    """Pairs of a command and the lines that it must print."""
    commands = []
    for number, line in lines:
        if line.startswith("$ "):
            commands.append((number, line[2:], []))
        else:
            assert commands, f"line {number}: output before the first command"
            commands[-1][2].append(line)
    return commands


def fits(got, shown):
    pattern = ".*".join(re.escape(part) for part in shown.split("…"))
    return re.fullmatch(pattern, got) is not None


def run_console(place, document, commands):
    last_code = 0
    for index, (number, command, expected) in enumerate(commands):
        code, output = place.run(command, last_code)
        where = f"{document}:{number}: $ {command}"
        got = output.splitlines()
        if len(got) != len(expected) or not all(fits(g, e) for g, e in zip(got, expected)):
            raise AssertionError(f"{where}\nshown:\n" + "\n".join(expected) + "\nprinted:\n" + output)
        says_code = index + 1 < len(commands) and commands[index + 1][1] == "echo $?"
        assert code == 0 or says_code, f"{where}: exit {code}, which is not shown"
        last_code = code


def run_markdown(document):
    place, count = Place(), 0
    name = kind = None
    block, begin = [], 0
    for number, line in enumerate(read(document).splitlines(), 1):
        mark = re.fullmatch(r"<!-- file: (\S+) -->", line)
        if mark:
            name = mark[1]
        elif kind is None and line.startswith("```"):
            kind, block, begin = line[3:], [], number
        elif kind is not None and line == "```":
            if name:
                place.write(name, "\n".join(text for _, text in block) + "\n")
            if kind == "console":
                commands = read_console(block)
                run_console(place, document, commands)
                count += len(commands)
            name = kind = None
        elif kind is not None:
            block.append((number, line))
    assert kind is None, f"{document}:{begin}: the block does not end"
    return count


@test("the examples of README.md print what is shown")
def readme_examples():
    assert run_markdown("README.md") >= 10, "too few examples: is the marking wrong?"


@test("the examples of docs/anketa.1 print what is shown")
def manual_examples():
    place, count, block = Place(), 0, None
    for number, line in enumerate(read("docs/anketa.1").splitlines(), 1):
        if line.startswith(".Bd -literal"):
            block = []
        elif line == ".Ed":
            commands = read_console(block)
            run_console(place, "docs/anketa.1", commands)
            count, block = count + len(commands), None
        elif block is not None:
            assert "\\" not in line and not line.startswith((".", "'")), f"docs/anketa.1:{number}: troff would change this"
            block.append((number, line))
    assert count >= 5, "too few examples: is the marking wrong?"


# --- commands and options


def help_commands():
    """From `anketa help`: "round load", "serve", …"""
    found = []
    for line in anketa("help").splitlines():
        match = re.match(r"  ([a-z]+(?: [a-z]+)?) {2,}\S", line)
        if match:
            found.append(match[1])
    assert len(found) >= 10, f"`anketa help` lists only {found}"
    return found


def help_options(command):
    return set(re.findall(r"^  (--[a-z-]+)", anketa(*command.split(), "--help"), re.M))


def manual_options():
    """By command, in the manual's order; "" has those that all commands share."""
    found, section, command = {"": set()}, "", ""
    for line in read("docs/anketa.1").splitlines():
        if line.startswith(".Sh "):
            section, command = line[4:], ""
        elif line.startswith(".Ss ") and section == "COMMANDS":
            command = line[4:]
            found[command] = set()
        match = re.match(r"\.It Fl -([a-z-]+)", line)
        if match:
            found[command].add("--" + match[1])
    return found


@test("the manual has the commands of `anketa help`, in the same order")
def same_commands():
    manual = [command for command in manual_options() if command]
    assert manual == help_commands(), f"manual: {manual}\nhelp: {help_commands()}"


@test("the manual has the options of each command and no others")
def same_options():
    manual = manual_options()
    assert manual[""] == COMMON, f"common options: {sorted(manual[''])}"
    for command in help_commands():
        program = help_options(command)
        assert COMMON <= program, f"{command} lacks a common option: {sorted(program)}"
        assert manual[command] == program - COMMON, f"{command}: {sorted(manual[command] ^ (program - COMMON))}"


@test("the manual's synopsis of each command names its options")
def same_synopsis():
    text = read("docs/anketa.1")
    for command, options in manual_options().items():
        if not command:
            continue
        synopsis = text.split(f".Ss {command}\n")[1].split(".Pp\n")[0]
        named = {"--" + name for name in re.findall(r"Fl -([a-z-]+)", synopsis)}
        assert named == options, f"{command}: {sorted(named ^ options)}"
        assert f".Cm {command}\n" in synopsis, f"{command}: the synopsis is another's"


@test("the table of README.md has every command")
def readme_table():
    named = set(re.findall(r"^\| `anketa ([a-z]+(?: [a-z]+)?)\b", read("README.md"), re.M))
    assert named == set(help_commands()), sorted(named ^ set(help_commands()))


@test("no document names an option that no command has")
def known_options():
    known = set().union(COMMON, {"--version"}, *(help_options(command) for command in help_commands()))
    for document in DOCUMENTS:
        for option in re.findall(r"(?<![\w-])--[a-z][a-z-]+", read(document)):
            assert option in known, f"{document}: {option}"


@test("the manual is shown without a warning")
def manual_renders():
    done = subprocess.run(["man", "--warnings", "-E", "UTF-8", "-l", os.path.join(ROOT, "docs/anketa.1")],
                          env=dict(os.environ, MANPAGER="cat", MANWIDTH="100"), stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=60)
    assert done.returncode == 0 and not done.stderr, done.stderr.decode()
    assert "EXIT STATUS" in done.stdout.decode(), "it is empty"


# --- links, pictures, paths, names


def anchors(document):
    found = set()
    for title in re.findall(r"^#+ (.+)$", read(document), re.M):
        found.add(re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-"))
    return found


@test("every local link and picture leads somewhere")
def links():
    count = 0
    for document in DOCUMENTS:
        folder = os.path.dirname(document)
        for target in re.findall(r"\]\(([^)\s]+)\)", read(document)):
            if re.match(r"[a-z]+:", target):
                continue
            path, _, anchor = target.partition("#")
            path = os.path.join(folder, path) if path else document
            assert os.path.exists(os.path.join(ROOT, path)), f"{document}: {target}"
            assert not anchor or anchor in anchors(path), f"{document}: {target}: no such heading"
            count += 1
    assert count >= 5, f"only {count} links found"


@test("the pictures are PNG files of 1280 pixels, under 200 KB")
def pictures():
    for path in sorted(set(re.findall(r"!\[[^\]]*\]\(([^)]+)\)", read("README.md")))):
        with open(os.path.join(ROOT, path), "rb") as file:
            data = file.read()
        assert data[:8] == b"\x89PNG\r\n\x1a\n", path
        assert int.from_bytes(data[16:20], "big") == 1280 and len(data) < 200_000, f"{path}: {len(data)} bytes"


def source_text():
    parts = []
    for top in ("src", "templates/static"):
        for folder, _, names in os.walk(os.path.join(ROOT, top)):
            for name in names:
                if name.endswith((".c", ".h", ".js")):
                    parts.append(read(os.path.join(folder, name)))
    return "\n".join(parts)


def code_words(document):
    """What stands between backticks outside blocks."""
    text = re.sub(r"^```.*?^```", "", read(document), flags=re.M | re.S)
    return re.findall(r"`([^`\n]+)`", text)


def is_path(word):
    if not re.fullmatch(r"[A-Za-z0-9_.][\w./-]*", word):
        return False
    return word.endswith("/") or ("/" in word and not word.startswith("..")) or word.endswith(CODE_SUFFIXES)


# Files that are named but are no part of the tree: a library's header, and files of the data folder or an example.
ELSEWHERE = {"sqlite3.h", "microhttpd.h", "round.yaml", "anketa.db"}


@test("every path that ARCHITECTURE.md and README.md name exists")
def paths():
    for document, least in (("ARCHITECTURE.md", 40), ("README.md", 10)):
        words = [word for word in code_words(document) if is_path(word) and word not in ELSEWHERE]
        assert len(words) >= least, f"{document}: only {len(words)} paths found"
        for word in words:
            assert any(os.path.exists(os.path.join(ROOT, base, word)) for base in ("", "src")), f"{document}: {word}"


@test("every function that ARCHITECTURE.md names exists")
def functions():
    source = source_text()
    operators = read("src/expr/tree.h")
    names = [word[:-2] for word in code_words("ARCHITECTURE.md") if re.fullmatch(r"\w+\(\)", word)]
    assert len(names) >= 20, f"only {len(names)} functions found"
    for name in names:
        known = re.search(rf"\b{name}\(", source) or f'"{name}"' in operators
        assert known, f"ARCHITECTURE.md: {name}()"


def main():
    failed = 0
    print(f"1..{len(tests)}")
    for number, (name, function) in enumerate(tests, 1):
        try:
            function()
            print(f"ok {number} - {name}", flush=True)
        except Exception as problem:
            failed += 1
            print(f"not ok {number} - {name}")
            print("\n".join("# " + line for line in str(problem or repr(problem)).splitlines()), flush=True)
    sys.exit(1 if failed else 0)


main()
