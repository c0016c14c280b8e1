/* The handlers behind the routes, one file per page family. */
#ifndef ANKETA_WEB_PAGES_PAGES_H
#define ANKETA_WEB_PAGES_PAGES_H

#include "survey/work.h"
#include "web/server.h"

/* signin.c */
handler page_welcome, page_link, page_link_use, page_sign_out, page_language, page_accessibility, page_privacy;
/* work.c */
handler page_work, page_response, page_receipt, page_history;
/* section.c */
handler page_section, page_section_save;
/* check.c */
handler page_check, page_confirm, page_submit;
/* pdf.c */
handler page_pdf;
/* field.c */
handler page_field;
/* data.c */
handler page_data, page_export;
/* preview.c */
handler page_preview, page_preview_section, page_preview_save, page_preview_revision;

/* Opens the response that the address names (params[0]); replies with the error and returns NULL when that fails. */
struct work *open_response(struct request *request);

/* Sets answer_sections: the whole response to read through; only what applies. */
void answers_view(struct request *request, struct view *view, const struct work *work);

/* An answer as a person reads it, the entry as typed when it is invalid, "" when there is none. */
const char *answer_text(struct request *request, const struct work *work, int question, int row);

#endif
