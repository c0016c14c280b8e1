/* The frame of a round as a coordinator keeps it: which institutions are asked, and whether they take part. Lists from files
 * are frame_import.h's, people are frame_people.h's. */
#ifndef ANKETA_SURVEY_FRAME_H
#define ANKETA_SURVEY_FRAME_H

#include "survey/survey.h"

#define FRAME_REMARK_MAX 1000 /* characters */

struct frame_round {
  const char *id, *title; /* in the actor's language */
  const char *opens;      /* 2026-11-01 */
  bool opened;            /* its first day has come: who joins now joins late */
};

/* The round (id "": the latest) if the actor may keep its frame. ERR_DENIED, ERR_NOT_FOUND. */
bool frame_check(struct db *db, const struct actor *actor, const char *id, struct arena *arena, struct frame_round *out,
                 struct err *err);

/* A page of the institutions that the round asks, by name. */
struct frame_item {
  int64_t institution;
  const char *name, *abbreviation, *registration_number, *email; /* "" */
  int contacts, waiting; /* people who take part; nominations to be decided */
  bool participates, late;
};
size_t frame_items(struct db *db, const struct actor *actor, const char *round, const char *find, int offset, int limit,
                   struct arena *arena, const struct frame_item **out, int *total, struct err *err);

/* ---- taking institutions in; for frame_import.c, which knows that the actor may */

struct frame_details {
  const char *registration_number, *name, *abbreviation, *kind, *sector, *segments, *email, *phone; /* "" */
  const char *status, *comment;
};
struct frame_intake; /* in an arena: where the round stands, its questionnaires */
struct frame_intake *frame_intake_new(struct db *db, const char *round, struct arena *arena, struct err *err);
/* Writer. Adds the institution (id 0) or changes it; joins: the round did not ask it, so its responses are opened. The id, 0
 * with err. ERR_LOCKED: joining a round that is closed. */
int64_t frame_put(struct frame_intake *intake, int64_t id, const struct frame_details *details, bool joins, struct err *err);

/* ---- taking part */

/* Why an institution does not: "no_contact", "no_answer", "no_resources", "refused", "merged", "other"; NULL behind the
 * last one. Their messages are frame.refusal.NAME. */
const char *frame_refusal(int index);

struct frame_standing {
  bool asked, participates;
  const char *refusal, *remark; /* "" */
};
bool frame_standing(struct db *db, const struct actor *actor, const char *round, int64_t institution, struct arena *arena,
                    struct frame_standing *out, struct err *err);

/* Writer. It takes no part any more, or does again (refusal ""). Answers stay. The same again changes nothing.
 * ERR_NOT_FOUND: not asked; ERR_INPUT: no such reason, or too long a remark; ERR_LOCKED: the round is closed. */
bool frame_set_part(struct db *db, const struct actor *actor, const char *round, int64_t institution, const char *refusal,
                    const char *remark, struct err *err);

#endif
