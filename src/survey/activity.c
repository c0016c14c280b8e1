#include "survey/activity.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "store/activity.h"
#include "store/roster.h"
#include "survey/work_answers.h"

/* What events are called in the book; the others are not shown. */
static const struct {
  const char *name;
  enum activity_kind kind;
} kinds[] = {
    {"row-add", ACTIVITY_ROW_ADD},
    {"row-rename", ACTIVITY_ROW_RENAME},
    {"row-remove", ACTIVITY_ROW_REMOVE},
    {"submit", ACTIVITY_SUBMIT},
    {"sign-in", ACTIVITY_SIGN_IN},
    {"account", ACTIVITY_ACCOUNT},
    {"sign-out-all", ACTIVITY_SIGN_OUT_ALL},
};

/* A response that was looked up once; work is NULL when the actor may not see it. */
struct seen {
  int64_t response;
  const struct work *work;
  struct seen *next;
};

struct page {
  struct db *db;
  const struct actor *actor;
  struct arena *arena;
  struct seen *seen;
};

/* NULL when the actor may not see it, or on error: err is set then. */
static const struct work *find_work(struct page *page, int64_t response, struct err *err) {
  struct seen *seen = page->seen;
  while (seen != NULL && seen->response != response) seen = seen->next;
  if (seen != NULL) return seen->work;
  struct err own = {0};
  seen = arena_alloc(page->arena, sizeof *seen);
  *seen = (struct seen){response, work_peek(page->db, page->actor, response, page->arena, &own), page->seen};
  page->seen = seen;
  if (own.code != ERR_NONE && own.code != ERR_NOT_FOUND) err_set(err, own.code, "%s", own.text);
  return seen->work;
}

static void set_response(struct activity *out, const struct work *work) {
  out->response = work->item.response;
  out->form = work->item.form;
  out->institution_name = work->institution_name;
}

/* The row of an answer: its name, and whether it is still there. */
static bool find_row(const struct page *page, struct activity *out, struct err *err) {
  int roster = out->form->questions[out->question].roster;
  const char *label = "";
  bool removed = false;
  out->there = roster < 0 && *out->row == '\0';
  if (roster < 0) return true;
  struct stmt *stmt;
  struct err own = {0};
  const char *id = out->form->containers[out->form->rosters[roster]].id;
  bool found = roster_find(page->db, out->response, id, out->row, &stmt, &label, &removed, &own);
  if (found) out->label = arena_copy(page->arena, label);
  stmt_end(stmt);
  out->there = found && !removed;
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

static bool read_answer(struct page *page, const struct activity_row *row, struct activity *out, struct err *err) {
  const struct work *work = find_work(page, row->place.response, err);
  if (work == NULL) return false;
  set_response(out, work);
  out->kind = ACTIVITY_ANSWER;
  out->question_id = arena_copy(page->arena, row->answer.question);
  out->row = arena_copy(page->arena, row->answer.row);
  out->question = form_find(out->form, out->question_id);
  if (out->question < 0) {
    out->value = arena_copy(page->arena, row->answer.value != NULL ? row->answer.value : "");
    return true;
  }
  struct work_value shown = work_show(out->form, out->question, row->answer.state, row->answer.value,
                                      page->actor->language, page->arena);
  out->value = shown.text;
  out->invalid = shown.invalid;
  return find_row(page, out, err);
}

/* The detail of a row's event is "ROSTER ROW: NAME", of a new name "ROSTER ROW: NAME, before: OLD NAME". */
static const char *name_in(const struct page *page, const char *detail, enum activity_kind kind) {
  static const char before[] = ", before: ";
  const char *name = strstr(detail, ": ");
  if (name == NULL) return "";
  name += 2;
  const char *end = kind == ACTIVITY_ROW_RENAME ? strstr(name, before) : NULL;
  return arena_copy_len(page->arena, name, end != NULL ? (size_t)(end - name) : strlen(name));
}

static bool read_event(struct page *page, const struct activity_row *row, struct activity *out, struct err *err) {
  static const char about_response[] = "response ";
  size_t at = 0, count = sizeof kinds / sizeof *kinds;
  while (at < count && strcmp(kinds[at].name, row->kind) != 0) at++;
  if (at == count) return false;
  out->kind = kinds[at].kind;
  if (strncmp(row->subject, about_response, strlen(about_response)) != 0) return true;
  const struct work *work = find_work(page, strtoll(row->subject + strlen(about_response), NULL, 10), err);
  if (work == NULL) return false;
  set_response(out, work);
  if (out->kind != ACTIVITY_SUBMIT) out->label = name_in(page, row->detail, out->kind);
  return true;
}

/* False when the entry is not shown. */
static bool read_entry(struct page *page, const struct activity_row *row, struct activity *out, struct err *err) {
  *out = (struct activity){.at_ms = row->place.at_ms, .question = -1, .institution_name = "", .question_id = "", .row = "",
                           .label = "", .value = ""};
  return row->place.response > 0 ? read_answer(page, row, out, err) : read_event(page, row, out, err);
}

/* "MILLISECONDS.RESPONSE.QUESTION.ROW.NUMBER"; ids have no full stop in them. */
static const char *place_name(const struct activity_place *place, struct arena *arena) {
  return arena_printf(arena, "%" PRId64 ".%" PRId64 ".%s.%s.%" PRId64, place->at_ms, place->response, place->question,
                      place->row, place->number);
}

static bool parse_place(const char *name, struct arena *arena, struct activity_place *out) {
  const char *parts[5];
  for (int i = 0; i < 5; i++) {
    size_t len = strcspn(name, ".");
    if ((name[len] == '.') != (i < 4)) return false;
    parts[i] = arena_copy_len(arena, name, len);
    name += len + 1;
  }
  char *ends[3];
  *out = (struct activity_place){.at_ms = strtoll(parts[0], &ends[0], 10), .response = strtoll(parts[1], &ends[1], 10),
                                 .question = parts[2], .row = parts[3], .number = strtoll(parts[4], &ends[2], 10)};
  return *parts[0] != '\0' && *ends[0] == '\0' && *ends[1] == '\0' && *ends[2] == '\0';
}

size_t activity_page(struct db *db, const struct actor *actor, const char *from, size_t limit, struct arena *arena,
                     const struct activity **out, const char **more, struct err *err) {
  struct page page = {.db = db, .actor = actor, .arena = arena};
  struct activity *list = arena_array(arena, limit + 1, sizeof *list);
  struct activity_place behind;
  struct activity_row row;
  struct err own = {0};
  const char *last = "";
  size_t count = 0;
  struct stmt *stmt = activity_list(db, actor->person, parse_place(from, arena, &behind) ? &behind : NULL);
  while (count <= limit && own.code == ERR_NONE && activity_next(stmt, &row, &own)) {
    if (!read_entry(&page, &row, &list[count], &own)) continue;
    if (++count == limit) last = place_name(&row.place, arena);
  }
  stmt_end(stmt);
  *out = list;
  *more = count > limit ? last : "";
  if (own.code == ERR_NONE) return count > limit ? limit : count;
  err_set(err, own.code, "%s", own.text);
  return 0;
}
