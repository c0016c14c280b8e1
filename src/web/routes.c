#include "web/pages/pages.h"
#include "web/server.h"

#define FILLERS (ROUTE_CONTACT | ROUTE_EXPERT)
#define READERS (FILLERS | ROUTE_COORDINATOR | ROUTE_ADMINISTRATOR)
#define MANAGERS (ROUTE_COORDINATOR | ROUTE_ADMINISTRATOR)
#define EXPORTERS (ROUTE_RESEARCHER | ROUTE_COORDINATOR | ROUTE_ADMINISTRATOR)

/* Who may come to an address. What they may do there with which institution is decided in survey/. */
const struct route routes_all[] = {
    {"GET", "/", page_welcome, 0},
    {"GET", "/e/:token", page_link, 0},
    {"POST", "/e/:token", page_link_use, 0},
    {"POST", "/sign-out", page_sign_out, 0},
    {"POST", "/language", page_language, 0},
    {"GET", "/accessibility", page_accessibility, 0},
    {"GET", "/privacy", page_privacy, 0},
    {"GET", "/work", page_work, FILLERS},
    {"GET", "/history", page_activity, FILLERS},
    {"GET", "/account", page_account, ROUTE_SIGNED_IN},
    {"POST", "/account", page_account_save, ROUTE_SIGNED_IN},
    {"POST", "/account/sign-out", page_account_sign_out, ROUTE_SIGNED_IN},
    {"GET", "/r/:response", page_response, READERS},
    {"GET", "/r/:response/s/:section", page_section, READERS},
    {"POST", "/r/:response/s/:section", page_section_save, FILLERS},
    {"GET", "/r/:response/h/:question", page_question, READERS},
    {"POST", "/r/:response/h/:question", page_question_change, FILLERS},
    {"POST", "/r/:response/live", page_live, READERS},
    {"POST", "/r/:response/assign", page_assign, ROUTE_CONTACT},
    {"GET", "/people", page_people, ROUTE_CONTACT},
    {"POST", "/people", page_people_change, ROUTE_CONTACT},
    {"GET", "/r/:response/next", page_next, FILLERS},
    {"GET", "/r/:response/find", page_find, READERS},
    {"GET", "/r/:response/check", page_check, READERS},
    {"POST", "/r/:response/confirm", page_confirm, FILLERS},
    {"POST", "/r/:response/submit", page_submit, FILLERS},
    {"GET", "/r/:response/receipt", page_receipt, READERS},
    {"GET", "/r/:response/xlsx", page_form_xlsx, READERS},
    {"GET", "/reminders", page_reminders, FILLERS},
    {"POST", "/reminders", page_reminder_add, FILLERS},
    {"POST", "/reminders/:id/remove", page_reminder_remove, FILLERS},
    {"GET", "/r/:response/pdf", page_pdf, READERS},
    {"GET", "/field", page_dashboard, MANAGERS},
    {"GET", "/field/list", page_field, MANAGERS},
    {"POST", "/field/views", page_field_view_save, MANAGERS},
    {"POST", "/field/views/:id/remove", page_field_view_remove, MANAGERS},
    {"GET", "/field/xlsx", page_field_xlsx, MANAGERS},
    {"GET", "/field/i/:institution", page_institution, MANAGERS},
    {"GET", "/frame", page_frame_list, MANAGERS},
    {"POST", "/frame/add", page_frame_add, MANAGERS},
    {"POST", "/frame/upload", page_frame_upload, MANAGERS | ROUTE_FILES},
    {"GET", "/frame/import/:token", page_frame_preview, MANAGERS},
    {"POST", "/frame/import/:token", page_frame_import, MANAGERS},
    {"POST", "/switch", page_switch, ROUTE_CONTACT},
    {"GET", "/n/:token", page_nomination, 0},
    {"POST", "/n/:token", page_nomination_send, 0},
    {"GET", "/frame/nominations", page_nominations, MANAGERS},
    {"POST", "/frame/nominations", page_nominations_decide, MANAGERS},
    {"POST", "/frame/i/:institution/people", page_frame_people, MANAGERS},
    {"GET", "/frame/i/:institution/contact", page_frame_contact, MANAGERS},
    {"POST", "/frame/i/:institution/contact", page_frame_contact_save, MANAGERS},
    {"GET", "/frame/i/:institution/contact/:person", page_frame_contact, MANAGERS},
    {"POST", "/frame/i/:institution/contact/:person", page_frame_contact_save, MANAGERS},
    {"GET", "/data", page_data, EXPORTERS},
    {"GET", "/data/export", page_export, EXPORTERS},
    {0},
};

/* The author's preview: nobody signs in, nothing is stored. */
const struct route routes_preview[] = {
    {"GET", "/", page_preview, 0},
    {"GET", "/s/:section", page_preview_section, 0},
    {"POST", "/s/:section", page_preview_save, 0},
    {"GET", "/revision", page_preview_revision, 0},
    {"POST", "/language", page_language, 0},
    {"GET", "/accessibility", page_accessibility, 0},
    {"GET", "/privacy", page_privacy, 0},
    {0},
};
