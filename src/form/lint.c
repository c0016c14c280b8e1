#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "form/loader.h"

#define MAYBE_MAX 5    /* filters too large to judge; each takes its time, and the rest will be no better */
#define GUARDS_MAX 12 /* questions whose own filters are looked at with one filter, nearest first */

/* --- filters that are never true --- */

struct judge {
  struct loader *loader;
  int maybe;
  int guards; /* for this filter */
};

/* A question has a value only where it is asked. */
static const struct expr *guard_of(void *context, int slot) {
  struct judge *judge = context;
  const struct loader *loader = judge->loader;
  if (judge->guards == GUARDS_MAX) return NULL;
  judge->guards++;
  if (slot < FORM_ROSTER_SLOT) return loader->question_sources[slot].item.effective;
  return loader->container_sources[loader->rosters[slot - FORM_ROSTER_SLOT]].effective;
}

static bool is_never(struct judge *judge, const struct expr *one, const struct expr *other) {
  const struct expr *list[] = {one, other};
  if (judge->maybe == MAYBE_MAX) return false;
  judge->guards = 0;
  enum expr_verdict verdict = expr_satisfiable(list, other != NULL ? 2 : 1, guard_of, judge);
  if (verdict == EXPR_MAYBE) judge->maybe++;
  return verdict == EXPR_NEVER;
}

/* around: what encloses it, NULL for a section. */
static void judge_filter(struct judge *judge, struct item_source *source, const struct item_source *around,
                         const char *id, const char *what) {
  source->never = around != NULL && around->never;
  if (source->never || source->filter == NULL) return;
  source->never = is_never(judge, source->effective, NULL);
  if (!source->never) return;
  bool alone = around == NULL || around->effective == NULL || is_never(judge, source->filter, NULL);
  judge->loader->question = id;
  load_fault(judge->loader, source->relevant, "this filter can never be true%s: nobody %s",
             alone ? "" : " together with those around it", what);
}

static const struct item_source *frame_of(const struct loader *loader, int section, int container) {
  return container >= 0 ? &loader->container_sources[container] : &loader->section_sources[section];
}

static void judge_options(struct judge *judge, int index) {
  struct loader *loader = judge->loader;
  const struct form_question *question = &loader->questions[index];
  const struct question_source *source = &loader->question_sources[index];
  if (source->set == NULL || !source->set->binds || source->item.never) return;
  for (int i = 0; i < question->option_count; i++) {
    const struct expr *filter = question->options[i].relevant;
    if (filter == NULL || !is_never(judge, filter, question->effective)) continue;
    loader->question = question->id;
    load_fault(loader, yaml_get(source->set->nodes[i], "relevant"),
               "option %d can never be chosen: its filter cannot be true when \"%s\" is asked",
               question->options[i].code, question->id);
  }
}

static void judge_filters(struct loader *loader) {
  static const char *const whats[] = {"sees this block", "sees this matrix", "sees this table", "sees this roster"};
  struct judge judge = {.loader = loader};
  for (int i = 0; i < loader->form->section_count; i++) {
    judge_filter(&judge, &loader->section_sources[i], NULL, loader->sections[i].id, "sees this section");
  }
  for (int i = 0; i < loader->form->container_count; i++) {
    const struct form_container *container = &loader->containers[i];
    judge_filter(&judge, &loader->container_sources[i], frame_of(loader, container->section, container->parent),
                 container->id, whats[container->kind]);
  }
  for (int i = 0; i < loader->form->question_count; i++) {
    const struct form_question *question = &loader->questions[i];
    judge_filter(&judge, &loader->question_sources[i].item, frame_of(loader, question->section, question->container),
                 question->id, "is asked this question");
    judge_options(&judge, i);
  }
}

/* --- options that ask for a text --- */

/* Lower case for the letters of the phrases below; every character keeps its length. */
static void add_folded(struct buf *out, const char *text) {
  for (const unsigned char *at = (const unsigned char *)text; *at != '\0'; at++) {
    unsigned char first = at[0], second = at[1];
    if (first >= 'A' && first <= 'Z') {
      buf_putc(out, (char)(first + ('a' - 'A')));
    } else if (first == 0xC5 && second == 0xAA) { /* Ū */
      buf_puts(out, "ū");
      at++;
    } else if (first == 0xD0 && second >= 0x90 && second <= 0x9F) { /* А to П */
      buf_putc(out, (char)first);
      buf_putc(out, (char)(second + 0x20));
      at++;
    } else if (first == 0xD0 && second >= 0xA0 && second <= 0xAF) { /* Р to Я */
      buf_putc(out, (char)0xD1);
      buf_putc(out, (char)(second - 0x20));
      at++;
    } else {
      buf_putc(out, (char)first);
    }
  }
}

/* Says so at the first such phrase of an option's text. */
static bool asks_for_text(struct loader *loader, const struct yaml_node *text) {
  static const char *const phrases[] = {"lūdzu, ierakstiet", "lūdzu ierakstiet", "please specify", "please state",
                                        "укажите"};
  struct buf folded = {0};
  add_folded(&folded, text->text);
  const char *found = NULL;
  for (size_t i = 0; found == NULL && i < sizeof phrases / sizeof phrases[0]; i++) {
    found = strstr(buf_text(&folded), phrases[i]);
    if (found == NULL) continue;
    load_fault_in(loader, text, (size_t)(found - buf_text(&folded)), (int)utf8_count(phrases[i], strlen(phrases[i])),
                  "this option asks for a text but has no \"other\", the id of the question that takes it");
  }
  buf_free(&folded);
  return found != NULL;
}

static void check_phrases(struct loader *loader) {
  loader->question = NULL;
  for (const struct option_set *set = loader->sets; set != NULL; set = set->next) {
    for (int i = 0; i < set->count; i++) {
      const struct yaml_node *text = yaml_get(set->nodes[i], "text");
      if (yaml_find(set->nodes[i], "other") != NULL || text == NULL || text->kind != YAML_MAPPING) continue;
      bool said = false;
      for (int j = 0; j < text->count && !said; j++) {
        const struct yaml_node *value = text->pairs[j].value;
        said = value->kind == YAML_SCALAR && asks_for_text(loader, value);
      }
    }
  }
}

/* --- the questions that take those texts --- */

/* An option says that a text question is its own. */
struct claim {
  int question, code;
  const struct yaml_node *place; /* the option's "other" */
  bool covered;                  /* the text question's filter asks for it */
  struct claim *next;
};

static bool cover(const struct loader *loader, struct claim *claims, const char *id, size_t id_len, long code) {
  for (struct claim *claim = claims; claim != NULL; claim = claim->next) {
    const char *own = loader->questions[claim->question].id;
    if (claim->code != code || strlen(own) != id_len || memcmp(own, id, id_len) != 0) continue;
    claim->covered = true;
    return true;
  }
  return false;
}

static bool skip(const char **at, const char *word) {
  size_t len = strlen(word);
  if (strncmp(*at, word, len) != 0) return false;
  *at += len;
  return true;
}

/* `Q = 1`, `Q in (1, 2)` in canonical text. */
static bool covers_atom(const struct loader *loader, const char **at, struct claim *claims) {
  const char *id = *at;
  size_t id_len = strcspn(id, " .()");
  *at += id_len;
  bool list = skip(at, " in (");
  if (!list && !skip(at, " = ")) return false;
  do {
    char *end;
    long code = strtol(*at, &end, 10);
    if (end == *at || !cover(loader, claims, id, id_len, code)) return false;
    *at = end;
  } while (list && skip(at, ", "));
  return !list || skip(at, ")");
}

/* Is the filter true exactly when one of the claiming options is chosen? Judged by its form: atoms joined by or. */
static bool covers_exactly(const struct loader *loader, const struct expr *filter, struct claim *claims) {
  struct buf text = {0};
  expr_print(filter, &text);
  const char *at = buf_text(&text);
  bool good;
  do {
    good = covers_atom(loader, &at, claims);
  } while (good && skip(&at, " or "));
  good = good && *at == '\0';
  for (const struct claim *claim = claims; claim != NULL; claim = claim->next) good = good && claim->covered;
  buf_free(&text);
  return good;
}

static bool encloses_claims(int first, int count, const struct claim *claims) {
  for (; claims != NULL; claims = claims->next) {
    if (claims->question < first || claims->question >= first + count) return false;
  }
  return true;
}

/* A text question's filters, without those that enclose its options' questions too: how many, and the innermost. */
static int own_filters(const struct loader *loader, int other, const struct claim *claims, const struct expr **filter) {
  const struct form_question *question = &loader->questions[other];
  const struct form_section *section = &loader->sections[question->section];
  int count = 0;
  if (section->relevant != NULL && !encloses_claims(section->first, section->count, claims)) {
    *filter = section->relevant;
    count++;
  }
  const struct expr *inner = NULL;
  for (int i = question->container; i >= 0; i = loader->containers[i].parent) {
    const struct form_container *container = &loader->containers[i];
    if (container->relevant == NULL || encloses_claims(container->first, container->count, claims)) continue;
    if (inner == NULL) inner = container->relevant;
    count++;
  }
  if (inner != NULL) *filter = inner;
  if (question->relevant != NULL) {
    *filter = question->relevant;
    count++;
  }
  return count;
}

/* "K13M = 99", "K13M in (98, 99) or K14 = 9". */
static void write_expected(const struct loader *loader, const struct claim *claims, struct buf *out) {
  for (const struct claim *claim = claims; claim != NULL;) {
    const struct claim *end = claim;
    int count = 0;
    for (; end != NULL && end->question == claim->question; end = end->next) count++;
    buf_printf(out, "%s%s %s", claim == claims ? "" : " or ", loader->questions[claim->question].id,
               count > 1 ? "in (" : "= ");
    for (const struct claim *code = claim; code != end; code = code->next) {
      buf_printf(out, "%s%d", code == claim ? "" : ", ", code->code);
    }
    if (count > 1) buf_putc(out, ')');
    claim = end;
  }
}

static void check_claims(struct loader *loader, int other, struct claim *claims) {
  const struct form_question *question = &loader->questions[other];
  const struct item_source *source = &loader->question_sources[other].item;
  for (const struct claim *claim = claims; claim != NULL; claim = claim->next) {
    if (loader->questions[claim->question].roster == question->roster) continue;
    loader->question = loader->questions[claim->question].id;
    load_fault(loader, claim->place, "\"%s\" must stand in the same roster as \"%s\"", question->id,
               loader->question);
    return;
  }
  if (source->filter == NULL && yaml_find(source->node, "relevant") != NULL) return; /* said already */
  const struct expr *filter = NULL;
  int filters = own_filters(loader, other, claims, &filter);
  bool covers = filters > 0 && covers_exactly(loader, filter, claims);
  if (covers && filters == 1) return;
  loader->question = question->id;
  const struct yaml_node *place = source->relevant != NULL ? source->relevant : claims->place;
  if (covers) {
    load_fault(loader, place, "\"%s\" takes the text of an option of \"%s\" and must stand within the same filters",
               question->id, loader->questions[claims->question].id);
    return;
  }
  struct buf expected = {0};
  write_expected(loader, claims, &expected);
  load_fault(loader, place,
             "\"%s\" takes the text of an option and must be asked exactly when that is chosen; expected relevant: %s",
             question->id, buf_text(&expected));
  buf_free(&expected);
}

static void check_others(struct loader *loader) {
  int count = loader->form->question_count;
  struct arena *arena = arena_new();
  struct claim **claims = arena_array(arena, (size_t)count, sizeof(struct claim *));
  for (int i = count - 1; i >= 0; i--) {
    const struct form_question *question = &loader->questions[i];
    const struct option_set *set = loader->question_sources[i].set;
    for (int j = set != NULL && set->binds ? question->option_count - 1 : -1; j >= 0; j--) {
      int other = question->options[j].other;
      if (other < 0) continue;
      struct claim *claim = arena_alloc(arena, sizeof *claim);
      *claim = (struct claim){i, question->options[j].code, yaml_get(set->nodes[j], "other"), false, claims[other]};
      claims[other] = claim;
    }
  }
  for (int i = 0; i < count; i++) {
    if (claims[i] != NULL) check_claims(loader, i, claims[i]);
  }
  arena_free(arena);
}

void load_lint(struct loader *loader) {
  check_phrases(loader);
  check_others(loader);
  /* In a cycle no filter can be judged: each would wait for the other. */
  if (!loader->cyclic) judge_filters(loader);
  loader->question = NULL;
}
