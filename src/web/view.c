#include "web/view.h"

#include <assert.h>
#include <string.h>

#include "web/key.h"
#include "web/view_data.h"

#define ROOM 64 /* entries that are allocated at once */

static struct view *new_in(struct view_pool *pool) {
  struct view *view = arena_alloc(pool->arena, sizeof *view);
  view->pool = pool;
  return view;
}

struct view *view_new(struct arena *arena) {
  struct view_pool *pool = arena_alloc(arena, sizeof *pool);
  pool->arena = arena;
  return new_in(pool);
}

static struct view_entry *find_entry(const struct view *view, uint16_t key) {
  struct view_entry *entry = view->entries;
  while (entry != NULL && entry->key != key) entry = entry->next;
  return entry;
}

static struct view_entry *new_entry(struct view *view, uint16_t key) {
  struct view_pool *pool = view->pool;
  if (pool->left == 0) {
    pool->room = arena_array(pool->arena, ROOM, sizeof *pool->room);
    pool->left = ROOM;
  }
  struct view_entry *entry = pool->room++;
  pool->left--;
  entry->key = key;
  entry->next = view->entries;
  view->entries = entry;
  return entry;
}

/* The entry of a key, new or to be replaced. */
static struct view_entry *entry_of(struct view *view, const char *literal) {
  uint16_t key = key_of(literal);
  assert(key != KEY_NONE);
  uint64_t bit = UINT64_C(1) << (key % 64);
  struct view_entry *entry = (view->keys_seen & bit) != 0 ? find_entry(view, key) : NULL;
  view->keys_seen |= bit;
  return entry != NULL ? entry : new_entry(view, key);
}

void view_text(struct view *view, const char *key, const char *text) {
  struct view_entry *entry = entry_of(view, key);
  entry->kind = VIEW_TEXT;
  entry->text.data = text != NULL ? text : "";
  entry->text.len = text != NULL ? strlen(text) : 0;
}

void view_html(struct view *view, const char *key, const char *html, size_t len) {
  struct view_entry *entry = entry_of(view, key);
  entry->kind = VIEW_HTML;
  entry->text.data = html;
  entry->text.len = len;
}

void view_int(struct view *view, const char *key, int64_t number) {
  struct view_entry *entry = entry_of(view, key);
  entry->kind = VIEW_INT;
  entry->number = number;
}

void view_bool(struct view *view, const char *key, bool truth) {
  struct view_entry *entry = entry_of(view, key);
  entry->kind = VIEW_BOOL;
  entry->truth = truth;
}

void view_list(struct view *view, const char *key) {
  struct view_entry *entry = entry_of(view, key);
  entry->kind = VIEW_LIST;
  entry->list.first = NULL;
  entry->list.last = NULL;
}

/* Lists are filled item by item, so the list is mostly the one of the last time. */
static struct view_entry *list_of(struct view *view, const char *literal) {
  if (view->list != NULL && view->list->kind == VIEW_LIST && view->list->key == key_of(literal)) return view->list;
  struct view_entry *entry = entry_of(view, literal);
  if (entry->kind != VIEW_LIST) {
    entry->kind = VIEW_LIST;
    entry->list.first = NULL;
    entry->list.last = NULL;
  }
  view->list = entry;
  return entry;
}

struct view *view_item(struct view *view, const char *key) {
  struct view_entry *entry = list_of(view, key);
  struct view *item = new_in(view->pool);
  if (entry->list.last != NULL) entry->list.last->next = item;
  else entry->list.first = item;
  entry->list.last = item;
  return item;
}

struct view *view_map(struct view *view, const char *key) {
  struct view_entry *entry = entry_of(view, key);
  struct view *map = new_in(view->pool);
  entry->kind = VIEW_MAP;
  entry->list.first = map;
  entry->list.last = map;
  return map;
}
