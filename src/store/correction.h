/* Corrected questionnaires that were published to running rounds, and which versions a round's responses are on. */
#ifndef ANKETA_STORE_CORRECTION_H
#define ANKETA_STORE_CORRECTION_H

#include "store/db.h"

struct stored_correction {
  int64_t id;
  const char *round, *questionnaire;
  int64_t old_version, new_version;
  const char *note;   /* "" */
  int64_t person;     /* 0: the command line */
  int64_t created_ms;
  const char *new_label; /* the new version as its author calls it; not read by correction_add */
  const char *person_name; /* "" for the command line; the same */
};

/* Writer. Adds one and returns its id, 0 with err; id is not read. */
int64_t correction_add(struct db *db, const struct stored_correction *correction, struct err *err);

/* One; *stmt must be ended and owns the strings. False when there is none (or on error: err set). */
bool correction_find(struct db *db, int64_t id, struct stmt **stmt, struct stored_correction *out, struct err *err);

/* Those of a round, the latest first; end with stmt_end. A publication has one for each version that responses were on,
 * made at the same moment. */
struct stmt *correction_list(struct db *db, const char *round);
bool correction_next(struct stmt *stmt, struct stored_correction *out, struct err *err); /* strings until the next call */

/* What a round asks with now. *closed: the round is. version_id 0: it does not have the questionnaire; no such round is
 * ERR_NOT_FOUND. */
bool correction_current(struct db *db, const char *round, const char *questionnaire, int64_t *version_id, bool *closed,
                        struct err *err);
/* Writer. Responses that are opened from now on have the version. */
bool correction_set_current(struct db *db, const char *round, const char *questionnaire, int64_t version_id,
                            struct err *err);

/* Is a version with this label, but another text, published already? */
bool correction_label_used(struct db *db, const char *questionnaire, const char *label, const char *hash, bool *used,
                           struct err *err);

/* Was the text, by its hash, once replaced by a correction in the round? */
bool correction_was_replaced(struct db *db, const char *round, const char *questionnaire, const char *hash, bool *was,
                             struct err *err);

/* Responses that wait to be moved: not locked, and on a version that the latest correction from it has replaced. By id,
 * at most limit; end with stmt_end. */
struct correction_pending {
  int64_t response, correction, institution;
  bool begun;        /* somebody has answered something */
  bool for_contacts; /* contacts fill it in */
};
struct stmt *correction_pending(struct db *db, int limit);
bool correction_next_pending(struct stmt *stmt, struct correction_pending *out, struct err *err);

/* Versions of a round's questionnaires that are asked with now, that responses are on, or that were replaced; in the round's
 * order, the newest first. End with stmt_end. */
struct correction_version {
  const char *questionnaire;
  int64_t version_id;
  const char *label, *hash;
  int64_t published_ms;
  bool current;
  int fresh, begun, locked; /* responses on it */
};
struct stmt *correction_versions(struct db *db, const char *round);
bool correction_next_version(struct stmt *stmt, struct correction_version *out, struct err *err); /* until the next call */

/* Writer. The response is on another version now: what follows from its answers as given, the revision one higher. Its
 * status and the time of its last change stay: nobody has answered anything. */
struct response_move {
  int64_t version_id;
  int required, answered;
  bool complete;
};
bool correction_move_response(struct db *db, int64_t response, const struct response_move *move, struct err *err);

#endif
