/* A browser in words, from what it says of itself. Only the words are kept, not the rest, which tells people apart. */
#ifndef ANKETA_WEB_USER_AGENT_H
#define ANKETA_WEB_USER_AGENT_H

#include "base/arena.h"

/* "Firefox, Windows"; "Firefox" or "Windows" when that is all there is to see, "" for nothing or NULL. In the arena. */
const char *user_agent_words(const char *header, struct arena *arena);

#endif
