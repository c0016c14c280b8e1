#include "survey/mail_words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "store/event.h"
#include "store/mail_template.h"
#include "store/mailing.h"
#include "store/message.h"
#include "survey/collate.h"
#include "survey/reminder.h"
#include "survey/text.h"

static const char *const placeholders[] = {"name", "institution", "round", "deadline", "link", "help", NULL};
static const char *const reminder_placeholders[] = {"name", "institution", "round", "deadline", "link", "help", "standing",
                                                    NULL};

static bool may_mail(const struct actor *actor, struct err *err) {
  return rights_allow(actor, ACTION_MAIL, 0) || err_set(err, ERR_DENIED, "you may not send mail");
}

const char *const *mail_words_placeholders(enum mail_kind kind) {
  return kind == MAIL_DEADLINE ? reminder_placeholders : placeholders;
}

/* ---- reading */

static bool is_language(const char *code) {
  return strcmp(code, "lv") == 0 || strcmp(code, "en") == 0 || strcmp(code, "ru") == 0;
}

static bool is_known(const struct mail_words *words) {
  return words->kind < MAIL_KINDS && mail_words_name(words->kind) != NULL && is_language(words->language);
}

/* As the coordinator reads and writes them: the built-in words call the name {person}. */
static const char *with_names(const char *text, struct arena *arena) {
  struct buf out = {0};
  const char *found;
  while ((found = strstr(text, "{person}")) != NULL) {
    buf_add(&out, text, (size_t)(found - text));
    buf_puts(&out, "{name}");
    text = found + strlen("{person}");
  }
  buf_puts(&out, text);
  const char *copy = arena_copy(arena, buf_text(&out));
  buf_free(&out);
  return copy;
}

bool mail_words_read(struct db *db, const struct actor *actor, struct mail_words *words, struct arena *arena, struct err *err) {
  struct mail_template stored;
  struct text_words built_in = {"", ""};
  struct stmt *stmt;
  struct err own = {0};
  if (!may_mail(actor, err)) return false;
  if (!is_known(words)) return err_set(err, ERR_NOT_FOUND, "no such words");
  words->own = mail_template_get(db, words->round, mail_words_name(words->kind), words->language, &stmt, &stored, &own);
  if (words->own) {
    words->subject = arena_copy(arena, stored.subject);
    words->body = arena_copy(arena, stored.body);
    words->changed_ms = stored.changed_ms;
    words->person_name = arena_copy(arena, stored.person_name);
  } else {
    text_built_in(words->language, mail_words_name(words->kind), arena, &built_in);
    words->subject = with_names(built_in.subject, arena);
    words->body = with_names(built_in.body, arena);
    words->changed_ms = 0;
    words->person_name = "";
  }
  stmt_end(stmt);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

/* ---- checking */

enum mail_words_fault mail_words_check(struct mail_words *words, struct arena *arena, struct text_fault *place) {
  const char *const *names = mail_words_placeholders(words->kind);
  const char *subject = text_line(words->subject, MAIL_WORDS_SUBJECT_MAX, arena);
  const char *body = text_lines(words->body, MAIL_WORDS_BODY_MAX, arena);
  if (subject == NULL) return MAIL_WORDS_BAD_SUBJECT;
  if (body == NULL) return MAIL_WORDS_BAD_BODY;
  words->subject = subject;
  words->body = body;
  if (subject[0] == '\0') return MAIL_WORDS_NO_SUBJECT;
  if (body[0] == '\0') return MAIL_WORDS_NO_BODY;
  if (text_find_fault(subject, names, place)) return MAIL_WORDS_UNKNOWN_IN_SUBJECT;
  if (text_find_fault(body, names, place)) return MAIL_WORDS_UNKNOWN_IN_BODY;
  if (strstr(subject, "{link}") != NULL) return MAIL_WORDS_LINK_IN_SUBJECT;
  if (words->kind == MAIL_INVITATION && strstr(body, "{link}") == NULL) return MAIL_WORDS_NO_LINK;
  return MAIL_WORDS_OK;
}

/* ---- keeping */

static bool note(struct db *db, const struct actor *actor, const struct mail_words *words, const char *what, struct err *err) {
  char subject[300];
  snprintf(subject, sizeof subject, "round %s", words->round);
  return event_add(db, actor->person, what, subject, words->subject, err);
}

bool mail_words_save(struct db *db, const struct actor *actor, const struct mail_words *words, struct err *err) {
  struct arena *arena = arena_new();
  struct mail_words now = *words, typed = *words;
  struct text_fault place;
  bool ok = mail_words_read(db, actor, &now, arena, err);
  if (ok && mail_words_check(&typed, arena, &place) != MAIL_WORDS_OK) ok = err_set(err, ERR_INPUT, "words that were not checked");
  bool same = ok && strcmp(now.subject, typed.subject) == 0 && strcmp(now.body, typed.body) == 0;
  if (ok && !same && now.changed_ms != words->changed_ms) ok = err_set(err, ERR_CONFLICT, "somebody else changed these words");
  if (ok && !same) {
    const struct mail_template stored = {.subject = typed.subject, .body = typed.body, .person = actor->person};
    ok = mail_template_put(db, words->round, mail_words_name(words->kind), words->language, &stored, err) &&
         note(db, actor, &typed, "mail-words", err);
  }
  arena_free(arena);
  return ok;
}

bool mail_words_reset(struct db *db, const struct actor *actor, const struct mail_words *words, struct err *err) {
  struct arena *arena = arena_new();
  struct mail_words now = *words;
  bool ok = mail_words_read(db, actor, &now, arena, err);
  if (ok && now.own)
    ok = mail_template_remove(db, words->round, mail_words_name(words->kind), words->language, err) &&
         note(db, actor, &now, "mail-words-reset", err);
  arena_free(arena);
  return ok;
}

/* ---- showing */

bool mail_words_show(struct db *db, const struct actor *actor, const struct mail_words *words, int64_t person,
                     struct arena *arena, struct mail_sample *out, struct err *err) {
  const struct text_words typed = {words->subject, words->body};
  struct mail_message message = {.kind = words->kind, .person = person, .reason = "", .round = words->round,
                                 .words = words->subject != NULL ? &typed : NULL};
  if (!may_mail(actor, err)) return false;
  if (!is_known(words)) return err_set(err, ERR_NOT_FOUND, "no such words");
  return (words->kind != MAIL_DEADLINE || remind_add_standings(db, person, arena, &message, err)) &&
         mail_preview(db, &message, arena, out, err);
}

static bool contains(const char *text, const char *folded) {
  struct buf own = {0};
  collate_fold(text, &own);
  bool found = strstr(buf_text(&own), folded) != NULL;
  buf_free(&own);
  return found;
}

int64_t mail_words_find_person(struct db *db, const struct actor *actor, const char *round, const char *find, struct err *err) {
  const struct mailing_target target = {.round = round, .sector = "", .kind = "", .find = "", .questionnaire = "",
                                        .institutions = ""};
  struct mailing_candidate candidate;
  struct buf folded = {0};
  int64_t person = 0;
  if (!may_mail(actor, err)) return 0;
  if (!utf8_check(find, strlen(find), NULL)) return 0;
  collate_fold(find, &folded);
  struct stmt *stmt = mailing_walk(db, &target, 0, "", 0, 0);
  while (person == 0 && mailing_next_candidate(stmt, &candidate, err)) {
    const char *what = buf_text(&folded);
    if (contains(candidate.name, what) || contains(candidate.email, what) || contains(candidate.institution_name, what))
      person = candidate.person;
  }
  stmt_end(stmt);
  buf_free(&folded);
  return person;
}

/* Braces of the finished text are texts, not places. */
static void put_stored_form(struct buf *out, const char *text) {
  for (; *text != '\0'; text++) {
    if (*text == '{') buf_putc(out, '{');
    buf_putc(out, *text);
  }
}

bool mail_words_test(struct db *db, const struct actor *actor, const struct mail_sample *sample, struct err *err) {
  char reason[80];
  struct buf body = {0};
  int64_t id;
  if (!may_mail(actor, err)) return false;
  snprintf(reason, sizeof reason, "test %" PRId64 " %" PRId64, actor->person, clock_now_ms());
  put_stored_form(&body, sample->body);
  const struct stored_message message = {
      .person = actor->person, .address = actor->email, .kind = "test", .reason = reason, .language = sample->language,
      .reply_to = "", .subject = sample->subject, .body = buf_text(&body), .state = MESSAGE_WAITING,
      .due_ms = clock_now_ms(), .fault = ""};
  bool ok = message_put(db, &message, &id, err);
  buf_free(&body);
  return ok;
}
