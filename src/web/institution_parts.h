/* The sections of an institution's page that are made in files of their own.
 *
 * A section has a noun. It is a file src/web/institution_NOUN.c with one function of the type below, declared here; one call
 * of it in show_parts() of pages/institution.c; a template templates/institution_NOUN.html, and one line
 * {{>institution_NOUN}} in templates/institution.html, where its place is marked: first what can be done, then what there is
 * to look up. The template begins with <section aria-labelledby="NOUN-title"><h2 id="NOUN-title">.
 *
 * The view is the page's: keys begin with the noun. What the page has set already and forms need: csrf, card_id (the
 * institution), card_round_id. Forms post to addresses of their own and come back to institution_link().
 */
#ifndef ANKETA_WEB_INSTITUTION_PARTS_H
#define ANKETA_WEB_INSTITUTION_PARTS_H

#include "survey/institution_card.h"
#include "web/server.h"

/* What may go wrong is put into *err; the page then replies with it. */
typedef void institution_part(struct request *request, struct view *view, const struct institution_card *card,
                              struct err *err);

institution_part institution_timeline_view;
institution_part institution_people_view;
/* institution_versions.c: the version each response is on, and what a correction left there. */
institution_part institution_versions;

/* "/field/i/17?round=e-index-2017", in the request's arena. */
const char *institution_link(struct request *request, int64_t institution, const char *round);

institution_part institution_mail_view;
institution_part institution_steer_view, institution_log_view;

#endif
