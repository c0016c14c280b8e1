/* The button that looks for what to ask: long work, in a thread of its own with a connection of its own. */
#include "survey/query_scout.h"
#include "web/pages/pages.h"

struct suggesting {
  const char *round;
  int added;
};

static bool run(struct db *none, struct request *request, void *context, struct err *err) {
  struct suggesting *suggesting = context;
  struct db *db = db_open(request->app->folder, DB_READ, err);
  (void)none;
  bool ok = db != NULL && query_scout_round(db, request->app->writer, request->actor, suggesting->round,
                                            &suggesting->added, err);
  db_close(db);
  return ok;
}

static void suggested(struct request *request, void *context, const struct err *err) {
  const struct suggesting *suggesting = context;
  if (err->code != ERR_NONE) reply_error(request, err);
  else reply_redirect(request, arena_printf(request->arena, "/queries?round=%s&state=suggested&added=%d", suggesting->round,
                                            suggesting->added));
}

static void drop(void *context) { (void)context; }

void page_queries_suggest(struct request *request) {
  struct suggesting *suggesting = arena_alloc(request->arena, sizeof *suggesting);
  suggesting->round = request_field(request, "round");
  request_work(request, run, suggested, drop, suggesting);
}
