/* What a password of staff must be like: long, and not one that others try first. */
#ifndef ANKETA_SURVEY_PASSWORD_H
#define ANKETA_SURVEY_PASSWORD_H

#include "base/arena.h"

#define PASSWORD_MIN 12 /* characters */
#define PASSWORD_MAX 200

enum password_fault {
  PASSWORD_GOOD,
  PASSWORD_SHORT,
  PASSWORD_LONG,    /* or not UTF-8 */
  PASSWORD_COMMON,  /* among the commonest; one of them, or something short, again and again or with figures and signs around;
                     * a run of figures */
  PASSWORD_PERSONAL /* little more than the person's name, their address, or the program's name */
};

/* The password comes in Unicode's normal form C. */
enum password_fault password_check(const char *password, const char *name, const char *email, struct arena *arena);

#endif
