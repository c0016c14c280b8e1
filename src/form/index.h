/* From ids to numbers: the hash table behind form_find. */
#ifndef ANKETA_FORM_INDEX_H
#define ANKETA_FORM_INDEX_H

#include "base/arena.h"

enum form_index_kind { FORM_INDEX_QUESTION, FORM_INDEX_CONTAINER, FORM_INDEX_SECTION };

struct form_index;

/* Room for count ids; lives in the arena. */
struct form_index *form_index_new(struct arena *arena, int count);

/* Borrows id. The first of two equal ids of a kind stays. */
void form_index_put(struct form_index *index, enum form_index_kind kind, const char *id, int number);

/* -1 when there is none. */
int form_index_get(const struct form_index *index, enum form_index_kind kind, const char *id);

#endif
