#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/log.h"
#include "base/number.h"
#include "form/diff_words.h"
#include "form/report.h"

#define NO_LONGER_FIT "no longer fit: kept in history, listed as invalid until put right"

struct diff {
  const struct form *old, *new;
  const char *language; /* of the details */
  bool json;
  struct buf *out;
  form_change_visit *visit; /* is given the changes in place of out, NULL */
  void *context;
  size_t count;
  const char *question; /* the changes are about it; NULL: heading says about what */
  struct buf heading;   /* what the changes stand under */
  bool headed;
  struct buf detail, effect;
};

static const char *say(const struct diff *diff, enum diff_word word) { return diff_word(diff->language, word); }

/* The word's sentence with each %d in it replaced, %s likewise by put_after: formats are data here, so not printf's. */
static void put_numbers(struct diff *diff, enum diff_word word, int a, int b, int c, int d) {
  const int numbers[] = {a, b, c, d};
  const char *at = say(diff, word);
  for (size_t i = 0; *at != '\0'; at++) {
    if (at[0] == '%') buf_printf(&diff->detail, "%d", numbers[i++]);
    else buf_putc(&diff->detail, *at);
    if (at[0] == '%') at++; /* the d */
  }
}

static void put_after(struct diff *diff, const char *order) {
  const char *sentence = say(diff, DIFF_AFTER), *gap = strchr(sentence, '%');
  buf_add(&diff->detail, sentence, (size_t)(gap - sentence));
  buf_puts(&diff->detail, order);
  buf_puts(&diff->detail, gap + 2);
}

static void set_subject(struct diff *diff, const char *question, const char *kind, const char *id) {
  diff->question = question;
  diff->headed = false;
  buf_reset(&diff->heading);
  buf_printf(&diff->heading, "%s%s%s", kind, *kind != '\0' && id != NULL ? " " : "", id != NULL ? id : "");
}

/* The change whose detail is in diff->detail; effect NULL: it is in diff->effect. Empties both. */
static void emit(struct diff *diff, const char *change, const char *effect) {
  struct buf *out = diff->out;
  if (effect == NULL) effect = buf_text(&diff->effect);
  if (diff->visit != NULL) {
    const struct form_change told = {.change = change, .question = diff->question, .subject = buf_text(&diff->heading),
                                     .detail = buf_text(&diff->detail), .effect = effect};
    diff->visit(diff->context, &told);
  } else if (diff->json) {
    buf_puts(out, diff->count > 0 ? ",\n{\"change\":" : "\n{\"change\":");
    buf_json_string(out, change);
    buf_puts(out, ",\"question\":");
    buf_json_string(out, diff->question);
    struct buf detail = {0};
    if (diff->question == NULL) buf_puts(&detail, buf_text(&diff->heading));
    if (detail.len > 0 && diff->detail.len > 0) buf_puts(&detail, ": ");
    buf_puts(&detail, buf_text(&diff->detail));
    buf_puts(out, ",\"detail\":");
    buf_json_string(out, buf_text(&detail));
    buf_puts(out, ",\"effect\":");
    buf_json_string(out, effect);
    buf_putc(out, '}');
    buf_free(&detail);
  } else {
    if (!diff->headed) buf_printf(out, "%s\n", buf_text(&diff->heading));
    buf_printf(out, "  %s%s%s — %s\n", change, diff->detail.len > 0 ? ": " : "", buf_text(&diff->detail), effect);
  }
  diff->headed = true;
  diff->count++;
  buf_reset(&diff->detail);
  buf_reset(&diff->effect);
}

/* Index of the old form's language in the new one, -1. */
static int same_language(const struct diff *diff, int language) {
  int at = form_language(diff->new, diff->old->languages[language]);
  return strcmp(diff->new->languages[at], diff->old->languages[language]) == 0 ? at : -1;
}

/* Adds "label: lv, en" to the detail when the texts differ in those. */
static bool compare_text(struct diff *diff, const char *label, const struct form_text *old,
                         const struct form_text *new) {
  bool differs = false;
  for (int i = 0; i < diff->old->language_count; i++) {
    int at = same_language(diff, i);
    if (at < 0 || strcmp(old->in[i], new->in[at]) == 0) continue;
    if (differs) buf_puts(&diff->detail, ", ");
    else buf_printf(&diff->detail, "%s%s: ", diff->detail.len > 0 ? "; " : "", label);
    buf_puts(&diff->detail, diff->old->languages[i]);
    differs = true;
  }
  return differs;
}

static bool same_text(const struct diff *diff, const struct form_text *old, const struct form_text *new) {
  for (int i = 0; i < diff->old->language_count; i++) {
    int at = same_language(diff, i);
    if (at >= 0 && strcmp(old->in[i], new->in[at]) != 0) return false;
  }
  return true;
}

/* True when the printed expressions differ; then the detail is "old → new". */
static bool compare_expr(struct diff *diff, const struct expr *old, const struct expr *new, const char *none) {
  struct buf before = {0}, after = {0};
  if (old != NULL) expr_print(old, &before);
  else buf_puts(&before, none);
  if (new != NULL) expr_print(new, &after);
  else buf_puts(&after, none);
  bool differs = strcmp(buf_text(&before), buf_text(&after)) != 0;
  if (differs) buf_printf(&diff->detail, "%s → %s", buf_text(&before), buf_text(&after));
  buf_free(&before);
  buf_free(&after);
  return differs;
}

static bool same_expr(const struct expr *old, const struct expr *new) {
  struct diff scratch = {.language = "en"};
  bool differs = compare_expr(&scratch, old, new, "");
  buf_free(&scratch.detail);
  return !differs;
}

static bool is_select(enum question_type type) {
  return type == QUESTION_SELECT_ONE || type == QUESTION_SELECT_MULTIPLE;
}

static const char *retyped_effect(enum question_type old, enum question_type new) {
  bool was_answered = old != QUESTION_NOTE && old != QUESTION_CALCULATE;
  if (new == QUESTION_NOTE || new == QUESTION_CALCULATE) {
    return was_answered ? "answers are kept in history and no longer used" : "there are no answers to keep";
  }
  if (!was_answered) return "no answers yet: 1 question more to answer";
  if (old == QUESTION_INTEGER && new == QUESTION_DECIMAL) return "all answers fit";
  if (old == QUESTION_DECIMAL && new == QUESTION_INTEGER) return "answers with decimals " NO_LONGER_FIT;
  if (old == QUESTION_SELECT_ONE && new == QUESTION_SELECT_MULTIPLE) return "all answers fit, as a single choice";
  if (old == QUESTION_SELECT_MULTIPLE && new == QUESTION_SELECT_ONE) {
    return "answers with more than one option " NO_LONGER_FIT;
  }
  if (new == QUESTION_TEXT) return is_select(old) ? "all answers fit, as their codes" : "all answers fit";
  if (is_select(new)) return "answers that are not codes of its options " NO_LONGER_FIT;
  if (new == QUESTION_DATE) return "answers that are not dates " NO_LONGER_FIT;
  return is_select(old) ? "answers with one option stay as the number of its code, others " NO_LONGER_FIT
                        : "answers that are not such numbers " NO_LONGER_FIT;
}

static void compare_type(struct diff *diff, const struct form_question *old, const struct form_question *new) {
  if (old->type == new->type) return;
  buf_printf(&diff->detail, "%s → %s", form_type_name(old->type), form_type_name(new->type));
  emit(diff, "retyped", retyped_effect(old->type, new->type));
}

static void compare_filter(struct diff *diff, const struct form_question *old, const struct form_question *new) {
  if (!compare_expr(diff, old->effective, new->effective, say(diff, DIFF_EVERYONE))) return;
  const char *effect = "shown to other respondents: answers that become hidden are kept, hidden ones that are shown "
                       "again are back";
  if (old->effective == NULL) effect = "shown to fewer respondents: answers that become hidden are kept, not exported";
  if (new->effective == NULL) effect = "shown to everyone: hidden answers are back";
  emit(diff, "refiltered", effect);
}

static void compare_wording(struct diff *diff, const struct form_question *old, const struct form_question *new) {
  bool differs = compare_text(diff, say(diff, DIFF_TEXT), &old->text, &new->text);
  differs |= compare_text(diff, say(diff, DIFF_HINT), &old->hint, &new->hint);
  differs |= compare_text(diff, say(diff, DIFF_UNIT), &old->unit, &new->unit);
  differs |= compare_text(diff, "na", &old->special_text[0], &new->special_text[0]);
  differs |= compare_text(diff, "nodata", &old->special_text[1], &new->special_text[1]);
  if (differs) emit(diff, "reworded", "answers are kept; check that they still mean the same");
  if (strcmp(old->number, new->number) == 0) return;
  buf_printf(&diff->detail, "%s → %s", old->number, new->number);
  emit(diff, "renumbered", "answers are kept");
}

static void compare_required(struct diff *diff, const struct form_question *old, const struct form_question *new) {
  if (old->required == new->required) return;
  buf_puts(&diff->detail, new->required ? say(diff, DIFF_OPTIONAL) : say(diff, DIFF_REQUIRED));
  buf_printf(&diff->detail, " → %s", new->required ? say(diff, DIFF_REQUIRED) : say(diff, DIFF_OPTIONAL));
  emit(diff, "required",
       new->required ? "answers are kept; responses that left it empty become incomplete"
                     : "answers are kept; 1 question less that must be answered");
}

static void put_bound(struct diff *diff, enum diff_word word, bool has, double bound) {
  buf_printf(&diff->detail, "%s ", say(diff, word));
  if (has) number_write(bound, &diff->detail);
  else buf_puts(&diff->detail, say(diff, DIFF_NONE));
}

static void put_bounds(struct diff *diff, const struct form_question *question) {
  put_bound(diff, DIFF_MIN, question->has_min, question->min);
  buf_puts(&diff->detail, ", ");
  put_bound(diff, DIFF_MAX, question->has_max, question->max);
}

static bool is_number(const struct form_question *question) {
  return question->type == QUESTION_INTEGER || question->type == QUESTION_DECIMAL;
}

static void compare_bounds(struct diff *diff, const struct form_question *old, const struct form_question *new) {
  if (is_number(old) && is_number(new)) {
    bool min = old->has_min != new->has_min || (old->has_min && old->min != new->min);
    bool max = old->has_max != new->has_max || (old->has_max && old->max != new->max);
    bool tighter = (min && new->has_min && (!old->has_min || new->min > old->min)) ||
                   (max && new->has_max && (!old->has_max || new->max < old->max));
    if (min || max) {
      put_bounds(diff, old);
      buf_puts(&diff->detail, " → ");
      put_bounds(diff, new);
      emit(diff, "bounds", tighter ? "answers outside the new bounds " NO_LONGER_FIT : "all answers fit");
    }
  }
  if (old->type != QUESTION_TEXT || new->type != QUESTION_TEXT || old->max_length == new->max_length) return;
  put_numbers(diff, DIFF_AT_MOST, old->max_length, new->max_length, 0, 0);
  emit(diff, "length", new->max_length < old->max_length ? "longer answers " NO_LONGER_FIT : "all answers fit");
}

static void compare_special(struct diff *diff, const struct form_question *old, const struct form_question *new,
                            enum special special, const char *name) {
  bool had = old->specials & special, has = new->specials & special;
  if (had == has || !form_is_answerable(new) || !form_is_answerable(old)) return;
  buf_printf(&diff->detail, "%s %s", name, say(diff, has ? DIFF_OFFERED : DIFF_NOT_OFFERED));
  if (!has) buf_printf(&diff->effect, "answers “%s” " NO_LONGER_FIT, name);
  emit(diff, "specials", has ? "answers are kept" : NULL);
}

static const struct form_option *find_option(const struct form_question *question, int code) {
  int index = form_option_index(question, code);
  return index >= 0 ? &question->options[index] : NULL;
}

/* The new option with an old one's wording under another code, NULL. */
static const struct form_option *find_reworded(const struct diff *diff, const struct form_option *old,
                                               const struct form_question *new) {
  for (int i = 0; i < new->option_count; i++) {
    const struct form_option *option = &new->options[i];
    if (option->code != old->code && same_text(diff, &old->text, &option->text)) return option;
  }
  return NULL;
}

static void put_option(struct diff *diff, const struct form_option *option) {
  buf_printf(&diff->detail, "%d %s%s%s", option->code, say(diff, DIFF_OPEN), option->text.in[0], say(diff, DIFF_CLOSE));
}

static void compare_old_option(struct diff *diff, const struct form_option *option, const struct form_question *new) {
  const struct form_option *same = find_option(new, option->code);
  const struct form_option *elsewhere = find_reworded(diff, option, new);
  if (same == NULL) {
    put_option(diff, option);
    if (elsewhere != NULL) buf_printf(&diff->detail, " → %d", elsewhere->code);
    buf_printf(&diff->effect, "answers that chose option %d " NO_LONGER_FIT, option->code);
    emit(diff, elsewhere != NULL ? "option recoded" : "option removed", NULL);
    return;
  }
  if (!same_text(diff, &option->text, &same->text)) {
    put_option(diff, option);
    buf_printf(&diff->detail, " → %s%s%s", say(diff, DIFF_OPEN), same->text.in[0], say(diff, DIFF_CLOSE));
    buf_printf(&diff->effect, "answers that chose option %d are kept and now read “%s”%s", option->code,
               same->text.in[0], elsewhere != NULL ? ": the old wording now has another code" : "");
    emit(diff, elsewhere != NULL ? "option recoded" : "option reworded", NULL);
  }
  if (compare_expr(diff, option->relevant, same->relevant, say(diff, DIFF_EVERYONE))) {
    struct buf filters = diff->detail;
    diff->detail = (struct buf){0};
    buf_printf(&diff->detail, "%d: %s", option->code, buf_text(&filters));
    buf_free(&filters);
    emit(diff, "option refiltered",
         "offered to other respondents: where it is not offered the choice is kept but unseen");
  }
  if (option->exclusive == same->exclusive) return;
  put_numbers(diff, same->exclusive ? DIFF_NOW_EXCLUSIVE : DIFF_NOT_EXCLUSIVE, option->code, 0, 0, 0);
  if (same->exclusive) {
    buf_printf(&diff->effect, "answers that combine option %d with others " NO_LONGER_FIT, option->code);
  }
  emit(diff, "option exclusive", same->exclusive ? NULL : "all answers fit");
}

static bool same_option_order(const struct form_question *old, const struct form_question *new) {
  int last = -1;
  for (int i = 0; i < old->option_count; i++) {
    int at = form_option_index(new, old->options[i].code);
    if (at >= 0 && at < last) return false;
    if (at >= 0) last = at;
  }
  return true;
}

static void compare_options(struct diff *diff, const struct form_question *old, const struct form_question *new) {
  if (!is_select(old->type) || !is_select(new->type)) return;
  for (int i = 0; i < old->option_count; i++) compare_old_option(diff, &old->options[i], new);
  for (int i = 0; i < new->option_count; i++) {
    if (find_option(old, new->options[i].code) != NULL) continue;
    put_option(diff, &new->options[i]);
    emit(diff, "option added", "answers are kept");
  }
  if (same_option_order(old, new)) return;
  buf_puts(&diff->detail, say(diff, DIFF_ORDER));
  emit(diff, "options moved", "answers are kept");
}

static const char *severity_name(const struct diff *diff, const struct form_check *check) {
  return say(diff, check->severity == SEVERITY_ERROR ? DIFF_ERROR : DIFF_WARNING);
}

static void put_check(struct diff *diff, const struct form_check *check) {
  expr_print(check->test, &diff->detail);
  buf_printf(&diff->detail, " (%s)", severity_name(diff, check));
}

static const char *check_effect(const struct form_check *check) {
  return check->severity == SEVERITY_ERROR
             ? "answers are kept; responses that violate it are not complete until put right"
             : "answers are kept; responses that violate it show a warning";
}

static const struct form_check *find_check(const struct form_question *question, const struct form_check *check) {
  for (int i = 0; i < question->check_count; i++) {
    if (same_expr(question->checks[i].test, check->test)) return &question->checks[i];
  }
  return NULL;
}

/* The next check at or after *at of from whose test is not among those of other, NULL. */
static const struct form_check *next_unmatched(const struct form_question *from, const struct form_question *other,
                                               int *at) {
  while (*at < from->check_count) {
    const struct form_check *check = &from->checks[(*at)++];
    if (find_check(other, check) == NULL) return check;
  }
  return NULL;
}

static void compare_same_checks(struct diff *diff, const struct form_question *old, const struct form_question *new) {
  for (int i = 0; i < old->check_count; i++) {
    const struct form_check *check = &old->checks[i], *same = find_check(new, check);
    if (same == NULL) continue;
    if (check->severity != same->severity) {
      put_check(diff, check);
      buf_printf(&diff->detail, " → %s", severity_name(diff, same));
      emit(diff, "check changed", check_effect(same));
    }
    if (!compare_text(diff, "message", &check->message, &same->message)) continue;
    emit(diff, "check reworded", "answers are kept");
  }
}

/* Tests that differ are paired in their order: what is left over was added or removed. */
static void compare_checks(struct diff *diff, const struct form_question *old, const struct form_question *new) {
  int old_at = 0, new_at = 0;
  compare_same_checks(diff, old, new);
  for (;;) {
    const struct form_check *gone = next_unmatched(old, new, &old_at);
    const struct form_check *come = next_unmatched(new, old, &new_at);
    if (gone == NULL && come == NULL) return;
    if (gone != NULL) put_check(diff, gone);
    if (gone != NULL && come != NULL) buf_puts(&diff->detail, " → ");
    if (come != NULL) put_check(diff, come);
    if (come == NULL) emit(diff, "check removed", "answers are kept; nothing to put right any more");
    else emit(diff, gone != NULL ? "check changed" : "check added", check_effect(come));
  }
}

static const char *container_id(const struct form *form, int container) {
  return container >= 0 && form->containers[container].id != NULL ? form->containers[container].id : "";
}

static const char *roster_id(const struct form *form, const struct form_question *question) {
  return question->roster >= 0 ? container_id(form, form->rosters[question->roster]) : "";
}

static void put_move(struct diff *diff, const char *what, const char *old, const char *new) {
  const char *nowhere = say(diff, DIFF_NOWHERE);
  buf_printf(&diff->detail, "%s%s %s → %s", diff->detail.len > 0 ? "; " : "", what, *old != '\0' ? old : nowhere,
             *new != '\0' ? new : nowhere);
}

/* order: the question it now follows, when it changed places within its section; else NULL. */
static void compare_place(struct diff *diff, const struct form_question *old, const struct form_question *new,
                          const char *order) {
  const char *was = roster_id(diff->old, old), *is = roster_id(diff->new, new);
  if (strcmp(was, is) != 0) {
    put_move(diff, say(diff, DIFF_ROSTER), was, is);
    emit(diff, "moved", "its answers stood elsewhere: kept in history, not carried over");
  }
  was = diff->old->sections[old->section].id;
  is = diff->new->sections[new->section].id;
  if (strcmp(was, is) != 0) put_move(diff, say(diff, DIFF_SECTION), was, is);
  else if (order != NULL) put_after(diff, order);
  was = container_id(diff->old, old->matrix >= 0 ? old->matrix : old->table);
  is = container_id(diff->new, new->matrix >= 0 ? new->matrix : new->table);
  if (strcmp(was, is) != 0) put_move(diff, say(diff, DIFF_MATRIX), was, is);
  if (diff->detail.len > 0) emit(diff, "moved", "answers are kept");
}

static void compare_other(struct diff *diff, const struct form_question *old, const struct form_question *new) {
  if (old->type == QUESTION_CALCULATE && new->type == QUESTION_CALCULATE &&
      compare_expr(diff, old->calculation, new->calculation, say(diff, DIFF_NOTHING))) {
    emit(diff, "recalculated", "its value changes where the answers make a difference");
  }
  bool same = old->has_default == new->has_default &&
              (!old->has_default || value_equal(&old->default_value, &new->default_value));
  if (same || !form_is_answerable(new)) return;
  emit(diff, "default", "answers are kept; another value is offered where there is none");
}

static void compare_question(struct diff *diff, const struct form_question *old, const struct form_question *new,
                             const char *order) {
  set_subject(diff, new->id, "", new->id);
  compare_place(diff, old, new, order);
  compare_type(diff, old, new);
  compare_filter(diff, old, new);
  compare_required(diff, old, new);
  compare_options(diff, old, new);
  compare_bounds(diff, old, new);
  compare_special(diff, old, new, SPECIAL_NA, "na");
  compare_special(diff, old, new, SPECIAL_NODATA, "nodata");
  compare_checks(diff, old, new);
  compare_wording(diff, old, new);
  compare_other(diff, old, new);
}

static void report_added(struct diff *diff, const struct form_question *question) {
  set_subject(diff, question->id, "", question->id);
  buf_puts(&diff->detail, form_type_name(question->type));
  const char *effect = "no answers yet: 1 question more to answer, responses are incomplete where it is asked";
  if (!question->required) effect = "no answers yet; responses stay complete";
  if (!form_is_answerable(question)) effect = "nothing to answer";
  emit(diff, "added", effect);
}

static void report_removed(struct diff *diff, const struct form_question *question) {
  set_subject(diff, question->id, "", question->id);
  buf_puts(&diff->detail, form_type_name(question->type));
  const char *effect = "answers are kept in history, neither shown nor exported; 1 question less to answer";
  if (!form_is_answerable(question)) effect = "there are no answers to keep";
  emit(diff, "removed", effect);
}

/* Marks in moved the questions of the new form that changed places: those outside a longest run that kept its order. */
static void find_moved(const struct diff *diff, bool *moved) {
  int count = diff->new->question_count;
  int *old = calloc((size_t)count * 3 + 1, sizeof *old);
  if (old == NULL) log_out_of_memory();
  int *length = old + count, *before = length + count, best = -1;
  for (int i = 0; i < count; i++) {
    old[i] = form_find(diff->old, diff->new->questions[i].id);
    before[i] = -1;
    if (old[i] < 0) continue;
    length[i] = 1;
    for (int k = 0; k < i; k++) {
      if (old[k] < 0 || old[k] > old[i] || length[k] < length[i]) continue;
      length[i] = length[k] + 1;
      before[i] = k;
    }
    if (best < 0 || length[i] > length[best]) best = i;
  }
  for (int i = 0; i < count; i++) moved[i] = old[i] >= 0;
  for (int i = best; i >= 0; i = before[i]) moved[i] = false;
  free(old);
}

static void compare_whole(struct diff *diff) {
  set_subject(diff, NULL, "questionnaire", NULL);
  for (int i = 0; i < diff->old->language_count; i++) {
    if (same_language(diff, i) >= 0) continue;
    buf_puts(&diff->detail, diff->old->languages[i]);
    emit(diff, "language removed", "answers are kept");
  }
  for (int i = 0; i < diff->new->language_count; i++) {
    const char *code = diff->new->languages[i];
    if (strcmp(diff->old->languages[form_language(diff->old, code)], code) == 0) continue;
    buf_puts(&diff->detail, code);
    emit(diff, "language added", "answers are kept");
  }
  bool differs = compare_text(diff, say(diff, DIFF_TITLE), &diff->old->title, &diff->new->title);
  differs |= compare_text(diff, say(diff, DIFF_HINT), &diff->old->hint, &diff->new->hint);
  if (differs) emit(diff, "reworded", "answers are kept");
}

static void compare_sections(struct diff *diff) {
  for (int i = 0; i < diff->old->section_count; i++) {
    const struct form_section *old = &diff->old->sections[i];
    int at = form_find_section(diff->new, old->id);
    set_subject(diff, NULL, "section", old->id);
    if (at < 0) {
      emit(diff, "removed", "its questions are reported one by one");
      continue;
    }
    bool differs = compare_text(diff, say(diff, DIFF_TITLE), &old->title, &diff->new->sections[at].title);
    differs |= compare_text(diff, say(diff, DIFF_HINT), &old->hint, &diff->new->sections[at].hint);
    if (differs) emit(diff, "reworded", "answers are kept");
  }
  for (int i = 0; i < diff->new->section_count; i++) {
    if (form_find_section(diff->old, diff->new->sections[i].id) >= 0) continue;
    set_subject(diff, NULL, "section", diff->new->sections[i].id);
    emit(diff, "added", "its questions are reported one by one");
  }
}

static const struct form_container *find_container(const struct form *form, const struct form_container *like) {
  for (int i = 0; i < form->container_count; i++) {
    const struct form_container *container = &form->containers[i];
    if (container->kind != like->kind || container->id == NULL) continue;
    if (strcmp(container->id, like->id) == 0) return container;
  }
  return NULL;
}

static void compare_containers(struct diff *diff) {
  static const char *const kinds[] = {"block", "matrix", "table", "roster"};
  for (int i = 0; i < diff->old->container_count; i++) {
    const struct form_container *old = &diff->old->containers[i];
    const struct form_container *new = old->id != NULL ? find_container(diff->new, old) : NULL;
    if (new == NULL) continue;
    set_subject(diff, NULL, kinds[old->kind], old->id);
    bool differs = compare_text(diff, say(diff, DIFF_TEXT), &old->text, &new->text);
    differs |= compare_text(diff, say(diff, DIFF_HINT), &old->hint, &new->hint);
    differs |= compare_text(diff, say(diff, DIFF_LABEL), &old->label, &new->label);
    if (differs) emit(diff, "reworded", "answers are kept");
    if (old->row_min == new->row_min && old->row_max == new->row_max) continue;
    put_numbers(diff, DIFF_ROWS, old->row_min, old->row_max, new->row_min, new->row_max);
    bool tighter = new->row_min > old->row_min || new->row_max < old->row_max;
    emit(diff, "rows", tighter ? "rows are kept; responses with too few or too many are not complete until put right"
                               : "rows are kept");
  }
}

static void compare_questions(struct diff *diff) {
  const struct form *old = diff->old, *new = diff->new;
  bool *moved = calloc((size_t)new->question_count + 1, sizeof *moved);
  if (moved == NULL) log_out_of_memory();
  find_moved(diff, moved);
  for (int i = 0; i < new->question_count; i++) {
    const struct form_question *question = &new->questions[i];
    int was = form_find(old, question->id);
    const char *after = i > 0 ? new->questions[i - 1].id : say(diff, DIFF_BEGINNING);
    if (was < 0) report_added(diff, question);
    else compare_question(diff, &old->questions[was], question, moved[i] ? after : NULL);
  }
  for (int i = 0; i < old->question_count; i++) {
    if (form_find(new, old->questions[i].id) < 0) report_removed(diff, &old->questions[i]);
  }
  free(moved);
}

static size_t compare(struct diff *diff) {
  compare_whole(diff);
  compare_sections(diff);
  compare_containers(diff);
  compare_questions(diff);
  buf_free(&diff->heading);
  buf_free(&diff->detail);
  buf_free(&diff->effect);
  return diff->count;
}

size_t form_diff(const struct form *old_form, const struct form *new_form, bool json, struct buf *out) {
  struct diff diff = {.old = old_form, .new = new_form, .language = "en", .json = json, .out = out};
  if (json) buf_putc(out, '[');
  size_t count = compare(&diff);
  if (json) buf_puts(out, count > 0 ? "\n]" : "]");
  return count;
}

size_t form_diff_each(const struct form *old_form, const struct form *new_form, const char *language,
                      form_change_visit *visit, void *context) {
  struct diff diff = {.old = old_form, .new = new_form, .language = language, .visit = visit, .context = context};
  return compare(&diff);
}
