/* The one writer: jobs from many threads, committed together with full sync, answered after their commit.
 *
 * A job runs in a savepoint of its own: when it fails, only its own changes go. When the commit fails (full disk), every
 * job of that batch fails with that error and none of its changes stay.
 */
#ifndef ANKETA_STORE_WRITER_H
#define ANKETA_STORE_WRITER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "store/db.h"

struct writer;

struct writer_job {
  /* Runs in the writer's thread. False with err set: undone. */
  bool (*run)(struct db *db, struct writer_job *job, struct err *err);
  /* Called in the writer's thread after the commit (or failure); err says how it went. Must be quick. */
  void (*done)(struct writer_job *job);
  void *context;
  struct err err; /* set before done */
  struct writer_job *next; /* the writer's own */
};

struct writer *writer_new(const char *folder, struct err *err);

/* Takes the job into the queue; its memory stays the caller's and must live until done was called. */
void writer_submit(struct writer *writer, struct writer_job *job);

/* Submits and waits; false with *err on failure. For the command line and tests. done may be NULL. */
bool writer_run(struct writer *writer, struct writer_job *job, struct err *err);

/* How many jobs were taken so far, in how many commits. */
void writer_counts(struct writer *writer, uint64_t *job_count, uint64_t *commit_count);

/* Finishes what is queued, then stops and frees. */
void writer_free(struct writer *writer);

#endif
