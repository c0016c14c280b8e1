/* The e-index round in a folder of its own under build/, for benchmarks. A benchmark that cannot start ends the process. */
#ifndef ANKETA_BENCH_ROUND_BENCH_H
#define ANKETA_BENCH_ROUND_BENCH_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/secret.h"
#include "survey/field.h"
#include "survey/work.h"

#define BENCH_ROUND "questionnaires/e-index-2017"

static inline void bench_check(bool ok, const struct err *err) {
  if (ok) return;
  fprintf(stderr, "%s:%d: %s\n", err->where, err->line, err->text);
  exit(EXIT_FAILURE);
}

/* A new folder on the disk that the program is built on. */
static inline char *bench_folder_new(void) {
  char *folder = file_join("build", "bench-XXXXXX");
  if (mkdtemp(folder) == NULL) exit(EXIT_FAILURE);
  return folder;
}

static inline int bench_remove_one(const char *path, const struct stat *info, int type, struct FTW *place) {
  (void)info;
  (void)type;
  (void)place;
  return remove(path);
}

static inline void bench_folder_remove(char *folder) {
  nftw(folder, bench_remove_one, 8, FTW_DEPTH | FTW_PHYS);
  free(folder);
}

/* Loads the round and one person who stands for all contacts. */
static inline int64_t bench_load_round(struct db *db) {
  struct err err = {0};
  struct field_person person = {
      .email = "a@example.org", .name = "Anna", .role = ROLE_CONTACT, .institution = "AiM"};
  bench_check(db_begin(db, &err), &err);
  bench_check(field_load_round(db, BENCH_ROUND, NULL, NULL, &err), &err);
  bench_check(field_put_person(db, &person, &err), &err);
  bench_check(db_commit(db, &err), &err);
  return 1;
}

/* The contact of an institution. */
static inline struct actor bench_actor(int64_t institution) {
  return (struct actor){.person = 1, .role = ROLE_CONTACT, .institution = institution, .name = "Anna",
                        .email = "a@example.org", .institution_name = "", .language = "lv", .session_hash = ""};
}

/* The institution's response to the self-assessment, its first questionnaire. */
static inline const struct work_item *bench_response(struct db *db, const struct actor *actor, struct arena *arena) {
  struct err err = {0};
  const struct work_item *items;
  bench_check(work_list(db, actor, arena, &items, &err) > 0, &err);
  return &items[0];
}

/* Something that is an answer to the question. */
static inline const char *bench_value(const struct form_question *question, struct arena *arena) {
  switch (question->type) {
    case QUESTION_SELECT_ONE:
    case QUESTION_SELECT_MULTIPLE:
      return arena_printf(arena, "%d", question->codes[0]);
    case QUESTION_TEXT:
      return "Piezīme par iestādi";
    case QUESTION_DATE:
      return "2017-11-06";
    default:
      return "7";
  }
}

/* An answer to every question outside rosters. */
static inline void bench_fill(struct db *db, const struct actor *actor, const struct work_item *item,
                              struct arena *arena) {
  struct err err = {0};
  const struct form *form = item->form;
  struct save_entry *entries = arena_array(arena, (size_t)form->question_count, sizeof *entries);
  const char **values = arena_array(arena, (size_t)form->question_count, sizeof *values);
  size_t count = 0;
  for (int i = 0; i < form->question_count; i++) {
    const struct form_question *question = &form->questions[i];
    if (!form_is_answerable(question) || question->roster >= 0) continue;
    values[count] = bench_value(question, arena);
    entries[count] = (struct save_entry){
        .question = question->id, .row = "", .values = &values[count], .value_count = 1, .special = ""};
    count++;
  }
  bench_check(db_begin(db, &err), &err);
  bench_check(work_save(db, actor, item->response, entries, count, arena, &err), &err);
  bench_check(db_commit(db, &err), &err);
}

#endif
