/* What a person typed, and what the program shows of a value in a text field. */
#ifndef ANKETA_FORM_TYPED_H
#define ANKETA_FORM_TYPED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "form/form.h"

#define TYPED_NUMBER_MAX 1e15 /* whole numbers up to here are exact, with room for their sums */

/* Why an entry is not an answer. */
enum typed_fault {
  TYPED_OK = 0,
  TYPED_NOT_A_NUMBER,
  TYPED_NOT_AN_INTEGER, /* a number, but with decimals */
  TYPED_BELOW_MIN,
  TYPED_ABOVE_MAX,
  TYPED_NOT_A_DATE,
  TYPED_TOO_LONG,
  TYPED_NO_SUCH_OPTION,  /* posted by hand: never kept */
  TYPED_EXCLUSIVE,       /* an exclusive option together with others */
  TYPED_NO_SUCH_SPECIAL, /* na / nodata where the question does not offer it: never kept */
  TYPED_NOT_TEXT         /* invalid UTF-8 or control characters: never kept */
};

/* entries: what the form fields held (one for text fields, several for checkboxes; none or all empty = cleared).
 * special: "na", "nodata" or NULL/"" ; a special wins over entries. On TYPED_OK *out is the value (VALUE_MISSING:
 * cleared), in the arena. Numbers: spaces (plain, no-break, thin) between groups, comma or point for decimals, a leading
 * minus (also U+2212), `1 234,5`, `1.234.567` and `1,234,567` when the groups are unmistakable. Dates: 2017-12-06,
 * 6.12.2017., 06.12.2017. Text: line ends become \n, outer white space goes. */
enum typed_fault typed_parse(const struct form_question *question, const char *const *entries, size_t count,
                             const char *special, struct arena *arena, struct value *out);

/* Does a value fit its question: kind, whole number, bounds, length, options that exist, exclusive ones alone, specials
 * that are offered? VALUE_MISSING always does. */
enum typed_fault typed_check(const struct form_question *question, const struct value *value);

/* A number as people of that language write it: thin spaces (U+202F) between thousands from 10 000 up (lv, ru), a comma
 * (en: comma groups from 1,000 up, a point). As many decimals as needed, 15 significant digits at most. */
void typed_format_number(double number, const char *language, struct buf *out);

/* What a field shows of a value so that typing it again gives the same value (no grouping): number, date, text. */
void typed_format_entry(const struct form_question *question, const struct value *value, const char *language,
                        struct buf *out);

/* What a person reads: number grouped, option texts joined with "; ", specials in words, dates 06.12.2017. */
void typed_format_display(const struct form *form, int question, const struct value *value, int language,
                          struct buf *out);

/* A sentence for a fault in lv, en or ru ("Ierakstiet veselu skaitli, piemēram, 1250."), with the bound for min and max. */
void typed_fault_message(const struct form_question *question, enum typed_fault fault, const char *language,
                         struct buf *out);

/* The usual words for na / nodata in a language. */
const char *typed_special_name(enum special special, const char *language);

#endif
