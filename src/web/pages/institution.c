#include "survey/institution_card.h"

#include <stdlib.h>
#include <string.h>

#include "web/deadline.h"
#include "web/institution_parts.h"
#include "web/locale.h"
#include "web/pages/field_view.h"
#include "web/pages/pages.h"

static const char *duration(struct request *request, int64_t ms) {
  return locale_duration(ms, request->language, request->arena);
}

static void progress_view(struct request *request, struct view *item, const struct card_response *response) {
  const struct form *form = response->form;
  view_bool(item, "has_progress", response->progress_count > 0);
  view_list(item, "progress");
  for (size_t i = 0; i < response->progress_count; i++) {
    const struct card_progress *progress = &response->progress[i];
    struct view *line = view_item(item, "progress");
    view_text(line, "section_title", form->sections[progress->section].title.in[form_language(form, request->language)]);
    view_int(line, "answered", progress->answered);
    view_int(line, "required", progress->required);
  }
}

static void response_view(struct request *request, struct view *item, const struct card_response *response) {
  bool submitted = response->status == RESPONSE_SUBMITTED && response->submitted_ms != 0;
  view_int(item, "response", response->response);
  view_text(item, "form_title", response->form->title.in[form_language(response->form, request->language)]);
  field_tag_view(request, item, response->disposition);
  progress_view(request, item, response);
  view_bool(item, "counts", response->status != RESPONSE_NEW);
  view_int(item, "answered", response->answered);
  view_int(item, "required", response->required);
  view_text(item, "deadline", field_date(request, response->deadline_ms));
  view_text(item, "when", field_moment(request, submitted ? response->submitted_ms : response->changed_ms));
  view_text(item, "spent", response->active_ms > 0 ? duration(request, response->active_ms) : "–");
}

static const char *average_text(struct request *request, const struct sitting_average *average) {
  struct view *words = view_new(request->arena);
  view_text(words, "mean", duration(request, average->mean_ms));
  view_text(words, "median", duration(request, average->median_ms));
  view_int(words, "with_time", average->count);
  return request_message(request, "institution.average_text", words);
}

/* The bars are shares of the section that took longest. */
static void sections_view(struct request *request, struct view *item, const struct card_response *response) {
  const struct form *form = response->form;
  int64_t longest = 0;
  for (size_t i = 0; i < response->section_count; i++)
    if (response->sections[i].active_ms > longest) longest = response->sections[i].active_ms;
  view_list(item, "spent_sections");
  for (size_t i = 0; i < response->section_count; i++) {
    const struct card_section *section = &response->sections[i];
    const struct form_section *its = &form->sections[form_find_section(form, section->id)];
    struct view *line = view_item(item, "spent_sections");
    view_text(line, "section_title", its->title.in[form_language(form, request->language)]);
    view_text(line, "spent", duration(request, section->active_ms));
    view_int(line, "part", section->active_ms / 1000);
    view_int(line, "longest", longest / 1000 > 0 ? longest / 1000 : 1);
    view_int(line, "section_people", section->people);
  }
}

static void time_view(struct request *request, struct view *item, const struct card_response *response) {
  const struct sitting_total *total = &response->total;
  view_int(item, "time_of", response->response);
  view_text(item, "form_title", response->form->title.in[form_language(response->form, request->language)]);
  view_text(item, "spent", duration(request, response->active_ms));
  view_int(item, "sittings", total->sittings);
  view_int(item, "sitting_people", total->people);
  view_text(item, "each", duration(request, total->sittings > 0 ? response->active_ms / total->sittings : 0));
  view_text(item, "last", field_moment(request, total->last_ms));
  view_text(item, "average", average_text(request, &response->average));
  sections_view(request, item, response);
}

static void person_view(struct request *request, struct view *item, const struct card_person *person) {
  struct view *words = view_new(request->arena);
  view_text(words, "removed_date", field_date(request, person->removed_ms));
  view_int(item, "person_number", person->person);
  view_text(item, "person_name", person->name);
  view_text(item, "email", person->email);
  view_text(item, "phone", person->phone);
  view_text(item, "person_phone", field_phone_link(request, person->phone));
  view_bool(item, "responsible", person->responsible);
  view_text(item, "removed", person->removed_ms == 0 ? "" : request_message(request, "institution.removed", words));
  view_text(item, "since", field_date(request, person->since_ms));
  view_text(item, "invited_by", person->invited_by);
  view_text(item, "last_in", person->signed_in_ms == 0 ? "" : field_moment(request, person->signed_in_ms));
}

static void card_view(struct request *request, struct view *view, const struct institution_card *card) {
  view_text(view, "card_name", card->name);
  view_text(view, "abbreviation", card->abbreviation);
  view_text(view, "card_round", card->round_title);
  view_text(view, "registration_number", card->registration_number);
  view_text(view, "kind", field_kind_text(request, card->kind));
  view_text(view, "sector", card->sector);
  view_text(view, "disposition", card->disposition);
  view_text(view, "comment", card->comment);
  view_text(view, "card_deadline", field_date(request, card->deadline_ms));
  view_bool(view, "own_deadline", card->own_deadline);
  view_text(view, "deadline_text",
            deadline_text(request->app->templates, card->deadline_ms, request->language, request->arena));
  view_text(view, "contacted", card->contacted_ms == 0 ? "" : field_date(request, card->contacted_ms));
  field_contact_view(request, view, card->call != NULL ? card->call->name : "", card->call != NULL ? card->call->phone : "");
  view_bool(view, "has_responses", card->response_count > 0);
  view_bool(view, "has_people", card->person_count > 0);
  view_list(view, "responses");
  view_list(view, "times");
  view_list(view, "people");
  bool timed = false;
  for (size_t i = 0; i < card->response_count; i++) {
    response_view(request, view_item(view, "responses"), &card->responses[i]);
    if (card->responses[i].active_ms == 0) continue;
    time_view(request, view_item(view, "times"), &card->responses[i]);
    timed = true;
  }
  view_bool(view, "has_times", timed);
  for (size_t i = 0; i < card->person_count; i++) person_view(request, view_item(view, "people"), &card->people[i]);
}

const char *institution_link(struct request *request, int64_t institution, const char *round) {
  return arena_printf(request->arena, "/field/i/%lld?round=%s", (long long)institution, round);
}

/* One call a section of institution_parts.h, in the page's order. */
static void show_parts(struct request *request, struct view *view, const struct institution_card *card, struct err *err) {
  view_int(view, "card_id", card->institution);
  view_text(view, "card_round_id", card->round);
  institution_steer_view(request, view, card, err);
  institution_people_view(request, view, card, err);
  institution_log_view(request, view, card, err);
  institution_mail_view(request, view, card, err);
  institution_versions(request, view, card, err);
  institution_timeline_view(request, view, card, err);
}

void page_institution(struct request *request) {
  struct err err = {0};
  char *end;
  const struct institution_card *card = NULL;
  long long id = strtoll(request->params[0], &end, 10);
  if (id <= 0 || *end != '\0') err_set(&err, ERR_NOT_FOUND, "no institution %s", request->params[0]);
  else card = institution_card_open(request_db(request), request->actor, id, request_query(request, "round"),
                                    request->arena, &err);
  if (card == NULL) {
    reply_error(request, &err);
    return;
  }
  struct view *view = view_new(request->arena);
  page_frame(request, view, "title.field");
  view_text(view, "title", card->name);
  card_view(request, view, card);
  show_parts(request, view, card, &err);
  if (err.code != ERR_NONE) reply_error(request, &err);
  else reply_page(request, 200, "institution", view);
}
