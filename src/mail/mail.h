/* Mail to people: what the rest of the program calls to have a message sent. It only puts the message into the outbox, in
 * the caller's transaction; mail/post.h and `anketa mail send` bring it on its way. */
#ifndef ANKETA_MAIL_MAIL_H
#define ANKETA_MAIL_MAIL_H

#include "mail/text.h"
#include "store/db.h"

enum mail_kind {
  MAIL_INVITATION, /* a colleague (inviter) or the round asks somebody to take part; goes out whatever the person wants */
  MAIL_ASSIGNMENT, /* a section was given to the person */
  MAIL_NOTE,       /* a colleague wrote a note; notes are collected, a message an hour at most */
  MAIL_REMINDER,   /* the person asked for it */
  MAIL_QUERY,      /* a coordinator asks about an answer; collected as notes are, goes out whatever the person wants */
  MAIL_EXTENSION,  /* the institution's last day was moved */
  MAIL_REOPENED,   /* a submitted questionnaire may be changed again */
  MAIL_BEHALF,     /* somebody of the staff enters answers on the institution's authority from now on */
  MAIL_BEHALF_END, /* … and does not any more */
  MAIL_CORRECTION, /* the questionnaire was corrected while they fill it in */
  MAIL_DEADLINE,   /* the coordinator reminds */
  MAIL_LETTER,     /* the coordinator's own words */
  MAIL_CODE,       /* a code, text, to confirm a browser with; before everything else that waits, whatever the person wants */
  MAIL_ACCOUNT,    /* an administrator, inviter, made an account: the link to set it up; whatever the person wants */
  MAIL_RESET,      /* the same after inviter made password and second factor void */
  MAIL_NOMINATION, /* an institution is asked, at its official address, to name its contacts; {link} is to nominate */
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
  int64_t institution; /* MAIL_NOMINATION: to which; person is 0 */
  const char *reason; /* what it is sent for, e.g. "invitation 17": a second message for it is not made */
  const char *round;  /* id; its title, deadline and help contact are shown. NULL: the latest */
  /* What the kind shows; NULL: nothing to show. A note and a query must have all three. */
  const char *inviter; /* name of who invites, assigns, wrote */
  const char *section; /* title of the section, or the question's place in words */
  const char *text;    /* the note, the reminder, a word to the invited */
  const char *list;    /* lines of their own, put in as they are: the questions that a correction concerns */
  const char *path;    /* where the link leads, "/r/17/s/21006"; NULL: where the person begins */
  const struct mail_standing *standings; /* reminders */
  size_t standing_count;
  int64_t mailing;                /* the coordinator's mailing that it belongs to, 0 */
  const struct text_words *words; /* in place of the stored or built-in ones; NULL */
};

/* Writer. True also when nothing is to be sent: the person was removed, does not want this kind, or the reason is not
 * new. Fails only as the store fails, or with ERR_NOT_FOUND for an unknown person or round. */
bool mail_put(struct db *db, const struct mail_message *message, struct err *err);

/* What such a message would be: subject and body as they are sent, with the given addresses in place of the personal ones, in
 * the person's language. Nothing is stored; the texts live in the arena. The same failures; false without err when a letter
 * has no words. */
struct mail_sample {
  const char *link, *unsubscribe; /* given */
  const char *subject, *body, *language;
};
bool mail_preview(struct db *db, const struct mail_message *message, struct arena *arena, struct mail_sample *out,
                  struct err *err);

/* The name under which a coordinator's words are kept, and under which templates/mail has the built-in ones; NULL when
 * the kind's words are not theirs to change. */
const char *mail_words_name(enum mail_kind kind);

/* The token of the address where a person turns reminders off without signing in: "17-" and a keyed hash. */
#define MAIL_TOKEN_MAX 64
void mail_unsubscribe_token(const char *secret, int64_t person, char out[MAIL_TOKEN_MAX]);

/* Whether mail of this kind may be turned off there. */
bool mail_is_reminder(const char *kind);

/* Why a message was called off, as it is stored; pages say it in the reader's language. */
#define MAIL_WHY_GONE "the person is not there any more"
#define MAIL_WHY_REMOVED "the person was removed"
#define MAIL_WHY_UNWANTED "the person does not want this mail"
#define MAIL_WHY_NOT_OWED "there is nothing left to remind of"
#define MAIL_WHY_COORDINATOR "a coordinator called it off"

/* Whether a person with these notify bits gets this kind; name as in the table message. Unknown kinds are wanted. */
const char *mail_kind_name(enum mail_kind kind);
bool mail_is_wanted(const char *kind, int notify);

#endif
