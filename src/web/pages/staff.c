/* Accounts of staff and everybody's sessions, for administrators. */
#include "survey/staff.h"

#include <stdlib.h>
#include <string.h>

#include "web/locale.h"
#include "web/pages/pages.h"

static const struct {
  int role;
  const char *name; /* in forms; role.NAME is its word */
} roles[] = {{ROLE_COORDINATOR, "coordinator"},
             {ROLE_EXPERT, "expert"},
             {ROLE_RESEARCHER, "researcher"},
             {ROLE_ADMINISTRATOR, "administrator"}};
#define ROLES (sizeof roles / sizeof *roles)

static int role_of(const char *name) {
  for (size_t i = 0; i < ROLES; i++)
    if (strcmp(roles[i].name, name) == 0) return roles[i].role;
  return -1;
}

static const char *role_words(struct request *request, int role) {
  for (size_t i = 0; i < ROLES; i++)
    if (roles[i].role == role) return request_message(request, arena_printf(request->arena, "role.%s", roles[i].name), NULL);
  return request_message(request, "role.contact", NULL);
}

static void roles_view(struct request *request, struct view *view, int chosen) {
  view_list(view, "roles");
  for (size_t i = 0; i < ROLES; i++) {
    struct view *item = view_item(view, "roles");
    view_text(item, "code", roles[i].name);
    view_text(item, "role_name", role_words(request, roles[i].role));
    view_bool(item, "chosen", roles[i].role == chosen);
  }
}

static const char *moment(struct request *request, int64_t ms) {
  return ms == 0 ? "" : locale_time(ms, LOCALE_DATE_TIME, request->language, request->arena);
}

/* The state of an account is a word and a tag's colour. */
static void row_view(struct request *request, struct view *view, const struct staff_row *row) {
  bool set_up = row->totp_ms != 0, contact = row->institution != 0;
  const char *state = contact ? "staff.state_contact" : set_up ? "staff.state_set_up"
                      : row->password_ms != 0 ? "staff.state_password" : "staff.state_invited";
  view_int(view, "person_number", row->id);
  view_text(view, "person_name", row->name);
  view_text(view, "person_email", row->email);
  view_text(view, "role_name", role_words(request, row->role));
  view_text(view, "person_institution", row->institution_name);
  view_text(view, "state", request_message(request, state, NULL));
  view_bool(view, "state_done", set_up);
  view_text(view, "signed_in_at", row->signed_in_ms != 0 ? moment(request, row->signed_in_ms)
                                                          : request_message(request, "people.never", NULL));
}

static const char *fault_words(struct request *request, enum staff_fault fault) {
  static const char *const messages[] = {[STAFF_GOOD] = NULL,
                                         [STAFF_BAD_NAME] = "account.bad_name",
                                         [STAFF_BAD_EMAIL] = "people.bad_email",
                                         [STAFF_BAD_ROLE] = "staff.bad_role",
                                         [STAFF_TAKEN] = "staff.taken",
                                         [STAFF_SELF] = "staff.self",
                                         [STAFF_LAST] = "staff.last"};
  return messages[fault] != NULL ? request_message(request, messages[fault], NULL) : "";
}

/* What was done, said once after the redirect. */
static const char *said_words(struct request *request) {
  static const char *const known[] = {"added", "role", "removed", "reset", "sessions"};
  const char *said = request_query(request, "said");
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (strcmp(known[i], said) == 0) return request_message(request, arena_printf(request->arena, "staff.said_%s", said), NULL);
  return "";
}

/* ---- everybody */

static void show_list(struct request *request, int status, enum staff_fault fault) {
  struct err err = {0};
  const struct staff_row *all, *found = NULL;
  const char *wanted = request_query(request, "q");
  struct view *view = view_new(request->arena);
  size_t count = staff_all(request_db(request), request->actor, request->arena, &all, &err);
  size_t found_count = staff_find_contacts(request_db(request), request->actor, wanted, request->arena, &found, &err);
  if (err.code != ERR_NONE) {
    reply_error(request, &err);
    return;
  }
  page_frame(request, view, "title.staff");
  view_text(view, "said", status == 200 ? said_words(request) : "");
  view_list(view, "staff");
  for (size_t i = 0; i < count; i++) row_view(request, view_item(view, "staff"), &all[i]);
  view_text(view, "q", wanted);
  view_bool(view, "none_found", wanted[0] != '\0' && found_count == 0);
  view_list(view, "found");
  for (size_t i = 0; i < found_count; i++) row_view(request, view_item(view, "found"), &found[i]);
  view_text(view, "fault", fault_words(request, fault));
  view_bool(view, "bad_name", fault == STAFF_BAD_NAME);
  view_bool(view, "bad_email", fault == STAFF_BAD_EMAIL || fault == STAFF_TAKEN);
  view_bool(view, "bad_role", fault == STAFF_BAD_ROLE);
  view_text(view, "typed_name", request_field(request, "name"));
  view_text(view, "typed_email", request_field(request, "email"));
  roles_view(request, view, role_of(request_field(request, "role")));
  const char *chosen = request_field(request, "language");
  view_list(view, "own_languages");
  for (int i = 0; i < LOCALE_LANGUAGES; i++) {
    struct view *item = view_item(view, "own_languages");
    view_text(item, "code", locale_language(i));
    view_text(item, "name", locale_language_name(i));
    view_bool(item, "chosen", strcmp(locale_language(i), chosen) == 0);
  }
  reply_page(request, status, "staff", view);
}

void page_staff(struct request *request) { show_list(request, 200, STAFF_GOOD); }

static bool run_add(struct db *db, struct request *request, void *context, struct err *err) {
  return staff_add(db, request->actor, context, err);
}

static void added(struct request *request, void *context, const struct err *err) {
  const struct staff_new *new = context;
  if (err->code != ERR_NONE) reply_error(request, err);
  else if (new->fault != STAFF_GOOD) show_list(request, 400, new->fault);
  else reply_redirect(request, "/staff?said=added");
}

void page_staff_add(struct request *request) {
  struct staff_new *new = arena_alloc(request->arena, sizeof *new);
  new->name = request_field(request, "name");
  new->email = request_field(request, "email");
  new->language = locale_language(locale_index(request_field(request, "language")));
  new->role = role_of(request_field(request, "role"));
  request_write(request, run_add, added, new);
}

/* ---- one of them */

static void show_person(struct request *request, int status, enum staff_fault fault) {
  struct err err = {0};
  struct staff_row row;
  const struct account_session *sessions;
  int64_t person = strtoll(request->params[0], NULL, 10);
  struct db *db = request_db(request);
  if (!staff_get(db, request->actor, person, request->arena, &row, &err)) {
    reply_error(request, &err);
    return;
  }
  size_t count = staff_sessions(db, request->actor, person, request->arena, &sessions, &err);
  if (err.code != ERR_NONE) {
    reply_error(request, &err);
    return;
  }
  struct view *view = view_new(request->arena);
  row_view(request, view, &row);
  page_frame(request, view, "title.staff_person");
  view_text(view, "said", status == 200 ? said_words(request) : "");
  view_text(view, "fault", fault_words(request, fault));
  view_bool(view, "is_staff", row.institution == 0);
  view_bool(view, "self", person == request->actor->person);
  view_bool(view, "account_set_up", row.totp_ms != 0);
  view_text(view, "codes_left", arena_printf(request->arena, "%lld", (long long)row.codes_left));
  roles_view(request, view, row.role);
  sessions_view(request, view, sessions, count, arena_printf(request->arena, "/staff/%lld", (long long)person));
  view_bool(view, "has_sessions", count > 0);
  reply_page(request, status, "staff_person", view);
}

void page_staff_person(struct request *request) { show_person(request, 200, STAFF_GOOD); }

struct staff_change {
  int64_t person;
  const char *what; /* role, remove, reset; "": ends sessions */
  const char *session;
  int role;
  enum staff_fault fault;
};

static bool run_change(struct db *db, struct request *request, void *context, struct err *err) {
  struct staff_change *change = context;
  const struct actor *actor = request->actor;
  if (change->session[0] != '\0')
    return staff_end_sessions(db, actor, change->person, strcmp(change->session, "all") == 0 ? "" : change->session, err);
  if (strcmp(change->what, "role") == 0) return staff_change_role(db, actor, change->person, change->role, &change->fault, err);
  if (strcmp(change->what, "remove") == 0) return staff_remove(db, actor, change->person, &change->fault, err);
  if (strcmp(change->what, "reset") == 0) return staff_reset(db, actor, change->person, &change->fault, err);
  return err_set(err, ERR_INPUT, "there is no such button");
}

static void changed(struct request *request, void *context, const struct err *err) {
  const struct staff_change *change = context;
  bool removed = strcmp(change->what, "remove") == 0;
  const char *said = change->session[0] != '\0' ? "sessions" : change->what;
  if (err->code != ERR_NONE) reply_error(request, err);
  else if (change->fault != STAFF_GOOD) show_person(request, 409, change->fault);
  else if (removed) reply_redirect(request, "/staff?said=removed");
  else reply_redirect(request, arena_printf(request->arena, "/staff/%lld?said=%s", (long long)change->person, said));
}

void page_staff_change(struct request *request) {
  struct staff_change *change = arena_alloc(request->arena, sizeof *change);
  change->person = strtoll(request->params[0], NULL, 10);
  change->what = request_field(request, "do");
  change->session = request_field(request, "end");
  change->role = role_of(request_field(request, "role"));
  request_write(request, run_change, changed, change);
}
