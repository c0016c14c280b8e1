/* A contact of several institutions goes on as that of another one. */
#include <stdlib.h>

#include "survey/signin.h"
#include "web/pages/pages.h"

#define SESSION_COOKIE_S (30 * 24 * 3600)

void switch_view(struct request *request, struct view *view, struct err *err) {
  const struct signin_other *others;
  size_t count = signin_others(request_db(request), request->actor, request->arena, &others, err);
  view_bool(view, "may_switch", count > 0);
  view_list(view, "switch_to");
  for (size_t i = 0; i < count; i++) {
    struct view *item = view_item(view, "switch_to");
    view_int(item, "switch_person", others[i].person);
    view_text(item, "switch_institution", others[i].institution_name);
  }
}

struct change {
  int64_t person;
  struct signin_visit visit;
  char session[SECRET_TOKEN_LEN + 1];
};

static bool run_switch(struct db *db, struct request *request, void *context, struct err *err) {
  struct change *change = context;
  return signin_switch(db, request->actor, request->session, change->person, &change->visit, change->session, err);
}

static void switched(struct request *request, void *context, const struct err *err) {
  const struct change *change = context;
  if (err->code != ERR_NONE) {
    reply_error(request, err);
    return;
  }
  reply_cookie(request, "anketa", change->session, SESSION_COOKIE_S);
  reply_redirect(request, "/work");
}

void page_switch(struct request *request) {
  struct change *change = arena_alloc(request->arena, sizeof *change);
  change->person = strtoll(request_field(request, "person"), NULL, 10);
  request_visit(request, false, &change->visit);
  request_write(request, run_switch, switched, change);
}
