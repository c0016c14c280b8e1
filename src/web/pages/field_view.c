#include "web/pages/field_view.h"

#include <string.h>

#include "web/locale.h"

const char *field_link(struct request *request, const struct field_filter *filter) {
  return arena_printf(request->arena, "/field/list?%s", field_filter_print(filter, request->arena));
}

const char *field_disposition_text(struct request *request, enum disposition disposition) {
  return request_message(request, arena_printf(request->arena, "disposition.%s", disposition_name(disposition)), NULL);
}

void field_tag_view(struct request *request, struct view *item, enum disposition disposition) {
  view_text(item, "status", disposition_name(disposition));
  view_text(item, "status_text", field_disposition_text(request, disposition));
}

const char *field_phone_link(struct request *request, const char *phone) {
  char *link = arena_alloc(request->arena, strlen(phone) + 1);
  size_t len = 0;
  for (const char *c = phone; *c != '\0'; c++)
    if ((*c >= '0' && *c <= '9') || (*c == '+' && len == 0)) link[len++] = *c;
  return link;
}

void field_contact_view(struct request *request, struct view *item, const char *name, const char *phone) {
  view_text(item, "contact_name", name);
  view_text(item, "contact_phone", phone);
  view_text(item, "phone_link", field_phone_link(request, phone));
}

const char *field_kind_text(struct request *request, const char *kind) {
  bool known = strcmp(kind, "ministry") == 0 || strcmp(kind, "institution") == 0;
  return known ? request_message(request, arena_printf(request->arena, "institution.kind_%s", kind), NULL) : kind;
}

const char *field_date(struct request *request, int64_t ms) {
  return ms == 0 ? "–" : locale_time(ms, LOCALE_DATE, request->language, request->arena);
}

const char *field_moment(struct request *request, int64_t ms) {
  return ms == 0 ? "–" : locale_time(ms, LOCALE_DATE_TIME, request->language, request->arena);
}

void field_rounds_view(struct view *view, const struct field_round *rounds, size_t count, const char *chosen) {
  view_list(view, "rounds");
  view_bool(view, "several_rounds", count > 1);
  for (size_t i = 0; i < count; i++) {
    struct view *item = view_item(view, "rounds");
    view_text(item, "id", rounds[i].id);
    view_text(item, "round_name", rounds[i].title);
    view_bool(item, "chosen", strcmp(rounds[i].id, chosen) == 0);
  }
}
