#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "cli/cli.h"
#include "cli/output.h"
#include "data/form_xlsx.h"
#include "data/xlsx.h"
#include "form/load.h"
#include "form/report.h"
#include "paper/press.h"
#include "paper/questionnaire_pdf.h"

#define ANSWERS_MAX (16 << 20) /* bytes of a file of answers */

/* A form without findings, NULL when there are any, which then are printed; *code is the exit code. */
static struct form *load_good(const char *path, int *code) {
  struct err err = {0};
  struct findings *findings = findings_new(path);
  struct form *form = form_load_file(path, findings, &err);
  *code = 0;
  if (err.code != ERR_NONE) {
    *code = cli_fail(&err);
  } else if (form == NULL || findings_count(findings) > 0) {
    struct buf text = {0};
    findings_print(findings, &text);
    fputs(buf_text(&text), stderr);
    buf_free(&text);
    *code = 1;
  }
  if (*code != 0) {
    form_free(form);
    form = NULL;
  }
  findings_free(findings);
  return form;
}

static void put_findings(const struct findings *findings, const char *path, bool *first, struct buf *out) {
  size_t kept = findings_count(findings) < FINDINGS_MAX ? findings_count(findings) : FINDINGS_MAX;
  for (size_t i = 0; i < kept; i++) {
    const struct finding *finding = findings_get(findings, i);
    buf_puts(out, *first ? "\n{\"file\":" : ",\n{\"file\":");
    buf_json_string(out, path);
    buf_printf(out, ",\"line\":%d,\"column\":%d,\"len\":%d", finding->line, finding->column, finding->len);
    buf_puts(out, ",\"question\":");
    buf_json_string(out, finding->question);
    buf_puts(out, ",\"text\":");
    buf_json_string(out, finding->text);
    buf_putc(out, '}');
    *first = false;
  }
}

static void put_good(const struct form *form, const char *path, struct buf *out) {
  buf_printf(out, "%s: good: %d section%s, %d question%s\n", path, form->section_count,
             form->section_count == 1 ? "" : "s", form->question_count, form->question_count == 1 ? "" : "s");
}

/* One file's result into out (stdout's) or on stderr; the exit code. */
static int check_file(const char *path, bool json, bool *first, struct buf *out) {
  struct err err = {0};
  struct buf text = {0};
  struct findings *findings = findings_new(path);
  struct form *form = form_load_file(path, findings, &err);
  int code = 0;
  if (err.code != ERR_NONE) {
    code = cli_fail(&err);
  } else if (form == NULL || findings_count(findings) > 0) {
    code = 1;
    if (json) put_findings(findings, path, first, out);
    else findings_print(findings, &text);
    fputs(buf_text(&text), stderr);
  } else if (!json) {
    put_good(form, path, out);
  }
  form_free(form);
  findings_free(findings);
  buf_free(&text);
  return code;
}

static int run_check(const struct cli_call *call) {
  struct buf out = {0};
  bool first = true;
  int worst = 0;
  if (call->json) buf_putc(&out, '[');
  for (int i = 0; i < call->argument_count; i++) {
    int code = check_file(call->arguments[i], call->json, &first, &out);
    if (code > worst) worst = code;
  }
  if (call->json) buf_puts(&out, first ? "]\n" : "\n]\n");
  int printed = cli_print(&out);
  buf_free(&out);
  return printed > worst ? printed : worst;
}

static bool read_stdin(struct buf *out, struct err *err) {
  for (;;) {
    char *at = buf_reserve(out, BUFSIZ);
    size_t got = fread(at, 1, BUFSIZ, stdin);
    out->len += got;
    if (out->len > ANSWERS_MAX) return err_set_at(err, ERR_TOO_LARGE, "-", 0, 0, "more than %d bytes", ANSWERS_MAX);
    if (got > 0) continue;
    if (ferror(stdin)) return err_set_at(err, ERR_SYSTEM, "-", 0, 0, "could not be read: %s", strerror(errno));
    buf_puts(out, "");
    return true;
  }
}

/* The response in a file of answers, "-" for stdin; in the arena. */
static struct response *read_answers(const struct form *form, const char *path, struct arena *arena, struct err *err) {
  struct buf text = {0};
  struct err fault = {0};
  struct response *response = NULL;
  bool good = strcmp(path, "-") == 0 ? read_stdin(&text, err) : file_read(path, ANSWERS_MAX, &text, err);
  if (good) response = response_from_json(form, buf_text(&text), text.len, arena, &fault);
  if (good && response == NULL) {
    err_set_at(err, fault.code, path, fault.line, fault.column, "%s%s%s", fault.where, *fault.where != '\0' ? ": " : "",
               fault.text);
  }
  buf_free(&text);
  return response;
}

/* The --language, the questionnaire's first without one; -1 with err when it has no such language. */
static int chosen_language(const struct cli_call *call, const struct form *form, struct err *err) {
  const char *code = cli_value(call, "--language");
  int language = code != NULL ? form_language(form, code) : 0;
  if (code == NULL || strcmp(form->languages[language], code) == 0) return language;
  struct buf known = {0};
  for (int i = 0; i < form->language_count; i++) buf_printf(&known, i > 0 ? ", %s" : "%s", form->languages[i]);
  err_set(err, ERR_USAGE, "the questionnaire has no language %s, only %s", code, buf_text(&known));
  buf_free(&known);
  return -1;
}

static int run_eval(const struct cli_call *call) {
  int code;
  struct err err = {0};
  struct form *form = load_good(call->arguments[0], &code);
  if (form == NULL) return code;
  struct arena *arena = arena_new();
  struct response *response = NULL;
  int language = chosen_language(call, form, &err);
  if (language >= 0) response = read_answers(form, cli_value(call, "--answers"), arena, &err);
  if (response != NULL) {
    struct buf out = {0};
    state_dump_json(state_compute(response, arena), language, &out);
    buf_putc(&out, '\n');
    code = cli_print(&out);
    buf_free(&out);
  } else {
    code = cli_fail(&err);
  }
  arena_free(arena);
  form_free(form);
  return code;
}

static bool write_output(void *context, const void *bytes, size_t len, struct err *err) {
  return output_write(context, bytes, len, err);
}

/* answers NULL: blank. */
static bool print_pdf(const struct form *form, int language, const char *answers, const char *path, struct err *err) {
  struct arena *arena = arena_new();
  struct paper_particulars particulars = {.status = answers != NULL ? PAPER_FILLED : PAPER_BLANK};
  struct response *response = NULL;
  struct output *output = NULL;
  int manuscript = -1;
  bool ok = false;
  if (answers != NULL) response = read_answers(form, answers, arena, err);
  if (answers != NULL && response == NULL) goto out;
  const struct state *state = response != NULL ? state_compute(response, arena) : NULL;
  manuscript = questionnaire_manuscript(form, language, state, &particulars, err);
  if (manuscript < 0) goto out;
  output = output_open(path, err);
  ok = output != NULL && press_print(manuscript, write_output, output, err);
  if (ok) ok = output_finish(output, err);
  else output_drop(output);
out:
  if (manuscript >= 0) close(manuscript);
  arena_free(arena);
  return ok;
}

static int run_pdf(const struct cli_call *call) {
  int code;
  struct err err = {0};
  struct form *form = load_good(call->arguments[0], &code);
  if (form == NULL) return code;
  int language = chosen_language(call, form, &err);
  bool ok = language >= 0 && print_pdf(form, language, cli_value(call, "--answers"), cli_value(call, "--output"), &err);
  form_free(form);
  return ok ? 0 : cli_fail(&err);
}

static int run_dump(const struct cli_call *call) {
  int code;
  struct form *form = load_good(call->arguments[0], &code);
  if (form == NULL) return code;
  struct buf out = {0};
  form_dump_json(form, &out);
  buf_putc(&out, '\n');
  code = cli_print(&out);
  buf_free(&out);
  form_free(form);
  return code;
}

static int run_diff(const struct cli_call *call) {
  int old_code, new_code, code;
  struct form *old = load_good(call->arguments[0], &old_code);
  struct form *new = load_good(call->arguments[1], &new_code);
  if (old != NULL && new != NULL) {
    struct buf out = {0};
    size_t count = form_diff(old, new, call->json, &out);
    if (call->json) buf_putc(&out, '\n');
    else if (count == 0) buf_puts(&out, "no changes\n");
    code = cli_print(&out);
    buf_free(&out);
  } else {
    code = old_code > new_code ? old_code : new_code;
  }
  form_free(old);
  form_free(new);
  return code;
}

static bool write_workbook(int file, const char *path, struct err *err) {
  struct buf bytes = {0};
  bool done = false;
  struct output *output = output_open(path, err);
  bool ok = output != NULL;
  while (ok && !done) {
    buf_reset(&bytes);
    ok = xlsx_read(file, &bytes, &done, err) && output_write(output, buf_text(&bytes), bytes.len, err);
  }
  if (ok) ok = output_finish(output, err);
  else output_drop(output);
  buf_free(&bytes);
  return ok;
}

static int run_xlsx(const struct cli_call *call) {
  int code;
  struct err err = {0};
  struct form *form = load_good(call->arguments[0], &code);
  if (form == NULL) return code;
  int language = chosen_language(call, form, &err), file = -1;
  if (language >= 0) {
    struct form_xlsx spec = {.language = form->languages[language], .round = "", .institution = "", .deadline = "",
                             .help = "", .address = "", .made_ms = clock_now_ms()};
    file = form_xlsx_make(form, &spec, &err);
  }
  if (file >= 0) {
    write_workbook(file, cli_value(call, "--output"), &err);
    close(file);
  }
  form_free(form);
  return err.code == ERR_NONE ? 0 : cli_fail(&err);
}

static const struct cli_option xlsx_options[] = {
    {"--language", "CODE", "of the workbook (default: the questionnaire's first)", false},
    {"--output", "FILE", "where to (-: standard output)", true},
    {0},
};

static const struct cli_option eval_options[] = {
    {"--answers", "FILE", "the answers as JSON; - is stdin", true},
    {"--language", "CODE", "the language of the messages (default: the questionnaire's first)", false},
    {0},
};

static const struct cli_option pdf_options[] = {
    {"--output", "FILE", "the PDF; - is stdout", true},
    {"--answers", "FILE", "prints these answers, as JSON, in place of a blank form; - is stdin", false},
    {"--language", "CODE", "the language (default: the questionnaire's first)", false},
    {0},
};

const struct cli_command cli_form_commands[] = {
    {"form", "check", "FILE…", 1, -1, "Finds what is wrong in questionnaires.", NULL, run_check},
    {"form", "eval", "FILE", 1, 1, "Prints what a response with the given answers looks like, as JSON.", eval_options,
     run_eval},
    {"form", "dump", "FILE", 1, 1, "Prints the compiled questionnaire as JSON.", NULL, run_dump},
    {"form", "diff", "OLD NEW", 2, 2, "Says what changed and what that does to answers that exist.", NULL, run_diff},
    {"form", "pdf", "FILE", 1, 1, "Prints a questionnaire as a PDF, blank or with answers.", pdf_options, run_pdf},
    {"form", "xlsx", "FILE", 1, 1, "Writes a blank workbook to collect answers in.", xlsx_options, run_xlsx},
    {0},
};
