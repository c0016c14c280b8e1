#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <inttypes.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "folder_fixture.h"
#include "store/writer.h"

/* A job that puts a segment, whose title has so many bytes. */
struct put {
  struct writer_job job;
  char id[32];
  size_t len;
  bool fail;         /* after it has written */
  sem_t *gate;       /* waits for it first */
  sem_t *done;
};

static bool run_put(struct db *db, struct writer_job *job, struct err *err) {
  struct put *put = job->context;
  if (put->gate != NULL) sem_wait(put->gate);
  char *title = calloc(1, put->len + 1);
  memset(title, 'x', put->len);
  struct stmt *stmt = db_query(db, "INSERT INTO segment (id, language, title) VALUES ($1, 'lv', $2)");
  stmt_bind_text(stmt, 1, put->id);
  stmt_bind_text(stmt, 2, title);
  bool ok = stmt_run(stmt, err);
  free(title);
  return ok && (!put->fail || err_set(err, ERR_INPUT, "on purpose"));
}

static void note_done(struct writer_job *job) {
  struct put *put = job->context;
  sem_post(put->done);
}

static void init_put(struct put *put, const char *kind, int number, sem_t *done) {
  *put = (struct put){.done = done};
  snprintf(put->id, sizeof put->id, "%s%d", kind, number);
  put->job = (struct writer_job){.run = run_put, .done = done != NULL ? note_done : NULL, .context = put};
}

static struct writer *start(const char *folder) {
  struct err err = {0};
  struct writer *writer = writer_new(folder, &err);
  assert_good(writer != NULL, &err);
  return writer;
}

static bool is_stored(const char *folder, const char *id) {
  struct err err = {0};
  struct db *db = db_open(folder, DB_READ, &err);
  assert_good(db != NULL, &err);
  struct stmt *stmt = db_query(db, "SELECT 1 FROM segment WHERE id = $1");
  stmt_bind_text(stmt, 1, id);
  bool found = stmt_step(stmt, &err);
  stmt_end(stmt);
  db_close(db);
  return found;
}

static int64_t count_stored(const char *folder) {
  struct db *db = db_open(folder, DB_READ, NULL);
  struct stmt *stmt = db_query(db, "SELECT count(*) FROM segment");
  assert_true(stmt_step(stmt, NULL));
  int64_t count = stmt_int(stmt, 0);
  stmt_end(stmt);
  db_close(db);
  return count;
}

static void wait_for(sem_t *done, int count) {
  while (count-- > 0) {
    while (sem_wait(done) != 0) continue;
  }
}

static void one_commit_for_many(void **state) {
  enum { COUNT = 300 };
  static struct put puts[COUNT];
  sem_t gate, done;
  uint64_t jobs, commits;
  sem_init(&gate, 0, 0);
  sem_init(&done, 0, 0);
  struct writer *writer = start(*state);
  for (int i = 0; i < COUNT; i++) {
    init_put(&puts[i], "p", i, &done);
    if (i == 0) puts[i].gate = &gate; /* the rest gathers behind the first */
    writer_submit(writer, &puts[i].job);
  }
  sem_post(&gate);
  wait_for(&done, COUNT);
  writer_counts(writer, &jobs, &commits);
  assert_int_equal(jobs, COUNT);
  assert_in_range(commits, 2, 3); /* the first alone or with some, 256 at most, the rest */
  writer_free(writer);
  assert_int_equal(count_stored(*state), COUNT);
}

static void a_failing_job_is_undone_alone(void **state) {
  struct put puts[5];
  sem_t gate, done;
  sem_init(&gate, 0, 0);
  sem_init(&done, 0, 0);
  struct writer *writer = start(*state);
  for (int i = 0; i < 5; i++) init_put(&puts[i], "p", i, &done);
  puts[0].gate = &gate;
  puts[2].fail = true;
  memcpy(puts[4].id, puts[1].id, sizeof puts[4].id); /* breaks a constraint */
  for (int i = 0; i < 5; i++) writer_submit(writer, &puts[i].job);
  sem_post(&gate);
  wait_for(&done, 5);
  writer_free(writer);
  assert_int_equal(puts[1].job.err.code, ERR_NONE);
  assert_int_equal(puts[2].job.err.code, ERR_INPUT);
  assert_int_equal(puts[3].job.err.code, ERR_NONE);
  assert_int_equal(puts[4].job.err.code, ERR_CONFLICT);
  assert_true(is_stored(*state, "p1") && !is_stored(*state, "p2") && is_stored(*state, "p3"));
}

static void freeing_finishes_the_queue(void **state) {
  static struct put puts[50];
  sem_t done;
  sem_init(&done, 0, 0);
  struct writer *writer = start(*state);
  for (int i = 0; i < 50; i++) {
    init_put(&puts[i], "p", i, &done);
    writer_submit(writer, &puts[i].job);
  }
  writer_free(writer);
  assert_int_equal(count_stored(*state), 50);
}

enum { THREADS = 16, EACH = 200 };

struct saver {
  struct writer *writer;
  int number, saved;
};

static void *save_many(void *context) {
  struct saver *saver = context;
  for (int i = 0; i < EACH; i++) {
    struct put put;
    struct err err = {0};
    init_put(&put, "t", saver->number * EACH + i, NULL);
    if (writer_run(saver->writer, &put.job, &err)) saver->saved++;
  }
  return NULL;
}

static void sixteen_threads(void **state) {
  pthread_t threads[THREADS];
  struct saver savers[THREADS];
  uint64_t jobs, commits;
  struct writer *writer = start(*state);
  for (int i = 0; i < THREADS; i++) {
    savers[i] = (struct saver){writer, i, 0};
    assert_int_equal(pthread_create(&threads[i], NULL, save_many, &savers[i]), 0);
  }
  for (int i = 0; i < THREADS; i++) {
    pthread_join(threads[i], NULL);
    assert_int_equal(savers[i].saved, EACH);
  }
  writer_counts(writer, &jobs, &commits);
  assert_int_equal(jobs, THREADS * EACH);
  assert_true(commits < jobs / 2); /* they commit in groups */
  writer_free(writer);
  assert_int_equal(count_stored(*state), THREADS * EACH);
}

/* ---- full disk */

static rlim_t limit_files(rlim_t bytes) {
  struct rlimit limit;
  assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
  rlim_t before = limit.rlim_cur;
  limit.rlim_cur = bytes;
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
  return before;
}

static void full_disk(void **state) {
  struct put put;
  struct err err = {0};
  signal(SIGXFSZ, SIG_IGN);
  struct writer *writer = start(*state);
  init_put(&put, "before", 0, NULL);
  assert_true(writer_run(writer, &put.job, &err));
  rlim_t unlimited = limit_files(800000);
  int saved = 0;
  bool ok = true;
  while (ok && saved < 1000) {
    init_put(&put, "big", saved, NULL);
    put.len = 3000;
    ok = writer_run(writer, &put.job, &err);
    saved += ok;
  }
  assert_err(ok, &err, ERR_FULL, "disk is full");
  assert_in_range(saved, 5, 500);
  err = (struct err){0};
  init_put(&put, "still", 0, NULL);
  put.len = 60000; /* more than what a smaller one may have left */
  assert_err(writer_run(writer, &put.job, &err), &err, ERR_FULL, "disk is full");
  assert_int_equal(count_stored(*state), saved + 1); /* the reader is not troubled */
  limit_files(unlimited);
  err = (struct err){0};
  init_put(&put, "after", 0, NULL);
  assert_good(writer_run(writer, &put.job, &err), &err);
  writer_free(writer);
  assert_int_equal(count_stored(*state), saved + 2);
  assert_true(is_stored(*state, "before0") && is_stored(*state, "after0") && !is_stored(*state, "still0"));
}

/* A job that is larger than SQLite's cache makes it write in the middle of the transaction, where the disk is full: what
 * is reported of the jobs around it is what has happened. */
static void full_disk_in_the_middle(void **state) {
  enum { COUNT = 5, HUGE_ONE = 2 };
  static struct put puts[COUNT];
  sem_t gate, done;
  sem_init(&gate, 0, 0);
  sem_init(&done, 0, 0);
  signal(SIGXFSZ, SIG_IGN);
  struct writer *writer = start(*state);
  for (int i = 0; i < COUNT; i++) init_put(&puts[i], "p", i, &done);
  puts[0].gate = &gate;
  puts[HUGE_ONE].len = 16 << 20;
  rlim_t unlimited = limit_files(2 << 20);
  for (int i = 0; i < COUNT; i++) writer_submit(writer, &puts[i].job);
  sem_post(&gate);
  wait_for(&done, COUNT);
  limit_files(unlimited);
  assert_int_equal(puts[HUGE_ONE].job.err.code, ERR_FULL);
  for (int i = 0; i < COUNT; i++) {
    assert_int_equal(puts[i].job.err.code == ERR_NONE, is_stored(*state, puts[i].id));
  }
  struct put after;
  struct err err = {0};
  init_put(&after, "after", 0, NULL);
  assert_good(writer_run(writer, &after.job, &err), &err);
  writer_free(writer);
}

/* ---- sudden end */

struct acknowledging {
  struct put put;
  int fd;
  int number;
  struct writer *writer;
};

static void acknowledge(struct writer_job *job) {
  struct put *put = job->context;
  struct acknowledging *one = (struct acknowledging *)put; /* put is its first member */
  if (job->err.code != ERR_NONE || write(one->fd, &one->number, sizeof one->number) < 0) _exit(1);
}

static void save_for_ever(const char *folder, int fd) {
  enum { IN_FLIGHT = 100000 };
  struct writer *writer = writer_new(folder, NULL);
  struct acknowledging *all = calloc(IN_FLIGHT, sizeof *all);
  if (writer == NULL || all == NULL) _exit(1);
  for (int i = 0; i < IN_FLIGHT; i++) {
    init_put(&all[i].put, "k", i, NULL);
    all[i].put.job.done = acknowledge;
    all[i].fd = fd;
    all[i].number = i;
    writer_submit(writer, &all[i].put.job);
    if (i % 20 == 0) usleep(500);
  }
  _exit(1); /* it should have been killed */
}

static void killed(void **state) {
  int ends[2], number, acknowledged = 0, status;
  assert_int_equal(pipe(ends), 0);
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) {
    close(ends[0]);
    save_for_ever(*state, ends[1]);
  }
  close(ends[1]);
  char *seen = calloc(1, 100000);
  while (read(ends[0], &number, sizeof number) == sizeof number) {
    seen[number] = 1;
    if (++acknowledged == 500) kill(child, SIGKILL);
  }
  close(ends[0]);
  waitpid(child, &status, 0);
  assert_true(WIFSIGNALED(status));
  assert_true(acknowledged >= 500);
  struct writer *writer = start(*state); /* recovers */
  writer_free(writer);
  struct db *db = db_open(*state, DB_READ, NULL);
  for (int i = 0; i < 100000; i++) {
    if (!seen[i]) continue;
    char id[32];
    snprintf(id, sizeof id, "k%d", i);
    struct stmt *stmt = db_query(db, "SELECT 1 FROM segment WHERE id = $1");
    stmt_bind_text(stmt, 1, id);
    if (!stmt_step(stmt, NULL)) fail_msg("%s was acknowledged and is gone", id);
    stmt_end(stmt);
  }
  db_close(db);
  free(seen);
}

static int setup(void **state) {
  *state = folder_new();
  return 0;
}

static int teardown(void **state) {
  folder_remove(*state);
  return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
  log_quiet();
  const struct CMUnitTest tests[] = {
      TEST(one_commit_for_many),     TEST(a_failing_job_is_undone_alone), TEST(freeing_finishes_the_queue),
      TEST(sixteen_threads),         TEST(full_disk),                     TEST(full_disk_in_the_middle),
      TEST(killed),
  };
  return cmocka_run_group_tests_name("writer", tests, NULL, NULL);
}
