/* Reminders: mail that people who fill forms ask for themselves, at a moment of their choice. */
#ifndef ANKETA_SURVEY_REMINDER_H
#define ANKETA_SURVEY_REMINDER_H

#include "survey/survey.h"

#define REMIND_TEXT_MAX 500 /* characters */
#define REMIND_OPEN_MAX 50  /* of one person */
#define REMIND_CHOICES_MAX 4

/* What was typed. */
struct remind_wish {
  const char *date;   /* 6.12.2026, 2026-12-06 */
  const char *time;   /* 9, 9.00, 09:00; in Riga */
  const char *choice; /* due_ms of a remind_choice in place of date and time, "" */
  const char *text;   /* "" */
};

enum remind_fault {
  REMIND_OK,
  REMIND_NO_DATE,
  REMIND_NO_TIME,
  REMIND_PAST,
  REMIND_FAR,       /* over two years ahead */
  REMIND_TEXT_LONG,
  REMIND_TEXT_BAD,  /* control characters, not UTF-8 */
  REMIND_TOO_MANY
};

/* Writer. ERR_INPUT with *fault when the wish is none, ERR_DENIED for who fills no forms. */
bool remind_add(struct db *db, const struct actor *actor, const struct remind_wish *wish, enum remind_fault *fault,
                struct err *err);

/* Writer. ERR_NOT_FOUND also for another person's. */
bool remind_remove(struct db *db, const struct actor *actor, int64_t id, struct err *err);

struct remind_entry {
  int64_t id, due_ms;
  const char *text;
};
/* The actor's open ones, the next first. */
size_t remind_list(struct db *db, const struct actor *actor, struct arena *arena, const struct remind_entry **out,
                   struct err *err);

/* Moments at nine o'clock that people often want, in the order of time; those that could not be set are left out. */
struct remind_choice {
  const char *name; /* "tomorrow", "monday", "before_3", "before_1": days before the deadline of what is not submitted */
  int64_t due_ms;
};
size_t remind_choices(struct db *db, const struct actor *actor, struct arena *arena,
                      struct remind_choice out[REMIND_CHOICES_MAX], struct err *err);

/* Whether the actor gets mail for reminders at all. */
bool remind_is_wanted(struct db *db, const struct actor *actor, struct err *err);

/* A moment as people type it. */
enum remind_fault remind_read_moment(const struct remind_wish *wish, struct arena *arena, int64_t *due_ms);

/* How far the person's questionnaires are, in their language: sets standings and their number. They are those of the message's
 * round; when that is NULL, of the person's latest, and it is set. */
struct mail_message;
bool remind_add_standings(struct db *db, int64_t person, struct arena *arena, struct mail_message *message, struct err *err);

/* Whether some are due, and the writer's part: makes messages of them, up to a hundred; for mail/sender.h. */
bool remind_is_due(struct db *db, struct err *err);
bool remind_make_mail(struct db *db, struct err *err);

#endif
