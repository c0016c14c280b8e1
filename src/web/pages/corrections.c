/* The questionnaires of a round with their versions, and publishing a corrected one: a text, what it would do, one press. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/secret.h"
#include "base/utf8.h"
#include "store/db.h"
#include "survey/correction.h"
#include "survey/field.h"
#include "survey/mover.h"
#include "survey/text.h"
#include "web/corrected_view.h"
#include "web/locale.h"
#include "web/pages/pages.h"

#define TEXT_MAX (1600 * 1024) /* bytes: the text comes back with the form that confirms it, and has to fit in */
#define HASH_SHOWN 12
#define SOURCE_SHOWN 160       /* bytes of a line with a mistake */

/* What was posted, and what becomes of it. */
struct correcting {
  const char *round, *note, *text;
  size_t len;
  const char *hash; /* of the text that was looked at, "" when this is the first look */
  int64_t current;
  bool too_large, nothing, long_note, changed; /* changed: what is confirmed is not what was looked at */
  struct correction_preview preview;
  bool done, looked;
};

/* ---- the list */

static const char *round_of(struct request *request, const char *wanted, struct err *err) {
  const struct field_round *rounds = NULL;
  size_t count = field_rounds(request_db(request), request->actor, request->arena, &rounds, err);
  for (size_t i = 0; i < count; i++)
    if (wanted[0] == '\0' || strcmp(rounds[i].id, wanted) == 0) return rounds[i].id;
  if (err->code == ERR_NONE) err_set(err, ERR_NOT_FOUND, "no round %s", wanted);
  return NULL;
}

static void version_view(struct request *request, struct view *item, const struct correction_listed *row) {
  view_text(item, "form_title", row->title);
  view_text(item, "label", row->label);
  view_text(item, "hash", arena_printf(request->arena, "%.*s", HASH_SHOWN, row->hash));
  view_bool(item, "current", row->current);
  view_text(item, "published", locale_time(row->published_ms, LOCALE_DATE_TIME, request->language, request->arena));
  view_int(item, "fresh", row->fresh);
  view_int(item, "begun", row->begun);
  view_int(item, "locked", row->locked);
  view_int(item, "waiting", row->waiting);
  view_int(item, "misfits", row->misfit_responses);
  view_text(item, "by", row->person);
  view_text(item, "note", row->note);
  view_bool(item, "corrected", row->corrected_ms != 0);
  view_text(item, "when", locale_time(row->corrected_ms, LOCALE_DATE_TIME, request->language, request->arena));
}

static bool list_view(struct request *request, struct view *view, const char *round, struct err *err) {
  const struct correction_listed *list = NULL;
  size_t count = correction_versions_of(request_db(request), request->actor, round, request->arena, &list, err);
  view_text(view, "round_id", round);
  view_list(view, "versions");
  view_bool(view, "has_versions", count > 0);
  for (size_t i = 0; i < count; i++) version_view(request, view_item(view, "versions"), &list[i]);
  return err->code == ERR_NONE;
}

/* ---- the difference and its effect */

static void changes_view(struct request *request, struct view *view, const struct correction_change *change) {
  view_list(view, "changes");
  for (; change != NULL; change = change->next) {
    struct view *item = view_item(view, "changes");
    view_text(item, "subject", change->subject);
    view_text(item, "change", corrected_change_name(request, change->change));
    bool type = strcmp(change->change, "added") == 0 || strcmp(change->change, "removed") == 0; /* said by the file's word */
    view_text(item, "detail", type ? "" : change->detail);
  }
}

static void question_view(struct request *request, struct view *item, const struct correction_question *question) {
  struct buf names = {0};
  for (int i = 0; i < question->institution_count; i++)
    buf_printf(&names, "%s%s", i > 0 ? "; " : "", question->institutions[i]);
  view_text(item, "number", question->number);
  view_text(item, "text", question->text);
  changes_view(request, item, question->changes);
  view_int(item, "responses", (int64_t)question->responses);
  view_int(item, "answers", (int64_t)question->answers);
  view_bool(item, "in_roster", question->in_roster && question->answers > 0);
  view_int(item, "fit", (int64_t)(question->answers - question->misfits));
  view_int(item, "misfits", (int64_t)question->misfits);
  view_int(item, "missing", (int64_t)question->missing);
  view_text(item, "names", arena_copy_len(request->arena, buf_text(&names), names.len));
  view_int(item, "others", (int64_t)question->misfit_responses - question->institution_count);
  buf_free(&names);
}

static void effect_view(struct request *request, struct view *view, const struct correction_preview *effect) {
  view_text(view, "form_title", effect->title);
  view_text(view, "old_label", effect->old_label);
  view_text(view, "new_label", effect->new_label);
  view_bool(view, "published_before", effect->published_before);
  changes_view(request, view, effect->changes);
  view_bool(view, "has_changes", effect->changes != NULL);
  view_list(view, "questions");
  view_bool(view, "has_questions", effect->question_count > 0);
  for (size_t i = 0; i < effect->question_count; i++)
    question_view(request, view_item(view, "questions"), &effect->questions[i]);
  view_int(view, "fresh", (int64_t)effect->fresh);
  view_int(view, "begun", (int64_t)effect->begun);
  view_int(view, "locked", (int64_t)effect->locked);
  view_int(view, "locked_misfits", (int64_t)effect->locked_misfits);
  view_int(view, "concerned", (int64_t)effect->concerned);
  view_int(view, "misfit_responses", (int64_t)effect->misfit_responses);
  view_int(view, "misfits", (int64_t)effect->misfits);
  view_int(view, "incomplete", (int64_t)effect->incomplete);
  view_int(view, "settled", (int64_t)effect->settled);
}

/* The line of the text, cut to what a page can show. */
static const char *source_line(struct request *request, const struct correcting *what, int line) {
  const char *at = what->text, *end = what->text + what->len;
  for (int i = 1; i < line && at < end; i++) {
    const char *next = memchr(at, '\n', (size_t)(end - at));
    at = next != NULL ? next + 1 : end;
  }
  size_t len = strcspn(at, "\r\n");
  if (len > SOURCE_SHOWN) len = utf8_cut(at, len, SOURCE_SHOWN);
  return arena_copy_len(request->arena, at, len);
}

static void findings_view(struct request *request, struct view *view, const struct correcting *what) {
  const struct findings *findings = what->preview.findings;
  bool wrong = what->looked && what->preview.refusal == CORRECTION_FINDINGS;
  size_t count = wrong ? findings_count(findings) : 0;
  view_list(view, "findings");
  view_bool(view, "has_findings", count > 0);
  view_int(view, "finding_count", (int64_t)(count + (wrong ? findings_dropped(findings) : 0)));
  for (size_t i = 0; i < count; i++) {
    const struct finding *finding = findings_get(findings, i);
    struct view *item = view_item(view, "findings");
    view_text(item, "place", arena_printf(request->arena, "%d:%d", finding->line, finding->column));
    view_text(item, "finding", finding->text);
    view_text(item, "source", source_line(request, what, finding->line));
  }
}

/* ---- pages */

static const char *problem_of(struct request *request, const struct correcting *what) {
  struct view *words = view_new(request->arena);
  const char *key = NULL;
  if (what->too_large) key = "corrections.too_large";
  else if (what->long_note) key = "corrections.long_note";
  else if (what->nothing) key = "corrections.no_text";
  else if (what->changed) key = "corrections.moved_on";
  else if (what->looked && what->preview.refusal != CORRECTION_GOOD)
    key = arena_printf(request->arena, "corrections.refused.%s", correction_refusal_name(what->preview.refusal));
  if (what->looked) {
    view_text(words, "label", what->preview.new_label != NULL ? what->preview.new_label : "");
    view_text(words, "form", what->preview.questionnaire != NULL ? what->preview.questionnaire : "");
  }
  return key == NULL ? "" : request_message(request, key, words);
}

static void show(struct request *request, int status, const struct correcting *what) {
  struct err err = {0};
  struct view *view = view_new(request->arena);
  bool good = what->looked && what->preview.refusal == CORRECTION_GOOD;
  page_frame(request, view, "title.corrections");
  if (!list_view(request, view, what->round, &err)) {
    reply_error(request, &err);
    return;
  }
  view_text(view, "problem", problem_of(request, what));
  view_text(view, "source_text", what->text);
  view_text(view, "correction_note", what->note);
  view_bool(view, "good", good);
  view_bool(view, "published", request_query(request, "published")[0] != '\0');
  view_text(view, "text_hash", good ? what->preview.hash : "");
  view_int(view, "current_id", good ? what->preview.current : 0);
  findings_view(request, view, what);
  if (good) effect_view(request, view_map(view, "effect"), &what->preview);
  reply_page(request, status, "corrections", view);
}

void page_corrections(struct request *request) {
  struct err err = {0};
  struct correcting what = {.text = "", .note = "", .hash = ""};
  what.round = round_of(request, request_query(request, "round"), &err);
  if (what.round == NULL) reply_error(request, &err);
  else show(request, 200, &what);
}

/* A browser sends line ends of its own from a field; they are brought back to those that the text had. */
static void take_text(struct request *request, struct correcting *what, const char *text, size_t len) {
  char *copy = arena_alloc(request->arena, len + 1);
  size_t count = 0;
  for (size_t i = 0; i < len; i++)
    if (text[i] != '\r' || text[i + 1] != '\n') copy[count++] = text[i];
  copy[count] = '\0';
  what->text = copy;
  what->len = count;
}

/* A file counts more than the field: who chose one meant it. False when the reply is made. */
static bool read_text(struct request *request, struct correcting *what, struct err *err) {
  const struct upload *file = request_file(request, "file");
  const char *typed = request_field(request, "text");
  if (file == NULL) {
    take_text(request, what, typed, strlen(typed));
  } else if (file->len <= TEXT_MAX) {
    struct buf text = {0};
    bool ok = file_read(file->path, TEXT_MAX, &text, err);
    if (ok) take_text(request, what, buf_text(&text), text.len);
    buf_free(&text);
    if (!ok) return false;
  }
  what->too_large = what->len > TEXT_MAX || (file != NULL && file->len > TEXT_MAX);
  what->nothing = !what->too_large && what->text[strspn(what->text, " \t\n")] == '\0';
  return true;
}

/* In a thread and with a connection of its own: it reads all answers. */
static bool look(struct db *none, struct request *request, void *context, struct err *err) {
  struct correcting *what = context;
  (void)none;
  struct db *db = db_open(request->app->folder, DB_READ, err);
  if (db == NULL) return false;
  what->looked = correction_preview(db, request->actor, what->round, what->text, what->len, request->arena, &what->preview, err);
  db_close(db);
  return what->looked;
}

static void drop(void *context) {
  struct correcting *what = context;
  findings_free(what->preview.findings);
}

static void looked(struct request *request, void *context, const struct err *err) {
  struct correcting *what = context;
  if (err->code != ERR_NONE) reply_error(request, err);
  else show(request, what->preview.refusal != CORRECTION_GOOD ? 400 : what->changed ? 409 : 200, what);
  drop(what);
}

static bool publish(struct db *db, struct request *request, void *context, struct err *err) {
  struct correcting *what = context;
  const struct correction_order order = {.round = what->round, .text = what->text, .len = what->len, .note = what->note,
                                         .current = what->current};
  return correction_publish(db, request->actor, &order, &what->done, err);
}

static void published(struct request *request, void *context, const struct err *err) {
  struct correcting *what = context;
  if (err->code == ERR_CONFLICT || err->code == ERR_INPUT || err->code == ERR_LOCKED) {
    what->looked = err->code == ERR_LOCKED;
    what->preview.refusal = CORRECTION_CLOSED;
    what->changed = !what->looked;
    show(request, 409, what);
    return;
  }
  if (err->code != ERR_NONE) {
    reply_error(request, err);
    return;
  }
  mover_wake(request->app->mover);
  reply_redirect(request, arena_printf(request->arena, "/field/questionnaires?round=%s&published=1", what->round));
}

void page_corrections_change(struct request *request) {
  struct err err = {0};
  struct correcting *what = arena_alloc(request->arena, sizeof *what);
  char hash[SECRET_HASH_LEN + 1];
  what->text = "";
  what->note = text_lines(request_field(request, "note"), CORRECTION_NOTE_MAX, request->arena);
  what->long_note = what->note == NULL;
  if (what->long_note) what->note = text_without_controls(request_field(request, "note"), request->arena);
  what->hash = request_field(request, "hash");
  what->current = strtoll(request_field(request, "current"), NULL, 10);
  what->round = round_of(request, request_field(request, "round"), &err);
  if (what->round == NULL || !read_text(request, what, &err)) {
    reply_error(request, &err);
    return;
  }
  if (what->too_large || what->nothing || what->long_note) {
    show(request, 400, what);
    return;
  }
  secret_hash(what->text, what->len, hash);
  bool confirmed = strcmp(request_field(request, "do"), "publish") == 0;
  what->changed = confirmed && (strcmp(hash, what->hash) != 0 || what->current == 0);
  if (confirmed && !what->changed) request_write(request, publish, published, what);
  else request_work(request, look, looked, drop, what);
}
