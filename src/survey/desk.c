#include "survey/desk.h"

#include "store/stored_query.h"

#define KINDS_OF_A_CARD 7     /* all but submitting, waiting and beginning, which stand alone */
#define EXPERT_TASKS_MAX 3    /* of a kind */

struct builder {
  struct desk *desk;
  const struct actor *actor;
  struct desk_task *tasks;
  size_t count;
};

static struct desk_task *add_task(struct builder *builder, enum desk_kind kind, const struct desk_card *card, int count) {
  struct desk_task *task = &builder->tasks[builder->count++];
  *task = (struct desk_task){.kind = kind, .card = card, .count = count, .question = -1, .row = -1, .container = -1};
  return task;
}

static void add_wrong(struct builder *builder, const struct desk_card *card) {
  const struct state *state = card->work->state;
  if (state->total.errors == 0) return;
  struct desk_task *task = add_task(builder, DESK_WRONG, card, state->total.errors);
  const struct violation *first = state->violations;
  while (first->severity != SEVERITY_ERROR) first++;
  task->question = first->question;
  task->row = first->row;
  task->container = first->container;
}

static void add_unconfirmed(struct builder *builder, const struct desk_card *card) {
  const struct state *state = card->work->state;
  struct desk_task *task = NULL;
  for (size_t i = 0; i < state->violation_count; i++) {
    const struct violation *violation = &state->violations[i];
    if (violation->severity == SEVERITY_ERROR || work_confirmed(card->work, violation)) continue;
    if (task == NULL) {
      task = add_task(builder, DESK_CONFIRM, card, 0);
      task->finding = violation;
    }
    task->count++;
  }
}

/* Counts one place for a task, which is made for the first. */
static void count_place(struct builder *builder, struct desk_task **task, enum desk_kind kind, const struct desk_card *card,
                        int question, int row) {
  if (*task == NULL) {
    *task = add_task(builder, kind, card, 0);
    (*task)->question = question;
    (*task)->row = row;
  }
  (*task)->count++;
}

/* Places with different answers, and those that are marked, in the order of reading. */
static void add_places(struct builder *builder, const struct desk_card *card, enum desk_kind kind) {
  const struct work *work = card->work;
  const struct form *form = work->item.form;
  struct desk_task *task = NULL;
  for (int i = 0; i < form->question_count; i++) {
    int roster = form->questions[i].roster;
    int rows = roster < 0 ? 1 : response_row_count(work->response, roster);
    for (int r = 0; r < rows; r++) {
      int row = roster < 0 ? -1 : r;
      const struct work_rival *rival = work_rivals(work, i, row);
      bool counts = kind == DESK_CHOOSE ? rival != NULL && work_asks(work, rival)
                                        : work_talk(work, i, row)->flagged && state_relevant(work->state, i, row);
      if (counts) count_place(builder, &task, kind, card, i, row);
    }
  }
}

int desk_own_section(const struct actor *actor, const struct work *work) {
  for (int i = 0; i < work->item.form->section_count; i++) {
    bool done = state_section_done(work->state, i);
    if (work->assignees[i].person == actor->person && state_section_relevant(work->state, i) && !done) return i;
  }
  return -1;
}

static void add_own(struct builder *builder, const struct desk_card *card) {
  int section = desk_own_section(builder->actor, card->work);
  if (section >= 0) add_task(builder, DESK_MINE, card, 0)->section = section;
}

static void add_opened(struct builder *builder, const struct desk_card *card) {
  const struct state *state = card->work->state;
  size_t before = builder->count;
  if (state->missing_count > 0) add_task(builder, DESK_ANSWER, card, (int)state->missing_count);
  add_places(builder, card, DESK_CHOOSE);
  add_wrong(builder, card);
  add_unconfirmed(builder, card);
  if (builder->count == before)
    add_task(builder, work_may_submit(builder->actor, card->work) ? DESK_SUBMIT : DESK_WAIT, card, 0);
  add_places(builder, card, DESK_CHECK);
}

static void add_tasks(struct builder *builder, const struct desk_card *card) {
  const struct work_item *item = card->item;
  int left = item->required - item->answered;
  if (item->locked) return;
  builder->desk->open++;
  builder->desk->left += left;
  builder->desk->required += item->required;
  if (card->work != NULL) add_own(builder, card);
  if (item->status == RESPONSE_NEW) add_task(builder, DESK_BEGIN, card, 0);
  else if (card->work != NULL) add_opened(builder, card);
  else if (left > 0) add_task(builder, DESK_ANSWER, card, left);
  else add_task(builder, DESK_SUBMIT, card, 0);
}

static const struct desk_card *find_card(const struct desk *desk, int64_t response) {
  for (size_t i = 0; i < desk->card_count; i++)
    if (desk->cards[i].item->response == response) return &desk->cards[i];
  return NULL;
}

/* Also of what is submitted: words can be said about it still. */
static bool add_queries(struct builder *builder, struct db *db, struct err *err) {
  struct stored_query_open open;
  struct err own = {0};
  struct stmt *stmt = stored_query_open(db, builder->actor->institution);
  while (stored_query_next_open(stmt, &open, &own)) {
    const struct desk_card *card = find_card(builder->desk, open.response);
    if (card == NULL) continue;
    struct desk_task *task = add_task(builder, DESK_QUERY, card, open.count);
    int question = form_find(card->item->form, open.question);
    int row = card->work != NULL ? work_find_row(card->work, question, open.row) : open.row[0] == '\0' ? -1 : -2;
    if (question < 0 || row == -2) continue;
    task->question = question;
    task->row = row;
  }
  stmt_end(stmt);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

/* Kind by kind, each in the order of the cards. */
static void sort_tasks(const struct builder *builder, bool expert, struct arena *arena) {
  struct desk_task *sorted = arena_array(arena, builder->count, sizeof *sorted);
  size_t count = 0;
  for (int kind = 0; kind < DESK_KINDS; kind++) {
    int of_kind = 0;
    for (size_t i = 0; i < builder->count; i++) {
      if ((int)builder->tasks[i].kind != kind || (expert && of_kind == EXPERT_TASKS_MAX)) continue;
      sorted[count++] = builder->tasks[i];
      of_kind++;
    }
  }
  builder->desk->tasks = sorted;
  builder->desk->task_count = count;
}

bool desk_open(struct db *db, const struct actor *actor, struct arena *arena, struct desk *out, struct err *err) {
  const struct work_item *items;
  struct err own = {0};
  bool expert = actor->role == ROLE_EXPERT;
  *out = (struct desk){.card_count = work_list(db, actor, arena, &items, &own)};
  struct desk_card *cards = arena_array(arena, out->card_count, sizeof *cards);
  struct builder builder = {
      .desk = out, .actor = actor, .tasks = arena_array(arena, out->card_count * KINDS_OF_A_CARD, sizeof *builder.tasks)};
  for (size_t i = 0; i < out->card_count && own.code == ERR_NONE; i++) {
    cards[i].item = &items[i];
    if (!expert) cards[i].work = work_open(db, actor, items[i].response, arena, &own);
    if (own.code == ERR_NONE) add_tasks(&builder, &cards[i]);
  }
  out->cards = cards;
  if (own.code == ERR_NONE && rights_allow(actor, ACTION_ANSWER, actor->institution)) add_queries(&builder, db, &own);
  if (own.code != ERR_NONE) return err_set(err, own.code, "%s", own.text);
  sort_tasks(&builder, expert, arena);
  return true;
}
