/* The thread that moves responses to a corrected version of their questionnaire, some at a time through the writer, so that
 * nobody who saves an answer waits for it. It looks when it is woken, at start (what a killed server left), and once a minute
 * (what the command line published, what was reopened).
 */
#ifndef ANKETA_SURVEY_MOVER_H
#define ANKETA_SURVEY_MOVER_H

#include "base/err.h"
#include "store/writer.h"

#define MOVER_BATCH 50 /* responses in one job of the writer */

struct mover_thread;

/* NULL with err. */
struct mover_thread *mover_start(struct writer *writer, struct err *err);
/* Something was published, or reopened. NULL does nothing. */
void mover_wake(struct mover_thread *mover);
/* Before the writer goes. What is left is moved at the next start. */
void mover_stop(struct mover_thread *mover);

#endif
