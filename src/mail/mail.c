#include "mail/mail.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/secret.h"
#include "mail/text.h"
#include "store/extension.h"
#include "store/institution.h"
#include "store/mail_template.h"
#include "store/message.h"
#include "store/round.h"

#define FIRST_MS 1                       /* due before all that waits */
#define NOTE_WAIT_MS (5LL * 60 * 1000)   /* so that notes or queries written one after the other come together */
#define NOTE_PAUSE_MS (60LL * 60 * 1000) /* between two messages with them */
#define REMINDERS_BIT 4
#define TOKEN_FIGURES 32

/* The bit of person.notify that lets a kind through, 0: always; collected: pieces that come together in one message. */
static const struct kind {
  const char *name;
  int bit;
  bool collected;
} kinds[MAIL_KINDS] = {
    [MAIL_INVITATION] = {"invitation", 0, false},
    [MAIL_ASSIGNMENT] = {"assignment", 1, false},
    [MAIL_NOTE] = {"note", 2, true},
    [MAIL_REMINDER] = {"reminder", REMINDERS_BIT, false},
    [MAIL_QUERY] = {"query", 0, true},
    [MAIL_EXTENSION] = {"extension", 0, false},
    [MAIL_REOPENED] = {"reopened", 0, false},
    [MAIL_BEHALF] = {"behalf", 0, false},
    [MAIL_BEHALF_END] = {"behalf_end", 0, false},
    [MAIL_CORRECTION] = {"correction", 0, false},
    [MAIL_DEADLINE] = {"deadline", REMINDERS_BIT, false},
    [MAIL_LETTER] = {"letter", 0, false},
    [MAIL_CODE] = {"code", 0, false},
    [MAIL_ACCOUNT] = {"account", 0, false},
    [MAIL_RESET] = {"reset", 0, false},
    [MAIL_NOMINATION] = {"nomination", 0, false},
};

const char *mail_kind_name(enum mail_kind kind) { return kinds[kind].name; }

bool mail_is_wanted(const char *kind, int notify) {
  for (int i = 0; i < MAIL_KINDS; i++) {
    if (strcmp(kinds[i].name, kind) == 0) return kinds[i].bit == 0 || (notify & kinds[i].bit) != 0;
  }
  return true;
}

bool mail_is_reminder(const char *kind) { return !mail_is_wanted(kind, ~REMINDERS_BIT); }

const char *mail_words_name(enum mail_kind kind) {
  switch (kind) {
    case MAIL_INVITATION: return "invitation-round";
    case MAIL_DEADLINE:
    case MAIL_LETTER: return kinds[kind].name;
    default: return NULL;
  }
}

void mail_unsubscribe_token(const char *secret, int64_t person, char out[MAIL_TOKEN_MAX]) {
  char what[40], hash[SECRET_HASH_LEN + 1];
  snprintf(what, sizeof what, "unsubscribe %" PRId64, person);
  secret_keyed_hash(secret, what, hash);
  snprintf(out, MAIL_TOKEN_MAX, "%" PRId64 "-%.*s", person, TOKEN_FIGURES, hash);
}

/* What a message is made of, in one arena. */
struct draft {
  struct db *db;
  struct arena *arena;
  const struct mail_message *message;
  struct message_recipient to;
  const char *round, *round_title, *deadline, *help, *help_email; /* round NULL: there is none */
};

/* An institution at its official address. */
static bool read_institution(struct draft *draft, struct err *err) {
  struct institution_of_round stored;
  struct stmt *stmt;
  struct err own = {0};
  const char *round = draft->message->round != NULL ? draft->message->round : "";
  bool found = institution_get(draft->db, draft->message->institution, round, &stmt, &stored, &own);
  if (found) {
    draft->to = (struct message_recipient){.address = arena_copy(draft->arena, stored.institution.email), .name = "",
                                           .language = "lv", .institution = draft->message->institution,
                                           .institution_name = arena_copy(draft->arena, stored.institution.name)};
  }
  stmt_end(stmt);
  if (own.code != ERR_NONE) return err_set(err, own.code, "%s", own.text);
  if (found && draft->to.address[0] == '\0') return err_set(err, ERR_INPUT, "the institution has no e-mail address");
  return found || err_set(err, ERR_NOT_FOUND, "mail for an institution that is not there");
}

static bool read_recipient(struct draft *draft, struct err *err) {
  if (draft->message->kind == MAIL_NOMINATION) return read_institution(draft, err);
  struct stmt *stmt;
  struct err own = {0};
  bool found = message_recipient(draft->db, draft->message->person, &stmt, &draft->to, &own);
  if (found) {
    draft->to.address = arena_copy(draft->arena, draft->to.address);
    draft->to.name = arena_copy(draft->arena, draft->to.name);
    draft->to.language = arena_copy(draft->arena, draft->to.language);
    draft->to.institution_name = arena_copy(draft->arena, draft->to.institution_name);
  }
  stmt_end(stmt);
  if (own.code != ERR_NONE) return err_set(err, own.code, "%s", own.text);
  return found || err_set(err, ERR_NOT_FOUND, "mail for a person who is not there");
}

/* The last day of the institution, its own when it has more time. */
static const char *read_deadline(const struct draft *draft, const struct round *round, struct err *err) {
  struct stmt *stmt;
  struct terms terms;
  bool found = terms_find(draft->db, round->id, draft->to.institution, &stmt, &terms, err);
  const char *day = text_date(draft->to.language, found ? terms_deadline(&terms) : round->deadline, draft->arena);
  stmt_end(stmt);
  return day;
}

static bool read_round(struct draft *draft, struct err *err) {
  const char *wanted = draft->message->round;
  struct round round;
  struct err own = {0};
  bool found = false;
  struct stmt *stmt = round_list(draft->db, draft->to.language);
  while (!found && round_next(stmt, &round, &own)) found = wanted == NULL || strcmp(round.id, wanted) == 0;
  if (found) {
    bool both = round.help_phone[0] != '\0' && round.help_email[0] != '\0';
    draft->round_title = arena_copy(draft->arena, round.title);
    draft->round = arena_copy(draft->arena, round.id);
    draft->deadline = read_deadline(draft, &round, &own);
    draft->help = arena_printf(draft->arena, "%s%s%s", round.help_phone, both ? ", " : "", round.help_email);
    draft->help_email = arena_copy(draft->arena, round.help_email);
  }
  stmt_end(stmt);
  if (own.code != ERR_NONE) return err_set(err, own.code, "%s", own.text);
  return found || wanted == NULL || err_set(err, ERR_NOT_FOUND, "mail about a round that is not there: %s", wanted);
}

static const char *standing_lines(const struct draft *draft) {
  struct buf lines = {0};
  for (size_t i = 0; i < draft->message->standing_count; i++) {
    const struct mail_standing *standing = &draft->message->standings[i];
    const struct text_value values[] = {
        {.name = "form", .text = standing->form},
        {.name = "answered", .text = arena_printf(draft->arena, "%d", standing->answered)},
        {.name = "required", .text = arena_printf(draft->arena, "%d", standing->required)},
        {.name = NULL},
    };
    const char *key = arena_printf(draft->arena, "standing.%s", standing->state);
    buf_printf(&lines, "%s%s", i > 0 ? "\n" : "", text_word(draft->to.language, key, values, draft->arena));
  }
  const char *copy = arena_copy_len(draft->arena, buf_text(&lines), lines.len);
  buf_free(&lines);
  return copy;
}

/* One note, or one query; how it is written has the kind's name. */
static const char *piece_line(const struct draft *draft) {
  const struct mail_message *message = draft->message;
  const struct text_value values[] = {{.name = "inviter", .text = message->inviter},
                                      {.name = "section", .text = message->section},
                                      {.name = "text", .text = message->text},
                                      {.name = NULL}};
  return text_word(draft->to.language, kinds[message->kind].name, values, draft->arena);
}

/* {link} with where it leads after signing in. */
static const char *link_to(const struct draft *draft) {
  struct buf link = {0};
  buf_puts(&link, "{link}");
  if (draft->message->path != NULL) buf_puts(&link, "?next=");
  for (const char *c = draft->message->path; c != NULL && *c != '\0'; c++) {
    bool plain = (*c >= '0' && *c <= '9') || (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || strchr("-_.~", *c);
    if (plain) buf_putc(&link, *c);
    else buf_printf(&link, "%%%02X", (unsigned char)*c);
  }
  const char *copy = arena_copy_len(draft->arena, link.data, link.len);
  buf_free(&link);
  return copy;
}

/* The coordinator's words for the message, as they were given or are stored; *words NULL: the built-in ones. */
static bool read_words(const struct draft *draft, const struct text_words **words, struct err *err) {
  const struct mail_message *message = draft->message;
  const char *name = mail_words_name(message->kind), *language = draft->to.language;
  struct mail_template stored;
  struct err own = {0};
  struct stmt *stmt;
  *words = message->words;
  if (*words != NULL || name == NULL || draft->round == NULL || message->inviter != NULL) return true;
  if (message->kind == MAIL_LETTER && message->mailing != 0)
    name = arena_printf(draft->arena, "%s %" PRId64, name, message->mailing);
  bool found = mail_template_get(draft->db, draft->round, name, language, &stmt, &stored, &own);
  if (!found && own.code == ERR_NONE && message->kind == MAIL_LETTER && strcmp(language, "lv") != 0) {
    stmt_end(stmt);
    found = mail_template_get(draft->db, draft->round, name, "lv", &stmt, &stored, &own);
  }
  if (found) {
    struct text_words *copy = arena_alloc(draft->arena, sizeof *copy);
    *copy = (struct text_words){arena_copy(draft->arena, stored.subject), arena_copy(draft->arena, stored.body)};
    *words = copy;
  }
  stmt_end(stmt);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

/* Subject, and the body in its stored form. False without err when there are no words. */
static bool render(struct draft *draft, const char *notes, struct buf *subject, struct buf *body, struct err *err) {
  const struct mail_message *message = draft->message;
  const struct text_words *words;
  const struct text_value values[] = {
      {.name = "person", .text = draft->to.name},
      {.name = "name", .text = draft->to.name},
      {.name = "institution", .text = draft->to.institution_name},
      {.name = "round", .text = draft->round_title},
      {.name = "deadline", .text = draft->deadline},
      {.name = "help", .text = draft->help},
      {.name = "inviter", .text = message->inviter},
      {.name = "section", .text = message->section},
      {.name = "text", .text = message->text},
      {.name = "list", .text = message->list},
      {.name = "link", .text = link_to(draft), .stored_form = true},
      {.name = "notes", .text = notes, .stored_form = true},
      {.name = "standing", .text = standing_lines(draft), .stored_form = true},
      {.name = "unsubscribe", .text = "{unsubscribe}", .stored_form = true},
      {.name = NULL},
  };
  bool by_round = message->kind == MAIL_INVITATION && message->inviter == NULL;
  if (!read_words(draft, &words, err)) return false;
  if (words != NULL) text_render_own(words, values, subject, body);
  else if (message->kind == MAIL_LETTER) return false;
  else if (!text_render(draft->to.language, by_round ? mail_words_name(MAIL_INVITATION) : kinds[message->kind].name, values,
                        subject, body, err)) return false;
  if (mail_is_reminder(kinds[message->kind].name))
    buf_printf(body, "\n%s\n", text_word(draft->to.language, "unsubscribe", values, draft->arena));
  return true;
}

static bool put_new(struct draft *draft, int64_t due_ms, const char *notes, struct err *err) {
  const struct mail_message *message = draft->message;
  struct buf subject = {0}, body = {0};
  struct err own = {0};
  int64_t id;
  bool ok = render(draft, notes, &subject, &body, &own);
  struct stored_message stored = {
      .person = message->person,
      .address = draft->to.address,
      .kind = kinds[message->kind].name,
      .reason = message->reason,
      .language = draft->to.language,
      .reply_to = draft->help_email != NULL ? draft->help_email : "",
      .subject = buf_text(&subject),
      .body = buf_text(&body),
      .state = MESSAGE_WAITING,
      .due_ms = due_ms,
      .fault = "",
      .round = draft->round,
      .institution = draft->to.institution,
      .mailing = message->mailing,
  };
  ok = ok && message_put(draft->db, &stored, &id, &own);
  buf_free(&subject);
  buf_free(&body);
  return ok || own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

/* Adds a piece to a message that waits; its own row only remembers the reason. */
static bool add_to(struct draft *draft, const struct stored_message *waiting, const char *line, struct err *err) {
  struct buf body = {0};
  int64_t id, with = waiting->id;
  struct stored_message remembered = *waiting;
  remembered.reason = draft->message->reason;
  remembered.state = MESSAGE_CALLED_OFF;
  remembered.fault = arena_printf(draft->arena, "goes out with message %lld", (long long)with);
  text_add_piece(waiting->body, line, &body);
  remembered.body = "";
  bool ok = message_put(draft->db, &remembered, &id, err);
  if (ok && id != 0) ok = message_set_body(draft->db, with, buf_text(&body), err);
  buf_free(&body);
  return ok;
}

static bool put_piece(struct draft *draft, struct err *err) {
  const struct mail_message *message = draft->message;
  const char *kind = kinds[message->kind].name;
  struct stmt *stmt;
  struct stored_message waiting;
  struct err own = {0};
  assert(message->inviter != NULL && message->section != NULL && message->text != NULL);
  const char *line = piece_line(draft);
  bool ok, found = message_find_waiting(draft->db, message->person, kind, &stmt, &waiting, &own);
  if (found) {
    ok = add_to(draft, &waiting, line, &own);
  } else {
    int64_t last_ms = message_last_ms(draft->db, message->person, kind, &own);
    int64_t due_ms = clock_now_ms() + NOTE_WAIT_MS;
    if (last_ms + NOTE_PAUSE_MS > due_ms) due_ms = last_ms + NOTE_PAUSE_MS;
    const char *notes = arena_printf(draft->arena, "%s\n\n{more}", line);
    ok = own.code == ERR_NONE && put_new(draft, due_ms, notes, &own);
  }
  stmt_end(stmt);
  return ok || err_set(err, own.code, "%s", own.text);
}

bool mail_put(struct db *db, const struct mail_message *message, struct err *err) {
  struct draft draft = {.db = db, .arena = arena_new(), .message = message};
  bool ok = read_recipient(&draft, err);
  bool wanted = ok && !draft.to.removed && mail_is_wanted(kinds[message->kind].name, draft.to.notify);
  if (wanted) {
    ok = read_round(&draft, err);
    int64_t due_ms = message->kind == MAIL_CODE ? FIRST_MS : clock_now_ms();
    if (ok) ok = kinds[message->kind].collected ? put_piece(&draft, err) : put_new(&draft, due_ms, NULL, err);
  }
  arena_free(draft.arena);
  return ok;
}

bool mail_preview(struct db *db, const struct mail_message *message, struct arena *arena, struct mail_sample *out,
                  struct err *err) {
  struct draft draft = {.db = db, .arena = arena, .message = message};
  struct buf subject = {0}, body = {0}, text = {0};
  bool ok = read_recipient(&draft, err) && read_round(&draft, err) && render(&draft, NULL, &subject, &body, err);
  text_finish(buf_text(&body), out->link, out->unsubscribe, &text);
  out->subject = arena_copy(arena, buf_text(&subject));
  out->body = arena_copy(arena, buf_text(&text));
  out->language = draft.to.language;
  buf_free(&subject);
  buf_free(&body);
  buf_free(&text);
  return ok;
}
