/* The round on one page: whom to call next, what waits for a decision, how many stand where, how submitting goes against the
 * plan. Everything in it is a count that is kept or a short walk along an index, so it costs the same at any number of
 * institutions. */
#ifndef ANKETA_SURVEY_DASHBOARD_H
#define ANKETA_SURVEY_DASHBOARD_H

#include "survey/field.h"

#define DASHBOARD_CALLS_MAX 10
#define DASHBOARD_POINTS_MAX 120

/* Responses of a questionnaire, of a sector or a kind of it. */
struct dashboard_group {
  const char *name; /* of the sector, the kind; "" when institutions have none */
  const char *sort_key; /* of a sector or kind */
  int counts[DISPOSITION_COUNT];
  int total;
};
/* Of these, how many: a set of bits as in field_filter. */
int dashboard_count(const struct dashboard_group *group, unsigned dispositions);
/* Submitted ones of those that take part, in percent; -1 when none does. */
int dashboard_share(const struct dashboard_group *group);

struct dashboard_questionnaire {
  const char *id;
  const struct form *form;
  bool by_contact; /* filled in by the institutions: only about these is anybody called */
  struct dashboard_group group;
};

/* Why somebody is to be called, the most urgent first. */
enum dashboard_reason {
  DASHBOARD_OVERDUE,  /* the deadline has passed */
  DASHBOARD_UNOPENED, /* invited, nobody has signed in */
  DASHBOARD_OPENED,   /* signed in, nothing is answered */
  DASHBOARD_IDLE,     /* nothing has changed for days */
  DASHBOARD_READY,    /* all is answered, but not submitted */
  DASHBOARD_REASONS
};
const char *dashboard_reason_name(enum dashboard_reason reason); /* "overdue", …: last part of its message's key */
struct dashboard_call {
  enum dashboard_reason reason;
  int64_t since_ms; /* the deadline, the invitation, the first sign-in, the last change */
  struct field_row row;
};

struct dashboard_point {
  int day;       /* since 1970-01-01, in Riga */
  int submitted; /* by its end; of days to come: -1 */
  int planned;   /* a straight line from none on the first day to all on the last */
};

struct dashboard_section {
  int section; /* of the form */
  int responses, done;
  int64_t required, answered;
};

struct dashboard {
  const struct field_round *rounds; /* all; none: there is nothing else either */
  size_t round_count;
  const struct field_round *round;
  const struct dashboard_questionnaire *questionnaires;
  size_t questionnaire_count;
  const struct dashboard_questionnaire *chosen; /* what follows is about this one; NULL: the round has none */
  const struct dashboard_group *sectors, *kinds; /* by name */
  size_t sector_count, kind_count;
  int overdue;
  struct dashboard_call calls[DASHBOARD_CALLS_MAX];
  size_t call_count;
  struct {
    int nominations;
    int answered, suggested, unanswered; /* queries; the last: asked a week ago */
    int bounced, unsent;                 /* people whose last message came back, messages given up; of the whole round */
  } waiting;
  const struct dashboard_point *points; /* of the curve, at most DASHBOARD_POINTS_MAX */
  size_t point_count;
  const struct dashboard_section *sections; /* of the responses in progress, in the form's order */
  size_t section_count;
};

/* round, questionnaire: "" or unknown stand for the latest, its first. ERR_DENIED. */
bool dashboard_open(struct db *db, const struct actor *actor, const char *round, const char *questionnaire,
                    struct arena *arena, struct dashboard *out, struct err *err);

#endif
