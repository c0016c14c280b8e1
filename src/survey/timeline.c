#include "survey/timeline.h"

#include <string.h>

#include "base/clock.h"
#include "store/stored_response.h"
#include "survey/forms.h"

#define BIT(part) (1u << (part))
#define RESPONSES_MAX 32
#define ENTRIES_MAX 2000 /* of one page, however long its last day is */

static const struct {
  const char *name;
  unsigned parts;
} choices[TIMELINE_CHOICES] = {
    [TIMELINE_ALL] = {"all", BIT(TIMELINE_PARTS) - 1},
    [TIMELINE_CALLS] = {"calls", BIT(TIMELINE_CONTACT)},
    [TIMELINE_MAILS] = {"mails", BIT(TIMELINE_MAIL)},
    [TIMELINE_WORK] = {"work", BIT(TIMELINE_SITTING) | BIT(TIMELINE_ANSWER)},
    [TIMELINE_ENTRIES] = {"entries", BIT(TIMELINE_SIGN_IN)},
    [TIMELINE_ACTS] = {"acts", BIT(TIMELINE_EVENT)},
};

const char *timeline_choice_name(enum timeline_choice choice) { return choices[choice].name; }

enum timeline_choice timeline_choice_find(const char *name) {
  for (int i = 0; i < TIMELINE_CHOICES; i++)
    if (strcmp(choices[i].name, name) == 0) return (enum timeline_choice)i;
  return TIMELINE_ALL;
}

/* The responses of the institution, whose forms give them names. */
struct responses {
  int64_t ids[RESPONSES_MAX];
  const struct form *forms[RESPONSES_MAX];
  size_t count;
};

static bool read_responses(struct db *db, const char *round, int64_t institution, struct responses *out, struct err *err) {
  struct stored_response stored;
  struct err own = {0};
  struct stmt *stmt = stored_response_in_round(db, round, institution);
  while (out->count < RESPONSES_MAX && own.code == ERR_NONE && stored_response_next(stmt, &stored, &own)) {
    out->ids[out->count] = stored.id;
    out->forms[out->count++] = forms_get_hash(db, stored.version_id, stored.hash, &own);
  }
  stmt_end(stmt);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

static const struct form *find_form(const struct responses *responses, int64_t id) {
  for (size_t i = 0; i < responses->count; i++)
    if (responses->ids[i] == id) return responses->forms[i];
  return NULL;
}

/* The entry of the same day that counts this person's answers in the response; NULL. */
static struct timeline_entry *find_answers(struct timeline_entry *list, size_t count, const struct timeline_row *row) {
  int day = clock_riga_day(row->at_ms);
  while (count-- > 0 && clock_riga_day(list[count].at_ms) == day) {
    struct timeline_entry *entry = &list[count];
    if (entry->part == TIMELINE_ANSWER && entry->response == row->response && entry->number == row->number) return entry;
  }
  return NULL;
}

static void read_entry(const struct timeline_row *row, const struct responses *responses, struct arena *arena,
                       struct timeline_entry *out) {
  *out = (struct timeline_entry){.at_ms = row->at_ms,
                                 .part = row->part,
                                 .kind = arena_copy(arena, row->kind),
                                 .about = arena_copy(arena, row->about),
                                 .text = arena_copy(arena, row->text),
                                 .form = find_form(responses, row->response),
                                 .response = row->response,
                                 .number = row->number,
                                 .more = row->more,
                                 .who = arena_copy(arena, row->who),
                                 .answers = 1};
}

size_t timeline_page(struct db *db, const struct actor *actor, int64_t institution, const char *round,
                     enum timeline_choice choice, int before, size_t wanted, struct arena *arena,
                     const struct timeline_entry **out, int *more, struct err *err) {
  struct responses responses = {0};
  struct timeline_row row;
  struct err own = {0};
  size_t count = 0;
  struct timeline_entry *list = arena_array(arena, ENTRIES_MAX, sizeof *list);
  *out = list;
  *more = 0;
  if (!rights_allow(actor, ACTION_SEE_FIELD, institution)) {
    err_set(err, ERR_NOT_FOUND, "there is no such institution");
    return 0;
  }
  if (!read_responses(db, round, institution, &responses, err)) return 0;
  struct stmt *stmt = timeline_list(db, institution, round, choices[choice].parts,
                                    before > 0 ? clock_riga_ms(before, 0) : INT64_MAX);
  while (timeline_next(stmt, &row, &own)) {
    struct timeline_entry *answers = row.part == TIMELINE_ANSWER ? find_answers(list, count, &row) : NULL;
    if (answers != NULL) {
      answers->answers++;
      continue;
    }
    int day = clock_riga_day(row.at_ms);
    if (count >= wanted && day != clock_riga_day(list[count - 1].at_ms)) {
      *more = day + 1;
      break;
    }
    if (count < ENTRIES_MAX) read_entry(&row, &responses, arena, &list[count++]);
  }
  stmt_end(stmt);
  if (own.code == ERR_NONE) return count;
  err_set(err, own.code, "%s", own.text);
  return 0;
}
