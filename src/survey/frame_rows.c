#include "survey/frame_rows.h"

#include <string.h>

#include "survey/collate.h"
#include "survey/email.h"
#include "survey/text.h"

#define NUMBER_MAX 32
#define PHONE_MAX 60

static const char *const column_names[FRAME_COLUMNS] = {
    "registration_number", "name",  "abbreviation", "kind",         "sector",        "segments",
    "email",               "phone", "status",       "comment",      "contact_name",  "contact_email",
    "contact_phone",       "contact_language",      "responsible",  "institution",   "nr"};

const char *frame_column_name(enum frame_column column) { return column_names[column]; }

static const char *const problem_names[FRAME_PROBLEM_KINDS] = {
    "no_column",   "column_twice", "cell_count", "too_many",  "bad_text", "no_name",   "bad_number",  "bad_email",
    "bad_phone",   "bad_language", "bad_answer", "bad_segment", "twice",  "ambiguous", "unknown",     "not_asked",
    "no_email",    "no_contact_name", "staff",   "two_responsible", "number_form", "same_name"};

const char *frame_problem_name(enum frame_problem_kind kind) { return problem_names[kind]; }
bool frame_problem_warns(enum frame_problem_kind kind) { return kind >= FRAME_NUMBER_FORM; }

/* Headings as frame_fold leaves them. Those of contacts' files that mean something else there: read_header. */
static const struct {
  const char *heading;
  enum frame_column column;
} headings[] = {
    {"registration number", FRAME_NUMBER}, {"registracijas numurs", FRAME_NUMBER}, {"registracijas nr", FRAME_NUMBER},
    {"reg nr", FRAME_NUMBER}, {"regnr", FRAME_NUMBER}, {"iestades registracijas numurs", FRAME_NUMBER},
    {"name", FRAME_NAME}, {"nosaukums", FRAME_NAME}, {"iestades nosaukums", FRAME_NAME},
    {"abbreviation", FRAME_ABBREVIATION}, {"saisinajums", FRAME_ABBREVIATION},
    {"kind", FRAME_KIND}, {"veids", FRAME_KIND}, {"iestades veids", FRAME_KIND},
    {"sector", FRAME_SECTOR}, {"resors", FRAME_SECTOR}, {"nozare", FRAME_SECTOR},
    {"segments", FRAME_SEGMENTS}, {"segmenti", FRAME_SEGMENTS},
    {"email", FRAME_EMAIL}, {"e mail", FRAME_EMAIL}, {"e pasts", FRAME_EMAIL}, {"epasts", FRAME_EMAIL},
    {"e pasta adrese", FRAME_EMAIL}, {"iestades e pasts", FRAME_EMAIL}, {"oficialais e pasts", FRAME_EMAIL},
    {"phone", FRAME_PHONE}, {"talrunis", FRAME_PHONE}, {"talruna numurs", FRAME_PHONE}, {"iestades talrunis", FRAME_PHONE},
    {"status", FRAME_STATUS}, {"statuss", FRAME_STATUS},
    {"comment", FRAME_COMMENT}, {"komentars", FRAME_COMMENT}, {"piezimes", FRAME_COMMENT},
    {"contact name", FRAME_CONTACT_NAME}, {"kontaktpersona", FRAME_CONTACT_NAME},
    {"kontaktpersonas vards", FRAME_CONTACT_NAME}, {"kontaktpersonas vards uzvards", FRAME_CONTACT_NAME},
    {"vards uzvards", FRAME_CONTACT_NAME}, {"vards un uzvards", FRAME_CONTACT_NAME}, {"vards", FRAME_CONTACT_NAME},
    {"contact email", FRAME_CONTACT_EMAIL}, {"contact e mail", FRAME_CONTACT_EMAIL},
    {"kontaktpersonas e pasts", FRAME_CONTACT_EMAIL}, {"kontaktpersonas epasts", FRAME_CONTACT_EMAIL},
    {"contact phone", FRAME_CONTACT_PHONE}, {"kontaktpersonas talrunis", FRAME_CONTACT_PHONE},
    {"contact language", FRAME_LANGUAGE}, {"kontaktpersonas valoda", FRAME_LANGUAGE}, {"language", FRAME_LANGUAGE},
    {"valoda", FRAME_LANGUAGE},
    {"responsible", FRAME_RESPONSIBLE}, {"atbildigais", FRAME_RESPONSIBLE}, {"atbildiga", FRAME_RESPONSIBLE},
    {"atbildiga persona", FRAME_RESPONSIBLE}, {"atbildiga kontaktpersona", FRAME_RESPONSIBLE},
    {"institution", FRAME_INSTITUTION}, {"iestade", FRAME_INSTITUTION},
    {"nr", FRAME_PASSED_OVER}, {"nr p k", FRAME_PASSED_OVER}, {"sector source", FRAME_PASSED_OVER},
};

struct frame_rows *frame_rows_new(struct arena *arena) {
  struct frame_rows *rows = arena_alloc(arena, sizeof *rows);
  rows->arena = arena;
  for (int c = 0; c < FRAME_COLUMNS; c++) rows->at[c] = -1;
  return rows;
}

void frame_rows_complain(struct frame_rows *rows, enum frame_problem_kind kind, int line, enum frame_column column,
                         const char *value, int other) {
  *(frame_problem_warns(kind) ? &rows->warnings : &rows->errors) += 1;
  if (rows->problem_count == FRAME_PROBLEMS_MAX) return;
  rows->problems[rows->problem_count++] =
      (struct frame_problem){kind, line, column < FRAME_COLUMNS ? rows->at[column] : -1, arena_copy(rows->arena, value), other};
}

const char *frame_fold(const char *text, struct arena *arena) {
  struct buf folded = {0};
  collate_fold(text, &folded);
  char *copy = arena_copy(arena, buf_text(&folded));
  size_t to = 0;
  for (size_t from = 0; copy[from] != '\0'; from++) {
    bool space = strchr(" _-./,:;()\t\r\n", copy[from]) != NULL;
    if (!space) copy[to++] = copy[from];
    else if (to > 0 && copy[to - 1] != ' ') copy[to++] = ' ';
  }
  while (to > 0 && copy[to - 1] == ' ') to--;
  copy[to] = '\0';
  buf_free(&folded);
  return copy;
}

/* ---- the header */

static enum frame_column find_column(const char *folded) {
  for (size_t i = 0; i < sizeof headings / sizeof *headings; i++) {
    if (strcmp(headings[i].heading, folded) == 0) return headings[i].column;
  }
  return FRAME_COLUMNS;
}

/* In a file of contacts, name, email and phone are a contact's. */
static enum frame_column of_contact(enum frame_column column) {
  switch (column) {
    case FRAME_NAME: return FRAME_CONTACT_NAME;
    case FRAME_EMAIL: return FRAME_CONTACT_EMAIL;
    case FRAME_PHONE: return FRAME_CONTACT_PHONE;
    default: return column;
  }
}

static void read_header(struct frame_rows *rows, const struct csv_row *row) {
  rows->has_header = true;
  rows->cell_count = row->count;
  for (int i = 0; i < row->count; i++)
    rows->of_contacts = rows->of_contacts || find_column(frame_fold(row->cells[i], rows->arena)) == FRAME_INSTITUTION;
  for (int i = 0; i < row->count; i++) {
    enum frame_column column = find_column(frame_fold(row->cells[i], rows->arena));
    if (rows->of_contacts) column = of_contact(column);
    bool fits = column == FRAME_PASSED_OVER || (rows->of_contacts ? column >= FRAME_CONTACT_NAME : column != FRAME_INSTITUTION);
    if (row->cells[i][0] == '\0') continue;
    if (column == FRAME_COLUMNS || !fits) {
      if (rows->unknown_count < FRAME_UNKNOWN_MAX) rows->unknown[rows->unknown_count++] = arena_copy(rows->arena, row->cells[i]);
    } else if (rows->at[column] >= 0 && column != FRAME_PASSED_OVER) {
      frame_rows_complain(rows, FRAME_COLUMN_TWICE, row->line, column, row->cells[i], 0);
    } else {
      rows->at[column] = i;
    }
  }
  enum frame_column needed = rows->of_contacts ? FRAME_CONTACT_EMAIL : FRAME_NAME;
  if (rows->at[needed] < 0) frame_rows_complain(rows, FRAME_NO_COLUMN, row->line, FRAME_COLUMNS, frame_column_name(needed), 0);
  bool contacts = rows->at[FRAME_CONTACT_NAME] >= 0 || rows->at[FRAME_CONTACT_PHONE] >= 0;
  if (!rows->of_contacts && contacts && rows->at[FRAME_CONTACT_EMAIL] < 0)
    frame_rows_complain(rows, FRAME_NO_COLUMN, row->line, FRAME_COLUMNS, frame_column_name(FRAME_CONTACT_EMAIL), 0);
}

/* ---- cells */

/* One line without blanks around it; a line break within a cell of a spreadsheet is a blank. NULL when it is no text. */
static const char *clean(const char *cell, struct arena *arena) {
  char *copy = arena_copy(arena, text_without_controls(cell, arena));
  for (char *c = copy; *c != '\0'; c++) {
    if (*c == '\n' || *c == '\r' || *c == '\t') *c = ' ';
  }
  return text_line(copy, FRAME_TEXT_MAX, arena);
}

static const char *one_of(const char *folded, const char *const (*words)[2]) {
  for (; (*words)[0] != NULL; words++) {
    if (strcmp((*words)[0], folded) == 0) return (*words)[1];
  }
  return NULL;
}

/* "1", "0"; NULL for another word. */
static const char *read_answer(const char *folded) {
  static const char *const words[][2] = {{"1", "1"}, {"ja", "1"}, {"yes", "1"}, {"x", "1"}, {"true", "1"}, {"да", "1"}, {"+", "1"},
                                         {"0", "0"}, {"ne", "0"}, {"no", "0"}, {"false", "0"}, {"нет", "0"}, {"", ""}, {NULL, NULL}};
  return one_of(folded, words);
}

static const char *read_language(const char *folded) {
  static const char *const words[][2] = {{"lv", "lv"}, {"latviesu", "lv"}, {"en", "en"}, {"anglu", "en"},
                                         {"ru", "ru"}, {"krievu", "ru"}, {"", ""}, {NULL, NULL}};
  return one_of(folded, words);
}

/* The two usual kinds are stored by their English names. */
static const char *read_kind(const char *text, const char *folded) {
  static const char *const words[][2] = {{"ministrija", "ministry"}, {"ministry", "ministry"}, {"iestade", "institution"},
                                         {"institution", "institution"}, {NULL, NULL}};
  const char *known = one_of(folded, words);
  return known != NULL ? known : text;
}

static const char *read_number(const char *text, struct arena *arena) {
  char *number = arena_copy(arena, text);
  size_t to = 0;
  for (size_t from = 0; number[from] != '\0'; from++) {
    if (number[from] != ' ') number[to++] = number[from];
  }
  number[to] = '\0';
  static const char good[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
  return strspn(number, good) == to && to <= NUMBER_MAX ? number : NULL;
}

static bool is_latvian_number(const char *number) { return strlen(number) == 11 && strspn(number, "0123456789") == 11; }

static bool is_phone(const char *text) {
  return text[strspn(text, "0123456789 +-()/.,;")] == '\0' && strpbrk(text, "0123456789") != NULL && strlen(text) <= PHONE_MAX;
}

/* The cell as it is kept; NULL when it is wrong, then with the problem it has. */
static const char *read_cell(struct arena *arena, enum frame_column column, const char *text, enum frame_problem_kind *problem) {
  switch (column) {
    case FRAME_NUMBER:
      *problem = FRAME_BAD_NUMBER;
      return read_number(text, arena);
    case FRAME_KIND: return read_kind(text, frame_fold(text, arena));
    case FRAME_EMAIL:
    case FRAME_CONTACT_EMAIL:
      *problem = FRAME_BAD_EMAIL;
      return text[0] == '\0' ? text : email_normalize(text, arena, NULL);
    case FRAME_PHONE:
    case FRAME_CONTACT_PHONE:
      *problem = FRAME_BAD_PHONE;
      return text[0] == '\0' || is_phone(text) ? text : NULL;
    case FRAME_LANGUAGE:
      *problem = FRAME_BAD_LANGUAGE;
      return read_language(frame_fold(text, arena));
    case FRAME_RESPONSIBLE:
      *problem = FRAME_BAD_ANSWER;
      return read_answer(strcmp(text, "+") == 0 ? text : frame_fold(text, arena));
    default: return text;
  }
}

static struct frame_line *add_row(struct frame_rows *rows) {
  if (rows->count == rows->cap) {
    size_t cap = rows->cap > 0 ? rows->cap * 2 : 256;
    struct frame_line *list = arena_array(rows->arena, cap, sizeof *list);
    if (rows->count > 0) memcpy(list, rows->rows, rows->count * sizeof *list);
    rows->rows = list;
    rows->cap = cap;
  }
  return &rows->rows[rows->count++];
}

static void read_row(struct frame_rows *rows, const struct csv_row *row) {
  struct arena *scratch = arena_new();
  struct frame_line *out = add_row(rows);
  out->line = row->line;
  for (int c = 0; c < FRAME_PASSED_OVER; c++) {
    out->cells[c] = "";
    if (rows->at[c] < 0) continue;
    enum frame_problem_kind problem = FRAME_BAD_TEXT;
    const char *text = clean(row->cells[rows->at[c]], scratch);
    const char *kept = text != NULL ? read_cell(scratch, (enum frame_column)c, text, &problem) : NULL;
    if (kept == NULL) {
      frame_rows_complain(rows, problem, row->line, (enum frame_column)c, text != NULL ? text : "", 0);
    } else if (kept[0] != '\0') {
      rows->bytes += strlen(kept);
      out->cells[c] = arena_copy(rows->arena, kept);
    }
  }
  const char *number = out->cells[FRAME_NUMBER];
  if (number[0] != '\0' && !is_latvian_number(number))
    frame_rows_complain(rows, FRAME_NUMBER_FORM, row->line, FRAME_NUMBER, number, 0);
  arena_free(scratch);
}

static bool has_more(const struct csv_row *row, int count) {
  for (int i = count; i < row->count; i++) {
    if (row->cells[i][0] != '\0') return true;
  }
  return false;
}

bool frame_rows_take(void *context, const struct csv_row *row, struct err *err) {
  struct frame_rows *rows = context;
  (void)err;
  if (!rows->has_header) read_header(rows, row);
  else if (row->count < rows->cell_count || has_more(row, rows->cell_count))
    frame_rows_complain(rows, FRAME_CELL_COUNT, row->line, FRAME_COLUMNS, "", 0);
  else if (rows->count < FRAME_ROWS_MAX && rows->bytes < FRAME_BYTES_MAX) read_row(rows, row);
  else frame_rows_complain(rows, FRAME_TOO_MANY, row->line, FRAME_COLUMNS, "", 0);
  return true;
}
