/* Filters of the list that a coordinator has saved under a name of their own. */
#ifndef ANKETA_SURVEY_FIELD_VIEWS_H
#define ANKETA_SURVEY_FIELD_VIEWS_H

#include "survey/field_filter.h"
#include "survey/survey.h"

#define FIELD_VIEWS_MAX 30 /* a person has at most */
#define FIELD_VIEW_NAME_MAX 60 /* characters */

struct field_view {
  int64_t id;
  const char *name, *filter; /* as field_filter_print has it, from the first row */
};

enum field_view_fault {
  FIELD_VIEW_GOOD,
  FIELD_VIEW_NO_NAME,
  FIELD_VIEW_LONG,  /* or with characters that no name has */
  FIELD_VIEW_TAKEN, /* the name stands for another filter */
  FIELD_VIEW_FULL
};

/* Writer. ERR_INPUT with the fault when the name cannot be; saving the same twice is saving it once. */
bool field_views_save(struct db *db, const struct actor *actor, const char *name, const struct field_filter *filter,
                      enum field_view_fault *fault, struct err *err);

/* Writer. ERR_NOT_FOUND also for somebody else's. */
bool field_views_remove(struct db *db, const struct actor *actor, int64_t id, struct err *err);

/* The actor's own, the oldest first. */
size_t field_views_list(struct db *db, const struct actor *actor, struct arena *arena, const struct field_view **out,
                        struct err *err);

#endif
