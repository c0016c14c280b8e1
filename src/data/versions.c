#include "data/versions.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/log.h"
#include "form/load.h"
#include "store/questionnaire.h"
#include "store/round.h"
#include "store/version.h"

static void add_name(struct buf *names, const char *name) {
  if (names->len > 0) buf_puts(names, ", ");
  buf_puts(names, name);
}

/* True when the round exists; names gets what there is. */
static bool find_round(struct db *db, const char *id, struct buf *names, struct err *err) {
  struct stmt *stmt = round_list(db, "lv");
  struct round round;
  bool found = false;
  while (!found && round_next(stmt, &round, err)) {
    found = strcmp(round.id, id) == 0;
    add_name(names, round.id);
  }
  stmt_end(stmt);
  return found;
}

static bool find_questionnaire(struct db *db, const char *round, const char *id, struct buf *names, struct err *err) {
  struct stmt *stmt = version_questionnaires(db, round);
  const char *known;
  bool found = false;
  while (!found && version_next_questionnaire(stmt, &known, err)) {
    found = strcmp(known, id) == 0;
    add_name(names, known);
  }
  stmt_end(stmt);
  return found;
}

static bool check_names(struct db *db, const char *round, const char *questionnaire, struct err *err) {
  struct buf names = {0};
  bool ok = find_round(db, round, &names, err);
  if (!ok) {
    const char *known = names.len > 0 ? names.data : "none at all";
    err_set(err, ERR_NOT_FOUND, "there is no round '%s'; there is %s", round, known);
    goto out;
  }
  buf_reset(&names);
  ok = find_questionnaire(db, round, questionnaire, &names, err);
  if (!ok) {
    const char *known = names.len > 0 ? names.data : "none at all";
    err_set(err, ERR_NOT_FOUND, "round %s has no questionnaire '%s'; it has %s", round, questionnaire, known);
  }
out:
  buf_free(&names);
  return ok;
}

static bool list_versions(struct db *db, const char *round, const char *questionnaire, struct versions *versions,
                          struct err *err) {
  struct err failed = {0};
  struct stmt *stmt = version_list(db, round, questionnaire);
  int64_t id;
  while (version_next(stmt, &id, &failed)) {
    struct version *list = realloc(versions->list, ((size_t)versions->count + 1) * sizeof *list);
    if (list == NULL) log_out_of_memory();
    versions->list = list;
    versions->list[versions->count++] = (struct version){.id = id};
  }
  stmt_end(stmt);
  return failed.code == ERR_NONE || err_set(err, failed.code, "%s", failed.text);
}

static bool compile(struct db *db, struct version *version, struct err *err) {
  struct arena *arena = arena_new();
  struct questionnaire_version stored;
  bool ok = questionnaire_get(db, version->id, arena, &stored, err);
  if (ok) {
    struct findings *findings = findings_new(stored.questionnaire);
    version->form = form_load(stored.source, stored.source_len, findings);
    findings_free(findings);
    ok = version->form != NULL;
    if (!ok) {
      err_set(err, ERR_SYSTEM, "version %s of questionnaire %s was published but cannot be read any more",
              stored.version, stored.questionnaire);
    }
  }
  arena_free(arena);
  return ok;
}

struct versions *versions_load(struct db *db, const char *round, const char *questionnaire, struct err *err) {
  if (!check_names(db, round, questionnaire, err)) return NULL;
  struct versions *versions = calloc(1, sizeof *versions);
  if (versions == NULL) log_out_of_memory();
  bool ok = list_versions(db, round, questionnaire, versions, err);
  for (int i = 0; ok && i < versions->count; i++) ok = compile(db, &versions->list[i], err);
  if (ok) return versions;
  versions_free(versions);
  return NULL;
}

void versions_free(struct versions *versions) {
  if (versions == NULL) return;
  for (int i = 0; i < versions->count; i++) form_free(versions->list[i].form);
  free(versions->list);
  free(versions);
}
