/* Acknowledged saves from 16 people at once, each into a response that is filled already, beside a bare loop of one-answer
 * commits on the same disk: the same table and settings, nothing else done. */
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "round_bench.h"
#include "store/writer.h"

#define WRITERS 16
#define BUDGET 0.4
#define RUN_US 2000000
#define ROUNDS 3

struct person {
  struct writer *writer;
  struct actor actor;
  int64_t response;
  const char *question; /* an integer */
  int version;
  int saved;
  atomic_bool *stop;
  struct arena *arena;
};

static bool save(struct db *db, struct writer_job *job, struct err *err) {
  struct person *person = job->context;
  char text[16];
  const char *value = text;
  snprintf(text, sizeof text, "%d", person->saved % 1000);
  struct save_entry entry = {.question = person->question, .row = "", .values = &value, .value_count = 1,
                             .special = "", .seen = person->version};
  arena_reset(person->arena);
  if (!work_save(db, &person->actor, person->response, &entry, 1, person->arena, err)) return false;
  if (entry.result != SAVE_DONE) return err_set(err, ERR_SYSTEM, "an answer was not saved: %d", (int)entry.result);
  person->version = entry.version;
  return true;
}

static void *save_for_a_while(void *context) {
  struct person *person = context;
  while (!atomic_load(person->stop)) {
    struct err err = {0};
    struct writer_job job = {.run = save, .context = person};
    bench_check(writer_run(person->writer, &job, &err), &err);
    person->saved++;
  }
  return NULL;
}

/* Saves a second. */
static double run_writers(struct person *people, int count) {
  pthread_t threads[WRITERS];
  atomic_bool stop = false;
  int before = 0, after = 0;
  int64_t start = clock_monotonic_us();
  for (int i = 0; i < count; i++) {
    before += people[i].saved;
    people[i].stop = &stop;
    if (pthread_create(&threads[i], NULL, save_for_a_while, &people[i]) != 0) exit(EXIT_FAILURE);
  }
  struct timespec pause = {.tv_sec = RUN_US / 1000000, .tv_nsec = RUN_US % 1000000 * 1000};
  nanosleep(&pause, NULL);
  atomic_store(&stop, true);
  for (int i = 0; i < count; i++) pthread_join(threads[i], NULL);
  for (int i = 0; i < count; i++) after += people[i].saved;
  return (after - before) * 1e6 / (double)(clock_monotonic_us() - start);
}

/* Commits of one changed answer a second. */
static double run_bare(struct db *db, int64_t response, const char *question) {
  struct err err = {0};
  int64_t start = clock_monotonic_us(), now = start;
  int count = 0;
  for (; now - start < RUN_US; now = clock_monotonic_us()) {
    char value[16];
    snprintf(value, sizeof value, "%d", count % 1000);
    bench_check(db_begin(db, &err), &err);
    struct stmt *stmt = db_query(db,
        "UPDATE answer"
        " SET version = version + 1, state = 1, value = $1, person_id = 1, changed_ms = $2"
        " WHERE response_id = $3"
        "  AND question = $4"
        "  AND row_id = ''");
    stmt_bind_text(stmt, 1, value);
    stmt_bind_int(stmt, 2, now);
    stmt_bind_int(stmt, 3, response);
    stmt_bind_text(stmt, 4, question);
    bench_check(stmt_run(stmt, &err) && db_commit(db, &err), &err);
    count++;
  }
  return count * 1e6 / (double)(now - start);
}

static const char *first_integer(const struct form *form) {
  for (int i = 0; i < form->question_count; i++) {
    if (form->questions[i].type == QUESTION_INTEGER && form->questions[i].roster < 0) return form->questions[i].id;
  }
  exit(EXIT_FAILURE);
}

static void start_person(struct person *person, int number, struct db *db, struct writer *writer,
                         struct arena *arena) {
  *person = (struct person){.writer = writer, .actor = bench_actor(number + 1), .version = 1, .arena = arena_new()};
  const struct work_item *item = bench_response(db, &person->actor, arena);
  person->response = item->response;
  person->question = first_integer(item->form);
  bench_fill(db, &person->actor, item, arena);
}

int main(void) {
  struct err err = {0};
  struct person people[WRITERS + 1]; /* the last one's response is the bare loop's */
  struct arena *arena = arena_new();
  char *folder = bench_folder_new();
  log_quiet();
  if (!secret_start()) return EXIT_FAILURE;
  struct db *db = db_open(folder, DB_WRITE, &err);
  bench_check(db != NULL, &err);
  bench_load_round(db);
  struct writer *writer = writer_new(folder, &err);
  bench_check(writer != NULL, &err);
  for (int i = 0; i <= WRITERS; i++) start_person(&people[i], i, db, writer, arena);
  double grouped = 0, bare = 0, alone = 0;
  for (int i = 0; i < ROUNDS; i++) { /* the best of several, in turn */
    double one = run_writers(people, WRITERS);
    if (one > grouped) grouped = one;
    one = run_writers(people, 1);
    if (one > alone) alone = one;
    one = run_bare(db, people[WRITERS].response, people[WRITERS].question);
    if (one > bare) bare = one;
  }
  printf("acknowledged saves, 16 writers: %.0f/s  bare loop of one-answer commits: %.0f/s  ratio %.2f  budget %.1f"
         "  (one writer: %.0f/s)\n", grouped, bare, grouped / bare, BUDGET, alone);
  writer_free(writer);
  db_close(db);
  for (int i = 0; i <= WRITERS; i++) arena_free(people[i].arena);
  arena_free(arena);
  bench_folder_remove(folder);
  return grouped >= BUDGET * bare ? EXIT_SUCCESS : EXIT_FAILURE;
}
