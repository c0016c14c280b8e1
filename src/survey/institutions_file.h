/* The list of institutions of a round: a CSV file with a header.
 *
 * Columns, in any order: name (required), registration_number, abbreviation, kind, sector, segments (ids joined with ';'),
 * status, comment; nr and sector_source are for people and not kept.
 */
#ifndef ANKETA_SURVEY_INSTITUTIONS_FILE_H
#define ANKETA_SURVEY_INSTITUTIONS_FILE_H

#include "survey/round_file.h"

/* Reads file->institutions_path into file, which has its segments. False with err: the first fault with its line, and how
 * many more there are. */
bool institutions_file_load(struct round_file *file, struct arena *arena, struct err *err);

#endif
