/* The words of the paper in lv, en and ru; any other language reads English. They are here and not in the message
 * catalogues of the pages because the command line prints too, and templates belong to the layer above. */
#ifndef ANKETA_PAPER_WORDS_H
#define ANKETA_PAPER_WORDS_H

enum paper_word {
  PAPER_INSTITUTION,
  PAPER_ROUND,
  PAPER_VERSION,
  PAPER_STATUS,
  PAPER_IS_BLANK,
  PAPER_IS_FILLED,
  PAPER_IS_DRAFT,
  PAPER_IS_SUBMITTED,
  PAPER_SUBMITTED_WHEN,
  PAPER_SUBMITTED_BY,
  PAPER_PEOPLE,
  PAPER_PRINTED,
  PAPER_REVISION,
  PAPER_RECEIPT,
  PAPER_CHECKSUM,
  PAPER_CHECKING,       /* a heading */
  PAPER_CHECKING_TEXT,  /* $1: the address of the receipt */
  PAPER_WATERMARK,
  PAPER_PAGE_OF,
  PAPER_CONTENTS,
  PAPER_FILLED_BY,      /* room to write on a blank one */
  PAPER_PHONE,
  PAPER_DATE,
  PAPER_NOT_ANSWERED,
  PAPER_INVALID,        /* before the message */
  PAPER_ERROR,
  PAPER_WARNING,
  PAPER_EXPLANATION,    /* $1: who, $2: the text */
  PAPER_UNEXPLAINED,
  PAPER_ASK_IF,         /* $1: the filter in words */
  PAPER_SECTION_IF,
  PAPER_RANGE_IF,       /* $1: numbers of the questions, $2: the filter */
  PAPER_OPTION_IF,
  PAPER_CHOOSE_MANY,
  PAPER_EXCLUSIVE,      /* $1: options in quotes */
  PAPER_OPTIONAL,
  PAPER_CALCULATED,
  PAPER_DATE_FORM,
  PAPER_QUESTION,       /* headings of tables */
  PAPER_FIGURE,
  PAPER_ROW_NAME,
  PAPER_MORE_ROWS,      /* $1: what a row is */
  PAPER_NO_ROWS,
  PAPER_QUOTE,          /* $1 in quotes */
  PAPER_WORDS
};

/* A phrase with $1 and $2; borrowed. */
const char *paper_word(enum paper_word word, const char *language);

#endif
