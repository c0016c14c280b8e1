#include "web/contact_view.h"

#include <string.h>

#include "web/locale.h"

void contact_entry_view(struct request *request, struct view *item, const struct contact_entry *entry) {
  const char *kind = contact_kind_name(entry->kind);
  view_int(item, "entry_id", entry->id);
  view_text(item, "kind_text", request_message(request, arena_printf(request->arena, "contact.%s", kind), NULL));
  view_bool(item, "incoming", entry->incoming);
  view_text(item, "with_whom", entry->with_whom);
  view_text(item, "entry_text", entry->text);
  view_text(item, "entry_when", locale_time(entry->happened_ms, LOCALE_DATE_TIME, request->language, request->arena));
  view_text(item, "who", entry->person_name);
  view_bool(item, "own", entry->person == request->actor->person);
  view_text(item, "entry_institution", entry->institution_name);
  view_text(item, "entry_link", arena_printf(request->arena, "/field/i/%lld?round=%s", (long long)entry->institution, entry->round));
}

void contact_entries_view(struct request *request, struct view *view, const char *round, int64_t institution, size_t max,
                          struct err *err) {
  const struct contact_entry *entries;
  size_t count = contact_log_read(request_db(request), request->actor, round, institution, request->arena, &entries, err);
  view_list(view, "log_entries");
  for (size_t i = 0; i < count && (max == 0 || i < max); i++)
    contact_entry_view(request, view_item(view, "log_entries"), &entries[i]);
  view_bool(view, "has_log", count > 0);
  view_bool(view, "log_more", max != 0 && count > max);
}

void contact_form_view(struct request *request, struct view *view, const char *round, int64_t institution) {
  const char *kind = request_field(request, "kind");
  view_list(view, "log_kinds");
  for (int i = 0; i < CONTACT_KINDS; i++) {
    const char *name = contact_kind_name(i);
    struct view *item = view_item(view, "log_kinds");
    view_text(item, "kind", name);
    view_text(item, "kind_text", request_message(request, arena_printf(request->arena, "contact.%s", name), NULL));
    view_bool(item, "chosen", strcmp(kind, name) == 0);
  }
  view_text(view, "log_action", arena_printf(request->arena, "/field/i/%lld/log?round=%s", (long long)institution, round));
  view_text(view, "log_back_action", arena_printf(request->arena, "/field/i/%lld/log/back?round=%s", (long long)institution, round));
  view_bool(view, "log_out", strcmp(request_field(request, "direction"), "out") == 0);
  view_text(view, "log_with", request_field(request, "with"));
  view_text(view, "log_text", request_field(request, "text"));
  view_text(view, "log_date", request_field(request, "date"));
  view_text(view, "log_time", request_field(request, "time"));
  view_text(view, "text_problem", "");
  view_text(view, "with_problem", "");
  view_text(view, "date_problem", "");
  view_text(view, "time_problem", "");
  view_bool(view, "moment_open", false);
}
