/* mail.conf: where mail goes. `key = value` a line, # comments.
 *
 *   server = smtps://mail.example.org:465   or smtp://host:587; without a port 465 and 587
 *   security = tls | starttls | none        tls goes with smtps, the others with smtp (starttls when left out)
 *   user = …, password = …                  both or neither
 *   from = anketa@example.org, from_name = …
 *   ca = FILE                               authorities to trust in place of the system's
 *   timeout = SECONDS                       for one message, 1 to 600 (60 when left out)
 */
#ifndef ANKETA_MAIL_SETTINGS_H
#define ANKETA_MAIL_SETTINGS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"

enum mail_security { MAIL_STARTTLS, MAIL_TLS, MAIL_PLAIN };

struct mail_settings {
  const char *server; /* "smtp://host:587"; NULL: messages become files */
  enum mail_security security;
  const char *user, *password; /* "" */
  const char *from, *from_name;
  const char *ca; /* "": the system's */
  int timeout_s;
};

/* Reads the file; everything lives in the arena. With path NULL it is FOLDER/mail.conf, and when there is none, messages
 * become files. *err holds the first mistake with its place, the log the others. A password in a file that everybody may
 * read, or that would travel unencrypted to another machine, is a mistake. */
bool settings_load(const char *folder, const char *path, struct arena *arena, struct mail_settings *out,
                   struct err *err);

#endif
