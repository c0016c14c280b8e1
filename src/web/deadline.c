#include "web/deadline.h"

#include "base/clock.h"
#include "web/locale.h"

int64_t deadline_days(int64_t deadline_ms) { return locale_day(deadline_ms) - locale_day(clock_now_ms()); }

const char *deadline_text(const struct templates *templates, int64_t deadline_ms, const char *language,
                          struct arena *arena) {
  int64_t days = deadline_days(deadline_ms);
  struct view *view = view_new(arena);
  view_int(view, "days", days < 0 ? -days : days);
  return template_message(templates, days > 0 ? "deadline.left" : days < 0 ? "deadline.over" : "deadline.today",
                          language, view, arena);
}
