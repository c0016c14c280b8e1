/* What colleagues say to each other about the answers of a response: notes, flags ("to be checked"), who does which section.
 *
 * A response's colleagues are those who may fill it. Only they see notes; who may read the response sees flags and
 * assignments too. When it is submitted, nothing changes any more, but what was said stays readable. Each change makes
 * response.talk grow, so that kept pages are rendered anew. */
#ifndef ANKETA_SURVEY_TALK_H
#define ANKETA_SURVEY_TALK_H

#include "survey/work.h"

#define TALK_NOTE_MAX 2000 /* characters */

struct talk_note {
  int64_t id;
  const char *text, *person;
  int64_t created_ms;
  bool own; /* the actor wrote it, so may take it back */
};

/* About one answer. */
struct talk {
  const struct talk_note *notes; /* the oldest first; none for who does not see them */
  size_t note_count;
  bool flagged;
  const char *raised_by; /* of the last flag, up or not; "" when there never was one */
  int64_t raised_ms;
  const char *lowered_by; /* "" while it is up */
  int64_t lowered_ms;
};

/* Reads what was said about an answer of an open response; row is a row id, "" outside rosters. ERR_NOT_FOUND: no such
 * place. */
bool talk_read(struct db *db, const struct actor *actor, const struct work *work, const char *question, const char *row,
               struct arena *arena, struct talk *out, struct err *err);

/* All that follows: writer, of one transaction; ERR_NOT_FOUND, ERR_DENIED, ERR_LOCKED as work_save. */

/* ERR_INPUT: not a text of 1 to TALK_NOTE_MAX characters. The same again by the same person, as a second press of the button
 * sends it, adds nothing. */
bool talk_add_note(struct db *db, const struct actor *actor, int64_t response, const char *question, const char *row,
                   const char *text, struct err *err);

/* Takes back a note of one's own; it stays in the store. ERR_NOT_FOUND: none, somebody else's, or gone already. */
bool talk_remove_note(struct db *db, const struct actor *actor, int64_t response, int64_t note, struct err *err);

/* Raises or lowers the flag; no change when it is so already. */
bool talk_set_flag(struct db *db, const struct actor *actor, int64_t response, const char *question, const char *row,
                   bool up, struct err *err);

/* Gives a section to a contact of the response's institution, in place of whoever had it; person 0 takes it back.
 * ERR_NOT_FOUND also when there is no such contact. */
bool talk_assign(struct db *db, const struct actor *actor, int64_t response, const char *section, int64_t person,
                 struct err *err);

#endif
