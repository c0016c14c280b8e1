#include "data/loader.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

#define STATUS_SUBMITTED 2 /* as struct scan_response says */
#define FIRST_CAP 128

struct named {
  const char *id;
  int question;
};

struct loader {
  struct db *db;
  const struct dataset_spec *spec;
  const struct versions *versions;
  struct arena *arena;
  const struct named **by_id; /* by version: its questions in the byte order of their ids, as the answers come */

  struct stmt *responses, *answers, *lines; /* NULL until they are walked */
  struct scan_answer answer;                /* read ahead */
  struct scan_row line;                     /* of a roster, read ahead */
  bool has_answer, has_line;
};

static int compare_ids(const void *a, const void *b) {
  const struct named *left = a, *right = b;
  return strcmp(left->id, right->id);
}

static const struct named *sort_by_id(const struct form *form, struct arena *arena) {
  struct named *names = arena_array(arena, (size_t)form->question_count, sizeof *names);
  for (int i = 0; i < form->question_count; i++) names[i] = (struct named){form->questions[i].id, i};
  qsort(names, (size_t)form->question_count, sizeof *names, compare_ids);
  return names;
}

struct loader *loader_new(struct db *db, const struct dataset_spec *spec, const struct versions *versions) {
  struct loader *loader = calloc(1, sizeof *loader);
  if (loader == NULL) log_out_of_memory();
  loader->db = db;
  loader->spec = spec;
  loader->versions = versions;
  loader->arena = arena_new();
  loader->by_id = arena_array(loader->arena, (size_t)versions->count, sizeof *loader->by_id);
  for (int i = 0; i < versions->count; i++) loader->by_id[i] = sort_by_id(versions->list[i].form, loader->arena);
  return loader;
}

static void end_walk(struct stmt **stmt) {
  if (*stmt != NULL) stmt_end(*stmt);
  *stmt = NULL;
}

static void end_walks(struct loader *loader) {
  end_walk(&loader->responses);
  end_walk(&loader->answers);
  end_walk(&loader->lines);
}

void loader_free(struct loader *loader) {
  if (loader == NULL) return;
  end_walks(loader);
  arena_free(loader->arena);
  free(loader);
}

static void next_answer(struct loader *loader, struct err *err) {
  loader->has_answer = scan_next_answer(loader->answers, &loader->answer, err);
}

static void next_line(struct loader *loader, struct err *err) {
  loader->has_line = scan_next_row(loader->lines, &loader->line, err);
}

/* False at the end and on error. */
static bool next_response(struct loader *loader, struct scan_response *response, struct err *err) {
  while (scan_next_response(loader->responses, response, err)) {
    if (response->status == STATUS_SUBMITTED || !loader->spec->submitted_only) return true;
  }
  return false;
}

static bool start_walk(struct loader *loader, struct err *err) {
  const char *round = loader->spec->round, *questionnaire = loader->spec->questionnaire;
  struct err failed = {0};
  loader->responses = scan_responses(loader->db, round, questionnaire);
  loader->answers = scan_answers(loader->db, round, questionnaire);
  loader->lines = scan_rows(loader->db, round, questionnaire);
  next_answer(loader, &failed);
  next_line(loader, &failed);
  return failed.code == ERR_NONE || err_set(err, failed.code, "%s", failed.text);
}

bool loader_count(struct loader *loader, int64_t *count, struct err *err) {
  assert(loader->responses == NULL);
  struct scan_response response;
  struct err failed = {0};
  const char *roster = loader->spec->roster;
  *count = 0;
  if (!start_walk(loader, err)) return false;
  while (next_response(loader, &response, &failed)) {
    int64_t id = response.response;
    if (roster == NULL) {
      ++*count;
      continue;
    }
    while (loader->has_line && loader->line.response <= id && failed.code == ERR_NONE) {
      if (loader->line.response == id && strcmp(loader->line.roster, roster) == 0) ++*count;
      next_line(loader, &failed);
    }
  }
  end_walks(loader);
  return failed.code == ERR_NONE || err_set(err, failed.code, "%s", failed.text);
}

static int find_version(const struct loader *loader, int64_t id) {
  for (int i = 0; i < loader->versions->count; i++) {
    if (loader->versions->list[i].id == id) return i;
  }
  return -1;
}

/* A copy with room for twice as many; the array that was stays in the arena. */
static void *grow(struct arena *arena, const void *array, int count, int *cap, size_t size) {
  int room = *cap > 0 ? *cap * 2 : FIRST_CAP;
  void *larger = arena_array(arena, (size_t)room, size);
  if (count > 0) memcpy(larger, array, (size_t)count * size);
  *cap = room;
  return larger;
}

/* Rows of this response; those of earlier ones were left because their response was not wanted. */
static void take_lines(struct loader *loader, struct loaded *out, struct arena *arena, struct err *err) {
  int64_t id = out->about.response;
  const struct form *form = loader->versions->list[out->version].form;
  for (; loader->has_line && loader->line.response <= id; next_line(loader, err)) {
    const struct scan_row *line = &loader->line;
    int container = line->response == id ? form_find_roster(form, line->roster) : -1;
    if (container < 0) continue;
    if (out->row_count == out->row_cap) {
      out->rows = grow(arena, out->rows, out->row_count, &out->row_cap, sizeof *out->rows);
    }
    out->rows[out->row_count++] = (struct loaded_row){form->containers[container].roster, arena_copy(arena, line->row),
                                                      arena_copy(arena, line->label)};
  }
}

static void take_answer(const struct scan_answer *answer, int question, struct loaded *out, struct arena *arena) {
  if (answer->state == ANSWER_CLEARED) return;
  if (out->answer_count == out->answer_cap) {
    out->answers = grow(arena, out->answers, out->answer_count, &out->answer_cap, sizeof *out->answers);
  }
  struct loaded_answer *taken = &out->answers[out->answer_count++];
  *taken = (struct loaded_answer){.question = question, .state = answer->state, .row = ""};
  if (answer->row[0] != '\0') taken->row = arena_copy(arena, answer->row);
  if (answer->state == ANSWER_VALUE || answer->state == ANSWER_INVALID) taken->value = arena_copy_len(arena, answer->value, answer->value_len);
}

/* Both the answers and the form's questions stand in the order of ids, so one pass over both is enough. */
static void take_answers(struct loader *loader, struct loaded *out, struct arena *arena, struct err *err) {
  const struct named *by_id = loader->by_id[out->version];
  int question_count = loader->versions->list[out->version].form->question_count;
  int64_t id = out->about.response;
  int at = 0;
  while (loader->has_answer && loader->answer.response < id) next_answer(loader, err);
  for (; loader->has_answer && loader->answer.response == id; next_answer(loader, err)) {
    int order = -1;
    while (at < question_count && (order = strcmp(by_id[at].id, loader->answer.question)) < 0) at++;
    if (at < question_count && order == 0) take_answer(&loader->answer, by_id[at].question, out, arena);
  }
}

static void keep_texts(struct scan_response *about, struct arena *arena) {
  about->name = arena_copy(arena, about->name);
  about->registration_number = arena_copy(arena, about->registration_number);
  about->abbreviation = arena_copy(arena, about->abbreviation);
  about->kind = arena_copy(arena, about->kind);
  about->sector = arena_copy(arena, about->sector);
  about->segments = arena_copy(arena, about->segments);
  about->questionnaire_version = arena_copy(arena, about->questionnaire_version);
}

bool loader_next(struct loader *loader, struct arena *arena, struct loaded *out, struct err *err) {
  struct err failed = {0};
  *out = (struct loaded){0};
  if (loader->responses == NULL && !start_walk(loader, err)) return false;
  if (!next_response(loader, &out->about, err)) return false;
  keep_texts(&out->about, arena);
  out->version = find_version(loader, out->about.version_id);
  if (out->version < 0) {
    return err_set(err, ERR_SYSTEM, "response %lld is on a version of the questionnaire that is not stored",
                   (long long)out->about.response);
  }
  take_lines(loader, out, arena, &failed);
  take_answers(loader, out, arena, &failed);
  return failed.code == ERR_NONE || err_set(err, failed.code, "%s", failed.text);
}

static void put_answer(struct response *response, const struct form *form, const struct loaded_answer *answer) {
  int roster = form->questions[answer->question].roster;
  int row = roster >= 0 ? response_find_row(response, roster, answer->row) : -1;
  /* An answer of a removed row, or from when the question was inside a roster or not. */
  if ((roster >= 0) != (row >= 0) || (roster < 0 && answer->row[0] != '\0')) return;
  switch (answer->state) {
    case ANSWER_VALUE:
    case ANSWER_INVALID: /* it may fit since the questionnaire was corrected */
      response_set_stored(response, answer->question, row, answer->value);
      break;
    case ANSWER_NA:
      response_set_special(response, answer->question, row, SPECIAL_NA);
      break;
    case ANSWER_NODATA:
      response_set_special(response, answer->question, row, SPECIAL_NODATA);
      break;
    case ANSWER_CLEARED:
      break;
  }
}

struct response *loaded_response(const struct loaded *loaded, const struct form *form, struct arena *arena) {
  struct response *response = response_new(form, arena);
  for (int i = 0; i < loaded->row_count; i++) {
    const struct loaded_row *row = &loaded->rows[i];
    response_add_row(response, row->roster, row->row, row->label);
  }
  for (int i = 0; i < loaded->answer_count; i++) put_answer(response, form, &loaded->answers[i]);
  return response;
}
