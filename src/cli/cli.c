#include "cli/cli.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/secret.h"
#include "form/suggest.h"

#define VERSION "1.0"
#define DATA_DEFAULT "var"

static const struct cli_command *const tables[] = {
    cli_form_commands,         cli_preview_commands, cli_round_commands,  cli_correct_commands, cli_person_commands,
    cli_institutions_commands, cli_serve_commands,   cli_export_commands, cli_mail_commands,    cli_answers_commands,
    cli_query_commands,        cli_audit_commands,   cli_typeset_commands};
#define TABLE_COUNT (sizeof tables / sizeof *tables)

static const struct cli_option common_options[] = {
    {"--data", "DIR", "the folder of the data (default " DATA_DEFAULT ")", false},
    {"--json", NULL, "print for programs, where the command can", false},
    {"--help", NULL, "print this", false},
    {0},
};

const char *cli_value(const struct cli_call *call, const char *name) {
  const struct cli_option *options = call->command->options;
  for (int i = 0; options != NULL && options[i].name != NULL; i++) {
    if (strcmp(options[i].name, name) == 0) return call->values[i];
  }
  return NULL;
}

bool cli_read_port(const struct cli_call *call, int usual, int *port, struct err *err) {
  const char *text = cli_value(call, "--port");
  char *end;
  *port = usual;
  if (text == NULL) return true;
  errno = 0;
  long number = strtol(text, &end, 10);
  if (errno != 0 || end == text || *end != '\0' || number < 0 || number > 65535)
    return err_set(err, ERR_USAGE, "--port %s: expected a number from 0 to 65535", text);
  *port = (int)number;
  return true;
}

bool cli_check_language(const struct form *form, const char *language, struct err *err) {
  struct buf known = {0};
  for (int i = 0; i < form->language_count; i++) {
    if (language == NULL || strcmp(form->languages[i], language) == 0) {
      buf_free(&known);
      return true;
    }
    buf_printf(&known, "%s%s", i > 0 ? ", " : "", form->languages[i]);
  }
  err_set(err, ERR_NOT_FOUND, "questionnaire %s has no texts in the language '%s'; it has %s", form->id, language,
          buf_text(&known));
  buf_free(&known);
  return false;
}

int cli_fail(const struct err *err) {
  fputs(*err->where != '\0' ? err->where : "anketa", stderr);
  if (err->line > 0) fprintf(stderr, ":%d:%d", err->line, err->column);
  fprintf(stderr, ": error: %s\n", err->text);
  return err_exit_code(err);
}

int cli_print(const struct buf *out) {
  size_t written = fwrite(buf_text(out), 1, out->len, stdout);
  if (written == out->len && fflush(stdout) == 0) return 0;
  struct err err = {0};
  err_set(&err, errno == ENOSPC ? ERR_FULL : ERR_SYSTEM, "could not write the output: %s", strerror(errno));
  return cli_fail(&err);
}

static void print_option(FILE *to, const struct cli_option *option) {
  char left[40];
  snprintf(left, sizeof left, "%s%s%s", option->name, option->value != NULL ? " " : "",
           option->value != NULL ? option->value : "");
  fprintf(to, "  %-22s %s%s\n", left, option->help, option->required ? " (required)" : "");
}

static void print_usage(FILE *to, const struct cli_command *command) {
  fprintf(to, "usage: anketa %s%s%s", command->noun, command->verb != NULL ? " " : "",
          command->verb != NULL ? command->verb : "");
  if (command->arguments != NULL && *command->arguments != '\0') fprintf(to, " %s", command->arguments);
  for (const struct cli_option *option = command->options; option != NULL && option->name != NULL; option++) {
    fprintf(to, option->required ? " %s" : " [%s", option->name);
    if (option->value != NULL) fprintf(to, " %s", option->value);
    if (!option->required) fputc(']', to);
  }
  fputc('\n', to);
}

static void print_command_help(FILE *to, const struct cli_command *command) {
  print_usage(to, command);
  fprintf(to, "\n%s\n\n", command->help);
  for (const struct cli_option *option = command->options; option != NULL && option->name != NULL; option++) {
    print_option(to, option);
  }
  for (const struct cli_option *option = common_options; option->name != NULL; option++) print_option(to, option);
}

/* One line per command; of one noun, or of all when noun is NULL. */
static void print_commands(FILE *to, const char *noun) {
  for (size_t i = 0; i < TABLE_COUNT; i++) {
    for (const struct cli_command *command = tables[i]; command->noun != NULL; command++) {
      if (noun != NULL && strcmp(noun, command->noun) != 0) continue;
      char name[64];
      snprintf(name, sizeof name, "%s %s", command->noun, command->verb != NULL ? command->verb : "");
      fprintf(to, "  %-22s %s\n", name, command->help);
    }
  }
}

/* The command that the words name; *used says how many of them. */
static const struct cli_command *find_command(const char *noun, const char *verb, int *used) {
  for (size_t i = 0; i < TABLE_COUNT; i++) {
    for (const struct cli_command *command = tables[i]; command->noun != NULL; command++) {
      if (strcmp(command->noun, noun) != 0) continue;
      if (command->verb != NULL && (verb == NULL || strcmp(command->verb, verb) != 0)) continue;
      *used = command->verb != NULL ? 2 : 1;
      return command;
    }
  }
  return NULL;
}

static void print_help(FILE *to, const char *noun) {
  int used;
  const struct cli_command *alone = noun != NULL ? find_command(noun, NULL, &used) : NULL;
  if (alone != NULL) {
    print_command_help(to, alone);
    return;
  }
  if (noun != NULL) fprintf(to, "usage: anketa %s VERB [options] [arguments]\n\n", noun);
  else fputs("usage: anketa NOUN VERB [options] [arguments]\n\n", to);
  print_commands(to, noun);
  fputs("\n`anketa NOUN VERB --help` says more.\n"
        "Exit: 0 good, 1 the input is bad, 2 wrong use, 3 the system failed.\n", to);
}

static bool is_noun(const char *word) {
  for (size_t i = 0; i < TABLE_COUNT; i++) {
    for (const struct cli_command *command = tables[i]; command->noun != NULL; command++) {
      if (strcmp(command->noun, word) == 0) return true;
    }
  }
  return false;
}

/* "unknown THING WORD", with the nearest known one. */
static int refuse_word(const char *thing, const char *word, const struct suggest *suggest) {
  fprintf(stderr, "anketa: error: unknown %s %s", thing, word);
  if (suggest->nearest != NULL) fprintf(stderr, "; did you mean %s?", suggest->nearest);
  fputc('\n', stderr);
  return 2;
}

static int refuse_command(const char *noun, const char *verb) {
  struct suggest suggest;
  bool known = is_noun(noun);
  if (known && verb == NULL) {
    fprintf(stderr, "anketa: error: %s needs a verb\n", noun);
    print_help(stderr, noun);
    return 2;
  }
  suggest_start(&suggest, known ? verb : noun);
  for (size_t i = 0; i < TABLE_COUNT; i++) {
    for (const struct cli_command *command = tables[i]; command->noun != NULL; command++) {
      if (!known) suggest_offer(&suggest, command->noun);
      else if (strcmp(command->noun, noun) == 0 && command->verb != NULL) suggest_offer(&suggest, command->verb);
    }
  }
  refuse_word(known ? "verb" : "noun", known ? verb : noun, &suggest);
  print_help(stderr, known ? noun : NULL);
  return 2;
}

static int find_option(const struct cli_option *options, const char *name, size_t len) {
  for (int i = 0; options != NULL && options[i].name != NULL; i++) {
    if (strlen(options[i].name) == len && memcmp(options[i].name, name, len) == 0) return i;
  }
  return -1;
}

static int refuse_option(const struct cli_command *command, const char *name, size_t len) {
  struct suggest suggest;
  char word[64];
  snprintf(word, sizeof word, "%.*s", (int)len, name);
  suggest_start(&suggest, word);
  for (const struct cli_option *option = command->options; option != NULL && option->name != NULL; option++) {
    suggest_offer(&suggest, option->name);
  }
  for (const struct cli_option *option = common_options; option->name != NULL; option++) {
    suggest_offer(&suggest, option->name);
  }
  refuse_word("option", word, &suggest);
  print_usage(stderr, command);
  return 2;
}

static int refuse_use(const struct cli_command *command, const char *what, const char *name) {
  fprintf(stderr, "anketa: error: %s%s%s\n", what, name != NULL ? " " : "", name != NULL ? name : "");
  print_usage(stderr, command);
  return 2;
}

struct parser {
  struct cli_call call;
  const char **values;
  char **words; /* what is left to read */
  int count, at;
  bool help;
};

/* Takes the option at parser->at and its value. Returns 0 or the exit code. */
static int take_option(struct parser *parser) {
  const struct cli_command *command = parser->call.command;
  const char *word = parser->words[parser->at++];
  const char *equals = strchr(word, '=');
  size_t len = equals != NULL ? (size_t)(equals - word) : strlen(word);
  int own = find_option(command->options, word, len), common = find_option(common_options, word, len);
  if (strcmp(word, "-h") == 0) common = find_option(common_options, "--help", strlen("--help"));
  if (own < 0 && common < 0) return refuse_option(command, word, len);
  const struct cli_option *option = own >= 0 ? &command->options[own] : &common_options[common];
  const char *value = "";
  if (option->value != NULL) {
    if (equals != NULL) value = equals + 1;
    else if (parser->at < parser->count) value = parser->words[parser->at++];
    else return refuse_use(command, "a value is missing behind", option->name);
    if (*value == '\0') return refuse_use(command, "an empty value behind", option->name);
  } else if (equals != NULL) {
    return refuse_use(command, "no value may stand behind", option->name);
  }
  if (own >= 0 && parser->values[own] != NULL) return refuse_use(command, "given twice:", option->name);
  if (own >= 0) parser->values[own] = value;
  else if (strcmp(option->name, "--data") == 0) parser->call.data = value;
  if (strcmp(option->name, "--json") == 0) parser->call.json = true;
  if (strcmp(option->name, "--help") == 0) parser->help = true;
  return 0;
}

static int take_words(struct parser *parser) {
  bool only_arguments = false;
  while (parser->at < parser->count) {
    char *word = parser->words[parser->at];
    if (!only_arguments && strcmp(word, "--") == 0) {
      only_arguments = true;
      parser->at++;
    } else if (!only_arguments && word[0] == '-' && word[1] != '\0') {
      int code = take_option(parser);
      if (code != 0) return code;
    } else {
      parser->call.arguments[parser->call.argument_count++] = word;
      parser->at++;
    }
  }
  return 0;
}

static int check_call(const struct parser *parser) {
  const struct cli_command *command = parser->call.command;
  int count = parser->call.argument_count;
  for (int i = 0; command->options != NULL && command->options[i].name != NULL; i++) {
    const struct cli_option *option = &command->options[i];
    if (option->required && parser->values[i] == NULL) return refuse_use(command, "missing:", option->name);
  }
  if (count < command->argument_min) return refuse_use(command, "too few arguments", NULL);
  if (command->argument_max >= 0 && count > command->argument_max) {
    return refuse_use(command, "too many arguments, from", parser->call.arguments[command->argument_max]);
  }
  return 0;
}

static int run_command(const struct cli_command *command, int count, char **words) {
  int option_count = 0;
  while (command->options != NULL && command->options[option_count].name != NULL) option_count++;
  struct parser parser = {.words = words, .count = count};
  parser.values = calloc((size_t)option_count + 1, sizeof *parser.values);
  char **arguments = calloc((size_t)count + 1, sizeof *arguments);
  if (parser.values == NULL || arguments == NULL) log_out_of_memory();
  parser.call = (struct cli_call){.command = command, .data = DATA_DEFAULT, .values = parser.values,
                                  .arguments = arguments};
  int code = take_words(&parser);
  if (code == 0 && parser.help) print_command_help(stdout, command);
  else if (code == 0) code = check_call(&parser);
  if (code == 0 && !parser.help) code = command->run(&parser.call);
  free(parser.values);
  free(arguments);
  return code;
}

static bool is_help(const char *word) {
  return word != NULL && (strcmp(word, "help") == 0 || strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0);
}

int cli_run(int argc, char **argv) {
  struct err err = {0};
  const char *noun = argc > 1 ? argv[1] : NULL, *verb = argc > 2 ? argv[2] : NULL;
  int used;
  if (!secret_start()) {
    err_set(&err, ERR_SYSTEM, "this machine gives no randomness");
    return cli_fail(&err);
  }
  if (noun == NULL) {
    print_help(stderr, NULL);
    return 2;
  }
  if (strcmp(noun, "--version") == 0) {
    puts("anketa " VERSION);
    return 0;
  }
  if (is_help(noun) && (verb == NULL || is_noun(verb))) {
    print_help(stdout, verb);
    return 0;
  }
  if (is_noun(noun) && is_help(verb)) {
    const struct cli_command *alone = find_command(noun, NULL, &used);
    if (alone != NULL) print_command_help(stdout, alone);
    else print_help(stdout, noun);
    return 0;
  }
  const struct cli_command *command = find_command(noun, verb, &used);
  if (command == NULL) return refuse_command(noun, verb);
  return run_command(command, argc - 1 - used, argv + 1 + used);
}
