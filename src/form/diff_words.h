/* The words in the details of a difference (form/diff.c), in lv, en and ru: inside of form/diff*.c. */
#ifndef ANKETA_FORM_DIFF_WORDS_H
#define ANKETA_FORM_DIFF_WORDS_H

enum diff_word {
  DIFF_TEXT,
  DIFF_HINT,
  DIFF_UNIT,
  DIFF_TITLE,
  DIFF_LABEL,
  DIFF_EVERYONE,
  DIFF_NOTHING,
  DIFF_NONE, /* no bound */
  DIFF_MIN,
  DIFF_MAX,
  DIFF_AT_MOST, /* "at most %d characters → %d" */
  DIFF_OPTIONAL,
  DIFF_REQUIRED,
  DIFF_OFFERED,
  DIFF_NOT_OFFERED,
  DIFF_NOW_EXCLUSIVE, /* "%d is now exclusive" */
  DIFF_NOT_EXCLUSIVE,
  DIFF_ORDER,
  DIFF_ERROR,
  DIFF_WARNING,
  DIFF_ROSTER,
  DIFF_SECTION,
  DIFF_MATRIX,
  DIFF_NOWHERE,
  DIFF_AFTER,
  DIFF_BEGINNING,
  DIFF_OPEN, /* quotation marks */
  DIFF_CLOSE,
  DIFF_ROWS, /* "%d to %d → %d to %d" */
  DIFF_WORDS
};

/* language lv or ru; any other: English. */
const char *diff_word(const char *language, enum diff_word word);

#endif
