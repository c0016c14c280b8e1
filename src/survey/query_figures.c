#include "survey/query_figures.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "survey/work_answers.h"

struct figure {
  double value;
  int respondent;
  int row;
};

/* Those of one question, in the order of respondents. */
struct column {
  const char *id;
  struct figure *figures;
  size_t count, cap;
};

struct respondent {
  int64_t response;
  int sector, kind; /* indexes of names */
};

/* A word a number stands for. */
struct names {
  const char **list;
  int count, cap;
};

struct judging {
  struct db *db;
  const struct actor *actor;
  struct arena *arena;
  struct respondent *respondents;
  struct query_respondent *results;
  size_t count, cap;
  struct names names;
  struct column *columns;
  int column_count, column_cap;
  int first, end;  /* columns of this pass */
  size_t held;     /* figures */
  const struct form *form; /* whose questions `places` are of */
  int *places;     /* column by question, -1 */
};

/* Room for one more in an array on the heap. */
static void *grow(void *list, size_t count, size_t *cap, size_t size) {
  if (count < *cap) return list;
  *cap = *cap > 0 ? 2 * *cap : 64;
  void *more = realloc(list, *cap * size);
  if (more == NULL) log_out_of_memory();
  return more;
}

static int name_number(struct judging *judging, const char *name) {
  struct names *names = &judging->names;
  for (int i = 0; i < names->count; i++)
    if (strcmp(names->list[i], name) == 0) return i;
  if (names->count == names->cap) {
    size_t cap = (size_t)names->cap;
    names->list = grow(names->list, cap, &cap, sizeof *names->list);
    names->cap = (int)cap;
  }
  names->list[names->count] = arena_copy(judging->arena, name);
  return names->count++;
}

/* ---- who counts */

static bool counts(const struct scan_response *scanned) {
  return scanned->status == RESPONSE_SUBMITTED || scanned->status == RESPONSE_PARTIAL || scanned->complete;
}

static bool is_wanted(int64_t response, const int64_t *wanted, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (wanted[i] == response) return true;
  return count == 0;
}

static bool read_respondents(struct judging *judging, const char *round, const char *questionnaire, const int64_t *wanted,
                             size_t wanted_count, struct err *err) {
  struct scan_response scanned;
  struct err own = {0};
  size_t result_cap = 0;
  struct stmt *stmt = scan_responses(judging->db, round, questionnaire);
  while (scan_next_response(stmt, &scanned, &own)) {
    if (!counts(&scanned)) continue;
    judging->respondents = grow(judging->respondents, judging->count, &judging->cap, sizeof *judging->respondents);
    judging->results = grow(judging->results, judging->count, &result_cap, sizeof *judging->results);
    judging->respondents[judging->count] = (struct respondent){
        scanned.response, name_number(judging, scanned.sector), name_number(judging, scanned.kind)};
    judging->results[judging->count++] = (struct query_respondent){
        .response = scanned.response, .judged = is_wanted(scanned.response, wanted, wanted_count)};
  }
  stmt_end(stmt);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

/* ---- their figures */

static int column_number(struct judging *judging, const char *id) {
  for (int i = 0; i < judging->column_count; i++)
    if (strcmp(judging->columns[i].id, id) == 0) return i;
  if (judging->column_count == judging->column_cap) {
    size_t cap = (size_t)judging->column_cap;
    judging->columns = grow(judging->columns, cap, &cap, sizeof *judging->columns);
    judging->column_cap = (int)cap;
  }
  judging->columns[judging->column_count] = (struct column){.id = id};
  return judging->column_count++;
}

static void find_columns(struct judging *judging, const struct form *form) {
  if (judging->form == form) return;
  free(judging->places);
  judging->places = calloc((size_t)form->question_count + 1, sizeof *judging->places);
  if (judging->places == NULL) log_out_of_memory();
  for (int i = 0; i < form->question_count; i++) {
    const struct form_question *q = &form->questions[i];
    bool number = q->type == QUESTION_INTEGER || q->type == QUESTION_DECIMAL;
    judging->places[i] = number ? column_number(judging, q->id) : -1;
  }
  judging->form = form;
}

/* When there are too many, the last column of this pass waits for the next one. */
static void make_room(struct judging *judging) {
  if (judging->held > QUERY_FIGURES_MAX && judging->end > judging->column_count) judging->end = judging->column_count;
  while (judging->held > QUERY_FIGURES_MAX && judging->end > judging->first + 1) {
    struct column *last = &judging->columns[--judging->end];
    judging->held -= last->count;
    free(last->figures);
    *last = (struct column){.id = last->id};
  }
}

static void take_figure(struct judging *judging, const struct state *state, int question, int row, int respondent) {
  struct value value = state_value(state, question, row);
  struct column *column = &judging->columns[judging->places[question]];
  if (value.kind != VALUE_NUMBER) return;
  column->figures = grow(column->figures, column->count, &column->cap, sizeof *column->figures);
  column->figures[column->count++] = (struct figure){value.number, respondent, row};
  judging->held++;
}

static bool read_figures(struct judging *judging, struct err *err) {
  struct arena *arena = arena_new();
  bool ok = true;
  for (size_t i = 0; ok && i < judging->count; i++) {
    struct err own = {0};
    const struct work *work = work_load(judging->db, judging->actor, judging->respondents[i].response, arena, &own);
    ok = work != NULL || own.code == ERR_NOT_FOUND || err_set(err, own.code, "%s", own.text);
    if (work == NULL) continue;
    find_columns(judging, work->item.form);
    const struct state *state = state_compute_values(work->response, arena);
    for (int q = 0; q < work->item.form->question_count; q++) {
      int roster = work->item.form->questions[q].roster;
      if (judging->places[q] < judging->first || judging->places[q] >= judging->end) continue;
      if (roster < 0) take_figure(judging, state, q, -1, (int)i);
      for (int row = 0; roster >= 0 && row < response_row_count(work->response, roster); row++)
        take_figure(judging, state, q, row, (int)i);
    }
    make_room(judging);
    arena_reset(arena);
  }
  arena_free(arena);
  return ok;
}

/* ---- comparing */

/* The figures of a column in groups. */
struct grouping {
  const struct judging *judging;
  bool by_kind;
  struct figure *sorted; /* by group, then value */
  size_t count;
  double *others;        /* room for all */
  size_t large;          /* where the large group begins whose spread is kept, SIZE_MAX */
  struct query_spread kept;
};

static int group_of(const struct grouping *grouping, const struct figure *figure) {
  const struct respondent *respondent = &grouping->judging->respondents[figure->respondent];
  return grouping->by_kind ? respondent->kind : respondent->sector;
}

static int compare_figures(const void *a, const void *b, void *context) {
  const struct figure *left = a, *right = b;
  int groups = group_of(context, left) - group_of(context, right);
  if (groups != 0) return groups;
  return (left->value > right->value) - (left->value < right->value);
}

/* Where the group of a figure begins, and how many are in it. */
static size_t find_group(const struct grouping *grouping, const struct figure *figure, size_t *len) {
  int group = group_of(grouping, figure);
  size_t low = 0, high = grouping->count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (group_of(grouping, &grouping->sorted[middle]) < group) low = middle + 1;
    else high = middle;
  }
  for (*len = 0; low + *len < grouping->count && group_of(grouping, &grouping->sorted[low + *len]) == group;) ++*len;
  return low;
}

static struct query_spread spread_of_others(struct grouping *grouping, const struct figure *figure) {
  size_t len, count = 0, start = find_group(grouping, figure, &len);
  bool large = len > QUERY_FIGURES_EXACT;
  if (large && grouping->large == start) return grouping->kept;
  for (size_t i = start; i < start + len; i++) {
    const struct figure *other = &grouping->sorted[i];
    if (large || other->respondent != figure->respondent) grouping->others[count++] = other->value;
  }
  if (count < QUERY_SPREAD_MIN) return (struct query_spread){.count = 0};
  struct query_spread spread = query_spread_of(grouping->others, count);
  if (large) grouping->large = start, grouping->kept = spread;
  return spread;
}

static void group(struct grouping *grouping, const struct column *column) {
  grouping->count = column->count;
  grouping->sorted = malloc((column->count + 1) * sizeof *grouping->sorted);
  grouping->others = malloc((column->count + 1) * sizeof *grouping->others);
  if (grouping->sorted == NULL || grouping->others == NULL) log_out_of_memory();
  if (column->count > 0) memcpy(grouping->sorted, column->figures, column->count * sizeof *grouping->sorted);
  qsort_r(grouping->sorted, column->count, sizeof *grouping->sorted, compare_figures, grouping);
}

static void ungroup(struct grouping *grouping) {
  free(grouping->sorted);
  free(grouping->others);
}

static void note_outlier(struct judging *judging, const struct column *column, const struct figure *figure,
                         const struct query_spread *spread, bool by_kind) {
  struct query_respondent *result = &judging->results[figure->respondent];
  struct query_outlier *outlier = arena_alloc(judging->arena, sizeof *outlier);
  const char *sector = judging->names.list[judging->respondents[figure->respondent].sector];
  *outlier = (struct query_outlier){
      .next = result->outliers,
      .question = arena_copy(judging->arena, column->id),
      .row = figure->row,
      .figure = figure->value,
      .spread = *spread,
      .sector = by_kind ? "" : sector,
  };
  result->outliers = outlier;
}

static void judge_column(struct judging *judging, const struct column *column) {
  struct grouping sectors = {.judging = judging, .large = SIZE_MAX};
  struct grouping kinds = {.judging = judging, .large = SIZE_MAX, .by_kind = true};
  struct query_spread spread = {.count = 0};
  bool by_kind = false;
  int last = -1; /* respondent that the spread is for */
  group(&sectors, column);
  group(&kinds, column);
  for (size_t i = 0; i < column->count; i++) {
    const struct figure *figure = &column->figures[i];
    if (!judging->results[figure->respondent].judged) continue;
    if (figure->respondent != last) {
      bool known = judging->names.list[judging->respondents[figure->respondent].sector][0] != '\0';
      spread = known ? spread_of_others(&sectors, figure) : (struct query_spread){.count = 0};
      by_kind = spread.count == 0;
      if (by_kind) spread = spread_of_others(&kinds, figure);
      last = figure->respondent;
    }
    if (query_spread_is_unusual(&spread, figure->value)) note_outlier(judging, column, figure, &spread, by_kind);
  }
  ungroup(&sectors);
  ungroup(&kinds);
}

static void judge_pass(struct judging *judging) {
  for (int i = judging->first; i < judging->end && i < judging->column_count; i++) {
    struct column *column = &judging->columns[i];
    judge_column(judging, column);
    free(column->figures);
    *column = (struct column){.id = column->id};
  }
  judging->held = 0;
  judging->first = judging->end;
}

static void free_judging(struct judging *judging) {
  for (int i = 0; i < judging->column_count; i++) free(judging->columns[i].figures);
  free(judging->columns);
  free(judging->places);
  free(judging->respondents);
  free(judging->results);
  free(judging->names.list);
}

bool query_figures_judge(struct db *db, const struct actor *actor, const char *round, const char *questionnaire,
                         const int64_t *wanted, size_t wanted_count, struct arena *arena,
                         const struct query_respondent **out, size_t *count, struct err *err) {
  struct judging judging = {.db = db, .actor = actor, .arena = arena};
  bool ok = read_respondents(&judging, round, questionnaire, wanted, wanted_count, err);
  do {
    judging.end = FORM_QUESTIONS_MAX * FORM_LANGUAGES_MAX; /* more than there are, until there is no room */
    ok = ok && read_figures(&judging, err);
    if (judging.end > judging.column_count) judging.end = judging.column_count;
    if (ok) judge_pass(&judging);
  } while (ok && judging.first < judging.column_count);
  struct query_respondent *results = arena_array(arena, judging.count, sizeof *results);
  if (judging.count > 0) memcpy(results, judging.results, judging.count * sizeof *results);
  *out = results;
  *count = judging.count;
  free_judging(&judging);
  return ok;
}
