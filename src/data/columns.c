#include "data/columns.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_COLUMNS 64

/* Kinds of answers that cannot share a column. */
enum answer_class { CLASS_CODE, CLASS_SET, CLASS_NUMBER, CLASS_TEXT, CLASS_DATE, CLASS_NONE };

struct builder {
  const struct form *const *forms;
  int form_count;
  const char *language;
  bool labels;
  struct arena *arena;
  struct columns *columns;
  int *versions;
  int cap;
  int **first;  /* by form and question: its first column, -1; a multiple choice's others are in `options` */
  int ***options; /* by form, question, option: its column */
};

static const struct {
  const char *name;
  enum cell_kind kind;
  const char *label[3]; /* lv, en, ru */
} own_columns[] = {
    [OWN_RESPONSE_ID] = {"response_id", CELL_NUMBER, {"Atbildes numurs", "Response number", "Номер ответа"}},
    [OWN_INSTITUTION_ID] = {"institution_id",
                            CELL_NUMBER,
                            {"Iestādes numurs", "Institution number", "Номер учреждения"}},
    [OWN_REGISTRATION_NUMBER] = {"registration_number",
                                 CELL_TEXT,
                                 {"Reģistrācijas numurs", "Registration number", "Регистрационный номер"}},
    [OWN_INSTITUTION] = {"institution", CELL_TEXT, {"Iestāde", "Institution", "Учреждение"}},
    [OWN_ABBREVIATION] = {"abbreviation", CELL_TEXT, {"Saīsinājums", "Abbreviation", "Сокращение"}},
    [OWN_KIND] = {"kind", CELL_TEXT, {"Iestādes veids", "Kind of institution", "Вид учреждения"}},
    [OWN_SECTOR] = {"sector", CELL_TEXT, {"Resors", "Sector", "Ведомство"}},
    [OWN_SEGMENTS] = {"segments", CELL_TEXT, {"Segmenti", "Segments", "Сегменты"}},
    [OWN_STATUS] = {"status",
                    CELL_TEXT,
                    {"Statuss: new, started, submitted, reopened, partial", "Status: new, started, submitted, reopened, partial",
                     "Статус: new, started, submitted, reopened, partial"}},
    [OWN_SUBMITTED_AT] = {"submitted_at", CELL_TIME, {"Iesniegts (UTC)", "Submitted (UTC)", "Отправлено (UTC)"}},
    [OWN_CHANGED_AT] = {"changed_at", CELL_TIME, {"Mainīts (UTC)", "Changed (UTC)", "Изменено (UTC)"}},
    [OWN_QUESTIONNAIRE_VERSION] = {"questionnaire_version",
                                   CELL_TEXT,
                                   {"Anketas versija", "Version of the questionnaire", "Версия анкеты"}},
    [OWN_ROW_ID] = {"row_id", CELL_TEXT, {"Rindas identifikators", "Row identifier", "Идентификатор строки"}},
    [OWN_ROW_LABEL] = {"row_label", CELL_TEXT, {"Rinda", "Row", "Строка"}},
};

static enum answer_class class_of(enum question_type type) {
  switch (type) {
    case QUESTION_SELECT_ONE:
      return CLASS_CODE;
    case QUESTION_SELECT_MULTIPLE:
      return CLASS_SET;
    case QUESTION_INTEGER:
    case QUESTION_DECIMAL:
    case QUESTION_CALCULATE:
      return CLASS_NUMBER;
    case QUESTION_TEXT:
      return CLASS_TEXT;
    case QUESTION_DATE:
      return CLASS_DATE;
    case QUESTION_NOTE:
      return CLASS_NONE;
  }
  return CLASS_NONE;
}

static int add_column(struct builder *builder, struct dataset_column column, int version) {
  struct columns *columns = builder->columns;
  if (columns->count == builder->cap) {
    int cap = builder->cap > 0 ? builder->cap * 2 : FIRST_COLUMNS;
    struct dataset_column *list = arena_array(builder->arena, (size_t)cap, sizeof *list);
    int *versions = arena_array(builder->arena, (size_t)cap, sizeof *versions);
    if (columns->count > 0) {
      memcpy(list, columns->list, (size_t)columns->count * sizeof *list);
      memcpy(versions, builder->versions, (size_t)columns->count * sizeof *versions);
    }
    columns->list = list;
    builder->versions = versions;
    builder->cap = cap;
  }
  columns->list[columns->count] = column;
  builder->versions[columns->count] = version;
  return columns->count++;
}

static void add_own(struct builder *builder, bool roster) {
  int language = 1;
  if (strcmp(builder->language, "lv") == 0) language = 0;
  if (strcmp(builder->language, "ru") == 0) language = 2;
  int count = roster ? OWN_ROW_LABEL + 1 : OWN_ROW_ID;
  for (int i = 0; i < count; i++) {
    struct dataset_column column = {.name = own_columns[i].name,
                                    .label = own_columns[i].label[language],
                                    .kind = own_columns[i].kind,
                                    .question = -1,
                                    .option = -1};
    add_column(builder, column, 0);
  }
  builder->columns->own_count = count;
}

/* The name in a version where the id now means another kind of answer: "K1_2016_1". */
static const char *versioned_id(struct builder *builder, const char *id, const char *version) {
  char *name = arena_printf(builder->arena, "%s_%s", id, version);
  for (char *at = name; *at != '\0'; at++) {
    if (!isalnum((unsigned char)*at) && *at != '_') *at = '_';
  }
  return name;
}

/* "K13M_99"; "K01M__1" when some version has a question K01M_1, for a question's id is its column. */
static const char *option_name(struct builder *builder, const char *id, int code) {
  const char *name = arena_printf(builder->arena, "%s_%d", id, code);
  for (int i = 0; i < builder->form_count; i++) {
    if (form_find(builder->forms[i], name) >= 0) return arena_printf(builder->arena, "%s__%d", id, code);
  }
  return name;
}

static struct dataset_column describe(struct builder *builder, int version, int index, int option, const char *id) {
  const struct form *form = builder->forms[version];
  const struct form_question *question = &form->questions[index];
  int language = form_language(form, builder->language);
  struct dataset_column column = {.name = id, .kind = CELL_NUMBER, .question = index, .option = option};
  column.label = question->text.in[language];
  if (question->type == QUESTION_TEXT) column.kind = CELL_TEXT;
  if (question->type == QUESTION_DATE) column.kind = CELL_DATE;
  if (question->type == QUESTION_SELECT_ONE && builder->labels) column.kind = CELL_TEXT;
  if (question->type == QUESTION_DECIMAL || question->type == QUESTION_CALCULATE) column.decimals = 2;
  if (option >= 0) {
    const struct form_option *chosen = &question->options[option];
    column.name = option_name(builder, id, chosen->code);
    column.label = arena_printf(builder->arena, "%s: %s", column.label, chosen->text.in[language]);
  }
  return column;
}

/* The newest version before this one that has the question with the same kind of answer, -1; *retyped: some newer one
 * has it with another kind. */
static int find_same(const struct builder *builder, int version, int index, int *found, bool *retyped) {
  const struct form_question *question = &builder->forms[version]->questions[index];
  *retyped = false;
  for (int newer = 0; newer < version; newer++) {
    int other = form_find(builder->forms[newer], question->id);
    if (other < 0 || builder->first[newer][other] < 0) continue;
    if (class_of(builder->forms[newer]->questions[other].type) == class_of(question->type)) {
      *found = other;
      return newer;
    }
    *retyped = true;
  }
  return -1;
}

/* The column of an option by its code in any newer version, -1. */
static int find_option(const struct builder *builder, int version, const struct form_question *question, int code) {
  for (int newer = 0; newer < version; newer++) {
    const struct form *form = builder->forms[newer];
    int other = form_find(form, question->id);
    if (other < 0 || builder->options[newer][other] == NULL) continue;
    int option = form_option_index(&form->questions[other], code);
    if (option >= 0) return builder->options[newer][other][option];
  }
  return -1;
}

static void add_question(struct builder *builder, int version, int index) {
  const struct form_question *question = &builder->forms[version]->questions[index];
  int other = -1;
  bool retyped;
  int newer = find_same(builder, version, index, &other, &retyped);
  const char *id = question->id;
  if (newer < 0 && retyped) id = versioned_id(builder, id, builder->forms[version]->version);
  if (question->type != QUESTION_SELECT_MULTIPLE) {
    int column = newer >= 0 ? builder->first[newer][other]
                            : add_column(builder, describe(builder, version, index, -1, id), version);
    builder->first[version][index] = column;
    return;
  }
  int *options = arena_array(builder->arena, (size_t)question->option_count, sizeof *options);
  for (int i = 0; i < question->option_count; i++) {
    options[i] = find_option(builder, version, question, question->options[i].code);
    if (options[i] < 0) options[i] = add_column(builder, describe(builder, version, index, i, id), version);
  }
  builder->options[version][index] = options;
  builder->first[version][index] = question->option_count > 0 ? options[0] : -1;
}

static void add_version(struct builder *builder, int version, const char *roster) {
  const struct form *form = builder->forms[version];
  size_t count = (size_t)form->question_count;
  builder->first[version] = arena_array(builder->arena, count, sizeof(int));
  builder->options[version] = arena_array(builder->arena, count, sizeof(int *));
  int container = roster != NULL ? form_find_roster(form, roster) : -1;
  int wanted = container >= 0 ? form->containers[container].roster : -1;
  for (int i = 0; i < form->question_count; i++) {
    builder->first[version][i] = -1;
    if (class_of(form->questions[i].type) == CLASS_NONE) continue;
    if (form->questions[i].roster != wanted || (roster != NULL && container < 0)) continue;
    add_question(builder, version, i);
  }
}

static const struct column_source *map_version(const struct builder *builder, int version) {
  const struct columns *columns = builder->columns;
  struct column_source *sources = arena_array(builder->arena, (size_t)columns->count, sizeof *sources);
  for (int i = 0; i < columns->count; i++) sources[i] = (struct column_source){-1, -1};
  const struct form *form = builder->forms[version];
  for (int i = 0; i < form->question_count; i++) {
    const int *options = builder->options[version][i];
    if (options == NULL && builder->first[version][i] >= 0) {
      sources[builder->first[version][i]] = (struct column_source){i, -1};
    }
    for (int k = 0; options != NULL && k < form->questions[i].option_count; k++) {
      sources[options[k]] = (struct column_source){i, k};
    }
  }
  return sources;
}

struct named {
  const char *name;
  int index;
};

static int compare_names(const void *a, const void *b) {
  const struct named *left = a, *right = b;
  int order = strcmp(left->name, right->name);
  return order != 0 ? order : (left->index > right->index) - (left->index < right->index);
}

/* What is still called alike (a question "status" and our own column) gets a number behind it, the later one. */
static void make_unique(struct builder *builder) {
  struct columns *columns = builder->columns;
  struct named *names = arena_array(builder->arena, (size_t)columns->count, sizeof *names);
  for (bool changed = true; changed;) {
    changed = false;
    for (int i = 0; i < columns->count; i++) names[i] = (struct named){columns->list[i].name, i};
    qsort(names, (size_t)columns->count, sizeof *names, compare_names);
    int same = 1;
    for (int i = 1; i < columns->count; i++) {
      same = strcmp(names[i].name, names[i - 1].name) == 0 ? same + 1 : 1;
      if (same == 1) continue;
      columns->list[names[i].index].name = arena_printf(builder->arena, "%s__%d", names[i].name, same);
      changed = true;
    }
  }
}

struct columns *columns_new(const struct form *const *forms, int form_count, const char *roster, const char *language,
                            bool labels, struct arena *arena) {
  struct builder builder = {.forms = forms, .form_count = form_count, .language = language, .labels = labels};
  builder.arena = arena;
  builder.columns = arena_alloc(arena, sizeof *builder.columns);
  builder.first = arena_array(arena, (size_t)form_count, sizeof *builder.first);
  builder.options = arena_array(arena, (size_t)form_count, sizeof *builder.options);
  add_own(&builder, roster != NULL);
  for (int i = 0; i < form_count; i++) add_version(&builder, i, roster);
  make_unique(&builder);
  const struct column_source **sources = arena_array(arena, (size_t)form_count, sizeof *sources);
  for (int i = 0; i < form_count; i++) sources[i] = map_version(&builder, i);
  builder.columns->sources = sources;
  builder.columns->versions = builder.versions;
  return builder.columns;
}
