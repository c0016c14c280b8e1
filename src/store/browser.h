/* Browsers that people have signed in with, and the codes that contacts confirm new ones with. Tokens and codes come as
 * hashes. */
#ifndef ANKETA_STORE_BROWSER_H
#define ANKETA_STORE_BROWSER_H

#include "store/db.h"

/* Writer. Remembers that the person was here; a confirmation stays when it is not one. */
bool browser_put(struct db *db, const char *token_hash, int64_t person, bool confirmed, struct err *err);
bool browser_remove_all(struct db *db, int64_t person, struct err *err); /* writer; a code that waits, too */

/* False when the person has not been here (or on error: err set). */
bool browser_find(struct db *db, const char *token_hash, int64_t person, bool *confirmed, struct err *err);

/* How many the person has used; -1 with err. */
int64_t browser_count(struct db *db, int64_t person, struct err *err);

/* The code that was sent last. */
struct one_time_code {
  bool fits;   /* the hashes are these */
  int64_t created_ms;
  int wrong;
};
/* Writer. Takes the place of an earlier one. */
bool one_time_code_put(struct db *db, int64_t person, const char *code_hash, const char *browser_hash, struct err *err);
bool one_time_code_count_wrong(struct db *db, int64_t person, struct err *err); /* writer */
bool one_time_code_remove(struct db *db, int64_t person, struct err *err);      /* writer */
/* What was sent to this browser; false when there is none (or on error: err set). */
bool one_time_code_find(struct db *db, int64_t person, const char *code_hash, const char *browser_hash,
                        struct one_time_code *out, struct err *err);

#endif
