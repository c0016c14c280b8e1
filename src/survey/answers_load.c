#include "survey/answers_load.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "store/event.h"
#include "store/institution.h"
#include "store/person.h"
#include "store/stored_response.h"
#include "survey/work_answers.h"

#define ROWS_FIRST 16

struct answers_load {
  struct db *db;
  struct findings *findings;
  struct arena *arena;       /* of the load */
  struct arena *group_arena; /* of the institution at hand */
  struct actor actor;
  const char *round, *questionnaire;
  bool submitted;
  struct answers_load_counts counts;

  int64_t response;  /* at hand, 0: none */
  const char *institution; /* as the file names it */
  struct answers_load_row *rows;
  size_t row_count, row_cap;

  int64_t *seen; /* responses that had their rows: open addressing, a power of two */
  size_t seen_count, seen_cap;
};

/* ---- which responses had their turn */

static size_t slot_of(const struct answers_load *load, int64_t response) {
  size_t mask = load->seen_cap - 1, at = ((uint64_t)response * UINT64_C(0x9E3779B97F4A7C15) >> 20) & mask;
  while (load->seen[at] != 0 && load->seen[at] != response) at = (at + 1) & mask;
  return at;
}

static void grow_seen(struct answers_load *load) {
  int64_t *old = load->seen;
  size_t old_cap = load->seen_cap;
  load->seen_cap = old_cap > 0 ? old_cap * 2 : 256;
  load->seen = calloc(load->seen_cap, sizeof *load->seen);
  if (load->seen == NULL) log_out_of_memory();
  for (size_t i = 0; i < old_cap; i++)
    if (old[i] != 0) load->seen[slot_of(load, old[i])] = old[i];
  free(old);
}

/* False when it had been there. */
static bool note_seen(struct answers_load *load, int64_t response) {
  if (2 * load->seen_count >= load->seen_cap) grow_seen(load);
  size_t at = slot_of(load, response);
  if (load->seen[at] == response) return false;
  load->seen[at] = response;
  load->seen_count++;
  return true;
}

/* ---- storing an institution's rows */

static void complain(struct answers_load *load, const struct answers_load_row *row, int column, const char *what) {
  findings_add(load->findings, row->line, column, 1, NULL, "%s: %s", load->institution, what);
}

static const char *find_row(const struct work *work, const char *roster, const char *label) {
  int number = work->item.form->containers[form_find_roster(work->item.form, roster)].roster;
  for (int i = 0; i < response_row_count(work->response, number); i++)
    if (strcmp(response_row(work->response, number, i)->label, label) == 0) return response_row(work->response, number, i)->id;
  return NULL;
}

/* Gives every row its id, adding those that the response does not have yet; then *work is read anew. A row that cannot be
 * there has NULL, and a finding. */
static bool place_rows(struct answers_load *load, struct work **work, const char **ids, struct err *err) {
  bool added = false;
  for (size_t i = 0; i < load->row_count; i++) {
    const struct answers_load_row *row = &load->rows[i];
    struct err own = {0};
    ids[i] = "";
    if (row->label == NULL) continue;
    if (form_find_roster((*work)->item.form, row->roster) < 0) {
      complain(load, row, row->label_column, "its version of the questionnaire has no such roster");
      ids[i] = NULL;
      continue;
    }
    for (size_t k = 0; k < i; k++)
      if (strcmp(load->rows[k].label, row->label) == 0) complain(load, row, row->label_column, "this row is there twice");
    ids[i] = find_row(*work, row->roster, row->label);
    if (ids[i] != NULL) continue;
    ids[i] = work_put_row(load->db, *work, &load->actor, row->roster, row->label, load->group_arena, &own);
    if (ids[i] == NULL && own.code != ERR_INPUT && own.code != ERR_TOO_LARGE) return err_set(err, own.code, "%s", own.text);
    if (ids[i] == NULL) complain(load, row, row->label_column, own.text);
    else load->counts.rows++;
    added = added || ids[i] != NULL;
  }
  if (added) *work = work_load(load->db, &load->actor, load->response, load->group_arena, err);
  return *work != NULL;
}

static void report_entry(struct answers_load *load, const struct answers_load_row *row, size_t at, const struct work *work) {
  const struct save_entry *entry = &row->entries[at];
  int question = form_find(work->item.form, entry->question);
  struct buf text = {0};
  if (question < 0) buf_puts(&text, "its version of the questionnaire has no such question");
  else if (entry->fault == TYPED_OK) buf_puts(&text, "this cannot be stored");
  else typed_fault_message(&work->item.form->questions[question], entry->fault, "en", &text);
  findings_add(load->findings, row->line, row->columns[at], 1, NULL, "%s: \"%.40s\": %s", entry->question,
               entry->special[0] != '\0' ? entry->special : entry->value_count > 0 ? entry->values[0] : "", buf_text(&text));
  buf_free(&text);
}

static bool store_row(struct answers_load *load, struct work *work, const struct answers_load_row *row, const char *id,
                      struct err *err) {
  const struct form *form = work->item.form;
  enum answer_state *before = arena_array(load->group_arena, row->count, sizeof *before);
  for (size_t i = 0; i < row->count; i++) {
    struct save_entry *entry = &row->entries[i];
    int question = form_find(form, entry->question), roster = question < 0 ? -1 : form->questions[question].roster;
    int at = roster < 0 ? -1 : response_find_row(work->response, roster, id);
    entry->row = id;
    if (question < 0 || (roster >= 0 && at < 0)) continue;
    before[i] = work_answer(work, question, at)->state;
    entry->seen = work_answer(work, question, at)->mark.version;
  }
  if (!work_save_loaded(load->db, work, &load->actor, row->entries, row->count, load->group_arena, err)) return false;
  for (size_t i = 0; i < row->count; i++) {
    const struct save_entry *entry = &row->entries[i];
    bool stored = entry->version != entry->seen;
    if (entry->result != SAVE_DONE) report_entry(load, row, i, work);
    else if (stored && work->item.status == RESPONSE_SUBMITTED)
      findings_add(load->findings, row->line, row->columns[i], 1, NULL,
                   "%s: the response has been submitted with another answer", entry->question);
    else if (!stored) load->counts.same++;
    else if (before[i] == ANSWER_CLEARED) load->counts.fresh++;
    else load->counts.changed++;
  }
  return true;
}

static bool submit(struct answers_load *load, const struct work *work, struct err *err) {
  if (!load->submitted || work->item.status == RESPONSE_SUBMITTED) return true;
  load->counts.submitted++;
  const struct work *now = work_load(load->db, &load->actor, load->response, load->group_arena, err);
  return now != NULL && work_store_submission(load->db, now, &load->actor, err);
}

static bool store_group(struct answers_load *load, struct err *err) {
  if (load->response == 0) return true;
  struct work *work = work_load(load->db, &load->actor, load->response, load->group_arena, err);
  const char **ids = arena_array(load->group_arena, load->row_count, sizeof *ids);
  bool ok = work != NULL && place_rows(load, &work, ids, err);
  for (size_t i = 0; ok && i < load->row_count; i++) ok = ids[i] == NULL || store_row(load, work, &load->rows[i], ids[i], err);
  /* What is wrong is undone as a whole. */
  if (ok && findings_count(load->findings) == 0) ok = submit(load, work, err);
  load->counts.institutions++;
  load->response = 0;
  load->row_count = load->row_cap = 0;
  arena_reset(load->group_arena);
  return ok;
}

/* ---- rows */

static struct save_entry copy_entry(const struct save_entry *entry, struct arena *arena) {
  struct save_entry copy = {.question = arena_copy(arena, entry->question), .value_count = entry->value_count};
  const char **values = arena_array(arena, entry->value_count, sizeof *values);
  for (size_t i = 0; i < entry->value_count; i++) values[i] = arena_copy(arena, entry->values[i]);
  copy.values = values;
  copy.special = arena_copy(arena, entry->special);
  return copy;
}

/* As the store has it, so that it is found again. */
static const char *trim_label(const char *label, struct arena *arena) {
  size_t start = strspn(label, " \t\r\n"), len = strlen(label + start);
  while (len > 0 && strchr(" \t\r\n", label[start + len - 1]) != NULL) len--;
  return arena_copy_len(arena, label + start, len);
}

static void keep_row(struct answers_load *load, const struct answers_load_row *row) {
  struct arena *arena = load->group_arena;
  if (load->row_count == load->row_cap) {
    size_t cap = load->row_cap > 0 ? load->row_cap * 2 : ROWS_FIRST;
    struct answers_load_row *rows = arena_array(arena, cap, sizeof *rows);
    if (load->row_count > 0) memcpy(rows, load->rows, load->row_count * sizeof *rows);
    load->rows = rows;
    load->row_cap = cap;
  }
  struct answers_load_row *copy = &load->rows[load->row_count++];
  struct save_entry *entries = arena_array(arena, row->count, sizeof *entries);
  int *columns = arena_array(arena, row->count, sizeof *columns);
  for (size_t i = 0; i < row->count; i++) {
    entries[i] = copy_entry(&row->entries[i], arena);
    columns[i] = row->columns[i];
  }
  *copy = *row;
  copy->institution = load->institution;
  copy->roster = row->roster != NULL ? arena_copy(arena, row->roster) : NULL;
  copy->label = row->label != NULL ? trim_label(row->label, arena) : NULL;
  copy->entries = entries;
  copy->columns = columns;
}

/* The response that the row is of; 0 when there is none: then a finding or err says why. */
static int64_t find_response(struct answers_load *load, const struct answers_load_row *row, struct err *err) {
  struct err own = {0};
  int64_t response = 0;
  if (row->institution[0] == '\0') {
    findings_add(load->findings, row->line, 1, 1, NULL, "the row names no institution");
    return 0;
  }
  int64_t institution = institution_find(load->db, row->institution, &own);
  if (institution != 0) response = stored_response_id(load->db, load->round, load->questionnaire, institution, &own);
  if (own.code == ERR_SYSTEM || own.code == ERR_FULL) err_set(err, own.code, "%s", own.text);
  else if (own.code != ERR_NONE) findings_add(load->findings, row->line, row->institution_column, 1, NULL, "%s", own.text);
  else if (response == 0)
    findings_add(load->findings, row->line, row->institution_column, 1, NULL, "\"%s\" is not asked in this round",
                 row->institution);
  return response;
}

bool answers_load_row(struct answers_load *load, const struct answers_load_row *row, struct err *err) {
  struct err own = {0};
  int64_t response = find_response(load, row, &own);
  if (own.code != ERR_NONE) return err_set(err, own.code, "%s", own.text);
  if (response == 0) return true;
  if (response == load->response && row->label == NULL) {
    findings_add(load->findings, row->line, row->institution_column, 1, NULL, "\"%s\" is there twice", row->institution);
    return true;
  }
  if (response != load->response) {
    if (!store_group(load, err)) return false;
    if (!note_seen(load, response)) {
      findings_add(load->findings, row->line, row->institution_column, 1, NULL,
                   row->label == NULL ? "\"%s\" is there twice" : "the rows of \"%s\" do not stand together",
                   row->institution);
      return true;
    }
    load->response = response;
    load->institution = arena_copy(load->group_arena, row->institution);
  }
  keep_row(load, row);
  return true;
}

struct answers_load *answers_load_new(struct db *db, const struct actor *actor, const char *round,
                                      const char *questionnaire, bool submitted, struct findings *findings,
                                      struct err *err) {
  if (!rights_allow(actor, ACTION_STEER, 0)) {
    err_set(err, ERR_DENIED, "you may not load answers");
    return NULL;
  }
  int64_t person = person_put_program(db, ANSWERS_LOAD_EMAIL, ANSWERS_LOAD_NAME, ROLE_ADMINISTRATOR, err);
  if (person == 0) return NULL;
  struct answers_load *load = calloc(1, sizeof *load);
  if (load == NULL) log_out_of_memory();
  load->db = db;
  load->findings = findings;
  load->arena = arena_new();
  load->group_arena = arena_new();
  load->actor = (struct actor){.person = person, .role = ROLE_ADMINISTRATOR, .name = ANSWERS_LOAD_NAME,
                               .email = ANSWERS_LOAD_EMAIL, .institution_name = "", .language = "lv", .session_hash = ""};
  load->round = arena_copy(load->arena, round);
  load->questionnaire = arena_copy(load->arena, questionnaire);
  load->submitted = submitted;
  return load;
}

bool answers_load_finish(struct answers_load *load, struct answers_load_counts *counts, struct err *err) {
  if (!store_group(load, err)) return false;
  *counts = load->counts;
  const char *subject = arena_printf(load->arena, "round %s", load->round);
  const char *detail = arena_printf(load->arena, "%s: %" PRId64 " institutions, %" PRId64 " answers new, %" PRId64 " changed",
                                    load->questionnaire, counts->institutions, counts->fresh, counts->changed);
  return event_add(load->db, load->actor.person, "answers-load", subject, detail, err);
}

void answers_load_free(struct answers_load *load) {
  if (load == NULL) return;
  arena_free(load->arena);
  arena_free(load->group_arena);
  free(load->seen);
  free(load);
}
