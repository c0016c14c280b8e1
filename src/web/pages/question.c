#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "survey/talk.h"
#include "web/locale.h"
#include "web/pages/pages.h"
#include "web/query_view.h"
#include "web/section_view.h"
#include "web/steer_view.h"

/* A question's page, and what came of a change that was made there. */
struct question_page {
  struct request *request;
  const struct work *work;
  const char *question, *row; /* ids */
  int index, row_index;
  struct talk talk;
  const struct work_past *versions;
  size_t version_count;
};

static const char *moment(struct request *request, int64_t ms) {
  return locale_time(ms, LOCALE_DATE_TIME, request->language, request->arena);
}

/* False when the reply is made. */
static bool open_question(struct request *request, const char *question, const char *row, struct question_page *page) {
  struct err err = {0};
  *page = (struct question_page){.request = request, .question = question, .row = row};
  page->work = open_response(request);
  if (page->work == NULL) return false;
  bool ok = talk_read(request_db(request), request->actor, page->work, page->question, row, request->arena, &page->talk,
                      &err);
  if (ok) page->version_count = work_history(request_db(request), request->actor, page->work->item.response,
                                             page->question, row, request->arena, &page->versions, &err);
  if (err.code != ERR_NONE) {
    reply_error(request, &err);
    return false;
  }
  page->index = form_find(page->work->item.form, page->question);
  page->row_index = work_find_row(page->work, page->index, row);
  return true;
}

/* ---- showing */

/* What is stored: the newest that is no rival; NULL when there is none. */
static const struct work_past *stored_version(const struct question_page *page) {
  for (size_t i = 0; i < page->version_count; i++)
    if (page->versions[i].kind == PAST_VERSION) return &page->versions[i];
  return NULL;
}

/* A value that came too late: whether it was chosen, and by whom. */
static void rival_view(struct request *request, struct view *item, const struct work_past *past) {
  static const char *const tags[] = {
      [PAST_OPEN] = "history.open", [PAST_LEFT] = "history.left", [PAST_CHOSEN] = "history.chosen"};
  const char *key = tags[past->kind];
  view_text(item, "tag", key == NULL ? "" : request_message(request, key, NULL));
  view_bool(item, "to_choose", past->kind == PAST_OPEN);
  view_bool(item, "settled", past->settled_ms != 0);
  view_text(item, "settler", past->settled_by);
  view_text(item, "settled_when", moment(request, past->settled_ms));
}

static void version_view(const struct question_page *page, struct view *view, size_t i) {
  struct request *request = page->request;
  const struct work_past *past = &page->versions[i];
  struct view *item = view_item(view, "versions");
  view_text(item, "when", locale_time(past->changed_ms, LOCALE_MOMENT, request->language, request->arena));
  view_text(item, "who", steer_person(request, past->person, past->on_behalf));
  view_text(item, "value", past->value);
  view_int(item, "version", past->version);
  view_bool(item, "invalid", past->invalid);
  view_bool(item, "current_version", past == stored_version(page));
  rival_view(request, item, past);
  view_bool(item, "restorable", past->differs && page->work->editable);
}

static void flag_view(const struct question_page *page, struct view *view) {
  const struct talk *talk = &page->talk;
  view_bool(view, "flagged", talk->flagged);
  view_text(view, "raised_by", talk->raised_by);
  view_text(view, "raised", moment(page->request, talk->raised_ms));
  view_text(view, "lowered_by", talk->lowered_by);
  view_text(view, "lowered", moment(page->request, talk->lowered_ms));
}

static void notes_view(const struct question_page *page, struct view *view) {
  struct request *request = page->request;
  bool expert = request->actor->role == ROLE_EXPERT;
  view_bool(view, "sees_notes", page->work->among);
  view_text(view, "notes_who", request_message(request, expert ? "talk.notes_experts" : "talk.notes_contacts", NULL));
  view_list(view, "note_list");
  for (size_t i = 0; i < page->talk.note_count; i++) {
    const struct talk_note *note = &page->talk.notes[i];
    struct view *item = view_item(view, "note_list");
    view_int(item, "note_id", note->id);
    view_text(item, "note", note->text);
    view_text(item, "who", note->person);
    view_text(item, "when", moment(request, note->created_ms));
    view_bool(item, "own", note->own && page->work->editable);
  }
  view_int(view, "notes", (int64_t)page->talk.note_count);
  view_text(view, "notes_text", request_message(request, page->talk.note_count > 0 ? "talk.count" : "talk.note", view));
}

static void question_view(const struct question_page *page, struct view *view) {
  struct arena *arena = page->request->arena;
  const struct form *form = page->work->item.form;
  const struct form_question *q = &form->questions[page->index];
  const char *query = page->row[0] != '\0' ? arena_printf(arena, "?row=%s", page->row) : "";
  const char *base = arena_printf(arena, "/r/%lld", (long long)page->work->item.response);
  const char *key = section_key(form, page->work->response, page->index, page->row_index, arena);
  const struct work_past *stored = stored_version(page);
  const char *answer = stored != NULL ? stored->value : "";
  view_text(view, "text", q->text.in[form_language(form, page->request->language)]);
  view_text(view, "row", page->row);
  view_text(view, "row_label",
            page->row_index < 0 ? "" : response_row(page->work->response, q->roster, page->row_index)->label);
  view_text(view, "key", key);
  view_int(view, "version", stored != NULL ? stored->version : 0);
  view_text(view, "link", arena_printf(arena, "%s/h/%s%s", base, q->id, query));
  view_text(view, "action", arena_printf(arena, "%s/h/%s", base, q->id));
  view_text(view, "back", arena_printf(arena, "%s/s/%s%s#q-%s", base, form->sections[q->section].id, query, key));
  view_bool(view, "empty", answer[0] == '\0');
  view_text(view, "answer", answer[0] != '\0' ? answer : request_message(page->request, "answer.empty", NULL));
}

/* What coordinators ask about the answer; the mark is what stands beside it on the form. */
static bool queries_view(const struct question_page *page, struct view *view, const struct query_refusal *refusal,
                         struct err *err) {
  struct request *request = page->request;
  const struct work *work = page->work;
  int mark = query_mark_state(request->actor, work, work_talk(work, page->index, page->row_index));
  if (!query_list_view(request, view, work, page->question, page->row, "question", refusal, err)) return false;
  view_text(view, "mark", mark < 0 ? "" : query_state_name((enum query_state)mark));
  view_text(view, "mark_text", query_mark_text(request, work, mark));
  view_bool(view, "has_queries", mark >= 0 || query_may_ask(request->actor, work));
  return true;
}

/* said: what was done, wrong: what was not, in words, ""; typed: a note that could not be added; refusal: words about a query
 * that could not be taken, NULL. */
static void show_all(const struct question_page *page, int status, const char *said, const char *wrong, const char *typed,
                     const struct query_refusal *refusal) {
  struct request *request = page->request;
  struct view *view = view_new(request->arena);
  struct err err = {0};
  view_text(view, "number", page->work->item.form->questions[page->index].number);
  page_frame(request, view, "question.title");
  question_view(page, view);
  flag_view(page, view);
  notes_view(page, view);
  view_bool(view, "editable", page->work->editable);
  view_bool(view, "talks", page->work->editable && page->work->among);
  view_text(view, "said", said);
  view_text(view, "wrong", wrong);
  view_text(view, "typed_note", typed);
  view_list(view, "versions");
  for (size_t i = 0; i < page->version_count; i++) version_view(page, view, i);
  if (queries_view(page, view, refusal, &err)) reply_page(request, status, "question_page", view);
  else reply_error(request, &err);
}

static void show(const struct question_page *page, int status, const char *said, const char *wrong, const char *typed) {
  show_all(page, status, said, wrong, typed, NULL);
}

void question_show_refusal(struct request *request, const char *question, const char *row, int status,
                           const struct query_refusal *refusal) {
  struct question_page page;
  if (open_question(request, question, row, &page)) show_all(&page, status, "", refusal->wrong, "", refusal);
}

const char *talk_said(struct request *request) {
  static const char *const known[] = {"note",         "back",        "raised",      "lowered",    "restored",     "query",
                                      "query_answer", "query_reply", "query_close", "query_send", "query_dismiss"};
  const char *said = request_query(request, "said");
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (strcmp(said, known[i]) == 0) return request_message(request, arena_printf(request->arena, "talk.said_%s", said), NULL);
  return "";
}

void page_question(struct request *request) {
  struct question_page page;
  if (open_question(request, request->params[1], request_query(request, "row"), &page)) show(&page, 200, talk_said(request), "", "");
}

/* ---- changing */

enum question_action { ACT_NOTE, ACT_BACK, ACT_RAISE, ACT_LOWER, ACT_RESTORE, ACT_NONE };

/* What the pressed button is called, what is said when it is done, and where to look then. */
static const struct {
  const char *name, *said, *anchor;
} actions[] = {
    [ACT_NOTE] = {"note", "note", "notes"},     [ACT_BACK] = {"back:", "back", "notes"},
    [ACT_RAISE] = {"raise", "raised", "flag"},  [ACT_LOWER] = {"lower", "lowered", "flag"},
    [ACT_RESTORE] = {"restore:", "restored", "history"},
};

struct question_change {
  int64_t response;
  enum question_action action;
  const char *note;
  int64_t note_id;
  struct save_entry entry;
};

#define ID_LEN_MAX 64 /* bytes of a question's or a row's id */

bool question_fits_address(const char *id) { return id[strcspn(id, "&#?%/ ")] == '\0' && strlen(id) <= ID_LEN_MAX; }

static int to_version(const char *text) {
  long version = strtol(text, NULL, 10);
  return version < 0 || version > INT_MAX ? 0 : (int)version;
}

static struct question_change *read_change(struct request *request) {
  struct question_change *change = arena_alloc(request->arena, sizeof *change);
  const char *pressed = request_field(request, "do"), *colon = strchr(pressed, ':');
  size_t len = colon != NULL ? (size_t)(colon - pressed) + 1 : strlen(pressed);
  change->response = strtoll(request->params[0], NULL, 10);
  while (change->action < ACT_NONE && (strlen(actions[change->action].name) != len ||
                                       strncmp(actions[change->action].name, pressed, len) != 0)) change->action++;
  change->note = request_field(request, "note");
  change->note_id = change->action == ACT_BACK ? strtoll(pressed + len, NULL, 10) : 0;
  change->entry = (struct save_entry){
      .question = request->params[1],
      .row = request_field(request, "row"),
      .special = "",
      .restore = change->action == ACT_RESTORE ? to_version(pressed + len) : 0,
      .seen = to_version(request_field(request, "seen")),
  };
  return change;
}

static bool restore(struct db *db, struct request *request, struct question_change *change, struct err *err) {
  if (change->entry.restore == 0) return err_set(err, ERR_INPUT, "no version to restore");
  if (!work_save(db, request->actor, change->response, &change->entry, 1, request->arena, err)) return false;
  return change->entry.result != SAVE_REFUSED || err_set(err, ERR_NOT_FOUND, "there is no such version");
}

static bool run_change(struct db *db, struct request *request, void *context, struct err *err) {
  struct question_change *change = context;
  const char *question = change->entry.question, *row = change->entry.row;
  if (!question_fits_address(row)) return err_set(err, ERR_NOT_FOUND, "there is no such row");
  switch (change->action) {
    case ACT_NOTE: return talk_add_note(db, request->actor, change->response, question, row, change->note, err);
    case ACT_BACK: return talk_remove_note(db, request->actor, change->response, change->note_id, err);
    case ACT_RAISE: return talk_set_flag(db, request->actor, change->response, question, row, true, err);
    case ACT_LOWER: return talk_set_flag(db, request->actor, change->response, question, row, false, err);
    case ACT_RESTORE: return restore(db, request, change, err);
    case ACT_NONE: break;
  }
  return err_set(err, ERR_INPUT, "there is no such button");
}

/* A note that was typed is not lost: the page shows it again and says why it was not added. */
static void note_refused(struct request *request, const struct question_change *change, const struct err *err) {
  struct question_page page;
  bool blank = change->note[strspn(change->note, " \t\r\n")] == '\0';
  int status = 500;
  const char *key = "error.system.text";
  if (err->code == ERR_INPUT) status = 400, key = blank ? "talk.note_empty" : "talk.note_refused";
  if (err->code == ERR_LOCKED) status = 409, key = "talk.note_locked";
  if (err->code == ERR_FULL) status = 507, key = "error.full.text";
  if (open_question(request, change->entry.question, change->entry.row, &page)) show(&page, status, "", request_message(request, key, NULL), change->note);
}

/* Somebody else was quicker: the page shows the history as it is now. */
static void came_late(struct request *request, const struct question_change *change) {
  struct question_page page;
  struct view *view = view_new(request->arena);
  view_text(view, "who", change->entry.person);
  view_text(view, "when", moment(request, change->entry.changed_ms));
  if (open_question(request, change->entry.question, change->entry.row, &page)) show(&page, 409, "", request_message(request, "talk.late", view), "");
}

static void changed(struct request *request, void *context, const struct err *err) {
  struct question_change *change = context;
  bool keeps_note = err->code == ERR_INPUT || err->code == ERR_LOCKED || err->code == ERR_FULL || err->code == ERR_SYSTEM;
  if (err->code != ERR_NONE && change->action == ACT_NOTE && keeps_note) {
    note_refused(request, change, err);
  } else if (err->code != ERR_NONE) {
    reply_error(request, err);
  } else if (change->action == ACT_RESTORE && change->entry.result == SAVE_CONFLICT) {
    came_late(request, change);
  } else {
    const char *row = change->entry.row;
    reply_redirect(request, arena_printf(request->arena, "/r/%lld/h/%s?%s%s%ssaid=%s#%s", (long long)change->response,
                                         change->entry.question, row[0] != '\0' ? "row=" : "", row,
                                         row[0] != '\0' ? "&" : "", actions[change->action].said,
                                         actions[change->action].anchor));
  }
}

void page_question_change(struct request *request) {
  if (steer_may_post(request)) request_write(request, run_change, changed, read_change(request));
}
