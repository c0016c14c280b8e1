/* Counts that a dashboard is made of: how many responses stand where by sector and kind, when those that are submitted were,
 * and how far the sections of those in progress are. They are kept with every change, so that a dashboard costs the same at
 * any number of institutions.
 *
 * Who changes what a count follows from takes the response out before and puts it back behind: its disposition, the
 * institution's sector or kind. standing.c, stored_response.c and institution.c do; nobody else changes those columns.
 */
#ifndef ANKETA_STORE_TALLY_H
#define ANKETA_STORE_TALLY_H

#include "store/db.h"

/* Writer. */
enum tally_way { TALLY_TAKE_OUT = -1, TALLY_PUT_IN = 1 };
bool tally_response(struct db *db, int64_t response, enum tally_way way, struct err *err);
bool tally_institution(struct db *db, int64_t institution, enum tally_way way, struct err *err); /* in all rounds */

/* Writer. Counts a round anew. */
bool tally_round(struct db *db, const char *round, struct err *err);

/* Writer. How far the sections of a response are now: what differs is stored, and counted if the response is in progress. */
#define TALLY_SECTIONS_MAX 256 /* more are not counted */
struct tally_section {
  const char *section;
  int required, answered;
};
bool tally_put_sections(struct db *db, int64_t response, const struct tally_section *sections, size_t count,
                        struct err *err);

/* What was stored of a response, in no order; end with stmt_end. Texts until the next call. */
struct stmt *tally_sections_of(struct db *db, int64_t response);
bool tally_next_section_of(struct stmt *stmt, struct tally_section *out, struct err *err);

/* Responses that stand alike, in no order. End with stmt_end; texts until the next call. */
struct tally_line {
  const char *questionnaire, *sector, *kind;
  int disposition;
  int responses;
};
struct stmt *tally_list(struct db *db, const char *round);
bool tally_next(struct stmt *stmt, struct tally_line *out, struct err *err);

/* What stands submitted of a questionnaire, by the hour (since 1970, UTC) of its submission, from the first. */
struct stmt *tally_hours(struct db *db, const char *round, const char *questionnaire);
bool tally_next_hour(struct stmt *stmt, int64_t *hour, int *responses, struct err *err);

/* Sections of the responses in progress, in no order. */
struct tally_progress {
  const char *section;
  int responses, done;
  int64_t required, answered;
};
struct stmt *tally_sections(struct db *db, const char *round, const char *questionnaire);
bool tally_next_section(struct stmt *stmt, struct tally_progress *out, struct err *err);

#endif
