/* Names in Latvian order, and names as a search sees them.
 *
 * A store needs keys that are bytes, the same on every machine and for ever; so this is a table of the Latvian alphabet,
 * not the collation of a library that changes with its version. Letters with a mark of their own (č, ģ, ķ, ļ, ņ, š, ž)
 * follow their letter; long vowels stand with the short ones, y with i; Cyrillic comes after Latin.
 */
#ifndef ANKETA_SURVEY_COLLATE_H
#define ANKETA_SURVEY_COLLATE_H

#include "base/buf.h"

/* Adds the sort key of well-formed text, in hexadecimal. */
void collate_sort_key(const char *text, struct buf *out);

/* Adds the text in small letters without diacritics, one character for one. */
void collate_fold(const char *text, struct buf *out);

#endif
