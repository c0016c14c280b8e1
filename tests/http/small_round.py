"""A server over a small round of its own, whose questionnaire a test can correct as it likes."""
import os
import tempfile

from harness import PEOPLE, Server, anketa

FORM = """questionnaire: q
version: "1"
languages: [lv, en]
title: {lv: Pārskats, en: Report}
sections:
  - id: s1
    title: {lv: Pirmā sadaļa, en: First section}
    questions:
      - {id: A1, type: select_one, text: {lv: Vai iestādei ir tīmekļvietne?, en: Is there a website?},
         options: [{code: 1, text: {lv: jā, en: "yes"}}, {code: 2, text: {lv: nē, en: "no"}}, {code: 3, text: {lv: plānota, en: planned}}]}
      - {id: C3, type: integer, max: 1000, text: {lv: Cik apmeklējumu?, en: How many visits?}}
      - {id: T4, type: text, required: false, text: {lv: Piezīmes, en: Notes}}
      - {id: M5, type: select_multiple, required: false, text: {lv: Kurās valodās?, en: In which languages?},
         options: [{code: 1, text: {lv: latviešu, en: Latvian}}, {code: 2, text: {lv: angļu, en: English}}, {code: 3, text: {lv: krievu, en: Russian}}]}
  - id: s2
    title: {lv: Otrā sadaļa, en: Second section}
    questions:
      - {id: N1, type: integer, text: {lv: Cik darbinieku?, en: How many staff?}}
"""
ROUND = """round: r1
title: {lv: Pārskata kārta, en: Round, ru: Раунд}
opens: 2026-11-01
deadline: 2099-12-06
institutions: institutions.csv
help: {phone: '+371 1', email: help@example.org}
questionnaires:
  - {file: q.yaml, by: contact}
"""


class SmallServer(Server):
    def __init__(self, *options, form=FORM, people=PEOPLE):
        self.data = tempfile.mkdtemp(prefix="anketa-http-")
        self.options = (*options, "--staff-links")
        self.env = {}
        self.log = []
        folder = tempfile.mkdtemp(prefix="anketa-round-")
        for name, text in (("round.yaml", ROUND), ("q.yaml", form), ("institutions.csv", "name,abbreviation\nVides ministrija,VARAM\n"
                                                                      "Finanšu ministrija,FM\nKultūras ministrija,KM\n")):
            with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                file.write(text)
        anketa("round", "load", folder, "--data", self.data)
        for email, name, role, institution in people:
            anketa("person", "add", email, "--data", self.data, "--name", name, "--role", role,
                   *(("--institution", institution) if institution else ()))
        self.port = 0
        self.start()
