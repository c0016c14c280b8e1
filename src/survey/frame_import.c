#include "survey/frame_import.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "store/event.h"
#include "store/frame.h"
#include "store/person.h"
#include "store/round.h"
#include "survey/disposition.h"
#include "survey/frame.h"

/* Texts by which something is found, sorted; several may be equal. */
struct key {
  const char *text;
  size_t item;
};
struct keys {
  struct key *list;
  size_t count;
};

/* An institution that the file speaks of: stored already, or new. */
struct target {
  struct frame_institution stored; /* id 0: new; then the texts are "" */
  struct frame_line *line;         /* the first that has its data, NULL: the file does not have it */
  const struct frame_line *names;  /* the responsible contact, NULL */
  int64_t id;                      /* once it is stored */
};

/* A contact that the file has. */
struct contact_change {
  struct frame_line *line;
  struct target *target;
  struct frame_person stored; /* id 0: new */
  const struct frame_change *change; /* NULL: as it was */
  bool responsible;
};

struct importing {
  struct db *db;
  struct frame_rows *rows;
  struct arena *arena; /* of the rows */
  const char *round;
  struct target *targets; /* the stored ones, then the new ones */
  size_t stored_count, target_count;
  struct keys numbers, names, abbreviations; /* of the stored ones */
  struct keys line_numbers, line_names;      /* of the file's lines; names: of those without a number */
  struct keys segments;
  struct target **target_of; /* by line, NULL */
  struct contact_change *contacts;
  size_t contact_count;
  struct frame_change *changes;
  size_t change_count, change_cap;
  struct frame_plan *plan;
};

/* ---- finding by text */

static int compare_keys(const void *a, const void *b) {
  const struct key *left = a, *right = b;
  int order = strcmp(left->text, right->text);
  return order != 0 ? order : left->item < right->item ? -1 : left->item > right->item;
}

static void add_key(struct keys *keys, const char *text, size_t item) {
  if (text[0] != '\0') keys->list[keys->count++] = (struct key){text, item};
}

static void sort_keys(struct keys *keys) {
  if (keys->count > 0) qsort(keys->list, keys->count, sizeof *keys->list, compare_keys);
}

/* The first with this text, and how many there are. */
static const struct key *find_keys(const struct keys *keys, const char *text, size_t *count) {
  size_t low = 0, high = keys->count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (strcmp(keys->list[middle].text, text) < 0) low = middle + 1;
    else high = middle;
  }
  size_t end = low;
  while (end < keys->count && strcmp(keys->list[end].text, text) == 0) end++;
  *count = end - low;
  return &keys->list[low];
}

static void complain(struct importing *importing, enum frame_problem_kind kind, const struct frame_line *line,
                     enum frame_column column, const char *value, int other) {
  frame_rows_complain(importing->rows, kind, line->line, column, value, other);
}

/* ---- what is stored */

static const char *keep(struct importing *importing, const char *text) { return arena_copy(importing->arena, text); }

static void copy_stored(struct importing *importing, const struct frame_institution *from, struct target *to) {
  to->stored = *from;
  to->id = from->id;
  struct institution *its = &to->stored.institution;
  its->registration_number = keep(importing, its->registration_number);
  its->name = keep(importing, its->name);
  its->abbreviation = keep(importing, its->abbreviation);
  its->kind = keep(importing, its->kind);
  its->sector = keep(importing, its->sector);
  its->segments = keep(importing, its->segments);
  its->email = keep(importing, its->email);
  its->phone = keep(importing, its->phone);
  to->stored.status = keep(importing, from->status);
  to->stored.comment = keep(importing, from->comment);
}

/* Room for all stored institutions, and for a new one in each line. */
static bool load_stored(struct importing *importing, struct err *err) {
  struct frame_institution stored;
  struct err own = {0};
  size_t cap = 0;
  struct target *list = NULL;
  struct stmt *stmt = frame_list(importing->db, importing->round);
  while (frame_next(stmt, &stored, &own)) {
    if (importing->stored_count == cap) {
      cap = cap > 0 ? cap * 2 : 256;
      struct target *more = arena_array(importing->arena, cap, sizeof *more);
      if (importing->stored_count > 0) memcpy(more, list, importing->stored_count * sizeof *more);
      list = more;
    }
    copy_stored(importing, &stored, &list[importing->stored_count++]);
  }
  stmt_end(stmt);
  importing->targets = arena_array(importing->arena, importing->stored_count + importing->rows->count, sizeof *list);
  if (importing->stored_count > 0) memcpy(importing->targets, list, importing->stored_count * sizeof *list);
  importing->target_count = importing->stored_count;
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

static void index_stored(struct importing *importing) {
  struct keys *all[] = {&importing->numbers, &importing->names, &importing->abbreviations};
  for (size_t i = 0; i < 3; i++) all[i]->list = arena_array(importing->arena, importing->stored_count, sizeof(struct key));
  for (size_t i = 0; i < importing->stored_count; i++) {
    const struct institution *its = &importing->targets[i].stored.institution;
    add_key(&importing->numbers, its->registration_number, i);
    add_key(&importing->names, its->name, i);
    add_key(&importing->abbreviations, its->abbreviation, i);
  }
  for (size_t i = 0; i < 3; i++) sort_keys(all[i]);
}

static void index_lines(struct importing *importing) {
  struct frame_rows *rows = importing->rows;
  importing->line_numbers.list = arena_array(importing->arena, rows->count, sizeof(struct key));
  importing->line_names.list = arena_array(importing->arena, rows->count, sizeof(struct key));
  for (size_t i = 0; i < rows->count; i++) {
    const char *number = rows->rows[i].cells[FRAME_NUMBER];
    add_key(&importing->line_numbers, number, i);
    add_key(&importing->line_names, rows->rows[i].cells[FRAME_NAME], i);
  }
  sort_keys(&importing->line_numbers);
  sort_keys(&importing->line_names);
}

static bool load_segments(struct importing *importing, struct err *err) {
  struct err own = {0};
  const char *id, *title;
  enum { MOST = 3000 };
  struct key *list = arena_array(importing->arena, MOST, sizeof *list);
  size_t count = 0;
  struct stmt *stmt = frame_segments(importing->db);
  while (count + 2 <= MOST && frame_next_segment(stmt, &id, &title, &own)) {
    list[count] = (struct key){keep(importing, id), count};
    list[count + 1] = (struct key){frame_fold(title, importing->arena), count};
    count += 2;
  }
  stmt_end(stmt);
  importing->segments = (struct keys){list, count};
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

/* ---- institutions */

/* The id of a segment by its id or title, NULL. */
static const char *find_segment(const struct importing *importing, const char *text) {
  const struct keys *segments = &importing->segments;
  const char *folded = frame_fold(text, importing->arena);
  for (size_t i = 0; i < segments->count; i++) {
    const char *known = segments->list[i].text;
    if (strcmp(known, i % 2 == 0 ? text : folded) == 0) return segments->list[segments->list[i].item].text;
  }
  return NULL;
}

/* "mass; Uzņēmējiem" as "mass;business". Where the store names no segments, any will do. */
static void read_segments(struct importing *importing, struct frame_line *line) {
  struct buf out = {0};
  for (const char *at = line->cells[FRAME_SEGMENTS]; *at != '\0';) {
    size_t len = strcspn(at, ";,");
    const char *one = arena_copy_len(importing->arena, at, len);
    while (*one == ' ') one++;
    const char *id = importing->segments.count > 0 ? find_segment(importing, one) : one;
    if (*one != '\0' && id == NULL) complain(importing, FRAME_BAD_SEGMENT, line, FRAME_SEGMENTS, one, 0);
    if (*one != '\0' && id != NULL) buf_printf(&out, "%s%s", out.len > 0 ? ";" : "", id);
    at += len + (at[len] != '\0');
  }
  line->cells[FRAME_SEGMENTS] = keep(importing, buf_text(&out));
  buf_free(&out);
}

/* The stored institution that a line is about, NULL: none; *bad when there are several. */
static struct target *find_stored(struct importing *importing, struct frame_line *line, bool *bad) {
  const char *number = line->cells[FRAME_NUMBER], *name = line->cells[FRAME_NAME];
  size_t count;
  *bad = false;
  const struct key *found = find_keys(&importing->numbers, number, &count);
  if (number[0] != '\0' && count > 0) return &importing->targets[found->item];
  found = find_keys(&importing->names, name, &count);
  if (number[0] == '\0') {
    *bad = count > 1;
    if (*bad) complain(importing, FRAME_AMBIGUOUS, line, FRAME_NAME, name, 0);
    return count == 1 ? &importing->targets[found->item] : NULL;
  }
  /* A new number: that of the one that has had none so far, when it has this name. */
  for (size_t i = 0; i < count; i++) {
    struct target *target = &importing->targets[found[i].item];
    if (target->stored.institution.registration_number[0] == '\0') return target;
  }
  if (count > 0) complain(importing, FRAME_SAME_NAME, line, FRAME_NAME, name, 0);
  return NULL;
}

/* The first line that is about the same new institution; the line itself when it is the first. NULL when that cannot be
 * told: a name without a number beside the same name with one. */
static size_t first_line(struct importing *importing, size_t at, bool *bad) {
  struct frame_line *lines = importing->rows->rows, *line = &lines[at];
  const char *number = line->cells[FRAME_NUMBER], *name = line->cells[FRAME_NAME];
  size_t count, same = 0;
  *bad = false;
  if (number[0] != '\0') return find_keys(&importing->line_numbers, number, &count)->item;
  const struct key *named = find_keys(&importing->line_names, name, &count);
  for (size_t i = 0; i < count; i++) same += lines[named[i].item].cells[FRAME_NUMBER][0] == '\0';
  *bad = same < count;
  if (*bad) complain(importing, FRAME_AMBIGUOUS, line, FRAME_NAME, name, 0);
  return named->item;
}

static bool same_data(const struct frame_line *one, const struct frame_line *other) {
  for (int c = 0; c < FRAME_INSTITUTION_COLUMNS; c++) {
    if (strcmp(one->cells[c], other->cells[c]) != 0) return false;
  }
  return true;
}

/* Another line has the institution already: a further contact of it, or a mistake. */
static void check_again(struct importing *importing, const struct frame_line *line, const struct frame_line *first) {
  bool contact = line->cells[FRAME_CONTACT_EMAIL][0] != '\0';
  if (contact && same_data(line, first)) return;
  const char *number = line->cells[FRAME_NUMBER];
  bool numbered = number[0] != '\0';
  complain(importing, FRAME_TWICE, line, numbered ? FRAME_NUMBER : FRAME_NAME, numbered ? number : line->cells[FRAME_NAME],
           first->line);
}

static struct target *new_target(struct importing *importing) {
  struct target *target = &importing->targets[importing->target_count++];
  static const struct institution nothing = {"", "", "", "", "", "", "", "", "", ""};
  *target = (struct target){.stored = {.institution = nothing, .status = "", .comment = ""}};
  return target;
}

static void find_target(struct importing *importing, size_t at) {
  struct frame_line *line = &importing->rows->rows[at];
  bool bad;
  if (line->cells[FRAME_NAME][0] == '\0') {
    if (importing->rows->at[FRAME_NAME] >= 0) complain(importing, FRAME_NO_NAME, line, FRAME_NAME, "", 0);
    return;
  }
  read_segments(importing, line);
  struct target *target = find_stored(importing, line, &bad);
  if (bad) return;
  if (target == NULL) {
    size_t first = first_line(importing, at, &bad);
    if (bad) return;
    target = first < at ? importing->target_of[first] : new_target(importing);
    if (target == NULL) return; /* the first line is wrong already */
  }
  if (target->line == NULL) target->line = line;
  else check_again(importing, line, target->line);
  importing->target_of[at] = target;
}

static const char *stored_cell(const struct target *target, enum frame_column column) {
  const struct institution *its = &target->stored.institution;
  switch (column) {
    case FRAME_NUMBER: return its->registration_number;
    case FRAME_NAME: return its->name;
    case FRAME_ABBREVIATION: return its->abbreviation;
    case FRAME_KIND: return its->kind;
    case FRAME_SECTOR: return its->sector;
    case FRAME_SEGMENTS: return its->segments;
    case FRAME_EMAIL: return its->email;
    case FRAME_PHONE: return its->phone;
    case FRAME_STATUS: return target->stored.status;
    default: return target->stored.comment;
  }
}

/* What the institution is to have: the file's, where it has something. */
static const char *wanted_cell(const struct target *target, enum frame_column column) {
  const char *cell = target->line->cells[column];
  return cell[0] != '\0' ? cell : stored_cell(target, column);
}

static struct frame_change *add_change(struct importing *importing, const struct frame_change *change) {
  if (importing->change_count == importing->change_cap) {
    size_t cap = importing->change_cap > 0 ? importing->change_cap * 2 : 128;
    struct frame_change *more = arena_array(importing->arena, cap, sizeof *more);
    if (importing->change_count > 0) memcpy(more, importing->changes, importing->change_count * sizeof *more);
    importing->changes = more;
    importing->change_cap = cap;
  }
  importing->changes[importing->change_count] = *change;
  return &importing->changes[importing->change_count++];
}

/* Two numbers of stored institutions cannot change places within one file: a number is one's own. */
static void plan_institution(struct importing *importing, const struct target *target) {
  struct frame_field fields[FRAME_INSTITUTION_COLUMNS];
  size_t count = 0;
  for (int c = 0; c < FRAME_INSTITUTION_COLUMNS; c++) {
    const char *before = stored_cell(target, (enum frame_column)c), *after = wanted_cell(target, (enum frame_column)c);
    if (strcmp(before, after) != 0) fields[count++] = (struct frame_field){(enum frame_column)c, before, after};
  }
  bool joins = !target->stored.asked;
  *(joins ? &importing->plan->institutions_new
          : count > 0 ? &importing->plan->institutions_changed : &importing->plan->institutions_same) += 1;
  if (count == 0 && !joins) return;
  struct frame_field *kept = arena_array(importing->arena, count, sizeof *kept);
  if (count > 0) memcpy(kept, fields, count * sizeof *kept);
  add_change(importing, &(struct frame_change){
      .kind = !joins ? FRAME_INSTITUTION_CHANGED : target->id != 0 ? FRAME_INSTITUTION_JOINS : FRAME_INSTITUTION_NEW,
      .line = target->line->line,
      .name = wanted_cell(target, FRAME_NAME),
      .institution = "",
      .email = "",
      .fields = kept,
      .field_count = count,
  });
}

/* ---- contacts */

/* The institution that a line of a file of contacts names. */
static struct target *find_named(struct importing *importing, const struct frame_line *line) {
  const char *text = line->cells[FRAME_INSTITUTION];
  const struct keys *all[] = {&importing->numbers, &importing->abbreviations, &importing->names};
  size_t count = 0;
  const struct key *found = NULL;
  for (size_t i = 0; i < 3 && count == 0; i++) found = find_keys(all[i], text, &count);
  if (text[0] == '\0' || count == 0) complain(importing, FRAME_UNKNOWN, line, FRAME_INSTITUTION, text, 0);
  else if (count > 1) complain(importing, FRAME_AMBIGUOUS, line, FRAME_INSTITUTION, text, 0);
  else if (!importing->targets[found->item].stored.asked) complain(importing, FRAME_NOT_ASKED, line, FRAME_INSTITUTION, text, 0);
  else return &importing->targets[found->item];
  return NULL;
}

static bool has_contact(const struct frame_line *line) {
  return line->cells[FRAME_CONTACT_EMAIL][0] != '\0' || line->cells[FRAME_CONTACT_NAME][0] != '\0' ||
         line->cells[FRAME_CONTACT_PHONE][0] != '\0';
}

/* False when the line's contact is not to be taken; without err when the line is at fault. */
static bool read_stored_contact(struct importing *importing, struct contact_change *contact, struct err *err) {
  struct frame_person staff, stored;
  struct stmt *stmt;
  struct err own = {0};
  const char *email = contact->line->cells[FRAME_CONTACT_EMAIL];
  bool is_staff = frame_person(importing->db, email, 0, &stmt, &staff, &own) && !staff.removed;
  stmt_end(stmt);
  if (contact->target->id != 0 && frame_person(importing->db, email, contact->target->id, &stmt, &stored, &own)) {
    contact->stored = stored;
    contact->stored.name = keep(importing, stored.name);
    contact->stored.phone = keep(importing, stored.phone);
    contact->stored.language = keep(importing, stored.language);
  }
  if (contact->target->id != 0) stmt_end(stmt);
  if (own.code != ERR_NONE) return err_set(err, own.code, "%s", own.text);
  bool nameless = contact->stored.id == 0 && contact->line->cells[FRAME_CONTACT_NAME][0] == '\0';
  if (is_staff) complain(importing, FRAME_STAFF, contact->line, FRAME_CONTACT_EMAIL, email, 0);
  if (nameless) complain(importing, FRAME_NO_CONTACT_NAME, contact->line, FRAME_CONTACT_NAME, email, 0);
  return !is_staff && !nameless;
}

static const char *person_cell(const struct contact_change *contact, enum frame_column column) {
  const struct frame_person *stored = &contact->stored;
  if (stored->id == 0) return "";
  return column == FRAME_CONTACT_NAME ? stored->name : column == FRAME_CONTACT_PHONE ? stored->phone : stored->language;
}

static const char *wanted_person_cell(const struct contact_change *contact, enum frame_column column) {
  const char *cell = contact->line->cells[column];
  if (cell[0] == '\0' && contact->stored.id == 0 && column == FRAME_LANGUAGE) return "lv";
  return cell[0] != '\0' ? cell : person_cell(contact, column);
}

static void plan_contact(struct importing *importing, struct contact_change *contact) {
  static const enum frame_column columns[] = {FRAME_CONTACT_NAME, FRAME_CONTACT_PHONE, FRAME_LANGUAGE};
  struct frame_field *fields = arena_array(importing->arena, 4, sizeof *fields);
  size_t count = 0;
  for (size_t i = 0; i < 3; i++) {
    const char *before = person_cell(contact, columns[i]), *after = wanted_person_cell(contact, columns[i]);
    if (strcmp(before, after) != 0) fields[count++] = (struct frame_field){columns[i], before, after};
  }
  bool names = contact->responsible &&
               (contact->stored.id == 0 || contact->target->stored.responsible != contact->stored.id);
  if (names) fields[count++] = (struct frame_field){FRAME_RESPONSIBLE, "", "1"};
  bool fresh = contact->stored.id == 0, back = !fresh && contact->stored.removed;
  *(fresh || back ? &importing->plan->contacts_new
                  : count > 0 ? &importing->plan->contacts_changed : &importing->plan->contacts_same) += 1;
  if (!fresh && !back && count == 0) return;
  const struct target *target = contact->target;
  contact->change = add_change(importing, &(struct frame_change){
      .kind = fresh ? FRAME_CONTACT_NEW : back ? FRAME_CONTACT_BACK : FRAME_CONTACT_CHANGED,
      .line = contact->line->line,
      .name = wanted_person_cell(contact, FRAME_CONTACT_NAME),
      .institution = target->line != NULL && !importing->rows->of_contacts ? wanted_cell(target, FRAME_NAME)
                                                                           : target->stored.institution.name,
      .email = contact->line->cells[FRAME_CONTACT_EMAIL],
      .fields = fields,
      .field_count = count,
  });
}

static bool same_contact(const struct frame_line *one, const struct frame_line *other) {
  for (int c = FRAME_CONTACT_NAME; c < FRAME_INSTITUTION; c++) {
    if (strcmp(one->cells[c], other->cells[c]) != 0) return false;
  }
  return true;
}

static bool take_contact(struct importing *importing, struct frame_line *line, struct target *target, struct err *err) {
  struct err own = {0};
  struct contact_change *contact = &importing->contacts[importing->contact_count];
  *contact = (struct contact_change){.line = line, .target = target, .responsible = strcmp(line->cells[FRAME_RESPONSIBLE], "1") == 0};
  if (line->cells[FRAME_CONTACT_EMAIL][0] == '\0') {
    /* An address that is wrong has been told of already. */
    if (has_contact(line) && importing->rows->errors == 0) complain(importing, FRAME_NO_EMAIL, line, FRAME_CONTACT_EMAIL, "", 0);
    return true;
  }
  if (!read_stored_contact(importing, contact, &own)) return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
  if (contact->responsible && target->names != NULL)
    complain(importing, FRAME_TWO_RESPONSIBLE, line, FRAME_RESPONSIBLE, "", target->names->line);
  else if (contact->responsible) target->names = line;
  importing->contact_count++;
  return true;
}

/* The same address twice at one institution: once is enough when the lines say the same. */
static void drop_repeated(struct importing *importing) {
  struct keys keys = {arena_array(importing->arena, importing->contact_count, sizeof(struct key)), 0};
  size_t count, kept = 0;
  for (size_t i = 0; i < importing->contact_count; i++) {
    const struct contact_change *contact = &importing->contacts[i];
    add_key(&keys, arena_printf(importing->arena, "%s %zu", contact->line->cells[FRAME_CONTACT_EMAIL],
                                (size_t)(contact->target - importing->targets)), i);
  }
  const char **texts = arena_array(importing->arena, importing->contact_count, sizeof *texts);
  for (size_t i = 0; i < keys.count; i++) texts[i] = keys.list[i].text;
  sort_keys(&keys);
  struct contact_change *list = arena_array(importing->arena, importing->contact_count, sizeof *list);
  for (size_t i = 0; i < importing->contact_count; i++) {
    const struct contact_change *contact = &importing->contacts[i];
    size_t first = find_keys(&keys, texts[i], &count)->item;
    const struct frame_line *line = importing->contacts[first].line;
    if (first == i) list[kept++] = *contact;
    else if (!same_contact(contact->line, line))
      complain(importing, FRAME_TWICE, contact->line, FRAME_CONTACT_EMAIL, contact->line->cells[FRAME_CONTACT_EMAIL], line->line);
  }
  importing->contacts = list;
  importing->contact_count = kept;
}

/* ---- the plan */

static void list_absent(struct importing *importing) {
  const char **names = arena_array(importing->arena, importing->stored_count, sizeof *names);
  size_t count = 0;
  for (size_t i = 0; i < importing->stored_count; i++) {
    const struct target *target = &importing->targets[i];
    if (target->stored.asked && target->line == NULL) names[count++] = target->stored.institution.name;
  }
  importing->plan->absent = names;
  importing->plan->absent_count = count;
}

/* Each change is hashed together with the hash before it. */
static void hash_changes(struct frame_plan *plan) {
  struct buf text = {0};
  char hash[SECRET_HASH_LEN + 1];
  secret_hash("", 0, plan->hash);
  for (size_t i = 0; i < plan->count; i++) {
    const struct frame_change *change = &plan->changes[i];
    buf_reset(&text);
    buf_printf(&text, "%d %d\n%s\n%s\n%s\n", change->kind, change->line, change->name, change->institution, change->email);
    for (size_t f = 0; f < change->field_count; f++)
      buf_printf(&text, "%d\n%s\n%s\n", change->fields[f].column, change->fields[f].before, change->fields[f].after);
    secret_keyed_hash(plan->hash, text.data, hash);
    memcpy(plan->hash, hash, sizeof hash);
  }
  buf_free(&text);
}

static bool plan_all(struct importing *importing, struct err *err) {
  struct frame_rows *rows = importing->rows;
  if (!load_stored(importing, err) || !load_segments(importing, err)) return false;
  index_stored(importing);
  index_lines(importing);
  importing->target_of = arena_array(importing->arena, rows->count, sizeof(struct target *));
  importing->contacts = arena_array(importing->arena, rows->count, sizeof *importing->contacts);
  for (size_t i = 0; i < rows->count; i++) {
    if (rows->of_contacts) importing->target_of[i] = find_named(importing, &rows->rows[i]);
    else find_target(importing, i);
  }
  for (size_t i = 0; i < importing->target_count; i++) {
    if (importing->targets[i].line != NULL) plan_institution(importing, &importing->targets[i]);
  }
  for (size_t i = 0; i < rows->count; i++) {
    struct target *target = importing->target_of[i];
    if (target != NULL && !take_contact(importing, &rows->rows[i], target, err)) return false;
  }
  drop_repeated(importing);
  for (size_t i = 0; i < importing->contact_count; i++) plan_contact(importing, &importing->contacts[i]);
  if (!rows->of_contacts) list_absent(importing);
  importing->plan->changes = importing->changes;
  importing->plan->count = importing->change_count;
  hash_changes(importing->plan);
  return true;
}

static bool begin(struct db *db, const struct actor *actor, struct frame_rows *rows, const char *round,
                  struct frame_plan *plan, struct importing *importing, struct err *err) {
  *plan = (struct frame_plan){.count = 0};
  *importing = (struct importing){.db = db, .rows = rows, .arena = rows->arena, .round = round, .plan = plan};
  struct frame_round known;
  if (!frame_check(db, actor, round, rows->arena, &known, err)) return false;
  if (!rows->has_header) return err_set(err, ERR_INPUT, "the table is empty");
  return plan_all(importing, err);
}

bool frame_import_plan(struct db *db, const struct actor *actor, struct frame_rows *rows, const char *round,
                       struct frame_plan *plan, struct err *err) {
  struct importing importing;
  return begin(db, actor, rows, round, plan, &importing, err);
}

/* ---- doing it */

static bool note(struct importing *importing, const struct actor *actor, const char *kind, const char *what, int64_t id,
                 const char *detail, struct err *err) {
  return event_add(importing->db, actor->person, kind, arena_printf(importing->arena, "%s %" PRId64, what, id), detail, err);
}

/* "Valsts kase → Valsts kase un kapitāli; 1 → 2" */
static const char *say_fields(struct importing *importing, const struct frame_change *change) {
  struct buf out = {0};
  for (size_t i = 0; i < change->field_count; i++) {
    const struct frame_field *field = &change->fields[i];
    if (field->column == FRAME_RESPONSIBLE) continue;
    buf_printf(&out, "%s%s → %s", out.len > 0 ? "; " : "", field->before[0] != '\0' ? field->before : "–", field->after);
  }
  const char *text = arena_copy(importing->arena, buf_text(&out));
  buf_free(&out);
  return text;
}

static bool store_institution(struct importing *importing, const struct actor *actor, struct frame_intake *intake,
                              struct target *target, const struct frame_change *change, struct err *err) {
  const struct frame_details details = {
      .registration_number = wanted_cell(target, FRAME_NUMBER),
      .name = wanted_cell(target, FRAME_NAME),
      .abbreviation = wanted_cell(target, FRAME_ABBREVIATION),
      .kind = wanted_cell(target, FRAME_KIND),
      .sector = wanted_cell(target, FRAME_SECTOR),
      .segments = wanted_cell(target, FRAME_SEGMENTS),
      .email = wanted_cell(target, FRAME_EMAIL),
      .phone = wanted_cell(target, FRAME_PHONE),
      .status = wanted_cell(target, FRAME_STATUS),
      .comment = wanted_cell(target, FRAME_COMMENT),
  };
  bool joins = change->kind != FRAME_INSTITUTION_CHANGED;
  target->id = frame_put(intake, target->stored.id, &details, joins, err);
  return target->id != 0 && note(importing, actor, joins ? "institution-add" : "institution-change", "institution", target->id,
                                 joins ? "" : say_fields(importing, change), err);
}

static bool store_contact(struct importing *importing, const struct actor *actor, const struct contact_change *contact,
                          struct err *err) {
  const struct frame_change *change = contact->change;
  const struct person person = {
      .email = change->email,
      .name = change->name,
      .phone = wanted_person_cell(contact, FRAME_CONTACT_PHONE),
      .language = wanted_person_cell(contact, FRAME_LANGUAGE),
      .role = ROLE_CONTACT,
      .institution = contact->target->id,
  };
  bool added = change->kind != FRAME_CONTACT_CHANGED;
  int64_t id = person_put(importing->db, &person, err);
  if (id == 0) return false;
  if (!note(importing, actor, added ? "contact-add" : "contact-change", "person", id,
            added ? change->email : say_fields(importing, change), err)) return false;
  if (!contact->responsible || contact->target->stored.responsible == id) return true;
  return round_set_responsible(importing->db, importing->round, contact->target->id, id, err) &&
         note(importing, actor, "responsible", "person", id, importing->round, err);
}

bool frame_import_commit(struct db *db, const struct actor *actor, struct frame_rows *rows, const char *round, const char *hash,
                         const char *source, struct frame_plan *plan, struct err *err) {
  struct importing importing;
  struct frame_intake *intake = NULL;
  if (!begin(db, actor, rows, round, plan, &importing, err)) return false;
  if (rows->errors > 0) return err_set(err, ERR_INPUT, "%d faults; nothing was taken over", rows->errors);
  if (hash != NULL && strcmp(hash, plan->hash) != 0)
    return err_set(err, ERR_CONFLICT, "something has changed since the preview");
  intake = frame_intake_new(db, round, rows->arena, err);
  bool ok = intake != NULL;
  size_t at = 0;
  for (size_t i = 0; ok && i < importing.target_count; i++) {
    struct target *target = &importing.targets[i];
    bool changes = target->line != NULL && at < plan->count && plan->changes[at].line == target->line->line &&
                   plan->changes[at].kind <= FRAME_INSTITUTION_CHANGED;
    if (changes) ok = store_institution(&importing, actor, intake, target, &plan->changes[at++], err);
  }
  for (size_t i = 0; ok && i < importing.contact_count; i++) {
    if (importing.contacts[i].change != NULL) ok = store_contact(&importing, actor, &importing.contacts[i], err);
  }
  if (ok && plan->count == 0) return true;
  return ok && disposition_keep_round(db, round, err) &&
         event_add(db, actor->person, "frame-import", arena_printf(rows->arena, "round %s", round), source, err);
}
