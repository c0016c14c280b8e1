#include "web/pages/pages.h"
#include "web/server.h"

#define FILLERS (ROUTE_CONTACT | ROUTE_EXPERT)
#define READERS (FILLERS | ROUTE_COORDINATOR | ROUTE_ADMINISTRATOR)
#define MANAGERS (ROUTE_COORDINATOR | ROUTE_ADMINISTRATOR)
#define ENTERERS (FILLERS | ROUTE_COORDINATOR) /* the latter with an institution's authority alone */
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
    {"POST", "/r/:response/s/:section", page_section_save, ENTERERS},
    {"GET", "/r/:response/h/:question", page_question, READERS},
    {"POST", "/r/:response/h/:question", page_question_change, ENTERERS},
    {"POST", "/r/:response/live", page_live, READERS},
    {"POST", "/r/:response/assign", page_assign, ROUTE_CONTACT},
    {"GET", "/people", page_people, ROUTE_CONTACT},
    {"POST", "/people", page_people_change, ROUTE_CONTACT},
    {"GET", "/r/:response/next", page_next, ENTERERS},
    {"GET", "/r/:response/find", page_find, READERS},
    {"GET", "/r/:response/check", page_check, READERS},
    {"POST", "/r/:response/confirm", page_confirm, ENTERERS},
    {"POST", "/r/:response/submit", page_submit, ENTERERS},
    {"GET", "/r/:response/receipt", page_receipt, READERS},
    {"GET", "/r/:response/xlsx", page_form_xlsx, READERS},
    {"GET", "/reminders", page_reminders, FILLERS},
    {"POST", "/reminders", page_reminder_add, FILLERS},
    {"POST", "/reminders/:id/remove", page_reminder_remove, FILLERS},
    {"GET", "/r/:response/pdf", page_pdf, READERS},
    {"GET", "/field", page_field, MANAGERS},
    {"GET", "/field/i/:institution", page_institution, MANAGERS},
    {"GET", "/r/:response/reopen", page_reopen, MANAGERS},
    {"POST", "/r/:response/reopen", page_reopen_now, MANAGERS},
    {"GET", "/r/:response/compare", page_compare, READERS},
    {"GET", "/authority/:id", page_authority, MANAGERS | ROUTE_CONTACT},
    {"POST", "/authority/:id/end", page_authority_end, ROUTE_COORDINATOR | ROUTE_CONTACT},
    {"GET", "/field/i/:institution/authority", page_authorities, MANAGERS},
    {"POST", "/field/i/:institution/authority", page_authority_record, ROUTE_COORDINATOR},
    {"GET", "/field/i/:institution/log", page_contact_log, MANAGERS},
    {"POST", "/field/i/:institution/log", page_contact_write, MANAGERS},
    {"POST", "/field/i/:institution/log/back", page_contact_back, MANAGERS},
    {"GET", "/field/calls", page_calls, MANAGERS},
    {"GET", "/field/round", page_round, MANAGERS},
    {"GET", "/field/round/close", page_round_close, MANAGERS},
    {"POST", "/field/round/close", page_round_close_now, MANAGERS},
    {"POST", "/field/round/open", page_round_open, MANAGERS},
    {"GET", "/field/round/report", page_round_report, MANAGERS},
    {"GET", "/field/round/deadline", page_round_deadline, MANAGERS},
    {"POST", "/field/round/deadline", page_round_deadline_move, MANAGERS},
    {"GET", "/field/i/:institution/deadline", page_deadline, MANAGERS},
    {"POST", "/field/i/:institution/deadline", page_deadline_move, MANAGERS},
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
