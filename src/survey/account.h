/* A person's own details and sessions, as they see and change them themselves. */
#ifndef ANKETA_SURVEY_ACCOUNT_H
#define ANKETA_SURVEY_ACCOUNT_H

#include "survey/survey.h"

#define ACCOUNT_NAME_MAX 100 /* characters */

/* Mail that a person may do without; bits as the store has them. Invitations and news of the deadline go to everybody. */
enum account_notify { ACCOUNT_NOTIFY_SECTIONS = 1, ACCOUNT_NOTIFY_NOTES = 2, ACCOUNT_NOTIFY_REMINDERS = 4 };

struct account {
  const char *name, *phone, *language;
  const char *email; /* the key to signing in: nobody changes their own */
  unsigned notify;
};

/* What is wrong with details somebody typed; bits. */
enum account_fault { ACCOUNT_BAD_NAME = 1, ACCOUNT_BAD_PHONE = 2, ACCOUNT_BAD_LANGUAGE = 4 };

bool account_read(struct db *db, const struct actor *actor, struct arena *arena, struct account *out, struct err *err);

/* Cleans name and phone of white space around them and says what is wrong: a name has 1 to ACCOUNT_NAME_MAX characters in
 * one line; a phone, when there is one, 5 to 30 digits, spaces and +-() with a digit among them; a language is lv, en or
 * ru. What is wrong stays as it was typed. */
unsigned account_check(struct account *account, struct arena *arena);

/* Writer. Stores what account_check found good (ERR_INPUT otherwise); the e-mail is not read, and notify only of those who
 * fill in. A new name shows at once wherever the person's name stands. */
bool account_change(struct db *db, const struct actor *actor, const struct account *account, struct err *err);

struct account_session {
  const char *id;            /* what account_end_session takes */
  int64_t began_ms, used_ms; /* last use to about ten minutes */
  const char *browser;       /* in words; "" */
  bool is_this;              /* the one that asks */
};
/* Those that are not over, the one used last first. */
size_t account_sessions(struct db *db, const struct actor *actor, struct arena *arena, const struct account_session **out,
                        struct err *err);

/* Writer. Ends one of them; ERR_NOT_FOUND when there is none such of the actor's. Or all but the one that asks. */
bool account_end_session(struct db *db, const struct actor *actor, const char *id, struct err *err);
bool account_end_others(struct db *db, const struct actor *actor, struct err *err);

/* Writer. Ends all of them, this one too; links stay good. */
bool account_sign_out_all(struct db *db, const struct actor *actor, struct err *err);

#endif
