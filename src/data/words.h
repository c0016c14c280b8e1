/* The words of exported files in lv, en and ru (any other language reads English). */
#ifndef ANKETA_DATA_WORDS_H
#define ANKETA_DATA_WORDS_H

enum word {
  WORD_DATA_SHEET,
  WORD_CODEBOOK_SHEET,
  WORD_ABOUT_SHEET,
  WORD_BOOK_NAME, /* the codebook's columns in their order */
  WORD_BOOK_SECTION,
  WORD_BOOK_TEXT,
  WORD_BOOK_TYPE,
  WORD_BOOK_CODE,
  WORD_BOOK_OPTION,
  WORD_BOOK_FILTER,
  WORD_BOOK_MISSING,
  WORD_ROUND,
  WORD_QUESTIONNAIRE,
  WORD_TITLE,
  WORD_VERSION,
  WORD_HASH,
  WORD_LANGUAGE,
  WORD_VALUES,
  WORD_CODES,
  WORD_LABELS,
  WORD_ROW_IS,
  WORD_RESPONSE,
  WORD_SITTING,
  WORD_RESPONSES,
  WORD_ALL,
  WORD_SUBMITTED,
  WORD_TIME,
  WORD_ROWS,
  WORD_WHO,
  WORD_COMMAND_LINE,
  WORD_MARKS,
  WORD_MEANS_NOT_ASKED, /* in the order of enum missing_kind */
  WORD_MEANS_NOT_ANSWERED,
  WORD_MEANS_NA,
  WORD_MEANS_NODATA,
  WORD_APOSTROPHE,
  WORD_APOSTROPHE_MEANS,
  WORD_CUT
};

/* language NULL: English. */
const char *words_get(enum word word, const char *language);

#endif
