/* Opening a full response to the e-index form, with its state, beside a bare walk over the same rows of answers. */
#include "round_bench.h"
#include "store/answer.h"

#define BUDGET_US 200.0
#define TURNS 2000
#define ROUNDS 5

static double time_open(struct db *db, const struct actor *actor, int64_t response, struct arena *arena) {
  struct err err = {0};
  int64_t start = clock_monotonic_us();
  for (int i = 0; i < TURNS; i++) {
    arena_reset(arena);
    bench_check(work_open(db, actor, response, arena, &err) != NULL, &err);
  }
  return (double)(clock_monotonic_us() - start) / TURNS;
}

static double time_bare(struct db *db, int64_t response, int *count) {
  struct err err = {0};
  struct answer_row row;
  int64_t start = clock_monotonic_us();
  for (int i = 0; i < TURNS; i++) {
    *count = 0;
    struct stmt *stmt = answer_list(db, response);
    while (answer_next(stmt, &row, &err)) ++*count;
    stmt_end(stmt);
  }
  return (double)(clock_monotonic_us() - start) / TURNS;
}

int main(void) {
  struct err err = {0};
  struct arena *arena = arena_new(), *scratch = arena_new();
  struct actor actor = bench_actor(1);
  char *folder = bench_folder_new();
  log_quiet();
  if (!secret_start()) return EXIT_FAILURE;
  struct db *db = db_open(folder, DB_WRITE, &err);
  bench_check(db != NULL, &err);
  bench_load_round(db);
  const struct work_item *item = bench_response(db, &actor, arena);
  bench_fill(db, &actor, item, arena);
  struct db *reader = db_open(folder, DB_READ, &err);
  bench_check(reader != NULL, &err);
  double opened = 1e9, bare = 1e9; /* the best of several */
  int count = 0;
  for (int i = 0; i < ROUNDS; i++) {
    double one = time_open(reader, &actor, item->response, scratch);
    if (one < opened) opened = one;
    one = time_bare(reader, item->response, &count);
    if (one < bare) bare = one;
  }
  printf("opening a response (%d answers): %.1f us  budget %.0f us  bare walk over its answers: %.1f us  ratio %.2f\n",
         count, opened, BUDGET_US, bare, opened / bare);
  db_close(reader);
  db_close(db);
  arena_free(arena);
  arena_free(scratch);
  bench_folder_remove(folder);
  return opened <= BUDGET_US ? EXIT_SUCCESS : EXIT_FAILURE;
}
