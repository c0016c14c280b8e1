/* When institutions are reminded without anybody pressing a button; what a kind means is in survey/rule.h. */
#ifndef ANKETA_STORE_REMINDER_RULE_H
#define ANKETA_STORE_REMINDER_RULE_H

#include "store/db.h"

struct reminder_rule {
  int64_t id;
  const char *round;
  int kind, days;
  int hour; /* in Riga */
  bool active;
  int64_t person;
  int looked_day; /* the last one, days since 1970-01-01 */
};

/* Writer. The id, 0 with err. */
int64_t reminder_rule_put(struct db *db, const struct reminder_rule *rule, struct err *err);
/* Writer. Days, hour, active and looked_day. */
bool reminder_rule_change(struct db *db, const struct reminder_rule *rule, struct err *err);
bool reminder_rule_remove(struct db *db, int64_t id, struct err *err); /* writer */

/* Those of a round; NULL: the active ones of all rounds that are not closed. End with stmt_end. */
struct stmt *reminder_rule_list(struct db *db, const char *round);
bool reminder_rule_next(struct stmt *stmt, struct reminder_rule *out, struct err *err); /* strings until the next call */

#endif
