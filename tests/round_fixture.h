/* A round in a database of its own, for tests of what is read out of it. Include behind cmocka.h. */
#ifndef ANKETA_TESTS_ROUND_FIXTURE_H
#define ANKETA_TESTS_ROUND_FIXTURE_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/secret.h"
#include "data/dataset.h"
#include "form/load.h"
#include "store/answer.h"
#include "store/db.h"
#include "store/institution.h"
#include "store/person.h"
#include "store/questionnaire.h"
#include "store/roster.h"
#include "store/round.h"

#define FIXTURE_ROUND "r2017"

struct round_fixture {
  char folder[64];
  struct db *db; /* DB_WRITE */
  int64_t person;
  int institutions;
};

static inline void fixture_good(bool ok, const struct err *err) {
  if (!ok || err->code != ERR_NONE) fprintf(stderr, "fixture: %s %s\n", err->where, err->text);
  assert_true(ok);
  assert_int_equal(err->code, ERR_NONE);
}

static inline struct round_fixture fixture_open(void) {
  struct round_fixture fixture = {.folder = "/tmp/anketa-test-XXXXXX"};
  struct err err = {0};
  assert_true(secret_start());
  assert_non_null(mkdtemp(fixture.folder));
  fixture.db = db_open(fixture.folder, DB_WRITE, &err);
  fixture_good(fixture.db != NULL, &err);
  struct round round = {.id = FIXTURE_ROUND, .title = "", .opens = "2017-11-06", .deadline = "2017-12-06",
                        .deadline_ms = INT64_C(1512597600000), .help_phone = "", .help_email = ""};
  fixture_good(round_put(fixture.db, &round, &err), &err);
  struct person person = {.email = "a@example.org", .name = "Anna", .phone = "", .language = "lv"};
  fixture.person = person_put(fixture.db, &person, &err);
  fixture_good(fixture.person > 0, &err);
  return fixture;
}

static inline void fixture_close(struct round_fixture *fixture) {
  static const char *const names[] = {"anketa.db", "anketa.db-wal", "anketa.db-shm"};
  db_close(fixture->db);
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    char *path = file_join(fixture->folder, names[i]);
    unlink(path);
    free(path);
  }
  rmdir(fixture->folder);
}

/* Publishes the text as a version that new responses of the round are on; its questionnaire's id is read from it. */
static inline int64_t fixture_publish(struct round_fixture *fixture, const char *text) {
  struct err err = {0};
  struct findings *findings = findings_new("fixture");
  struct form *form = form_load(text, strlen(text), findings);
  struct buf found = {0};
  findings_print(findings, &found);
  if (findings_count(findings) > 0) fprintf(stderr, "%s", buf_text(&found));
  assert_int_equal(findings_count(findings), 0);
  struct questionnaire_version version = {.questionnaire = form->id, .version = form->version, .hash = form->hash,
                                          .source = text, .source_len = strlen(text)};
  int64_t id = questionnaire_add(fixture->db, &version, &err);
  fixture_good(id > 0, &err);
  fixture_good(round_put_questionnaire(fixture->db, FIXTURE_ROUND, form->id, id, FILLED_BY_CONTACT, 0, &err), &err);
  form_free(form);
  findings_free(findings);
  buf_free(&found);
  return id;
}

/* A response of a new institution called name. status as in struct scan_response. */
static inline int64_t fixture_respond(struct round_fixture *fixture, const char *questionnaire, int64_t version,
                                      const char *name, int status) {
  struct err err = {0};
  char number[32];
  snprintf(number, sizeof number, "9000%07d", ++fixture->institutions);
  struct institution institution = {.registration_number = number, .name = name, .abbreviation = "AB",
                                    .kind = "ministry", .sector = "Tieslietas", .segments = "mass;business",
                                    .sort_key = name, .search_text = name};
  int64_t id = institution_put(fixture->db, &institution, &err);
  fixture_good(id > 0, &err);
  struct stmt *stmt = db_query(fixture->db,
      "INSERT INTO response (round, questionnaire, institution, version_id, status, revision, required, answered,"
      "  opened_ms, changed_ms, submitted_ms, receipt, sort_key)"
      " VALUES ($1, $2, $3, $4, $5, 1, 0, 0, 0, $6, $7, '', '')"
      " RETURNING id");
  stmt_bind_text(stmt, 1, FIXTURE_ROUND);
  stmt_bind_text(stmt, 2, questionnaire);
  stmt_bind_int(stmt, 3, id);
  stmt_bind_int(stmt, 4, version);
  stmt_bind_int(stmt, 5, status);
  stmt_bind_int(stmt, 6, status > 0 ? INT64_C(1512556320000) : 0); /* 2017-12-06T10:32:00Z */
  stmt_bind_int(stmt, 7, status > 1 ? INT64_C(1512556321999) : 0);
  assert_true(stmt_step(stmt, &err));
  int64_t response = stmt_int(stmt, 0);
  stmt_end(stmt);
  return response;
}

/* value NULL for states without one. */
static inline void fixture_answer(struct round_fixture *fixture, int64_t response, const char *question,
                                  const char *row, enum answer_state state, const char *value) {
  struct err err = {0};
  struct answer_row answer = {.question = question, .row = row, .version = 1, .state = state, .value = value,
                              .person = fixture->person, .changed_ms = 1};
  fixture_good(answer_put(fixture->db, response, &answer, &err), &err);
}

static inline void fixture_put(struct round_fixture *fixture, int64_t response, const char *question,
                               const char *value) {
  fixture_answer(fixture, response, question, "", ANSWER_VALUE, value);
}

static inline void fixture_row(struct round_fixture *fixture, int64_t response, const char *roster, const char *row,
                               const char *label, int position) {
  struct err err = {0};
  struct roster_row line = {.roster = roster, .row = row, .label = label};
  fixture_good(roster_add(fixture->db, response, &line, position, fixture->person, &err), &err);
}

static inline struct dataset *fixture_dataset(struct round_fixture *fixture, struct dataset_spec spec) {
  struct err err = {0};
  if (spec.round == NULL) spec.round = FIXTURE_ROUND;
  struct dataset *dataset = dataset_open(fixture->db, &spec, &err);
  fixture_good(dataset != NULL, &err);
  return dataset;
}

#endif
