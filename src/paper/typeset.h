/* Makes pages of a manuscript: lines, page breaks, running titles, "3 no 12".
 *
 * A heading is never the last thing on a page, two lines of a paragraph stay together, headings of a table stand on every
 * page that it reaches. Goes through the manuscript twice, first to count; keeps no more than the lines of a page, however
 * long it is. */
#ifndef ANKETA_PAPER_TYPESET_H
#define ANKETA_PAPER_TYPESET_H

#include "paper/pdf.h"

/* Reads a manuscript from the file and writes the PDF. False with err. */
bool typeset(int manuscript, pdf_write *write, void *context, struct err *err);

#endif
