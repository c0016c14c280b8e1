/* The handlers behind the routes, one file per page family. */
#ifndef ANKETA_WEB_PAGES_PAGES_H
#define ANKETA_WEB_PAGES_PAGES_H

#include "survey/work.h"
#include "web/server.h"

/* signin.c */
handler page_welcome, page_link, page_link_use, page_sign_out, page_language, page_accessibility, page_privacy;
handler page_confirm_code, page_confirm_code_use;
/* setup.c, password.c: accounts of staff */
handler page_setup_password, page_setup_factor, page_setup_factor_prove;
handler page_sign_in, page_sign_in_try, page_sign_in_code, page_sign_in_code_try;
handler page_password, page_password_change, page_new_codes, page_new_codes_make;
/* work.c */
handler page_work;
/* response.c */
handler page_response, page_next, page_receipt;
/* find.c */
handler page_find;
/* activity.c */
handler page_activity;
/* account.c */
handler page_account, page_account_save, page_account_sign_out, page_account_end;
/* staff.c, audit.c */
handler page_staff, page_staff_add, page_staff_person, page_staff_change, page_audit;
/* question.c */
handler page_question, page_question_change;
/* query.c */
handler page_response_queries, page_query_change;
/* queries.c, queries_export.c, queries_suggest.c */
handler page_queries, page_queries_close, page_queries_export, page_queries_suggest;
/* people.c */
handler page_people, page_people_change, page_assign;
/* section.c */
handler page_section, page_section_save;
/* live.c */
handler page_live;
/* check.c */
handler page_check, page_confirm, page_submit;
/* reminders.c */
handler page_reminders, page_reminder_add, page_reminder_remove;
/* pdf.c */
handler page_pdf;
/* dashboard.c */
handler page_dashboard;
/* field.c */
handler page_field, page_field_view_save, page_field_view_remove;
/* field_xlsx.c */
handler page_field_xlsx;
/* institution.c */
handler page_institution;
/* round.c */
handler page_round, page_round_close, page_round_close_now, page_round_open, page_round_report;
/* contacts.c */
handler page_contact_log, page_contact_write, page_contact_back, page_calls;
/* reopen.c */
handler page_reopen, page_reopen_now, page_compare;
/* authority.c */
handler page_authorities, page_authority_record, page_authority, page_authority_end;
/* deadline.c */
handler page_deadline, page_deadline_move, page_round_deadline, page_round_deadline_move;
/* frame.c: the list of institutions; frame_import.c: lists from files */
/* switch.c: for the page of one's own details */
handler page_switch;
void switch_view(struct request *request, struct view *view, struct err *err);
/* nomination.c */
handler page_nomination, page_nomination_send, page_nominations, page_nominations_decide;
/* frame_people.c: contacts of an institution */
handler page_frame_people, page_frame_contact, page_frame_contact_save;
handler page_frame_list, page_frame_add, page_frame_upload, page_frame_preview, page_frame_import;
/* data.c */
handler page_data, page_export;
/* form_xlsx.c */
handler page_form_xlsx;
/* corrected.c */
handler page_corrected, page_corrected_read;
/* corrections.c */
handler page_corrections, page_corrections_change;
/* preview.c */
handler page_preview, page_preview_section, page_preview_save, page_preview_revision;

/* account.c: the table of sessions (partial sessions); its buttons post to action. True when there is one besides this. */
struct account_session;
bool sessions_view(struct request *request, struct view *view, const struct account_session *list, size_t count,
                   const char *action);

/* After a change that ended the session of the request: takes the cookie away and shows the start. */
request_after session_ended;

/* corrected.c: an entry whose question is not there any more. Sets number, text of the question and typed. */
void corrected_unsaved_view(struct request *request, struct view *item, const struct save_entry *entry);
/* After a save on a page that a correction took away: what was refused, or what changed. */
void corrected_reply(struct request *request, const struct work *work, const struct save_entry *entries, size_t count);

/* Opens the response that the address names (params[0]); replies with the error and returns NULL when that fails. */
struct work *open_response(struct request *request);

/* Which of the others work where, in a sentence; "" when nobody does. section: the asker's own. */
const char *people_line(struct request *request, const struct work *work, int section);
/* people.c, for the workplace. Sets colleague_list, has_colleagues: whom a section may be given to (partial work_assign). */
void talk_people_view(struct request *request, struct view *view, struct err *err);
/* Sets mine_title, mine_link of a card: the actor's section to do next, "" when there is none (partial work_mine). */
void talk_card_view(struct request *request, struct view *card, const struct work *work);
/* The section to go on with: the actor's own first. */
int talk_resume(struct request *request, const struct work *work);

/* Sets answer_sections: the whole response to read through; only what applies. */
void answers_view(struct request *request, struct view *view, const struct work *work);

/* An answer as a person reads it, the entry as typed when it is invalid, "" when there is none. */
const char *answer_text(struct request *request, const struct work *work, int question, int row);

/* question.c, for what is done on a question's page. What was done before the page is shown, in words; "". */
const char *talk_said(struct request *request);
/* An id from a form that is to come back in an address. */
bool question_fits_address(const char *id);
/* The page of a question with words about a query that could not be taken. */
struct query_refusal;
void question_show_refusal(struct request *request, const char *question, const char *row, int status,
                           const struct query_refusal *refusal);
/* The page of the frame; wrong: what went wrong with it as a whole, in words, NULL; typed: the form that was sent, NULL. */
struct frame_rows;
struct frame_problem;
void frame_show(struct request *request, int status, const char *wrong, const struct frame_rows *typed);
const char *frame_problem_text(struct request *request, const struct frame_problem *problem);

/* One line of what a person did. */
struct activity;
void activity_line_view(struct request *request, struct view *item, const struct activity *activity);

/* mailings.c, mailing_new.c, mail_words.c, rules.c, outbox.c */
handler page_mailings, page_mailing, page_mailing_call_off, page_mailing_new, page_mailing_plan;
handler page_mail_words, page_mail_words_change;
handler page_rules, page_rule_add, page_rule_change;
handler page_outbox, page_message, page_message_act, page_unsubscribe, page_unsubscribe_now;

#endif
