#include "form/form.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "form/index.h"

void form_free(struct form *form) {
  if (form != NULL) arena_free(form->arena); /* the form lives in its own arena */
}

int form_find(const struct form *form, const char *id) { return form_index_get(form->index, FORM_INDEX_QUESTION, id); }

int form_find_roster(const struct form *form, const char *id) {
  int container = form_index_get(form->index, FORM_INDEX_CONTAINER, id);
  return container >= 0 && form->containers[container].kind == CONTAINER_ROSTER ? container : -1;
}

int form_find_section(const struct form *form, const char *id) {
  return form_index_get(form->index, FORM_INDEX_SECTION, id);
}

int form_language(const struct form *form, const char *code) {
  for (int i = 0; i < form->language_count; i++) {
    if (strcmp(form->languages[i], code) == 0) return i;
  }
  return 0;
}

int form_option_index(const struct form_question *question, int code) {
  for (int i = 0; i < question->option_count; i++) {
    if (question->codes[i] == code) return i;
  }
  return -1;
}

bool form_is_answerable(const struct form_question *question) {
  return question->type != QUESTION_NOTE && question->type != QUESTION_CALCULATE;
}

const char *form_type_name(enum question_type type) {
  static const char *const names[] = {"select_one", "select_multiple", "integer", "decimal",
                                      "text",       "date",            "note",    "calculate"};
  return names[type];
}
