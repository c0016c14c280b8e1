#include "survey/closing.h"

#include <inttypes.h>
#include <string.h>

#include "store/closing.h"
#include "store/event.h"
#include "store/person.h"
#include "survey/authority.h"
#include "survey/checksum.h"
#include "survey/steer.h"
#include "survey/text.h"
#include "survey/work_answers.h"

#define BATCH 100 /* responses that one job freezes: some tens of milliseconds */
#define PROGRAM_EMAIL "slegsana@anketa.invalid"
#define PROGRAM_NAME "Kārtas slēgšana"

/* Reads as the program itself. */
static const struct actor program = {.role = ROLE_ADMINISTRATOR, .name = "", .email = "", .institution_name = "",
                                     .language = "lv", .session_hash = ""};

bool closing_counts_read(struct db *db, const struct actor *actor, const char *round, int counts[DISPOSITION_COUNT],
                         struct err *err) {
  struct err own = {0};
  int disposition, count;
  memset(counts, 0, DISPOSITION_COUNT * sizeof *counts);
  if (!rights_allow(actor, ACTION_STEER, 0)) return err_set(err, ERR_NOT_FOUND, "there is no such round");
  struct stmt *stmt = closing_counts(db, round);
  while (closing_next_count(stmt, &disposition, &count, &own))
    if (disposition >= 0 && disposition < DISPOSITION_COUNT) counts[disposition] = count;
  stmt_end(stmt);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

static bool note(struct db *db, const struct actor *actor, const char *kind, const char *round, const char *detail,
                 struct arena *arena, struct err *err) {
  return event_add(db, actor->person, kind, arena_printf(arena, "round %s", round), detail, err);
}

bool closing_begin(struct db *db, const struct actor *actor, const char *round, const char *typed, struct err *err) {
  struct arena *arena = arena_new();
  struct steer_place place;
  bool ok = steer_find(db, actor, round, 0, arena, &place, err);
  const char *line = ok ? text_line(typed, strlen(place.round) + 8, arena) : NULL;
  if (ok && place.closed_ms != 0) ok = err_set(err, ERR_CONFLICT, "the round is closed already");
  if (ok && (line == NULL || strcmp(line, place.round) != 0)) ok = err_set(err, ERR_INPUT, "that is not the round's name");
  ok = ok && authority_stop_round(db, place.round, err) && closing_mark(db, place.round, actor->person, err) &&
       disposition_keep_round(db, place.round, err) && note(db, actor, "close", place.round, "", arena, err);
  arena_free(arena);
  return ok;
}

bool closing_undo(struct db *db, const struct actor *actor, const char *round, const char *reason,
                  enum closing_fault *fault, struct err *err) {
  struct arena *arena = arena_new();
  struct steer_place place;
  bool ok = steer_find(db, actor, round, 0, arena, &place, err);
  const char *text = text_lines(reason, CLOSING_REASON_MAX, arena);
  *fault = text == NULL ? CLOSING_BAD_REASON : text[0] == '\0' ? CLOSING_NO_REASON : CLOSING_OK;
  if (ok && place.closed_ms == 0) ok = err_set(err, ERR_CONFLICT, "the round is open");
  if (ok && *fault != CLOSING_OK) ok = err_set(err, ERR_INPUT, "a reason has 1 to %d characters", CLOSING_REASON_MAX);
  ok = ok && closing_unmark(db, place.round, err) && disposition_keep_round(db, place.round, err) &&
       note(db, actor, "open_again", place.round, text, arena, err);
  arena_free(arena);
  return ok;
}

/* ---- what follows from it, batch by batch */

struct batch {
  const char *round;
  bool closed;    /* else it was opened again */
  int64_t person; /* who froze it */
  int64_t after;  /* the last response that was looked at */
  int count;      /* of this batch */
};

static bool freeze(struct db *db, int64_t response, int64_t person, struct arena *arena, struct err *err) {
  char checksum[SECRET_HASH_LEN + 1];
  struct err own = {0};
  bool answered = closing_has_answers(db, response, &own);
  if (own.code != ERR_NONE) return err_set(err, own.code, "%s", own.text);
  if (!answered) return closing_empty(db, response, err);
  const struct work *work = work_load(db, &program, response, arena, err);
  return work != NULL && checksum_compute(db, work, checksum, err) &&
         closing_freeze(db, response, person, checksum, err) &&
         event_add_response(db, person, "partial", response, "", err);
}

/* What is to be done is asked anew for each batch: the round may have been opened again, or closed, since the last one. */
static bool begin_batch(struct db *db, struct batch *batch, struct err *err) {
  bool closed;
  if (!closing_state(db, batch->round, &closed, &batch->person, err)) return false;
  if (closed != batch->closed) batch->after = 0;
  batch->closed = closed;
  batch->count = 0;
  if (batch->person == 0) batch->person = person_put_program(db, PROGRAM_EMAIL, PROGRAM_NAME, ROLE_ADMINISTRATOR, err);
  return batch->person != 0;
}

static bool run_batch(struct db *db, struct writer_job *job, struct err *err) {
  struct batch *batch = job->context;
  struct err own = {0};
  int64_t ids[BATCH];
  if (!begin_batch(db, batch, err)) return false;
  struct stmt *stmt = batch->closed ? closing_list_begun(db, batch->round, batch->after, BATCH)
                                    : closing_list_frozen(db, batch->round, batch->after, BATCH);
  while (batch->count < BATCH && closing_next_id(stmt, &ids[batch->count], &own)) batch->count++;
  stmt_end(stmt);
  for (int i = 0; i < batch->count && own.code == ERR_NONE; i++) {
    struct arena *arena = arena_new();
    if (batch->closed ? freeze(db, ids[i], batch->person, arena, &own) : closing_thaw(db, ids[i], &own))
      disposition_keep(db, ids[i], &own);
    arena_free(arena);
    batch->after = ids[i];
  }
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

bool closing_finish(struct writer *writer, const char *round, struct err *err) {
  struct batch batch = {.round = round};
  do {
    struct writer_job job = {.run = run_batch, .context = &batch};
    if (!writer_run(writer, &job, err)) return false;
  } while (batch.count == BATCH);
  return true;
}

bool closing_resume(struct writer *writer, const char *folder, struct err *err) {
  struct arena *arena = arena_new();
  struct err own = {0};
  const char *round, *rounds[16];
  bool closed;
  size_t count = 0;
  struct db *db = db_open(folder, DB_READ, &own);
  struct stmt *stmt = db != NULL ? closing_list_unfinished(db) : NULL;
  while (stmt != NULL && count < sizeof rounds / sizeof *rounds && closing_next_unfinished(stmt, &round, &closed, &own))
    rounds[count++] = arena_copy(arena, round);
  if (stmt != NULL) stmt_end(stmt);
  db_close(db);
  for (size_t i = 0; i < count && own.code == ERR_NONE; i++) closing_finish(writer, rounds[i], &own);
  arena_free(arena);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}
