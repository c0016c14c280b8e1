/* What an export costs beside the least it could cost, both in one run:
 *
 *   csv       dataset to CSV | a bare scan of the same answers and the same cells through base/csv.h
 *   xlsx      dataset to XLSX | the same cells through libxlsxwriter in constant-memory mode
 *   resident  the largest memory of the process that exports
 *
 * bench_export [RESPONSES [XLSX_ROWS]]: 100,000 and 5,000. Responses to the real self-assessment with every question
 * answered; the database stays in build/bench-data/ for the next run. Each measurement has a process of its own. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/csv.h"
#include "base/file.h"
#include "base/number.h"
#include "base/secret.h"
#include "data/dataset.h"
#include "data/writer_table.h"
#include "form/load.h"
#include "store/db.h"
#include "store/institution.h"
#include "store/person.h"
#include "store/questionnaire.h"
#include "store/round.h"
#include "store/scan.h"

#define QUESTIONNAIRE_FILE "questionnaires/e-index-2017/self-assessment.yaml"
#define ROUND "bench"
#define QUESTIONNAIRE "self-assessment"
#define BATCH 5000       /* responses of one transaction */
#define SAMPLE_ROWS 1000 /* of cells that the CSV baseline writes over and over */
#define RUNS 5           /* the middle one of which counts */
#define STEP_LEN 65536
#define BUDGET_RESIDENT_MIB 64.0

static void die(const struct err *err) {
  fprintf(stderr, "bench_export: %s %s\n", err->where, err->text);
  exit(3);
}

static void need(bool ok, const struct err *err) {
  if (!ok || err->code != ERR_NONE) die(err);
}

/* --- the data --- */

static uint64_t random_state = 88172645463325252u;

/* xorshift64: the same data in every run. */
static unsigned random_below(unsigned limit) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  random_state ^= random_state << 17;
  return (unsigned)(random_state >> 33) % limit;
}

static void make_value(const struct form_question *question, struct buf *out) {
  static const char *const texts[] = {"Dokumentu vadības sistēma \"Lietvaris\", 2. versija", "nav",
                                      "https://example.org/dati", "Iekšējais portāls; e-pasts, tālrunis"};
  switch (question->type) {
    case QUESTION_SELECT_ONE:
      buf_printf(out, "%d", question->options[random_below((unsigned)question->option_count)].code);
      break;
    case QUESTION_SELECT_MULTIPLE:
      for (int code = 0; code < 1000; code++) {
        int option = form_option_index(question, code);
        if (option < 0 || question->options[option].exclusive || random_below(2) == 0) continue;
        buf_printf(out, out->len > 0 ? ",%d" : "%d", code);
      }
      if (out->len == 0) buf_printf(out, "%d", question->options[0].code);
      break;
    case QUESTION_INTEGER:
      buf_printf(out, "%u", random_below(5000));
      break;
    case QUESTION_DECIMAL:
      buf_printf(out, "%u.5", random_below(500));
      break;
    case QUESTION_TEXT:
      buf_puts(out, texts[random_below(4)]);
      break;
    case QUESTION_DATE:
      buf_puts(out, "2017-11-06");
      break;
    case QUESTION_NOTE:
    case QUESTION_CALCULATE:
      break;
  }
}

static void put_answer(struct db *db, int64_t response, const struct form_question *question, int64_t person) {
  static struct buf value;
  struct err err = {0};
  buf_reset(&value);
  make_value(question, &value);
  bool special = question->specials != 0 && random_below(20) == 0;
  enum answer_state state = special ? (question->specials & SPECIAL_NA ? ANSWER_NA : ANSWER_NODATA) : ANSWER_VALUE;
  struct stmt *stmt = db_query(db,
      "INSERT INTO answer (response_id, question, row_id, version, state, value, person_id, changed_ms)"
      " VALUES ($1, $2, '', 1, $3, $4, $5, 1512556320000)");
  stmt_bind_int(stmt, 1, response);
  stmt_bind_text(stmt, 2, question->id);
  stmt_bind_int(stmt, 3, state);
  stmt_bind_text(stmt, 4, state == ANSWER_VALUE ? value.data : NULL);
  stmt_bind_int(stmt, 5, person);
  need(stmt_run(stmt, &err), &err);
}

static int64_t put_response(struct db *db, int number, int64_t version) {
  struct err err = {0};
  char registration[32], name[64];
  snprintf(registration, sizeof registration, "9%010d", number);
  snprintf(name, sizeof name, "Iestāde Nr. %d", number);
  struct institution institution = {.registration_number = registration, .name = name, .abbreviation = "IE",
                                    .kind = "institution", .sector = "Vides aizsardzības ministrija",
                                    .segments = "mass;business", .sort_key = registration, .search_text = name};
  int64_t id = institution_put(db, &institution, &err);
  need(id > 0, &err);
  struct stmt *stmt = db_query(db,
      "INSERT INTO response (round, questionnaire, institution, version_id, status, revision, required, answered,"
      "  opened_ms, changed_ms, submitted_ms, receipt, sort_key)"
      " VALUES ($1, $2, $3, $4, 2, 98, 98, 98, 1512556320000, 1512556320000, 1512556320000, 'R', $5)"
      " RETURNING id");
  stmt_bind_text(stmt, 1, ROUND);
  stmt_bind_text(stmt, 2, QUESTIONNAIRE);
  stmt_bind_int(stmt, 3, id);
  stmt_bind_int(stmt, 4, version);
  stmt_bind_text(stmt, 5, registration);
  need(stmt_step(stmt, &err), &err);
  int64_t response = stmt_int(stmt, 0);
  stmt_end(stmt);
  return response;
}

/* What every response hangs on: the questionnaire, the round, a person. */
static int64_t put_round(struct db *db, const struct form *form, const struct buf *source, int64_t *person) {
  struct err err = {0};
  struct round round = {.id = ROUND, .title = "", .opens = "2017-11-06", .deadline = "2017-12-06", .help_phone = "",
                        .help_email = ""};
  need(round_put(db, &round, &err), &err);
  struct questionnaire_version version = {.questionnaire = form->id, .version = form->version, .hash = form->hash,
                                          .source = source->data, .source_len = source->len};
  int64_t id = questionnaire_add(db, &version, &err);
  need(id > 0 && round_put_questionnaire(db, ROUND, form->id, id, FILLED_BY_CONTACT, 0, &err), &err);
  struct person filler = {.email = "a@example.org", .name = "A", .phone = "", .language = "lv"};
  *person = person_put(db, &filler, &err);
  need(*person > 0, &err);
  return id;
}

static void fill_database(const char *folder, int responses) {
  struct err err = {0};
  struct buf source = {0};
  need(file_read(QUESTIONNAIRE_FILE, FORM_FILE_MAX, &source, &err), &err);
  struct findings *findings = findings_new(QUESTIONNAIRE_FILE);
  struct form *form = form_load(source.data, source.len, findings);
  if (form == NULL) exit(3);
  struct db *db = db_open(folder, DB_WRITE, &err);
  need(db != NULL, &err);
  int64_t person = 0, version = 0;
  for (int done = 0; done < responses;) {
    need(db_begin(db, &err), &err);
    if (done == 0) version = put_round(db, form, &source, &person);
    for (int end = done + BATCH; done < end && done < responses; done++) {
      int64_t response = put_response(db, done + 1, version);
      for (int i = 0; i < form->question_count; i++) {
        const struct form_question *question = &form->questions[i];
        if (question->roster < 0 && form_is_answerable(question)) put_answer(db, response, question, person);
      }
    }
    need(db_commit(db, &err), &err);
    if (isatty(STDERR_FILENO)) fprintf(stderr, "\rmaking the data: %d of %d responses", done, responses);
  }
  if (isatty(STDERR_FILENO)) fputs("\r\033[K", stderr);
  db_close(db);
  form_free(form);
  findings_free(findings);
  buf_free(&source);
}

/* The folder with a database of so many responses; made under another name, so that half a one is never used. */
static char *prepare(int responses) {
  struct err err = {0};
  struct buf folder = {0}, half = {0}, file = {0};
  buf_printf(&folder, "build/bench-data/export-%d", responses);
  buf_printf(&half, "%s.%ld", folder.data, (long)getpid());
  buf_printf(&file, "%s/anketa.db", folder.data);
  if (access(file.data, R_OK) != 0) {
    need(file_make_folder(half.data, &err), &err);
    fill_database(half.data, responses);
    if (rename(half.data, folder.data) != 0) {
      fprintf(stderr, "bench_export: cannot rename %s: %s\n", half.data, strerror(errno));
      exit(3);
    }
  }
  buf_free(&half);
  buf_free(&file);
  return folder.data;
}

/* --- measuring --- */

struct job {
  const char *folder;
  int rows; /* 0: all; at most so many */
};

struct measured {
  double seconds;
  double resident_mib;
};

/* Runs work in a process of its own; work answers with its seconds. */
static struct measured measure(double (*work)(const struct job *job), const struct job *job) {
  int ends[2];
  struct measured measured = {0};
  if (pipe(ends) != 0) exit(3);
  pid_t child = fork();
  if (child == 0) {
    double seconds = work(job);
    _exit(write(ends[1], &seconds, sizeof seconds) == sizeof seconds ? 0 : 1);
  }
  close(ends[1]);
  bool ok = read(ends[0], &measured.seconds, sizeof measured.seconds) == sizeof measured.seconds;
  close(ends[0]);
  int status;
  struct rusage usage;
  if (wait4(child, &status, 0, &usage) != child || status != 0 || !ok) exit(3);
  measured.resident_mib = (double)usage.ru_maxrss / 1024;
  return measured;
}

static double now(void) { return (double)clock_monotonic_us() / 1e6; }

static struct dataset *open_dataset(struct db **db, const char *folder) {
  struct err err = {0};
  struct dataset_spec spec = {.round = ROUND, .questionnaire = QUESTIONNAIRE};
  *db = db_open(folder, DB_READ, &err);
  need(*db != NULL, &err);
  struct dataset *dataset = dataset_open(*db, &spec, &err);
  need(dataset != NULL, &err);
  return dataset;
}

static void write_out(int sink, struct buf *out) {
  if (write(sink, out->data, out->len) != (ssize_t)out->len) exit(3);
  buf_reset(out);
}

static double export_with(const struct export_format *format, const struct job *job) {
  struct err err = {0};
  struct db *db;
  struct buf out = {0};
  int sink = open("/dev/null", O_WRONLY);
  double start = now();
  struct dataset *dataset = open_dataset(&db, job->folder);
  void *state = format->start(dataset, &(struct export_options){0}, &err);
  need(state != NULL, &err);
  for (bool done = false; !done;) {
    need(format->step(state, &out, &done, &err), &err);
    write_out(sink, &out);
  }
  format->end(state);
  dataset_close(dataset);
  db_close(db);
  return now() - start;
}

static double csv_ours(const struct job *job) { return export_with(&export_csv, job); }

static double xlsx_ours(const struct job *job) { return export_with(&export_xlsx, job); }

/* Cells of the first rows, kept. */
struct sample {
  struct cell *cells;
  int rows, columns;
};

static struct sample take_sample(const char *folder, int rows, struct arena *arena) {
  struct err err = {0};
  struct db *db;
  struct dataset *dataset = open_dataset(&db, folder);
  struct sample sample = {.columns = dataset_column_count(dataset)};
  size_t columns = (size_t)sample.columns;
  sample.cells = arena_array(arena, (size_t)rows * columns, sizeof *sample.cells);
  const struct cell *cells;
  while (sample.rows < rows && (cells = dataset_next(dataset, &err)) != NULL) {
    struct cell *kept = sample.cells + (size_t)sample.rows++ * columns;
    memcpy(kept, cells, columns * sizeof *cells);
    for (size_t i = 0; i < columns; i++) {
      if (kept[i].kind == CELL_TEXT) kept[i].text = arena_copy(arena, kept[i].text);
    }
  }
  need(true, &err);
  dataset_close(dataset);
  db_close(db);
  return sample;
}

struct field {
  const char *text;
  size_t len;
};

/* The cells as they stand in the file: the baseline has nothing to work out. */
static struct field *ready_fields(const struct sample *sample, struct arena *arena) {
  size_t count = (size_t)sample->rows * (size_t)sample->columns;
  struct field *fields = arena_array(arena, count, sizeof *fields);
  struct buf text = {0};
  for (size_t i = 0; i < count; i++) {
    const struct cell *cell = &sample->cells[i];
    char fixed[25];
    buf_reset(&text);
    if (cell->kind == CELL_NUMBER) number_write(cell->number, &text);
    if (cell->kind == CELL_TEXT) buf_puts(&text, cell->text);
    if (cell->kind == CELL_DATE) clock_format_date((int)cell->number, fixed);
    if (cell->kind == CELL_TIME) clock_iso((int64_t)cell->number, fixed);
    if (cell->kind == CELL_DATE || cell->kind == CELL_TIME) buf_puts(&text, fixed);
    enum missing_kind missing = cell->kind == CELL_MISSING ? (enum missing_kind)(int)cell->number : MISSING_EMPTY;
    buf_puts(&text, dataset_missing_text(missing, NULL, false));
    fields[i] = (struct field){arena_copy(arena, buf_text(&text)), text.len};
  }
  buf_free(&text);
  return fields;
}

static double csv_baseline(const struct job *job) {
  struct err err = {0};
  struct arena *arena = arena_new();
  struct buf out = {0};
  struct sample sample = take_sample(job->folder, SAMPLE_ROWS, arena);
  const struct field *fields = ready_fields(&sample, arena);
  int sink = open("/dev/null", O_WRONLY);
  double start = now();
  struct db *db = db_open(job->folder, DB_READ, &err);
  need(db != NULL && db_begin(db, &err), &err);
  struct stmt *answers = scan_answers(db, ROUND, QUESTIONNAIRE);
  struct scan_answer answer;
  int64_t response = 0;
  int row = 0;
  while (scan_next_answer(answers, &answer, &err)) {
    if (answer.response == response) continue;
    response = answer.response;
    const struct field *at = fields + (size_t)(row++ % sample.rows) * (size_t)sample.columns;
    for (int i = 0; i < sample.columns; i++) {
      if (i > 0) buf_putc(&out, ',');
      csv_write_field(&out, at[i].text, at[i].len, ',');
    }
    buf_puts(&out, "\r\n");
    if (out.len >= STEP_LEN) write_out(sink, &out);
  }
  need(true, &err);
  write_out(sink, &out);
  stmt_end(answers);
  db_close(db);
  return now() - start;
}

static void put_xlsx_cell(lxw_worksheet *sheet, int row, int column, const struct cell *cell, lxw_format *time) {
  lxw_row_t at = (lxw_row_t)row;
  lxw_col_t in = (lxw_col_t)column;
  int kind = (int)cell->number;
  switch (cell->kind) {
    case CELL_NUMBER:
      worksheet_write_number(sheet, at, in, cell->number, NULL);
      break;
    case CELL_TEXT:
      worksheet_write_string(sheet, at, in, cell->text, NULL);
      break;
    case CELL_DATE:
    case CELL_TIME:
      worksheet_write_number(sheet, at, in, cell->number / 86400000 + 25569, time);
      break;
    case CELL_MISSING:
      if (kind != MISSING_EMPTY) {
        worksheet_write_string(sheet, at, in, dataset_missing_text((enum missing_kind)kind, NULL, false), NULL);
      }
      break;
  }
}

static double xlsx_baseline(const struct job *job) {
  struct arena *arena = arena_new();
  struct sample sample = take_sample(job->folder, job->rows, arena);
  char path[] = "/tmp/bench-export-XXXXXX";
  int file = mkstemp(path);
  if (file < 0) exit(3);
  double start = now();
  lxw_workbook_options options = {.constant_memory = LXW_TRUE};
  lxw_workbook *book = workbook_new_opt(path, &options);
  lxw_worksheet *sheet = workbook_add_worksheet(book, NULL);
  lxw_format *time = workbook_add_format(book);
  format_set_num_format(time, "yyyy-mm-dd hh:mm:ss");
  for (int row = 0; row < sample.rows; row++) {
    const struct cell *cells = sample.cells + (size_t)row * (size_t)sample.columns;
    for (int i = 0; i < sample.columns; i++) put_xlsx_cell(sheet, row, i, &cells[i], time);
  }
  if (workbook_close(book) != LXW_NO_ERROR) exit(3);
  double seconds = now() - start;
  unlink(path);
  close(file);
  return seconds;
}

struct contest {
  double (*ours)(const struct job *), (*baseline)(const struct job *);
  const char *baseline_name;
  double budget; /* of ours / baseline */
};

static const struct contest csv_contest = {csv_ours, csv_baseline, "bare scan, same cells by libcsv", 1.5};
static const struct contest xlsx_contest = {xlsx_ours, xlsx_baseline, "same cells by libxlsxwriter", 1.2};

static int compare_seconds(const void *a, const void *b) {
  const double *left = a, *right = b;
  return (*left > *right) - (*left < *right);
}

static double middle(double *seconds, int count) {
  qsort(seconds, (size_t)count, sizeof *seconds, compare_seconds);
  return seconds[count / 2];
}

/* In turn, so that whatever else the machine does meets both. */
static bool compare(const char *name, const struct contest *contest, const struct job *job) {
  double figures[RUNS], baselines[RUNS], resident = 0;
  int runs = job->rows > 500000 ? 1 : RUNS;
  for (int i = 0; i < runs; i++) {
    struct measured theirs = measure(contest->baseline, job), ours = measure(contest->ours, job);
    baselines[i] = theirs.seconds;
    figures[i] = ours.seconds;
    if (ours.resident_mib > resident) resident = ours.resident_mib;
  }
  double figure = middle(figures, runs), baseline = middle(baselines, runs);
  double ratio = figure / baseline;
  bool quick = ratio <= contest->budget, small = resident <= BUDGET_RESIDENT_MIB;
  printf("%s: %.3f s  %s: %.3f s  ratio %.2f  budget %.1f: %s\n", name, figure, contest->baseline_name, baseline,
         ratio, contest->budget, quick ? "good" : "MISSED");
  printf("%s, resident: %.1f MiB  budget %.0f MiB: %s\n", name, resident, BUDGET_RESIDENT_MIB,
         small ? "good" : "MISSED");
  fflush(stdout);
  return quick && small;
}

int main(int argc, char **argv) {
  int responses = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 100000;
  int xlsx_rows = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 5000;
  if (responses < 1 || xlsx_rows < 1 || !secret_start()) return 2;
  char *folder = prepare(responses), *xlsx_folder = prepare(xlsx_rows);
  char name[64];
  snprintf(name, sizeof name, "CSV of %d responses", responses);
  bool good = compare(name, &csv_contest, &(struct job){folder, responses});
  snprintf(name, sizeof name, "XLSX of %d responses", xlsx_rows);
  good = compare(name, &xlsx_contest, &(struct job){xlsx_folder, xlsx_rows}) && good;
  free(folder);
  free(xlsx_folder);
  return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
