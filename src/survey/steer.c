#include "survey/steer.h"

#include <string.h>

#include "store/extension.h"
#include "store/institution.h"
#include "store/round.h"

static bool find_round(struct db *db, const struct actor *actor, const char *id, struct arena *arena,
                       struct steer_place *out, struct err *err) {
  struct round round;
  struct err own = {0};
  bool found = false;
  struct stmt *stmt = round_list(db, actor->language);
  while (!found && round_next(stmt, &round, &own)) found = id[0] == '\0' || strcmp(id, round.id) == 0;
  if (found) {
    out->round = arena_copy(arena, round.id);
    out->title = arena_copy(arena, round.title);
    out->opens = arena_copy(arena, round.opens);
    out->deadline = arena_copy(arena, round.deadline);
    out->deadline_ms = round.deadline_ms;
    out->closed_ms = round.closed_ms;
  }
  stmt_end(stmt);
  if (own.code != ERR_NONE) return err_set(err, own.code, "%s", own.text);
  return found || err_set(err, ERR_NOT_FOUND, "there is no such round");
}

static bool find_institution(struct db *db, int64_t id, struct arena *arena, struct steer_place *out, struct err *err) {
  struct institution_of_round found;
  struct terms terms;
  struct stmt *stmt;
  struct err own = {0};
  bool asked = terms_find(db, out->round, id, &stmt, &terms, &own);
  stmt_end(stmt);
  bool ok = asked && institution_get(db, id, out->round, &stmt, &found, &own);
  if (ok) {
    out->name = arena_copy(arena, found.institution.name);
    out->abbreviation = arena_copy(arena, found.institution.abbreviation);
  }
  if (asked) stmt_end(stmt);
  if (own.code != ERR_NONE) return err_set(err, own.code, "%s", own.text);
  return ok || err_set(err, ERR_NOT_FOUND, "there is no such institution in the round");
}

bool steer_find(struct db *db, const struct actor *actor, const char *round, int64_t institution, struct arena *arena,
                struct steer_place *out, struct err *err) {
  *out = (struct steer_place){.institution = institution, .name = "", .abbreviation = ""};
  if (!rights_allow(actor, ACTION_STEER, institution)) return err_set(err, ERR_NOT_FOUND, "there is no such round");
  return find_round(db, actor, round, arena, out, err) &&
         (institution == 0 || find_institution(db, institution, arena, out, err));
}
