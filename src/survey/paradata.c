#include "survey/paradata.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "store/sitting.h"

#define BUCKETS 1024u
#define FORGET_MS (60LL * 60 * 1000 + PARADATA_PAUSE_MS) /* the longest idle limit a round may have, and the pause */
#define KEY_LEN_MAX 128
#define LATE_MS 1000 /* the last word of a page may come behind the request of the next one */

/* A section that a person works in: a row for each sitting, the newest first, and the tab, as which that one stands. (Tabs
 * that show the same section are one.) */
struct track {
  int64_t response;
  char *section;
  int64_t heard_ms;   /* of the tab: its last sign of life */
  int64_t started_ms; /* of the sitting, 0: nothing was counted yet */
  enum paradata_device device;
  int64_t active_ms, last_ms;
  bool dirty; /* not written */
  struct track *next;
};

struct stay {
  int64_t started_ms, last_ms; /* started 0: none */
};

struct sitter {
  int64_t person;
  int64_t acted_ms;    /* their last activity anywhere: all time before is settled */
  struct track *at;    /* where that was; NULL: none is known */
  struct stay stays[PARADATA_DEVICES]; /* the current sitting on each kind of device */
  struct track *tracks; /* the newest first */
  int64_t place_response, place_ms;
  char *place_section; /* NULL: nowhere yet */
  char place_key[KEY_LEN_MAX];
  bool place_dirty;
  struct sitter *next;
};

struct paradata {
  pthread_mutex_t lock; /* of all below */
  struct sitter *buckets[BUCKETS];
  int track_count;
  pthread_cond_t change;
  struct writer *writer;
  pthread_t thread;
  bool runs, stopping;
};

static void *allocate(size_t size) {
  void *memory = calloc(1, size);
  if (memory == NULL) log_out_of_memory();
  return memory;
}

static char *copy_text(const char *text) {
  char *copy = strdup(text);
  if (copy == NULL) log_out_of_memory();
  return copy;
}

/* ---- who and where */

static struct sitter **bucket_of(struct paradata *paradata, int64_t person) {
  return &paradata->buckets[(uint64_t)person % BUCKETS];
}

static struct sitter *find_sitter(struct paradata *paradata, int64_t person) {
  struct sitter *sitter = *bucket_of(paradata, person);
  while (sitter != NULL && sitter->person != person) sitter = sitter->next;
  return sitter;
}

static struct sitter *add_sitter(struct paradata *paradata, int64_t person) {
  struct sitter *sitter = allocate(sizeof *sitter), **bucket = bucket_of(paradata, person);
  sitter->person = person;
  sitter->next = *bucket;
  *bucket = sitter;
  return sitter;
}

static struct track *find_tab(const struct sitter *sitter, const struct paradata_beat *beat) {
  struct track *track = sitter->tracks;
  while (track != NULL && (track->response != beat->response || strcmp(track->section, beat->section) != 0))
    track = track->next;
  return track;
}

/* NULL when there is no room. */
static struct track *add_track(struct paradata *paradata, struct sitter *sitter, int64_t response, const char *section,
                               int64_t heard) {
  if (paradata->track_count == PARADATA_TRACKS_MAX) return NULL;
  struct track *track = allocate(sizeof *track);
  track->response = response;
  track->section = copy_text(section);
  track->heard_ms = heard;
  track->next = sitter->tracks;
  sitter->tracks = track;
  paradata->track_count++;
  return track;
}

/* Where the beat comes from; a tab that was never heard of begins now. */
static struct track *open_tab(struct paradata *paradata, const struct paradata_beat *beat, int64_t now,
                              struct sitter **sitter) {
  *sitter = find_sitter(paradata, beat->person);
  if (*sitter == NULL) {
    if (paradata->track_count == PARADATA_TRACKS_MAX) return NULL;
    *sitter = add_sitter(paradata, beat->person);
  }
  struct track *tab = find_tab(*sitter, beat);
  return tab != NULL ? tab : add_track(paradata, *sitter, beat->response, beat->section, now);
}

/* ---- sittings */

static bool is_on(const struct stay *stay, int64_t from) {
  return stay->started_ms != 0 && from - stay->last_ms <= PARADATA_PAUSE_MS;
}

/* What began without a word of the device was on this one. */
static void name_device(struct sitter *sitter, enum paradata_device device) {
  struct stay *nameless = &sitter->stays[DEVICE_UNKNOWN];
  for (struct track *track = sitter->tracks; track != NULL; track = track->next) {
    if (track->started_ms != nameless->started_ms) continue;
    track->device = device;
    track->dirty = true;
  }
  sitter->stays[device] = *nameless;
  *nameless = (struct stay){0};
}

static bool is_taken(const struct sitter *sitter, int64_t started) {
  for (const struct track *track = sitter->tracks; track != NULL; track = track->next)
    if (track->started_ms == started) return true;
  return false;
}

/* The sitting that an activity from `from` belongs to; a request without a word of the device belongs to the latest. */
static struct stay *find_stay(struct sitter *sitter, enum paradata_device *device, int64_t from) {
  struct stay *stays = sitter->stays;
  for (int i = 0; *device == DEVICE_UNKNOWN && i < PARADATA_DEVICES; i++)
    if (is_on(&stays[i], from) && stays[i].last_ms > stays[*device].last_ms) *device = (enum paradata_device)i;
  if (!is_on(&stays[*device], from) && *device != DEVICE_UNKNOWN && is_on(&stays[DEVICE_UNKNOWN], from))
    name_device(sitter, *device);
  if (!is_on(&stays[*device], from)) {
    int64_t started = from;
    while (is_taken(sitter, started)) started++;
    stays[*device] = (struct stay){.started_ms = started, .last_ms = started};
  }
  return &stays[*device];
}

/* The tab's row of a sitting; a new one goes to the front and is the tab from then on. NULL when there is no room. */
static struct track *row_of(struct paradata *paradata, struct sitter *sitter, struct track *tab, int64_t started) {
  for (struct track *row = sitter->tracks; row != NULL; row = row->next)
    if (row->started_ms == started && row->response == tab->response && strcmp(row->section, tab->section) == 0) return row;
  return tab->started_ms == 0 ? tab : add_track(paradata, sitter, tab->response, tab->section, tab->heard_ms);
}

/* Gives the section an activity of that length that ended at `until`. */
static void give(struct paradata *paradata, struct sitter *sitter, struct track *tab, enum paradata_device device,
                 int64_t amount, int64_t until) {
  if (amount <= 0) return;
  struct stay *stay = find_stay(sitter, &device, until - amount);
  struct track *track = row_of(paradata, sitter, tab, stay->started_ms);
  if (track == NULL) return;
  track->started_ms = stay->started_ms;
  track->device = device;
  track->active_ms += amount;
  track->last_ms = until;
  track->dirty = true;
  if (until > stay->last_ms) stay->last_ms = until;
}

/* They did something at that time: what has passed since they last did was spent in the section. Time goes one way, for all
 * of a person's tabs together, so nothing is given twice.
 *
 * Returns how much later than what is known it was. */
static int64_t act(struct paradata *paradata, struct sitter *sitter, struct track *spent_in, enum paradata_device device,
                   int64_t acted, int64_t idle) {
  int64_t passed = acted - sitter->acted_ms;
  if (passed <= 0) return 0;
  if (sitter->at != NULL && passed < idle) {
    give(paradata, sitter, spent_in, device, passed, acted);
  } else if (sitter->at != NULL) {
    give(paradata, sitter, sitter->at, DEVICE_UNKNOWN, PARADATA_LOOK_MS, sitter->acted_ms + PARADATA_LOOK_MS);
  }
  sitter->acted_ms = acted;
  return passed;
}

/* A page that was loaded again says no field: they are still where they were in it. */
static void keep_place(struct sitter *sitter, const struct paradata_beat *beat, int64_t now) {
  bool moved = sitter->place_section == NULL || sitter->place_response != beat->response ||
               strcmp(sitter->place_section, beat->section) != 0;
  if (moved) {
    free(sitter->place_section);
    sitter->place_section = copy_text(beat->section);
    sitter->place_response = beat->response;
    sitter->place_key[0] = '\0';
  }
  size_t len = strlen(beat->key);
  if (len > 0 && len < KEY_LEN_MAX) memcpy(sitter->place_key, beat->key, len + 1);
  sitter->place_ms = now;
  sitter->place_dirty = true;
}

/* The server's clock was put back: what was to come is not waited for. */
static void mind_clock(struct sitter *sitter, int64_t now) {
  if (sitter->acted_ms > now) sitter->acted_ms = now;
}

void paradata_note(struct paradata *paradata, const struct paradata_beat *beat, int64_t now_ms) {
  if (paradata == NULL) return;
  struct sitter *sitter;
  pthread_mutex_lock(&paradata->lock);
  struct track *tab = open_tab(paradata, beat, now_ms, &sitter);
  if (tab != NULL) {
    int64_t passed = now_ms > tab->heard_ms ? now_ms - tab->heard_ms : 0;
    mind_clock(sitter, now_ms);
    if (beat->active_ms > 0) { /* a tab that stands open says nothing of where they are */
      int64_t acted = now_ms - passed + (beat->active_ms < passed ? beat->active_ms : passed);
      enum paradata_device device = beat->device < PARADATA_DEVICES ? beat->device : DEVICE_UNKNOWN;
      bool moved = tab != sitter->at;
      int64_t later = act(paradata, sitter, tab, device, acted, beat->idle_ms);
      if (!moved || later > LATE_MS) {
        sitter->at = find_tab(sitter, beat);
        keep_place(sitter, beat, now_ms);
      }
    }
    find_tab(sitter, beat)->heard_ms = now_ms;
  }
  pthread_mutex_unlock(&paradata->lock);
}

void paradata_seen(struct paradata *paradata, const struct paradata_beat *beat, int64_t now_ms) {
  if (paradata == NULL) return;
  struct sitter *sitter;
  pthread_mutex_lock(&paradata->lock);
  if (open_tab(paradata, beat, now_ms, &sitter) != NULL) {
    mind_clock(sitter, now_ms);
    act(paradata, sitter, sitter->at, DEVICE_UNKNOWN, now_ms, beat->idle_ms); /* on the page they came from */
    sitter->at = find_tab(sitter, beat);
    sitter->at->heard_ms = now_ms;
    keep_place(sitter, beat, now_ms);
  }
  pthread_mutex_unlock(&paradata->lock);
}

bool paradata_place(struct paradata *paradata, int64_t person, struct arena *arena, struct place *out) {
  if (paradata == NULL) return false;
  pthread_mutex_lock(&paradata->lock);
  const struct sitter *sitter = find_sitter(paradata, person);
  bool known = sitter != NULL && sitter->place_section != NULL;
  if (known) {
    *out = (struct place){
        .person = person,
        .response = sitter->place_response,
        .section = arena_copy(arena, sitter->place_section),
        .key = arena_copy(arena, sitter->place_key),
        .changed_ms = sitter->place_ms,
    };
  }
  pthread_mutex_unlock(&paradata->lock);
  return known;
}

/* ---- writing */

/* What a flush writes. Dirty ones are never forgotten, so the pointers hold until they are settled. */
struct flush {
  struct writer_job job;
  struct arena *arena;
  struct sitting *rows;
  struct track **tracks;
  size_t row_count;
  struct place *places;
  struct sitter **sitters;
  size_t place_count;
};

static void take_row(struct flush *flush, const struct sitter *sitter, struct track *track) {
  flush->tracks[flush->row_count] = track;
  flush->rows[flush->row_count++] = (struct sitting){
      .response = track->response,
      .person = sitter->person,
      .started_ms = track->started_ms,
      .section = arena_copy(flush->arena, track->section),
      .device = track->device,
      .active_ms = track->active_ms,
      .last_ms = track->last_ms,
  };
}

static void take_place(struct flush *flush, struct sitter *sitter) {
  flush->sitters[flush->place_count] = sitter;
  flush->places[flush->place_count++] = (struct place){
      .person = sitter->person,
      .response = sitter->place_response,
      .section = arena_copy(flush->arena, sitter->place_section),
      .key = arena_copy(flush->arena, sitter->place_key),
      .changed_ms = sitter->place_ms,
  };
}

/* Taken as written from here on; what changes meanwhile is dirty again. A person has a track at least. */
static void take_dirty(struct paradata *paradata, struct flush *flush) {
  size_t room = (size_t)paradata->track_count;
  flush->rows = arena_array(flush->arena, room, sizeof *flush->rows);
  flush->tracks = arena_array(flush->arena, room, sizeof *flush->tracks);
  flush->places = arena_array(flush->arena, room, sizeof *flush->places);
  flush->sitters = arena_array(flush->arena, room, sizeof *flush->sitters);
  for (size_t i = 0; i < BUCKETS; i++) {
    for (struct sitter *sitter = paradata->buckets[i]; sitter != NULL; sitter = sitter->next) {
      if (sitter->place_dirty) take_place(flush, sitter);
      sitter->place_dirty = false;
      for (struct track *track = sitter->tracks; track != NULL; track = track->next) {
        if (track->dirty) take_row(flush, sitter, track);
        track->dirty = false;
      }
    }
  }
}

static bool run_flush(struct db *db, struct writer_job *job, struct err *err) {
  const struct flush *flush = job->context;
  for (size_t i = 0; i < flush->row_count; i++)
    if (!sitting_put(db, &flush->rows[i], err)) return false;
  for (size_t i = 0; i < flush->row_count; i++) {
    bool again = i > 0 && flush->rows[i].response == flush->rows[i - 1].response;
    if (!again && !sitting_sum(db, flush->rows[i].response, err)) return false;
  }
  for (size_t i = 0; i < flush->place_count; i++)
    if (!place_put(db, &flush->places[i], err)) return false;
  return true;
}

static void put_back(struct flush *flush) {
  for (size_t i = 0; i < flush->row_count; i++) flush->tracks[i]->dirty = true;
  for (size_t i = 0; i < flush->place_count; i++) flush->sitters[i]->place_dirty = true;
}

/* A row is written as a whole, so its track is needed as long as its sitting goes on, also in other sections. */
static bool is_over(const struct sitter *sitter, const struct track *track, int64_t now) {
  if (track->dirty) return false;
  for (int i = 0; i < PARADATA_DEVICES; i++) {
    const struct stay *stay = &sitter->stays[i];
    if (track->started_ms != 0 && track->started_ms == stay->started_ms && now - stay->last_ms <= FORGET_MS) return false;
  }
  if (sitter->at == track && now - sitter->acted_ms <= FORGET_MS) return false;
  return now - track->heard_ms > FORGET_MS;
}

static void forget_tracks(struct paradata *paradata, struct sitter *sitter, int64_t now) {
  for (struct track **at = &sitter->tracks; *at != NULL;) {
    struct track *track = *at;
    if (!is_over(sitter, track, now)) {
      at = &track->next;
      continue;
    }
    *at = track->next;
    if (sitter->at == track) sitter->at = NULL;
    free(track->section);
    free(track);
    paradata->track_count--;
  }
}

static void sitter_free(struct sitter *sitter) {
  free(sitter->place_section);
  free(sitter);
}

static void forget(struct paradata *paradata, int64_t now) {
  for (size_t i = 0; i < BUCKETS; i++) {
    for (struct sitter **at = &paradata->buckets[i]; *at != NULL;) {
      struct sitter *sitter = *at;
      forget_tracks(paradata, sitter, now);
      if (sitter->tracks != NULL || sitter->place_dirty) {
        at = &sitter->next;
        continue;
      }
      *at = sitter->next;
      sitter_free(sitter);
    }
  }
}

bool paradata_flush(struct paradata *paradata, struct writer *writer, int64_t now_ms, struct err *err) {
  if (paradata == NULL) return true;
  struct flush flush = {.job = {.run = run_flush}, .arena = arena_new()};
  flush.job.context = &flush;
  pthread_mutex_lock(&paradata->lock);
  take_dirty(paradata, &flush);
  pthread_mutex_unlock(&paradata->lock);
  bool ok = flush.row_count + flush.place_count == 0 || writer_run(writer, &flush.job, err);
  pthread_mutex_lock(&paradata->lock);
  if (!ok) put_back(&flush);
  forget(paradata, now_ms);
  pthread_mutex_unlock(&paradata->lock);
  arena_free(flush.arena);
  return ok;
}

/* ---- the thread */

static void flush_now(struct paradata *paradata) {
  struct err err = {0};
  if (!paradata_flush(paradata, paradata->writer, clock_now_ms(), &err)) log_error("time spent not written: %s", err.text);
}

static void *flush_often(void *context) {
  struct paradata *paradata = context;
  pthread_mutex_lock(&paradata->lock);
  while (!paradata->stopping) {
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += PARADATA_FLUSH_MS / 1000;
    while (!paradata->stopping && pthread_cond_timedwait(&paradata->change, &paradata->lock, &until) == 0) continue;
    if (paradata->stopping) break;
    pthread_mutex_unlock(&paradata->lock);
    flush_now(paradata);
    pthread_mutex_lock(&paradata->lock);
  }
  pthread_mutex_unlock(&paradata->lock);
  return NULL;
}

struct paradata *paradata_new(void) {
  struct paradata *paradata = allocate(sizeof *paradata);
  pthread_condattr_t steady;
  pthread_condattr_init(&steady);
  pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
  pthread_mutex_init(&paradata->lock, NULL);
  pthread_cond_init(&paradata->change, &steady);
  pthread_condattr_destroy(&steady);
  return paradata;
}

bool paradata_start(struct paradata *paradata, struct writer *writer, struct err *err) {
  paradata->writer = writer;
  paradata->runs = pthread_create(&paradata->thread, NULL, flush_often, paradata) == 0;
  return paradata->runs || err_set(err, ERR_SYSTEM, "cannot start the thread that keeps the time spent");
}

void paradata_stop(struct paradata *paradata) {
  if (paradata == NULL || !paradata->runs) return;
  pthread_mutex_lock(&paradata->lock);
  paradata->stopping = true;
  pthread_cond_signal(&paradata->change);
  pthread_mutex_unlock(&paradata->lock);
  pthread_join(paradata->thread, NULL);
  paradata->runs = false;
  flush_now(paradata);
}

void paradata_free(struct paradata *paradata) {
  if (paradata == NULL) return;
  for (size_t i = 0; i < BUCKETS; i++) {
    while (paradata->buckets[i] != NULL) {
      struct sitter *sitter = paradata->buckets[i];
      paradata->buckets[i] = sitter->next;
      for (struct track *track = sitter->tracks; track != NULL;) {
        struct track *next = track->next;
        free(track->section);
        free(track);
        track = next;
      }
      sitter_free(sitter);
    }
  }
  pthread_cond_destroy(&paradata->change);
  pthread_mutex_destroy(&paradata->lock);
  free(paradata);
}
