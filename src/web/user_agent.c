#include "web/user_agent.h"

#include <string.h>

/* Many name others whom they resemble; the first that fits is meant. */
static const char *const browsers[][2] = {
    {"Edg", "Edge"},         {"OPR/", "Opera"},      {"SamsungBrowser/", "Samsung Internet"}, {"Vivaldi/", "Vivaldi"},
    {"Firefox/", "Firefox"}, {"FxiOS/", "Firefox"},  {"CriOS/", "Chrome"},                    {"Chrome/", "Chrome"},
    {"Safari/", "Safari"},   {"curl/", "curl"},
};
static const char *const systems[][2] = {
    {"Windows", "Windows"}, {"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"},
    {"Mac OS X", "macOS"},  {"CrOS", "ChromeOS"},   {"Linux", "Linux"},
};

static const char *find(const char *const (*known)[2], size_t count, const char *header) {
  for (size_t i = 0; i < count; i++)
    if (strstr(header, known[i][0]) != NULL) return known[i][1];
  return "";
}

const char *user_agent_words(const char *header, struct arena *arena) {
  if (header == NULL) return "";
  const char *browser = find(browsers, sizeof browsers / sizeof *browsers, header);
  const char *system = find(systems, sizeof systems / sizeof *systems, header);
  return arena_printf(arena, "%s%s%s", browser, browser[0] != '\0' && system[0] != '\0' ? ", " : "", system);
}
