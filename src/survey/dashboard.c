#include "survey/dashboard.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "store/overview.h"
#include "store/round.h"
#include "store/tally.h"
#include "survey/collate.h"
#include "survey/forms.h"

#define DAY_MS (24 * INT64_C(3600000))
#define HOUR_MS INT64_C(3600000)
#define ASKED_DAYS 7   /* a question without an answer is looked after */
#define NEAR_DAYS 7    /* the last days before the deadline */
#define PATIENCE_DAYS 3 /* without movement before somebody is called; near the deadline one */

static const char *const reason_names[DASHBOARD_REASONS] = {
    [DASHBOARD_OVERDUE] = "overdue", [DASHBOARD_UNOPENED] = "unopened", [DASHBOARD_OPENED] = "opened",
    [DASHBOARD_IDLE] = "idle",       [DASHBOARD_READY] = "ready",
};

const char *dashboard_reason_name(enum dashboard_reason reason) { return reason_names[reason]; }

int dashboard_count(const struct dashboard_group *group, unsigned dispositions) {
  int count = 0;
  for (int i = 0; i < DISPOSITION_COUNT; i++)
    if (dispositions & FIELD_ONLY(i)) count += group->counts[i];
  return count;
}

int dashboard_share(const struct dashboard_group *group) {
  int asked = group->total - group->counts[DISPOSITION_NOT_PARTICIPATING];
  return asked > 0 ? group->counts[DISPOSITION_SUBMITTED] * 100 / asked : -1;
}

/* ---- counts */

struct groups {
  struct dashboard_group *items;
  size_t count, cap;
};

static struct dashboard_group *find_group(struct groups *groups, const char *name, struct arena *arena) {
  for (size_t i = 0; i < groups->count; i++)
    if (strcmp(groups->items[i].name, name) == 0) return &groups->items[i];
  if (groups->count == groups->cap) {
    size_t cap = groups->cap > 0 ? groups->cap * 2 : 16;
    struct dashboard_group *more = arena_array(arena, cap, sizeof *more);
    if (groups->count > 0) memcpy(more, groups->items, groups->count * sizeof *more);
    groups->items = more;
    groups->cap = cap;
  }
  struct dashboard_group *group = &groups->items[groups->count++];
  group->name = arena_copy(arena, name);
  return group;
}

static void add(struct dashboard_group *group, const struct tally_line *line) {
  if (line->disposition < 0 || line->disposition >= DISPOSITION_COUNT) return;
  group->counts[line->disposition] += line->responses;
  group->total += line->responses;
}

static int by_name(const void *left, const void *right) {
  const struct dashboard_group *a = left, *b = right;
  return strcmp(a->sort_key, b->sort_key);
}

static void sort(struct groups *groups, struct arena *arena) {
  struct buf key = {0};
  for (size_t i = 0; i < groups->count; i++) {
    buf_reset(&key);
    collate_sort_key(groups->items[i].name, &key);
    groups->items[i].sort_key = arena_copy(arena, buf_text(&key));
  }
  buf_free(&key);
  if (groups->count > 0) qsort(groups->items, groups->count, sizeof *groups->items, by_name);
}

static bool read_questionnaires(struct db *db, const char *wanted, struct dashboard *out, struct arena *arena,
                                struct err *err) {
  struct overview_totals totals;
  struct dashboard_questionnaire *list = NULL;
  size_t cap = 0, chosen = 0;
  struct err own = {0};
  struct stmt *stmt = overview_questionnaires(db, out->round->id);
  while (own.code == ERR_NONE && overview_next_totals(stmt, &totals, &own)) {
    if (out->questionnaire_count == cap) {
      struct dashboard_questionnaire *more = arena_array(arena, cap = cap > 0 ? cap * 2 : 8, sizeof *more);
      if (list != NULL) memcpy(more, list, out->questionnaire_count * sizeof *more);
      list = more;
    }
    struct dashboard_questionnaire *entry = &list[out->questionnaire_count];
    entry->id = arena_copy(arena, totals.questionnaire);
    entry->group.name = entry->id;
    entry->by_contact = totals.filled_by == FILLED_BY_CONTACT;
    entry->form = forms_get(db, totals.version_id, &own);
    if (strcmp(entry->id, wanted) == 0) chosen = out->questionnaire_count;
    out->questionnaire_count++;
  }
  stmt_end(stmt);
  out->questionnaires = list;
  out->chosen = out->questionnaire_count > 0 ? &list[chosen] : NULL;
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

static bool read_counts(struct db *db, struct dashboard *out, struct arena *arena, struct err *err) {
  struct tally_line line;
  struct err own = {0};
  struct groups sectors = {0}, kinds = {0};
  struct dashboard_questionnaire *list = arena_array(arena, out->questionnaire_count, sizeof *list);
  memcpy(list, out->questionnaires, out->questionnaire_count * sizeof *list);
  size_t chosen = (size_t)(out->chosen - out->questionnaires);
  struct stmt *stmt = tally_list(db, out->round->id);
  while (tally_next(stmt, &line, &own)) {
    size_t at = 0;
    while (at < out->questionnaire_count && strcmp(list[at].id, line.questionnaire) != 0) at++;
    if (at == out->questionnaire_count) continue;
    add(&list[at].group, &line);
    if (at != chosen) continue;
    add(find_group(&sectors, line.sector, arena), &line);
    add(find_group(&kinds, line.kind, arena), &line);
  }
  stmt_end(stmt);
  sort(&sectors, arena);
  sort(&kinds, arena);
  out->questionnaires = list;
  out->chosen = &list[chosen];
  out->sectors = sectors.items;
  out->sector_count = sectors.count;
  out->kinds = kinds.items;
  out->kind_count = kinds.count;
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

/* Before the round's deadline those with an earlier one of their own; behind it all but those with a later one. */
static bool count_overdue(struct db *db, int64_t now, struct dashboard *out, struct err *err) {
  int passed, ahead;
  bool over = out->round->deadline_ms < now;
  if (!overview_own_deadlines(db, out->round->id, out->chosen->id, FIELD_OPEN, now, &passed, &ahead, err)) return false;
  out->overdue = over ? dashboard_count(&out->chosen->group, FIELD_OPEN) - ahead : passed;
  return true;
}

/* ---- whom to call */

static int64_t since(enum dashboard_reason reason, const struct field_row *row) {
  switch (reason) {
    case DASHBOARD_OVERDUE: return row->deadline_ms;
    case DASHBOARD_UNOPENED: return row->invited_ms;
    case DASHBOARD_OPENED: return row->signed_in_ms;
    default: return row->changed_ms;
  }
}

/* Adds calls until there are enough. */
static bool add_calls(struct db *db, enum dashboard_reason reason, struct overview_call *call, struct dashboard *out,
                      struct arena *arena, struct err *err) {
  struct overview_row row;
  struct err own = {0};
  call->limit = DASHBOARD_CALLS_MAX - (int)out->call_count;
  if (call->limit == 0) return true;
  struct stmt *stmt = overview_calls(db, call);
  while (out->call_count < DASHBOARD_CALLS_MAX && overview_next(stmt, &row, &own)) {
    struct dashboard_call *entry = &out->calls[out->call_count++];
    entry->reason = reason;
    field_read_row(&row, arena, &entry->row);
    entry->since_ms = since(reason, &entry->row);
  }
  stmt_end(stmt);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

static bool read_overdue_calls(struct db *db, struct overview_call *call, int64_t now, struct dashboard *out,
                               struct arena *arena, struct err *err) {
  static const unsigned order[] = {
      FIELD_ONLY(DISPOSITION_INVITED), FIELD_ONLY(DISPOSITION_OPENED),
      FIELD_ONLY(DISPOSITION_STARTED) | FIELD_ONLY(DISPOSITION_REOPENED), FIELD_ONLY(DISPOSITION_CHECKED),
      FIELD_ONLY(DISPOSITION_NOT_INVITED)};
  struct overview_call overdue = *call;
  if (out->overdue == 0) return true;
  overdue.deadline_ms = now;
  overdue.unmoved_ms = now;
  overdue.own_only = out->round->deadline_ms >= now;
  overdue.dispositions = FIELD_OPEN;
  if (overdue.own_only) return add_calls(db, DASHBOARD_OVERDUE, &overdue, out, arena, err);
  for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
    overdue.dispositions = order[i];
    if (!add_calls(db, DASHBOARD_OVERDUE, &overdue, out, arena, err)) return false;
  }
  return true;
}

/* Behind the deadline everybody is overdue, who has more time excepted: them nobody disturbs. */
static bool read_calls(struct db *db, int64_t now, struct dashboard *out, struct arena *arena, struct err *err) {
  static const unsigned dispositions[DASHBOARD_REASONS] = {
      [DASHBOARD_UNOPENED] = FIELD_ONLY(DISPOSITION_INVITED), [DASHBOARD_OPENED] = FIELD_ONLY(DISPOSITION_OPENED),
      [DASHBOARD_IDLE] = FIELD_ONLY(DISPOSITION_STARTED) | FIELD_ONLY(DISPOSITION_REOPENED),
      [DASHBOARD_READY] = FIELD_ONLY(DISPOSITION_CHECKED)};
  bool near = out->round->deadline_ms - now < NEAR_DAYS * DAY_MS;
  int64_t before = now - (near ? 1 : PATIENCE_DAYS) * DAY_MS;
  if (!out->chosen->by_contact) return true;
  struct overview_call call = {.round = out->round->id, .questionnaire = out->chosen->id, .unmoved_ms = before,
                               .contacted_ms = before};
  if (!read_overdue_calls(db, &call, now, out, arena, err)) return false;
  if (out->round->deadline_ms < now) return true;
  size_t overdue = out->call_count;
  for (int reason = DASHBOARD_UNOPENED; reason < DASHBOARD_REASONS; reason++) {
    call.dispositions = dispositions[reason];
    if (!add_calls(db, (enum dashboard_reason)reason, &call, out, arena, err)) return false;
  }
  for (size_t i = overdue; i < out->call_count;) { /* is among the overdue ones already */
    bool twice = out->calls[i].row.deadline_ms < now;
    if (!twice) i++;
    else memmove(&out->calls[i], &out->calls[i + 1], (--out->call_count - i) * sizeof *out->calls);
  }
  return true;
}

static bool read_waiting(struct db *db, int64_t now, struct dashboard *out, struct err *err) {
  struct overview_waiting waiting;
  if (!overview_waiting(db, out->round->id, now - ASKED_DAYS * DAY_MS, &waiting, err)) return false;
  out->waiting.nominations = waiting.nominations;
  out->waiting.answered = waiting.answered;
  out->waiting.suggested = waiting.suggested;
  out->waiting.unanswered = waiting.unanswered;
  out->waiting.bounced = waiting.bounced;
  out->waiting.unsent = waiting.unsent;
  return true;
}

/* ---- the curve */

/* Points from the first day to the last, evenly apart; the last of the past ones is today. */
static void draw(struct dashboard *out, int first, int last, int today, struct arena *arena) {
  int days = last - first + 1, step = (days + DASHBOARD_POINTS_MAX - 3) / (DASHBOARD_POINTS_MAX - 2);
  int all = out->chosen->group.total - out->chosen->group.counts[DISPOSITION_NOT_PARTICIPATING];
  int opens, deadline;
  struct dashboard_point *points = arena_array(arena, DASHBOARD_POINTS_MAX, sizeof *points);
  if (!clock_parse_date(out->round->opens, strlen(out->round->opens), &opens) ||
      !clock_parse_date(out->round->deadline, strlen(out->round->deadline), &deadline)) return;
  for (int day = first; day <= last; day++) {
    bool wanted = (day - first) % step == 0 || day == last || day == today;
    if (!wanted || out->point_count == DASHBOARD_POINTS_MAX) continue;
    int length = deadline - opens + 1, gone = day - opens + 1;
    int64_t planned = gone >= length ? all : (int64_t)all * gone / length;
    points[out->point_count++] = (struct dashboard_point){day, day > today ? -1 : 0, (int)planned};
  }
  out->points = points;
}

static bool read_curve(struct db *db, int64_t now, struct dashboard *out, struct arena *arena, struct err *err) {
  int opens, deadline, today = (int)clock_riga_day(now), last_submitted = 0, responses;
  int64_t hour;
  struct err own = {0};
  if (!clock_parse_date(out->round->opens, strlen(out->round->opens), &opens) ||
      !clock_parse_date(out->round->deadline, strlen(out->round->deadline), &deadline)) return true;
  int first = opens, last = deadline;
  struct stmt *stmt = tally_hours(db, out->round->id, out->chosen->id);
  while (tally_next_hour(stmt, &hour, &responses, &own)) last_submitted = (int)clock_riga_day(hour * HOUR_MS);
  stmt_end(stmt);
  if (last_submitted > last) last = last_submitted;
  if (last < first) last = first;
  draw(out, first, last, today, arena);
  struct dashboard_point *points = arena_array(arena, out->point_count, sizeof *points);
  memcpy(points, out->points, out->point_count * sizeof *points);
  stmt = tally_hours(db, out->round->id, out->chosen->id);
  while (tally_next_hour(stmt, &hour, &responses, &own)) {
    int day = (int)clock_riga_day(hour * HOUR_MS);
    for (size_t i = out->point_count; i-- > 0 && points[i].day >= day;)
      if (points[i].submitted >= 0) points[i].submitted += responses;
  }
  stmt_end(stmt);
  out->points = points;
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

/* ---- sections */

static bool read_sections(struct db *db, struct dashboard *out, struct arena *arena, struct err *err) {
  const struct form *form = out->chosen->form;
  struct tally_progress progress;
  struct err own = {0};
  struct dashboard_section *found = arena_array(arena, (size_t)form->section_count, sizeof *found);
  struct dashboard_section *list = arena_array(arena, (size_t)form->section_count, sizeof *list);
  struct stmt *stmt = tally_sections(db, out->round->id, out->chosen->id);
  while (tally_next_section(stmt, &progress, &own)) {
    int section = form_find_section(form, progress.section);
    if (section < 0) continue;
    found[section] = (struct dashboard_section){section, progress.responses, progress.done, progress.required,
                                                progress.answered};
  }
  stmt_end(stmt);
  for (int i = 0; i < form->section_count; i++)
    if (found[i].responses > 0) list[out->section_count++] = found[i];
  out->sections = list;
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

bool dashboard_open(struct db *db, const struct actor *actor, const char *round, const char *questionnaire,
                    struct arena *arena, struct dashboard *out, struct err *err) {
  int64_t now = clock_now_ms();
  *out = (struct dashboard){0};
  if (!rights_allow(actor, ACTION_SEE_FIELD, 0)) return err_set(err, ERR_DENIED, "you may not see the dashboard");
  struct err own = {0};
  out->round_count = field_rounds(db, actor, arena, &out->rounds, &own);
  if (own.code != ERR_NONE) return err_set(err, own.code, "%s", own.text);
  out->round = out->rounds;
  for (size_t i = 0; i < out->round_count; i++)
    if (strcmp(out->rounds[i].id, round) == 0) out->round = &out->rounds[i];
  if (out->round == NULL) return true;
  if (!read_questionnaires(db, questionnaire, out, arena, err)) return false;
  if (out->chosen == NULL) return true;
  return read_counts(db, out, arena, err) && count_overdue(db, now, out, err) && read_calls(db, now, out, arena, err) &&
         read_waiting(db, now, out, err) && read_curve(db, now, out, arena, err) && read_sections(db, out, arena, err);
}
