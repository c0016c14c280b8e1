#include "survey/reminder.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "form/typed.h"
#include "mail/mail.h"
#include "store/message.h"
#include "store/reminder.h"
#include "survey/work.h"

#define NINE (9 * 60)
#define FAR_DAYS (2 * 365 + 1)
#define BATCH_MAX 100 /* reminders that one transaction makes messages of */
#define STANDINGS_MAX 16

/* ---- a wish */

static bool parse_day(const char *text, struct arena *arena, int *day) {
  const struct form_question question = {.type = QUESTION_DATE};
  struct value value;
  if (typed_parse(&question, &text, 1, NULL, arena, &value) != TYPED_OK || value.kind != VALUE_DATE) return false;
  *day = (int)value.number;
  return true;
}

/* Two figures at most; -1 when there are none or more. */
static int read_figures(const char **text) {
  size_t len = strspn(*text, "0123456789");
  if (len < 1 || len > 2) return -1;
  int number = (int)strtol(*text, NULL, 10);
  *text += len;
  return number;
}

static bool parse_minute(const char *text, int *minute) {
  text += strspn(text, " ");
  int hour = read_figures(&text), minutes = 0;
  if (hour >= 0 && (*text == '.' || *text == ':')) {
    text++;
    if (strspn(text, "0123456789") != 2) return false;
    minutes = read_figures(&text);
  }
  text += strspn(text, " ");
  *minute = hour * 60 + minutes;
  return hour >= 0 && hour < 24 && minutes >= 0 && minutes < 60 && *text == '\0';
}

static enum remind_fault check_moment(int64_t due_ms) {
  int64_t now = clock_now_ms();
  if (due_ms <= now) return REMIND_PAST;
  return due_ms > clock_riga_ms(clock_riga_day(now) + FAR_DAYS, 24 * 60) ? REMIND_FAR : REMIND_OK;
}

enum remind_fault remind_read_moment(const struct remind_wish *wish, struct arena *arena, int64_t *due_ms) {
  int day, minute;
  if (wish->choice[0] != '\0') {
    *due_ms = strtoll(wish->choice, NULL, 10);
  } else {
    if (!parse_day(wish->date, arena, &day)) return REMIND_NO_DATE;
    if (!parse_minute(wish->time, &minute)) return REMIND_NO_TIME;
    *due_ms = clock_riga_ms(day, minute);
  }
  return check_moment(*due_ms);
}

static enum remind_fault read_text(const char *typed, struct arena *arena, const char **text) {
  const struct form_question question = {.type = QUESTION_TEXT, .max_length = REMIND_TEXT_MAX};
  struct value value;
  enum typed_fault fault = typed_parse(&question, &typed, 1, NULL, arena, &value);
  *text = fault == TYPED_OK && value.kind == VALUE_TEXT ? value.text : "";
  if (fault == TYPED_TOO_LONG) return REMIND_TEXT_LONG;
  return fault == TYPED_OK ? REMIND_OK : REMIND_TEXT_BAD;
}

static int count_open(struct db *db, const struct actor *actor, struct err *err) {
  struct reminder reminder;
  int count = 0;
  struct stmt *stmt = reminder_list(db, actor->person);
  while (reminder_next(stmt, &reminder, err)) count++;
  stmt_end(stmt);
  return count;
}

static bool may_remind(const struct actor *actor, struct err *err) {
  return rights_allow(actor, ACTION_FILL, actor->institution) ||
         err_set(err, ERR_DENIED, "reminders are for those who fill forms");
}

bool remind_add(struct db *db, const struct actor *actor, const struct remind_wish *wish, enum remind_fault *fault,
                struct err *err) {
  struct arena *arena = arena_new();
  struct reminder reminder = {.person = actor->person};
  struct err own = {0};
  bool ok = may_remind(actor, &own);
  *fault = remind_read_moment(wish, arena, &reminder.due_ms);
  enum remind_fault text_fault = read_text(wish->text, arena, &reminder.text);
  if (*fault == REMIND_OK) *fault = text_fault;
  if (ok && *fault == REMIND_OK && count_open(db, actor, &own) >= REMIND_OPEN_MAX) *fault = REMIND_TOO_MANY;
  if (own.code == ERR_NONE && *fault != REMIND_OK) err_set(&own, ERR_INPUT, "this reminder cannot be set");
  ok = own.code == ERR_NONE && reminder_put(db, &reminder, &own);
  arena_free(arena);
  return ok || err_set(err, own.code, "%s", own.text);
}

bool remind_remove(struct db *db, const struct actor *actor, int64_t id, struct err *err) {
  return reminder_remove(db, actor->person, id, err);
}

size_t remind_list(struct db *db, const struct actor *actor, struct arena *arena, const struct remind_entry **out,
                   struct err *err) {
  struct remind_entry *list = arena_array(arena, REMIND_OPEN_MAX, sizeof *list);
  struct reminder reminder;
  struct err own = {0};
  size_t count = 0;
  struct stmt *stmt = reminder_list(db, actor->person);
  while (count < REMIND_OPEN_MAX && reminder_next(stmt, &reminder, &own)) {
    list[count++] = (struct remind_entry){reminder.id, reminder.due_ms, arena_copy(arena, reminder.text)};
  }
  stmt_end(stmt);
  *out = list;
  if (own.code != ERR_NONE) err_set(err, own.code, "%s", own.text);
  return count;
}

/* ---- choices */

/* The last day for what the actor has not submitted yet, false when there is nothing. */
static bool find_deadline(struct db *db, const struct actor *actor, struct arena *arena, int *day, struct err *err) {
  const struct work_item *items;
  size_t count = work_list(db, actor, arena, &items, err);
  for (size_t i = 0; i < count; i++) {
    if (items[i].locked) continue;
    *day = clock_riga_day(items[i].deadline_ms);
    return true;
  }
  return false;
}

static void offer(struct remind_choice *out, size_t *count, const char *name, int day) {
  struct remind_choice choice = {name, clock_riga_ms(day, NINE)};
  size_t at = *count;
  if (check_moment(choice.due_ms) != REMIND_OK) return;
  for (size_t i = 0; i < *count; i++) {
    if (out[i].due_ms == choice.due_ms) return;
  }
  for (; at > 0 && out[at - 1].due_ms > choice.due_ms; at--) out[at] = out[at - 1];
  out[at] = choice;
  ++*count;
}

size_t remind_choices(struct db *db, const struct actor *actor, struct arena *arena,
                      struct remind_choice out[REMIND_CHOICES_MAX], struct err *err) {
  size_t count = 0;
  int deadline, today = clock_riga_day(clock_now_ms());
  int weekday = (today + 3) % 7; /* from Monday, 0; 1970-01-01 was a Thursday */
  offer(out, &count, "tomorrow", today + 1);
  offer(out, &count, "monday", today + 7 - weekday);
  if (find_deadline(db, actor, arena, &deadline, err)) {
    offer(out, &count, "before_3", deadline - 3);
    offer(out, &count, "before_1", deadline - 1);
  }
  return count;
}

bool remind_is_wanted(struct db *db, const struct actor *actor, struct err *err) {
  struct message_recipient person;
  struct stmt *stmt;
  bool wanted = message_recipient(db, actor->person, &stmt, &person, err) &&
                mail_is_wanted(mail_kind_name(MAIL_REMINDER), person.notify);
  stmt_end(stmt);
  return wanted;
}

/* ---- becoming mail */

static struct actor read_person(struct db *db, int64_t id, struct arena *arena, struct err *err) {
  struct message_recipient person;
  struct stmt *stmt;
  struct actor actor = {.person = id, .name = "", .email = "", .institution_name = "", .language = "lv",
                        .session_hash = ""};
  if (message_recipient(db, id, &stmt, &person, err)) {
    actor.role = (enum role)person.role;
    actor.institution = person.institution;
    actor.language = arena_copy(arena, person.language);
  }
  stmt_end(stmt);
  return actor;
}

static const char *state_name(enum response_status status) {
  switch (status) {
    case RESPONSE_SUBMITTED: return "submitted";
    case RESPONSE_STARTED:
    case RESPONSE_REOPENED:
    case RESPONSE_PARTIAL: return "started";
    case RESPONSE_NEW: break;
  }
  return "new";
}

/* The latest round's questionnaires: each with how far it is, or, for who fills many of one, how many are submitted. */
static void add_standing(struct mail_message *message, struct mail_standing *list, const struct work_item *item,
                         const struct actor *actor) {
  const char *title = item->form->title.in[form_language(item->form, actor->language)];
  struct mail_standing *last = message->standing_count > 0 ? &list[message->standing_count - 1] : NULL;
  if (actor->role == ROLE_CONTACT || last == NULL || strcmp(last->form, title) != 0) {
    if (message->standing_count == STANDINGS_MAX) return;
    last = &list[message->standing_count++];
    *last = (struct mail_standing){title, state_name(item->status), item->answered, item->required};
    if (actor->role == ROLE_CONTACT) return;
    *last = (struct mail_standing){.form = title, .state = "many"};
  }
  last->answered += item->status == RESPONSE_SUBMITTED;
  last->required++;
}

bool remind_add_standings(struct db *db, int64_t person, struct arena *arena, struct mail_message *message, struct err *err) {
  const struct work_item *items;
  struct err own = {0};
  struct actor actor = read_person(db, person, arena, &own);
  size_t count = own.code == ERR_NONE ? work_list(db, &actor, arena, &items, &own) : 0, first = 0;
  struct mail_standing *standings = arena_array(arena, STANDINGS_MAX, sizeof *standings);
  while (message->round != NULL && first < count && strcmp(items[first].round, message->round) != 0) first++;
  message->standings = standings;
  if (first < count) message->round = items[first].round;
  for (size_t i = first; i < count && strcmp(items[i].round, items[first].round) == 0; i++)
    add_standing(message, standings, &items[i], &actor);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

static bool make_message(struct db *db, const struct reminder *reminder, struct arena *arena, struct err *err) {
  struct mail_message message = {
      .kind = MAIL_REMINDER,
      .person = reminder->person,
      .reason = arena_printf(arena, "reminder %" PRId64, reminder->id),
      .text = reminder->text,
  };
  return remind_add_standings(db, reminder->person, arena, &message, err) && mail_put(db, &message, err) &&
         reminder_settle(db, reminder->id, message.reason, err);
}

bool remind_is_due(struct db *db, struct err *err) {
  struct reminder reminder;
  struct stmt *stmt = reminder_list_due(db);
  bool due = reminder_next(stmt, &reminder, err);
  stmt_end(stmt);
  return due;
}

bool remind_make_mail(struct db *db, struct err *err) {
  struct arena *arena = arena_new();
  struct reminder *due = arena_array(arena, BATCH_MAX, sizeof *due);
  struct reminder reminder;
  struct err own = {0};
  int count = 0;
  struct stmt *stmt = reminder_list_due(db);
  while (count < BATCH_MAX && reminder_next(stmt, &reminder, &own)) {
    due[count] = reminder;
    due[count++].text = arena_copy(arena, reminder.text);
  }
  stmt_end(stmt);
  bool ok = own.code == ERR_NONE;
  for (int i = 0; ok && i < count; i++) ok = make_message(db, &due[i], arena, &own);
  arena_free(arena);
  return ok || err_set(err, own.code, "%s", own.text);
}
