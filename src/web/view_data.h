/* What is inside a view; for the program that renders it. Pages use view.h. */
#ifndef ANKETA_WEB_VIEW_DATA_H
#define ANKETA_WEB_VIEW_DATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

enum view_kind { VIEW_TEXT, VIEW_HTML, VIEW_INT, VIEW_BOOL, VIEW_LIST, VIEW_MAP };

struct view_entry {
  struct view_entry *next;
  uint16_t key;
  uint8_t kind; /* enum view_kind */
  union {
    struct {
      const char *data;
      size_t len;
    } text; /* also HTML */
    int64_t number;
    bool truth;
    struct {
      struct view *first, *last;
    } list; /* a map is a list of one */
  };
};

/* A page's views share the room for their entries: a page has a thousand of them. */
struct view_pool {
  struct arena *arena;
  struct view_entry *room;
  size_t left;
};

struct view {
  struct view_pool *pool;
  struct view *next;          /* item of the same list */
  struct view_entry *entries; /* each key once */
  struct view_entry *list;    /* the one that view_item added to last */
  uint64_t keys_seen;         /* a bit per key modulo 64: when it is not set, the key is new */
};

#endif
