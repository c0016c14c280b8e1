/* The command line: `anketa NOUN VERB [options] [arguments]`. One file per noun; each lists its commands in a table. */
#ifndef ANKETA_CLI_CLI_H
#define ANKETA_CLI_CLI_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "form/form.h"

/* An option a command knows. */
struct cli_option {
  const char *name;  /* "--answers" */
  const char *value; /* what its value is called in the help ("FILE"); NULL: a flag */
  const char *help;
  bool required;
};

struct cli_call {
  const struct cli_command *command;
  const char *data;          /* --data DIR, default "var" */
  bool json;                 /* --json */
  const char *const *values; /* by option index: its value, "" for a set flag, NULL when absent */
  char **arguments;          /* the rest */
  int argument_count;
};

struct cli_command {
  const char *noun, *verb;  /* verb NULL for commands of one word: serve, export */
  const char *arguments;    /* for the help: "FILE…" */
  int argument_min, argument_max; /* -1: any number */
  const char *help;         /* one sentence */
  const struct cli_option *options; /* ends with a NULL name */
  int (*run)(const struct cli_call *call); /* the exit code: 0, 1, 2, 3 */
};

/* The value of an option by name, NULL when absent. */
const char *cli_value(const struct cli_call *call, const char *name);

/* The port that --port names, or the usual one; 0 asks for a free one. */
bool cli_read_port(const struct cli_call *call, int usual, int *port, struct err *err);

/* Does the questionnaire have texts in the language? NULL: always. */
bool cli_check_language(const struct form *form, const char *language, struct err *err);

/* Prints `where:line:column: error: text` on stderr (as far as there is a place; without any, `anketa: error: text`)
 * and returns the exit code for it. */
int cli_fail(const struct err *err);

/* Writes out to stdout. Returns the exit code: 0, or 3 with a message when it could not all be written. */
int cli_print(const struct buf *out);

/* The whole program behind main(): finds the command, reads its options, runs it. Returns the exit code. */
int cli_run(int argc, char **argv);

/* One table per noun, each ending with a NULL noun. */
extern const struct cli_command cli_form_commands[];
extern const struct cli_command cli_preview_commands[];
extern const struct cli_command cli_round_commands[];
extern const struct cli_command cli_correct_commands[]; /* of the noun round */
extern const struct cli_command cli_person_commands[];
extern const struct cli_command cli_serve_commands[];
extern const struct cli_command cli_export_commands[];
extern const struct cli_command cli_mail_commands[];
extern const struct cli_command cli_answers_commands[];
extern const struct cli_command cli_institutions_commands[];
extern const struct cli_command cli_query_commands[];
extern const struct cli_command cli_typeset_commands[];
extern const struct cli_command cli_audit_commands[];

#endif
