/* Numbers as text, the same in every locale and on every machine. */
#ifndef ANKETA_BASE_NUMBER_H
#define ANKETA_BASE_NUMBER_H

#include "base/buf.h"

/* The shortest decimal text that reads back as the same number, without an exponent: "1234.5", "-0.001". Nothing when
 * the number is not finite. */
void number_write(double number, struct buf *out);

/* The same with at most digits (1 to 17) significant ones: what a person should see of 0.1 + 0.2. */
void number_write_digits(double number, int digits, struct buf *out);

#endif
