/* What pages for steering a round share, and what the rest of the program shows of it: more time, a questionnaire that was
 * reopened, somebody who enters answers in the institution's name. */
#ifndef ANKETA_WEB_STEER_VIEW_H
#define ANKETA_WEB_STEER_VIEW_H

#include "survey/authority.h"
#include "survey/reopening.h"
#include "survey/steer.h"
#include "survey/work.h"
#include "web/server.h"

/* The round of the query, and the institution that the address names (params[0]) when it names one; false when the reply is
 * made. */
bool steer_open_round(struct request *request, struct steer_place *out);
bool steer_open_institution(struct request *request, struct steer_place *out);

/* A page for steering, with its frame: title is a message. Sets whose (institution or round), place_link (where it leads back
 * to), round and round_closed. */
struct view *steer_page(struct request *request, const struct steer_place *place, const char *title);

/* An address for the place: /field/i/17/NAME?round=r1 or /field/round/NAME?round=r1. */
const char *steer_address(struct request *request, const struct steer_place *place, const char *name);

/* What went wrong beside a field: sets FIELD_problem of the page's fields (the last is NULL) to the message with that key when
 * field is it, to "" else; and has_problems. */
void steer_problem(struct request *request, struct view *view, const char *const *names, const char *name, const char *key);

/* A day as people read it, and one as they type it: 13.12.2017 */
const char *steer_date(struct request *request, int64_t ms);
const char *steer_typed_date(struct arena *arena, const char *iso);

/* Sets what the partials authority_facts and authority_end show of one. */
void steer_authority_view(struct request *request, struct view *item, const struct authority *authority);

/* Sets what the partial submission shows of one. */
void steer_submission_view(struct request *request, struct view *item, const struct work *work, const struct submitted *submitted);

/* "Ilze Ozola", or "Ilze Ozola (in the institution's name)". */
const char *steer_person(struct request *request, const char *person, bool on_behalf);

/* What stands above the pages of a response (partial steer_banner): that it was reopened and why, on whose authority the
 * reader enters answers. */
void steer_banner_view(struct request *request, struct view *view, const struct work *work);

/* On a card of the workplace (partial steer_card): why there is more time, that it was reopened or closed. */
void steer_card_view(struct request *request, struct view *card, const struct work *work);

/* On the workplace (partial steer_behalf): who enters answers in the institution's name, or did. */
void steer_behalf_view(struct request *request, struct view *view, const struct work_item *item, struct err *err);

/* Whether somebody of the staff may post to a response: only with the institution's authority; else the reply is made. Who
 * fills it may. */
bool steer_may_post(struct request *request);

#endif
