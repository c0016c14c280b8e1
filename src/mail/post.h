/* The server's thread that sends mail: every few seconds it looks whether something is due. */
#ifndef ANKETA_MAIL_POST_H
#define ANKETA_MAIL_POST_H

#include "mail/sender.h"

struct post;

/* NULL with err. The options' pointers must outlive it; their stop is not read. */
struct post *post_start(const struct sender_options *options, struct err *err);

/* Ends within about two seconds, also while a mail server keeps silent, and frees. A message under way is waiting again
 * then. NULL is fine. */
void post_stop(struct post *post);

#endif
