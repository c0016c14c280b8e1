/* Who works where at this moment, as the browsers of the people say every few seconds. In memory alone: after a restart
 * the next calls bring it back. Knows nothing of HTTP, decides no rights, reads no clock. Safe from any thread. */
#ifndef ANKETA_SURVEY_PRESENCE_H
#define ANKETA_SURVEY_PRESENCE_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

#define PRESENCE_KEPT_MS 25000      /* a tab that says nothing for so long is gone */
#define PRESENCE_TABS_MAX 4096      /* of everybody; the one that has been silent longest makes room */
#define PRESENCE_PERSON_TABS_MAX 16 /* of one person in a response; likewise */

/* What a tab of a browser says of itself. */
struct presence_beat {
  int64_t response, person;
  const char *name;    /* of the person */
  const char *tab;     /* random, the tab's own */
  const char *section; /* id */
  const char *key;     /* the field with the focus: "K13M", "P52:r1"; "" when in none */
};

/* Somebody in a section: once for each section they have open. */
struct presence_person {
  int64_t person;
  const char *name, *section, *key;
};

struct presence;

struct presence *presence_new(void);
void presence_free(struct presence *presence);

/* now_ms is of any clock that never goes back, the same one in all calls. */
void presence_note(struct presence *presence, const struct presence_beat *beat, int64_t now_ms);
void presence_leave(struct presence *presence, int64_t response, int64_t person, const char *tab);

/* Everybody who is in the response, in the order in which they came; the list and its strings live in the arena. */
size_t presence_list(struct presence *presence, int64_t response, int64_t now_ms, struct arena *arena,
                     const struct presence_person **out);

#endif
