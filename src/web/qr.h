/* A text as a QR code (libqrencode): the path of an SVG picture. */
#ifndef ANKETA_WEB_QR_H
#define ANKETA_WEB_QR_H

#include "base/arena.h"

/* What stands in the attribute d of a path, a unit for each square, with the quiet zone of four around it; *size gets the
 * width and height of the whole. In the arena; NULL when the text is too long. */
const char *qr_path(const char *text, int *size, struct arena *arena);

#endif
