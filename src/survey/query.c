#include "survey/query.h"

#include <string.h>

#include "store/answer.h"
#include "store/event.h"
#include "store/roster.h"
#include "store/stored_response.h"
#include "survey/collate.h"
#include "survey/forms.h"
#include "survey/tell.h"
#include "survey/text.h"
#include "survey/work_answers.h"

const char *query_state_name(enum query_state state) {
  static const char *const names[] = {"suggested", "open", "answered", "closed", "dismissed"};
  return names[state];
}

const char *query_origin_name(enum query_origin origin) {
  static const char *const names[] = {"person", "check", "outlier", "change"};
  return names[origin];
}

bool query_may_ask(const struct actor *actor, const struct work *work) {
  return rights_allow(actor, ACTION_QUERY, work->institution);
}

bool query_may_answer(const struct actor *actor, const struct work *work) {
  return work->among && rights_allow(actor, ACTION_ANSWER, work->institution);
}

/* What only coordinators know of. */
static bool is_inner(enum query_state state) { return state == QUERY_SUGGESTED || state == QUERY_DISMISSED; }

/* What a row is called, also one that was removed. */
static const char *find_label(struct db *db, int64_t response, const struct form *form, int question, const char *row,
                              bool *removed, struct arena *arena, struct err *err) {
  struct stmt *stmt;
  const char *label = "";
  *removed = false;
  if (question < 0 || form->questions[question].roster < 0 || row[0] == '\0') return "";
  const char *roster = form->containers[form->rosters[form->questions[question].roster]].id;
  label = roster_find(db, response, roster, row, &stmt, &label, removed, err) ? arena_copy(arena, label) : "";
  stmt_end(stmt);
  return label;
}

/* ---- reading what is about one response */

static void add_said(struct query *query, struct query_said **said, size_t *cap, const struct query_message *message,
                     struct arena *arena) {
  if (query->said_count == *cap) {
    size_t wanted = *cap > 0 ? 2 * *cap : 4;
    struct query_said *more = arena_array(arena, wanted, sizeof *more);
    if (query->said_count > 0) memcpy(more, *said, query->said_count * sizeof *more);
    query->said = *said = more;
    *cap = wanted;
  }
  (*said)[query->said_count++] = (struct query_said){
      .person = arena_copy(arena, message->person_name),
      .text = arena_copy(arena, message->text),
      .staff = message->role == ROLE_COORDINATOR,
      .created_ms = message->created_ms,
  };
}

static bool read_said(struct db *db, struct query *query, struct arena *arena, struct err *err) {
  struct query_message message;
  struct query_said *said = NULL;
  size_t cap = 0;
  struct err own = {0};
  struct stmt *stmt = query_message_list(db, query->id);
  while (query_message_next(stmt, &message, &own)) add_said(query, &said, &cap, &message, arena);
  stmt_end(stmt);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

/* What the answer was, and what it is. */
static bool read_values(struct db *db, const struct actor *actor, const struct work *work, struct query *query,
                        struct arena *arena, struct err *err) {
  const struct form *form = work->item.form;
  struct answer_row past;
  struct stmt *stmt = NULL;
  struct err own = {0};
  query->was = query->now = "";
  if (query->question_index < 0 || query->row_index == -2) return true;
  const struct work_answer *now = work_answer(work, query->question_index, query->row_index);
  query->now = work_show(form, query->question_index, now->state, now->value, actor->language, arena).text;
  query->corrected = now->mark.version > query->version;
  if (!query->corrected || query->version == 0) return true;
  if (answer_find_past(db, work->item.response, query->question, query->row, query->version, &stmt, &past, &own)) {
    const char *was = work_show(form, query->question_index, past.state, past.value, actor->language, arena).text;
    query->was = arena_copy(arena, was);
  }
  stmt_end(stmt);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

static void copy_query(const struct work *work, const struct stored_query *stored, struct query *query, struct arena *arena) {
  *query = (struct query){
      .id = stored->id,
      .state = stored->state,
      .origin = stored->origin,
      .text = arena_copy(arena, stored->text),
      .person = arena_copy(arena, stored->person),
      .created_ms = stored->created_ms,
      .closed_by = arena_copy(arena, stored->closed_by),
      .closed_ms = stored->closed_ms,
      .question = arena_copy(arena, stored->question),
      .row = arena_copy(arena, stored->row),
      .version = stored->version,
      .row_label = "",
  };
  query->question_index = form_find(work->item.form, query->question);
  query->row_index = work_find_row(work, query->question_index, query->row);
  query->applies = query->row_index != -2 && state_relevant(work->state, query->question_index, query->row_index);
}

static bool finish_query(struct db *db, const struct actor *actor, const struct work *work, struct query *query,
                         struct arena *arena, struct err *err) {
  bool removed;
  struct err own = {0};
  query->row_label = find_label(db, work->item.response, work->item.form, query->question_index, query->row, &removed,
                                arena, &own);
  if (own.code != ERR_NONE) return err_set(err, own.code, "%s", own.text);
  return read_said(db, query, arena, err) && read_values(db, actor, work, query, arena, err);
}

size_t query_list(struct db *db, const struct actor *actor, const struct work *work, const char *question, const char *row,
                  struct arena *arena, const struct query **out, struct err *err) {
  struct stored_query stored;
  struct query *list = NULL;
  size_t count = 0, cap = 0;
  struct err own = {0};
  bool inner = query_may_ask(actor, work);
  struct stmt *stmt = stored_query_list(db, work->item.response, question, row);
  *out = NULL;
  while (stored_query_next(stmt, &stored, &own)) {
    if (is_inner(stored.state) && !inner) continue;
    if (count == cap) {
      cap = cap > 0 ? 2 * cap : 8;
      struct query *more = arena_array(arena, cap, sizeof *more);
      if (count > 0) memcpy(more, list, count * sizeof *more);
      list = more;
    }
    copy_query(work, &stored, &list[count++], arena);
  }
  stmt_end(stmt);
  for (size_t i = 0; i < count && own.code == ERR_NONE; i++) finish_query(db, actor, work, &list[i], arena, &own);
  if (own.code != ERR_NONE) {
    err_set(err, own.code, "%s", own.text);
    return 0;
  }
  *out = list;
  return count;
}

/* ---- changing one */

/* A query and its response, for somebody who may do the action there. */
struct matter {
  struct db *db;
  const struct actor *actor;
  struct arena *arena;
  struct work *work; /* response and state are NULL */
  struct stored_query query;
  const char *last_text; /* what was said last and by whom; "", 0 */
  int64_t last_person;
  const char *place;     /* for the book of events: the question's number, and what its row is called */
};

static const char *name_place(struct db *db, const struct work *work, const char *question, const char *row,
                              struct arena *arena, struct err *err) {
  bool removed;
  const struct form *form = work->item.form;
  int index = form_find(form, question);
  const char *label = find_label(db, work->item.response, form, index, row, &removed, arena, err);
  const char *number = index < 0 ? question : form->questions[index].number;
  return arena_printf(arena, "%s%s%s", number, label[0] != '\0' ? ", " : "", label);
}

static bool read_matter(struct matter *matter, int64_t id, struct err *err) {
  struct stmt *stmt;
  struct err own = {0};
  struct query_message message;
  bool found = stored_query_find(matter->db, id, &stmt, &matter->query, &own);
  if (found) {
    matter->query.question = arena_copy(matter->arena, matter->query.question);
    matter->query.row = arena_copy(matter->arena, matter->query.row);
    matter->query.text = arena_copy(matter->arena, matter->query.text);
  }
  stmt_end(stmt);
  matter->last_text = "";
  stmt = found ? query_message_list(matter->db, id) : NULL;
  while (stmt != NULL && query_message_next(stmt, &message, &own)) {
    matter->last_text = arena_copy(matter->arena, message.text);
    matter->last_person = message.person;
  }
  if (stmt != NULL) stmt_end(stmt);
  if (own.code != ERR_NONE) return err_set(err, own.code, "%s", own.text);
  return found || err_set(err, ERR_NOT_FOUND, "there is no such query");
}

/* response 0: whatever it is about. */
static bool open_matter(struct matter *matter, int64_t response, int64_t id, enum action action, struct err *err) {
  struct err own = {0};
  if (!read_matter(matter, id, err)) return false;
  if (response != 0 && matter->query.response != response) return err_set(err, ERR_NOT_FOUND, "there is no such query");
  matter->work = work_peek(matter->db, matter->actor, matter->query.response, matter->arena, err);
  if (matter->work == NULL) return false;
  bool may = action == ACTION_QUERY ? query_may_ask(matter->actor, matter->work)
                                    : query_may_answer(matter->actor, matter->work);
  if (!may) return err_set(err, ERR_DENIED, "you may not do this with a query");
  if (is_inner(matter->query.state) && action != ACTION_QUERY) return err_set(err, ERR_NOT_FOUND, "there is no such query");
  matter->place = name_place(matter->db, matter->work, matter->query.question, matter->query.row, matter->arena, &own);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

/* A change of the matter is told to kept pages and to the book of events. */
static bool note_change(const struct matter *matter, const char *kind, struct err *err) {
  return stored_response_talk(matter->db, matter->query.response, err) &&
         event_add_response(matter->db, matter->actor->person, kind, matter->query.response, matter->place, err);
}

/* NULL with err. */
static const char *check_text(const char *text, struct arena *arena, struct err *err) {
  const char *good = text_lines(text, QUERY_TEXT_MAX, arena);
  if (good != NULL && good[0] != '\0') return good;
  err_set(err, ERR_INPUT, "a text has 1 to %d characters", QUERY_TEXT_MAX);
  return NULL;
}

/* The number of the answer's version now, 0; -1 with err. */
static int current_version(struct db *db, int64_t response, const char *question, const char *row, struct err *err) {
  struct answer_row newest = {.version = 0};
  struct err own = {0};
  struct stmt *stmt = answer_history(db, response, question, row);
  int version = answer_history_next(stmt, &newest, &own) ? newest.version : 0;
  stmt_end(stmt);
  if (own.code == ERR_NONE) return version;
  err_set(err, own.code, "%s", own.text);
  return -1;
}

static bool was_said(const struct matter *matter, const char *text) {
  return matter->last_person == matter->actor->person && strcmp(matter->last_text, text) == 0;
}

/* The same question by the same person, still open and without a word about it. */
static bool was_asked(const struct actor *actor, const struct query *list, size_t count, const char *text) {
  const struct query *last = count > 0 ? &list[count - 1] : NULL;
  return last != NULL && last->state == QUERY_OPEN && last->said_count == 0 && strcmp(last->person, actor->name) == 0 &&
         strcmp(last->text, text) == 0;
}

static bool add_query(const struct matter *matter, const char *question, const char *row, const char *text, struct err *err) {
  int64_t response = matter->work->item.response;
  struct stored_query query = {.response = response, .question = question, .row = row, .reason = "", .text = text,
                               .state = QUERY_OPEN};
  query.version = current_version(matter->db, response, question, row, err);
  int64_t id = query.version < 0 ? 0 : stored_query_add(matter->db, &query, matter->actor->person, err);
  return id != 0 && stored_response_talk(matter->db, response, err) &&
         event_add_response(matter->db, matter->actor->person, "query", response, matter->place, err) &&
         tell_query(matter->db, matter->actor, matter->work, question, row, id, 0, text, err);
}

bool query_ask(struct db *db, const struct actor *actor, int64_t response, const char *question, const char *row,
               const char *text, struct err *err) {
  struct arena *arena = arena_new();
  struct matter matter = {.db = db, .actor = actor, .arena = arena};
  const struct query *list;
  struct err own = {0};
  int index, row_index;
  bool ok = false;
  matter.work = work_open(db, actor, response, arena, err);
  if (matter.work == NULL) goto out;
  if (!query_may_ask(actor, matter.work)) {
    err_set(err, ERR_DENIED, "you may not ask about answers");
    goto out;
  }
  if (!work_find_place(matter.work, question, row, &index, &row_index)) {
    err_set(err, ERR_NOT_FOUND, "there is no question \"%s\" in a row \"%s\"", question, row);
    goto out;
  }
  const char *asked = check_text(text, arena, err);
  if (asked == NULL) goto out;
  size_t count = query_list(db, actor, matter.work, question, row, arena, &list, &own);
  matter.place = name_place(db, matter.work, question, row, arena, &own);
  if (own.code != ERR_NONE) err_set(err, own.code, "%s", own.text);
  else ok = was_asked(actor, list, count, asked) || add_query(&matter, question, row, asked, err);
out:
  arena_free(arena);
  return ok;
}

typedef bool act_on_matter(const struct matter *matter, const char *text, int seen, struct err *err);

static bool with_matter(struct db *db, const struct actor *actor, int64_t response, int64_t id, enum action action,
                        act_on_matter *act, const char *text, int seen, struct err *err) {
  struct arena *arena = arena_new();
  struct matter matter = {.db = db, .actor = actor, .arena = arena};
  bool ok = open_matter(&matter, response, id, action, err) && act(&matter, text, seen, err);
  arena_free(arena);
  return ok;
}

static bool send_matter(const struct matter *matter, const char *text, int seen, struct err *err) {
  const struct stored_query *query = &matter->query;
  const char *asked = check_text(text, matter->arena, err);
  (void)seen;
  if (asked == NULL) return false;
  if (query->state == QUERY_OPEN && strcmp(query->text, asked) == 0) return true;
  if (query->state != QUERY_SUGGESTED) return err_set(err, ERR_LOCKED, "it is no suggestion any more");
  int version = current_version(matter->db, query->response, query->question, query->row, err);
  return version >= 0 && stored_query_send(matter->db, query->id, asked, version, matter->actor->person, err) &&
         note_change(matter, "query", err) &&
         tell_query(matter->db, matter->actor, matter->work, query->question, query->row, query->id, 0, asked, err);
}

bool query_send(struct db *db, const struct actor *actor, int64_t response, int64_t id, const char *text, struct err *err) {
  return with_matter(db, actor, response, id, ACTION_QUERY, send_matter, text, -1, err);
}

static bool dismiss_matter(const struct matter *matter, const char *text, int seen, struct err *err) {
  const struct stored_query *query = &matter->query;
  (void)seen;
  if (query->state == QUERY_DISMISSED) return true;
  if (query->state != QUERY_SUGGESTED) return err_set(err, ERR_LOCKED, "it is no suggestion any more");
  const char *reason = text_lines(text, QUERY_TEXT_MAX, matter->arena);
  if (reason == NULL) return err_set(err, ERR_INPUT, "a reason has up to %d characters", QUERY_TEXT_MAX);
  bool said = reason[0] == '\0' || stored_query_say(matter->db, query->id, matter->actor->person, reason, err);
  return said && stored_query_set_state(matter->db, query->id, QUERY_DISMISSED, matter->actor->person, err) &&
         note_change(matter, "query-dismiss", err);
}

bool query_dismiss(struct db *db, const struct actor *actor, int64_t response, int64_t id, const char *reason,
                   struct err *err) {
  return with_matter(db, actor, response, id, ACTION_QUERY, dismiss_matter, reason, -1, err);
}

static bool answer_matter(const struct matter *matter, const char *text, int seen, struct err *err) {
  const char *said = check_text(text, matter->arena, err);
  (void)seen;
  if (said == NULL) return false;
  if (was_said(matter, said)) return true;
  if (matter->query.state == QUERY_CLOSED) return err_set(err, ERR_LOCKED, "the query was closed");
  return stored_query_say(matter->db, matter->query.id, matter->actor->person, said, err) &&
         stored_query_set_state(matter->db, matter->query.id, QUERY_ANSWERED, matter->actor->person, err) &&
         note_change(matter, "query-answer", err);
}

bool query_answer(struct db *db, const struct actor *actor, int64_t response, int64_t id, const char *text,
                  struct err *err) {
  return with_matter(db, actor, response, id, ACTION_ANSWER, answer_matter, text, -1, err);
}

static bool reply_matter(const struct matter *matter, const char *text, int seen, struct err *err) {
  const struct stored_query *query = &matter->query;
  const char *said = check_text(text, matter->arena, err);
  (void)seen;
  if (said == NULL) return false;
  if (is_inner(query->state)) return err_set(err, ERR_LOCKED, "nobody has been asked yet");
  if (was_said(matter, said)) return true;
  int version = current_version(matter->db, query->response, query->question, query->row, err);
  return version >= 0 && stored_query_say(matter->db, query->id, matter->actor->person, said, err) &&
         stored_query_reopen(matter->db, query->id, version, err) && note_change(matter, "query-reply", err) &&
         tell_query(matter->db, matter->actor, matter->work, query->question, query->row, query->id, query->messages + 1,
                    said, err);
}

bool query_reply(struct db *db, const struct actor *actor, int64_t response, int64_t id, const char *text, struct err *err) {
  return with_matter(db, actor, response, id, ACTION_QUERY, reply_matter, text, -1, err);
}

static bool close_matter(const struct matter *matter, const char *text, int seen, struct err *err) {
  const struct stored_query *query = &matter->query;
  (void)text;
  if (query->state == QUERY_CLOSED) return true;
  if (is_inner(query->state)) return err_set(err, ERR_LOCKED, "nobody has been asked yet");
  if (seen >= 0 && query->messages != seen) return err_set(err, ERR_CONFLICT, "something was said meanwhile");
  return stored_query_set_state(matter->db, query->id, QUERY_CLOSED, matter->actor->person, err) &&
         note_change(matter, "query-close", err);
}

bool query_close(struct db *db, const struct actor *actor, int64_t response, int64_t id, int seen, struct err *err) {
  return with_matter(db, actor, response, id, ACTION_QUERY, close_matter, "", seen, err);
}

static bool end_matter(const struct matter *matter, const char *text, int seen, struct err *err) {
  return is_inner(matter->query.state) ? dismiss_matter(matter, text, seen, err) : close_matter(matter, text, seen, err);
}

bool query_close_several(struct db *db, const struct actor *actor, const struct query_choice *choices, size_t count,
                         int *done, int *late, struct err *err) {
  *done = *late = 0;
  if (!rights_allow(actor, ACTION_QUERY, 0)) return err_set(err, ERR_DENIED, "you may not close queries");
  for (size_t i = 0; i < count; i++) {
    struct err own = {0};
    bool ok = with_matter(db, actor, 0, choices[i].id, ACTION_QUERY, end_matter, "", choices[i].seen, &own);
    *done += ok;
    *late += own.code == ERR_CONFLICT;
    if (own.code == ERR_SYSTEM || own.code == ERR_FULL) return err_set(err, own.code, "%s", own.text);
  }
  return true;
}

/* ---- suggestions */

static bool is_found(const struct query *query, const struct query_finding *findings, size_t count) {
  for (size_t i = 0; i < count; i++) {
    const struct query_finding *finding = &findings[i];
    if (query->origin == finding->origin && query->version == finding->version &&
        strcmp(query->question, finding->question) == 0 && strcmp(query->row, finding->row) == 0 &&
        strcmp(query->text, finding->text) == 0)
      return true;
  }
  return false;
}

static bool is_waiting(const struct query *list, size_t count, const struct query_finding *finding) {
  for (size_t i = 0; i < count; i++) {
    bool waits = list[i].state == QUERY_OPEN || list[i].state == QUERY_ANSWERED;
    if (waits && list[i].origin == finding->origin && strcmp(list[i].question, finding->question) == 0 &&
        strcmp(list[i].row, finding->row) == 0)
      return true;
  }
  return false;
}

/* False only as the store fails. */
static bool add_finding(struct db *db, int64_t response, const struct query_finding *finding, int *added, struct err *err) {
  struct err own = {0};
  struct stored_query query = {.response = response, .question = finding->question, .row = finding->row,
                               .version = finding->version, .origin = finding->origin, .reason = finding->reason,
                               .text = finding->text, .state = QUERY_SUGGESTED};
  int version = current_version(db, response, finding->question, finding->row, &own);
  if (own.code == ERR_NONE && version == finding->version) *added += stored_query_add(db, &query, 0, &own) != 0;
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

bool query_suggest(struct db *db, const struct actor *actor, int64_t response, const struct query_finding *findings,
                   size_t count, int *added, struct err *err) {
  struct arena *arena = arena_new();
  const struct query *list;
  struct err own = {0};
  int withdrawn = 0;
  *added = 0;
  const struct work *work = work_open(db, actor, response, arena, &own);
  if (work != NULL && !query_may_ask(actor, work)) err_set(&own, ERR_DENIED, "you may not ask about answers");
  size_t there = own.code == ERR_NONE ? query_list(db, actor, work, "", "", arena, &list, &own) : 0;
  for (size_t i = 0; i < there && own.code == ERR_NONE; i++) {
    if (list[i].state != QUERY_SUGGESTED || is_found(&list[i], findings, count)) continue;
    withdrawn += stored_query_withdraw(db, list[i].id, &own);
  }
  for (size_t i = 0; i < count && own.code == ERR_NONE; i++)
    if (!is_waiting(list, there, &findings[i])) add_finding(db, response, &findings[i], added, &own);
  if (own.code == ERR_NONE && *added + withdrawn > 0) stored_response_talk(db, response, &own);
  arena_free(arena);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

/* ---- the list */

static void copy_line(struct query_line *line, const struct stored_query *stored, struct arena *arena) {
  struct stored_query *query = &line->query;
  *query = *stored;
  query->question = arena_copy(arena, stored->question);
  query->row = arena_copy(arena, stored->row);
  query->reason = arena_copy(arena, stored->reason);
  query->text = arena_copy(arena, stored->text);
  query->person = arena_copy(arena, stored->person);
  query->closed_by = arena_copy(arena, stored->closed_by);
  query->round = arena_copy(arena, stored->round);
  query->questionnaire = arena_copy(arena, stored->questionnaire);
  query->institution_name = arena_copy(arena, stored->institution_name);
}

static bool finish_line(struct db *db, struct query_line *line, struct arena *arena, struct err *err) {
  struct err own = {0};
  line->form = forms_get(db, line->query.version_id, &own);
  line->question = line->form == NULL ? -1 : form_find(line->form, line->query.question);
  line->row_label = line->form == NULL ? "" : find_label(db, line->query.response, line->form, line->question,
                                                         line->query.row, &line->row_removed, arena, &own);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

size_t query_page(struct db *db, const struct actor *actor, struct stored_query_filter *filter, struct arena *arena,
                  const struct query_line **out, int counts[QUERY_STATES], struct err *err) {
  struct stored_query stored;
  struct buf folded = {0};
  struct err own = {0};
  size_t count = 0;
  *out = NULL;
  if (!rights_allow(actor, ACTION_QUERY, 0)) {
    err_set(err, ERR_DENIED, "you may not ask about answers");
    return 0;
  }
  collate_fold(filter->find, &folded);
  filter->find_name = arena_copy(arena, buf_text(&folded));
  buf_free(&folded);
  struct query_line *list = arena_array(arena, (size_t)filter->limit, sizeof *list);
  struct stmt *stmt = stored_query_page(db, filter);
  while (stored_query_next(stmt, &stored, &own)) copy_line(&list[count++], &stored, arena);
  stmt_end(stmt);
  for (size_t i = 0; i < count && own.code == ERR_NONE; i++) finish_line(db, &list[i], arena, &own);
  if (own.code == ERR_NONE && counts != NULL) stored_query_count(db, filter, counts, &own);
  if (own.code != ERR_NONE) {
    err_set(err, own.code, "%s", own.text);
    return 0;
  }
  *out = list;
  return count;
}

bool query_count_waiting(struct db *db, const struct actor *actor, const char *round, int *open, int *answered,
                         struct err *err) {
  const struct stored_query_filter filter = {.round = round, .questionnaire = "", .question = "", .state = -1, .origin = -1,
                                             .find = "", .find_name = ""};
  int counts[QUERY_STATES];
  *open = *answered = 0;
  if (!rights_allow(actor, ACTION_SEE_FIELD, 0)) return err_set(err, ERR_DENIED, "you may not see the field");
  if (!stored_query_count(db, &filter, counts, err)) return false;
  *open = counts[QUERY_OPEN];
  *answered = counts[QUERY_ANSWERED];
  return true;
}
