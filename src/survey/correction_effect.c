#include <inttypes.h>
#include <string.h>

#include "form/report.h"
#include "store/correction.h"
#include "survey/correction_look.h"
#include "survey/correction_parts.h"
#include "survey/forms.h"
#include "survey/work.h"

/* A question of the new form, or one that is gone, with the changes it has. */
struct entry {
  struct correction_question public;
  const struct correction_change **end; /* where the next change goes */
  bool touched;                         /* in the response at hand: counts responses, not answers */
  bool misfits_here;
};

/* The versions that responses are on, each with its pair and its old questions' entries. */
struct source {
  struct source *next;
  int64_t version;
  const struct correction_pair *pair;
  struct entry **entries; /* by old question */
};

struct counter {
  struct db *db;
  struct arena *arena;   /* of the result */
  struct arena *scratch; /* of one response */
  const char *language;
  const struct form *new;
  struct entry *questions; /* by new question */
  struct entry **gone;     /* of questions that are not there any more */
  size_t gone_count, gone_cap;
  struct source *sources;
  struct correction_preview *out;
  const struct correction_change **whole_end;
  const struct form *now; /* what is asked with */
};

static void describe(struct counter *counter, struct entry *entry, const struct form *form, int question) {
  const struct form_question *q = &form->questions[question];
  entry->public.id = arena_copy(counter->arena, q->id);
  entry->public.number = arena_copy(counter->arena, q->number);
  entry->public.text = arena_copy(counter->arena, q->text.in[form_language(form, counter->language)]);
  entry->public.in_roster = q->roster >= 0;
  entry->end = &entry->public.changes;
}

static struct entry *find_gone(struct counter *counter, const struct form *old, int question) {
  const char *id = old->questions[question].id;
  for (size_t i = 0; i < counter->gone_count; i++)
    if (strcmp(counter->gone[i]->public.id, id) == 0) return counter->gone[i];
  if (counter->gone_count == counter->gone_cap) {
    counter->gone_cap = counter->gone_cap > 0 ? 2 * counter->gone_cap : 16;
    struct entry **more = arena_array(counter->arena, counter->gone_cap, sizeof *more);
    if (counter->gone_count > 0) memcpy(more, counter->gone, counter->gone_count * sizeof *more);
    counter->gone = more;
  }
  struct entry *entry = arena_alloc(counter->arena, sizeof *entry);
  describe(counter, entry, old, question);
  entry->public.removed = true;
  counter->gone[counter->gone_count++] = entry;
  return entry;
}

/* ---- what changes, against what is asked with now */

static void add_change(void *context, const struct form_change *told) {
  struct counter *counter = context;
  struct correction_change *change = arena_alloc(counter->arena, sizeof *change);
  *change = (struct correction_change){.change = told->change, .subject = arena_copy(counter->arena, told->subject),
                                       .detail = arena_copy(counter->arena, told->detail)};
  const struct correction_change ***end = &counter->whole_end;
  if (told->question != NULL) {
    int question = form_find(counter->new, told->question);
    struct entry *entry = question >= 0 ? &counter->questions[question]
                                        : find_gone(counter, counter->now, form_find(counter->now, told->question));
    if (strcmp(told->change, "added") == 0) entry->public.added = true;
    end = &entry->end;
  }
  **end = change;
  *end = &change->next;
  counter->out->change_count++;
}

/* ---- what it does to a response */

static struct source *find_source(struct counter *counter, int64_t version, struct err *err) {
  for (struct source *source = counter->sources; source != NULL; source = source->next)
    if (source->version == version) return source;
  const struct form *old = forms_get(counter->db, version, err);
  if (old == NULL) return NULL;
  struct source *source = arena_alloc(counter->arena, sizeof *source);
  source->version = version;
  source->pair = correction_pair_new(old, counter->new, counter->arena);
  source->entries = arena_array(counter->arena, (size_t)old->question_count, sizeof *source->entries);
  for (int i = 0; i < old->question_count; i++) {
    int at = form_find(counter->new, old->questions[i].id);
    if (at >= 0) source->entries[i] = &counter->questions[at];
  }
  source->next = counter->sources;
  counter->sources = source;
  return source;
}

static void name_institution(struct counter *counter, struct entry *entry, const char *name) {
  struct correction_question *question = &entry->public;
  if (question->institution_count < CORRECTION_NAMES_MAX)
    question->institutions[question->institution_count++] = arena_copy(counter->arena, name);
}

static void count_answers(struct counter *counter, const struct source *source, const struct correction_look *look,
                          const char *institution) {
  struct entry **touched = arena_array(counter->scratch, look->answer_count, sizeof *touched);
  size_t touched_count = 0;
  for (size_t i = 0; i < look->answer_count; i++) {
    int question = form_find(source->pair->old, look->answers[i].question);
    struct entry *entry = source->entries[question];
    if (entry == NULL) entry = source->entries[question] = find_gone(counter, source->pair->old, question);
    if (!entry->touched) touched[touched_count++] = entry;
    entry->touched = true;
    entry->public.answers++;
    if (look->faults[i] == NULL) continue;
    entry->public.misfits++;
    entry->misfits_here = true;
  }
  for (size_t i = 0; i < touched_count; i++) {
    struct entry *entry = touched[i];
    entry->public.responses++;
    entry->public.misfit_responses += entry->misfits_here;
    if (entry->misfits_here) name_institution(counter, entry, institution);
    entry->touched = entry->misfits_here = false;
  }
}

/* Questions that must be answered now and need not have been before, once for each response. */
static void count_missing(struct counter *counter, const struct source *source, const struct correction_look *look) {
  bool *before = arena_array(counter->scratch, (size_t)counter->new->question_count, sizeof *before);
  for (size_t i = 0; i < look->was->missing_count; i++) {
    int question = form_find(counter->new, source->pair->old->questions[look->was->missing[i].question].id);
    if (question >= 0) before[question] = true;
  }
  for (size_t i = 0; i < look->is->missing_count; i++) {
    int question = look->is->missing[i].question;
    if (!before[question]) counter->questions[question].public.missing++;
    before[question] = true;
  }
}

static bool count_moved(struct counter *counter, const struct scan_response *response, struct err *err) {
  struct correction_preview *out = counter->out;
  struct source *source = find_source(counter, response->version_id, err);
  if (source == NULL) return false;
  const struct correction_look *look = correction_look(counter->db, source->pair, response->response, counter->scratch, err);
  if (look == NULL) return false;
  out->begun++;
  out->misfits += look->misfits;
  out->misfit_responses += look->misfits > 0;
  out->concerned += look->misfits + look->told_count > 0;
  out->incomplete += look->was->complete && !look->is->complete;
  for (size_t i = 0; i < look->open_count; i++) out->settled += look->settled[i] && look->open[i].state != ANSWER_CLEARED;
  count_answers(counter, source, look, response->name);
  count_missing(counter, source, look);
  return true;
}

/* A submitted response stays; it is only said what would not fit. */
static bool count_locked(struct counter *counter, const struct scan_response *response, struct err *err) {
  struct source *source = find_source(counter, response->version_id, err);
  if (source == NULL) return false;
  const struct correction_look *look = correction_look(counter->db, source->pair, response->response, counter->scratch, err);
  if (look == NULL) return false;
  counter->out->locked++;
  counter->out->locked_misfits += look->misfits > 0;
  return true;
}

static bool count_response(struct counter *counter, const struct scan_response *response, struct err *err) {
  if (response->status == RESPONSE_SUBMITTED || response->status == RESPONSE_PARTIAL)
    return count_locked(counter, response, err);
  if (response->status != RESPONSE_NEW) return count_moved(counter, response, err);
  counter->out->fresh++;
  return true;
}

static bool count_responses(struct counter *counter, const char *round, struct err *err) {
  struct scan_response response;
  struct err own = {0};
  struct stmt *stmt = scan_responses(counter->db, round, counter->new->id);
  while (scan_next_response(stmt, &response, &own)) {
    if (!count_response(counter, &response, &own)) break;
    arena_reset(counter->scratch);
  }
  stmt_end(stmt);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

/* ---- the result */

static bool is_worth_telling(const struct correction_question *question) {
  return question->changes != NULL || question->misfits > 0 || question->missing > 0;
}

static void collect(struct counter *counter) {
  size_t count = (size_t)counter->new->question_count + counter->gone_count;
  struct correction_question *list = arena_array(counter->arena, count, sizeof *list);
  count = 0;
  for (int i = 0; i < counter->new->question_count; i++)
    if (is_worth_telling(&counter->questions[i].public)) list[count++] = counter->questions[i].public;
  for (size_t i = 0; i < counter->gone_count; i++)
    if (is_worth_telling(&counter->gone[i]->public)) list[count++] = counter->gone[i]->public;
  counter->out->questions = list;
  counter->out->question_count = count;
}

static bool count_effect(struct db *db, const char *round, const char *language, const struct form *form,
                         struct arena *arena, struct correction_preview *out, struct err *err) {
  struct counter counter = {.db = db, .arena = arena, .scratch = arena_new(), .language = language, .new = form, .out = out,
                            .whole_end = &out->changes};
  counter.now = forms_get(db, out->current, err);
  counter.questions = arena_array(arena, (size_t)form->question_count, sizeof *counter.questions);
  for (int i = 0; i < form->question_count; i++) describe(&counter, &counter.questions[i], form, i);
  bool ok = counter.now != NULL;
  if (ok) form_diff_each(counter.now, form, language, add_change, &counter);
  ok = ok && count_responses(&counter, round, err);
  if (ok) collect(&counter);
  arena_free(counter.scratch);
  return ok;
}

bool correction_preview(struct db *db, const struct actor *actor, const char *round, const char *text, size_t len,
                        struct arena *arena, struct correction_preview *out, struct err *err) {
  struct form *form = NULL;
  *out = (struct correction_preview){0};
  if (!rights_allow(actor, ACTION_PUBLISH, 0)) return err_set(err, ERR_DENIED, "you may not publish questionnaires");
  bool own_snapshot = !db_in_transaction(db);
  if (own_snapshot && !db_begin(db, err)) return false;
  bool ok = correction_judge(db, round, text, len, &form, out, err);
  if (ok && form != NULL) {
    out->questionnaire = arena_copy(arena, form->id);
    out->title = arena_copy(arena, form->title.in[form_language(form, actor->language)]);
    out->new_label = arena_copy(arena, form->version);
  }
  if (ok && out->refusal == CORRECTION_GOOD) ok = count_effect(db, round, actor->language, form, arena, out, err);
  if (own_snapshot) db_rollback(db);
  form_free(form);
  return ok;
}
