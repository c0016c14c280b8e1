#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "survey/timeline.h"
#include "web/institution_parts.h"
#include "web/locale.h"

#define PAGE_ENTRIES 40

/* Address of the page with another choice or from another day. */
static const char *timeline_link(struct request *request, const struct institution_card *card,
                                 enum timeline_choice choice, int before) {
  const char *base = institution_link(request, card->institution, card->round);
  const char *kind = choice == TIMELINE_ALL ? "" : arena_printf(request->arena, "&show=%s", timeline_choice_name(choice));
  if (before == 0) return arena_printf(request->arena, "%s%s#timeline", base, kind);
  return arena_printf(request->arena, "%s%s&before=%d#timeline", base, kind, before);
}

static const char *say(struct request *request, const char *prefix, const char *name, const struct view *words) {
  return request_message(request, arena_printf(request->arena, "%s%s", prefix, name), words);
}

/* What an act was, in the words of its kind. Those that were there before the desk have theirs here; a detail of theirs is
 * not for people. */
static const char *act_text(struct request *request, const struct timeline_entry *entry, struct view *words) {
  const char *own = arena_printf(request->arena, "timeline.act_%s", entry->kind);
  const char *theirs = arena_printf(request->arena, "event.%s", entry->kind);
  if (template_has_message(request->app->templates, own)) return request_message(request, own, words);
  if (template_has_message(request->app->templates, theirs)) return request_message(request, theirs, words);
  return request_message(request, "timeline.act", words);
}

static const char *entry_text(struct request *request, const struct timeline_entry *entry) {
  static const char *const mail_states[] = {"waiting", "sending", "sent", "failed", "off", "bounced"};
  static const char *const contacts[] = {"call", "letter", "email", "meeting"};
  struct view *words = view_new(request->arena);
  const struct form *form = entry->form;
  bool program = entry->who[0] == '\0';
  view_text(words, "who", program ? request_message(request, "timeline.program", NULL) : entry->who);
  view_text(words, "detail", entry->text);
  view_text(words, "about", entry->about);
  view_text(words, "form_title", form != NULL ? form->title.in[form_language(form, request->language)] : "");
  view_int(words, "number", entry->answers);
  view_int(words, "sections", entry->more);
  switch (entry->part) {
    case TIMELINE_SIGN_IN: return request_message(request, "timeline.sign_in", words);
    case TIMELINE_MAIL:
      view_text(words, "state", say(request, "timeline.mail_", mail_states[entry->number >= 0 && entry->number < 6 ? entry->number : 0], NULL));
      return request_message(request, "timeline.mail", words);
    case TIMELINE_SITTING:
      view_text(words, "spent", locale_duration(entry->number, request->language, request->arena));
      return request_message(request, "timeline.sitting", words);
    case TIMELINE_ANSWER: return request_message(request, "timeline.answers", words);
    case TIMELINE_CONTACT:
      return say(request, entry->more != 0 ? "timeline.in_" : "timeline.out_",
                 contacts[entry->number >= 0 && entry->number < 4 ? entry->number : 0], words);
    case TIMELINE_EVENT:
    case TIMELINE_PARTS: break;
  }
  return act_text(request, entry, words);
}

static const char *part_name(const struct timeline_entry *entry) {
  static const char *const names[] = {"act", "entry", "mail", "work", "work", "call"};
  return names[entry->part];
}

static void entry_view(struct request *request, struct view *item, const struct timeline_entry *entry) {
  bool said = entry->part == TIMELINE_CONTACT;
  view_text(item, "part", part_name(entry));
  view_text(item, "time", locale_time(entry->at_ms, LOCALE_TIME, request->language, request->arena));
  view_text(item, "entry_text", entry_text(request, entry));
  view_text(item, "said", said ? entry->text : "");
  view_text(item, "said_by", entry->who);
}

static void choices_view(struct request *request, struct view *view, const struct institution_card *card,
                         enum timeline_choice chosen) {
  view_list(view, "timeline_choices");
  for (int i = 0; i < TIMELINE_CHOICES; i++) {
    struct view *item = view_item(view, "timeline_choices");
    view_text(item, "link", timeline_link(request, card, (enum timeline_choice)i, 0));
    view_text(item, "choice_text", say(request, "timeline.show_", timeline_choice_name((enum timeline_choice)i), NULL));
    view_bool(item, "current", i == (int)chosen);
  }
}

void institution_timeline_view(struct request *request, struct view *view, const struct institution_card *card,
                               struct err *err) {
  const struct timeline_entry *entries;
  struct view *day = NULL;
  int more;
  enum timeline_choice choice = timeline_choice_find(request_query(request, "show"));
  long before = strtol(request_query(request, "before"), NULL, 10);
  if (before < 0 || before > 100000) before = 0;
  size_t count = timeline_page(request_db(request), request->actor, card->institution, card->round, choice, (int)before,
                               PAGE_ENTRIES, request->arena, &entries, &more, err);
  choices_view(request, view, card, choice);
  view_bool(view, "timeline_has", count > 0);
  view_list(view, "timeline_days");
  for (size_t i = 0; i < count; i++) {
    if (i == 0 || clock_riga_day(entries[i].at_ms) != clock_riga_day(entries[i - 1].at_ms)) {
      day = view_item(view, "timeline_days");
      view_text(day, "day", locale_time(entries[i].at_ms, LOCALE_DATE, request->language, request->arena));
      view_list(day, "entries");
    }
    entry_view(request, view_item(day, "entries"), &entries[i]);
  }
  view_text(view, "timeline_newest", before > 0 ? timeline_link(request, card, choice, 0) : "");
  view_text(view, "timeline_older", more > 0 ? timeline_link(request, card, choice, more) : "");
}
