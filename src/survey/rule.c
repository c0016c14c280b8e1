#include "survey/rule.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "store/event.h"
#include "store/reminder_rule.h"
#include "survey/mailing.h"

#define LATE_DAYS_MAX 30 /* that one look makes up for */

static const char *const names[RULE_KINDS] = {"before", "unopened", "idle", "after"};

const char *rule_kind_name(enum rule_kind kind) { return names[kind]; }

static bool may_mail(const struct actor *actor, struct err *err) {
  return rights_allow(actor, ACTION_MAIL, 0) || err_set(err, ERR_DENIED, "you may not send mail");
}

/* The moment of a rule's look today. */
static int64_t hour_today(int hour) { return clock_riga_ms(clock_riga_day(clock_now_ms()), hour * 60); }

/* What counts as looked at when a rule begins: nothing before today, nor today when its hour is over. */
static int day_before_first(int hour) {
  int64_t now = clock_now_ms();
  return clock_riga_day(now) - (now < hour_today(hour) ? 1 : 0);
}

/* ---- a coordinator's rules */

size_t rule_list(struct db *db, const struct actor *actor, const char *round, struct arena *arena, const struct rule **out,
                 struct err *err) {
  struct rule *list = arena_array(arena, RULE_COUNT_MAX, sizeof *list);
  struct reminder_rule stored;
  size_t count = 0;
  int today = clock_riga_day(clock_now_ms());
  *out = list;
  if (!may_mail(actor, err)) return 0;
  struct stmt *stmt = reminder_rule_list(db, round);
  while (count < RULE_COUNT_MAX && reminder_rule_next(stmt, &stored, err))
    list[count++] = (struct rule){stored.id, (enum rule_kind)stored.kind, stored.days, stored.hour, stored.active,
                                  stored.looked_day >= today};
  stmt_end(stmt);
  return count;
}

/* A whole number; -1 when it is none or not between the two. */
static int read_number(const char *text, int min, int max) {
  char *end;
  text += strspn(text, " ");
  if (strspn(text, "0123456789") == 0 || strlen(text) > 6) return -1;
  long number = strtol(text, &end, 10);
  return end[strspn(end, " ")] == '\0' && number >= min && number <= max ? (int)number : -1;
}

static bool note(struct db *db, const struct actor *actor, const struct reminder_rule *rule, const char *what, struct err *err) {
  char subject[300], kind[40], detail[40];
  snprintf(subject, sizeof subject, "round %s", rule->round);
  snprintf(kind, sizeof kind, "rule-%s", what);
  snprintf(detail, sizeof detail, "%d · %d.00", rule->days, rule->hour);
  return event_add(db, actor->person, kind, subject, detail, err);
}

static enum rule_fault check(const struct reminder_rule *rule, const struct rule *others, size_t count) {
  if (rule->days < 0) return RULE_NO_DAYS;
  if (rule->hour < 0) return RULE_NO_HOUR;
  for (size_t i = 0; i < count; i++)
    if ((int)others[i].kind == rule->kind && others[i].days == rule->days) return RULE_TWICE;
  return count >= RULE_COUNT_MAX ? RULE_TOO_MANY : RULE_OK;
}

bool rule_add(struct db *db, const struct actor *actor, const char *round, const char *kind, const char *days,
              const char *hour, enum rule_fault *fault, struct err *err) {
  struct arena *arena = arena_new();
  const struct rule *others;
  struct err own = {0};
  struct reminder_rule rule = {.round = round, .kind = RULE_KINDS, .active = true, .person = actor->person};
  size_t count = rule_list(db, actor, round, arena, &others, &own);
  for (int i = 0; i < RULE_KINDS; i++)
    if (strcmp(kind, names[i]) == 0) rule.kind = i;
  rule.days = read_number(days, rule.kind == RULE_BEFORE ? 0 : 1, RULE_DAYS_MAX);
  rule.hour = read_number(hour, RULE_HOUR_MIN, RULE_HOUR_MAX);
  *fault = RULE_OK;
  if (own.code == ERR_NONE && rule.kind == RULE_KINDS) err_set(&own, ERR_INPUT, "there is no such rule");
  if (own.code == ERR_NONE) *fault = check(&rule, others, count);
  if (*fault != RULE_OK) err_set(&own, ERR_INPUT, "this rule cannot be added");
  if (own.code == ERR_NONE) {
    rule.looked_day = day_before_first(rule.hour);
    if (reminder_rule_put(db, &rule, &own) != 0) note(db, actor, &rule, names[rule.kind], &own);
  }
  arena_free(arena);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

static bool find(struct db *db, const char *round, int64_t id, struct reminder_rule *out, struct err *err) {
  struct err own = {0};
  bool found = false;
  struct stmt *stmt = reminder_rule_list(db, round);
  while (!found && reminder_rule_next(stmt, out, &own)) found = out->id == id;
  stmt_end(stmt);
  out->round = round;
  if (own.code != ERR_NONE) return err_set(err, own.code, "%s", own.text);
  return found || err_set(err, ERR_NOT_FOUND, "no rule %" PRId64, id);
}

bool rule_set_active(struct db *db, const struct actor *actor, const char *round, int64_t id, bool active,
                     struct err *err) {
  struct reminder_rule rule;
  if (!may_mail(actor, err) || !find(db, round, id, &rule, err)) return false;
  if (rule.active == active) return true; /* a second press */
  rule.active = active;
  int before = day_before_first(rule.hour);
  if (active && rule.looked_day < before) rule.looked_day = before;
  return reminder_rule_change(db, &rule, err) && note(db, actor, &rule, active ? "on" : "off", err);
}

bool rule_drop(struct db *db, const struct actor *actor, const char *round, int64_t id, struct err *err) {
  struct reminder_rule rule;
  return may_mail(actor, err) && find(db, round, id, &rule, err) && reminder_rule_remove(db, id, err) &&
         note(db, actor, &rule, "removed", err);
}

/* ---- whom they are about */

bool rule_applies(const struct rule_span *span, const struct mailing_candidate *candidate) {
  int deadline = clock_riga_day(candidate->deadline_ms), day = 0;
  switch (span->kind) {
    case RULE_BEFORE:
      if (span->last > deadline) return false;
      day = deadline - span->days;
      break;
    case RULE_UNOPENED:
      if (candidate->invited_ms == 0 || candidate->opened_ms != 0) return false;
      day = clock_riga_day(candidate->invited_ms) + span->days;
      break;
    case RULE_IDLE:
      if (candidate->started == 0 || candidate->changed_ms == 0) return false;
      day = clock_riga_day(candidate->changed_ms) + span->days;
      break;
    case RULE_AFTER: day = deadline + span->days; break;
    case RULE_KINDS: return false;
  }
  return span->first <= day && day <= span->last;
}

static struct rule_span span_of(const struct reminder_rule *rule) {
  int today = clock_riga_day(clock_now_ms()), first = rule->looked_day + 1;
  if (first > today) first = today; /* has looked today */
  if (first < today - LATE_DAYS_MAX) first = today - LATE_DAYS_MAX;
  return (struct rule_span){(enum rule_kind)rule->kind, rule->days, first, today};
}

bool rule_find_span(struct db *db, const char *round, int64_t id, struct rule_span *out, struct err *err) {
  struct reminder_rule rule;
  if (!find(db, round, id, &rule, err)) return false;
  *out = span_of(&rule);
  return true;
}

/* ---- looking */

static bool find_due(struct db *db, struct arena *arena, struct reminder_rule *out, struct err *err) {
  int64_t now = clock_now_ms();
  bool found = false;
  struct stmt *stmt = now < hour_today(RULE_HOUR_MAX + 1) ? reminder_rule_list(db, NULL) : NULL;
  while (stmt != NULL && !found && reminder_rule_next(stmt, out, err))
    found = out->looked_day < clock_riga_day(now) && now >= hour_today(out->hour);
  if (found) out->round = arena_copy(arena, out->round);
  stmt_end(stmt);
  return found;
}

bool rule_is_due(struct db *db, struct err *err) {
  struct arena *arena = arena_new();
  struct reminder_rule rule;
  bool due = find_due(db, arena, &rule, err);
  arena_free(arena);
  return due;
}

bool rule_look(struct db *db, struct err *err) {
  struct arena *arena = arena_new();
  struct reminder_rule rule;
  struct err own = {0};
  bool ok = true;
  if (find_due(db, arena, &rule, &own)) {
    struct rule_span span = span_of(&rule);
    ok = mailing_put_of_rule(db, rule.round, rule.id, &span, &own);
    rule.looked_day = span.last;
    ok = ok && reminder_rule_change(db, &rule, &own);
  }
  arena_free(arena);
  return own.code == ERR_NONE ? ok : err_set(err, own.code, "%s", own.text);
}
