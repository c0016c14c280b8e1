/* The message catalogues, templates/messages/LANG.txt, parsed and checked against each other. template.h describes the
 * format. */
#ifndef ANKETA_WEB_MESSAGES_H
#define ANKETA_WEB_MESSAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "web/locale.h"

enum message_kind { MESSAGE_TEXT, MESSAGE_KEY, MESSAGE_PLURAL };

/* A message is a chain of parts; NULL is the empty text. */
struct message_part {
  const struct message_part *next;
  enum message_kind kind;
  const char *text; /* MESSAGE_TEXT: the text as a person reads it, not escaped */
  size_t len;
  uint16_t key;                                        /* MESSAGE_KEY: shown; MESSAGE_PLURAL: the number that decides */
  const struct message_part *forms[LOCALE_CATEGORIES]; /* MESSAGE_PLURAL: every category has its form */
};

struct message {
  const char *name;
  const struct message_part *parts[LOCALE_LANGUAGES]; /* of the languages that have a catalogue */
};

struct messages {
  bool present[LOCALE_LANGUAGES]; /* the first language always is */
  const struct message *items;    /* by name */
  size_t count;
};

/* Everything lives in the arena. Fails when a catalogue is not well-formed, names a message twice, or when languages
 * differ in their messages or in the placeholders of one: *err holds the first mistake, the log the others. */
bool messages_load(struct messages *messages, struct arena *arena, struct err *err);

/* The same from texts; data NULL: the language has no catalogue. */
struct message_text {
  const char *data;
  size_t len;
};
bool messages_parse(struct messages *messages, const struct message_text texts[LOCALE_LANGUAGES], struct arena *arena,
                    struct err *err);

/* The index of a message in items; -1 when there is none. */
int messages_find(const struct messages *messages, const char *name, size_t len);

#endif
