#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "form_help.h"
#include "form/words.h"

/* FILTER: of the last question. */
static const char form_yaml[] =
    "questionnaire: q\n"
    "version: '1'\n"
    "languages: [lv, en, ru]\n"
    "title: {lv: A, en: A, ru: A}\n"
    "sections:\n"
    "  - id: s\n"
    "    title: {lv: A, en: A, ru: A}\n"
    "    questions:\n"
    "      - {id: S, number: S.1, type: select_one, text: {lv: A, en: A, ru: A}, specials: [na, nodata], options: [\n"
    "          {code: 1, text: {lv: jā, en: 'yes', ru: да}}, {code: 2, text: {lv: nē, en: 'no', ru: нет}},\n"
    "          {code: 3, text: {lv: daļēji, en: partly, ru: частично}}]}\n"
    "      - {id: M, type: select_multiple, text: {lv: A, en: A, ru: A}, options: [\n"
    "          {code: 1, text: {lv: e-pasts, en: e-mail, ru: эл. почта}},\n"
    "          {code: 99, text: {lv: Cits, en: Other, ru: Другое}}]}\n"
    "      - {id: N, type: integer, specials: [na, nodata], text: {lv: A, en: A, ru: A}}\n"
    "      - {id: K, type: integer, text: {lv: A, en: A, ru: A}}\n"
    "      - {id: T, type: text, text: {lv: A, en: A, ru: A}}\n"
    "      - {id: D, type: date, text: {lv: A, en: A, ru: A}}\n"
    "      - roster:\n"
    "          id: rows\n"
    "          text: {lv: Pakalpojumi, en: Services, ru: Услуги}\n"
    "          label: {lv: A, en: A, ru: A}\n"
    "          questions:\n"
    "            - {id: P, type: integer, text: {lv: A, en: A, ru: A}}\n"
    "      - {id: X, type: integer, relevant: 'FILTER', text: {lv: A, en: A, ru: A}}\n";

static const struct {
  const char *filter, *words[3];
} cases[] = {
    {"S = 1", {"S.1 ir „jā”", "S.1 is “yes”", "S.1 — «да»"}},
    {"1 = S", {"S.1 ir „jā”", "S.1 is “yes”", "S.1 — «да»"}},
    {"S != 2", {"S.1 nav „nē”", "S.1 is not “no”", "S.1 — не «нет»"}},
    {"S in (1, 3)", {"S.1 ir „jā” vai „daļēji”", "S.1 is “yes” or “partly”", "S.1 — «да» или «частично»"}},
    {"M = 99", {"M ir atzīmēts „Cits”", "“Other” is marked in M", "в M отмечено «Другое»"}},
    {"M in (1, 99)",
     {"M ir atzīmēts „e-pasts” vai „Cits”", "“e-mail” or “Other” is marked in M", "в M отмечено «эл. почта» или «Другое»"}},
    {"M != 99", {"M nav atzīmēts „Cits”", "“Other” is not marked in M", "в M не отмечено «Другое»"}},
    {"N >= 12500.5", {"N ≥ 12\u202F500,5", "N ≥ 12,500.5", "N ≥ 12\u202F500,5"}},
    {"N = 5", {"N ir 5", "N is 5", "N — 5"}},
    {"N in (1, 2)", {"N ir 1 vai 2", "N is 1 or 2", "N — 1 или 2"}},
    {"N - K < 2 * (N + 1)", {"N − K < 2 × (N + 1)", "N − K < 2 × (N + 1)", "N − K < 2 × (N + 1)"}},
    {"N - (K - 1) = -1", {"N − (K − 1) = −1", "N − (K − 1) = −1", "N − (K − 1) = −1"}},
    {"(S = 1 or N > 3) and K < 2",
     {"(S.1 ir „jā” vai N > 3) un K < 2", "(S.1 is “yes” or N > 3) and K < 2", "(S.1 — «да» или N > 3) и K < 2"}},
    {"S = 1 or N > 3 and K < 2",
     {"S.1 ir „jā” vai N > 3 un K < 2", "S.1 is “yes” or N > 3 and K < 2", "S.1 — «да» или N > 3 и K < 2"}},
    {"not (S = 1)", {"nav tā, ka S.1 ir „jā”", "it is not so that S.1 is “yes”", "неверно, что S.1 — «да»"}},
    {"answered(T)", {"uz T ir atbildēts", "T is answered", "на T дан ответ"}},
    {"not answered(T)", {"uz T nav atbildēts", "T is not answered", "на T нет ответа"}},
    {"na(N)", {"N ir „neattiecas”", "N is “not applicable”", "N — «неприменимо»"}},
    {"nodata(N)", {"N ir „dati nav pieejami”", "N is “no data”", "N — «данные отсутствуют»"}},
    {"special(N)", {"N ir „neattiecas” vai „dati nav pieejami”", "N is “not applicable” or “no data”",
                    "N — «неприменимо» или «данные отсутствуют»"}},
    {"count(M) > 1", {"M atzīmēto atbilžu skaits > 1", "the number of answers marked in M > 1",
                      "число отмеченных ответов в M > 1"}},
    {"count(rows) = 0", {"„Pakalpojumi” ierakstu skaits ir 0", "the number of entries in “Services” is 0",
                         "число записей в «Услуги» — 0"}},
    {"sum(rows.P) > 0", {"P summa > 0", "the sum of P > 0", "сумма P > 0"}},
    {"T = \"a\"", {"T ir „a”", "T is “a”", "T — «a»"}},
    {"D < date(\"2017-11-06\")", {"D < 06.11.2017", "D < 06.11.2017", "D < 06.11.2017"}},
};

static void says_filters_in_words(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct buf text = {0};
    const char *place = strstr(form_yaml, "FILTER");
    buf_add(&text, form_yaml, (size_t)(place - form_yaml));
    buf_puts(&text, cases[i].filter);
    buf_puts(&text, place + strlen("FILTER"));
    struct form *form = form_from(buf_text(&text));
    for (int language = 0; language < 3; language++) {
      buf_reset(&text);
      form_words(form, form->questions[form_find(form, "X")].relevant, language, &text);
      assert_string_equal(buf_text(&text), cases[i].words[language]);
    }
    form_free(form);
    buf_free(&text);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(says_filters_in_words)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
