/* A small round in a temporary folder, with people to work on it. Include behind cmocka.h. */
#ifndef ANKETA_TESTS_WORK_FIXTURE_H
#define ANKETA_TESTS_WORK_FIXTURE_H

#include "base/log.h"
#include "base/secret.h"
#include "folder_fixture.h"
#include "store/person.h"
#include "survey/field.h"
#include "survey/signin.h"
#include "survey/work.h"

static const char work_round_yaml[] =
    "round: r1\n"
    "title: {lv: Kārta, en: Round, ru: Раунд}\n"
    "opens: 2026-11-01\n"
    "deadline: 2026-12-06\n"
    "institutions: institutions.csv\n"
    "help: {phone: '+371 1', email: help@example.org}\n"
    "segments: {mass: {lv: Masu, en: Mass}, business: {lv: Bizness, en: Business}}\n"
    "questionnaires:\n"
    "  - {file: q.yaml, by: contact}\n"
    "  - {file: e.yaml, by: expert}\n";

static const char work_institutions_csv[] =
    "nr,name,registration_number,abbreviation,kind,sector,segments,status,comment\n"
    "1,Valsts kase,90000000001,VK,institution,Finanses,mass;business,,\n"
    "2,Ārlietu ministrija,90000000002,ĀM,ministry,Ārlietas,,,\n"
    "3,Čiekurkalna parks 100%,,ČP,institution,Zaļums,mass,,\n";

/* A filter, a hard and a soft check, specials, an optional text, several choices, a roster. */
static const char work_form_yaml[] =
    "questionnaire: q\n"
    "version: '1'\n"
    "languages: [lv, en]\n"
    "title: {lv: Anketa, en: Form}\n"
    "sections:\n"
    "  - id: s1\n"
    "    title: {lv: Pirmā, en: First}\n"
    "    questions:\n"
    "      - {id: A1, type: select_one, text: {lv: Vai ir?, en: Is it?},\n"
    "         options: [{code: 1, text: {lv: jā, en: 'yes'}}, {code: 2, text: {lv: nē, en: 'no'}}]}\n"
    "      - {id: B2, type: integer, relevant: A1 = 1, specials: [na, nodata], text: {lv: Cik?, en: How many?}}\n"
    "      - id: C3\n"
    "        type: integer\n"
    "        max: 1000\n"
    "        text: {lv: Cik kopā?, en: How many in all?}\n"
    "        constraint:\n"
    "          - {check: B2 <= C3, severity: error, message: {lv: '{B2} > {C3}', en: '{B2} > {C3}'}}\n"
    "          - {check: C3 < 100, severity: warning, message: {lv: 'Tik daudz: {C3}?', en: 'So many: {C3}?'}}\n"
    "      - {id: T4, type: text, required: false, max_length: 20, text: {lv: Piezīme, en: Note}}\n"
    "      - {id: M5, type: select_multiple, required: false, text: {lv: Kuri?, en: Which?},\n"
    "         options: [{code: 1, text: {lv: viens, en: one}}, {code: 2, text: {lv: divi, en: two}},\n"
    "                   {code: 9, text: {lv: neviens, en: none}, exclusive: true}]}\n"
    "      - {id: K6, type: calculate, text: {lv: Kopā, en: Total}, calculation: B2 + C3}\n"
    "      - roster:\n"
    "          id: services\n"
    "          text: {lv: Pakalpojumi, en: Services}\n"
    "          label: {lv: Pakalpojums, en: Service}\n"
    "          questions:\n"
    "            - {id: P1, type: integer, text: {lv: Skaits, en: Count}}\n";

static const char work_expert_yaml[] =
    "questionnaire: e\n"
    "version: '1'\n"
    "languages: [lv, en]\n"
    "title: {lv: Eksperts, en: Expert}\n"
    "sections:\n"
    "  - id: s1\n"
    "    title: {lv: Pirmā, en: First}\n"
    "    questions:\n"
    "      - {id: E1, type: integer, text: {lv: Cik?, en: How many?}}\n";

enum { WORK_ANNA, WORK_BRUNO, WORK_OTHER, WORK_COORDINATOR, WORK_RESEARCHER, WORK_EXPERT, WORK_PEOPLE };

struct work_fixture {
  char *folder;
  struct db *db; /* DB_WRITE */
  struct arena *arena;
  struct actor people[WORK_PEOPLE];
  int64_t response, other_response, expert_response;
};

static inline void work_put_person(struct db *db, const char *email, const char *name, enum role role,
                                   const char *institution) {
  struct err err = {0};
  struct field_person person = {.email = email, .name = name, .role = role, .institution = institution};
  assert_good(field_put_person(db, &person, &err), &err);
}

static inline struct actor work_sign_in(struct work_fixture *fixture, const char *email) {
  struct err err = {0};
  char link[SECRET_TOKEN_LEN + 1], session[SECRET_TOKEN_LEN + 1];
  assert_good(signin_new_link(fixture->db, email, link, &err), &err);
  assert_good(signin_start(fixture->db, link, session, &err), &err);
  struct actor *actor = signin_actor(fixture->db, session, fixture->arena, &err);
  assert_good(actor != NULL, &err);
  return *actor;
}

static inline int64_t work_first_response(struct work_fixture *fixture, const struct actor *actor) {
  struct err err = {0};
  const struct work_item *items;
  size_t count = work_list(fixture->db, actor, fixture->arena, &items, &err);
  assert_good(count > 0, &err);
  return items[0].response;
}

static inline void work_write_round(const char *folder) {
  folder_write(folder, "round/round.yaml", work_round_yaml);
  folder_write(folder, "round/institutions.csv", work_institutions_csv);
  folder_write(folder, "round/q.yaml", work_form_yaml);
  folder_write(folder, "round/e.yaml", work_expert_yaml);
}

static inline struct work_fixture *work_fixture_new(void) {
  struct work_fixture *fixture = calloc(1, sizeof *fixture);
  struct err err = {0};
  log_quiet();
  assert_true(secret_start());
  fixture->folder = folder_new();
  fixture->arena = arena_new();
  work_write_round(fixture->folder);
  fixture->db = db_open(fixture->folder, DB_WRITE, &err);
  assert_good(fixture->db != NULL, &err);
  char *round = file_join(fixture->folder, "round");
  assert_good(field_load_round(fixture->db, round, NULL, NULL, &err), &err);
  free(round);
  work_put_person(fixture->db, "anna@example.org", "Anna", ROLE_CONTACT, "VK");
  work_put_person(fixture->db, "bruno@example.org", "Bruno", ROLE_CONTACT, "90000000001");
  work_put_person(fixture->db, "other@example.org", "Cita", ROLE_CONTACT, "Ārlietu ministrija");
  work_put_person(fixture->db, "coordinator@example.org", "Ilze", ROLE_COORDINATOR, NULL);
  work_put_person(fixture->db, "researcher@example.org", "Mārtiņš", ROLE_RESEARCHER, NULL);
  work_put_person(fixture->db, "expert@example.org", "Līga", ROLE_EXPERT, NULL);
  static const char *const emails[] = {"anna@example.org", "bruno@example.org", "other@example.org",
                                       "coordinator@example.org", "researcher@example.org", "expert@example.org"};
  for (int i = 0; i < WORK_PEOPLE; i++) fixture->people[i] = work_sign_in(fixture, emails[i]);
  fixture->response = work_first_response(fixture, &fixture->people[WORK_ANNA]);
  fixture->other_response = work_first_response(fixture, &fixture->people[WORK_OTHER]);
  fixture->expert_response = work_first_response(fixture, &fixture->people[WORK_EXPERT]);
  return fixture;
}

static inline void work_fixture_free(struct work_fixture *fixture) {
  db_close(fixture->db);
  arena_free(fixture->arena);
  folder_remove(fixture->folder);
  free(fixture);
}

/* Saves one entry: a value, "na:" or "nodata:" for a special, "" to clear. */
static inline struct save_entry work_save_one(struct work_fixture *fixture, int who, const char *question,
                                              const char *row, const char *value, int seen) {
  struct err err = {0};
  struct save_entry entry = {.question = question, .row = row, .values = &value, .value_count = 1, .special = "",
                             .seen = seen};
  if (strcmp(value, "na:") == 0) entry.special = "na";
  if (strcmp(value, "nodata:") == 0) entry.special = "nodata";
  if (entry.special[0] != '\0') entry.value_count = 0;
  assert_good(work_save(fixture->db, &fixture->people[who], fixture->response, &entry, 1, fixture->arena, &err), &err);
  return entry;
}

static inline struct work *work_open_good(struct work_fixture *fixture, int who) {
  struct err err = {0};
  struct work *work = work_open(fixture->db, &fixture->people[who], fixture->response, fixture->arena, &err);
  assert_good(work != NULL, &err);
  return work;
}

#endif
