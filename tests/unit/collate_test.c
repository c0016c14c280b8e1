#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "survey/collate.h"

/* As a Latvian dictionary has them. */
static void orders(void **state) {
  (void)state;
  static const char *const sorted[] = {
      "1. slimnīca", "2. slimnīca", "Aa",      "Āa",      "ab",          "Ābele",        "Āda",   "Cēsis",
      "Cūka",        "Čaks",        "Dabas",   "Ērglis",  "Es",          "Gads",         "Gulbene", "Ģimene", "Ygads",
      "Ikšķile",     "Īle",         "Īva",     "Jūrmala", "Kase",        "Kuldīga",      "Ķegums", "Lāde",
      "Līvāni",      "Ļaudona",     "Nīca",    "Ņujorka", "Ozolnieki",   "Rīga",         "Saldus",
      "Sigulda",     "Šķilbēni",    "Tukums",  "Ūdens",   "Valsts kanceleja", "Valsts kase", "Valstu", "Zaube",
      "Žīguri",      "Аист",        "Ёж",      "Яма",
  };
  for (size_t i = 1; i < sizeof sorted / sizeof *sorted; i++) {
    struct buf before = {0}, here = {0};
    collate_sort_key(sorted[i - 1], &before);
    collate_sort_key(sorted[i], &here);
    if (strcmp(before.data, here.data) >= 0) fail_msg("%s comes before %s", sorted[i], sorted[i - 1]);
    buf_free(&before);
    buf_free(&here);
  }
}

static void folds(void **state) {
  (void)state;
  struct buf out = {0};
  collate_fold("ĀČĒĢĪĶĻŅŌŖŠŪŽ āčēģīķļņōŗšūž „VSIA” Ёлка €𝄞", &out);
  assert_string_equal(out.data, "acegiklnorsuz acegiklnorsuz „vsia” елка €𝄞");
  buf_free(&out);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(orders), cmocka_unit_test(folds)};
  return cmocka_run_group_tests_name("collate", tests, NULL, NULL);
}
