/* On an institution's page: its last day, what was submitted and may be given back, on whose authority answers are entered. */
#include "survey/extension.h"
#include "web/institution_parts.h"
#include "web/steer_view.h"

static void deadline_view(struct request *request, struct view *view, const struct extension_state *state) {
  const struct terms *terms = &state->terms;
  bool own = terms->own_deadline_ms > terms->deadline_ms;
  view_text(view, "steer_day", steer_date(request, terms_deadline_ms(terms)));
  view_bool(view, "steer_own", own);
  view_text(view, "steer_round_day", steer_date(request, terms->deadline_ms));
  view_text(view, "steer_reason", own && state->count > 0 ? state->changes[0].reason : "");
  view_bool(view, "steer_closed", terms->closed_ms != 0);
}

static void responses_view(struct request *request, struct view *view, const struct institution_card *card, struct err *err) {
  view_list(view, "steer_responses");
  for (size_t i = 0; i < card->response_count && err->code == ERR_NONE; i++) {
    const struct card_response *its = &card->responses[i];
    const struct submitted *list;
    const struct work *work = work_peek(request_db(request), request->actor, its->response, request->arena, err);
    size_t count = work != NULL ? submitted_list(request_db(request), work, request->arena, &list, err) : 0;
    if (work == NULL || (count == 0 && work->authority == 0)) continue;
    bool again = count > 1 || (count == 1 && work->item.status == RESPONSE_REOPENED);
    struct view *item = view_item(view, "steer_responses");
    view_int(item, "response", its->response);
    view_text(item, "form_title", its->form->title.in[form_language(its->form, request->language)]);
    view_bool(item, "to_reopen", work->item.status == RESPONSE_SUBMITTED && !work->item.closed);
    view_bool(item, "to_compare", again);
    view_bool(item, "to_enter", work->authority != 0 && work->editable);
  }
}

void institution_steer_view(struct request *request, struct view *view, const struct institution_card *card, struct err *err) {
  struct extension_state state;
  const struct authority *list;
  struct err none = {0};
  view_bool(view, "steer_there", false);
  if (!extension_read(request_db(request), request->actor, card->round, card->institution, request->arena, &state, &none)) return;
  deadline_view(request, view, &state);
  responses_view(request, view, card, err);
  size_t count = authority_read(request_db(request), request->actor, card->round, card->institution, request->arena, &list, err);
  view_list(view, "steer_authorities");
  for (size_t i = 0; i < count; i++)
    if (list[i].ended_ms == 0) steer_authority_view(request, view_item(view, "steer_authorities"), &list[i]);
  view_bool(view, "steer_there", true);
}
