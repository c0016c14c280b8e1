/* A coordinator's acts with the contacts of an institution: one press each, and a form to add or change somebody. */
#include "survey/frame_people.h"

#include <stdlib.h>
#include <string.h>

#include "survey/frame.h"
#include "survey/nomination.h"
#include "web/institution_parts.h"
#include "web/locale.h"
#include "web/pages/pages.h"

static int64_t id_of(const char *text) {
  char *end;
  long long id = strtoll(text, &end, 10);
  return id > 0 && *end == '\0' ? id : 0;
}

static void go_back(struct request *request, const char *said) {
  const char *page = institution_link(request, id_of(request->params[0]), request_field(request, "round"));
  reply_redirect(request, arena_printf(request->arena, "%s&people=%s#people", page, said));
}

/* ---- one press */

static const struct act {
  const char *name, *said;
} acts[] = {{"send:", "sent"}, {"name:", "named"}, {"remove:", "removed"}, {"revoke:", "revoked"}, {"out", "out"}, {"in", "in"},
          {"letter", "letter"}, {"close", "closed"}};

struct press {
  const struct act *act;
  int64_t institution, person;
};

static bool run_press(struct db *db, struct request *request, void *context, struct err *err) {
  const struct press *press = context;
  const struct actor *actor = request->actor;
  const char *round = request_field(request, "round");
  int64_t institution = press->institution, person = press->person;
  switch (press->act - acts) {
    case 0: return frame_contact_invite(db, actor, round, institution, person, err);
    case 1: return frame_contact_name(db, actor, round, institution, person, err);
    case 2: return frame_contact_remove(db, actor, institution, person, err);
    case 3: return frame_contact_revoke(db, actor, institution, person, err);
    case 4: return frame_set_part(db, actor, round, institution, request_field(request, "reason"), request_field(request, "remark"), err);
    case 5: return frame_set_part(db, actor, round, institution, "", "", err);
    case 6: return nomination_letter(db, actor, round, institution, err);
    default: return nomination_links_revoke(db, actor, round, institution, err);
  }
}

static void pressed(struct request *request, void *context, const struct err *err) {
  const struct press *press = context;
  bool no_address = err->code == ERR_INPUT && strcmp(press->act->name, "letter") == 0;
  if (err->code != ERR_NONE && !no_address) reply_error(request, err);
  else go_back(request, no_address ? "no_address" : press->act->said);
}

void page_frame_people(struct request *request) {
  struct press *press = arena_alloc(request->arena, sizeof *press);
  const char *action = request_field(request, "do"), *colon = strchr(action, ':');
  struct err err = {0};
  press->institution = id_of(request->params[0]);
  press->person = colon != NULL ? id_of(colon + 1) : 0;
  for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
    size_t len = strlen(acts[i].name);
    bool takes_id = acts[i].name[len - 1] == ':';
    if (takes_id ? strncmp(action, acts[i].name, len) == 0 : strcmp(action, acts[i].name) == 0) press->act = &acts[i];
  }
  if (press->act != NULL && (strcmp(press->act->name, "out") != 0 || request_field(request, "reason")[0] != '\0')) {
    request_write(request, run_press, pressed, press);
    return;
  }
  err_set(&err, ERR_INPUT, "there is no such button");
  reply_error(request, &err);
}

/* ---- the form */

struct contact_form {
  int64_t institution, person; /* 0: a new one */
  bool invites;
  struct frame_contact contact;
};

static void field_view(struct request *request, struct view *view, const char *name, const char *typed, const char *fault) {
  struct view *item = view_item(view, "fields");
  view_text(item, "field", name);
  view_text(item, "label", request_message(request, arena_printf(request->arena, "people.%s", name), NULL));
  view_text(item, "typed", typed);
  view_bool(item, "optional", strcmp(name, "phone") == 0);
  view_text(item, "fault", fault);
}

static void show_form(struct request *request, int status, const struct contact_form *form, const char *round) {
  static const struct {
    const char *field, *message;
  } faults[] = {
      [FRAME_PERSON_OK] = {"", ""},
      [FRAME_PERSON_NO_NAME] = {"name", "people.no_name"},
      [FRAME_PERSON_BAD_EMAIL] = {"email", "people.bad_email"},
      [FRAME_PERSON_BAD_PHONE] = {"phone", "people.bad_phone"},
      [FRAME_PERSON_TAKEN] = {"email", "frame.people.taken"},
      [FRAME_PERSON_IS_STAFF] = {"email", "frame.people.staff"},
  };
  const struct frame_contact *contact = &form->contact;
  const char *values[][2] = {{"name", contact->name}, {"email", contact->email}, {"phone", contact->phone}};
  struct view *view = view_new(request->arena);
  page_frame(request, view, form->person != 0 ? "frame.people.change_title" : "frame.people.add");
  view_text(view, "back", institution_link(request, form->institution, round));
  view_text(view, "round_id", round);
  view_bool(view, "is_new", form->person == 0);
  view_text(view, "address", form->person == 0 ? arena_printf(request->arena, "/frame/i/%lld/contact", (long long)form->institution)
            : arena_printf(request->arena, "/frame/i/%lld/contact/%lld", (long long)form->institution, (long long)form->person));
  view_list(view, "fields");
  for (size_t i = 0; i < 3; i++) {
    bool wrong = strcmp(faults[contact->fault].field, values[i][0]) == 0;
    field_view(request, view, values[i][0], values[i][1], wrong ? request_message(request, faults[contact->fault].message, NULL) : "");
  }
  view_list(view, "contact_languages");
  for (int i = 0; i < LOCALE_LANGUAGES; i++) {
    struct view *item = view_item(view, "contact_languages");
    view_text(item, "code", locale_language(i));
    view_text(item, "name", locale_language_name(i));
    view_bool(item, "chosen", strcmp(locale_language(i), contact->language) == 0);
  }
  view_bool(view, "invites", form->invites);
  reply_page(request, status, "frame_contact", view);
}

void page_frame_contact(struct request *request) {
  struct err err = {0};
  struct contact_form form = {.institution = id_of(request->params[0]), .person = id_of(request->params[1]), .invites = true,
                              .contact = {.name = "", .email = "", .phone = "", .language = "lv"}};
  bool changes = request->params[1][0] != '\0';
  if (form.institution == 0 || (changes && form.person == 0)) err_set(&err, ERR_NOT_FOUND, "no such contact");
  else if (changes) frame_contact_get(request_db(request), request->actor, form.institution, form.person, request->arena, &form.contact, &err);
  if (err.code != ERR_NONE) reply_error(request, &err);
  else show_form(request, 200, &form, request_query(request, "round"));
}

static bool run_save(struct db *db, struct request *request, void *context, struct err *err) {
  struct contact_form *form = context;
  struct frame_contact contact = form->contact;
  bool ok = form->person != 0
      ? frame_contact_change(db, request->actor, form->institution, form->person, &contact, request->arena, err)
      : frame_contact_add(db, request->actor, request_field(request, "round"), form->institution, form->invites, &contact,
                          request->arena, err);
  form->contact.fault = contact.fault;
  return ok;
}

static void saved(struct request *request, void *context, const struct err *err) {
  const struct contact_form *form = context;
  if (err->code != ERR_NONE) reply_error(request, err);
  else if (form->contact.fault != FRAME_PERSON_OK) show_form(request, 400, form, request_field(request, "round"));
  else go_back(request, form->person != 0 ? "changed" : "added");
}

void page_frame_contact_save(struct request *request) {
  struct contact_form *form = arena_alloc(request->arena, sizeof *form);
  *form = (struct contact_form){
      .institution = id_of(request->params[0]),
      .person = id_of(request->params[1]),
      .invites = request_field(request, "invite")[0] != '\0',
      .contact = {.name = request_field(request, "name"), .email = request_field(request, "email"),
                  .phone = request_field(request, "phone"), .language = request_field(request, "language")},
  };
  struct err err = {0};
  bool known = form->institution != 0 && (request->params[1][0] == '\0' || form->person != 0);
  if (known) request_write(request, run_save, saved, form);
  else err_set(&err, ERR_NOT_FOUND, "no such contact");
  if (!known) reply_error(request, &err);
}
