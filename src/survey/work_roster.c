#include <string.h>

#include "store/event.h"
#include "store/roster.h"
#include "survey/text.h"
#include "survey/work_answers.h"

#define LABEL_CHARACTERS_MAX 500

/* The label without white space around it; NULL with ERR_INPUT when it is none. */
static const char *clean_label(const char *label, struct arena *arena, struct err *err) {
  const char *text = text_line(label, LABEL_CHARACTERS_MAX, arena);
  if (text != NULL && text[0] != '\0') return text;
  err_set(err, ERR_INPUT, "a row's name has 1 to %d characters in one line", LABEL_CHARACTERS_MAX);
  return NULL;
}

/* The roster's number, -1 with err. */
static int find_roster(const struct work *work, const char *roster, struct err *err) {
  int container = form_find_roster(work->item.form, roster);
  if (container >= 0) return work->item.form->containers[container].roster;
  err_set(err, ERR_NOT_FOUND, "there is no roster \"%s\"", roster);
  return -1;
}

const char *work_add_row(struct db *db, const struct actor *actor, int64_t response_id, const char *roster,
                         const char *label, struct arena *arena, struct err *err) {
  struct work *work = work_load_to_change(db, actor, response_id, arena, err);
  return work != NULL ? work_put_row(db, work, actor, roster, label, arena, err) : NULL;
}

const char *work_put_row(struct db *db, struct work *work, const struct actor *actor, const char *roster,
                         const char *label, struct arena *arena, struct err *err) {
  int64_t response_id = work->item.response;
  int number = find_roster(work, roster, err);
  const char *text = number >= 0 ? clean_label(label, arena, err) : NULL;
  int position = text != NULL ? roster_count(db, response_id, roster, err) : -1;
  if (position < 0) return NULL;
  const char *id = arena_printf(arena, "r%d", position + 1); /* rows are never deleted, so it is new */
  if (response_add_row(work->response, number, id, text) < 0) {
    err_set(err, ERR_TOO_LARGE, "a roster has at most %d rows", RESPONSE_ROWS_MAX);
    return NULL;
  }
  struct roster_row row = {roster, id, text};
  bool ok = roster_add(db, response_id, &row, position, actor->person, err) &&
            event_add_response(db, actor->person, "row-add", response_id,
                               arena_printf(arena, "%s %s: %s", roster, id, text), err) &&
            work_keep_progress(db, work, arena, err);
  return ok ? id : NULL;
}

/* Finds a row that is not removed; its index, -1 with err. */
static int find_row(const struct work *work, const char *roster, const char *row, struct err *err) {
  int number = find_roster(work, roster, err);
  int index = number >= 0 ? response_find_row(work->response, number, row) : -1;
  if (index < 0) err_set(err, ERR_NOT_FOUND, "there is no row \"%s\" in \"%s\"", row, roster);
  return index;
}

static const char *row_label(const struct work *work, const char *roster, int index) {
  int container = form_find_roster(work->item.form, roster);
  return response_row(work->response, work->item.form->containers[container].roster, index)->label;
}

bool work_rename_row(struct db *db, const struct actor *actor, int64_t response_id, const char *roster, const char *row,
                     const char *label, struct err *err) {
  struct arena *arena = arena_new();
  bool ok = false;
  struct work *work = work_load_to_change(db, actor, response_id, arena, err);
  int index = work != NULL ? find_row(work, roster, row, err) : -1;
  const char *text = index >= 0 ? clean_label(label, arena, err) : NULL;
  if (text == NULL) goto out;
  const char *old = row_label(work, roster, index);
  struct roster_row renamed = {roster, row, text};
  ok = strcmp(old, text) == 0 ||
       (roster_rename(db, response_id, &renamed, actor->person, err) &&
        event_add_response(db, actor->person, "row-rename", response_id,
                           arena_printf(arena, "%s %s: %s, before: %s", roster, row, text, old), err) &&
        work_keep_progress(db, work, arena, err));
out:
  arena_free(arena);
  return ok;
}

bool work_remove_row(struct db *db, const struct actor *actor, int64_t response_id, const char *roster, const char *row,
                     struct err *err) {
  struct arena *arena = arena_new();
  bool ok = false;
  struct work *work = work_load_to_change(db, actor, response_id, arena, err);
  int index = work != NULL ? find_row(work, roster, row, err) : -1;
  if (index < 0) goto out;
  const char *detail = arena_printf(arena, "%s %s: %s", roster, row, row_label(work, roster, index));
  ok = roster_remove(db, response_id, roster, row, err) &&
       event_add_response(db, actor->person, "row-remove", response_id, detail, err);
  /* The response in memory cannot lose a row: it is read again. */
  if (ok) work = work_load_to_change(db, actor, response_id, arena, err);
  ok = ok && work != NULL && work_keep_progress(db, work, arena, err);
out:
  arena_free(arena);
  return ok;
}
