#include "survey/query_scout.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "store/event.h"
#include "store/stored_response.h"
#include "survey/field.h"
#include "survey/query_rules.h"

#define PAUSE_S 3
#define SUBMITTED_MAX 500 /* submissions looked at in one go */

static const struct actor program = {.role = ROLE_COORDINATOR, .name = "", .email = "", .institution_name = "",
                                     .language = "lv", .session_hash = ""};

/* ---- keeping what was found */

struct keeping {
  struct writer *writer;
  int added;
};

struct found {
  int64_t response;
  const struct query_finding *findings;
  size_t count;
  int added;
};

static bool run_keep(struct db *db, struct writer_job *job, struct err *err) {
  struct found *found = job->context;
  return query_suggest(db, &program, found->response, found->findings, found->count, &found->added, err);
}

static bool keep(void *context, int64_t response, const struct query_finding *findings, size_t count, struct err *err) {
  struct keeping *keeping = context;
  struct found found = {response, findings, count, 0};
  struct writer_job job = {.run = run_keep, .context = &found};
  bool ok = writer_run(keeping->writer, &job, err);
  keeping->added += ok ? found.added : 0;
  return ok;
}

/* ---- a round */

struct report {
  const struct actor *actor;
  const char *round;
  int added;
};

static bool run_report(struct db *db, struct writer_job *job, struct err *err) {
  const struct report *report = job->context;
  struct arena *arena = arena_new();
  bool ok = event_add(db, report->actor->person, "query-suggest", arena_printf(arena, "round %s", report->round),
                      arena_printf(arena, "%d", report->added), err);
  arena_free(arena);
  return ok;
}

static bool is_round(struct db *db, const struct actor *actor, const char *round, struct arena *arena, struct err *err) {
  const struct field_round *rounds;
  size_t count = field_rounds(db, actor, arena, &rounds, err);
  for (size_t i = 0; i < count; i++)
    if (strcmp(rounds[i].id, round) == 0) return true;
  return err_set(err, ERR_NOT_FOUND, "there is no round %s", round);
}

bool query_scout_round(struct db *db, struct writer *writer, const struct actor *actor, const char *round, int *added,
                       struct err *err) {
  const struct field_questionnaire *forms;
  struct arena *arena = arena_new();
  struct keeping keeping = {.writer = writer};
  *added = 0;
  bool ok = rights_allow(actor, ACTION_QUERY, 0) || err_set(err, ERR_DENIED, "you may not ask about answers");
  ok = ok && is_round(db, actor, round, arena, err);
  struct err own = {0};
  size_t count = ok ? field_questionnaires(db, actor, round, arena, &forms, &own) : 0;
  if (own.code != ERR_NONE) ok = err_set(err, own.code, "%s", own.text);
  for (size_t i = 0; ok && i < count; i++) {
    const struct query_scope scope = {.round = round, .questionnaire = forms[i].id};
    ok = query_rules_run(db, &program, &scope, keep, &keeping, err);
  }
  *added = keeping.added;
  struct report report = {actor, round, keeping.added};
  struct writer_job job = {.run = run_report, .context = &report};
  ok = ok && writer_run(writer, &job, err);
  arena_free(arena);
  return ok;
}

/* ---- what was submitted */

/* Responses of one questionnaire in one round. */
struct batch {
  struct query_scope scope;
  int64_t *responses;
  struct batch *next;
};

static struct batch *find_batch(struct batch **batches, const char *round, const char *questionnaire, struct arena *arena) {
  for (struct batch *batch = *batches; batch != NULL; batch = batch->next)
    if (strcmp(batch->scope.round, round) == 0 && strcmp(batch->scope.questionnaire, questionnaire) == 0) return batch;
  struct batch *batch = arena_alloc(arena, sizeof *batch);
  batch->scope.round = arena_copy(arena, round);
  batch->scope.questionnaire = arena_copy(arena, questionnaire);
  batch->responses = arena_array(arena, SUBMITTED_MAX, sizeof *batch->responses);
  batch->scope.responses = batch->responses;
  batch->next = *batches;
  *batches = batch;
  return batch;
}

static bool add_response(struct db *db, int64_t response, struct batch **batches, struct arena *arena, struct err *err) {
  struct stmt *stmt;
  struct stored_response stored;
  struct err own = {0};
  if (stored_response_find(db, response, &stmt, &stored, &own)) {
    struct batch *batch = find_batch(batches, stored.round, stored.questionnaire, arena);
    batch->responses[batch->scope.response_count++] = response;
  }
  stmt_end(stmt);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

static bool run_mark(struct db *db, struct writer_job *job, struct err *err) {
  return stored_query_set_place(db, *(const int64_t *)job->context, err);
}

bool query_scout_submitted(struct db *db, struct writer *writer, int *added, struct err *err) {
  struct arena *arena = arena_new();
  struct batch *batches = NULL;
  struct keeping keeping = {.writer = writer};
  int64_t responses[SUBMITTED_MAX], before, last;
  size_t count = 0;
  bool ok = stored_query_submissions(db, responses, SUBMITTED_MAX, &count, &before, &last, err);
  for (size_t i = 0; ok && i < count; i++) ok = add_response(db, responses[i], &batches, arena, err);
  for (struct batch *batch = batches; ok && batch != NULL; batch = batch->next)
    ok = query_rules_run(db, &program, &batch->scope, keep, &keeping, err);
  struct writer_job job = {.run = run_mark, .context = &last};
  if (ok && last != before) ok = writer_run(writer, &job, err);
  *added = keeping.added;
  arena_free(arena);
  return ok;
}

/* ---- the thread */

struct query_scout {
  struct db *db;
  struct writer *writer;
  pthread_t thread;
  pthread_mutex_t lock;
  pthread_cond_t wake;
  bool stop;
};

/* False when it is time to stop. */
static bool rest(struct query_scout *scout) {
  struct timespec until;
  clock_gettime(CLOCK_MONOTONIC, &until);
  until.tv_sec += PAUSE_S;
  pthread_mutex_lock(&scout->lock);
  while (!scout->stop && pthread_cond_timedwait(&scout->wake, &scout->lock, &until) == 0) continue;
  bool goes_on = !scout->stop;
  pthread_mutex_unlock(&scout->lock);
  return goes_on;
}

static void *run(void *context) {
  struct query_scout *scout = context;
  do {
    struct err err = {0};
    int added;
    if (!query_scout_submitted(scout->db, scout->writer, &added, &err)) log_error("suggested queries: %s", err.text);
    else if (added > 0) log_info("%d queries suggested", added);
  } while (rest(scout));
  return NULL;
}

static void free_scout(struct query_scout *scout) {
  db_close(scout->db);
  pthread_cond_destroy(&scout->wake);
  pthread_mutex_destroy(&scout->lock);
  free(scout);
}

struct query_scout *query_scout_start(const char *folder, struct writer *writer, struct err *err) {
  struct query_scout *scout = calloc(1, sizeof *scout);
  pthread_condattr_t steady;
  if (scout == NULL) log_out_of_memory();
  scout->writer = writer;
  pthread_condattr_init(&steady);
  pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
  pthread_mutex_init(&scout->lock, NULL);
  pthread_cond_init(&scout->wake, &steady);
  pthread_condattr_destroy(&steady);
  scout->db = db_open(folder, DB_READ, err);
  bool ok = scout->db != NULL;
  if (ok && pthread_create(&scout->thread, NULL, run, scout) != 0)
    ok = err_set(err, ERR_SYSTEM, "cannot start the thread that looks for what to ask");
  if (ok) return scout;
  free_scout(scout);
  return NULL;
}

void query_scout_stop(struct query_scout *scout) {
  if (scout == NULL) return;
  pthread_mutex_lock(&scout->lock);
  scout->stop = true;
  pthread_cond_signal(&scout->wake);
  pthread_mutex_unlock(&scout->lock);
  pthread_join(scout->thread, NULL);
  free_scout(scout);
}
