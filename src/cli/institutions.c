/* `anketa institutions` and `anketa nomination`: the list of who is asked, from a file, and links for naming contacts. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "cli/cli.h"
#include "data/table_reader.h"
#include "store/institution.h"
#include "store/writer.h"
#include "survey/frame_import.h"
#include "survey/nomination.h"

#define BASE_DEFAULT "http://127.0.0.1:8080"

struct import {
  const struct cli_call *call;
  struct frame_rows *rows;
  struct frame_plan plan;
  bool commit, planned;
};

static const struct actor operator = {.role = ROLE_ADMINISTRATOR, .language = "lv", .session_hash = ""};

/* A dry run goes through all of it in the writer's transaction too, and undoes it. */
static bool run(struct db *db, struct writer_job *job, struct err *err) {
  struct import *import = job->context;
  const char *round = cli_value(import->call, "--round");
  const char *path = import->call->arguments[0], *slash = strrchr(path, '/');
  import->planned = import->commit
      ? frame_import_commit(db, &operator, import->rows, round, NULL, slash != NULL ? slash + 1 : path, &import->plan, err)
      : frame_import_plan(db, &operator, import->rows, round, &import->plan, err);
  return import->planned;
}

static const char *const problem_texts[FRAME_PROBLEM_KINDS] = {
    [FRAME_NO_COLUMN] = "the header has no column \"%s\"",
    [FRAME_COLUMN_TWICE] = "the column \"%s\" is there twice",
    [FRAME_CELL_COUNT] = "the row has more or fewer cells than the header%s",
    [FRAME_TOO_MANY] = "too many rows%s",
    [FRAME_BAD_TEXT] = "a text that is too long, or has characters that no text has%s",
    [FRAME_NO_NAME] = "the institution has no name%s",
    [FRAME_BAD_NUMBER] = "\"%s\" is not a registration number",
    [FRAME_BAD_EMAIL] = "\"%s\" is not an e-mail address",
    [FRAME_BAD_PHONE] = "\"%s\" is not a telephone number",
    [FRAME_BAD_LANGUAGE] = "\"%s\" is none of lv, en, ru",
    [FRAME_BAD_ANSWER] = "\"%s\" is neither yes nor no",
    [FRAME_BAD_SEGMENT] = "there is no segment \"%s\"",
    [FRAME_TWICE] = "\"%s\" is in line %d already, with other data",
    [FRAME_AMBIGUOUS] = "several institutions are called \"%s\"; give the registration number",
    [FRAME_UNKNOWN] = "there is no institution \"%s\"",
    [FRAME_NOT_ASKED] = "the round does not ask the institution \"%s\"",
    [FRAME_NO_EMAIL] = "the contact has no e-mail address%s",
    [FRAME_NO_CONTACT_NAME] = "the contact %s has no name",
    [FRAME_STAFF] = "%s is the address of somebody who runs the round",
    [FRAME_TWO_RESPONSIBLE] = "the institution has a responsible contact%s in line %d already",
    [FRAME_NUMBER_FORM] = "the registration number %s does not have 11 digits",
    [FRAME_SAME_NAME] = "there is another institution called \"%s\", with another registration number",
};

/* The text of a problem: one placeholder for the value, and one for a line. */
static void say_problem(const struct frame_problem *problem, struct buf *out) {
  for (const char *c = problem_texts[problem->kind]; *c != '\0'; c++) {
    if (c[0] == '%' && c[1] == 's') buf_puts(out, problem->value);
    else if (c[0] == '%' && c[1] == 'd') buf_printf(out, "%d", problem->other);
    else buf_putc(out, *c);
    if (*c == '%') c++;
  }
}

static void put_problems(const struct import *import, const struct table_info *info, struct buf *out) {
  const struct frame_rows *rows = import->rows;
  for (int i = 0; i < rows->problem_count; i++) {
    const struct frame_problem *problem = &rows->problems[i];
    buf_printf(out, "%s: ", import->call->arguments[0]);
    table_place(info, problem->line, problem->column, out);
    buf_puts(out, frame_problem_warns(problem->kind) ? ": warning: " : ": error: ");
    say_problem(problem, out);
    buf_putc(out, '\n');
  }
  int more = rows->errors + rows->warnings - rows->problem_count;
  if (more > 0) buf_printf(out, "%s: %d more\n", import->call->arguments[0], more);
  if (rows->errors > 0) buf_printf(out, "%s: %d %s; nothing was taken over\n", import->call->arguments[0], rows->errors,
                                   rows->errors == 1 ? "error" : "errors");
}

static const char *const change_words[] = {"new", "joins the round", "changed", "new contact", "contact back", "contact changed"};

static void put_change(const struct frame_change *change, struct buf *out) {
  buf_printf(out, "%s: %s", change_words[change->kind], change->name);
  if (change->email[0] != '\0') buf_printf(out, " <%s>, %s", change->email, change->institution);
  buf_putc(out, '\n');
  bool compares = change->kind == FRAME_INSTITUTION_CHANGED || change->kind == FRAME_CONTACT_CHANGED;
  for (size_t i = 0; compares && i < change->field_count; i++) {
    const struct frame_field *field = &change->fields[i];
    buf_printf(out, "  %s: %s → %s\n", frame_column_name(field->column), field->before, field->after);
  }
}

static void put_text(const struct import *import, const struct table_info *info, struct buf *out) {
  const struct frame_plan *plan = &import->plan;
  if (strcmp(info->encoding, "Windows-1257") == 0 || strcmp(info->encoding, "UTF-16") == 0)
    buf_printf(out, "read as %s\n", info->encoding);
  if (info->sheet_count > 1) buf_printf(out, "read the sheet %s, one of %d\n", info->sheet, info->sheet_count);
  for (int i = 0; i < import->rows->unknown_count; i++) buf_printf(out, "unknown column, passed over: %s\n", import->rows->unknown[i]);
  for (size_t i = 0; i < plan->count; i++) put_change(&plan->changes[i], out);
  for (size_t i = 0; i < plan->absent_count; i++) buf_printf(out, "not in the file, left alone: %s\n", plan->absent[i]);
  buf_printf(out, "institutions: %d new, %d changed, %d as they were, %zu not in the file\n", plan->institutions_new,
             plan->institutions_changed, plan->institutions_same, plan->absent_count);
  buf_printf(out, "contacts: %d new, %d changed, %d as they were\n", plan->contacts_new, plan->contacts_changed, plan->contacts_same);
  buf_puts(out, import->commit ? "taken over\n" : "nothing was taken over; give --commit to do it\n");
}

static void put_pair(struct buf *out, const char *name, const char *text) {
  buf_json_string(out, name);
  buf_putc(out, ':');
  buf_json_string(out, text);
}

static void put_json_change(const struct frame_change *change, struct buf *out) {
  static const char *const kinds[] = {"institution-new", "institution-joins", "institution-changed",
                                      "contact-new", "contact-back", "contact-changed"};
  buf_printf(out, "{\"line\":%d,", change->line);
  put_pair(out, "kind", kinds[change->kind]);
  buf_putc(out, ',');
  put_pair(out, "name", change->name);
  if (change->email[0] != '\0') {
    buf_putc(out, ',');
    put_pair(out, "email", change->email);
    buf_putc(out, ',');
    put_pair(out, "institution", change->institution);
  }
  buf_puts(out, ",\"fields\":[");
  for (size_t i = 0; i < change->field_count; i++) {
    const struct frame_field *field = &change->fields[i];
    buf_putc(out, i > 0 ? ',' : ' ');
    buf_putc(out, '{');
    put_pair(out, "column", frame_column_name(field->column));
    buf_putc(out, ',');
    put_pair(out, "before", field->before);
    buf_putc(out, ',');
    put_pair(out, "after", field->after);
    buf_putc(out, '}');
  }
  buf_puts(out, "]}");
}

static void put_json_problem(const struct table_info *info, const struct frame_problem *problem, struct buf *out) {
  struct buf text = {0};
  buf_printf(out, "{\"line\":%d,", problem->line);
  put_pair(out, "problem", frame_problem_name(problem->kind));
  buf_printf(out, ",\"warning\":%s,", frame_problem_warns(problem->kind) ? "true" : "false");
  table_place(info, problem->line, problem->column, &text);
  put_pair(out, "place", buf_text(&text));
  buf_reset(&text);
  say_problem(problem, &text);
  buf_putc(out, ',');
  put_pair(out, "text", buf_text(&text));
  buf_putc(out, '}');
  buf_free(&text);
}

static void put_json(const struct import *import, const struct table_info *info, bool taken, struct buf *out) {
  const struct frame_plan *plan = &import->plan;
  const struct frame_rows *rows = import->rows;
  buf_printf(out, "{\"taken\":%s,\"errors\":%d,\"warnings\":%d,", taken ? "true" : "false", rows->errors, rows->warnings);
  put_pair(out, "encoding", info->encoding);
  buf_putc(out, ',');
  put_pair(out, "sheet", info->sheet);
  buf_printf(out, ",\"institutions\":{\"new\":%d,\"changed\":%d,\"same\":%d,\"absent\":%zu}", plan->institutions_new,
             plan->institutions_changed, plan->institutions_same, plan->absent_count);
  buf_printf(out, ",\"contacts\":{\"new\":%d,\"changed\":%d,\"same\":%d},\"unknown_columns\":[", plan->contacts_new,
             plan->contacts_changed, plan->contacts_same);
  for (int i = 0; i < rows->unknown_count; i++) {
    if (i > 0) buf_putc(out, ',');
    buf_json_string(out, rows->unknown[i]);
  }
  buf_puts(out, "],\"changes\":[");
  for (size_t i = 0; i < plan->count; i++) {
    if (i > 0) buf_puts(out, ",\n");
    put_json_change(&plan->changes[i], out);
  }
  buf_puts(out, "],\"problems\":[");
  for (int i = 0; i < rows->problem_count; i++) {
    if (i > 0) buf_puts(out, ",\n");
    put_json_problem(info, &rows->problems[i], out);
  }
  buf_puts(out, "]}\n");
}

static int report(const struct import *import, const struct table_info *info, const struct err *err) {
  struct buf out = {0}, problems = {0};
  int code = 0;
  bool faulty = import->rows->errors > 0;
  if (err->code != ERR_NONE && !faulty) return cli_fail(err);
  if (import->call->json) {
    put_json(import, info, import->commit && !faulty, &out);
  } else {
    put_problems(import, info, &problems);
    fputs(buf_text(&problems), stderr);
    if (!faulty) put_text(import, info, &out);
  }
  code = cli_print(&out);
  buf_free(&out);
  buf_free(&problems);
  return code != 0 ? code : faulty ? 1 : 0;
}

static int run_import(const struct cli_call *call) {
  struct err err = {0};
  struct table_info info;
  struct arena *arena = arena_new();
  struct import import = {.call = call, .rows = frame_rows_new(arena), .commit = cli_value(call, "--commit") != NULL};
  int code;
  if (!table_read(call->arguments[0], frame_rows_take, import.rows, &info, &err)) {
    struct err placed = {0};
    err_set_at(&placed, err.code, call->arguments[0], info.line, info.line > 0, "%s", err.text);
    code = cli_fail(info.fault == TABLE_OK ? &err : &placed);
  } else {
    struct writer_job job = {.run = run, .context = &import};
    struct writer *writer = writer_new(call->data, &err);
    if (writer != NULL) writer_run(writer, &job, &err);
    writer_free(writer);
    code = report(&import, &info, &err);
  }
  arena_free(arena);
  return code;
}

struct new_link {
  const char *institution, *round;
  char token[SECRET_TOKEN_LEN + 1];
};

static bool make_link(struct db *db, struct writer_job *job, struct err *err) {
  struct new_link *made = job->context;
  int64_t institution = institution_find(db, made->institution, err);
  return institution != 0 && nomination_link_new(db, &operator, made->round, institution, made->token, err);
}

static int run_link(const struct cli_call *call) {
  struct err err = {0};
  struct new_link made = {.institution = call->arguments[0], .round = cli_value(call, "--round")};
  struct writer_job job = {.run = make_link, .context = &made};
  struct writer *writer = writer_new(call->data, &err);
  if (writer != NULL) writer_run(writer, &job, &err);
  writer_free(writer);
  if (err.code != ERR_NONE) return cli_fail(&err);
  const char *base = cli_value(call, "--base");
  if (base == NULL) base = BASE_DEFAULT;
  size_t len = strlen(base);
  while (len > 0 && base[len - 1] == '/') len--;
  struct buf out = {0};
  buf_printf(&out, "%.*s/n/%s\n", (int)len, base, made.token);
  int code = cli_print(&out);
  buf_free(&out);
  return code;
}

static const struct cli_option link_options[] = {
    {"--round", "ID", "the round for which contacts are named", true},
    {"--base", "URL", "where the server is (default " BASE_DEFAULT ")", false},
    {NULL, NULL, NULL, false},
};

static const struct cli_option import_options[] = {
    {"--round", "ID", "the round that asks them", true},
    {"--commit", NULL, "take it over; without it, only says what would change", false},
    {NULL, NULL, NULL, false},
};

const struct cli_command cli_institutions_commands[] = {
    {"institutions", "import", "FILE", 1, 1, "Takes a list of institutions or contacts over into a round: CSV or XLSX.",
     import_options, run_import},
    {"nomination", "link", "INSTITUTION", 1, 1, "Makes the link by which an institution names its contacts, and prints it.",
     link_options, run_link},
    {NULL, NULL, NULL, 0, 0, NULL, NULL, NULL},
};
