#include "survey/query_rules.h"

#include <string.h>

#include "base/secret.h"
#include "base/utf8.h"
#include "form/typed.h"
#include "mail/text.h"
#include "store/person.h"
#include "survey/prior.h"
#include "survey/query_figures.h"
#include "survey/work_answers.h"

#define COMMENT_LEN_MAX 600 /* bytes of a comment in a suggestion, so that the whole can be sent */
#define MESSAGE_LEN_MAX 1000

/* What is found in one response. */
struct search {
  struct db *db;
  const struct actor *actor;
  const struct work *work;
  struct arena *arena;
  const char *language; /* the institution's */
  struct query_finding *list;
  size_t count, cap;
};

static void add(struct search *search, int question, int row, enum query_origin origin, const char *reason,
                const char *text) {
  const struct work *work = search->work;
  if (search->count == search->cap) {
    search->cap = search->cap > 0 ? 2 * search->cap : 16;
    struct query_finding *more = arena_array(search->arena, search->cap, sizeof *more);
    if (search->count > 0) memcpy(more, search->list, search->count * sizeof *more);
    search->list = more;
  }
  int version = work_mark(work, question, row)->version;
  search->list[search->count++] = (struct query_finding){
      .question = work->item.form->questions[question].id,
      .row = work_row_id(work, question, row),
      .version = version,
      .origin = origin,
      .reason = arena_printf(search->arena, "%sv%d", reason, version),
      .text = text,
  };
}

static const char *number_text(struct search *search, double number) {
  struct buf text = {0};
  typed_format_number(number, search->language, &text);
  const char *copy = arena_copy_len(search->arena, buf_text(&text), text.len);
  buf_free(&text);
  return copy;
}

/* ---- soft checks */

static const char *cut(struct search *search, const char *text, size_t max) {
  size_t len = utf8_cut(text, strlen(text), max);
  const char *part = arena_copy_len(search->arena, text, len);
  return text[len] == '\0' ? part : arena_printf(search->arena, "%s…", part);
}

static const char *find_comment(const struct work *work, const struct violation *violation) {
  const char *row = work_row_id(work, violation->question, violation->row);
  for (size_t i = 0; i < work->confirmation_count; i++) {
    const struct work_confirmation *confirmation = &work->confirmations[i];
    if (strcmp(confirmation->check_key, violation->check->key) == 0 && strcmp(confirmation->row, row) == 0)
      return confirmation->comment;
  }
  return "";
}

static const char *message_text(struct search *search, const struct violation *violation, int language) {
  struct buf message = {0};
  state_message(search->work->state, violation, language, &message);
  const char *copy = cut(search, buf_text(&message), MESSAGE_LEN_MAX);
  buf_free(&message);
  return copy;
}

/* The figures of a message are those of other answers too: they are a part of the reason. */
static const char *check_reason(struct search *search, const struct violation *violation) {
  char hash[SECRET_HASH_LEN + 1];
  const char *message = message_text(search, violation, 0);
  secret_hash(message, strlen(message), hash);
  return arena_printf(search->arena, "%s %.8s ", violation->check->key, hash);
}

static void find_checks(struct search *search) {
  const struct work *work = search->work;
  int language = form_language(work->item.form, search->language);
  for (size_t i = 0; i < work->state->violation_count; i++) {
    const struct violation *violation = &work->state->violations[i];
    if (violation->severity != SEVERITY_WARNING || violation->check == NULL) continue;
    /* A calculated value has no answer that could be asked about. */
    if (!form_is_answerable(&work->item.form->questions[violation->question])) continue;
    bool confirmed = work_confirmed(work, violation);
    const char *comment = confirmed ? cut(search, find_comment(work, violation), COMMENT_LEN_MAX) : "";
    const struct text_value values[] = {
        {.name = "message", .text = message_text(search, violation, language), .stored_form = true},
        {.name = "comment", .text = comment, .stored_form = true},
        {.name = NULL},
    };
    add(search, violation->question, violation->row, QUERY_SOFT_CHECK, check_reason(search, violation),
        text_word(search->language, confirmed ? "query.confirmed" : "query.check", values, search->arena));
  }
}

/* ---- figures among others */

static void add_outlier(struct search *search, const struct query_outlier *outlier, int question) {
  const struct query_spread *spread = &outlier->spread;
  bool by_sector = outlier->sector[0] != '\0';
  const struct text_value values[] = {
      {.name = "value", .text = number_text(search, outlier->figure)},
      {.name = "group", .text = outlier->sector, .stored_form = true},
      {.name = "median", .text = number_text(search, spread->median)},
      {.name = "low", .text = number_text(search, spread->low)},
      {.name = "high", .text = number_text(search, spread->high)},
      {.name = "count", .text = arena_printf(search->arena, "%zu", spread->count)},
      {.name = NULL},
  };
  add(search, question, outlier->row, QUERY_OUTLIER, "",
      text_word(search->language, by_sector ? "query.sector" : "query.kind", values, search->arena));
}

/* The figures were read before this response was: only those that are the same still count. */
static void find_outliers(struct search *search, const struct query_outlier *outliers) {
  const struct work *work = search->work;
  for (const struct query_outlier *outlier = outliers; outlier != NULL; outlier = outlier->next) {
    int question = form_find(work->item.form, outlier->question);
    int roster = question < 0 ? -1 : work->item.form->questions[question].roster;
    if (question < 0 || (roster >= 0) != (outlier->row >= 0)) continue;
    if (roster >= 0 && outlier->row >= response_row_count(work->response, roster)) continue;
    struct value value = state_value(work->state, question, outlier->row);
    if (value.kind == VALUE_NUMBER && value.number == outlier->figure) add_outlier(search, outlier, question);
  }
}

/* ---- changes since the previous round */

static void find_change(struct search *search, const struct prior *prior, int question, int row) {
  struct prior_mark mark = prior_compare(prior, question, row);
  if (mark.change == PRIOR_USUAL) return;
  const struct text_value values[] = {
      {.name = "before", .text = number_text(search, mark.before)},
      {.name = "value", .text = number_text(search, mark.now)},
      {.name = NULL},
  };
  add(search, question, row, QUERY_CHANGE, "", text_word(search->language, "query.change", values, search->arena));
}

static bool find_changes(struct search *search, struct err *err) {
  const struct work *work = search->work;
  struct err own = {0};
  const struct prior *prior = prior_load(search->db, search->actor, work, search->arena, &own);
  if (own.code != ERR_NONE) return err_set(err, own.code, "%s", own.text);
  for (int q = 0; prior != NULL && q < work->item.form->question_count; q++) {
    int roster = work->item.form->questions[q].roster;
    if (roster < 0) find_change(search, prior, q, -1);
    for (int row = 0; roster >= 0 && row < response_row_count(work->response, roster); row++)
      find_change(search, prior, q, row);
  }
  return true;
}

/* ---- all of it */

/* That of the contact who answers for the institution, else of its first one. */
static const char *find_language(struct search *search, struct err *err) {
  int64_t person = search->work->item.responsible;
  struct stmt *stmt;
  struct colleague first;
  struct person_details details;
  const char *language = "lv";
  if (person == 0) {
    stmt = colleague_list(search->db, search->work->institution);
    if (colleague_next(stmt, &first, err)) person = first.id;
    stmt_end(stmt);
  }
  if (person == 0) return language;
  if (person_details(search->db, person, &stmt, &details, err)) language = arena_copy(search->arena, details.language);
  stmt_end(stmt);
  return language;
}

static bool search_one(struct search *search, const struct query_respondent *respondent, query_found *found,
                       void *context, struct err *err) {
  struct err own = {0};
  search->work = work_open(search->db, search->actor, respondent->response, search->arena, &own);
  if (search->work == NULL) return own.code == ERR_NOT_FOUND || err_set(err, own.code, "%s", own.text);
  search->language = find_language(search, &own);
  if (own.code != ERR_NONE) return err_set(err, own.code, "%s", own.text);
  find_checks(search);
  find_outliers(search, respondent->outliers);
  return find_changes(search, err) && found(context, respondent->response, search->list, search->count, err);
}

bool query_rules_run(struct db *db, const struct actor *actor, const struct query_scope *scope, query_found *found,
                     void *context, struct err *err) {
  struct arena *arena = arena_new(), *own = arena_new();
  const struct query_respondent *respondents;
  size_t count;
  bool ok = rights_allow(actor, ACTION_QUERY, 0) || err_set(err, ERR_DENIED, "you may not ask about answers");
  ok = ok && query_figures_judge(db, actor, scope->round, scope->questionnaire, scope->responses, scope->response_count, arena,
                                 &respondents, &count, err);
  for (size_t i = 0; ok && i < count; i++) {
    if (!respondents[i].judged) continue;
    struct search search = {.db = db, .actor = actor, .arena = own};
    ok = search_one(&search, &respondents[i], found, context, err);
    arena_reset(own);
  }
  arena_free(own);
  arena_free(arena);
  return ok;
}
