/* What members of staff prove who they are with: the hash of a password, the secret of a second factor, recovery codes. */
#ifndef ANKETA_STORE_CREDENTIAL_H
#define ANKETA_STORE_CREDENTIAL_H

#include "base/arena.h"
#include "store/db.h"

struct credential {
  const char *password_hash; /* "" before the first */
  int64_t password_ms;
  const char *totp_secret;   /* "" */
  int64_t totp_ms;           /* when the first code proved it, 0: not yet */
  int64_t totp_step;         /* the last one whose code was used */
};
/* False when there is none (or on error: err set); *out is empty then. */
bool credential_find(struct db *db, int64_t person, struct arena *arena, struct credential *out, struct err *err);

/* Writer. The password alone; the rest stays, or is empty in a new one. */
bool credential_put_password(struct db *db, int64_t person, const char *password_hash, struct err *err);
/* Writer. A second factor that no code has proven yet. */
bool credential_put_factor(struct db *db, int64_t person, const char *totp_secret, struct err *err);
/* Writer. The code of this step was used; the first one proves the factor. */
bool credential_use_step(struct db *db, int64_t person, int64_t step, struct err *err);
/* Writer. Nothing of it is left, recovery codes neither. */
bool credential_remove(struct db *db, int64_t person, struct err *err);

/* Writer. recovery_use: *used tells whether there was such a code that had not been used. */
bool recovery_add(struct db *db, int64_t person, const char *code_hash, struct err *err);
bool recovery_use(struct db *db, int64_t person, const char *code_hash, bool *used, struct err *err);
bool recovery_remove_all(struct db *db, int64_t person, struct err *err);
/* How many are not used yet; -1 with err. */
int64_t recovery_count(struct db *db, int64_t person, struct err *err);

#endif
