#include "survey/mailing.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "store/event.h"
#include "store/mail_template.h"
#include "store/message.h"
#include "store/overview.h"
#include "store/person.h"
#include "survey/collate.h"
#include "survey/disposition.h"
#include "survey/field.h"

#define BATCH_MAX 100

static const enum mail_kind mailed[] = {MAIL_INVITATION, MAIL_DEADLINE, MAIL_LETTER};

static const char *const left_out_names[MAILING_LEFT_OUT_COUNT] = {
    [MAILING_GETS] = "gets",           [MAILING_UNWANTED] = "unwanted",
    [MAILING_TODAY] = "today",         [MAILING_SUBMITTED] = "submitted",
    [MAILING_CLOSED] = "closed",       [MAILING_NOT_PARTICIPATING] = "not_participating",
    [MAILING_ELSEWHERE] = "elsewhere",
};

const char *mailing_left_out_name(enum mailing_left_out why) { return left_out_names[why]; }

enum mail_kind mailing_find_kind(const char *name) {
  for (size_t i = 0; i < sizeof mailed / sizeof *mailed; i++)
    if (strcmp(name, mail_kind_name(mailed[i])) == 0) return mailed[i];
  return MAIL_KINDS;
}

static bool may_mail(const struct actor *actor, struct err *err) {
  return rights_allow(actor, ACTION_MAIL, 0) || err_set(err, ERR_DENIED, "you may not send mail");
}

/* ---- to whom */

/* The number behind "name=" at the beginning of a part of a query; false when it is another part. */
static bool read_part(const char *part, const char *name, int64_t *number) {
  size_t len = strlen(name);
  if (strncmp(part, name, len) != 0 || part[len] != '=') return false;
  char *end;
  *number = strtoll(part + len + 1, &end, 10);
  if ((*end != '\0' && *end != '&') || *number < 0) *number = 0;
  return true;
}

struct mailing_aim mailing_parse(const char *query, struct arena *arena) {
  struct mailing_aim aim = {.filter = field_filter_parse(query, arena)};
  int64_t *institutions = NULL, number;
  size_t cap = 0;
  for (const char *part = query; *part != '\0'; part += strcspn(part, "&"), part += *part == '&') {
    if (read_part(part, "person", &number)) aim.person = number;
    else if (read_part(part, "rule", &number)) aim.rule = number;
    else if (read_part(part, "rule-kind", &number) && number < RULE_KINDS) aim.span.kind = (enum rule_kind)number;
    else if (read_part(part, "days", &number)) aim.span.days = (int)(number % (RULE_DAYS_MAX + 1));
    else if (read_part(part, "first", &number)) aim.span.first = (int)(number % INT32_MAX);
    else if (read_part(part, "last", &number)) aim.span.last = (int)(number % INT32_MAX);
    else if (read_part(part, "institution", &number) && number > 0 && aim.institution_count < MAILING_CHOSEN_MAX) {
      if (aim.institution_count == cap) {
        cap = cap > 0 ? 2 * cap : 16;
        int64_t *more = arena_array(arena, cap, sizeof *more);
        for (size_t i = 0; i < aim.institution_count; i++) more[i] = institutions[i];
        institutions = more;
      }
      institutions[aim.institution_count++] = number;
    }
  }
  aim.institutions = institutions;
  return aim;
}

const char *mailing_print(const struct mailing_aim *aim, struct arena *arena) {
  struct buf out = {0};
  struct field_filter filter = field_filter_all();
  bool by_filter = aim->person == 0 && aim->institution_count == 0 && aim->rule == 0;
  if (by_filter) filter = aim->filter;
  filter.round = aim->filter.round;
  filter.sort = FIELD_SORT_NAME;
  filter.descending = false;
  filter.offset = 0;
  buf_puts(&out, field_filter_print(&filter, arena));
  if (aim->person != 0) buf_printf(&out, "&person=%" PRId64, aim->person);
  for (size_t i = 0; aim->person == 0 && i < aim->institution_count; i++)
    buf_printf(&out, "&institution=%" PRId64, aim->institutions[i]);
  if (aim->rule != 0)
    buf_printf(&out, "&rule=%" PRId64 "&rule-kind=%d&days=%d&first=%d&last=%d", aim->rule, (int)aim->span.kind,
               aim->span.days, aim->span.first, aim->span.last);
  const char *copy = arena_copy(arena, buf_text(&out));
  buf_free(&out);
  return copy;
}

static const char *print_institutions(const struct mailing_aim *aim, struct arena *arena) {
  struct buf out = {0};
  for (size_t i = 0; i < aim->institution_count; i++) buf_printf(&out, ",%" PRId64, aim->institutions[i]);
  if (out.len > 0) buf_putc(&out, ',');
  const char *copy = arena_copy(arena, buf_text(&out));
  buf_free(&out);
  return copy;
}

/* The aim as the store takes it. The filter means what it means in the list, see survey/field.c. */
static bool read_target(struct db *db, const struct actor *actor, const struct mailing_aim *aim, struct arena *arena,
                        struct mailing_target *out, struct err *err) {
  struct field_filter filter = aim->filter;
  struct buf folded = {0};
  bool chosen = aim->person != 0 || aim->institution_count > 0 || aim->rule != 0;
  if (!utf8_check(filter.find, strlen(filter.find), NULL)) return err_set(err, ERR_INPUT, "what to find is not UTF-8 text");
  if (!field_settle(db, actor, &filter, arena, err)) return false;
  *out = (struct mailing_target){.round = filter.round, .sector = "", .kind = "", .find = "", .questionnaire = "",
                                 .institutions = aim->person == 0 ? print_institutions(aim, arena) : "",
                                 .person = aim->person};
  if (chosen) return true;
  unsigned open = filter.dispositions == 0 ? FIELD_OPEN : filter.dispositions & FIELD_OPEN;
  collate_fold(filter.find, &folded);
  out->sector = filter.sector;
  out->kind = filter.kind;
  out->find = arena_copy(arena, buf_text(&folded));
  out->questionnaire = filter.questionnaire;
  out->dispositions = filter.overdue ? open : filter.dispositions;
  out->overdue_ms = filter.overdue ? clock_now_ms() : 0;
  if (filter.overdue && open == 0) out->round = ""; /* what is submitted is never overdue */
  buf_free(&folded);
  return true;
}

/* ---- who gets it */

static enum mailing_left_out judge(enum mail_kind kind, const struct mailing_aim *aim,
                                   const struct mailing_candidate *candidate) {
  if (aim->rule != 0 && !rule_applies(&aim->span, candidate)) return MAILING_ELSEWHERE;
  if (kind != MAIL_LETTER) {
    if (candidate->closed_ms != 0) return MAILING_CLOSED;
    if (!candidate->takes_part) return MAILING_NOT_PARTICIPATING;
    if (candidate->open == 0) return MAILING_SUBMITTED;
    if (candidate->today) return MAILING_TODAY;
  }
  return mail_is_wanted(mail_kind_name(kind), candidate->notify) ? MAILING_GETS : MAILING_UNWANTED;
}

static struct stmt *walk(struct db *db, const struct mailing_target *target, enum mail_kind kind, int64_t after,
                         int64_t mailing) {
  int64_t midnight = clock_riga_ms(clock_riga_day(clock_now_ms()), 0);
  return mailing_walk(db, target, after, mail_kind_name(kind), midnight, mailing);
}

static int compare_ids(const void *a, const void *b) {
  int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  return (x > y) - (x < y);
}

static int count_different(int64_t *ids, size_t count) {
  int different = 0;
  if (count > 0) qsort(ids, count, sizeof *ids, compare_ids);
  for (size_t i = 0; i < count; i++) different += i == 0 || ids[i] != ids[i - 1];
  return different;
}

static int language_index(const char *language) {
  return strcmp(language, "en") == 0 ? 1 : strcmp(language, "ru") == 0 ? 2 : 0;
}

static void add_person(struct mailing_forecast *out, struct mailing_person *list, const struct mailing_candidate *candidate,
                       struct arena *arena) {
  struct mailing_person *example = &out->examples[language_index(candidate->language)];
  out->people++;
  out->troubled += candidate->troubled;
  if (out->list_count == MAILING_LIST_MAX && example->person != 0) return;
  const struct mailing_person person = {
      .person = candidate->person,
      .name = arena_copy(arena, candidate->name),
      .email = arena_copy(arena, candidate->email),
      .institution = arena_copy(arena, candidate->institution_name),
      .language = arena_copy(arena, candidate->language),
      .troubled = candidate->troubled,
  };
  if (example->person == 0) *example = person;
  if (out->list_count < MAILING_LIST_MAX) list[out->list_count++] = person;
}

static int count_without_contacts(struct db *db, const struct mailing_target *target, struct err *err) {
  struct mailing_institution institution;
  int count = 0;
  struct stmt *stmt = mailing_institutions(db, target);
  while (mailing_next_institution(stmt, &institution, err)) count += institution.contacts == 0;
  stmt_end(stmt);
  return count;
}

static bool forecast(struct db *db, const struct actor *actor, enum mail_kind kind, const struct mailing_aim *aim,
                     struct arena *arena, struct mailing_forecast *out, struct err *err) {
  struct mailing_target target;
  struct mailing_candidate candidate;
  struct mailing_person *list = arena_array(arena, MAILING_LIST_MAX, sizeof *list);
  struct buf institutions = {0};
  struct err own = {0};
  *out = (struct mailing_forecast){.list = list};
  if (!read_target(db, actor, aim, arena, &target, err)) return false;
  struct stmt *stmt = walk(db, &target, kind, 0, 0);
  while (mailing_next_candidate(stmt, &candidate, &own)) {
    enum mailing_left_out why = judge(kind, aim, &candidate);
    out->left_out[why]++;
    if (why != MAILING_GETS) continue;
    add_person(out, list, &candidate, arena);
    buf_add(&institutions, &candidate.institution, sizeof candidate.institution);
  }
  stmt_end(stmt);
  out->institutions = count_different((int64_t *)(void *)institutions.data, institutions.len / sizeof(int64_t));
  out->left_out[MAILING_ELSEWHERE] = 0;
  if (own.code == ERR_NONE && aim->rule == 0) out->no_contact = count_without_contacts(db, &target, &own);
  buf_free(&institutions);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

bool mailing_forecast(struct db *db, const struct actor *actor, enum mail_kind kind, const struct mailing_aim *aim,
                      struct arena *arena, struct mailing_forecast *out, struct err *err) {
  return may_mail(actor, err) && forecast(db, actor, kind, aim, arena, out, err);
}

size_t mailing_choices(struct db *db, const struct actor *actor, const struct mailing_aim *aim, size_t limit,
                       struct arena *arena, const struct mailing_choice **out, struct err *err) {
  struct mailing_target target;
  struct mailing_institution institution;
  struct mailing_choice *list = arena_array(arena, limit, sizeof *list);
  size_t count = 0;
  *out = list;
  if (!may_mail(actor, err) || !read_target(db, actor, aim, arena, &target, err)) return 0;
  struct stmt *stmt = mailing_institutions(db, &target);
  while (count < limit && mailing_next_institution(stmt, &institution, err))
    list[count++] = (struct mailing_choice){institution.id, arena_copy(arena, institution.name), institution.contacts};
  stmt_end(stmt);
  return count;
}

size_t mailing_groups(struct db *db, const struct actor *actor, const char *round, bool kinds, struct arena *arena,
                      const char *const **out, struct err *err) {
  const char **list = arena_array(arena, MAILING_GROUPS_MAX, sizeof *list), *name;
  size_t count = 0;
  *out = list;
  if (!may_mail(actor, err)) return 0;
  struct stmt *stmt = kinds ? overview_kinds(db, round) : overview_sectors(db, round);
  while (count < MAILING_GROUPS_MAX && overview_next_text(stmt, &name, err))
    if (name[0] != '\0') list[count++] = arena_copy(arena, name);
  stmt_end(stmt);
  return count;
}

/* ---- planning */

int64_t mailing_newest(struct db *db, struct err *err) { return mailing_last(db, err); }

static bool note(struct db *db, int64_t person, const struct mailing *mailing, const char *what, struct err *err) {
  char subject[300], kind[60];
  snprintf(subject, sizeof subject, "round %s", mailing->round);
  snprintf(kind, sizeof kind, "mailing-%s%s", mailing->kind, what);
  return event_add(db, person, kind, subject, "", err);
}

/* The same mailing, made since the page was: the id, and whose it is. 0: there is none. */
static int64_t find_same(struct db *db, const struct mailing *wanted, int64_t seen, int64_t *person, struct err *err) {
  struct mailing mailing;
  int64_t found = 0;
  struct stmt *stmt = mailing_list(db, wanted->round, 0);
  while (found == 0 && mailing_next(stmt, &mailing, err) && mailing.id > seen) {
    if (mailing.removed_ms != 0 || strcmp(mailing.kind, wanted->kind) != 0 || strcmp(mailing.filter, wanted->filter) != 0)
      continue;
    found = mailing.id;
    *person = mailing.person;
  }
  stmt_end(stmt);
  return found;
}

static bool has_words(struct db *db, const char *round, struct err *err) {
  struct mail_template words;
  struct stmt *stmt;
  bool has = mail_template_get(db, round, mail_words_name(MAIL_LETTER), "lv", &stmt, &words, err);
  stmt_end(stmt);
  return has;
}

/* What speaks against it. */
static enum mailing_fault check(struct db *db, const struct actor *actor, const struct mailing_wish *wish,
                                struct mailing *mailing, struct arena *arena, enum remind_fault *moment, struct err *err) {
  struct mailing_forecast now;
  *moment = REMIND_OK;
  mailing->due_ms = clock_now_ms();
  if (wish->kind == MAIL_LETTER && !has_words(db, mailing->round, err)) return MAILING_NO_WORDS;
  if (wish->later) {
    *moment = remind_read_moment(&wish->moment, arena, &mailing->due_ms);
    return *moment == REMIND_OK ? MAILING_OK : MAILING_MOMENT;
  }
  if (!forecast(db, actor, wish->kind, &wish->aim, arena, &now, err)) return MAILING_OK;
  return now.people > 0 ? MAILING_OK : MAILING_NOBODY;
}

static bool plan(struct db *db, const struct actor *actor, const struct mailing_wish *wish, struct mailing *mailing,
                 struct arena *arena, int64_t *id, struct err *err) {
  *id = mailing_put(db, mailing, err);
  if (*id == 0) return false;
  const char *letter = arena_printf(arena, "%s %" PRId64, mail_words_name(MAIL_LETTER), *id);
  return (wish->kind != MAIL_LETTER ||
          mail_template_copy(db, mailing->round, mail_words_name(MAIL_LETTER), letter, err)) &&
         note(db, actor->person, mailing, "", err);
}

bool mailing_plan(struct db *db, const struct actor *actor, const struct mailing_wish *wish, int64_t *id,
                  enum mailing_fault *fault, enum remind_fault *moment, struct err *err) {
  struct err own = {0};
  struct mailing_wish settled = *wish;
  int64_t other = 0;
  *id = 0;
  *fault = MAILING_OK;
  *moment = REMIND_OK;
  if (!may_mail(actor, err)) return false;
  struct arena *arena = arena_new();
  if (mail_words_name(wish->kind < MAIL_KINDS ? wish->kind : MAIL_NOTE) == NULL) *fault = MAILING_NO_KIND;
  settled.aim.rule = 0;
  if (*fault == MAILING_OK && field_settle(db, actor, &settled.aim.filter, arena, &own)) {
    struct mailing mailing = {.round = settled.aim.filter.round, .kind = mail_kind_name(wish->kind),
                              .filter = mailing_print(&settled.aim, arena), .person = actor->person};
    *id = find_same(db, &mailing, wish->seen, &other, &own);
    if (*id == 0) *fault = check(db, actor, &settled, &mailing, arena, moment, &own);
    else if (other != actor->person) *fault = MAILING_OTHER;
    if (*id == 0 && *fault == MAILING_OK && own.code == ERR_NONE) plan(db, actor, &settled, &mailing, arena, id, &own);
  }
  if (*fault != MAILING_OK) err_set(&own, ERR_INPUT, "this mailing cannot be planned");
  arena_free(arena);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

bool mailing_put_of_rule(struct db *db, const char *round, int64_t rule, const struct rule_span *span, struct err *err) {
  const struct actor program = {.role = ROLE_ADMINISTRATOR, .language = "lv"};
  struct arena *arena = arena_new();
  struct mailing_aim aim = {.filter = field_filter_all(), .rule = rule, .span = *span};
  struct mailing_forecast found;
  aim.filter.round = round;
  bool ok = forecast(db, &program, MAIL_DEADLINE, &aim, arena, &found, err);
  if (ok && found.people > 0) {
    const struct mailing mailing = {.round = round, .kind = mail_kind_name(MAIL_DEADLINE),
                                    .filter = mailing_print(&aim, arena), .rule = rule, .due_ms = clock_now_ms()};
    ok = mailing_put(db, &mailing, err) != 0 && note(db, 0, &mailing, "-rule", err);
  }
  arena_free(arena);
  return ok;
}

bool mailing_call_off(struct db *db, const struct actor *actor, int64_t id, struct err *err) {
  struct mailing mailing;
  struct err own = {0};
  struct stmt *stmt;
  if (!may_mail(actor, err)) return false;
  struct arena *arena = arena_new();
  bool found = mailing_get(db, id, &stmt, &mailing, &own);
  if (found) {
    mailing.round = arena_copy(arena, mailing.round);
    mailing.kind = arena_copy(arena, mailing.kind);
  }
  stmt_end(stmt);
  if (!found) err_set(&own, ERR_NOT_FOUND, "no mailing %" PRId64, id);
  bool ok = found && mailing_set_removed(db, id, &own) && message_call_off_mailing(db, id, MAIL_WHY_COORDINATOR, &own) &&
            (mailing.removed_ms != 0 || note(db, actor->person, &mailing, "-off", &own));
  arena_free(arena);
  return ok || err_set(err, own.code, "%s", own.text);
}

/* ---- looking */

static struct mailing copy_mailing(const struct mailing *mailing, struct arena *arena) {
  struct mailing copy = *mailing;
  copy.round = arena_copy(arena, mailing->round);
  copy.kind = arena_copy(arena, mailing->kind);
  copy.filter = arena_copy(arena, mailing->filter);
  copy.person_name = arena_copy(arena, mailing->person_name);
  return copy;
}

/* Counts, and the name of the one whom it goes to. */
static bool complete(struct db *db, const struct actor *actor, struct mailing_item *item, struct arena *arena, struct err *err) {
  const struct mailing_choice *choices;
  struct stmt *stmt;
  const char *name;
  item->aim = mailing_parse(item->mailing.filter, arena);
  item->aim_name = "";
  if (!mailing_count(db, item->mailing.id, &item->counts, err)) return false;
  if (item->aim.person != 0) {
    name = person_name(db, item->aim.person, &stmt, err);
    item->aim_name = name != NULL ? arena_copy(arena, name) : "";
    stmt_end(stmt);
  } else if (item->aim.institution_count == 1 && mailing_choices(db, actor, &item->aim, 1, arena, &choices, err) == 1) {
    item->aim_name = choices[0].name;
  }
  return true;
}

size_t mailing_read_all(struct db *db, const struct actor *actor, const char *round, int64_t before, size_t limit,
                        struct arena *arena, const struct mailing_item **out, struct err *err) {
  struct mailing_item *list = arena_array(arena, limit, sizeof *list);
  struct mailing mailing;
  size_t count = 0;
  *out = list;
  if (!may_mail(actor, err)) return 0;
  struct stmt *stmt = mailing_list(db, round, before);
  while (count < limit && mailing_next(stmt, &mailing, err)) list[count++].mailing = copy_mailing(&mailing, arena);
  stmt_end(stmt);
  for (size_t i = 0; i < count; i++)
    if (!complete(db, actor, &list[i], arena, err)) return 0;
  return count;
}

bool mailing_read(struct db *db, const struct actor *actor, int64_t id, struct arena *arena, struct mailing_item *out,
                  struct err *err) {
  struct mailing mailing;
  struct err own = {0};
  struct stmt *stmt;
  if (!may_mail(actor, err)) return false;
  bool found = mailing_get(db, id, &stmt, &mailing, &own);
  if (found) out->mailing = copy_mailing(&mailing, arena);
  stmt_end(stmt);
  if (!found) err_set(&own, ERR_NOT_FOUND, "no mailing %" PRId64, id);
  return (found && complete(db, actor, out, arena, &own)) || err_set(err, own.code, "%s", own.text);
}

/* ---- becoming messages */

struct batch {
  struct db *db;
  struct arena *arena;
  struct mailing mailing;
  enum mail_kind kind;
  struct mailing_aim aim;
  struct {
    int64_t person, institution;
  } people[BATCH_MAX];
  size_t count;
};

/* The next people; the walk must be over before anything is written. */
static bool collect(struct batch *batch, struct err *err) {
  const struct actor program = {.role = ROLE_ADMINISTRATOR, .language = "lv"};
  struct mailing_target target;
  struct mailing_candidate candidate;
  struct err own = {0};
  if (!read_target(batch->db, &program, &batch->aim, batch->arena, &target, err)) return false;
  int64_t reached = mailing_reached(batch->db, batch->mailing.id, &own);
  struct stmt *stmt = walk(batch->db, &target, batch->kind, reached, batch->mailing.id);
  while (batch->count < BATCH_MAX && mailing_next_candidate(stmt, &candidate, &own)) {
    if (judge(batch->kind, &batch->aim, &candidate) != MAILING_GETS) continue;
    batch->people[batch->count].person = candidate.person;
    batch->people[batch->count++].institution = candidate.institution;
  }
  stmt_end(stmt);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

static bool make_one(struct batch *batch, int64_t person, int64_t institution, struct err *err) {
  const struct mailing *mailing = &batch->mailing;
  struct mail_message message = {
      .kind = batch->kind,
      .person = person,
      .reason = arena_printf(batch->arena, "mailing %" PRId64 " %" PRId64, mailing->id, person),
      .round = mailing->round,
      .mailing = mailing->id,
  };
  bool ok = batch->kind != MAIL_DEADLINE || remind_add_standings(batch->db, person, batch->arena, &message, err);
  ok = ok && mail_put(batch->db, &message, err);
  return ok && (batch->kind != MAIL_INVITATION || disposition_note_invited(batch->db, mailing->round, institution, err));
}

bool mailing_is_due(struct db *db, struct err *err) {
  struct mailing mailing;
  struct stmt *stmt;
  bool due = mailing_get_due(db, &stmt, &mailing, err);
  stmt_end(stmt);
  return due;
}

bool mailing_make_mail(struct db *db, struct err *err) {
  struct batch *batch;
  struct arena *arena = arena_new();
  struct stmt *stmt;
  struct mailing mailing;
  struct err own = {0};
  bool found = mailing_get_due(db, &stmt, &mailing, &own);
  batch = arena_alloc(arena, sizeof *batch);
  batch->db = db;
  batch->arena = arena;
  if (found) batch->mailing = copy_mailing(&mailing, arena);
  stmt_end(stmt);
  if (found) {
    batch->kind = mailing_find_kind(batch->mailing.kind);
    batch->aim = mailing_parse(batch->mailing.filter, arena);
    bool ok = batch->kind == MAIL_KINDS || collect(batch, &own);
    for (size_t i = 0; ok && i < batch->count; i++) ok = make_one(batch, batch->people[i].person, batch->people[i].institution, &own);
    bool moved = ok && batch->count > 0 &&
                 mailing_reached(db, batch->mailing.id, &own) >= batch->people[batch->count - 1].person;
    if (ok && (batch->count < BATCH_MAX || !moved)) mailing_set_made(db, batch->mailing.id, &own);
  }
  arena_free(arena);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

const struct sender_source *mailing_sources(void) {
  static const struct sender_source sources[] = {
      {remind_is_due, remind_make_mail}, {rule_is_due, rule_look}, {mailing_is_due, mailing_make_mail}, {NULL, NULL}};
  return sources;
}
