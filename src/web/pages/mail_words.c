/* The words of a round's mail: changing them by kind and language, how they look for somebody, a test to oneself. */
#include "survey/mail_words.h"

#include <stdlib.h>
#include <string.h>

#include "survey/mailing.h"
#include "web/locale.h"
#include "web/mailing_view.h"
#include "web/pages/pages.h"

/* What was typed or is kept, and what was asked with it. */
struct draft {
  struct mail_words words;
  struct mail_words kept; /* at the time of the page */
  const char *find;       /* whom to show it for */
  enum mail_words_fault fault;
  struct text_fault place;
  bool previews;
  struct mail_sample sample;
};

static const struct {
  const char *key, *field;
} faults[] = {
    [MAIL_WORDS_OK] = {"", ""},
    [MAIL_WORDS_NO_SUBJECT] = {"words.no_subject", "subject"},
    [MAIL_WORDS_BAD_SUBJECT] = {"words.bad_subject", "subject"},
    [MAIL_WORDS_NO_BODY] = {"words.no_body", "body"},
    [MAIL_WORDS_BAD_BODY] = {"words.bad_body", "body"},
    [MAIL_WORDS_UNKNOWN_IN_SUBJECT] = {"words.unknown", "subject"},
    [MAIL_WORDS_UNKNOWN_IN_BODY] = {"words.unknown", "body"},
    [MAIL_WORDS_LINK_IN_SUBJECT] = {"words.link_in_subject", "subject"},
    [MAIL_WORDS_NO_LINK] = {"words.no_link", "body"},
    [MAIL_WORDS_CHANGED] = {"words.changed", ""},
};

static const char *address(struct request *request, const struct mail_words *words, const char *more) {
  return arena_printf(request->arena, "/mailings/templates?round=%s&mail=%s&language=%s%s", words->round,
                      mail_kind_name(words->kind), words->language, more);
}

static void choices_view(struct request *request, struct view *view, const struct mail_words *words) {
  static const enum mail_kind kinds[] = {MAIL_INVITATION, MAIL_DEADLINE, MAIL_LETTER};
  struct mail_words other = *words;
  view_list(view, "kind_links");
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    struct view *item = view_item(view, "kind_links");
    other.kind = kinds[i];
    view_text(item, "link", address(request, &other, ""));
    view_text(item, "name", mailing_kind_text(request, mail_kind_name(kinds[i])));
    view_bool(item, "current", kinds[i] == words->kind);
  }
  other.kind = words->kind;
  view_list(view, "language_links");
  for (int i = 0; i < LOCALE_LANGUAGES; i++) {
    struct view *item = view_item(view, "language_links");
    other.language = locale_language(i);
    view_text(item, "link", address(request, &other, ""));
    view_text(item, "code", locale_language(i));
    view_text(item, "name", locale_language_name(i));
    view_bool(item, "current", strcmp(locale_language(i), words->language) == 0);
  }
}

static void placeholders_view(struct request *request, struct view *view, enum mail_kind kind) {
  view_list(view, "placeholders");
  for (const char *const *name = mail_words_placeholders(kind); *name != NULL; name++) {
    struct view *item = view_item(view, "placeholders");
    view_text(item, "code", arena_printf(request->arena, "{%s}", *name));
    view_text(item, "meaning", request_message(request, arena_printf(request->arena, "words.is_%s", *name), NULL));
  }
}

static void fault_view(struct request *request, struct view *view, const struct draft *draft) {
  struct view *words = view_new(request->arena);
  bool unknown = draft->fault == MAIL_WORDS_UNKNOWN_IN_SUBJECT || draft->fault == MAIL_WORDS_UNKNOWN_IN_BODY;
  bool stray = unknown && draft->place.len == 0;
  view_int(words, "line", draft->place.line);
  view_int(words, "column", draft->place.column);
  view_text(words, "who_changed", draft->kept.person_name);
  view_text(words, "placeholder", unknown ? arena_copy_len(request->arena, draft->place.name, draft->place.len) : "");
  const char *field = faults[draft->fault].field, *key = stray ? "words.stray" : faults[draft->fault].key;
  const char *text = draft->fault == MAIL_WORDS_OK ? "" : request_message(request, key, words);
  view_text(view, "page_error", text);
  view_text(view, "error_field", field);
  view_text(view, "subject_problem", strcmp(field, "subject") == 0 ? text : "");
  view_text(view, "body_problem", strcmp(field, "body") == 0 ? text : "");
  view_bool(view, "changed_meanwhile", draft->fault == MAIL_WORDS_CHANGED);
}

/* Lines of the body's field: room for the text as it is. */
static int row_count(const char *text) {
  int rows = 4;
  for (; *text != '\0'; text++) rows += *text == '\n';
  return rows < 40 ? rows : 40;
}

static void show(struct request *request, int status, const struct draft *draft) {
  struct err err = {0};
  struct view *view = view_new(request->arena);
  const struct mail_words *words = &draft->words, *kept = &draft->kept;
  const char *done = request_query(request, "done");
  page_frame(request, view, "mailing.title_templates");
  mailing_page(request, view, "/mailings/templates", &err);
  choices_view(request, view, words);
  placeholders_view(request, view, words->kind);
  fault_view(request, view, draft);
  view_bool(view, "saved", strcmp(done, "saved") == 0);
  view_bool(view, "reset", strcmp(done, "reset") == 0);
  view_bool(view, "tested", strcmp(done, "tested") == 0);
  view_text(view, "own_email", request->actor->email);
  view_text(view, "mail", mail_kind_name(words->kind));
  view_text(view, "language", words->language);
  view_text(view, "kind_hint", request_message(request, arena_printf(request->arena, "words.about_%s", mail_kind_name(words->kind)), NULL));
  view_bool(view, "is_letter", words->kind == MAIL_LETTER);
  view_text(view, "typed_subject", words->subject);
  view_text(view, "typed_body", words->body);
  view_int(view, "rows", row_count(words->body));
  view_bool(view, "own", kept->own);
  view_text(view, "kept_subject", kept->subject);
  view_text(view, "kept_body", kept->body);
  view_text(view, "who_changed", kept->person_name);
  view_text(view, "when_changed", mailing_moment(request, kept->changed_ms));
  view_text(view, "seen", arena_printf(request->arena, "%lld", (long long)kept->changed_ms));
  view_text(view, "find_person", draft->find);
  view_bool(view, "previews", draft->previews);
  view_text(view, "sample_subject", draft->sample.subject);
  view_text(view, "sample_body", draft->sample.body);
  if (err.code == ERR_NONE) reply_page(request, status, "mail_words", view);
  else reply_error(request, &err);
}

/* round, kind and language of the address or the form; what else there is has its usual value. */
static bool read_which(struct request *request, const char *kind, const char *language, struct draft *draft, struct err *err) {
  const char *code = locale_language(locale_index(language[0] != '\0' ? language : request->language));
  *draft = (struct draft){.find = ""};
  draft->words = (struct mail_words){.kind = kind[0] != '\0' ? mailing_find_kind(kind) : MAIL_INVITATION, .language = code};
  draft->words.round = mailing_round(request, NULL, err);
  draft->kept = draft->words;
  return err->code == ERR_NONE &&
         mail_words_read(request_db(request), request->actor, &draft->kept, request->arena, err);
}

void page_mail_words(struct request *request) {
  struct err err = {0};
  struct draft draft;
  if (!read_which(request, request_query(request, "mail"), request_query(request, "language"), &draft, &err)) {
    reply_error(request, &err);
    return;
  }
  draft.words = draft.kept;
  show(request, 200, &draft);
}

/* ---- changing */

static bool run_change(struct db *db, struct request *request, void *context, struct err *err) {
  struct draft *draft = context;
  const char *action = request_field(request, "do");
  if (strcmp(action, "reset") == 0) return mail_words_reset(db, request->actor, &draft->words, err);
  if (strcmp(action, "test") == 0) return mail_words_test(db, request->actor, &draft->sample, err);
  return mail_words_save(db, request->actor, &draft->words, err);
}

static void changed(struct request *request, void *context, const struct err *err) {
  struct draft *draft = context;
  const char *action = request_field(request, "do");
  struct err own = *err;
  bool conflict = err->code == ERR_CONFLICT && mail_words_read(request_db(request), request->actor, &draft->kept,
                                                               request->arena, &(struct err){0});
  if (conflict) {
    draft->fault = MAIL_WORDS_CHANGED;
    show(request, 409, draft);
  } else if (own.code != ERR_NONE) {
    reply_error(request, &own);
  } else {
    const char *said = strcmp(action, "reset") == 0 ? "reset" : strcmp(action, "test") == 0 ? "tested" : "saved";
    reply_redirect(request, address(request, &draft->words, arena_printf(request->arena, "&done=%s", said)));
  }
}

/* The message with the typed words for somebody. */
static bool make_sample(struct request *request, struct draft *draft, struct err *err) {
  struct db *db = request_db(request);
  draft->sample.link = request_message(request, "mailing.sample_link", NULL);
  draft->sample.unsubscribe = request_message(request, "mailing.sample_unsubscribe", NULL);
  int64_t person = mail_words_find_person(db, request->actor, draft->words.round, draft->find, err);
  if (person == 0 && err->code == ERR_NONE) return true;
  draft->previews = person != 0 && mail_words_show(db, request->actor, &draft->words, person, request->arena, &draft->sample, err);
  return draft->previews;
}

void page_mail_words_change(struct request *request) {
  struct err err = {0};
  struct draft *draft = arena_alloc(request->arena, sizeof *draft);
  const char *action = request_field(request, "do");
  if (!read_which(request, request_field(request, "mail"), request_field(request, "language"), draft, &err)) {
    reply_error(request, &err);
    return;
  }
  draft->words.subject = request_field(request, "subject");
  draft->words.body = request_field(request, "body");
  draft->words.changed_ms = strtoll(request_field(request, "seen"), NULL, 10);
  draft->find = request_field(request, "find");
  bool resets = strcmp(action, "reset") == 0, tests = strcmp(action, "test") == 0, shows = strcmp(action, "preview") == 0;
  if (!resets) draft->fault = mail_words_check(&draft->words, request->arena, &draft->place);
  if (draft->fault == MAIL_WORDS_OK && (tests || shows) && !make_sample(request, draft, &err)) reply_error(request, &err);
  else if (draft->fault == MAIL_WORDS_OK && (resets || (tests && draft->previews) || (!tests && !shows)))
    request_write(request, run_change, changed, draft);
  else show(request, draft->fault == MAIL_WORDS_OK ? 200 : 400, draft);
}
