/* What a preview shares between its pages: the questionnaire file, loaded again when it was saved, and the answers tried
 * in it. One author, one browser; a lock keeps its requests apart. */
#ifndef ANKETA_WEB_PREVIEW_H
#define ANKETA_WEB_PREVIEW_H

#include "base/err.h"

struct preview;

/* The file must be readable; it need not be good. */
struct preview *preview_new(const char *path, struct err *err);
void preview_free(struct preview *preview);

#endif
