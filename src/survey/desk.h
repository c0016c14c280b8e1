/* A person's desk: what they are to fill in, and what waits for them there, the most pressing first. */
#ifndef ANKETA_SURVEY_DESK_H
#define ANKETA_SURVEY_DESK_H

#include "survey/work.h"

/* In the order in which they wait. */
enum desk_kind {
  DESK_QUERY,   /* a coordinator waits for an answer to count queries, the first of them about question and row */
  DESK_MINE,    /* the section given to the person is not done */
  DESK_ANSWER,  /* begun; count required questions have no answer */
  DESK_CHOOSE,  /* to count questions there are different answers, the first of them at question and row */
  DESK_WRONG,   /* count entries are to be put right, the first of them at question and row, or container */
  DESK_CONFIRM, /* count unusual answers are to be confirmed, the first of them `finding` */
  DESK_CHECK,   /* count questions are marked to be checked, the first of them at question and row */
  DESK_SUBMIT,  /* nothing stands in the way of submitting */
  DESK_WAIT,    /* likewise, but the responsible contact submits it */
  DESK_BEGIN,   /* nobody has begun */
  DESK_KINDS
};

struct desk_card {
  const struct work_item *item;
  const struct work *work; /* NULL for experts: they have too many to open, and their tasks come from the counts alone */
};

struct desk_task {
  enum desk_kind kind;
  const struct desk_card *card;
  int count;
  int section;       /* DESK_MINE */
  int question, row; /* DESK_WRONG: question -1: the number of rows in `container` is wrong; DESK_QUERY: -1: not on the form */
  int container;
  const struct violation *finding; /* DESK_CONFIRM */
};

struct desk {
  const struct desk_card *cards; /* as work_list gives them */
  size_t card_count;
  const struct desk_task *tasks;
  size_t task_count;
  int open;           /* cards that can be changed */
  int left, required; /* questions of the open ones that wait for an answer, and that must have one */
};

/* The section given to the actor that applies and is not done, the first of them; -1 when there is none. */
int desk_own_section(const struct actor *actor, const struct work *work);

/* For those who fill in. An expert's desk has a few tasks of each kind only: the list says the rest. */
bool desk_open(struct db *db, const struct actor *actor, struct arena *arena, struct desk *out, struct err *err);

#endif
