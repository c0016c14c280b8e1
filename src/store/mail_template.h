/* A coordinator's own words for the mail of a round, in place of the built-in ones of templates/mail.
 *
 * The kind is that of the messages; a letter's words are kept for each mailing besides, under "letter 17", so that what was
 * planned does not change with the next letter.
 */
#ifndef ANKETA_STORE_MAIL_TEMPLATE_H
#define ANKETA_STORE_MAIL_TEMPLATE_H

#include "store/db.h"

struct mail_template {
  const char *subject, *body;
  int64_t person, changed_ms;
  const char *person_name;
};

/* *stmt must be ended and owns the strings. False when there is none (or on error: err set). */
bool mail_template_get(struct db *db, const char *round, const char *kind, const char *language, struct stmt **stmt,
                       struct mail_template *out, struct err *err);

/* Writer. */
bool mail_template_put(struct db *db, const char *round, const char *kind, const char *language,
                       const struct mail_template *words, struct err *err);
bool mail_template_remove(struct db *db, const char *round, const char *kind, const char *language, struct err *err);
/* Writer. All languages of a kind once more, under another name. */
bool mail_template_copy(struct db *db, const char *round, const char *kind, const char *to, struct err *err);

#endif
