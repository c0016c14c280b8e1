/* The outbox as a coordinator sees it: every message and what became of it; sending again, calling off, noting what came back.
 * Personal links are not shown: they are made when a message is sent, and stand in no stored text. */
#ifndef ANKETA_SURVEY_LETTERBOX_H
#define ANKETA_SURVEY_LETTERBOX_H

#include "store/message.h"
#include "survey/survey.h"

#define LETTERBOX_NOTE_MAX 500 /* characters of what came back */

struct letterbox_filter {
  int state;           /* enum message_state, LETTERBOX_TROUBLED, -1: any */
  int64_t mailing, institution; /* 0: any */
  int64_t before;      /* an id: only older ones; 0 */
  int limit;
};
#define LETTERBOX_TROUBLED 9 /* came back, or given up */

struct letterbox_item {
  struct stored_message message; /* texts in the arena; body only of one that is read alone */
  const char *name, *institution; /* "" */
};
size_t letterbox_list(struct db *db, const struct actor *actor, const struct letterbox_filter *filter, struct arena *arena,
                      const struct letterbox_item **out, struct err *err);

/* One with its text as people read it, link and unsubscribe in place of the addresses. ERR_NOT_FOUND. */
bool letterbox_read(struct db *db, const struct actor *actor, int64_t id, const char *link, const char *unsubscribe,
                    struct arena *arena, struct letterbox_item *out, struct err *err);

/* Writer. A message that was given up or called off waits again; of one that was sent, another one is made. A second press
 * does nothing more. ERR_LOCKED while it is under way. */
bool letterbox_send_again(struct db *db, const struct actor *actor, int64_t id, struct err *err);

/* Writer. One that waits is not sent; ERR_LOCKED when it is on its way or was sent. */
bool letterbox_call_off(struct db *db, const struct actor *actor, int64_t id, struct err *err);

/* Writer. It came back, and what the returned mail said; note NULL takes that back. ERR_INPUT when the note is no text,
 * ERR_LOCKED when it was not sent. */
bool letterbox_bounce(struct db *db, const struct actor *actor, int64_t id, const char *note, struct err *err);

/* What is wrong with people's addresses: mail came back, or was refused for good and none was taken since. By person, for all
 * contacts of an institution; message is the id. */
struct letterbox_trouble {
  int64_t person, message;
  int64_t since_ms;
  bool bounced;
  const char *words; /* the note, or what the server said */
};
size_t letterbox_troubles(struct db *db, const struct actor *actor, int64_t institution, struct arena *arena,
                          const struct letterbox_trouble **out, struct err *err);

/* Turning reminders off without signing in. The owner of a token (mail/mail.h), ERR_NOT_FOUND when it is none; and the
 * writer's part, which may be repeated. */
struct letterbox_owner {
  int64_t person;
  const char *email, *institution;
  bool unwanted; /* they are off already */
};
bool letterbox_owner(struct db *db, const char *token, struct arena *arena, struct letterbox_owner *out, struct err *err);
bool letterbox_unsubscribe(struct db *db, const char *token, struct err *err);

#endif
