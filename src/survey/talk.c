#include "survey/talk.h"

#include <inttypes.h>
#include <string.h>

#include "store/assignment.h"
#include "store/event.h"
#include "store/flag.h"
#include "store/note.h"
#include "store/stored_response.h"
#include "survey/people.h"
#include "survey/tell.h"
#include "survey/text.h"
#include "survey/work_answers.h"

/* True for a place that people answer. */
static bool check_place(const struct work *work, const char *question, const char *row, struct err *err) {
  const struct form *form = work->item.form;
  int index = form_find(form, question);
  bool there = index >= 0 && form_is_answerable(&form->questions[index]) && work_find_row(work, index, row) != -2;
  return there || err_set(err, ERR_NOT_FOUND, "there is no question \"%s\" in a row \"%s\"", question, row);
}

/* ---- looking */

static bool read_notes(struct db *db, const struct actor *actor, int64_t response, const char *question, const char *row,
                       struct arena *arena, struct talk *out, struct err *err) {
  struct note note;
  struct talk_note *list = NULL;
  size_t count = 0, cap = 0;
  struct err own = {0};
  struct stmt *stmt = note_list(db, response, question, row);
  while (note_next(stmt, &note, &own)) {
    if (count == cap) {
      cap = cap > 0 ? cap * 2 : 8;
      struct talk_note *more = arena_array(arena, cap, sizeof *more);
      if (count > 0) memcpy(more, list, count * sizeof *more);
      list = more;
    }
    list[count++] = (struct talk_note){
        .id = note.id,
        .text = arena_copy(arena, note.text),
        .person = arena_copy(arena, note.person_name),
        .created_ms = note.created_ms,
        .own = note.person == actor->person,
    };
  }
  stmt_end(stmt);
  out->notes = list;
  out->note_count = count;
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

static bool read_flag(struct db *db, int64_t response, const char *question, const char *row, struct arena *arena,
                      struct talk *out, struct err *err) {
  struct err own = {0};
  struct stmt *stmt;
  struct flag flag;
  out->raised_by = out->lowered_by = "";
  if (flag_find(db, response, question, row, &stmt, &flag, &own)) {
    out->flagged = flag.lowered_ms == 0;
    out->raised_by = arena_copy(arena, flag.person_name);
    out->raised_ms = flag.raised_ms;
    out->lowered_by = arena_copy(arena, flag.lowered_by);
    out->lowered_ms = flag.lowered_ms;
  }
  stmt_end(stmt);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

bool talk_read(struct db *db, const struct actor *actor, const struct work *work, const char *question, const char *row,
               struct arena *arena, struct talk *out, struct err *err) {
  int64_t response = work->item.response;
  *out = (struct talk){.note_count = 0};
  if (!check_place(work, question, row, err)) return false;
  bool sees_notes = work->among && rights_allow(actor, ACTION_TALK, work->institution);
  return (!sees_notes || read_notes(db, actor, response, question, row, arena, out, err)) &&
         read_flag(db, response, question, row, arena, out, err);
}

/* ---- saying */

/* The response for somebody who is going to say something about it; NULL with err. */
static const struct work *load(struct db *db, const struct actor *actor, int64_t response, enum action action,
                               struct arena *arena, struct err *err) {
  const struct work *work = work_load_to_change(db, actor, response, arena, err);
  if (work == NULL || rights_allow(actor, action, work->institution)) return work;
  err_set(err, ERR_DENIED, "you may not say anything about this response");
  return NULL;
}

static bool was_said(const struct talk *talk, const char *text) {
  const struct talk_note *last = talk->note_count > 0 ? &talk->notes[talk->note_count - 1] : NULL;
  return last != NULL && last->own && strcmp(last->text, text) == 0;
}

bool talk_add_note(struct db *db, const struct actor *actor, int64_t response, const char *question, const char *row,
                   const char *text, struct err *err) {
  struct arena *arena = arena_new();
  struct talk talk;
  bool ok = false;
  const struct work *work = load(db, actor, response, ACTION_TALK, arena, err);
  if (work == NULL || !talk_read(db, actor, work, question, row, arena, &talk, err)) goto out;
  const char *note = text_lines(text, TALK_NOTE_MAX, arena);
  if (note == NULL || note[0] == '\0') {
    err_set(err, ERR_INPUT, "a note has 1 to %d characters", TALK_NOTE_MAX);
    goto out;
  }
  ok = was_said(&talk, note);
  if (ok) goto out;
  int64_t id = note_add(db, response, question, row, actor->person, note, err);
  ok = id != 0 && stored_response_talk(db, response, err) &&
       tell_note(db, actor, work, question, row, id, note, err);
out:
  arena_free(arena);
  return ok;
}

bool talk_remove_note(struct db *db, const struct actor *actor, int64_t response, int64_t note, struct err *err) {
  struct arena *arena = arena_new();
  bool ok = load(db, actor, response, ACTION_TALK, arena, err) != NULL &&
            note_remove(db, response, note, actor->person, err);
  if (ok && db_changes(db) == 0) ok = err_set(err, ERR_NOT_FOUND, "there is no such note of yours");
  ok = ok && stored_response_talk(db, response, err);
  arena_free(arena);
  return ok;
}

bool talk_set_flag(struct db *db, const struct actor *actor, int64_t response, const char *question, const char *row,
                   bool up, struct err *err) {
  struct arena *arena = arena_new();
  struct err own = {0};
  struct flag flag = {.number = 0};
  struct stmt *stmt;
  bool ok = false;
  const struct work *work = load(db, actor, response, ACTION_TALK, arena, err);
  if (work == NULL || !check_place(work, question, row, err)) goto out;
  bool is_up = flag_find(db, response, question, row, &stmt, &flag, &own) && flag.lowered_ms == 0;
  stmt_end(stmt);
  if (own.code != ERR_NONE) err_set(err, own.code, "%s", own.text);
  else if (is_up == up) ok = true;
  else ok = (up ? flag_raise(db, response, question, row, flag.number + 1, actor->person, err)
                : flag_lower(db, response, question, row, actor->person, err)) &&
            stored_response_talk(db, response, err);
out:
  arena_free(arena);
  return ok;
}

/* The section is theirs already, or nobody's for person 0: a second press of the button changes nothing. */
static bool is_given(struct db *db, int64_t response, const char *section, int64_t person, struct err *err) {
  struct assignment given;
  int64_t owner = 0;
  struct stmt *stmt = assignment_list(db, response);
  while (assignment_next(stmt, &given, err))
    if (strcmp(given.section, section) == 0) owner = given.person;
  stmt_end(stmt);
  return owner == person;
}

bool talk_assign(struct db *db, const struct actor *actor, int64_t response, const char *section, int64_t person,
                 struct err *err) {
  struct arena *arena = arena_new();
  bool ok = false;
  const struct work *work = load(db, actor, response, ACTION_COLLEAGUES, arena, err);
  if (work == NULL) goto out;
  int index = form_find_section(work->item.form, section);
  if (index < 0) {
    err_set(err, ERR_NOT_FOUND, "there is no section \"%s\"", section);
    goto out;
  }
  if (person != 0 && !people_find(db, person, work->institution, err)) goto out;
  struct err own = {0};
  ok = is_given(db, response, section, person, &own) && own.code == ERR_NONE;
  if (own.code != ERR_NONE) err_set(err, own.code, "%s", own.text);
  if (ok || own.code != ERR_NONE) goto out;
  ok = (person != 0 ? assignment_put(db, response, section, person, actor->person, err)
                    : assignment_remove(db, response, section, err)) &&
       event_add_response(db, actor->person, "assign", response,
                          arena_printf(arena, "%s: person %" PRId64, section, person), err) &&
       stored_response_talk(db, response, err) &&
       (person == 0 || tell_assigned(db, actor, work, index, person, err));
out:
  arena_free(arena);
  return ok;
}
