/* A coordinator's mail to many: invitations, reminders of the deadline, letters.
 *
 * A mailing says to whom by a filter of the list, by chosen institutions, or by one person. It is planned for a moment; only
 * then is it decided who gets it, and its messages are made in batches, each of which is one transaction. A walk over the
 * people in the order of their ids goes on behind the last one with a message, so a batch that was not finished is made again
 * and none is made twice. A reminder or an invitation is not made for somebody who got one on the same day of Riga's
 * calendar, whoever or whatever made that.
 */
#ifndef ANKETA_SURVEY_MAILING_H
#define ANKETA_SURVEY_MAILING_H

#include "mail/mail.h"
#include "mail/sender.h"
#include "store/mailing.h"
#include "survey/field_filter.h"
#include "survey/reminder.h"
#include "survey/rule.h"
#include "survey/survey.h"

#define MAILING_CHOSEN_MAX 1000 /* institutions, one by one */

/* The kinds a coordinator sends: "invitation", "deadline", "letter"; MAIL_KINDS for any other name. */
enum mail_kind mailing_find_kind(const char *name);

/* To whom: chosen institutions, one person, or else the filter. A rule's own mailings carry its span. */
struct mailing_aim {
  struct field_filter filter;
  const int64_t *institutions;
  size_t institution_count;
  int64_t person;
  int64_t rule;
  struct rule_span span;
};
/* From the query of an address: a filter's (survey/field_filter.h) with institution=17 (any number of times) or person=4. Good
 * for any text. */
struct mailing_aim mailing_parse(const char *query, struct arena *arena);
/* The same way back: round, and what of the rest decides. */
const char *mailing_print(const struct mailing_aim *aim, struct arena *arena);

/* Why somebody gets none. */
enum mailing_left_out {
  MAILING_GETS,
  MAILING_UNWANTED,          /* does not want reminders */
  MAILING_TODAY,             /* got one today */
  MAILING_SUBMITTED,         /* everything is submitted */
  MAILING_NOT_PARTICIPATING,
  MAILING_CLOSED,            /* the round is */
  MAILING_ELSEWHERE,         /* a rule is not about them; not counted */
  MAILING_LEFT_OUT_COUNT
};
/* "unwanted", …: last part of mailing.left_NAME. */
const char *mailing_left_out_name(enum mailing_left_out why);

/* What would happen if it were due now. */
struct mailing_person {
  int64_t person;
  const char *name, *email, *institution, *language;
  bool troubled; /* mail to the address came back or was refused */
};
struct mailing_forecast {
  int people, institutions; /* who get it */
  int left_out[MAILING_LEFT_OUT_COUNT];
  int no_contact; /* institutions of the aim without contacts */
  int troubled;   /* of people */
  const struct mailing_person *list; /* the first of them */
  size_t list_count;
  struct mailing_person examples[3]; /* one in each language that occurs; person 0: nobody */
};
#define MAILING_LIST_MAX 50
bool mailing_forecast(struct db *db, const struct actor *actor, enum mail_kind kind, const struct mailing_aim *aim,
                      struct arena *arena, struct mailing_forecast *out, struct err *err);

/* The institutions of an aim, by name, at most limit. */
struct mailing_choice {
  int64_t id;
  const char *name;
  int contacts;
};
size_t mailing_choices(struct db *db, const struct actor *actor, const struct mailing_aim *aim, size_t limit,
                       struct arena *arena, const struct mailing_choice **out, struct err *err);

/* The newest mailing's id: a page that shows a form remembers it, so that a second press is known. */
int64_t mailing_newest(struct db *db, struct err *err);

enum mailing_fault {
  MAILING_OK,
  MAILING_NO_KIND,
  MAILING_NO_WORDS, /* a letter without words in Latvian */
  MAILING_NOBODY,   /* now, and there is nobody */
  MAILING_OTHER,    /* another coordinator has just planned the same */
  MAILING_MOMENT    /* see remind_fault */
};
struct mailing_wish {
  enum mail_kind kind;
  struct mailing_aim aim;
  bool later;
  struct remind_wish moment; /* date and time */
  int64_t seen;              /* mailing_newest when the page was made */
};
/* Writer. Plans it, for now or later; *id is the mailing, also when a second press finds it there. ERR_INPUT with *fault (and
 * *moment). */
bool mailing_plan(struct db *db, const struct actor *actor, const struct mailing_wish *wish, int64_t *id,
                  enum mailing_fault *fault, enum remind_fault *moment, struct err *err);

/* Writer. Calls off what is planned, or what is not sent yet. ERR_NOT_FOUND. */
bool mailing_call_off(struct db *db, const struct actor *actor, int64_t id, struct err *err);

/* One with what became of its messages. */
struct mailing_item {
  struct mailing mailing; /* texts in the arena */
  struct mailing_aim aim;
  const char *aim_name; /* of the one institution or person, "" */
  struct mailing_counts counts;
};
size_t mailing_read_all(struct db *db, const struct actor *actor, const char *round, int64_t before, size_t limit,
                        struct arena *arena, const struct mailing_item **out, struct err *err);
bool mailing_read(struct db *db, const struct actor *actor, int64_t id, struct arena *arena, struct mailing_item *out,
                  struct err *err);

/* Writer. A rule's mailing, now; none when there is nobody. */
bool mailing_put_of_rule(struct db *db, const char *round, int64_t rule, const struct rule_span *span, struct err *err);

/* For mail/sender.h: everything that makes mail when its time comes. */
const struct sender_source *mailing_sources(void);
bool mailing_is_due(struct db *db, struct err *err);
bool mailing_make_mail(struct db *db, struct err *err); /* writer: up to a hundred messages */

#endif
