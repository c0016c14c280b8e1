#include "survey/checksum.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "store/answer.h"
#include "store/roster.h"

#define US '\x1F'
#define RS '\x1E'

static bool add_rows(struct db *db, const struct work *work, struct buf *text, struct err *err) {
  struct roster_row row;
  struct err own = {0};
  struct stmt *stmt = work->at_ms == 0 ? roster_list(db, work->item.response)
                                       : roster_list_at(db, work->item.response, work->at_ms);
  while (roster_next(stmt, &row, &own)) {
    buf_printf(text, "row%c%s%c%s%c%s%c", US, row.roster, US, row.row, US, row.label, RS);
  }
  stmt_end(stmt);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

static bool is_in_row(const struct work *work, const struct answer_row *answer) {
  int question = form_find(work->item.form, answer->question);
  int roster = question >= 0 ? work->item.form->questions[question].roster : -1;
  return roster >= 0 && response_find_row(work->response, roster, answer->row) >= 0;
}

static bool add_answers(struct db *db, const struct work *work, struct buf *text, struct err *err) {
  struct answer_row answer;
  struct err own = {0};
  struct stmt *stmt = work->at_ms == 0 ? answer_list(db, work->item.response)
                                       : answer_list_at(db, work->item.response, work->at_ms);
  while (answer_next(stmt, &answer, &own)) {
    if (answer.state == ANSWER_CLEARED) continue;
    if (answer.row[0] != '\0' && !is_in_row(work, &answer)) continue;
    buf_printf(text, "%s%c%s%c%d%c%s%c", answer.question, US, answer.row, US, (int)answer.state, US,
               answer.value != NULL ? answer.value : "", RS);
  }
  stmt_end(stmt);
  return own.code == ERR_NONE || err_set(err, own.code, "%s", own.text);
}

bool checksum_compute(struct db *db, const struct work *work, char out[SECRET_HASH_LEN + 1], struct err *err) {
  struct buf text = {0};
  int64_t response = work->item.response;
  buf_printf(&text, "anketa 1%c%s%c%" PRId64 "%c", RS, work->item.form->hash, RS, response, RS);
  bool ok = add_rows(db, work, &text, err) && add_answers(db, work, &text, err);
  if (ok) secret_hash(text.data, text.len, out);
  buf_free(&text);
  return ok;
}

void checksum_receipt(const char *checksum, char out[CHECKSUM_RECEIPT_LEN + 1]) {
  static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  char first[14] = {0}; /* 52 bits */
  memcpy(first, checksum, sizeof first - 1);
  uint64_t bits = strtoull(first, NULL, 16) >> 2;
  for (int i = CHECKSUM_RECEIPT_LEN - 1; i >= 0; i--) {
    if (i == CHECKSUM_RECEIPT_LEN / 2) {
      out[i] = '-';
      continue;
    }
    out[i] = digits[bits & 31];
    bits >>= 5;
  }
  out[CHECKSUM_RECEIPT_LEN] = '\0';
}
