/* A response as people work on it: opening, saving answers, roster rows, confirming soft checks, checking, submitting. */
#ifndef ANKETA_SURVEY_WORK_H
#define ANKETA_SURVEY_WORK_H

#include "store/scan.h"
#include "store/stored_query.h"
#include "survey/survey.h"

enum response_status {
  RESPONSE_NEW,
  RESPONSE_STARTED,
  RESPONSE_SUBMITTED,
  RESPONSE_REOPENED, /* was submitted, and may be changed again */
  RESPONSE_PARTIAL   /* the round was closed before it was submitted: frozen as it stands */
};
/* "new", "started", "submitted", "reopened", "partial"; also the last part of its message's key, status.NAME. */
const char *work_status_name(enum response_status status);

/* One response at the workplace. */
struct work_item {
  int64_t response; /* id in addresses */
  const char *round, *questionnaire;
  int64_t version_id;
  const struct form *form;
  enum response_status status;
  bool locked;   /* submitted, partial, or its round is closed: nobody changes it */
  bool closed;   /* its round is */
  bool for_contacts; /* contacts fill it in, not experts */
  bool complete; /* as last stored: nothing stands in the way of submitting */
  int64_t deadline_ms;     /* end of the last day in Riga, the institution's own if it has more time */
  int64_t submitted_ms;    /* 0 */
  const char *submitted_by;
  const char *receipt;     /* short code on the receipt, "" */
  int64_t revision;        /* grows with every change */
  const char *institution_name;
  int required, answered;  /* as of the last change */
  int64_t talk;            /* grows with every note, flag, assignment, rival and query */
  bool responsible_submits;
  int64_t responsible;     /* person, 0: nobody was named */
  const char *responsible_name; /* "" */
  const char *previous;    /* the round whose answers stand beside the fields, "" */
  bool take_over;
  int64_t idle_ms;         /* the round's limit of time without activity */
  int64_t prior;           /* the institution's response in that round, 0: there is none */
  enum response_status prior_status;
  int64_t prior_revision, prior_deadline_ms;
};

/* The responses an actor may fill, in the round's order. Rounds hold a response per institution and questionnaire from
 * the start. */
size_t work_list(struct db *db, const struct actor *actor, struct arena *arena, const struct work_item **out,
                 struct err *err);

/* Who changed an answer and when; by question and row like the response. */
struct work_mark {
  int version;        /* 0: never answered */
  int64_t changed_ms;
  const char *person; /* name */
  int64_t person_id;
  bool on_behalf;     /* they entered it in the institution's name, see survey/authority.h */
};

/* A soft check that somebody confirmed. Counts only while the message (its figures) is what was confirmed. */
struct work_confirmation {
  const char *check_key, *row, *message, *comment, *person;
  int64_t changed_ms;
};

/* A value that came too late: somebody else had changed the answer since the page showed it. It is open until somebody
 * chooses one of the values. */
struct work_rival {
  const struct work_rival *next; /* of the response, by place and number */
  int question, row;             /* row -1 outside rosters */
  int number;                    /* from 1 */
  enum answer_state state;
  const char *value; /* as answer_row has it */
  const char *person;
  int64_t person_id, created_ms;
};

/* A value as a person reads it, and in the shape of form fields. */
struct work_value {
  const char *text; /* "" when the answer was cleared */
  bool invalid;     /* no answer: text is as it was typed */
  const char *const *values;
  size_t value_count;
  const char *special; /* "na", "nodata", "" */
};

/* What colleagues say about an answer. */
struct work_talk {
  int notes;    /* 0 for who does not see them */
  bool flagged; /* to be checked */
  int queries[QUERY_STATES]; /* what coordinators asked, by state; see survey/query.h for who may know of which */
};

/* To whom a section was given. */
struct work_assignee {
  int64_t person; /* 0: to nobody */
  const char *name;
};

/* When somebody entered answers in the institution's name. */
struct work_span {
  int64_t person, from_ms, until_ms;
};

/* What a corrected questionnaire left to look at (survey/correction.h), open until it is answered anew or taken note of. */
struct work_misfit {
  const struct work_misfit *next; /* by question id and row */
  const char *question, *row;     /* ids */
  int at, at_row;                 /* the place in the form now; at -1: there is none any more, at_row -1 outside rosters */
  const char *fault;              /* removed, type, option, value: the answer no longer fits; changed, new: the question */
  bool answer;                    /* it is about an answer */
  int version;                    /* of the answer, 0: there is none */
  enum answer_state state;
  const char *value;
  int64_t old_version, new_version; /* of the questionnaire */
  int64_t created_ms;               /* of the correction */
  const char *note;                 /* the coordinator's, "" */
};

struct work_answers; /* how the answers are stored: work_answers.h */

struct work {
  struct work_item item;
  int64_t institution;
  const char *institution_name;
  struct response *response;
  struct state *state;
  const struct work_confirmation *confirmations;
  size_t confirmation_count;
  const struct work_rival *rivals; /* the open ones; those of rows that were removed are left out */
  const struct work_misfit *misfits;
  bool editable; /* for this actor, now */
  int64_t authority;       /* of the staff: the institution's authority on which they enter answers, 0: none */
  bool authority_submits;  /* … and submit */
  bool among;    /* the actor is one of those who fill it, also when it is submitted: sees their notes */
  const struct work_assignee *assignees; /* by section; NULL before work_fill */
  int queries[QUERY_STATES]; /* of all places, also of those that are gone */
  struct work_answers *answers;
  const struct work_span *spans;
  size_t span_count;
  int64_t at_ms; /* as it was at that moment, 0: as it is now */
};

/* What stands above the answers, and whether the actor may change them: response and state are NULL. Costs one query.
 * work_fill adds the rest, inside the same snapshot. */
struct work *work_peek(struct db *db, const struct actor *actor, int64_t response_id, struct arena *arena,
                       struct err *err);
bool work_fill(struct db *db, struct work *work, struct arena *arena, struct err *err);

/* Everything about one response, with its state computed. */
struct work *work_open(struct db *db, const struct actor *actor, int64_t response_id, struct arena *arena,
                       struct err *err);
/* The same with the answers and rows as they were at a moment, to be read only: without rivals, confirmations and what
 * colleagues say; read by the questionnaire of version_id, 0: the one asked with now. What stands above the answers is of
 * now. */
struct work *work_open_at(struct db *db, const struct actor *actor, int64_t response_id, int64_t at_ms, int64_t version_id,
                          struct arena *arena, struct err *err);
/* Where an answer with these ids goes: row is -1 outside rosters. False when there is no such place now. */
bool work_find_place(const struct work *work, const char *question_id, const char *row_id, int *question, int *row);
const struct work_mark *work_mark(const struct work *work, int question, int row);
const struct work_talk *work_talk(const struct work *work, int question, int row);
/* Did the person enter something then in the institution's name? */
bool work_on_behalf(const struct work *work, int64_t person, int64_t ms);
/* The row index of an answer by its row id: -1 outside rosters, -2 when there is no such place (or the row was removed). */
int work_find_row(const struct work *work, int question, const char *row);
bool work_confirmed(const struct work *work, const struct violation *violation);

/* The open rivals of one answer, by number: the first and the one after it, NULL when there are no more. */
const struct work_rival *work_rivals(const struct work *work, int question, int row);
const struct work_rival *work_next_rival(const struct work_rival *rival);

/* The answer at a place that no longer fits since a correction, and what is said of a question that changed; NULL. A changed
 * question of a roster is the same for all its rows. */
const struct work_misfit *work_misfit(const struct work *work, int question, int row);
const struct work_misfit *work_changed(const struct work *work, int question);
/* The answer as it was given, in a language: as the version of the questionnaire shows it. */
const char *work_misfit_text(struct db *db, const struct work_misfit *misfit, const char *language, struct arena *arena);

/* The same with what it is about, also when that is not there any more. */
struct work_misfit_about {
  const char *number, *text; /* of the question: as it is now, or was */
  const char *row_label;     /* "" outside rosters */
  const char *answer;
};
void work_misfit_about(struct db *db, const struct work *work, const struct work_misfit *misfit, const char *language,
                       struct arena *arena, struct work_misfit_about *out);

/* Whether people are asked to choose now, which stands in the way of submitting: not while the question does not apply. */
bool work_asks(const struct work *work, const struct work_rival *rival);

/* What is stored, and what a rival is, in a language. */
struct work_value work_stored_value(const struct work *work, int question, int row, const char *language,
                                    struct arena *arena);
struct work_value work_rival_value(const struct work *work, const struct work_rival *rival, const char *language,
                                   struct arena *arena);

/* What became of one entry. */
enum save_result {
  SAVE_DONE,      /* stored (also when it is the same as before) */
  SAVE_INVALID,   /* stored as typed, marked invalid: fault says why */
  SAVE_REFUSED,   /* not stored: nonsense that no form sends (unknown option, special not offered, bad UTF-8) */
  SAVE_CONFLICT   /* somebody changed it since `seen`, to another value: this one is kept as an open rival */
};

struct save_entry {
  const char *question; /* id */
  const char *row;      /* row id, "" outside rosters */
  const char *const *values;
  size_t value_count;
  const char *special; /* "na", "nodata", "" */
  int seen;            /* the version the page showed */
  bool carried;        /* the form sends all its fields: one that holds what `seen` held says nothing */
  bool aside;          /* a choice between the values of its place comes with it: kept when it is yet another value, but
                        * as a rival that does not decide */
  int64_t shown;       /* the version of the questionnaire that the page showed, 0: not said. An entry over an older one is
                        * taken like an answer that was given before, and leaves what the correction said */
  int restore;         /* an earlier version that is wanted back, in place of values and special; 0: those count. When it
                        * comes too late it is no rival: it is in the history already */
  /* out */
  enum save_result result;
  enum typed_fault fault;
  int version;         /* the stored version now */
  int64_t changed_ms;
  const char *person;  /* who changed it last */
  bool on_behalf;      /* … in the institution's name */
  bool untouched;      /* it was carried, and said nothing */
};

/* Writer. Saves the entries that differ from what is stored; the whole call is one transaction but entries succeed or
 * conflict one by one. Fails as a whole only with ERR_DENIED, ERR_NOT_FOUND, ERR_LOCKED, ERR_SYSTEM, ERR_FULL. Also brings
 * the response's status, revision and progress counts up to date. Strings of the result live in the arena. */
bool work_save(struct db *db, const struct actor *actor, int64_t response_id, struct save_entry *entries, size_t count,
               struct arena *arena, struct err *err);

/* A choice between what is stored and its rivals. */
struct work_choice {
  const char *question, *row;
  int number; /* of the rival, 0: what is stored */
  int seen;   /* the version that was shown as stored, 0: not said */
};

/* Writer. Settles all open rivals of the place; a rival that was chosen becomes a version of the actor's. ERR_CONFLICT,
 * and nothing changes, when there is nothing to choose any more, or not between what was shown. */
bool work_settle(struct db *db, const struct actor *actor, int64_t response_id, const struct work_choice *choice,
                 struct err *err);

/* Writer. Roster rows. add returns the new row's id in the arena, NULL with err. Removing hides the row; its answers stay
 * in the store. */
const char *work_add_row(struct db *db, const struct actor *actor, int64_t response_id, const char *roster,
                         const char *label, struct arena *arena, struct err *err);
bool work_rename_row(struct db *db, const struct actor *actor, int64_t response_id, const char *roster, const char *row,
                     const char *label, struct err *err);
bool work_remove_row(struct db *db, const struct actor *actor, int64_t response_id, const char *roster, const char *row,
                     struct err *err);

/* Writer. Confirms a soft finding as it reads now (message in the original language) with a comment. */
bool work_confirm(struct db *db, const struct actor *actor, int64_t response_id, const char *check_key, const char *row,
                  const char *comment, struct err *err);

/* May the actor submit it? Where the round says that the responsible contact submits, other contacts may not, unless
 * nobody was named: then any contact may. */
bool work_may_submit(const struct actor *actor, const struct work *work);

/* Writer. Check and submit in one transaction: ERR_DENIED for who may not, ERR_INPUT when anything is missing, wrong,
 * unconfirmed or to be chosen, ERR_CONFLICT when `revision` (what the person read through) is not the current one. Locks
 * the response and makes the receipt. */
bool work_submit(struct db *db, const struct actor *actor, int64_t response_id, int64_t revision, struct err *err);

/* Versions of one answer and the values that came too late, newest first. ERR_NOT_FOUND when there is no such question or
 * row. */
enum work_past_kind {
  PAST_VERSION,
  PAST_OPEN,  /* a rival, to be chosen or not */
  PAST_LEFT,  /* a rival that was not chosen */
  PAST_CHOSEN /* a rival that was: the version of settled_ms holds its value */
};
struct work_past {
  enum work_past_kind kind;
  int version; /* 0: none */
  const char *value; /* as a person reads it, in the actor's language; "" when it was cleared */
  bool invalid;
  bool differs; /* from the newest one */
  const char *person;
  bool on_behalf; /* in the institution's name */
  int64_t changed_ms;
  const char *settled_by; /* name, "" */
  int64_t settled_ms;     /* 0 */
};
size_t work_history(struct db *db, const struct actor *actor, int64_t response_id, const char *question, const char *row,
                    struct arena *arena, const struct work_past **out, struct err *err);

#endif
