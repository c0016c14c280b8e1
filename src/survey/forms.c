#include "survey/forms.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/secret.h"
#include "form/findings.h"
#include "form/load.h"
#include "store/questionnaire.h"

/* The cache goes by the content's hash: the same text is the same form in every database a process may open. */
struct entry {
  char hash[SECRET_HASH_LEN + 1];
  const struct form *form;
  struct entry *next;
};

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static struct entry *entries;

static const struct form *find(const char *hash) {
  pthread_rwlock_rdlock(&lock);
  const struct entry *entry = entries;
  while (entry != NULL && strcmp(entry->hash, hash) != 0) entry = entry->next;
  pthread_rwlock_unlock(&lock);
  return entry != NULL ? entry->form : NULL;
}

/* Takes the form; when another thread was faster, its form is the one that stays. */
static const struct form *keep_take(const char *hash, struct form *form) {
  struct entry *entry = calloc(1, sizeof *entry);
  if (entry == NULL) log_out_of_memory();
  memcpy(entry->hash, hash, SECRET_HASH_LEN);
  entry->form = form;
  pthread_rwlock_wrlock(&lock);
  const struct entry *other = entries;
  while (other != NULL && strcmp(other->hash, hash) != 0) other = other->next;
  if (other == NULL) {
    entry->next = entries;
    entries = entry;
  }
  pthread_rwlock_unlock(&lock);
  if (other == NULL) return form;
  form_free(form);
  free(entry);
  return other->form;
}

const struct form *forms_get_hash(struct db *db, int64_t version_id, const char *hash, struct err *err) {
  const struct form *form = find(hash);
  if (form != NULL) return form;
  struct arena *arena = arena_new();
  struct findings *findings = findings_new("published questionnaire");
  struct questionnaire_version version;
  if (questionnaire_get(db, version_id, arena, &version, err)) {
    /* Findings do not matter here: it was published when there were none. */
    struct form *loaded = form_load(version.source, version.source_len, findings);
    if (loaded != NULL) form = keep_take(hash, loaded);
    else err_set(err, ERR_SYSTEM, "questionnaire %s %s is stored but cannot be read", version.questionnaire, version.version);
  }
  findings_free(findings);
  arena_free(arena);
  return form;
}

const struct form *forms_get(struct db *db, int64_t version_id, struct err *err) {
  struct arena *arena = arena_new();
  const char *hash = questionnaire_hash(db, version_id, arena, err);
  const struct form *form = hash != NULL ? forms_get_hash(db, version_id, hash, err) : NULL;
  arena_free(arena);
  return form;
}

static int64_t publish(struct db *db, const char *text, size_t len, const char *hash, struct err *err) {
  struct findings *findings = findings_new("questionnaire");
  struct form *form = form_load(text, len, findings);
  int64_t id = 0;
  size_t count = findings_count(findings);
  if (count > 0) {
    const struct finding *first = findings_get(findings, 0);
    if (count == 1) err_set_at(err, ERR_INPUT, "", first->line, first->column, "%s", first->text);
    else err_set_at(err, ERR_INPUT, "", first->line, first->column, "%s (and %zu more)", first->text, count - 1);
  } else if (form != NULL) {
    struct questionnaire_version version = {
        .questionnaire = form->id, .version = form->version, .hash = hash, .source = text, .source_len = len};
    id = questionnaire_add(db, &version, err);
  }
  form_free(form);
  findings_free(findings);
  return id;
}

int64_t forms_publish(struct db *db, const char *text, size_t len, struct err *err) {
  char hash[SECRET_HASH_LEN + 1];
  struct err own = {0};
  secret_hash(text, len, hash);
  int64_t id = questionnaire_find(db, hash, &own);
  if (id == 0 && own.code == ERR_NONE) id = publish(db, text, len, hash, &own);
  if (id == 0) err_set_at(err, own.code, own.where, own.line, own.column, "%s", own.text);
  return id;
}
