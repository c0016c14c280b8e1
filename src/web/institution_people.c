/* On an institution's page: whether its contacts may be changed, what has been done with them, and whether it takes part. */
#include <string.h>

#include "survey/frame.h"
#include "web/institution_parts.h"

static const char *said_words(struct request *request) {
  static const char *const known[] = {"added", "changed", "removed", "named", "sent", "revoked", "out", "in", "letter", "closed", "no_address"};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    if (strcmp(request_query(request, "people"), known[i]) == 0)
      return request_message(request, arena_printf(request->arena, "frame.people.said_%s", known[i]), NULL);
  }
  return "";
}

void institution_people_view(struct request *request, struct view *view, const struct institution_card *card, struct err *err) {
  struct frame_standing standing = {.participates = true, .refusal = "", .remark = ""};
  if (!frame_standing(request_db(request), request->actor, card->round, card->institution, request->arena, &standing, err)) return;
  view_bool(view, "people_asked", standing.asked);
  view_text(view, "people_said", said_words(request));
  view_bool(view, "people_out", !standing.participates);
  view_text(view, "people_why", standing.refusal[0] == '\0' ? "" :
            request_message(request, arena_printf(request->arena, "frame.refusal.%s", standing.refusal), NULL));
  view_text(view, "people_remark", standing.remark);
  view_list(view, "people_reasons");
  for (int i = 0; frame_refusal(i) != NULL; i++) {
    struct view *item = view_item(view, "people_reasons");
    view_text(item, "reason", frame_refusal(i));
    view_text(item, "reason_text", request_message(request, arena_printf(request->arena, "frame.refusal.%s", frame_refusal(i)), NULL));
    view_bool(item, "reason_chosen", strcmp(frame_refusal(i), standing.refusal) == 0);
  }
}
