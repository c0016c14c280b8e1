#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "form/loader.h"

/* The graph's nodes are the questions, behind them the containers, behind those the sections: a question comes after
 * its container, a container after what is around it, and each after what its filter names. */

/* A node must be computed after another. */
struct edge {
  int to;
  struct item_source *source;   /* whose filter says so; NULL: a calculation, an option's filter, or the structure */
  const struct yaml_node *node; /* the expression; NULL: the structure */
  int line, column, len;        /* the word in it, in characters */
  struct edge *next;
};

enum mark { MARK_NEW, MARK_OPEN, MARK_DONE };

/* A node that is being visited and the edge that leads on from it. */
struct step {
  int node;
  const struct edge *edge;
};

struct ordering {
  struct loader *loader;
  struct arena *arena;
  struct edge **edges; /* by node */
  enum mark *marks;
  struct step *path;
  int depth;
  int *order;
  int count;
  /* while edges are collected: */
  int from;
  struct item_source *source;
  const struct yaml_node *node;
};

/* Place of a token in the file. */
static void token_place(const struct yaml_node *node, int text_line, int text_column, int *line, int *column) {
  size_t at = 0;
  for (; text_line > 1 && at < node->len; at++) text_line -= node->text[at] == '\n';
  for (; text_column > 1 && at < node->len; text_column--) utf8_next(node->text, node->len, &at);
  yaml_place(node, at, line, column);
}

static int container_node(const struct ordering *ordering, int container) {
  return ordering->loader->form->question_count + container;
}

static int section_node(const struct ordering *ordering, int section) {
  return ordering->loader->form->question_count + ordering->loader->form->container_count + section;
}

static struct edge *add_edge(struct ordering *ordering, int to) {
  struct edge *edge = arena_alloc(ordering->arena, sizeof *edge);
  edge->to = to;
  edge->next = ordering->edges[ordering->from];
  ordering->edges[ordering->from] = edge;
  return edge;
}

static void add_reference(void *context, int slot, int line, int column, int len) {
  struct ordering *ordering = context;
  bool is_roster = slot >= FORM_ROSTER_SLOT;
  int to = is_roster ? container_node(ordering, ordering->loader->rosters[slot - FORM_ROSTER_SLOT]) : slot;
  struct edge *edge = add_edge(ordering, to);
  edge->source = ordering->source;
  edge->node = ordering->node;
  edge->line = line;
  edge->column = column;
  edge->len = len;
}

static void add_references(struct ordering *ordering, const struct expr *expr, struct item_source *source,
                           const struct yaml_node *node) {
  if (expr == NULL) return;
  ordering->source = source;
  ordering->node = node;
  expr_variables(expr, add_reference, ordering);
}

static void add_frame(struct ordering *ordering, int section, int container) {
  add_edge(ordering, container >= 0 ? container_node(ordering, container) : section_node(ordering, section));
}

static void collect_question(struct ordering *ordering, int index) {
  const struct form_question *question = &ordering->loader->questions[index];
  struct question_source *source = &ordering->loader->question_sources[index];
  ordering->from = index;
  add_frame(ordering, question->section, question->container);
  add_references(ordering, source->item.filter, &source->item, source->item.relevant);
  add_references(ordering, question->calculation, NULL, source->calculation);
  for (int i = 0; source->set != NULL && source->set->binds && i < question->option_count; i++) {
    add_references(ordering, question->options[i].relevant, NULL, yaml_get(source->set->nodes[i], "relevant"));
  }
}

static void collect(struct ordering *ordering) {
  struct loader *loader = ordering->loader;
  const struct form *form = loader->form;
  for (int i = 0; i < form->section_count; i++) {
    ordering->from = section_node(ordering, i);
    add_references(ordering, loader->section_sources[i].filter, &loader->section_sources[i],
                   loader->section_sources[i].relevant);
  }
  for (int i = 0; i < form->container_count; i++) {
    ordering->from = container_node(ordering, i);
    add_frame(ordering, form->containers[i].section, form->containers[i].parent);
    add_references(ordering, loader->container_sources[i].filter, &loader->container_sources[i],
                   loader->container_sources[i].relevant);
  }
  for (int i = 0; i < form->question_count; i++) collect_question(ordering, i);
}

/* Of a question or a roster: nothing else can be named. */
static const char *node_id(const struct ordering *ordering, int node) {
  const struct form *form = ordering->loader->form;
  const char *id = node < form->question_count ? form->questions[node].id
                                               : form->containers[node - form->question_count].id;
  return id != NULL ? id : "?";
}

/* steps[0], …, steps[count - 1] and back to the first. Only what an expression names is said, and it is said at the
 * one that comes first in the file. */
static void report_ring(struct ordering *ordering, const struct step *steps, int count) {
  struct loader *loader = ordering->loader;
  int first = -1, named = 0;
  bool framed = false; /* a container or section stands in it */
  for (int i = 0; i < count; i++) {
    const struct edge *to_it = steps[(i + count - 1) % count].edge;
    if (to_it->node == NULL) framed = true;
    if (to_it->node == NULL) continue;
    if (first < 0 || steps[i].node < steps[first].node) first = i;
    named++;
  }
  loader->cyclic = true;
  if (framed && named == 1) return; /* a container's filter reads what stands in it: it will be said to read forward */
  for (int i = 0; i < count; i++) {
    if (steps[i].edge->source != NULL) steps[i].edge->source->in_ring = true;
  }
  const char *id = node_id(ordering, steps[first].node);
  const struct edge *place = NULL; /* the first word on the way from it */
  struct buf ring = {0};
  buf_puts(&ring, id);
  for (int i = 0; i < count; i++) {
    const struct edge *edge = steps[(first + i) % count].edge;
    if (edge->node == NULL) continue;
    if (place == NULL) place = edge;
    buf_printf(&ring, " → %s", node_id(ordering, edge->to));
  }
  int line, column;
  token_place(place->node, place->line, place->column, &line, &column);
  findings_add(loader->findings, line, column, place->len, id,
               named > 1 ? "these depend on each other: %s" : "\"%s\" depends on itself",
               named > 1 ? buf_text(&ring) : id);
  buf_free(&ring);
}

static void visit(struct ordering *ordering, int node) {
  ordering->marks[node] = MARK_OPEN;
  struct step *step = &ordering->path[ordering->depth++];
  step->node = node;
  for (step->edge = ordering->edges[node]; step->edge != NULL; step->edge = step->edge->next) {
    int to = step->edge->to;
    if (ordering->marks[to] == MARK_NEW) {
      visit(ordering, to);
    } else if (ordering->marks[to] == MARK_OPEN) {
      struct step *start = step;
      while (start->node != to) start--;
      report_ring(ordering, start, (int)(step - start) + 1);
    }
  }
  ordering->depth--;
  ordering->marks[node] = MARK_DONE;
  if (node < ordering->loader->form->question_count) ordering->order[ordering->count++] = node;
}

/* --- filters that refer forward --- */

struct forward {
  struct loader *loader;
  const struct yaml_node *node;
  int first; /* the filter may read questions before this one */
  const char *what;
};

static void check_forward(void *context, int slot, int text_line, int text_column, int len) {
  struct forward *forward = context;
  struct loader *loader = forward->loader;
  bool is_roster = slot >= FORM_ROSTER_SLOT;
  int container = is_roster ? loader->rosters[slot - FORM_ROSTER_SLOT] : -1;
  int question = is_roster ? loader->containers[container].first : slot;
  if (question < forward->first) return;
  const char *id = is_roster ? loader->containers[container].id : loader->questions[slot].id;
  int line, column;
  token_place(forward->node, text_line, text_column, &line, &column);
  findings_add(loader->findings, line, column, len, loader->question,
               "\"%s\" comes later; a filter can only read what stands before %s", id != NULL ? id : "?",
               forward->what);
}

static void check_filter(struct loader *loader, const struct item_source *source, const char *id, int first,
                         const char *what) {
  if (source->filter == NULL || source->in_ring) return;
  struct forward forward = {loader, source->relevant, first, what};
  loader->question = id;
  expr_variables(source->filter, check_forward, &forward);
}

static void check_option_filters(struct loader *loader, int index) {
  const struct form_question *question = &loader->questions[index];
  const struct option_set *set = loader->question_sources[index].set;
  for (int i = 0; set != NULL && set->binds && i < question->option_count; i++) {
    if (question->options[i].relevant == NULL) continue;
    struct forward forward = {loader, yaml_get(set->nodes[i], "relevant"), index + 1, "its question"};
    loader->question = question->id;
    expr_variables(question->options[i].relevant, check_forward, &forward);
  }
}

static void check_directions(struct loader *loader) {
  for (int i = 0; i < loader->form->section_count; i++) {
    check_filter(loader, &loader->section_sources[i], loader->sections[i].id, loader->sections[i].first,
                 "its first question");
  }
  for (int i = 0; i < loader->form->container_count; i++) {
    check_filter(loader, &loader->container_sources[i], loader->containers[i].id, loader->containers[i].first,
                 "its first question");
  }
  for (int i = 0; i < loader->form->question_count; i++) {
    check_filter(loader, &loader->question_sources[i].item, loader->questions[i].id, i, "its question");
    check_option_filters(loader, i);
  }
  loader->question = NULL;
}

void load_order(struct loader *loader) {
  size_t questions = (size_t)loader->form->question_count;
  size_t count = questions + (size_t)loader->form->container_count + (size_t)loader->form->section_count;
  struct arena *arena = arena_new();
  struct ordering ordering = {.loader = loader,
                              .arena = arena,
                              .edges = arena_array(arena, count, sizeof(struct edge *)),
                              .marks = arena_array(arena, count, sizeof(enum mark)),
                              .path = arena_array(arena, count, sizeof(struct step)),
                              .order = arena_array(loader->arena, questions, sizeof(int))};
  collect(&ordering);
  for (int i = 0; i < (int)questions; i++) {
    if (ordering.marks[i] == MARK_NEW) visit(&ordering, i);
  }
  loader->form->order = ordering.order;
  check_directions(loader);
  arena_free(arena);
}
