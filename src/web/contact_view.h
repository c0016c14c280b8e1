/* The log of calls and letters as pages show it: its entries, and the form of one line. */
#ifndef ANKETA_WEB_CONTACT_VIEW_H
#define ANKETA_WEB_CONTACT_VIEW_H

#include "survey/contact_log.h"
#include "web/server.h"

/* Sets log_entries, has_log, log_more; max 0: all. */
void contact_entries_view(struct request *request, struct view *view, const char *round, int64_t institution, size_t max,
                          struct err *err);
void contact_entry_view(struct request *request, struct view *item, const struct contact_entry *entry);

/* Sets what the partial contact_form shows, with what this request typed. */
void contact_form_view(struct request *request, struct view *view, const char *round, int64_t institution);

#endif
