#include "mail/post.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/log.h"

#define PAUSE_S 2

struct post {
  struct sender *sender;
  pthread_t thread;
  pthread_mutex_t lock;
  pthread_cond_t wake;
  atomic_bool stop;
};

/* After the faults-th run in a row that failed: a server that is down is not asked every two seconds. */
static int pause_after(int faults) {
  static const int pauses[] = {PAUSE_S, 60, 300, 900};
  return pauses[faults < 3 ? faults : 3];
}

static void wait_for(struct post *post, int seconds) {
  struct timespec until;
  clock_gettime(CLOCK_MONOTONIC, &until);
  until.tv_sec += seconds;
  pthread_mutex_lock(&post->lock);
  while (!atomic_load(&post->stop) && pthread_cond_timedwait(&post->wake, &post->lock, &until) == 0) continue;
  pthread_mutex_unlock(&post->lock);
}

static void *run(void *context) {
  struct post *post = context;
  int faults = 0;
  while (!atomic_load(&post->stop)) {
    struct err err = {0};
    struct sender_counts counts = {0};
    bool ok = sender_run(post->sender, &counts, &err), waits = err.code == ERR_LOCKED;
    faults = ok || waits ? 0 : faults + 1;
    if (!ok && !waits) log_error("mail: %s", err.text);
    if (counts.sent + counts.put_off + counts.given_up + counts.called_off > 0)
      log_info("mail: %d sent, %d put off, %d given up, %d called off", counts.sent, counts.put_off, counts.given_up,
               counts.called_off);
    wait_for(post, pause_after(faults));
  }
  return NULL;
}

static void free_post(struct post *post) {
  sender_free(post->sender);
  pthread_cond_destroy(&post->wake);
  pthread_mutex_destroy(&post->lock);
  free(post);
}

struct post *post_start(const struct sender_options *options, struct err *err) {
  struct post *post = calloc(1, sizeof *post);
  pthread_condattr_t steady;
  if (post == NULL) log_out_of_memory();
  struct sender_options own = *options;
  own.stop = &post->stop;
  pthread_condattr_init(&steady);
  pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
  pthread_mutex_init(&post->lock, NULL);
  pthread_cond_init(&post->wake, &steady);
  pthread_condattr_destroy(&steady);
  post->sender = sender_new(&own, err);
  bool ok = post->sender != NULL;
  if (ok && pthread_create(&post->thread, NULL, run, post) != 0)
    ok = err_set(err, ERR_SYSTEM, "cannot start the thread that sends mail");
  if (ok) return post;
  free_post(post);
  return NULL;
}

void post_stop(struct post *post) {
  if (post == NULL) return;
  pthread_mutex_lock(&post->lock);
  atomic_store(&post->stop, true);
  pthread_cond_signal(&post->wake);
  pthread_mutex_unlock(&post->lock);
  pthread_join(post->thread, NULL);
  free_post(post);
}
