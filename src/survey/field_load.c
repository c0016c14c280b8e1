#include <string.h>

#include "base/file.h"
#include "store/institution.h"
#include "store/round.h"
#include "store/stored_response.h"
#include "survey/collate.h"
#include "survey/disposition.h"
#include "survey/field.h"
#include "survey/forms.h"
#include "survey/round_file.h"

/* A questionnaire of the round, published. */
struct published {
  const char *questionnaire;
  int64_t version_id;
  int required; /* questions that an empty response must have answered */
};

struct loader {
  struct db *db;
  const struct round_file *file;
  struct arena *arena;
  struct published *published;
};

static bool put_round(const struct loader *loader, struct err *err) {
  const struct round_file *file = loader->file;
  struct round round = {
      .id = file->id,
      .opens = file->opens,
      .deadline = file->deadline,
      .deadline_ms = round_file_end_of_day_ms(file->deadline_days),
      .help_phone = file->help_phone,
      .help_email = file->help_email,
      .responsible_submits = file->responsible_submits,
      .previous = file->previous,
      .take_over = file->take_over,
      .idle_ms = file->idle_ms,
  };
  bool ok = round_put(loader->db, &round, err);
  for (int i = 0; ok && i < file->title.count; i++) {
    ok = round_put_title(loader->db, file->id, file->title.languages[i], file->title.texts[i], err);
  }
  for (int s = 0; ok && s < file->segment_count; s++) {
    const struct round_text *title = &file->segments[s].title;
    for (int i = 0; ok && i < title->count; i++) {
      ok = round_put_segment(loader->db, file->segments[s].id, title->languages[i], title->texts[i], err);
    }
  }
  return ok;
}

static bool publish_file(struct db *db, const char *path, int64_t *version_id, struct err *err) {
  struct buf text = {0};
  struct err own = {0};
  if (file_read(path, FORM_FILE_MAX, &text, &own)) *version_id = forms_publish(db, buf_text(&text), text.len, &own);
  buf_free(&text);
  if (own.code == ERR_NONE) return true;
  return err_set_at(err, own.code, path, own.line, own.column, "%s", own.text);
}

static bool publish(const struct loader *loader, int index, struct err *err) {
  const struct round_file_questionnaire *entry = &loader->file->questionnaires[index];
  struct published *out = &loader->published[index];
  if (!publish_file(loader->db, entry->path, &out->version_id, err)) return false;
  const struct form *form = forms_get(loader->db, out->version_id, err);
  if (form == NULL) return false;
  out->questionnaire = form->id;
  out->required = state_compute(response_new(form, loader->arena), loader->arena)->total.required;
  for (int i = 0; i < index; i++) {
    if (strcmp(loader->published[i].questionnaire, form->id) != 0) continue;
    return err_set_at(err, ERR_INPUT, loader->file->path, entry->line, 1, "questionnaire \"%s\" is in the list twice",
                      form->id);
  }
  return round_put_questionnaire(loader->db, loader->file->id, form->id, out->version_id, entry->filled_by, index, err);
}

static bool open_responses(const struct loader *loader, int64_t institution, const char *sort_key, struct err *err) {
  struct response_opening opening = {.round = loader->file->id, .institution = institution, .sort_key = sort_key};
  for (int i = 0; i < loader->file->questionnaire_count; i++) {
    opening.questionnaire = loader->published[i].questionnaire;
    opening.version_id = loader->published[i].version_id;
    opening.required = loader->published[i].required;
    if (!stored_response_open(loader->db, &opening, err)) return false;
  }
  return true;
}

static bool put_institution(const struct loader *loader, size_t index, struct err *err) {
  const struct round_file_institution *entry = &loader->file->institutions[index];
  struct buf sort_key = {0}, search_text = {0};
  collate_sort_key(entry->name, &sort_key);
  collate_fold(entry->name, &search_text);
  buf_putc(&search_text, ' ');
  collate_fold(entry->abbreviation, &search_text);
  struct institution institution = {
      .registration_number = entry->registration_number,
      .name = entry->name,
      .abbreviation = entry->abbreviation,
      .kind = entry->kind,
      .sector = entry->sector,
      .segments = entry->segments,
      .sort_key = buf_text(&sort_key),
      .search_text = buf_text(&search_text),
  };
  int64_t id = institution_put(loader->db, &institution, err);
  struct round_institution membership = {
      .round = loader->file->id,
      .institution = id,
      .status = entry->status,
      .comment = entry->comment,
      .position = (int)index,
  };
  bool ok = id != 0 && round_put_institution(loader->db, &membership, err) &&
            open_responses(loader, id, buf_text(&sort_key), err);
  buf_free(&sort_key);
  buf_free(&search_text);
  return ok;
}

bool field_load_round(struct db *db, const char *folder, const char *opens, const char *deadline, struct err *err) {
  struct arena *arena = arena_new();
  struct loader loader = {.db = db, .arena = arena};
  loader.file = round_file_load(folder, opens, deadline, arena, err);
  bool ok = loader.file != NULL;
  if (ok) {
    loader.published = arena_array(arena, (size_t)loader.file->questionnaire_count, sizeof *loader.published);
    ok = put_round(&loader, err);
    for (int i = 0; ok && i < loader.file->questionnaire_count; i++) ok = publish(&loader, i, err);
    for (size_t i = 0; ok && i < loader.file->institution_count; i++) ok = put_institution(&loader, i, err);
    ok = ok && disposition_keep_round(db, loader.file->id, err);
  }
  arena_free(arena);
  return ok;
}
