#include "mail/settings.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/log.h"
#include "base/utf8.h"
#include "mail/compose.h"

#define FILE_LEN_MAX 65536
#define TIMEOUT_USUAL_S 60
#define TIMEOUT_MAX_S 600

enum key { SERVER, SECURITY, USER, PASSWORD, FROM, FROM_NAME, CA, TIMEOUT, KEY_COUNT };
static const char *const key_names[KEY_COUNT] = {"server", "security", "user", "password", "from", "from_name", "ca",
                                                 "timeout"};

struct reader {
  const char *path;
  struct arena *arena;
  struct mail_settings *out;
  const char *values[KEY_COUNT]; /* NULL: not there */
  int lines[KEY_COUNT], columns[KEY_COUNT];
  bool good;
  struct err *err;
};

static void complain(struct reader *reader, int line, int column, const char *text) {
  if (!reader->good) log_error("%s:%d:%d: %s", reader->path, line, column, text);
  reader->good = false;
  err_set_at(reader->err, ERR_INPUT, reader->path, line, column, "%s", text);
}

static void complain_of(struct reader *reader, enum key key, const char *text) {
  complain(reader, reader->lines[key], reader->columns[key], text);
}

static int find_key(const char *name) {
  for (int i = 0; i < KEY_COUNT; i++) {
    if (strcmp(name, key_names[i]) == 0) return i;
  }
  return -1;
}

static size_t trimmed(const char *text, size_t len) {
  while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == '\t' || text[len - 1] == '\r')) len--;
  return len;
}

static void read_line(struct reader *reader, const char *line, size_t len, int number) {
  size_t start = strspn(line, " \t");
  len = trimmed(line, len);
  if (len <= start || line[start] == '#') return;
  const char *equals = memchr(line, '=', len);
  if (equals == NULL) {
    complain(reader, number, (int)start + 1, "expected `key = value`");
    return;
  }
  const char *name = arena_copy_len(reader->arena, line + start, trimmed(line + start, (size_t)(equals - line) - start));
  int key = find_key(name);
  if (key < 0) {
    complain(reader, number, (int)start + 1,
             arena_printf(reader->arena, "unknown setting \"%s\"; there are server, security, user, password, from, "
                                         "from_name, ca, timeout", name));
    return;
  }
  if (reader->values[key] != NULL) {
    complain(reader, number, (int)start + 1, arena_printf(reader->arena, "\"%s\" is set twice", name));
    return;
  }
  size_t at = (size_t)(equals - line) + 1;
  while (at < len && (line[at] == ' ' || line[at] == '\t')) at++;
  reader->values[key] = arena_copy_len(reader->arena, line + at, len - at);
  reader->lines[key] = number;
  reader->columns[key] = (int)at + 1;
  if (at == len) complain_of(reader, (enum key)key, arena_printf(reader->arena, "\"%s\" has no value", name));
}

static void read_lines(struct reader *reader, const char *text) {
  for (int number = 1; *text != '\0'; number++) {
    size_t len = strcspn(text, "\n");
    read_line(reader, text, len, number);
    text += len + (text[len] == '\n');
  }
}

static bool is_loopback(const char *host, size_t len) {
  static const char *const names[] = {"localhost", "127.0.0.1", "[::1]"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if (strlen(names[i]) == len && strncasecmp(host, names[i], len) == 0) return true;
  }
  return false;
}

/* "" is fine too: the usual port. */
static bool is_port(const char *text) {
  if (*text == '\0') return true;
  char *end;
  long port = strtol(text + 1, &end, 10);
  return *text == ':' && text[1] >= '0' && text[1] <= '9' && *end == '\0' && port >= 1 && port <= 65535;
}

static void check_server(struct reader *reader) {
  const char *server = reader->values[SERVER], *security = reader->values[SECURITY];
  if (server == NULL) {
    complain(reader, 1, 1, "\"server\" is missing, like smtps://mail.example.org:465");
    return;
  }
  bool tls = strncmp(server, "smtps://", strlen("smtps://")) == 0;
  const char *host = server + strlen(tls ? "smtps://" : "smtp://");
  if (!tls && strncmp(server, "smtp://", strlen("smtp://")) != 0) {
    complain_of(reader, SERVER, "expected smtp://HOST:PORT or smtps://HOST:PORT");
    return;
  }
  size_t len = *host == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":");
  size_t legal = strspn(host, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_[]:");
  if (len == 0 || len > strlen(host) || legal != strlen(host) || !is_port(host + len)) {
    complain_of(reader, SERVER, "expected a host name, and a port from 1 to 65535 behind a colon");
    return;
  }
  if (host[len] == '\0') server = arena_printf(reader->arena, "%s:%s", server, tls ? "465" : "587");
  reader->out->server = server;
  reader->out->security = tls ? MAIL_TLS : MAIL_STARTTLS;
  if (security == NULL) return;
  bool fits = tls ? strcmp(security, "tls") == 0 : strcmp(security, "starttls") == 0 || strcmp(security, "none") == 0;
  if (!fits) complain_of(reader, SECURITY, tls ? "smtps:// goes with tls alone" : "smtp:// goes with starttls or none");
  else if (strcmp(security, "none") == 0) reader->out->security = MAIL_PLAIN;
  if (fits && reader->out->security == MAIL_PLAIN && reader->values[PASSWORD] != NULL && !is_loopback(host, len))
    complain_of(reader, SECURITY, "the password would travel unencrypted to another machine; use starttls or tls");
}

static void check_sender(struct reader *reader, mode_t mode) {
  struct mail_settings *out = reader->out;
  const char *const *values = reader->values;
  if (values[FROM] == NULL) complain(reader, 1, 1, "\"from\" is missing, the address that mail comes from");
  else if (!compose_is_address(values[FROM])) complain_of(reader, FROM, "expected an address like anketa@example.org");
  if (values[USER] != NULL && values[PASSWORD] == NULL) complain_of(reader, USER, "\"password\" is missing for this user");
  if (values[PASSWORD] != NULL && values[USER] == NULL)
    complain_of(reader, PASSWORD, "\"user\" is missing for this password");
  if (values[PASSWORD] != NULL && (mode & S_IRWXO) != 0)
    complain_of(reader, PASSWORD, "everybody on this machine may read this password; `chmod 600` the file");
  if (values[FROM] != NULL) out->from = values[FROM];
  if (values[FROM_NAME] != NULL) out->from_name = values[FROM_NAME];
  if (values[USER] != NULL) out->user = values[USER];
  if (values[PASSWORD] != NULL) out->password = values[PASSWORD];
}

static void check_rest(struct reader *reader) {
  const char *ca = reader->values[CA], *timeout = reader->values[TIMEOUT];
  if (ca != NULL) {
    char *folder = file_folder(reader->path), *path = file_join(folder, ca);
    reader->out->ca = arena_copy(reader->arena, path);
    if (file_modified_ns(path) == 0) complain_of(reader, CA, "there is no such file");
    free(folder);
    free(path);
  }
  if (timeout != NULL) {
    char *end;
    long seconds = strtol(timeout, &end, 10);
    if (*end != '\0' || seconds < 1 || seconds > TIMEOUT_MAX_S)
      complain_of(reader, TIMEOUT, "expected seconds from 1 to 600");
    else reader->out->timeout_s = (int)seconds;
  }
}

static bool read_settings(struct reader *reader, struct err *err) {
  struct buf text = {0};
  struct stat info;
  size_t bad;
  bool ok = file_read(reader->path, FILE_LEN_MAX, &text, err);
  if (ok && stat(reader->path, &info) != 0) ok = err_set(err, ERR_SYSTEM, "cannot look at %s", reader->path);
  if (ok && !utf8_check(buf_text(&text), text.len, &bad))
    ok = err_set_at(err, ERR_INPUT, reader->path, 1, 1, "byte %zu is not UTF-8", bad + 1);
  if (ok) {
    read_lines(reader, buf_text(&text));
    check_server(reader);
    check_sender(reader, info.st_mode);
    check_rest(reader);
    ok = reader->good;
  }
  buf_free(&text);
  return ok;
}

bool settings_load(const char *folder, const char *path, struct arena *arena, struct mail_settings *out,
                   struct err *err) {
  char *usual = file_join(folder, "mail.conf");
  *out = (struct mail_settings){.user = "", .password = "", .from = "anketa@localhost", .from_name = "anketa", .ca = "",
                                .timeout_s = TIMEOUT_USUAL_S};
  bool wanted = path != NULL || file_modified_ns(usual) != 0;
  struct reader reader = {.path = arena_copy(arena, path != NULL ? path : usual), .arena = arena, .out = out,
                          .good = true, .err = err};
  free(usual);
  return !wanted || read_settings(&reader, err);
}
