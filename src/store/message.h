/* The outbox: every message that was ever to be sent, and what became of it. One for each reason.
 *
 * A sender takes one message, hands it over, and says how that went, each in a commit of its own. So at most the message
 * that a sender holds when it is killed may go out twice, never one that was marked as sent.
 */
#ifndef ANKETA_STORE_MESSAGE_H
#define ANKETA_STORE_MESSAGE_H

#include "base/secret.h"
#include "store/db.h"

#define MESSAGE_ATTEMPTS_MAX 8

enum message_state { MESSAGE_WAITING, MESSAGE_SENDING, MESSAGE_SENT, MESSAGE_GIVEN_UP, MESSAGE_CALLED_OFF };

struct stored_message {
  int64_t id;
  int64_t person; /* 0: an address that is nobody's */
  const char *address;
  const char *kind, *reason, *language;
  const char *reply_to; /* "" */
  const char *subject, *body;
  enum message_state state;
  int attempts;
  int64_t created_ms, due_ms, sent_ms;
  const char *fault; /* why the last attempt failed or it was called off, "" */
  const char *round;    /* what it is about, NULL: nothing in particular */
  int64_t institution;  /* 0 */
  int64_t mailing;      /* the coordinator's mailing that it belongs to, 0 */
  int64_t bounced_ms;   /* it came back, 0 */
  const char *bounce;   /* what the returned mail said, "" */
};

/* Writer. Adds a message that is due at due_ms; id, attempts and times that follow are not read. *id is 0 when there is
 * one for this reason already: nothing is changed then. */
bool message_put(struct db *db, const struct stored_message *message, int64_t *id, struct err *err);

/* A message of this kind that is waiting for the person and was never tried, to which more may be added; *stmt must be
 * ended and owns the strings. False when there is none (or on error: err set). */
bool message_find_waiting(struct db *db, int64_t person, const char *kind, struct stmt **stmt,
                          struct stored_message *out, struct err *err);
bool message_set_body(struct db *db, int64_t id, const char *body, struct err *err); /* writer */

/* When the last message of this kind went to the person or is to go, 0 when there is none. */
int64_t message_last_ms(struct db *db, int64_t person, const char *kind, struct err *err);

/* Whether message_take would find one. */
bool message_is_due(struct db *db, struct err *err);

/* Writer. The message that has been due longest, those of no mailing first, now being sent and with one attempt more; *stmt
 * must be ended and owns the strings. False when none is due (or on error: err set). */
bool message_take(struct db *db, struct stmt **stmt, struct stored_message *out, struct err *err);

/* Writer. What became of a message that was taken. Failed ones are tried again after 1, 5, 15, 60, then every 240 minutes,
 * and given up after MESSAGE_ATTEMPTS_MAX attempts or when the refusal is for good. Put back: the message had no part in
 * it, the attempt does not count. */
bool message_mark_sent(struct db *db, int64_t id, struct err *err);
bool message_mark_failed(struct db *db, int64_t id, bool for_good, const char *fault, struct err *err);
bool message_put_back(struct db *db, int64_t id, const char *fault, struct err *err);
bool message_call_off(struct db *db, int64_t id, const char *fault, struct err *err);
/* Writer. All of a mailing that are waiting. */
bool message_call_off_mailing(struct db *db, int64_t mailing, const char *fault, struct err *err);

/* Writer. Messages that a sender held when it ended are waiting again. Only for who knows that no other sender is at
 * work. */
bool message_recover(struct db *db, struct err *err);

/* Writer. The secret of this data folder that Message-IDs are made with; made when it is asked for first. */
bool message_secret(struct db *db, char out[SECRET_TOKEN_LEN + 1], struct err *err);
/* The same for who only reads; false also when there is none yet. */
bool message_find_secret(struct db *db, char out[SECRET_TOKEN_LEN + 1], struct err *err);

/* All messages, or those of a mailing, the newest last; end with stmt_end. */
struct stmt *message_list(struct db *db, int64_t mailing);
/* Of a mailing (0: any), the newest first; states as bits 1 << enum message_state, or those that came back too with bounced;
 * only ids under before (0: all). */
struct stmt *message_list_some(struct db *db, int64_t mailing, unsigned states, bool bounced, int64_t before);
struct stmt *message_list_of_institution(struct db *db, int64_t institution); /* the newest first */
bool message_next(struct stmt *stmt, struct stored_message *out, struct err *err); /* strings until the next call */

/* One; *stmt must be ended and owns the strings. False when there is none (or on error: err set). */
bool message_get(struct db *db, int64_t id, struct stmt **stmt, struct stored_message *out, struct err *err);

/* Writer. It waits again, as if it had never been tried. */
bool message_reset(struct db *db, int64_t id, struct err *err);
/* Writer. It came back (bounced_ms 0: it did not). */
bool message_set_bounced(struct db *db, int64_t id, int64_t bounced_ms, const char *bounce, struct err *err);

/* Messages to the present addresses of an institution's contacts that came back, or were refused for good since when none was
 * taken; by person, the newest first. End with stmt_end. */
struct stmt *message_list_troubles(struct db *db, int64_t institution);

/* Whom a message is for. */
struct message_recipient {
  const char *address, *name, *language;
  const char *institution_name; /* "" for staff */
  int64_t institution;          /* 0 */
  int role;                     /* enum role of survey/survey.h */
  int notify; /* mail they want: bits as in the table person */
  bool removed;
};
/* *stmt must be ended and owns the strings. False when there is no such person (or on error: err set). */
bool message_recipient(struct db *db, int64_t person, struct stmt **stmt, struct message_recipient *out,
                       struct err *err);

#endif
