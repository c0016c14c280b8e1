/* The latest calls and letters on an institution's page, with the form to write one down. */
#include "web/contact_view.h"
#include "web/institution_parts.h"

#define LATEST 5

void institution_log_view(struct request *request, struct view *view, const struct institution_card *card, struct err *err) {
  contact_entries_view(request, view, card->round, card->institution, LATEST, err);
  contact_form_view(request, view, card->round, card->institution);
}
