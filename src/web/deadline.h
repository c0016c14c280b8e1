/* Deadlines as people count them: in days of Riga's calendar. */
#ifndef ANKETA_WEB_DEADLINE_H
#define ANKETA_WEB_DEADLINE_H

#include "web/template.h"

#define DEADLINE_NEAR_DAYS 7

/* Days from today to the day of the deadline: 0 on that day, negative when it is over. */
int64_t deadline_days(int64_t deadline_ms);

/* "Līdz termiņam 12 dienas", "Termiņš ir šodien", "Termiņš bija pirms 2 dienām". In the arena. */
const char *deadline_text(const struct templates *templates, int64_t deadline_ms, const char *language,
                          struct arena *arena);

#endif
