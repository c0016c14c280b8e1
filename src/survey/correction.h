/* A corrected questionnaire, published to a round that is being filled in.
 *
 * Answers are carried over by question id and option code. One that no longer fits stays in the store and in the history; it
 * is noted as a misfit and shown until somebody answers anew. Submitted responses stay on the version they were given on,
 * also when only texts were changed: what somebody signed is what they read, and no program can tell a better wording from
 * another meaning. They can be reopened; a reopened one is moved like those that were never submitted.
 *
 * Publishing only names the new version; responses are moved afterwards, some at a time, by whoever calls correction_move:
 * the server's own thread (survey/mover.h), or the command line. Cut short, it goes on where it was: what waits is what is
 * still on a version that was replaced.
 */
#ifndef ANKETA_SURVEY_CORRECTION_H
#define ANKETA_SURVEY_CORRECTION_H

#include "form/findings.h"
#include "survey/survey.h"

#define CORRECTION_NAMES_MAX 5        /* institutions named for each question; the others are counted */
#define CORRECTION_NOTE_MAX 2000      /* characters */

/* Why a text cannot be published. */
enum correction_refusal {
  CORRECTION_GOOD,
  CORRECTION_FINDINGS, /* it is not a questionnaire, or has mistakes */
  CORRECTION_OTHER,    /* a questionnaire that the round does not have */
  CORRECTION_SAME,     /* the text that is asked with now */
  CORRECTION_LABEL,    /* another text has this version's label already */
  CORRECTION_CLOSED    /* the round is closed */
};
/* "good", "findings", …; also the last part of its message's key, correction.refused.NAME. */
const char *correction_refusal_name(enum correction_refusal refusal);

/* One change of a question, or of the questionnaire, a section, a roster. */
struct correction_change {
  const struct correction_change *next;
  const char *change;  /* as form_change has it */
  const char *subject; /* of what is no question: "section 21" */
  const char *detail;  /* in the actor's language */
};

/* A question that changes, or whose answers do. */
struct correction_question {
  const char *id, *number, *text; /* text in the actor's language */
  bool added, removed, in_roster;
  const struct correction_change *changes; /* against what is asked with now */
  size_t responses, answers; /* that have an answer; how many those are (rows of rosters) */
  size_t misfits, misfit_responses; /* answers that no longer fit */
  size_t missing; /* begun responses that must answer it now and need not have before */
  const char *institutions[CORRECTION_NAMES_MAX]; /* of misfit_responses */
  int institution_count;
};

struct correction_preview {
  enum correction_refusal refusal;
  struct findings *findings;     /* with CORRECTION_FINDINGS; the caller frees it (findings_free takes NULL) */
  /* what follows is there when the text is a questionnaire of the round */
  const char *questionnaire, *title;
  const char *old_label, *new_label;
  char hash[65];                 /* of the text */
  int64_t current;               /* the version that is asked with now */
  bool published_before;         /* going back: the text is a version already */
  /* and these with CORRECTION_GOOD */
  const struct correction_change *changes; /* of what is no question */
  const struct correction_question *questions;
  size_t question_count, change_count;
  size_t fresh, begun, locked;   /* responses: not begun and begun ones, which are moved; submitted ones, which stay */
  size_t locked_misfits;         /* submitted ones with an answer that would not fit */
  size_t concerned;              /* begun ones with something to look at: their contacts are written to */
  size_t misfit_responses, misfits;
  size_t incomplete;             /* begun ones that were ready to be submitted and are no more */
  size_t settled;                /* answers that did not fit since an earlier correction and do again */
};

/* Compiles and checks the text, says what publishing it would do, and counts the effect on all that is stored. Bounded
 * memory; run it inside db_begin (DB_READ) or it takes a snapshot of its own. Fails with ERR_DENIED, ERR_NOT_FOUND (no such
 * round), ERR_SYSTEM; a text that cannot be published is out->refusal. */
bool correction_preview(struct db *db, const struct actor *actor, const char *round, const char *text, size_t len,
                        struct arena *arena, struct correction_preview *out, struct err *err);

/* Says why it cannot be published; false, and nothing said, when it can, or is what is asked with already. */
bool correction_refuse(const struct correction_preview *preview, const char *round, struct err *err);

struct correction_order {
  const char *round;
  const char *text;
  size_t len;
  const char *note;      /* to the institutions, "" */
  int64_t current;       /* the version that the preview was made against, 0: whichever */
};
/* Writer. Names the new version and writes down the correction; nothing is moved yet. *done says whether this call did it:
 * false when the text is what is asked with already (a second press). Fails as the preview does, and with ERR_INPUT for a text
 * that cannot be published, ERR_LOCKED when the round is closed, ERR_CONFLICT when something else was published since. */
bool correction_publish(struct db *db, const struct actor *actor, const struct correction_order *order, bool *done,
                        struct err *err);

/* Writer. Moves at most limit responses that wait for it; *moved says how many: 0 when none is left. */
bool correction_move(struct db *db, int limit, int *moved, struct err *err);

/* Is there anything to move? Costs a walk along an index of the corrected rounds. */
bool correction_waits(struct db *db, bool *waits, struct err *err);

/* A version of one of a round's questionnaires, for the coordinator's list. */
struct correction_listed {
  const char *questionnaire, *title; /* in the actor's language */
  const char *label, *hash;
  int64_t version_id, published_ms;
  bool current;
  int fresh, begun, locked; /* responses on it */
  int waiting;              /* of these, responses that are being moved */
  const char *note, *person; /* of the correction that brought it last, "" when it was none */
  int64_t corrected_ms;      /* 0 */
  int misfit_responses;      /* current versions: responses with an answer that no longer fits */
};
size_t correction_versions_of(struct db *db, const struct actor *actor, const char *round, struct arena *arena,
                              const struct correction_listed **out, struct err *err);

/* Writer. Who fills the response has read what changed: what asks for no answer is settled. */
bool correction_note_read(struct db *db, const struct actor *actor, int64_t response, struct err *err);

#endif
