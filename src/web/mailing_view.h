/* What the pages of a coordinator's mail have in common. */
#ifndef ANKETA_WEB_MAILING_VIEW_H
#define ANKETA_WEB_MAILING_VIEW_H

#include "survey/letterbox.h"
#include "survey/mailing.h"
#include "web/server.h"

/* The round that the page is about: of its address or form, else the latest; sets round_id and mailing_round, and the pages'
 * links with the current one ("/mailings/rules"). "" when there is no round at all. */
const char *mailing_page(struct request *request, struct view *view, const char *current, struct err *err);

/* The round alone. */
const char *mailing_round(struct request *request, const char **title, struct err *err);

/* "Uzaicinājums" of "invitation"; also for kinds that coordinators do not send. */
const char *mailing_kind_text(struct request *request, const char *kind);

/* To whom, in words: "Visas iestādes", "Statuss: Atvērta; resors: Finanses", a name. */
const char *mailing_aim_text(struct request *request, const struct mailing_aim *aim, const char *name);

/* The name of a disposition or of a group of them. */
const char *mailing_status_text(struct request *request, const char *name);

/* One line of an outbox: id, link, kind_text, address, person_name, institution_name, subject, state, state_text, state_tag,
 * attempts, when, next, fault, bounced. */
void mailing_message_view(struct request *request, struct view *item, const struct letterbox_item *entry);

/* "6. decembris, 10:32", "–" for 0. */
const char *mailing_moment(struct request *request, int64_t ms);

#endif
