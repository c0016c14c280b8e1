#include "survey/round_file.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "form/findings.h"
#include "form/form.h"
#include "form/yaml.h"
#include "survey/institutions_file.h"

#define QUESTIONNAIRES_MAX 100
#define ID_LEN_MAX 64
#define IDLE_MINUTES 5
#define IDLE_MINUTES_MAX 60

struct reader {
  const char *folder;
  struct arena *arena;
  struct findings *findings;
  struct round_file *file;
};

static void complain(struct reader *reader, const struct yaml_node *node, const char *text) {
  findings_add(reader->findings, node->line, node->column, node->len > 0 ? (int)node->len : 1, NULL, "%s", text);
}

static bool is_id(const char *text) {
  static const char good[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
  size_t len = strlen(text);
  return len > 0 && len <= ID_LEN_MAX && strspn(text, good) == len && text[0] != '.';
}

/* The scalar at a key; NULL when it is absent (complains when it is required) or something else. */
static const struct yaml_node *get_scalar(struct reader *reader, const struct yaml_node *mapping, const char *key,
                                          bool required) {
  const struct yaml_node *node = yaml_get(mapping, key);
  if (node == NULL && required) {
    findings_add(reader->findings, mapping->line, mapping->column, 1, NULL, "\"%s\" is missing", key);
  }
  if (node != NULL && node->kind == YAML_SCALAR && node->len > 0) return node;
  if (node != NULL) findings_add(reader->findings, node->line, node->column, 1, NULL, "\"%s\" must be a text", key);
  return NULL;
}

static const char *get_text(struct reader *reader, const struct yaml_node *mapping, const char *key) {
  const struct yaml_node *node = mapping != NULL ? get_scalar(reader, mapping, key, false) : NULL;
  return node != NULL ? node->text : "";
}

static void check_keys(struct reader *reader, const struct yaml_node *mapping, const char *const *known) {
  for (int i = 0; i < mapping->count; i++) {
    const struct yaml_node *key = mapping->pairs[i].key;
    int k = 0;
    while (known[k] != NULL && strcmp(known[k], key->text) != 0) k++;
    if (known[k] == NULL) {
      findings_add(reader->findings, key->line, key->column, (int)key->len, NULL, "unknown key \"%s\"", key->text);
    }
  }
}

static bool check_kind(struct reader *reader, const struct yaml_node *node, enum yaml_kind kind, const char *text) {
  if (node->kind == kind) return true;
  complain(reader, node, text);
  return false;
}

static void read_languages(struct reader *reader, const struct yaml_node *node, struct round_text *out) {
  if (!check_kind(reader, node, YAML_MAPPING, "expected a text for each language: {lv: …, en: …, ru: …}")) return;
  for (int i = 0; i < node->count && out->count < ROUND_LANGUAGES_MAX; i++) {
    const struct yaml_node *value = node->pairs[i].value;
    if (!check_kind(reader, value, YAML_SCALAR, "expected a text")) continue;
    out->languages[out->count] = node->pairs[i].key->text;
    out->texts[out->count++] = value->text;
  }
}

static void read_date(struct reader *reader, const struct yaml_node *root, const char *key, const char *given,
                      const char **out, int *days) {
  if (given != NULL) {
    *out = given;
    if (clock_parse_date(given, strlen(given), days)) return;
    findings_add(reader->findings, 1, 1, 1, NULL, "\"%s\" is given as \"%s\", which is not a date like 2026-12-20", key,
                 given);
    return;
  }
  const struct yaml_node *node = get_scalar(reader, root, key, true);
  if (node == NULL) return;
  *out = node->text;
  if (!clock_parse_date(node->text, node->len, days)) complain(reader, node, "expected a date like 2026-12-20");
}

static bool parse_filler(const char *text, enum round_filler *out) {
  static const char *const names[] = {"contact", "expert", "automatic"};
  for (int i = 0; i < 3; i++) {
    if (strcmp(text, names[i]) != 0) continue;
    *out = (enum round_filler)i;
    return true;
  }
  return false;
}

static void read_questionnaires(struct reader *reader, const struct yaml_node *root) {
  static const char *const known[] = {"file", "by", NULL};
  const struct yaml_node *list = yaml_get(root, "questionnaires");
  if (list == NULL || list->kind != YAML_SEQUENCE || list->count == 0 || list->count > QUESTIONNAIRES_MAX) {
    complain(reader, list != NULL ? list : root, "\"questionnaires\" must be a list of {file: …, by: …}");
    return;
  }
  struct round_file_questionnaire *out = arena_array(reader->arena, (size_t)list->count, sizeof *out);
  for (int i = 0; i < list->count; i++) {
    const struct yaml_node *item = list->items[i];
    if (!check_kind(reader, item, YAML_MAPPING, "expected {file: …, by: …}")) continue;
    check_keys(reader, item, known);
    const struct yaml_node *file = get_scalar(reader, item, "file", true);
    const struct yaml_node *by = get_scalar(reader, item, "by", true);
    out[i].line = item->line;
    if (by != NULL && !parse_filler(by->text, &out[i].filled_by)) {
      complain(reader, by, "filled by whom? expected contact, expert or automatic");
    }
    if (file == NULL) continue;
    char *path = file_join(reader->folder, file->text);
    out[i].path = arena_copy(reader->arena, path);
    free(path);
  }
  reader->file->questionnaires = out;
  reader->file->questionnaire_count = list->count;
}

static void read_segments(struct reader *reader, const struct yaml_node *root) {
  const struct yaml_node *map = yaml_get(root, "segments");
  if (map == NULL || !check_kind(reader, map, YAML_MAPPING, "expected segments by id, each with its titles")) return;
  struct round_file_segment *out = arena_array(reader->arena, (size_t)map->count, sizeof *out);
  for (int i = 0; i < map->count; i++) {
    out[i].id = map->pairs[i].key->text;
    if (!is_id(out[i].id)) complain(reader, map->pairs[i].key, "an id has letters, digits, - and _");
    read_languages(reader, map->pairs[i].value, &out[i].title);
  }
  reader->file->segments = out;
  reader->file->segment_count = map->count;
}

/* One of two words; the first is what holds when the key is absent. */
static bool read_choice(struct reader *reader, const struct yaml_node *mapping, const char *key, const char *usual,
                        const char *other) {
  const struct yaml_node *node = get_scalar(reader, mapping, key, false);
  if (node == NULL || strcmp(node->text, usual) == 0) return false;
  if (strcmp(node->text, other) == 0) return true;
  findings_add(reader->findings, node->line, node->column, (int)node->len, NULL, "\"%s\" is %s or %s", key, usual, other);
  return false;
}

static void read_idle(struct reader *reader, const struct yaml_node *root) {
  const struct yaml_node *node = get_scalar(reader, root, "idle_minutes", false);
  char *end = NULL;
  long minutes = node != NULL ? strtol(node->text, &end, 10) : IDLE_MINUTES;
  if (node != NULL && (*end != '\0' || minutes < 1 || minutes > IDLE_MINUTES_MAX))
    complain(reader, node, "expected a whole number of minutes from 1 to 60");
  reader->file->idle_ms = minutes * INT64_C(60000);
}

/* What earlier answers are shown beside the fields. */
static void read_previous(struct reader *reader, const struct yaml_node *root) {
  static const char *const known[] = {"round", "take_over", NULL};
  const struct yaml_node *node = yaml_get(root, "previous");
  reader->file->previous = "";
  if (node == NULL || !check_kind(reader, node, YAML_MAPPING, "expected {round: …, take_over: …}")) return;
  check_keys(reader, node, known);
  const struct yaml_node *round = get_scalar(reader, node, "round", true);
  if (round != NULL && !is_id(round->text)) complain(reader, round, "an id has letters, digits, - and _");
  if (round != NULL && reader->file->id != NULL && strcmp(round->text, reader->file->id) == 0)
    complain(reader, round, "a round does not come before itself");
  if (round != NULL) reader->file->previous = round->text;
  reader->file->take_over = read_choice(reader, node, "take_over", "false", "true");
}

static void read_root(struct reader *reader, const struct yaml_node *root, const char *opens, const char *deadline) {
  static const char *const known[] = {"round", "title", "opens", "deadline", "languages", "institutions", "help",
                                      "questionnaires", "segments", "submit", "previous", "idle_minutes",
                                      "confirm_browser", NULL};
  static const char *const known_help[] = {"phone", "email", NULL};
  struct round_file *file = reader->file;
  if (!check_kind(reader, root, YAML_MAPPING, "expected a mapping that begins with \"round:\"")) return;
  check_keys(reader, root, known);
  const struct yaml_node *id = get_scalar(reader, root, "round", true);
  const struct yaml_node *title = yaml_get(root, "title");
  const struct yaml_node *institutions = get_scalar(reader, root, "institutions", true);
  const struct yaml_node *help = yaml_get(root, "help");
  if (id != NULL) file->id = id->text;
  if (id != NULL && !is_id(id->text)) complain(reader, id, "an id has letters, digits, - and _");
  if (title != NULL) read_languages(reader, title, &file->title);
  else complain(reader, root, "\"title\" is missing");
  read_date(reader, root, "opens", opens, &file->opens, &file->opens_days);
  read_date(reader, root, "deadline", deadline, &file->deadline, &file->deadline_days);
  if (help != NULL && check_kind(reader, help, YAML_MAPPING, "expected {phone: …, email: …}")) {
    check_keys(reader, help, known_help);
  } else {
    help = NULL;
  }
  file->help_phone = get_text(reader, help, "phone");
  file->help_email = get_text(reader, help, "email");
  file->responsible_submits = read_choice(reader, root, "submit", "anyone", "responsible");
  file->confirm_browser = read_choice(reader, root, "confirm_browser", "false", "true");
  read_previous(reader, root);
  read_idle(reader, root);
  read_questionnaires(reader, root);
  read_segments(reader, root);
  if (institutions != NULL) {
    char *path = file_join(reader->folder, institutions->text);
    file->institutions_path = arena_copy(reader->arena, path);
    free(path);
  }
}

static bool fail_findings(const char *path, const struct findings *findings, struct err *err) {
  const struct finding *first = findings_get(findings, 0);
  size_t more = findings_count(findings) - 1;
  if (more == 0) return err_set_at(err, ERR_INPUT, path, first->line, first->column, "%s", first->text);
  return err_set_at(err, ERR_INPUT, path, first->line, first->column, "%s (and %zu more)", first->text, more);
}

static bool load_yaml(struct reader *reader, const char *opens, const char *deadline, struct err *err) {
  struct buf text = {0};
  struct round_file *file = reader->file;
  bool ok = file_read(file->path, FORM_FILE_MAX, &text, err);
  const struct yaml_node *root = NULL;
  if (ok) {
    findings_set_source(reader->findings, buf_text(&text), text.len);
    root = yaml_parse(buf_text(&text), text.len, reader->arena, reader->findings);
  }
  if (root != NULL) read_root(reader, root, opens, deadline);
  if (ok && findings_count(reader->findings) == 0 && file->opens_days > file->deadline_days) {
    findings_add(reader->findings, 1, 1, 1, NULL, "the round opens on %s, after its deadline %s", file->opens,
                 file->deadline);
  }
  if (ok && findings_count(reader->findings) > 0) ok = fail_findings(file->path, reader->findings, err);
  buf_free(&text);
  return ok;
}

const struct round_file *round_file_load(const char *folder, const char *opens, const char *deadline,
                                         struct arena *arena, struct err *err) {
  struct round_file *file = arena_alloc(arena, sizeof *file);
  char *path = file_join(folder, "round.yaml");
  file->path = arena_copy(arena, path);
  free(path);
  struct reader reader = {folder, arena, findings_new(file->path), file};
  bool ok = load_yaml(&reader, opens, deadline, err) && institutions_file_load(file, arena, err);
  findings_free(reader.findings);
  return ok ? file : NULL;
}

int64_t round_file_end_of_day_ms(int days) { return clock_riga_ms(days + 1, 0) - 1; }
