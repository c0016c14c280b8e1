#include "data/dataset.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "data/columns.h"
#include "data/loader.h"
#include "data/rows.h"
#include "data/sitting_rows.h"
#include "data/versions.h"
#include "form/typed.h"
#include "store/sitting.h"

struct dataset {
  struct db *db;
  struct dataset_spec spec;
  struct arena *arena;
  struct versions *versions;
  struct columns *columns;
  struct loader *loader;
  struct rows *rows;
  struct sitting_rows *sittings; /* in place of columns' questions, loader and rows */
  bool begun; /* reading rows */
  int64_t opened_ms;
  bool in_snapshot;
};

const char *dataset_missing_text(enum missing_kind kind, const char *language, bool labels) {
  static const char *const marks[] = {"", ".q", ".n", ".a", ".d"};
  static const char *const not_asked[3] = {"nav jautāts", "not asked", "не задавался"};
  static const char *const not_answered[3] = {"nav atbildēts", "not answered", "нет ответа"};
  if (!labels) return marks[kind];
  if (language == NULL) language = "en";
  int index = 1;
  if (strcmp(language, "lv") == 0) index = 0;
  if (strcmp(language, "ru") == 0) index = 2;
  switch (kind) {
    case MISSING_EMPTY:
      break;
    case MISSING_NOT_ASKED:
      return not_asked[index];
    case MISSING_NOT_ANSWERED:
      return not_answered[index];
    case MISSING_NA:
      return typed_special_name(SPECIAL_NA, language);
    case MISSING_NODATA:
      return typed_special_name(SPECIAL_NODATA, language);
  }
  return "";
}

static bool check_roster(const struct dataset *dataset, struct err *err) {
  const char *roster = dataset->spec.roster;
  if (roster == NULL) return true;
  for (int i = 0; i < dataset->versions->count; i++) {
    if (form_find_roster(dataset->versions->list[i].form, roster) >= 0) return true;
  }
  const struct form *form = dataset->versions->list[0].form;
  if (form->roster_count == 0) {
    return err_set(err, ERR_NOT_FOUND, "questionnaire %s has no roster '%s'; it has none", form->id, roster);
  }
  struct buf known = {0};
  for (int i = 0; i < form->roster_count; i++) {
    buf_printf(&known, "%s%s", i > 0 ? ", " : "", form->containers[form->rosters[i]].id);
  }
  err_set(err, ERR_NOT_FOUND, "questionnaire %s has no roster '%s'; it has %s", form->id, roster, buf_text(&known));
  buf_free(&known);
  return false;
}

static void keep_spec(struct dataset *dataset, const struct dataset_spec *spec) {
  dataset->spec = *spec;
  dataset->spec.round = arena_copy(dataset->arena, spec->round);
  dataset->spec.questionnaire = arena_copy(dataset->arena, spec->questionnaire);
  if (spec->roster != NULL) dataset->spec.roster = arena_copy(dataset->arena, spec->roster);
  if (spec->language != NULL) dataset->spec.language = arena_copy(dataset->arena, spec->language);
}

static void lay_out(struct dataset *dataset) {
  const struct versions *versions = dataset->versions;
  struct dataset_spec *spec = &dataset->spec;
  const struct form **forms = arena_array(dataset->arena, (size_t)versions->count, sizeof *forms);
  for (int i = 0; i < versions->count; i++) forms[i] = versions->list[i].form;
  if (spec->language == NULL) spec->language = forms[0]->languages[0];
  if (spec->paradata) {
    dataset->columns = sitting_columns(spec->language, dataset->arena);
    dataset->sittings = sitting_rows_new(dataset->db, spec, versions);
    return;
  }
  dataset->columns = columns_new(forms, versions->count, spec->roster, spec->language, spec->labels, dataset->arena);
  dataset->loader = loader_new(dataset->db, spec, versions);
  dataset->rows = rows_new(dataset->loader, spec, versions, dataset->columns);
}

struct dataset *dataset_open(struct db *db, const struct dataset_spec *spec, struct err *err) {
  struct dataset *dataset = calloc(1, sizeof *dataset);
  if (dataset == NULL) log_out_of_memory();
  dataset->db = db;
  dataset->arena = arena_new();
  keep_spec(dataset, spec);
  if (!db_begin(db, err)) goto fail;
  dataset->in_snapshot = true;
  dataset->opened_ms = clock_now_ms();
  dataset->versions = versions_load(db, spec->round, spec->questionnaire, err);
  if (dataset->versions == NULL) goto fail;
  if (!check_roster(dataset, err)) goto fail;
  lay_out(dataset);
  return dataset;

fail:
  dataset_close(dataset);
  return NULL;
}

void dataset_close(struct dataset *dataset) {
  if (dataset == NULL) return;
  sitting_rows_free(dataset->sittings);
  rows_free(dataset->rows);
  loader_free(dataset->loader);
  if (dataset->in_snapshot) db_rollback(dataset->db);
  versions_free(dataset->versions);
  arena_free(dataset->arena);
  free(dataset);
}

const struct form *dataset_form(const struct dataset *dataset) { return dataset->versions->list[0].form; }

const struct dataset_spec *dataset_spec(const struct dataset *dataset) { return &dataset->spec; }

int dataset_column_count(const struct dataset *dataset) { return dataset->columns->count; }

const struct dataset_column *dataset_column(const struct dataset *dataset, int index) {
  return &dataset->columns->list[index];
}

const struct form *dataset_column_form(const struct dataset *dataset, int index) {
  return dataset->versions->list[dataset->columns->versions[index]].form;
}

int64_t dataset_opened_ms(const struct dataset *dataset) { return dataset->opened_ms; }

bool dataset_count_rows(struct dataset *dataset, int64_t *count, struct err *err) {
  assert(!dataset->begun);
  if (dataset->sittings == NULL) return loader_count(dataset->loader, count, err);
  const struct dataset_spec *spec = &dataset->spec;
  *count = sitting_count(dataset->db, spec->round, spec->questionnaire, spec->submitted_only, err);
  return *count >= 0;
}

const struct cell *dataset_next(struct dataset *dataset, struct err *err) {
  dataset->begun = true;
  return dataset->sittings != NULL ? sitting_rows_next(dataset->sittings, err) : rows_next(dataset->rows, err);
}
