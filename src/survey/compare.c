#include "survey/compare.h"

#include <string.h>

#include "survey/work_answers.h"

/* Two states of one response, and the lists that grow. */
struct comparing {
  const struct work *before, *after;
  const char *language;
  struct arena *arena;
  struct compare *out;
  struct compare_change *changes;
  struct compare_row *rows;
  size_t change_cap, row_cap;
};

static bool same_text(const char *a, const char *b) { return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0; }

static const char *show(const struct comparing *it, const struct work *work, int question, const struct work_answer *answer) {
  if (answer == NULL || answer->state == ANSWER_CLEARED) return "";
  return work_show(work->item.form, question, answer->state, answer->value, it->language, it->arena).text;
}

static void add_change(struct comparing *it, const struct compare_change *change) {
  struct compare *out = it->out;
  if (out->change_count == it->change_cap) {
    it->change_cap = it->change_cap > 0 ? it->change_cap * 2 : 32;
    struct compare_change *more = arena_array(it->arena, it->change_cap, sizeof *more);
    if (out->change_count > 0) memcpy(more, it->changes, out->change_count * sizeof *more);
    it->changes = more;
  }
  it->changes[out->change_count++] = *change;
  out->fresh += change->before[0] == '\0';
  out->cleared += change->after[0] == '\0';
}

/* A question of the form after, in the form before, where a correction may have put it elsewhere; -1: it was not there. */
static int place_before(const struct comparing *it, int question) {
  const struct form *before = it->before->item.form, *after = it->after->item.form;
  if (before == after) return question;
  int place = form_find(before, after->questions[question].id);
  bool same_kind = place >= 0 && form_is_answerable(&before->questions[place]) &&
                   (before->questions[place].roster < 0) == (after->questions[question].roster < 0);
  return same_kind ? place : -1;
}

/* was: the row's index before, -1 outside rosters, -2 when it was not there. */
static void compare_answer(struct comparing *it, int question, int was, int row) {
  const struct form_question *asked = &it->after->item.form->questions[question];
  if (!form_is_answerable(asked)) return;
  int place = place_before(it, question);
  const struct work_answer *before = was == -2 || place < 0 ? NULL : work_answer(it->before, place, was);
  const struct work_answer *after = work_answer(it->after, question, row);
  enum answer_state old = before == NULL ? ANSWER_CLEARED : before->state;
  if (old == after->state && same_text(before == NULL ? NULL : before->value, after->value)) return;
  const struct compare_change change = {
      .question = question,
      .row = work_row_id(it->after, question, row),
      .row_label = row < 0 ? "" : response_row(it->after->response, asked->roster, row)->label,
      .before = show(it, it->before, place, before),
      .after = show(it, it->after, question, after),
      .person = after->mark.person != NULL ? after->mark.person : "",
      .on_behalf = after->mark.on_behalf,
      .changed_ms = after->mark.changed_ms,
      .asked = state_relevant(it->after->state, question, row),
  };
  add_change(it, &change);
}

static void add_row(struct comparing *it, enum compare_row_kind kind, int container, const char *label, const char *before) {
  struct compare *out = it->out;
  if (out->row_count == it->row_cap) {
    it->row_cap = it->row_cap > 0 ? it->row_cap * 2 : 16;
    struct compare_row *more = arena_array(it->arena, it->row_cap, sizeof *more);
    if (out->row_count > 0) memcpy(more, it->rows, out->row_count * sizeof *more);
    it->rows = more;
  }
  it->rows[out->row_count++] = (struct compare_row){kind, container, label, before};
}

/* Rows are there, were renamed, added or removed; the answers of removed ones are not listed one by one. */
static void compare_roster(struct comparing *it, int roster) {
  const struct form *form = it->after->item.form;
  const struct form_container *container = &form->containers[form->rosters[roster]];
  int found = form_find_roster(it->before->item.form, container->id);
  int then_roster = found < 0 ? -1 : it->before->item.form->containers[found].roster;
  for (int row = 0; row < response_row_count(it->after->response, roster); row++) {
    const struct response_row *now = response_row(it->after->response, roster, row);
    int was = then_roster < 0 ? -1 : response_find_row(it->before->response, then_roster, now->id);
    const char *label = was < 0 ? NULL : response_row(it->before->response, then_roster, was)->label;
    if (was < 0) add_row(it, COMPARE_ROW_ADDED, form->rosters[roster], now->label, "");
    else if (strcmp(label, now->label) != 0) add_row(it, COMPARE_ROW_RENAMED, form->rosters[roster], now->label, label);
    for (int q = container->first; q < container->first + container->count; q++) compare_answer(it, q, was < 0 ? -2 : was, row);
  }
  for (int row = 0; then_roster >= 0 && row < response_row_count(it->before->response, then_roster); row++) {
    const struct response_row *then = response_row(it->before->response, then_roster, row);
    if (response_find_row(it->after->response, roster, then->id) < 0)
      add_row(it, COMPARE_ROW_REMOVED, form->rosters[roster], then->label, "");
  }
}

static void compare_all(struct comparing *it) {
  const struct form *form = it->after->item.form;
  for (int i = 0; i < form->question_count;) {
    int roster = form->questions[i].roster;
    if (roster < 0) {
      compare_answer(it, i, -1, -1);
      i++;
      continue;
    }
    const struct form_container *container = &form->containers[form->rosters[roster]];
    compare_roster(it, roster);
    i = container->first + container->count;
  }
  it->out->changes = it->changes;
  it->out->rows = it->rows;
}

static const struct submitted *find(const struct compare *compare, int number) {
  for (size_t i = 0; i < compare->submission_count; i++)
    if (compare->submissions[i].submission.number == number) return &compare->submissions[i];
  return NULL;
}

bool compare_open(struct db *db, const struct actor *actor, int64_t response, int from, int to, struct arena *arena,
                  struct compare *out, struct err *err) {
  struct submitted submitted;
  struct comparing it = {.language = actor->language, .arena = arena, .out = out};
  bool ignored;
  *out = (struct compare){.work = NULL};
  if (to != 0 && to <= from) return err_set(err, ERR_NOT_FOUND, "submission %d is not later than %d", to, from);
  it.before = submitted_open(db, actor, response, from, arena, &submitted, &out->verified, err);
  if (it.before == NULL) return false;
  out->work = to != 0 ? submitted_open(db, actor, response, to, arena, &submitted, &ignored, err)
                      : work_open(db, actor, response, arena, err);
  if (out->work == NULL) return false;
  struct err own = {0};
  out->submission_count = submitted_list(db, out->work, arena, &out->submissions, &own);
  if (own.code != ERR_NONE) return err_set(err, own.code, "%s", own.text);
  out->from = find(out, from);
  out->to = to != 0 ? find(out, to) : NULL;
  it.after = out->work;
  compare_all(&it);
  return true;
}
