#include "survey/next.h"

#include <limits.h>
#include <string.h>

int next_compare(const struct form *form, struct next_place left, struct next_place right) {
  int roster = form->questions[left.question].roster;
  bool same_roster = roster >= 0 && roster == form->questions[right.question].roster;
  if (same_roster && left.row != right.row) return left.row < right.row ? -1 : 1;
  return (left.question > right.question) - (left.question < right.question);
}

bool next_parse(const struct work *work, const char *key, struct next_place *out) {
  char id[FORM_ID_MAX + 1];
  size_t len = strcspn(key, ":");
  if (len > FORM_ID_MAX) return false;
  memcpy(id, key, len);
  id[len] = '\0';
  out->question = form_find(work->item.form, id);
  out->row = -1;
  if (out->question < 0) return false;
  int roster = work->item.form->questions[out->question].roster;
  if (roster < 0) return key[len] == '\0';
  if (key[len] == ':') out->row = response_find_row(work->response, roster, key + len + 1);
  return out->row >= 0;
}

bool next_before_section(const struct work *work, const char *section, struct next_place *out) {
  int index = form_find_section(work->item.form, section);
  if (index < 0 || work->item.form->sections[index].first == 0) return false;
  *out = (struct next_place){work->item.form->sections[index].first - 1, INT_MAX};
  return true;
}

/* The first place of all, and the first one after where the search began. */
struct search {
  const struct form *form;
  const struct next_place *from;
  struct next_place first, after;
  bool has_first, has_after;
};

static void look_at(struct search *search, int question, int row) {
  struct next_place place = {question, row};
  if (!search->has_first || next_compare(search->form, place, search->first) < 0) search->first = place;
  search->has_first = true;
  if (search->from == NULL || next_compare(search->form, place, *search->from) <= 0) return;
  if (!search->has_after || next_compare(search->form, place, search->after) < 0) search->after = place;
  search->has_after = true;
}

bool next_find(const struct work *work, const struct next_place *from, struct next_place *out) {
  const struct state *state = work->state;
  struct search search = {.form = work->item.form, .from = from};
  for (size_t i = 0; i < state->missing_count; i++) look_at(&search, state->missing[i].question, state->missing[i].row);
  for (size_t i = 0; i < state->violation_count; i++) {
    const struct violation *violation = &state->violations[i];
    if (violation->severity == SEVERITY_ERROR && violation->question >= 0)
      look_at(&search, violation->question, violation->row);
  }
  *out = search.has_after ? search.after : search.first;
  return search.has_first;
}
