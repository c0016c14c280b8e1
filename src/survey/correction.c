#include "survey/correction.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/secret.h"
#include "base/utf8.h"
#include "form/load.h"
#include "store/correction.h"
#include "store/event.h"
#include "store/questionnaire.h"
#include "survey/correction_parts.h"
#include "survey/forms.h"

const char *correction_refusal_name(enum correction_refusal refusal) {
  static const char *const names[] = {"good", "findings", "other", "same", "label", "closed"};
  return names[refusal];
}

/* The order in which things are refused is that in which a person puts them right. */
static bool judge(struct db *db, const char *round, const struct form *form, struct correction_preview *out,
                  struct err *err) {
  bool closed, used;
  out->refusal = CORRECTION_GOOD;
  if (!correction_current(db, round, form != NULL ? form->id : "", &out->current, &closed, err)) return false;
  if (closed) out->refusal = CORRECTION_CLOSED;
  else if (form == NULL || findings_count(out->findings) > 0) out->refusal = CORRECTION_FINDINGS;
  else if (out->current == 0) out->refusal = CORRECTION_OTHER;
  if (out->refusal != CORRECTION_GOOD) return true;
  const struct form *now = forms_get(db, out->current, err);
  if (now == NULL || !correction_label_used(db, form->id, form->version, out->hash, &used, err)) return false;
  out->old_label = now->version;
  if (strcmp(now->hash, out->hash) == 0) out->refusal = CORRECTION_SAME;
  else if (used) out->refusal = CORRECTION_LABEL;
  return true;
}

bool correction_judge(struct db *db, const char *round, const char *text, size_t len, struct form **form,
                      struct correction_preview *out, struct err *err) {
  *out = (struct correction_preview){0};
  out->findings = findings_new("questionnaire");
  secret_hash(text, len, out->hash);
  if (len <= FORM_FILE_MAX) *form = form_load(text, len, out->findings);
  else findings_add(out->findings, 1, 1, 1, NULL, "the text has %zu bytes; at most %d are read", len, FORM_FILE_MAX);
  if (*form != NULL) {
    out->questionnaire = (*form)->id;
    out->new_label = (*form)->version;
  }
  if (judge(db, round, *form, out, err)) return true;
  findings_free(out->findings);
  out->findings = NULL;
  return false;
}

bool correction_refuse(const struct correction_preview *judged, const char *round, struct err *err) {
  const struct finding *first;
  switch (judged->refusal) {
    case CORRECTION_GOOD:
    case CORRECTION_SAME:
      return false;
    case CORRECTION_FINDINGS:
      first = findings_get(judged->findings, 0);
      err_set_at(err, ERR_INPUT, "", first->line, first->column, "%s", first->text);
      break;
    case CORRECTION_OTHER:
      err_set(err, ERR_INPUT, "round %s has no questionnaire \"%s\"", round, judged->questionnaire);
      break;
    case CORRECTION_LABEL:
      err_set(err, ERR_INPUT, "another text is version \"%s\" of %s already; give this one a label of its own",
              judged->new_label, judged->questionnaire);
      break;
    case CORRECTION_CLOSED:
      err_set(err, ERR_LOCKED, "round %s is closed", round);
      break;
  }
  return true;
}

static bool check_note(const char *note, struct err *err) {
  size_t len = strlen(note);
  bool good = utf8_check(note, len, NULL) && utf8_count(note, len) <= CORRECTION_NOTE_MAX;
  return good || err_set(err, ERR_INPUT, "a note has up to %d characters", CORRECTION_NOTE_MAX);
}

/* A correction for each version that responses are moved from, so that each of them finds its own difference; the one that
 * is asked with now is among them also when nobody is on it. */
static bool add_corrections(struct db *db, const struct stored_correction *like, int64_t current, struct err *err) {
  struct correction_version version;
  struct err own = {0};
  struct arena *arena = arena_new();
  size_t count = 0, cap = 16;
  int64_t *olds = arena_array(arena, cap, sizeof *olds);
  struct stmt *stmt = correction_versions(db, like->round);
  while (correction_next_version(stmt, &version, &own)) {
    if (strcmp(version.questionnaire, like->questionnaire) != 0 || version.version_id == like->new_version) continue;
    if (version.version_id != current && version.fresh + version.begun + version.locked == 0) continue;
    if (count == cap) {
      int64_t *more = arena_array(arena, 2 * cap, sizeof *more);
      memcpy(more, olds, count * sizeof *more);
      olds = more;
      cap *= 2;
    }
    olds[count++] = version.version_id;
  }
  stmt_end(stmt);
  for (size_t i = 0; i < count && own.code == ERR_NONE; i++) {
    struct stored_correction correction = *like;
    correction.old_version = olds[i];
    correction_add(db, &correction, &own);
  }
  arena_free(arena);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

static bool publish(struct db *db, const struct actor *actor, const struct correction_order *order,
                    const struct correction_preview *judged, const struct form *form, struct err *err) {
  struct arena *arena = arena_new();
  struct stored_correction correction = {
      .round = order->round,
      .questionnaire = form->id,
      .new_version = forms_publish(db, order->text, order->len, err),
      .note = order->note,
      .person = actor->person,
      .created_ms = clock_now_ms(),
  };
  const char *detail = arena_printf(arena, "%s: %s → %s", form->title.in[0], judged->old_label, form->version);
  bool ok = correction.new_version != 0 && add_corrections(db, &correction, judged->current, err) &&
            correction_set_current(db, order->round, form->id, correction.new_version, err) &&
            event_add(db, actor->person, "correction", arena_printf(arena, "round %s", order->round), detail, err);
  arena_free(arena);
  return ok;
}

bool correction_publish(struct db *db, const struct actor *actor, const struct correction_order *order, bool *done,
                        struct err *err) {
  struct correction_preview judged;
  struct form *form = NULL;
  *done = false;
  if (!rights_allow(actor, ACTION_PUBLISH, 0)) return err_set(err, ERR_DENIED, "you may not publish questionnaires");
  if (!check_note(order->note, err)) return false;
  if (!correction_judge(db, order->round, order->text, order->len, &form, &judged, err)) return false;
  bool ok = !correction_refuse(&judged, order->round, err);
  if (ok && judged.refusal != CORRECTION_SAME) {
    if (order->current != 0 && order->current != judged.current)
      ok = err_set(err, ERR_CONFLICT, "another version of %s was published meanwhile", form->id);
    else ok = *done = publish(db, actor, order, &judged, form, err);
  }
  form_free(form);
  findings_free(judged.findings);
  return ok;
}
