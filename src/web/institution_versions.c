#include "web/institution_parts.h"

void institution_versions(struct request *request, struct view *view, const struct institution_card *card, struct err *err) {
  view_list(view, "versions_list");
  view_bool(view, "versions_any", card->response_count > 0);
  for (size_t i = 0; i < card->response_count && err->code == ERR_NONE; i++) {
    const struct card_response *response = &card->responses[i];
    struct view *item = view_item(view, "versions_list");
    struct work *work = work_open(request_db(request), request->actor, response->response, request->arena, err);
    if (work == NULL) return;
    view_text(item, "form_title", response->form->title.in[form_language(response->form, request->language)]);
    view_text(item, "label", response->form->version);
    struct view *words = view_new(request->arena);
    int count = 0;
    for (const struct work_misfit *misfit = work->misfits; misfit != NULL; misfit = misfit->next) count++;
    view_int(words, "count", count);
    view_text(item, "left", count == 0 ? "" : request_message(request, "corrections.left_count", words));
    view_text(item, "link", arena_printf(request->arena, "/r/%lld/corrected", (long long)response->response));
  }
}
