#include "survey/mover.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/log.h"
#include "survey/correction.h"

#define PAUSE_S 60

struct mover_thread {
  struct writer *writer;
  pthread_t thread;
  pthread_mutex_t lock;
  pthread_cond_t change;
  bool woken, stopping;
};

static bool move(struct db *db, struct writer_job *job, struct err *err) {
  return correction_move(db, MOVER_BATCH, job->context, err);
}

static bool is_stopping(struct mover_thread *mover) {
  pthread_mutex_lock(&mover->lock);
  bool stopping = mover->stopping;
  pthread_mutex_unlock(&mover->lock);
  return stopping;
}

static void move_all(struct mover_thread *mover) {
  struct err err = {0};
  int moved, all = 0;
  do {
    struct writer_job job = {.run = move, .context = &moved};
    moved = 0;
    writer_run(mover->writer, &job, &err);
    all += moved;
  } while (moved > 0 && err.code == ERR_NONE && !is_stopping(mover));
  if (all > 0) log_info("%d responses were moved to a corrected questionnaire", all);
  if (err.code != ERR_NONE) log_error("moving responses to a corrected questionnaire: %s", err.text);
}

static void *run(void *context) {
  struct mover_thread *mover = context;
  while (!is_stopping(mover)) {
    struct timespec until;
    move_all(mover);
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += PAUSE_S;
    pthread_mutex_lock(&mover->lock);
    while (!mover->stopping && !mover->woken &&
           pthread_cond_timedwait(&mover->change, &mover->lock, &until) == 0)
      continue;
    mover->woken = false;
    pthread_mutex_unlock(&mover->lock);
  }
  return NULL;
}

static void free_mover(struct mover_thread *mover) {
  pthread_cond_destroy(&mover->change);
  pthread_mutex_destroy(&mover->lock);
  free(mover);
}

struct mover_thread *mover_start(struct writer *writer, struct err *err) {
  struct mover_thread *mover = calloc(1, sizeof *mover);
  pthread_condattr_t steady;
  if (mover == NULL) log_out_of_memory();
  mover->writer = writer;
  pthread_condattr_init(&steady);
  pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
  pthread_mutex_init(&mover->lock, NULL);
  pthread_cond_init(&mover->change, &steady);
  pthread_condattr_destroy(&steady);
  if (pthread_create(&mover->thread, NULL, run, mover) == 0) return mover;
  free_mover(mover);
  err_set(err, ERR_SYSTEM, "cannot start the thread that moves responses");
  return NULL;
}

static void tell(struct mover_thread *mover, bool *what) {
  pthread_mutex_lock(&mover->lock);
  *what = true;
  pthread_cond_signal(&mover->change);
  pthread_mutex_unlock(&mover->lock);
}

void mover_wake(struct mover_thread *mover) {
  if (mover != NULL) tell(mover, &mover->woken);
}

void mover_stop(struct mover_thread *mover) {
  if (mover == NULL) return;
  tell(mover, &mover->stopping);
  pthread_join(mover->thread, NULL);
  free_mover(mover);
}
