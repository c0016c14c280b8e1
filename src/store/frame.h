/* The sample frame: who is asked in a round, with everything that a list of institutions says of them. */
#ifndef ANKETA_STORE_FRAME_H
#define ANKETA_STORE_FRAME_H

#include "store/institution.h"

struct frame_institution {
  int64_t id;
  struct institution institution; /* sort key and search text are not read */
  bool asked;                     /* in the round; what follows is of it */
  const char *status, *comment;
  int64_t responsible;            /* 0: nobody was named */
};

/* All institutions by id, with what the round says of them; end with stmt_end. */
struct stmt *frame_list(struct db *db, const char *round);
bool frame_next(struct stmt *stmt, struct frame_institution *out, struct err *err); /* strings until the next call */

/* Those that the round asks, by name: a page of a list. find: part of the search text, "" any. End with stmt_end. */
struct frame_row {
  int64_t id;
  const char *name, *abbreviation, *registration_number, *email;
  int contacts, waiting; /* people who take part; people who were named and are not decided on */
  bool participates;
  int64_t joined_ms;
};
struct stmt *frame_page(struct db *db, const char *round, const char *find, int offset, int limit);
bool frame_next_row(struct stmt *stmt, struct frame_row *out, struct err *err);
int frame_count(struct db *db, const char *round, const char *find, struct err *err); /* -1 on error */

/* Segments with their titles, each as often as it has languages; end with stmt_end. */
struct stmt *frame_segments(struct db *db);
bool frame_next_segment(struct stmt *stmt, const char **id, const char **title, struct err *err);

/* The person with an address at an institution (0: staff); *stmt must be ended and owns the strings. False when there is
 * none (or on error: err set). */
struct frame_person {
  int64_t id;
  const char *name, *phone, *language;
  bool removed;
};
bool frame_person(struct db *db, const char *email, int64_t institution, struct stmt **stmt, struct frame_person *out,
                  struct err *err);

/* Writer. The institution is asked from now on; joined_ms 0: from the start. */
struct frame_entry {
  const char *round;
  int64_t institution;
  const char *status, *comment;
  int64_t joined_ms;
  int position; /* frame_next_position, and on */
};
int frame_next_position(struct db *db, const char *round, struct err *err); /* -1 on error */
bool frame_join(struct db *db, const struct frame_entry *entry, struct err *err);
bool frame_set_words(struct db *db, const struct frame_entry *entry, struct err *err); /* status and comment */

bool frame_is_closed(struct db *db, const char *round, struct err *err);

/* Whether it takes part, and why not. */
struct frame_participation {
  bool asked;
  bool participates;
  const char *refusal, *remark;
};
bool frame_participation(struct db *db, const char *round, int64_t institution, struct stmt **stmt,
                         struct frame_participation *out, struct err *err); /* as frame_person */
bool frame_set_participation(struct db *db, const char *round, int64_t institution,
                             const struct frame_participation *now, struct err *err); /* writer */

#endif
