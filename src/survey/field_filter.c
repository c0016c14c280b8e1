#include "survey/field_filter.h"

#include <stdlib.h>
#include <string.h>

#include "base/percent.h"
#include "base/utf8.h"

#define TEXT_CHARACTERS_MAX 200
#define OFFSET_MAX 1000000

static const char *const sort_names[FIELD_SORT_COUNT] = {
    [FIELD_SORT_NAME] = "name",       [FIELD_SORT_DISPOSITION] = "status",  [FIELD_SORT_PROGRESS] = "progress",
    [FIELD_SORT_CHANGED] = "changed", [FIELD_SORT_DEADLINE] = "deadline",
};

static const struct {
  const char *name;
  unsigned dispositions;
} groups[] = {{"open", FIELD_OPEN}, {"unopened", FIELD_UNOPENED}, {"working", FIELD_WORKING}};
#define GROUP_COUNT (sizeof groups / sizeof *groups)

const char *field_sort_name(enum field_sort sort) { return sort_names[sort]; }

const char *field_dispositions_name(unsigned dispositions) {
  for (size_t i = 0; i < GROUP_COUNT; i++)
    if (groups[i].dispositions == dispositions) return groups[i].name;
  for (int i = 0; i < DISPOSITION_COUNT; i++)
    if (FIELD_ONLY(i) == dispositions) return disposition_name((enum disposition)i);
  return "";
}

static unsigned find_dispositions(const char *name) {
  for (size_t i = 0; i < GROUP_COUNT; i++)
    if (strcmp(groups[i].name, name) == 0) return groups[i].dispositions;
  int disposition = disposition_find(name);
  return disposition < 0 ? 0 : FIELD_ONLY(disposition);
}

struct field_filter field_filter_all(void) {
  return (struct field_filter){.round = "", .questionnaire = "", .sector = "", .kind = "", .find = "", .limit = 50};
}

/* Without spaces around it, cut at what a field of the form takes. */
static const char *trim(char *text) {
  text += strspn(text, " ");
  size_t len = strlen(text), at = 0;
  for (int i = 0; i < TEXT_CHARACTERS_MAX && at < len; i++) utf8_next(text, len, &at);
  while (at > 0 && text[at - 1] == ' ') at--;
  text[at] = '\0';
  return text;
}

static void set_sort(struct field_filter *filter, const char *value) {
  bool descending = value[0] == '-';
  for (int i = 0; i < FIELD_SORT_COUNT; i++) {
    if (strcmp(sort_names[i], value + descending) != 0) continue;
    filter->sort = (enum field_sort)i;
    filter->descending = descending;
  }
}

static void set(struct field_filter *filter, const char *name, char *value) {
  if (strcmp(name, "round") == 0) filter->round = trim(value);
  else if (strcmp(name, "q") == 0) filter->questionnaire = trim(value);
  else if (strcmp(name, "status") == 0) filter->dispositions = find_dispositions(value);
  else if (strcmp(name, "sector") == 0) filter->sector = trim(value);
  else if (strcmp(name, "kind") == 0) filter->kind = trim(value);
  else if (strcmp(name, "find") == 0) filter->find = trim(value);
  else if (strcmp(name, "overdue") == 0) filter->overdue = strcmp(value, "1") == 0;
  else if (strcmp(name, "sort") == 0) set_sort(filter, value);
  else if (strcmp(name, "from") == 0) {
    long offset = strtol(value, NULL, 10);
    filter->offset = offset > 0 && offset <= OFFSET_MAX ? (int)offset : 0;
  }
}

struct field_filter field_filter_parse(const char *query, struct arena *arena) {
  struct field_filter filter = field_filter_all();
  char *at = arena_copy(arena, query), *next;
  for (; at != NULL; at = next) {
    next = strchr(at, '&');
    if (next != NULL) *next++ = '\0';
    char *value = strchr(at, '=');
    if (value == NULL) continue;
    *value++ = '\0';
    if (percent_decode(value, strlen(value), true, NULL)) set(&filter, at, value);
  }
  return filter;
}

static void print(struct buf *out, const char *name, const char *value) {
  if (value[0] == '\0') return;
  buf_printf(out, "%s%s=", out->len > 0 ? "&" : "", name);
  percent_write(out, value);
}

const char *field_filter_print(const struct field_filter *filter, struct arena *arena) {
  struct buf out = {0};
  bool sorted = filter->sort != FIELD_SORT_NAME || filter->descending;
  print(&out, "round", filter->round);
  print(&out, "q", filter->questionnaire);
  print(&out, "status", field_dispositions_name(filter->dispositions));
  print(&out, "sector", filter->sector);
  print(&out, "kind", filter->kind);
  print(&out, "find", filter->find);
  print(&out, "overdue", filter->overdue ? "1" : "");
  print(&out, "sort", sorted ? arena_printf(arena, "%s%s", filter->descending ? "-" : "", sort_names[filter->sort]) : "");
  print(&out, "from", filter->offset > 0 ? arena_printf(arena, "%d", filter->offset) : "");
  const char *copy = arena_copy(arena, buf_text(&out));
  buf_free(&out);
  return copy;
}
