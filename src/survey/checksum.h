/* The checksum of a submitted response and the code on its receipt.
 *
 * The checksum is BLAKE2b-256 in hexadecimal over this text, in UTF-8, where US is the character 0x1F and RS 0x1E, which
 * no answer can contain:
 *   "anketa 1" RS hash of the questionnaire's text RS number of the response RS
 *   for every roster row, by roster id and position:    "row" US roster US row US name RS
 *   for every answer, by question id and row id (bytes): question US row US state US stored value RS
 * Answers that were cleared, and those of removed rows, are left out; answers that are filtered out are in.
 */
#ifndef ANKETA_SURVEY_CHECKSUM_H
#define ANKETA_SURVEY_CHECKSUM_H

#include "base/secret.h"
#include "survey/work.h"

#define CHECKSUM_RECEIPT_LEN 11

bool checksum_compute(struct db *db, const struct work *work, char out[SECRET_HASH_LEN + 1], struct err *err);

/* "7K3QD-9F2MX": the first 50 bits of the checksum in Crockford's base 32, which has no I, L, O or U. */
void checksum_receipt(const char *checksum, char out[CHECKSUM_RECEIPT_LEN + 1]);

#endif
