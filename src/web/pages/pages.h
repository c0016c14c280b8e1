/* The handlers behind the routes, one file per page family. */
#ifndef ANKETA_WEB_PAGES_PAGES_H
#define ANKETA_WEB_PAGES_PAGES_H

#include "survey/work.h"
#include "web/server.h"

/* signin.c */
handler page_welcome, page_link, page_link_use, page_sign_out, page_language, page_accessibility, page_privacy;
/* work.c */
handler page_work;
/* response.c */
handler page_response, page_next, page_receipt, page_history;
/* find.c */
handler page_find;
/* activity.c */
handler page_activity;
/* account.c */
handler page_account, page_account_save, page_account_sign_out;
/* section.c */
handler page_section, page_section_save;
/* check.c */
handler page_check, page_confirm, page_submit;
/* field.c */
handler page_field;
/* data.c */
handler page_data, page_export;
/* preview.c */
handler page_preview, page_preview_section, page_preview_save, page_preview_revision;

/* After a change that ended the session of the request: takes the cookie away and shows the start. */
request_after session_ended;

/* Opens the response that the address names (params[0]); replies with the error and returns NULL when that fails. */
struct work *open_response(struct request *request);

/* Sets answer_sections: the whole response to read through; only what applies. */
void answers_view(struct request *request, struct view *view, const struct work *work);

/* An answer as a person reads it, the entry as typed when it is invalid, "" when there is none. */
const char *answer_text(struct request *request, const struct work *work, int question, int row);

/* One line of what a person did. */
struct activity;
void activity_line_view(struct request *request, struct view *item, const struct activity *activity);

#endif
