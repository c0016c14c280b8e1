#include "survey/place.h"

#include <string.h>

#include "base/clock.h"
#include "survey/work.h"

bool place_keep(struct db *db, const struct actor *actor, int64_t response, const char *section, const char *key,
                struct err *err) {
  struct arena *arena = arena_new();
  struct place place = {.person = actor->person, .response = response, .section = section, .key = key};
  const struct work *work = work_peek(db, actor, response, arena, err);
  bool ok = work != NULL;
  place.changed_ms = clock_now_ms();
  if (ok && form_find_section(work->item.form, section) >= 0) ok = place_put(db, &place, err);
  arena_free(arena);
  return ok;
}

/* The field, as far as it is still there and asked. */
static void find_field(const struct work *work, int section, const char *key, struct arena *arena,
                       struct place_resume *out) {
  const struct form *form = work->item.form;
  size_t len = strcspn(key, ":");
  const char *id = arena_copy_len(arena, key, len), *row_id = key[len] == ':' ? key + len + 1 : "";
  int question = form_find(form, id), row = -1;
  if (question < 0 || form->questions[question].section != section) return;
  int roster = form->questions[question].roster;
  if ((roster < 0) != (row_id[0] == '\0')) return;
  if (roster >= 0) row = response_find_row(work->response, roster, row_id);
  if ((roster >= 0 && row < 0) || !state_relevant(work->state, question, row)) return;
  out->question = id;
  out->row = row_id;
}

bool place_find(struct db *db, const struct actor *actor, const struct place *known, struct arena *arena,
                struct place_resume *out, struct err *err) {
  struct place place;
  struct err own = {0};
  if (!rights_allow(actor, ACTION_FILL, actor->institution)) return false;
  bool found = place_get(db, actor->person, arena, &place, err);
  if (known != NULL && (!found || known->changed_ms >= place.changed_ms)) place = *known;
  else if (!found) return false;
  const struct work *work = work_open(db, actor, place.response, arena, &own);
  if (work == NULL) return own.code == ERR_NOT_FOUND ? false : err_set(err, own.code, "%s", own.text);
  int section = form_find_section(work->item.form, place.section);
  if (!work->editable || section < 0 || !state_section_relevant(work->state, section)) return false;
  *out = (struct place_resume){.response = place.response, .section = place.section, .question = "", .row = ""};
  find_field(work, section, place.key, arena, out);
  return true;
}
