/* The mail of an institution: what was sent to its people, which addresses do not work, and the way to write to it. */
#include <string.h>

#include "web/institution_parts.h"
#include "web/mailing_view.h"

#define SHOWN_MAX 5

void institution_mail_view(struct request *request, struct view *view, const struct institution_card *card, struct err *err) {
  struct db *db = request_db(request);
  const struct letterbox_item *items;
  const struct letterbox_trouble *troubles;
  const struct letterbox_filter filter = {.state = -1, .institution = card->institution, .limit = SHOWN_MAX};
  size_t count = letterbox_list(db, request->actor, &filter, request->arena, &items, err);
  size_t trouble_count = letterbox_troubles(db, request->actor, card->institution, request->arena, &troubles, err);
  view_list(view, "mail_messages");
  for (size_t i = 0; i < count; i++) mailing_message_view(request, view_item(view, "mail_messages"), &items[i]);
  view_bool(view, "mail_any", count > 0);
  view_list(view, "mail_troubles");
  for (size_t i = 0; i < trouble_count; i++) {
    struct letterbox_item one;
    struct view *item = view_item(view, "mail_troubles");
    if (!letterbox_read(db, request->actor, troubles[i].message, "", "", request->arena, &one, err)) return;
    view_text(item, "mail_name", one.name);
    view_text(item, "mail_address", one.message.address);
    view_int(item, "mail_message", troubles[i].message);
    view_bool(item, "mail_bounced", troubles[i].bounced);
    view_text(item, "mail_since", mailing_moment(request, troubles[i].since_ms));
    view_text(item, "mail_words", troubles[i].words);
  }
}
