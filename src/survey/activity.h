/* What a person did, as they read it: their answers, the rows they added, submissions, sign-ins. Newest first, a page at a
 * time. Only of responses that they may still see. */
#ifndef ANKETA_SURVEY_ACTIVITY_H
#define ANKETA_SURVEY_ACTIVITY_H

#include "survey/survey.h"

enum activity_kind {
  ACTIVITY_ANSWER,
  ACTIVITY_ROW_ADD,
  ACTIVITY_ROW_RENAME,
  ACTIVITY_ROW_REMOVE,
  ACTIVITY_SUBMIT,
  ACTIVITY_SIGN_IN,
  ACTIVITY_ACCOUNT,     /* changed their details */
  ACTIVITY_SIGN_OUT_ALL /* ended all their sessions */
};

struct activity {
  enum activity_kind kind;
  int64_t at_ms;
  int64_t response;        /* 0: about none; then form is NULL */
  const struct form *form; /* of the response */
  const char *institution_name;
  const char *question_id; /* ACTIVITY_ANSWER */
  int question;            /* index in the form, -1: the form has it no more */
  const char *row;         /* "" outside rosters */
  const char *label;       /* of the row; as it was then when the row itself is what was changed */
  bool there;              /* the question and its row are in the response: a link leads there */
  const char *value;       /* as a person reads it, in the actor's language; "" when it was cleared */
  bool invalid;            /* what was typed was no answer */
};

/* At most limit entries behind the place that `from` names ("" or nonsense: from the newest). *more names where the next
 * page begins, "" when there is none. */
size_t activity_page(struct db *db, const struct actor *actor, const char *from, size_t limit, struct arena *arena,
                     const struct activity **out, const char **more, struct err *err);

#endif
