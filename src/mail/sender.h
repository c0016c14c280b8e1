/* Sends what is due: by SMTP, or into the outbox folder when there are no settings for a server. Used by one thread.
 *
 * For each message: a commit that marks it as being sent and keeps the hash of its personal link, the handing over, a
 * commit that says how it went (and takes the next one in the same breath). A sender that is killed between the server's acceptance and the second commit, or whose
 * connection breaks before the answer, leaves one message of which nobody can know whether it arrived; it is sent again,
 * with the same Message-ID. That is the only way in which one goes out twice; none is lost. Two senders are kept apart
 * by a lock on DATA/mail.lock.
 */
#ifndef ANKETA_MAIL_SENDER_H
#define ANKETA_MAIL_SENDER_H

#include <stdatomic.h>

#include "base/buf.h"
#include "mail/settings.h"
#include "store/writer.h"

/* What makes messages when its time comes: one batch at a time, in the writer, as long as is_due says so to who reads. */
struct sender_source {
  bool (*is_due)(struct db *db, struct err *err);
  bool (*make)(struct db *db, struct err *err);
};

struct sender_options {
  const char *folder; /* the data folder */
  struct writer *writer;
  const struct mail_settings *settings;
  const char *base_url; /* of personal links */
  const struct sender_source *sources; /* end with a NULL is_due */
  const atomic_bool *stop; /* ends a run when it becomes true; NULL: nothing does */
};

struct sender_counts {
  int sent, put_off, given_up, called_off;
};

struct sender;

/* NULL with err. The options' pointers must outlive it. */
struct sender *sender_new(const struct sender_options *options, struct err *err);
void sender_free(struct sender *sender);

/* Sends what is due now; counts are added to. False with err: the server or the store gave up, what was not sent is still
 * waiting; ERR_LOCKED: another program sends the mail of this folder. */
bool sender_run(struct sender *sender, struct sender_counts *counts, struct err *err);

/* One test message, by the same way and past the outbox. words gets what the server said, or the file's path. False with
 * words saying why, or with err. */
bool sender_test(struct sender *sender, const char *address, const char *language, struct buf *words, struct err *err);

#endif
