/* What the pages of the field share: addresses of lists, and how a row says where it stands. */
#ifndef ANKETA_WEB_PAGES_FIELD_VIEW_H
#define ANKETA_WEB_PAGES_FIELD_VIEW_H

#include "survey/field.h"
#include "web/server.h"

/* "/field/list?q=…", in the request's arena. */
const char *field_link(struct request *request, const struct field_filter *filter);

/* The message of a disposition. */
const char *field_disposition_text(struct request *request, enum disposition disposition);
/* Sets status (for the tag's look) and status_text. */
void field_tag_view(struct request *request, struct view *item, enum disposition disposition);

/* What "tel:" takes: digits and a leading plus; "" when there are none. */
const char *field_phone_link(struct request *request, const char *phone);

/* Sets contact_name, contact_phone, phone_link ("" when there is none). */
void field_contact_view(struct request *request, struct view *item, const char *name, const char *phone);

/* The two usual kinds have words; others are as the sample frame has them. */
const char *field_kind_text(struct request *request, const char *kind);

/* A date, or a date and time; "–" for 0. */
const char *field_date(struct request *request, int64_t ms);
const char *field_moment(struct request *request, int64_t ms);

/* Sets rounds (id, round_name, chosen) and several_rounds. */
void field_rounds_view(struct view *view, const struct field_round *rounds, size_t count, const char *chosen);

#endif
