#include "store/writer.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/log.h"

#define BATCH_MAX 256 /* jobs of one commit */

struct writer {
  struct db *db; /* the thread's alone */
  pthread_t thread;
  pthread_mutex_t lock; /* of what follows */
  pthread_cond_t more;
  struct writer_job *first, *last;
  bool stopping;
  uint64_t job_count, commit_count;
};

/* A null-terminated list of at most BATCH_MAX jobs, oldest first; NULL when it is time to stop. */
static struct writer_job *take_batch(struct writer *writer) {
  pthread_mutex_lock(&writer->lock);
  while (writer->first == NULL && !writer->stopping) pthread_cond_wait(&writer->more, &writer->lock);
  struct writer_job *batch = writer->first, *end = batch;
  for (int count = 1; end != NULL && end->next != NULL && count < BATCH_MAX; count++) end = end->next;
  if (end != NULL) {
    writer->first = end->next;
    end->next = NULL;
  }
  pthread_mutex_unlock(&writer->lock);
  return batch;
}

/* Marks the jobs from first up to before end as failed; those that failed by themselves keep their own reason. */
static void fail_jobs(struct writer_job *first, const struct writer_job *end, const struct err *err) {
  for (struct writer_job *job = first; job != end; job = job->next) {
    if (job->err.code == ERR_NONE) job->err = *err;
  }
}

static void run_job(struct db *db, struct writer_job *job) {
  job->err = (struct err){0};
  if (!db_savepoint(db, &job->err)) return;
  if (job->run(db, job, &job->err)) {
    db_release(db);
    return;
  }
  err_set(&job->err, ERR_SYSTEM, "a change failed without a reason");
  db_undo(db);
}

/* Runs jobs in one transaction and commits it. Returns the first job that is still to be run: NULL, unless the database
 * gave up the whole transaction in the middle (full disk): then everything up to there has failed. */
static struct writer_job *run_transaction(struct db *db, struct writer_job *first) {
  struct err err = {0};
  if (!db_begin(db, &err)) {
    for (struct writer_job *job = first; job != NULL; job = job->next) job->err = err;
    return NULL;
  }
  for (struct writer_job *job = first; job != NULL; job = job->next) {
    run_job(db, job);
    if (db_in_transaction(db)) continue;
    err_set(&err, job->err.code != ERR_NONE ? job->err.code : ERR_SYSTEM, "%s", job->err.text);
    fail_jobs(first, job->next, &err);
    return job->next;
  }
  if (!db_commit(db, &err)) {
    db_rollback(db);
    fail_jobs(first, NULL, &err);
  }
  return NULL;
}

static void count_batch(struct writer *writer, const struct writer_job *batch) {
  pthread_mutex_lock(&writer->lock);
  writer->commit_count++;
  for (; batch != NULL; batch = batch->next) writer->job_count++;
  pthread_mutex_unlock(&writer->lock);
}

static void *write_batches(void *context) {
  struct writer *writer = context;
  struct writer_job *batch;
  while ((batch = take_batch(writer)) != NULL) {
    struct writer_job *rest = batch;
    while (rest != NULL) rest = run_transaction(writer->db, rest);
    count_batch(writer, batch);
    while (batch != NULL) {
      struct writer_job *job = batch;
      batch = job->next; /* done may free the job */
      if (job->err.code == ERR_FULL || job->err.code == ERR_SYSTEM) log_error("not written: %s", job->err.text);
      if (job->done != NULL) job->done(job);
    }
  }
  return NULL;
}

struct writer *writer_new(const char *folder, struct err *err) {
  struct db *db = db_open(folder, DB_WRITE, err);
  if (db == NULL) return NULL;
  struct writer *writer = calloc(1, sizeof *writer);
  if (writer == NULL) log_out_of_memory();
  writer->db = db;
  pthread_mutex_init(&writer->lock, NULL);
  pthread_cond_init(&writer->more, NULL);
  if (pthread_create(&writer->thread, NULL, write_batches, writer) != 0) {
    err_set(err, ERR_SYSTEM, "cannot start the writer's thread");
    pthread_cond_destroy(&writer->more);
    pthread_mutex_destroy(&writer->lock);
    db_close(db);
    free(writer);
    return NULL;
  }
  return writer;
}

void writer_submit(struct writer *writer, struct writer_job *job) {
  job->next = NULL;
  pthread_mutex_lock(&writer->lock);
  if (writer->first == NULL) {
    writer->first = job;
    pthread_cond_signal(&writer->more);
  } else {
    writer->last->next = job;
  }
  writer->last = job;
  pthread_mutex_unlock(&writer->lock);
}

/* Somebody waits for a job of theirs. */
struct wait {
  struct writer_job job; /* what is queued */
  struct writer_job *theirs;
  pthread_mutex_t lock;
  pthread_cond_t over;
  bool is_over;
};

static bool run_theirs(struct db *db, struct writer_job *job, struct err *err) {
  struct wait *wait = job->context;
  return wait->theirs->run(db, wait->theirs, err);
}

static void end_wait(struct writer_job *job) {
  struct wait *wait = job->context;
  wait->theirs->err = job->err;
  if (wait->theirs->done != NULL) wait->theirs->done(wait->theirs);
  pthread_mutex_lock(&wait->lock);
  wait->is_over = true;
  pthread_cond_signal(&wait->over);
  pthread_mutex_unlock(&wait->lock);
}

bool writer_run(struct writer *writer, struct writer_job *job, struct err *err) {
  struct wait wait = {.theirs = job};
  wait.job = (struct writer_job){.run = run_theirs, .done = end_wait, .context = &wait};
  pthread_mutex_init(&wait.lock, NULL);
  pthread_cond_init(&wait.over, NULL);
  writer_submit(writer, &wait.job);
  pthread_mutex_lock(&wait.lock);
  while (!wait.is_over) pthread_cond_wait(&wait.over, &wait.lock);
  pthread_mutex_unlock(&wait.lock);
  pthread_cond_destroy(&wait.over);
  pthread_mutex_destroy(&wait.lock);
  const struct err *own = &wait.job.err;
  if (own->code == ERR_NONE) return true;
  return err_set_at(err, own->code, own->where, own->line, own->column, "%s", own->text);
}

void writer_counts(struct writer *writer, uint64_t *job_count, uint64_t *commit_count) {
  pthread_mutex_lock(&writer->lock);
  *job_count = writer->job_count;
  *commit_count = writer->commit_count;
  pthread_mutex_unlock(&writer->lock);
}

void writer_free(struct writer *writer) {
  if (writer == NULL) return;
  pthread_mutex_lock(&writer->lock);
  writer->stopping = true;
  pthread_cond_signal(&writer->more);
  pthread_mutex_unlock(&writer->lock);
  pthread_join(writer->thread, NULL);
  db_close(writer->db);
  pthread_cond_destroy(&writer->more);
  pthread_mutex_destroy(&writer->lock);
  free(writer);
}
