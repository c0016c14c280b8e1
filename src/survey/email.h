/* E-mail addresses as the store keeps them: in small letters, so that a person is found however it is typed. */
#ifndef ANKETA_SURVEY_EMAIL_H
#define ANKETA_SURVEY_EMAIL_H

#include "base/arena.h"
#include "base/err.h"

/* The address without spaces around it, in small letters, in the arena; NULL with ERR_INPUT when it is none. */
const char *email_normalize(const char *text, struct arena *arena, struct err *err);

#endif
