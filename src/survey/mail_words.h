/* A coordinator's own words for the mail of a round: reading, checking, keeping, and how a message would look. */
#ifndef ANKETA_SURVEY_MAIL_WORDS_H
#define ANKETA_SURVEY_MAIL_WORDS_H

#include "mail/mail.h"
#include "survey/survey.h"

#define MAIL_WORDS_SUBJECT_MAX 150 /* characters */
#define MAIL_WORDS_BODY_MAX 8000

enum mail_words_fault {
  MAIL_WORDS_OK,
  MAIL_WORDS_NO_SUBJECT,
  MAIL_WORDS_BAD_SUBJECT, /* too long, not one line, not UTF-8 */
  MAIL_WORDS_NO_BODY,
  MAIL_WORDS_BAD_BODY,
  MAIL_WORDS_UNKNOWN_IN_SUBJECT, /* a placeholder, or a stray brace */
  MAIL_WORDS_UNKNOWN_IN_BODY,
  MAIL_WORDS_LINK_IN_SUBJECT,
  MAIL_WORDS_NO_LINK, /* an invitation without one */
  MAIL_WORDS_CHANGED  /* somebody else saved meanwhile */
};

/* The words of a kind in a language: what is kept, or was typed. */
struct mail_words {
  const char *round;
  enum mail_kind kind;
  const char *language;
  const char *subject, *body; /* "" for a letter that nobody has written */
  bool own;                   /* a coordinator's */
  int64_t changed_ms;         /* of the kept ones, 0: built-in; when they are saved: of those that the page showed */
  const char *person_name;    /* who changed them, "" */
};

/* The placeholders that may stand in a kind's words, ending with NULL. */
const char *const *mail_words_placeholders(enum mail_kind kind);

/* round, kind and language say which. ERR_NOT_FOUND when there are no such words. */
bool mail_words_read(struct db *db, const struct actor *actor, struct mail_words *words, struct arena *arena, struct err *err);

/* What is wrong with typed words, which are cleaned of spaces around them; place: of an unknown placeholder. */
enum mail_words_fault mail_words_check(struct mail_words *words, struct arena *arena, struct text_fault *place);

/* Writer. Keeps checked words; ERR_CONFLICT when others were saved since. */
bool mail_words_save(struct db *db, const struct actor *actor, const struct mail_words *words, struct err *err);
/* Writer. Back to the built-in ones (of a letter: to none). */
bool mail_words_reset(struct db *db, const struct actor *actor, const struct mail_words *words, struct err *err);

/* How the message would go out to a person: with typed words, or (subject NULL) with the kept ones in their language. The
 * caller sets link and unsubscribe of out. ERR_NOT_FOUND for nobody; false without err when a letter has no words. */
bool mail_words_show(struct db *db, const struct actor *actor, const struct mail_words *words, int64_t person,
                     struct arena *arena, struct mail_sample *out, struct err *err);

/* A contact of the round's institutions to show it for: by a part of name, address or institution, "" for the first. 0 when
 * there is none (or on error). */
int64_t mail_words_find_person(struct db *db, const struct actor *actor, const char *round, const char *find, struct err *err);

/* Writer. Puts the same into the outbox for the actor. */
bool mail_words_test(struct db *db, const struct actor *actor, const struct mail_sample *sample, struct err *err);

#endif
