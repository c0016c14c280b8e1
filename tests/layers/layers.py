#!/usr/bin/python3
"""The layer rules, read from the includes: who may use whom, and third-party headers in one place each."""
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
MAY = {
    "base": set(),
    "expr": {"base"},
    "form": {"base", "expr"},
    "store": {"base"},
    "mail": {"base", "store"},
    "survey": {"base", "expr", "form", "store", "mail"},
    "data": {"base", "expr", "form", "store"},
    "paper": {"base", "expr", "form"},
    "web": {"base", "expr", "form", "store", "mail", "survey", "data", "paper"},
    "cli": {"base", "expr", "form", "store", "mail", "survey", "data", "paper", "web"},
}
# A third-party header and the only files that may include it.
PLACES = {
    "sqlite3.h": {"src/store/db_sqlite.c"},
    "microhttpd.h": {"src/web/server.c"},
    "libfyaml.h": {"src/form/yaml.c"},
    "jansson.h": {"src/form/response_json.c"},
    "xlsxwriter.h": {"src/data/xlsx.c"},
    "csv.h": {"src/base/csv.c"},
    "sodium.h": {"src/base/secret.c"},
    "unicode/": {"src/web/locale.c"},
    "curl/": {"src/mail/smtp.c"},
    "cairo": {"src/paper/pdf.c"},
    "pango/": {"src/paper/pdf.c"},
    "zip.h": {"src/data/archive.c"},
    "expat.h": {"src/data/xml.c"},
    "qrencode.h": {"src/web/qr.c"},
}
BANNED = re.compile(r"\b(strcpy|strcat|sprintf|vsprintf|gets|strtok|atoi|atol|atof)\s*\(")


def sources():
    for folder, _, names in os.walk(os.path.join(ROOT, "src")):
        for name in sorted(names):
            if name.endswith((".c", ".h")):
                path = os.path.join(folder, name)
                yield os.path.relpath(path, ROOT), open(path, encoding="utf-8").read()


def check(path, text):
    wrong = []
    folder = path.split("/")[1]
    for line, content in enumerate(text.splitlines(), 1):
        ours = re.match(r'\s*#include "([a-z_]+)/', content)
        if ours and ours[1] != folder and ours[1] not in MAY[folder]:
            wrong.append(f"{path}:{line}: {folder}/ may not include {ours[1]}/")
        theirs = re.match(r"\s*#include <([^>]+)>", content)
        if theirs:
            for header, places in PLACES.items():
                if theirs[1].startswith(header) and path not in places:
                    wrong.append(f"{path}:{line}: {header} belongs to {', '.join(sorted(places))}")
        if BANNED.search(content):
            wrong.append(f"{path}:{line}: call that the style rules out: {content.strip()}")
        if folder not in ("store",) and re.search(r'"\s*(SELECT|INSERT INTO|UPDATE \w+ SET|DELETE FROM)\b', content):
            wrong.append(f"{path}:{line}: SQL outside store/")
    return wrong


def main():
    number = failed = 0
    for path, text in sources():
        number += 1
        wrong = check(path, text)
        print(f"{'not ok' if wrong else 'ok'} {number} - {path}")
        for line in wrong:
            print(f"# {line}")
        failed += bool(wrong)
    print(f"1..{number}")
    sys.exit(1 if failed else 0)


main()
