/* The round seen from above: loading it, its people, and where every institution stands. */
#ifndef ANKETA_SURVEY_FIELD_H
#define ANKETA_SURVEY_FIELD_H

#include "store/sitting.h"
#include "survey/disposition.h"
#include "survey/field_filter.h"
#include "survey/survey.h"
#include "survey/work.h"

/* Writer. Loads a round folder (round.yaml, its questionnaires, institutions.csv): publishes the questionnaires, adds
 * institutions, opens a response per institution and questionnaire. Repeating it changes nothing. opens / deadline
 * ("2026-12-20", or NULL) override the file's dates. Everything or nothing; err.where is file:line. */
bool field_load_round(struct db *db, const char *folder, const char *opens, const char *deadline, struct err *err);

struct field_person {
  const char *email, *name, *phone, *language;
  enum role role;
  const char *institution; /* registration number, abbreviation or name; NULL for staff */
  bool responsible;        /* the contact answers for the institution's responses of the latest round */
};
/* Writer. Adds or updates by e-mail. */
bool field_put_person(struct db *db, const struct field_person *person, struct err *err);

struct field_round {
  const char *id, *title; /* in the actor's language */
  const char *opens, *deadline; /* "2017-12-06" */
  int64_t deadline_ms;          /* the end of that day */
  const char *help_phone, *help_email;
};
size_t field_rounds(struct db *db, const struct actor *actor, struct arena *arena, const struct field_round **out,
                    struct err *err);

/* A questionnaire of a round, in the round's order. */
struct field_questionnaire {
  const char *id;
  const char *filled_by; /* "contact", "expert", "automatic" */
  const struct form *form;
  int responses, started, submitted; /* how many there are, have been started (submitted ones not counted), are submitted */
  int64_t changed_ms;                /* the last change of an answer, 0 */
};
size_t field_questionnaires(struct db *db, const struct actor *actor, const char *round, struct arena *arena,
                            const struct field_questionnaire **out, struct err *err);

/* Writer. Records that the actor takes out a dataset; subject names it. ERR_DENIED when the actor may not. */
bool field_note_export(struct db *db, const struct actor *actor, const char *subject, struct err *err);

/* Gives an empty round or questionnaire of the filter its meaning: the latest, its first. Both stay "" when there is none. */
bool field_settle(struct db *db, const struct actor *actor, struct field_filter *filter, struct arena *arena,
                  struct err *err);

/* What the institutions of a round are grouped by, each once. */
size_t field_sectors(struct db *db, const struct actor *actor, const char *round, struct arena *arena,
                     const char *const **out, struct err *err);
size_t field_kinds(struct db *db, const struct actor *actor, const char *round, struct arena *arena,
                   const char *const **out, struct err *err);

/* One line of the coordinator's list. Counts are kept with the response, so a page costs the same at any size. */
struct field_row {
  int64_t institution;
  const char *name, *abbreviation, *kind, *sector, *registration_number; /* "" when there is none */
  int64_t response;
  enum response_status status;
  enum disposition disposition;
  int required, answered;
  int64_t opened_ms, changed_ms, submitted_ms, active_ms;
  int64_t deadline_ms;                      /* the institution's own, else the round's */
  bool own_deadline;
  int contacts;
  const char *contact_name, *contact_phone; /* whom to call, "" */
  int64_t invited_ms, signed_in_ms;         /* of a contact: first invitation, first sign-in after it; 0 */
  int64_t contacted_ms;                     /* the last call or letter in this round, 0 */
};
/* A line of the store as one of these; the texts go into the arena. */
struct overview_row;
void field_read_row(const struct overview_row *row, struct arena *arena, struct field_row *out);

/* A page of at most filter->limit rows from filter->offset, in the filter's order; how many there are in all in *total. An
 * unknown round or questionnaire has no rows. */
size_t field_list(struct db *db, const struct actor *actor, const struct field_filter *filter, struct arena *arena,
                  const struct field_row **out, int *total, struct err *err);

/* The ids of all institutions that match, in the filter's order; its offset and limit do not count. */
size_t field_institutions(struct db *db, const struct actor *actor, const struct field_filter *filter,
                          struct arena *arena, const int64_t **out, struct err *err);

/* The people of an institution who may fill in, by name. */
struct field_contact {
  const char *name, *email, *phone; /* phone "" */
  int64_t signed_in_ms;             /* last time, 0 */
};
size_t field_contacts(struct db *db, const struct actor *actor, int64_t institution, struct arena *arena,
                      const struct field_contact **out, struct err *err);

/* Writer. Records that the actor takes out the list. ERR_DENIED when the actor may not. */
bool field_note_list(struct db *db, const struct actor *actor, const struct field_filter *filter, struct err *err);

/* How long filling in takes: mean and median over the responses with any time. */
bool field_average_time(struct db *db, const struct actor *actor, const char *round, const char *questionnaire,
                        struct sitting_average *out, struct err *err);

#endif
