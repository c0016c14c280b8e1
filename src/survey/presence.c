#include "survey/presence.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

#define BUCKETS 256

struct tab {
  struct tab *next; /* of the bucket, in the order of coming */
  int64_t response, person, said_ms;
  const char *name, *section, *key; /* in the same block, behind the tab's own name */
  char tab[];
};

struct presence {
  pthread_mutex_t lock;
  struct tab *buckets[BUCKETS]; /* by response */
  size_t count;
};

struct presence *presence_new(void) {
  struct presence *presence = calloc(1, sizeof *presence);
  if (presence == NULL) log_out_of_memory();
  pthread_mutex_init(&presence->lock, NULL);
  return presence;
}

static void drop(struct presence *presence, struct tab **place) {
  struct tab *tab = *place;
  *place = tab->next;
  presence->count--;
  free(tab);
}

void presence_free(struct presence *presence) {
  if (presence == NULL) return;
  for (size_t i = 0; i < BUCKETS; i++)
    while (presence->buckets[i] != NULL) drop(presence, &presence->buckets[i]);
  pthread_mutex_destroy(&presence->lock);
  free(presence);
}

static struct tab **bucket_of(struct presence *presence, int64_t response) {
  return &presence->buckets[(uint64_t)response % BUCKETS];
}

static const char *put(char **at, const char *text) {
  size_t size = strlen(text) + 1;
  const char *copy = memcpy(*at, text, size);
  *at += size;
  return copy;
}

static struct tab *tab_new(const struct presence_beat *beat, int64_t now_ms) {
  size_t size = strlen(beat->tab) + strlen(beat->name) + strlen(beat->section) + strlen(beat->key) + 4;
  struct tab *tab = malloc(sizeof *tab + size);
  if (tab == NULL) log_out_of_memory();
  char *at = tab->tab;
  *tab = (struct tab){.response = beat->response, .person = beat->person, .said_ms = now_ms};
  put(&at, beat->tab);
  tab->name = put(&at, beat->name);
  tab->section = put(&at, beat->section);
  tab->key = put(&at, beat->key);
  return tab;
}

static void drop_silent(struct presence *presence, struct tab **place, int64_t now_ms) {
  while (*place != NULL) {
    if (now_ms - (*place)->said_ms > PRESENCE_KEPT_MS) drop(presence, place);
    else place = &(*place)->next;
  }
}

static struct tab **find(struct tab **place, int64_t response, int64_t person, const char *name) {
  while (*place != NULL && ((*place)->response != response || (*place)->person != person || strcmp((*place)->tab, name) != 0))
    place = &(*place)->next;
  return place;
}

/* Where the person's tab in this response is that has been silent longest; NULL when they have room for one more. */
static struct tab **too_many(struct tab **place, int64_t response, int64_t person) {
  struct tab **oldest = NULL;
  size_t count = 0;
  for (; *place != NULL; place = &(*place)->next) {
    if ((*place)->response != response || (*place)->person != person) continue;
    count++;
    if (oldest == NULL || (*place)->said_ms < (*oldest)->said_ms) oldest = place;
  }
  return count < PRESENCE_PERSON_TABS_MAX ? NULL : oldest;
}

static struct tab **oldest_of_all(struct presence *presence) {
  struct tab **oldest = NULL;
  for (size_t i = 0; i < BUCKETS; i++) {
    for (struct tab **place = &presence->buckets[i]; *place != NULL; place = &(*place)->next)
      if (oldest == NULL || (*place)->said_ms < (*oldest)->said_ms) oldest = place;
  }
  return oldest;
}

void presence_note(struct presence *presence, const struct presence_beat *beat, int64_t now_ms) {
  struct tab *tab = tab_new(beat, now_ms);
  pthread_mutex_lock(&presence->lock);
  struct tab **bucket = bucket_of(presence, beat->response);
  drop_silent(presence, bucket, now_ms);
  struct tab **place = find(bucket, beat->response, beat->person, beat->tab);
  if (*place != NULL) {
    tab->next = (*place)->next;
    free(*place);
    *place = tab;
  } else {
    struct tab **victim = too_many(bucket, beat->response, beat->person);
    if (victim == NULL && presence->count == PRESENCE_TABS_MAX) victim = oldest_of_all(presence);
    if (victim != NULL) drop(presence, victim);
    while (*bucket != NULL) bucket = &(*bucket)->next;
    *bucket = tab;
    presence->count++;
  }
  pthread_mutex_unlock(&presence->lock);
}

void presence_leave(struct presence *presence, int64_t response, int64_t person, const char *tab) {
  pthread_mutex_lock(&presence->lock);
  struct tab **place = find(bucket_of(presence, response), response, person, tab);
  if (*place != NULL) drop(presence, place);
  pthread_mutex_unlock(&presence->lock);
}

struct list {
  struct presence_person *people;
  int64_t *said_ms; /* of each, when */
  size_t count;
};

/* A person's tabs in one section are one; the one that was in a field last says in which. */
static void add(struct list *list, const struct tab *tab, struct arena *arena) {
  size_t i = 0;
  while (i < list->count && (list->people[i].person != tab->person || strcmp(list->people[i].section, tab->section) != 0)) i++;
  struct presence_person *person = &list->people[i];
  if (i == list->count) {
    *person = (struct presence_person){tab->person, arena_copy(arena, tab->name), arena_copy(arena, tab->section), ""};
    list->count++;
  }
  if (tab->key[0] == '\0' || (person->key[0] != '\0' && list->said_ms[i] > tab->said_ms)) return;
  person->key = arena_copy(arena, tab->key);
  list->said_ms[i] = tab->said_ms;
}

size_t presence_list(struct presence *presence, int64_t response, int64_t now_ms, struct arena *arena,
                     const struct presence_person **out) {
  struct list list = {0};
  size_t count = 0;
  pthread_mutex_lock(&presence->lock);
  struct tab **bucket = bucket_of(presence, response);
  drop_silent(presence, bucket, now_ms);
  for (const struct tab *tab = *bucket; tab != NULL; tab = tab->next) count += tab->response == response;
  if (count > 0) {
    list.people = arena_array(arena, count, sizeof *list.people);
    list.said_ms = arena_array(arena, count, sizeof *list.said_ms);
  }
  for (const struct tab *tab = *bucket; tab != NULL; tab = tab->next)
    if (tab->response == response) add(&list, tab, arena);
  pthread_mutex_unlock(&presence->lock);
  *out = list.people;
  return list.count;
}
