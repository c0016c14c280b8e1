/* `anketa person` and `anketa link`: who takes part, and the links they sign in with. */
#include <string.h>

#include "base/json.h"
#include "cli/cli.h"
#include "store/person.h"
#include "store/writer.h"
#include "survey/credential.h"
#include "survey/field.h"
#include "survey/people.h"
#include "survey/signin.h"

#define BASE_DEFAULT "http://127.0.0.1:8080"

static const char *const role_names[] = {
    [ROLE_CONTACT] = "contact",
    [ROLE_COORDINATOR] = "coordinator",
    [ROLE_RESEARCHER] = "researcher",
    [ROLE_EXPERT] = "expert",
    [ROLE_ADMINISTRATOR] = "administrator",
};

static bool parse_role(const char *name, enum role *out, struct err *err) {
  for (size_t i = 0; i < ROLE_COUNT; i++) {
    if (strcmp(name, role_names[i]) != 0) continue;
    *out = (enum role)i;
    return true;
  }
  return err_set(err, ERR_USAGE, "--role takes contact, coordinator, researcher, expert or administrator, not '%s'",
                 name);
}

/* Runs one change in the data folder; the exit code. */
static int write_change(const struct cli_call *call, bool (*run)(struct db *, struct writer_job *, struct err *),
                        void *context) {
  struct err err = {0};
  struct writer_job job = {.run = run, .context = context};
  struct writer *writer = writer_new(call->data, &err);
  if (writer != NULL) writer_run(writer, &job, &err);
  writer_free(writer);
  return err.code == ERR_NONE ? 0 : cli_fail(&err);
}

static bool put(struct db *db, struct writer_job *job, struct err *err) {
  return field_put_person(db, job->context, err);
}

static int run_add(const struct cli_call *call) {
  struct err err = {0};
  struct field_person person = {
      .email = call->arguments[0],
      .name = cli_value(call, "--name"),
      .phone = cli_value(call, "--phone"),
      .language = cli_value(call, "--language"),
      .institution = cli_value(call, "--institution"),
      .responsible = cli_value(call, "--responsible") != NULL,
  };
  if (!parse_role(cli_value(call, "--role"), &person.role, &err)) return cli_fail(&err);
  return write_change(call, put, &person);
}

/* Whom a command is about: an address, and the institution where several people have it. */
struct whom {
  const char *email, *institution;
  char token[SECRET_TOKEN_LEN + 1]; /* of a new link */
};

static struct whom read_whom(const struct cli_call *call) {
  return (struct whom){.email = call->arguments[0], .institution = cli_value(call, "--institution")};
}

static bool take_out(struct db *db, struct writer_job *job, struct err *err) {
  const struct whom *whom = job->context;
  int64_t person = signin_find_person(db, whom->email, whom->institution, err);
  return person != 0 && people_take_out(db, 0, person, err);
}

static int run_remove(const struct cli_call *call) {
  struct whom whom = read_whom(call);
  return write_change(call, take_out, &whom);
}

static bool reset(struct db *db, struct writer_job *job, struct err *err) {
  return credential_reset_address(db, job->context, err);
}

static int run_reset(const struct cli_call *call) { return write_change(call, reset, call->arguments[0]); }

static void put_person(const struct person *person, bool json, bool first, struct buf *out) {
  const char *role = (size_t)person->role < ROLE_COUNT ? role_names[person->role] : "";
  if (!json) {
    buf_printf(out, "%s\t%s\t%s\t%s%s\n", person->email, role, person->name, person->institution_name,
               person->removed ? "\tremoved" : "");
    return;
  }
  buf_puts(out, first ? "\n{\"email\":" : ",\n{\"email\":");
  buf_json_string(out, person->email);
  buf_puts(out, ",\"name\":");
  buf_json_string(out, person->name);
  buf_puts(out, ",\"role\":");
  buf_json_string(out, role);
  buf_puts(out, ",\"institution\":");
  buf_json_string(out, person->institution_name);
  buf_puts(out, ",\"phone\":");
  buf_json_string(out, person->phone);
  buf_puts(out, ",\"language\":");
  buf_json_string(out, person->language);
  buf_puts(out, person->removed ? ",\"removed\":true}" : ",\"removed\":false}");
}

static int run_list(const struct cli_call *call) {
  struct err err = {0};
  struct buf out = {0};
  struct person person;
  bool first = true;
  struct db *db = db_open(call->data, DB_READ, &err);
  struct stmt *stmt = db != NULL ? person_list(db) : NULL;
  if (call->json) buf_putc(&out, '[');
  while (stmt != NULL && person_next(stmt, &person, &err)) {
    put_person(&person, call->json, first, &out);
    first = false;
  }
  if (call->json) buf_puts(&out, "]\n");
  int code = err.code == ERR_NONE ? cli_print(&out) : cli_fail(&err);
  stmt_end(stmt);
  db_close(db);
  buf_free(&out);
  return code;
}

static bool make_link(struct db *db, struct writer_job *job, struct err *err) {
  struct whom *whom = job->context;
  int64_t person = signin_find_person(db, whom->email, whom->institution, err);
  return person != 0 && signin_new_link_of(db, person, whom->token, err);
}

static int run_link_new(const struct cli_call *call) {
  struct whom made = read_whom(call);
  int code = write_change(call, make_link, &made);
  if (code != 0) return code;
  const char *base = cli_value(call, "--base");
  if (base == NULL) base = BASE_DEFAULT;
  size_t len = strlen(base);
  while (len > 0 && base[len - 1] == '/') len--;
  struct buf out = {0};
  buf_printf(&out, "%.*s/e/%s\n", (int)len, base, made.token);
  code = cli_print(&out);
  buf_free(&out);
  return code;
}

static bool revoke(struct db *db, struct writer_job *job, struct err *err) {
  const struct whom *whom = job->context;
  int64_t person = signin_find_person(db, whom->email, whom->institution, err);
  return person != 0 && signin_revoke(db, 0, person, err);
}

static int run_link_revoke(const struct cli_call *call) {
  struct whom whom = read_whom(call);
  return write_change(call, revoke, &whom);
}

static const struct cli_option add_options[] = {
    {"--name", "NAME", "first name and surname", true},
    {"--role", "ROLE", "contact, coordinator, researcher, expert or administrator", true},
    {"--institution", "TEXT", "a contact's: registration number, abbreviation or name", false},
    {"--phone", "NUMBER", "telephone", false},
    {"--language", "CODE", "lv, en or ru (default lv)", false},
    {"--responsible", NULL, "the contact answers for the institution's responses of the latest round", false},
    {NULL, NULL, NULL, false},
};

static const struct cli_option whom_options[] = {
    {"--institution", "TEXT", "whose contact, when several institutions have this address", false},
    {NULL, NULL, NULL, false},
};

static const struct cli_option link_options[] = {
    {"--institution", "TEXT", "whose contact, when several institutions have this address", false},
    {"--base", "URL", "where the server is (default " BASE_DEFAULT ")", false},
    {NULL, NULL, NULL, false},
};

const struct cli_command cli_person_commands[] = {
    {"person", "add", "EMAIL", 1, 1, "Adds a person, or changes the one with this address.", add_options, run_add},
    {"person", "remove", "EMAIL", 1, 1, "Removes a person: links and sessions are void, what the person did stays.", whom_options,
     run_remove},
    {"person", "reset", "EMAIL", 1, 1, "Makes password, second factor, links and sessions of a member of staff void.", NULL,
     run_reset},
    {"person", "list", "", 0, 0, "Lists everybody.", NULL, run_list},
    {"link", "new", "EMAIL", 1, 1, "Makes a personal link and prints it; earlier ones stay good.", link_options,
     run_link_new},
    {"link", "revoke", "EMAIL", 1, 1, "Makes all of a person's links void and ends their sessions.", whom_options,
     run_link_revoke},
    {NULL, NULL, NULL, 0, 0, NULL, NULL, NULL},
};
