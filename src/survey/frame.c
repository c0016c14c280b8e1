#include "survey/frame.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "store/event.h"
#include "store/frame.h"
#include "store/overview.h"
#include "store/stored_response.h"
#include "survey/collate.h"
#include "survey/disposition.h"
#include "survey/forms.h"
#include "survey/text.h"

static bool has_come(const char *day) {
  int days;
  return clock_parse_date(day, strlen(day), &days) && clock_now_ms() >= clock_riga_ms(days, 0);
}

/* Without asking who may; id "": the latest. */
static bool find_round(struct db *db, const char *id, const char *language, struct arena *arena, struct frame_round *out,
                       struct err *err) {
  struct round round;
  struct err own = {0};
  bool found = false;
  struct stmt *stmt = round_list(db, language);
  while (!found && round_next(stmt, &round, &own)) found = id[0] == '\0' || strcmp(round.id, id) == 0;
  if (found) {
    *out = (struct frame_round){.id = arena_copy(arena, round.id), .title = arena_copy(arena, round.title),
                                .opens = arena_copy(arena, round.opens), .opened = has_come(round.opens)};
  }
  stmt_end(stmt);
  if (own.code != ERR_NONE) return err_set(err, own.code, "%s", own.text);
  return found || err_set(err, ERR_NOT_FOUND, "there is no round \"%s\"", id);
}

bool frame_check(struct db *db, const struct actor *actor, const char *id, struct arena *arena, struct frame_round *out,
                 struct err *err) {
  if (!rights_allow(actor, ACTION_FRAME, 0)) return err_set(err, ERR_DENIED, "only who runs the round may keep its frame");
  return find_round(db, id, actor->language, arena, out, err);
}

size_t frame_items(struct db *db, const struct actor *actor, const char *round, const char *find, int offset, int limit,
                   struct arena *arena, const struct frame_item **out, int *total, struct err *err) {
  struct frame_round known;
  struct frame_row row;
  struct err own = {0};
  struct buf folded = {0};
  size_t count = 0;
  *total = 0;
  *out = NULL;
  if (!frame_check(db, actor, round, arena, &known, err)) return 0;
  collate_fold(find, &folded);
  const char *part = arena_copy(arena, buf_text(&folded));
  buf_free(&folded);
  struct frame_item *list = arena_array(arena, (size_t)limit, sizeof *list);
  struct stmt *stmt = frame_page(db, known.id, part, offset, limit);
  while (count < (size_t)limit && frame_next_row(stmt, &row, &own)) {
    list[count++] = (struct frame_item){
        .institution = row.id,
        .name = arena_copy(arena, row.name),
        .abbreviation = arena_copy(arena, row.abbreviation),
        .registration_number = arena_copy(arena, row.registration_number),
        .email = arena_copy(arena, row.email),
        .contacts = row.contacts,
        .waiting = row.waiting,
        .participates = row.participates,
        .late = row.joined_ms != 0,
    };
  }
  stmt_end(stmt);
  *total = frame_count(db, known.id, part, &own);
  *out = list;
  if (own.code != ERR_NONE) err_set(err, own.code, "%s", own.text);
  return own.code == ERR_NONE ? count : 0;
}

/* ---- taking institutions in */

struct opening {
  const char *questionnaire;
  int64_t version_id;
  int required; /* of an empty response */
};

struct frame_intake {
  struct db *db;
  const char *round;
  bool opened, closed;
  int position; /* of the next to join */
  struct opening *openings;
  size_t opening_count;
};

static bool read_openings(struct frame_intake *intake, struct arena *arena, struct err *err) {
  enum { MOST = 100 };
  struct overview_totals totals;
  struct err own = {0};
  intake->openings = arena_array(arena, MOST, sizeof *intake->openings);
  struct stmt *stmt = overview_questionnaires(intake->db, intake->round);
  while (intake->opening_count < MOST && overview_next_totals(stmt, &totals, &own)) {
    intake->openings[intake->opening_count++] =
        (struct opening){arena_copy(arena, totals.questionnaire), totals.version_id, 0};
  }
  stmt_end(stmt);
  for (size_t i = 0; own.code == ERR_NONE && i < intake->opening_count; i++) {
    const struct form *form = forms_get(intake->db, intake->openings[i].version_id, &own);
    if (form != NULL) intake->openings[i].required = state_compute(response_new(form, arena), arena)->total.required;
  }
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

struct frame_intake *frame_intake_new(struct db *db, const char *round, struct arena *arena, struct err *err) {
  struct frame_intake *intake = arena_alloc(arena, sizeof *intake);
  struct frame_round known;
  struct err own = {0};
  if (!find_round(db, round, "lv", arena, &known, err)) return NULL;
  *intake = (struct frame_intake){.db = db, .round = known.id, .opened = known.opened};
  intake->closed = frame_is_closed(db, known.id, &own);
  intake->position = frame_next_position(db, known.id, &own);
  if (own.code == ERR_NONE && read_openings(intake, arena, &own)) return intake;
  err_set(err, own.code, "%s", own.text);
  return NULL;
}

static bool open_responses(const struct frame_intake *intake, int64_t institution, const char *sort_key, struct err *err) {
  for (size_t i = 0; i < intake->opening_count; i++) {
    const struct response_opening opening = {
        .round = intake->round,
        .questionnaire = intake->openings[i].questionnaire,
        .institution = institution,
        .version_id = intake->openings[i].version_id,
        .required = intake->openings[i].required,
        .sort_key = sort_key,
    };
    if (!stored_response_open(intake->db, &opening, err)) return false;
  }
  return true;
}

int64_t frame_put(struct frame_intake *intake, int64_t id, const struct frame_details *details, bool joins, struct err *err) {
  struct buf sort_key = {0}, search_text = {0};
  if (joins && intake->closed) {
    err_set(err, ERR_LOCKED, "the round is closed");
    return 0;
  }
  collate_sort_key(details->name, &sort_key);
  collate_fold(details->name, &search_text);
  buf_putc(&search_text, ' ');
  collate_fold(details->abbreviation, &search_text);
  const struct institution institution = {
      .registration_number = details->registration_number,
      .name = details->name,
      .abbreviation = details->abbreviation,
      .kind = details->kind,
      .sector = details->sector,
      .segments = details->segments,
      .sort_key = buf_text(&sort_key),
      .search_text = buf_text(&search_text),
      .email = details->email,
      .phone = details->phone,
  };
  bool ok = id == 0 || institution_change(intake->db, id, &institution, err);
  if (id == 0) ok = (id = institution_put(intake->db, &institution, err)) != 0;
  const struct frame_entry entry = {
      .round = intake->round,
      .institution = id,
      .status = details->status,
      .comment = details->comment,
      .joined_ms = intake->opened ? clock_now_ms() : 0,
      .position = intake->position,
  };
  if (ok && !joins) ok = frame_set_words(intake->db, &entry, err);
  if (ok && joins) ok = frame_join(intake->db, &entry, err) && open_responses(intake, id, buf_text(&sort_key), err);
  if (joins) intake->position++;
  buf_free(&sort_key);
  buf_free(&search_text);
  return ok ? id : 0;
}

/* ---- taking part */

static const char *const refusals[] = {"no_contact", "no_answer", "no_resources", "refused", "merged", "other", NULL};

const char *frame_refusal(int index) { return refusals[index]; }

bool frame_standing(struct db *db, const struct actor *actor, const char *round, int64_t institution, struct arena *arena,
                    struct frame_standing *out, struct err *err) {
  struct frame_participation stored;
  struct err own = {0};
  struct stmt *stmt;
  if (!rights_allow(actor, ACTION_FRAME, institution)) return err_set(err, ERR_DENIED, "only who runs the round may see this");
  frame_participation(db, round, institution, &stmt, &stored, &own);
  *out = (struct frame_standing){stored.asked, stored.participates, arena_copy(arena, stored.refusal), arena_copy(arena, stored.remark)};
  stmt_end(stmt);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

static bool is_refusal(const char *name) {
  for (size_t i = 0; refusals[i] != NULL; i++) {
    if (strcmp(refusals[i], name) == 0) return true;
  }
  return false;
}

bool frame_set_part(struct db *db, const struct actor *actor, const char *round, int64_t institution, const char *refusal,
                    const char *remark, struct err *err) {
  struct arena *arena = arena_new();
  struct frame_standing old;
  bool ok = false, refuses = refusal[0] != '\0';
  const char *words = text_lines(refuses ? remark : "", FRAME_REMARK_MAX, arena);
  struct err own = {0};
  if (!frame_standing(db, actor, round, institution, arena, &old, &own)) goto out;
  if (!old.asked) err_set(&own, ERR_NOT_FOUND, "the round does not ask this institution");
  else if (frame_is_closed(db, round, &own)) err_set(&own, ERR_LOCKED, "the round is closed");
  else if (refuses && !is_refusal(refusal)) err_set(&own, ERR_INPUT, "there is no reason \"%s\"", refusal);
  else if (words == NULL) err_set(&own, ERR_INPUT, "a remark has at most %d characters", FRAME_REMARK_MAX);
  if (own.code != ERR_NONE) goto out;
  if (old.participates == !refuses && strcmp(old.refusal, refusal) == 0 && strcmp(old.remark, words) == 0) {
    ok = true;
    goto out;
  }
  const struct frame_participation now = {true, !refuses, refusal, words};
  const char *kind = refuses ? arena_printf(arena, "refusal_%s", refusal) : "participation";
  ok = frame_set_participation(db, round, institution, &now, &own) &&
       disposition_keep_institution(db, round, institution, &own) &&
       event_add(db, actor->person, kind, arena_printf(arena, "institution %" PRId64, institution), words, &own);
out:
  arena_free(arena);
  return ok || err_set(err, own.code, "%s", own.text);
}
