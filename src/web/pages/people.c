#include "survey/people.h"

#include <stdlib.h>
#include <string.h>

#include "survey/desk.h"
#include "survey/talk.h"
#include "web/locale.h"
#include "web/pages/pages.h"
#include "web/section_view.h"

/* ---- on the workplace */

void talk_people_view(struct request *request, struct view *view, struct err *err) {
  struct people people;
  view_list(view, "colleague_list");
  if (!people_list(request_db(request), request->actor, request->arena, &people, err)) return;
  view_bool(view, "has_colleagues", people.count > 1);
  bool chosen = false; /* the first of the others */
  for (size_t i = 0; i < people.count; i++) {
    struct view *item = view_item(view, "colleague_list");
    view_int(item, "person_id", people.items[i].id);
    view_text(item, "person_name", people.items[i].name);
    view_bool(item, "self", people.items[i].self);
    view_bool(item, "other", !people.items[i].self && !chosen);
    chosen = chosen || !people.items[i].self;
  }
}

int talk_resume(struct request *request, const struct work *work) {
  int own = desk_own_section(request->actor, work);
  return own >= 0 ? own : section_resume(work->state);
}

void talk_card_view(struct request *request, struct view *card, const struct work *work) {
  const struct form *form = work->item.form;
  int own = desk_own_section(request->actor, work);
  view_text(card, "mine_title", own < 0 ? "" : form->sections[own].title.in[form_language(form, request->language)]);
  view_text(card, "mine_link", own < 0 ? "" : arena_printf(request->arena, "/r/%lld/s/%s", (long long)work->item.response,
                                                           form->sections[own].id));
}

struct giving {
  int64_t response, person;
  const char *section;
  bool takes_back;
};

static bool run_assign(struct db *db, struct request *request, void *context, struct err *err) {
  const struct giving *giving = context;
  if (giving->person == 0 && !giving->takes_back) return err_set(err, ERR_INPUT, "nobody was chosen");
  return talk_assign(db, request->actor, giving->response, giving->section, giving->takes_back ? 0 : giving->person, err);
}

static void assigned(struct request *request, void *context, const struct err *err) {
  const struct giving *giving = context;
  if (err->code != ERR_NONE) reply_error(request, err);
  else reply_redirect(request, arena_printf(request->arena, "/work#card-%lld", (long long)giving->response));
}

void page_assign(struct request *request) {
  struct giving *giving = arena_alloc(request->arena, sizeof *giving);
  giving->response = strtoll(request->params[0], NULL, 10);
  giving->person = strtoll(request_field(request, "person"), NULL, 10);
  giving->section = request_field(request, "section");
  giving->takes_back = strcmp(request_field(request, "do"), "free") == 0;
  request_write(request, run_assign, assigned, giving);
}

/* ---- the page of colleagues */

static void sections_view(struct request *request, struct view *item, int64_t person,
                          const struct people_section *sections, size_t count) {
  view_list(item, "given");
  for (size_t i = 0; i < count; i++) {
    const struct form_section *section = &sections[i].form->sections[sections[i].section];
    if (sections[i].person != person) continue;
    struct view *given = view_item(item, "given");
    view_text(given, "section_title", section->title.in[form_language(sections[i].form, request->language)]);
    view_text(given, "link", arena_printf(request->arena, "/r/%lld/s/%s", (long long)sections[i].response, section->id));
  }
}

static void person_view(struct request *request, struct view *item, const struct people *people, size_t i) {
  const struct people_item *person = &people->items[i];
  const char *language = request->language;
  view_int(item, "person_id", person->id);
  view_text(item, "person_name", person->name);
  view_text(item, "email", person->email);
  view_text(item, "phone", person->phone);
  view_text(item, "since", locale_time(person->since_ms, LOCALE_DATE, language, request->arena));
  view_text(item, "signed_in_at", person->signed_in_ms == 0 ? request_message(request, "people.never", NULL)
                                                  : locale_time(person->signed_in_ms, LOCALE_DATE_TIME, language, request->arena));
  view_text(item, "invited_by", person->invited_by);
  view_bool(item, "self", person->self);
  view_bool(item, "responsible", person->responsible);
  view_bool(item, "removable", person->removable);
  view_bool(item, "nameable", people->may_name && !person->responsible);
}

/* What the invitation's form shows: as typed, and what is wrong with it. */
static void invitation_view(struct request *request, struct view *view, enum people_fault fault) {
  static const char *const fields[] = {"name", "email", "phone"};
  static const struct {
    const char *field, *message;
  } faults[] = {
      [PEOPLE_OK] = {"", ""},
      [PEOPLE_NO_NAME] = {"name", "people.no_name"},
      [PEOPLE_BAD_EMAIL] = {"email", "people.bad_email"},
      [PEOPLE_BAD_PHONE] = {"phone", "people.bad_phone"},
      [PEOPLE_COLLEAGUE] = {"email", "people.colleague"},
      [PEOPLE_REFUSED] = {"email", "people.refused"},
      [PEOPLE_TOO_MANY] = {"", "people.too_many"},
  };
  view_list(view, "invitation");
  for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
    struct view *item = view_item(view, "invitation");
    bool wrong = strcmp(faults[fault].field, fields[i]) == 0;
    view_text(item, "field", fields[i]);
    view_text(item, "label", request_message(request, arena_printf(request->arena, "people.%s", fields[i]), NULL));
    view_text(item, "typed", request_field(request, fields[i]));
    view_bool(item, "is_email", strcmp(fields[i], "email") == 0);
    view_bool(item, "is_phone", strcmp(fields[i], "phone") == 0);
    view_text(item, "fault", wrong ? request_message(request, faults[fault].message, NULL) : "");
  }
  const char *chosen = request_field(request, "language");
  view_list(view, "invitation_languages");
  for (int i = 0; i < LOCALE_LANGUAGES; i++) {
    struct view *item = view_item(view, "invitation_languages");
    view_text(item, "code", locale_language(i));
    view_text(item, "name", locale_language_name(i));
    view_bool(item, "chosen", strcmp(locale_language(i), chosen[0] != '\0' ? chosen : request->language) == 0);
  }
  view_text(view, "form_fault", fault == PEOPLE_TOO_MANY ? request_message(request, "people.too_many", NULL) : "");
}

/* What was done, in words: of whom it was done, from the list as it is now. */
static const char *said_words(struct request *request, const struct people *people) {
  static const char *const known[] = {"invited", "back", "removed", "named"};
  const char *said = request_query(request, "said");
  int64_t who = strtoll(request_query(request, "who"), NULL, 10);
  struct view *view = view_new(request->arena);
  view_text(view, "who", "");
  view_text(view, "email", "");
  for (size_t i = 0; i < people->count; i++) {
    if (people->items[i].id != who) continue;
    view_text(view, "who", people->items[i].name);
    view_text(view, "email", people->items[i].email);
  }
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (strcmp(said, known[i]) == 0) return request_message(request, arena_printf(request->arena, "people.said_%s", said), view);
  return "";
}

/* wrong: the message of what went wrong with the page as a whole, NULL. */
static void show(struct request *request, int status, enum people_fault fault, const char *wrong) {
  struct err err = {0};
  struct people people;
  const struct people_section *sections = NULL;
  size_t section_count = 0;
  struct view *view = view_new(request->arena);
  if (people_list(request_db(request), request->actor, request->arena, &people, &err))
    section_count = people_sections(request_db(request), request->actor, request->arena, &sections, &err);
  if (err.code != ERR_NONE) {
    reply_error(request, &err);
    return;
  }
  page_frame(request, view, "people.title");
  view_text(view, "said", status == 200 ? said_words(request, &people) : "");
  view_text(view, "page_error", wrong != NULL ? request_message(request, wrong, NULL) : "");
  view_bool(view, "named", people.named);
  view_bool(view, "may_name", people.may_name);
  view_list(view, "people");
  for (size_t i = 0; i < people.count; i++) {
    struct view *item = view_item(view, "people");
    person_view(request, item, &people, i);
    sections_view(request, item, people.items[i].id, sections, section_count);
  }
  invitation_view(request, view, fault);
  reply_page(request, status, "people", view);
}

void page_people(struct request *request) { show(request, 200, PEOPLE_OK, NULL); }

struct people_change {
  const char *action; /* "invite", "remove:ID", "name:ID" */
  int64_t person;
  struct people_invitation invitation;
};

static bool is_action(const struct people_change *change, const char *name) {
  return strncmp(change->action, name, strlen(name)) == 0;
}

static bool run_change(struct db *db, struct request *request, void *context, struct err *err) {
  struct people_change *change = context;
  if (is_action(change, "remove:")) return people_remove(db, request->actor, change->person, err);
  if (is_action(change, "name:")) return people_name_responsible(db, request->actor, change->person, err);
  if (is_action(change, "invite")) return people_invite(db, request->actor, &change->invitation, err);
  return err_set(err, ERR_INPUT, "there is no such button");
}

static void changed(struct request *request, void *context, const struct err *err) {
  const struct people_change *change = context;
  bool invites = is_action(change, "invite");
  long long who = invites ? change->invitation.person : change->person;
  bool gone = is_action(change, "remove:") && change->person == request->actor->person;
  const char *said = invites ? (change->invitation.back ? "back" : "invited") : is_action(change, "name:") ? "named" : "removed";
  if (err->code == ERR_FULL && invites) show(request, 507, PEOPLE_OK, "error.full.text");
  else if (err->code == ERR_SYSTEM && invites) show(request, 500, PEOPLE_OK, "error.system.text");
  else if (err->code != ERR_NONE) reply_error(request, err);
  else if (invites && change->invitation.fault == PEOPLE_TOO_MANY) show(request, 429, PEOPLE_TOO_MANY, NULL);
  else if (invites && change->invitation.fault != PEOPLE_OK) show(request, 400, change->invitation.fault, NULL);
  else reply_redirect(request, gone ? "/" : arena_printf(request->arena, "/people?said=%s&who=%lld", said, who));
}

void page_people_change(struct request *request) {
  struct people_change *change = arena_alloc(request->arena, sizeof *change);
  const char *colon;
  change->action = request_field(request, "do");
  colon = strchr(change->action, ':');
  change->person = colon != NULL ? strtoll(colon + 1, NULL, 10) : 0;
  change->invitation = (struct people_invitation){
      .name = request_field(request, "name"),
      .email = request_field(request, "email"),
      .phone = request_field(request, "phone"),
      .language = request_field(request, "language"),
  };
  request_write(request, run_change, changed, change);
}
