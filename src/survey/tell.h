/* Tells colleagues by mail what concerns them: invited, given a section, a note. Each goes into the outbox in the
 * transaction that makes it true; who does not want that kind of mail gets none (mail/mail.h). */
#ifndef ANKETA_SURVEY_TELL_H
#define ANKETA_SURVEY_TELL_H

#include "mail/mail.h"
#include "survey/work.h"

/* All: writer. False only as the store fails. */
bool tell_invited(struct db *db, const struct actor *actor, int64_t person, struct err *err);

/* Nothing is sent to who gives a section to themselves. */
bool tell_assigned(struct db *db, const struct actor *actor, const struct work *work, int section, int64_t person,
                   struct err *err);

/* To the other contacts of the response's institution; question and row are ids, note that of the note. */
bool tell_note(struct db *db, const struct actor *actor, const struct work *work, const char *question, const char *row,
               int64_t note, const char *text, struct err *err);

/* What is asked about an answer, to those who fill the response: the institution's contacts, or the expert who gave the
 * answer (all experts, when nobody did). query and number (of the message, 0: the question itself) say what it is about. */
bool tell_query(struct db *db, const struct actor *actor, const struct work *work, const char *question, const char *row,
                int64_t query, int number, const char *text, struct err *err);

/* To all contacts of an institution: the message, each with its reason and the person's number for a reason. form: its title
 * is the message's section, in the person's language; NULL: the message has its own. */
bool tell_contacts(struct db *db, int64_t institution, const struct mail_message *message, const struct form *form,
                   struct err *err);

#endif
