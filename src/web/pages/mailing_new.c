/* A new mailing: what, to whom, who is left out and why, how it will look; then now or later. Nothing is sent by looking. */
#include "survey/mailing.h"

#include <stdlib.h>
#include <string.h>

#include "survey/field.h"
#include "survey/mail_words.h"
#include "web/locale.h"
#include "web/mailing_view.h"
#include "web/pages/field_view.h"
#include "web/pages/pages.h"

#define CHOICES_SHOWN 200
#define TIME_USUAL "09:00"

/* What the page is about, and what was wrong with the last attempt. */
struct draft {
  const char *round;
  enum mail_kind kind; /* MAIL_KINDS: not chosen yet */
  struct mailing_aim aim;
  bool looks; /* the recipients are to be shown */
  struct mailing_wish wish;
  int64_t planned;
  enum mailing_fault fault;
  enum remind_fault moment;
};

/* ---- the form */

static void kinds_view(struct request *request, struct view *view, enum mail_kind chosen) {
  static const enum mail_kind kinds[] = {MAIL_INVITATION, MAIL_DEADLINE, MAIL_LETTER};
  view_list(view, "mail_kinds");
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    struct view *item = view_item(view, "mail_kinds");
    const char *name = mail_kind_name(kinds[i]);
    view_text(item, "code", name);
    view_text(item, "name", mailing_kind_text(request, name));
    view_text(item, "hint", request_message(request, arena_printf(request->arena, "mailing.hint_%s", name), NULL));
    view_bool(item, "chosen", kinds[i] == chosen);
  }
}

static void option_view(struct view *view, const char *list, const char *code, const char *name, bool chosen) {
  struct view *item = view_item(view, list);
  view_text(item, "code", code);
  view_text(item, "name", name);
  view_bool(item, "chosen", chosen);
}

static void statuses_view(struct request *request, struct view *view, unsigned dispositions) {
  static const char *const groups[] = {"open", "unopened", "working"};
  const char *chosen = field_dispositions_name(dispositions);
  view_list(view, "statuses");
  option_view(view, "statuses", "", request_message(request, "mailing.any", NULL), chosen[0] == '\0');
  for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
    option_view(view, "statuses", groups[i], mailing_status_text(request, groups[i]), strcmp(groups[i], chosen) == 0);
  for (int i = 0; i < DISPOSITION_COUNT; i++) {
    const char *name = disposition_name((enum disposition)i);
    option_view(view, "statuses", name, mailing_status_text(request, name), strcmp(name, chosen) == 0);
  }
}

static bool groups_view(struct request *request, struct view *view, const struct draft *draft, bool kinds, struct err *err) {
  const char *const *names;
  const char *list = kinds ? "institution_kinds" : "sectors", *chosen = kinds ? draft->aim.filter.kind : draft->aim.filter.sector;
  size_t count = mailing_groups(request_db(request), request->actor, draft->round, kinds, request->arena, &names, err);
  view_list(view, list);
  option_view(view, list, "", request_message(request, "mailing.any", NULL), chosen[0] == '\0');
  for (size_t i = 0; i < count; i++) option_view(view, list, names[i], kinds ? field_kind_text(request, names[i]) : names[i], strcmp(names[i], chosen) == 0);
  return err->code == ERR_NONE;
}

static bool questionnaires_view(struct request *request, struct view *view, const struct draft *draft, struct err *err) {
  const struct field_questionnaire *list;
  size_t count = field_questionnaires(request_db(request), request->actor, draft->round, request->arena, &list, err);
  view_list(view, "questionnaires");
  for (size_t i = 0; i < count; i++)
    option_view(view, "questionnaires", list[i].id, list[i].form->title.in[form_language(list[i].form, request->language)],
                strcmp(list[i].id, draft->aim.filter.questionnaire) == 0);
  return err->code == ERR_NONE;
}

/* The institutions to tick: the chosen ones first, then those of the filter. */
static bool choices_view(struct request *request, struct view *view, const struct draft *draft, struct err *err) {
  const struct mailing_choice *list;
  struct mailing_aim others = draft->aim;
  size_t chosen = draft->aim.institution_count, shown = 0;
  view_list(view, "institutions");
  for (int pass = chosen > 0 ? 0 : 1; pass < 2; pass++) {
    if (pass == 1) others.institution_count = 0;
    size_t count = mailing_choices(request_db(request), request->actor, &others, CHOICES_SHOWN, request->arena, &list, err);
    for (size_t i = 0; i < count; i++) {
      bool is_chosen = false;
      for (size_t k = 0; k < chosen; k++) is_chosen = is_chosen || draft->aim.institutions[k] == list[i].id;
      if (is_chosen && pass == 1) continue;
      struct view *item = view_item(view, "institutions");
      view_int(item, "institution_id", list[i].id);
      view_text(item, "name", list[i].name);
      view_int(item, "contacts", list[i].contacts);
      view_bool(item, "chosen", is_chosen);
      shown++;
    }
  }
  view_int(view, "shown", (int64_t)shown);
  view_bool(view, "has_chosen", chosen > 0);
  view_bool(view, "not_all", shown >= CHOICES_SHOWN);
  return err->code == ERR_NONE;
}

static bool person_view(struct request *request, struct view *view, const struct draft *draft, struct err *err) {
  struct mailing_aim one = draft->aim;
  struct mailing_forecast seen;
  view_int(view, "one_person", draft->aim.person);
  view_text(view, "one_name", "");
  if (draft->aim.person == 0) return true;
  /* a letter leaves nobody out, so its forecast knows the person */
  if (!mailing_forecast(request_db(request), request->actor, MAIL_LETTER, &one, request->arena, &seen, err)) return false;
  if (seen.list_count == 0) return err_set(err, ERR_NOT_FOUND, "no such contact in this round");
  view_text(view, "one_name", arena_printf(request->arena, "%s (%s)", seen.list[0].name, seen.list[0].institution));
  return true;
}

/* ---- what would happen */

static void people_view(struct view *view, const struct mailing_forecast *seen) {
  view_list(view, "people");
  for (size_t i = 0; i < seen->list_count; i++) {
    struct view *item = view_item(view, "people");
    view_text(item, "person_name", seen->list[i].name);
    view_text(item, "email", seen->list[i].email);
    view_text(item, "institution_name", seen->list[i].institution);
    view_bool(item, "troubled", seen->list[i].troubled);
  }
  view_int(view, "people_count", seen->people);
  view_int(view, "institution_count", seen->institutions);
  view_int(view, "troubled_count", seen->troubled);
  view_int(view, "more_people", seen->people - (int)seen->list_count);
}

static void left_out_view(struct request *request, struct view *view, const struct mailing_forecast *seen) {
  view_list(view, "left_out");
  for (int i = MAILING_GETS + 1; i < MAILING_LEFT_OUT_COUNT; i++) {
    if (seen->left_out[i] == 0) continue;
    struct view *words = view_new(request->arena);
    view_int(words, "count", seen->left_out[i]);
    const char *key = arena_printf(request->arena, "mailing.left_%s", mailing_left_out_name((enum mailing_left_out)i));
    view_text(view_item(view, "left_out"), "why", request_message(request, key, words));
  }
  if (seen->no_contact == 0) return;
  struct view *words = view_new(request->arena);
  view_int(words, "count", seen->no_contact);
  view_text(view_item(view, "left_out"), "why", request_message(request, "mailing.left_no_contact", words));
}

/* One message in each language, for a person who would get it. */
static bool samples_view(struct request *request, struct view *view, const struct draft *draft,
                         const struct mailing_forecast *seen, struct err *err) {
  view_list(view, "samples");
  for (int i = 0; i < 3; i++) {
    const struct mailing_person *person = &seen->examples[i];
    const struct mail_words words = {.round = draft->round, .kind = draft->kind, .language = "lv"};
    struct mail_sample sample = {.link = request_message(request, "mailing.sample_link", NULL),
                                 .unsubscribe = request_message(request, "mailing.sample_unsubscribe", NULL)};
    struct err own = {0};
    if (person->person == 0) continue;
    bool ok = mail_words_show(request_db(request), request->actor, &words, person->person, request->arena, &sample, &own);
    if (ok) {
      struct view *item = view_item(view, "samples");
      view_text(item, "language_name", locale_language_name(locale_index(person->language)));
      view_text(item, "code", locale_language(locale_index(person->language)));
      view_text(item, "sample_person", person->name);
      view_text(item, "sample_address", person->email);
      view_text(item, "subject", sample.subject);
      view_text(item, "body", sample.body);
    }
    if (own.code != ERR_NONE) return err_set(err, own.code, "%s", own.text);
  }
  return true;
}

static bool forecast_view(struct request *request, struct view *view, const struct draft *draft, struct err *err) {
  struct mailing_forecast seen = {.people = 0};
  bool looks = draft->looks && draft->kind != MAIL_KINDS;
  if (looks && !mailing_forecast(request_db(request), request->actor, draft->kind, &draft->aim, request->arena, &seen, err)) return false;
  view_bool(view, "looks", looks);
  view_bool(view, "somebody", seen.people > 0);
  view_bool(view, "is_letter", draft->kind == MAIL_LETTER);
  view_text(view, "mail", draft->kind != MAIL_KINDS ? mail_kind_name(draft->kind) : "");
  view_text(view, "filter", mailing_print(&draft->aim, request->arena));
  view_text(view, "aim", mailing_aim_text(request, &draft->aim, ""));
  view_bool(view, "by_filter", draft->aim.person == 0 && draft->aim.institution_count == 0);
  view_int(view, "seen", mailing_newest(request_db(request), err));
  people_view(view, &seen);
  left_out_view(request, view, &seen);
  view_list(view, "samples");
  return !looks || samples_view(request, view, draft, &seen, err);
}

/* ---- what is wrong */

static void fault_view(struct request *request, struct view *view, const struct draft *draft) {
  static const char *const faults[] = {[MAILING_NO_KIND] = "mailing.no_kind", [MAILING_NO_WORDS] = "mailing.no_words",
                                       [MAILING_NOBODY] = "mailing.nobody", [MAILING_OTHER] = "mailing.other"};
  static const char *const moments[] = {[REMIND_NO_DATE] = "reminders.no_date", [REMIND_NO_TIME] = "reminders.no_time",
                                        [REMIND_PAST] = "reminders.past", [REMIND_FAR] = "reminders.far"};
  bool about_moment = draft->fault == MAILING_MOMENT;
  const char *key = draft->fault == MAILING_OK ? NULL : about_moment ? moments[draft->moment] : faults[draft->fault];
  const char *text = key != NULL ? request_message(request, key, NULL) : "";
  view_text(view, "page_error", text);
  view_text(view, "error_field", !about_moment ? "" : draft->moment == REMIND_NO_TIME ? "time" : "date");
  view_text(view, "date_problem", about_moment && draft->moment != REMIND_NO_TIME ? text : "");
  view_text(view, "time_problem", about_moment && draft->moment == REMIND_NO_TIME ? text : "");
  view_text(view, "typed_date", draft->wish.moment.date);
  view_text(view, "typed_time", draft->wish.moment.time);
}

static void show(struct request *request, int status, struct draft *draft) {
  struct err err = {0};
  struct view *view = view_new(request->arena);
  page_frame(request, view, "mailing.title_new");
  draft->round = mailing_page(request, view, "/mailings/new", &err);
  draft->aim.filter.round = draft->round;
  const struct field_filter *filter = &draft->aim.filter;
  kinds_view(request, view, draft->kind);
  statuses_view(request, view, filter->dispositions);
  view_text(view, "find", filter->find);
  view_bool(view, "overdue", filter->overdue);
  fault_view(request, view, draft);
  bool ok = err.code == ERR_NONE && questionnaires_view(request, view, draft, &err) &&
            groups_view(request, view, draft, false, &err) && groups_view(request, view, draft, true, &err) &&
            person_view(request, view, draft, &err) && choices_view(request, view, draft, &err) &&
            forecast_view(request, view, draft, &err);
  if (ok && err.code == ERR_NONE) reply_page(request, status, "mailing_new", view);
  else reply_error(request, &err);
}

void page_mailing_new(struct request *request) {
  struct draft draft = {.kind = mailing_find_kind(request_query(request, "mail")),
                        .aim = mailing_parse(request_query_text(request), request->arena),
                        .looks = request_query(request, "look")[0] != '\0' || request_query(request, "person")[0] != '\0'};
  draft.wish.moment = (struct remind_wish){.date = "", .time = TIME_USUAL, .choice = "", .text = ""};
  draft.aim.rule = 0;
  show(request, 200, &draft);
}

/* ---- planning */

static bool plan(struct db *db, struct request *request, void *context, struct err *err) {
  struct draft *draft = context;
  return mailing_plan(db, request->actor, &draft->wish, &draft->planned, &draft->fault, &draft->moment, err);
}

static void planned(struct request *request, void *context, const struct err *err) {
  struct draft *draft = context;
  if (err->code == ERR_NONE)
    reply_redirect(request, arena_printf(request->arena, "/mailings/%lld?done=planned", (long long)draft->planned));
  else if (err->code == ERR_INPUT && draft->fault != MAILING_OK)
    show(request, draft->fault == MAILING_OTHER ? 409 : 400, draft);
  else reply_error(request, err);
}

void page_mailing_plan(struct request *request) {
  struct draft *draft = arena_alloc(request->arena, sizeof *draft);
  draft->kind = mailing_find_kind(request_field(request, "mail"));
  draft->aim = mailing_parse(request_field(request, "filter"), request->arena);
  draft->looks = true;
  draft->wish = (struct mailing_wish){
      .kind = draft->kind,
      .aim = draft->aim,
      .later = strcmp(request_field(request, "do"), "later") == 0,
      .moment = {.date = request_field(request, "date"), .time = request_field(request, "time"), .choice = "", .text = ""},
      .seen = strtoll(request_field(request, "seen"), NULL, 10),
  };
  request_write(request, plan, planned, draft);
}
