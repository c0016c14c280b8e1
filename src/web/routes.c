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
    {"GET", "/r/:response", page_response, READERS},
    {"GET", "/r/:response/s/:section", page_section, READERS},
    {"POST", "/r/:response/s/:section", page_section_save, FILLERS},
    {"GET", "/r/:response/h/:question", page_history, READERS},
    {"GET", "/r/:response/check", page_check, READERS},
    {"POST", "/r/:response/confirm", page_confirm, FILLERS},
    {"POST", "/r/:response/submit", page_submit, FILLERS},
    {"GET", "/r/:response/receipt", page_receipt, READERS},
    {"GET", "/r/:response/pdf", page_pdf, READERS},
    {"GET", "/field", page_field, MANAGERS},
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
