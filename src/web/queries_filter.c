#include "web/queries_filter.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "survey/text.h"

#define DAY_MS (24LL * 60 * 60 * 1000)
#define OFFSET_MAX 1000000

static int read_name(const char *text, int count, const char *name(int index)) {
  for (int i = 0; i < count; i++)
    if (strcmp(text, name(i)) == 0) return i;
  return -1;
}

static const char *state_name(int index) { return query_state_name((enum query_state)index); }
static const char *origin_name(int index) { return query_origin_name((enum query_origin)index); }

static int64_t read_number(const char *text, int64_t max) {
  long long number = strtoll(text, NULL, 10);
  return number < 0 || number > max ? 0 : number;
}

static const char *read_line(struct request *request, const char *name) {
  const char *line = text_line(request_query(request, name), QUERIES_FIND_MAX, request->arena);
  return line != NULL ? line : "";
}

bool queries_read_filter(struct request *request, struct db *db, struct queries_filter *out, struct err *err) {
  const struct field_round *rounds;
  const char *wanted = request_query(request, "round");
  size_t count = field_rounds(db, request->actor, request->arena, &rounds, err), chosen = 0;
  if (err->code != ERR_NONE) return false;
  for (size_t i = 0; i < count; i++)
    if (strcmp(rounds[i].id, wanted) == 0) chosen = i;
  *out = (struct queries_filter){
      .stored = {
          .round = count > 0 ? rounds[chosen].id : "",
          .questionnaire = read_line(request, "q"),
          .question = read_line(request, "question"),
          .institution = read_number(request_query(request, "institution"), INT64_MAX),
          .state = read_name(request_query(request, "state"), QUERY_STATES, state_name),
          .origin = read_name(request_query(request, "origin"), QUERY_ORIGINS, origin_name),
          .find = read_line(request, "find"),
          .offset = (int)read_number(request_query(request, "from"), OFFSET_MAX),
      },
      .days = (int)read_number(request_query(request, "days"), 1000),
      .round = count > 0 ? &rounds[chosen] : NULL,
  };
  if (out->days > 0) out->stored.changed_before_ms = clock_now_ms() - out->days * DAY_MS;
  return true;
}

static void put_text(struct buf *out, const char *name, const char *text) {
  if (text[0] == '\0') return;
  buf_printf(out, "%s%s=", out->len > 0 ? "&" : "", name);
  for (const unsigned char *c = (const unsigned char *)text; *c != '\0'; c++) buf_printf(out, "%%%02X", *c);
}

const char *queries_filter_link(struct request *request, const struct queries_filter *filter) {
  const struct stored_query_filter *stored = &filter->stored;
  struct buf link = {0};
  put_text(&link, "round", stored->round);
  put_text(&link, "q", stored->questionnaire);
  put_text(&link, "question", stored->question);
  if (stored->institution != 0) buf_printf(&link, "&institution=%lld", (long long)stored->institution);
  if (stored->origin >= 0) buf_printf(&link, "&origin=%s", origin_name(stored->origin));
  if (filter->days > 0) buf_printf(&link, "&days=%d", filter->days);
  put_text(&link, "find", stored->find);
  const char *copy = arena_copy_len(request->arena, buf_text(&link), link.len);
  buf_free(&link);
  return copy;
}
