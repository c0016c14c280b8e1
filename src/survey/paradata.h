/* Time spent: how long each person was active in each section, in which sitting, on what kind of device.
 *
 * Kept in memory and written to the table sitting at most once a minute and when the server stops, so that a sign of life
 * never costs a write. A server that is killed loses at most that minute of it; never an answer.
 *
 * What counts. An activity is a request of a section, a save, or something done on a page, of which its script reports how
 * long after its last beat it was. The time between two activities of a person counts when it is under the round's idle
 * limit, in the section where it was spent; else only PARADATA_LOOK_MS of it. The browser's clock is not asked: a duration
 * that a page reports ends no later than now, here. Each person has one time line, which all tabs share, so nobody is ever
 * active for longer than time has passed, and a request between two beats is not counted besides. A sitting ends after
 * PARADATA_PAUSE_MS without activity, or on another kind of device.
 *
 * Knows nothing of HTTP; which beats may count (who may fill the response, while it is open) is its caller's to ask. All
 * functions take NULL for a server that measures nothing (the author's preview), and may be called in any thread. */
#ifndef ANKETA_SURVEY_PARADATA_H
#define ANKETA_SURVEY_PARADATA_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "store/place.h"
#include "store/writer.h"

/* As usual for sessions of web pages: whoever comes back later has done something else in between. */
#define PARADATA_PAUSE_MS (30LL * 60 * 1000)
/* Of a page after which nothing was done within the idle limit: somebody has at least looked at it. */
#define PARADATA_LOOK_MS (10LL * 1000)
#define PARADATA_FLUSH_MS (60LL * 1000)
/* People at work times their sections; more are not measured until some have gone. About 4 MiB. */
#define PARADATA_TRACKS_MAX 16384

enum paradata_device { DEVICE_UNKNOWN, DEVICE_COMPUTER, DEVICE_TABLET, DEVICE_PHONE };
#define PARADATA_DEVICES 4

struct paradata_beat {
  int64_t response, person;
  const char *section; /* an id of the form */
  const char *key;     /* the field they are in, "" for none; checked when it is read back */
  int64_t idle_ms;     /* the round's limit */
  enum paradata_device device; /* these two of a beat only */
  int64_t active_ms;           /* from the tab's last beat to the last activity since then; 0 when there was none */
};

struct paradata;

struct paradata *paradata_new(void);

/* A page's script reports. */
void paradata_note(struct paradata *paradata, const struct paradata_beat *beat, int64_t now_ms);

/* A section was asked for or saved. */
void paradata_seen(struct paradata *paradata, const struct paradata_beat *beat, int64_t now_ms);

/* Where the person was last, in the arena; false when nothing is known here (the store may know). */
bool paradata_place(struct paradata *paradata, int64_t person, struct arena *arena, struct place *out);

/* Writes what is not written yet, and forgets who has gone; waits for the commit. On failure it stays for the next time. */
bool paradata_flush(struct paradata *paradata, struct writer *writer, int64_t now_ms, struct err *err);

/* Starts and stops a thread that does so. The writer must live until paradata_stop, which flushes once more. */
bool paradata_start(struct paradata *paradata, struct writer *writer, struct err *err);
void paradata_stop(struct paradata *paradata);

void paradata_free(struct paradata *paradata); /* stopped */

#endif
