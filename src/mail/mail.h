/* Mail to people: what the rest of the program calls to have a message sent. It only puts the message into the outbox, in
 * the caller's transaction; mail/post.h and `anketa mail send` bring it on its way. */
#ifndef ANKETA_MAIL_MAIL_H
#define ANKETA_MAIL_MAIL_H

#include "store/db.h"

enum mail_kind {
  MAIL_INVITATION, /* a colleague or coordinator asks somebody to take part; goes out whatever the person wants */
  MAIL_ASSIGNMENT, /* a section was given to the person */
  MAIL_NOTE,       /* a colleague wrote a note; notes are collected, a message an hour at most */
  MAIL_REMINDER,   /* the person asked for it */
  MAIL_CODE,       /* a code, text, to confirm a browser with; before everything else that waits, whatever the person wants */
  MAIL_ACCOUNT,    /* an administrator, inviter, made an account: the link to set it up; whatever the person wants */
  MAIL_RESET,      /* the same after inviter made password and second factor void */
  MAIL_KINDS
};

/* Where one questionnaire stands. state "new", "started", "submitted": one response, questions answered of those required;
 * "many": responses submitted of all. */
struct mail_standing {
  const char *form; /* its title */
  const char *state;
  int answered, required;
};

struct mail_message {
  enum mail_kind kind;
  int64_t person;     /* to whom */
  const char *reason; /* what it is sent for, e.g. "invitation 17": a second message for it is not made */
  const char *round;  /* id; its title, deadline and help contact are shown. NULL: the latest */
  /* What the kind shows; NULL: nothing to show. A note must have all three. */
  const char *inviter; /* name of who invites, assigns, wrote */
  const char *section; /* title of the section, or the question's place in words */
  const char *text;    /* the note, the reminder, a word to the invited */
  const char *path;    /* where the link leads, "/r/17/s/21006"; NULL: where the person begins */
  const struct mail_standing *standings; /* reminders */
  size_t standing_count;
};

/* Writer. True also when nothing is to be sent: the person was removed, does not want this kind, or the reason is not
 * new. Fails only as the store fails, or with ERR_NOT_FOUND for an unknown person or round. */
bool mail_put(struct db *db, const struct mail_message *message, struct err *err);

/* Whether a person with these notify bits gets this kind; name as in the table message. Unknown kinds are wanted. */
const char *mail_kind_name(enum mail_kind kind);
bool mail_is_wanted(const char *kind, int notify);

#endif
