#include "survey/attempt.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/secret.h"
#include "store/failure.h"

#define LIMITED_MAX 4
#define LIMITED_LEN 100

/* The rows that an attempt counts in; the network's is the first, when there is one. */
struct limited {
  char names[LIMITED_MAX][LIMITED_LEN];
  int count;
  bool has_network;
};

static struct limited list_limited(const struct attempt *attempt) {
  struct limited out = {.count = 0};
  const char *network = attempt->network != NULL ? attempt->network : "";
  const char *address = attempt->address != NULL ? attempt->address : "";
  const char *browser = attempt->browser != NULL ? attempt->browser : "";
  char hash[SECRET_HASH_LEN + 1];
  out.has_network = network[0] != '\0';
  if (out.has_network) snprintf(out.names[out.count++], LIMITED_LEN, "from %s", network);
  if (browser[0] != '\0') {
    snprintf(out.names[out.count++], LIMITED_LEN, "browser %s", browser);
  } else if (address[0] != '\0') { /* hashed: what strangers type is nobody's to read */
    secret_hash(address, strlen(address), hash);
    snprintf(out.names[out.count++], LIMITED_LEN, "address %s", hash);
  }
  if (attempt->person != 0) snprintf(out.names[out.count++], LIMITED_LEN, "person %" PRId64, attempt->person);
  if (attempt->code != 0) snprintf(out.names[out.count++], LIMITED_LEN, "code %" PRId64, attempt->code);
  return out;
}

static int64_t wait_of(int64_t failures, int64_t free_ones, int64_t last_ms, int64_t now_ms) {
  if (failures < free_ones) return 0;
  int64_t wait = ATTEMPT_WAIT_MS;
  for (int64_t i = free_ones; i < failures && wait < ATTEMPT_WAIT_MAX_MS; i++) wait *= 2;
  if (wait > ATTEMPT_WAIT_MAX_MS) wait = ATTEMPT_WAIT_MAX_MS;
  return last_ms + wait > now_ms ? last_ms + wait - now_ms : 0;
}

static int64_t wait_for(struct db *db, const struct limited *limited, int64_t now_ms, struct err *err) {
  int64_t longest = 0;
  for (int i = 0; i < limited->count; i++) {
    bool network = limited->has_network && i == 0;
    int64_t since_ms = now_ms - (network ? ATTEMPT_NETWORK_REMEMBERED_MS : ATTEMPT_REMEMBERED_MS), last_ms;
    int64_t count = failure_count(db, limited->names[i], since_ms, &last_ms, err);
    if (count < 0) return -1;
    int64_t wait = wait_of(count, network ? ATTEMPT_NETWORK_FREE : ATTEMPT_FREE, last_ms, now_ms);
    if (wait > longest) longest = wait;
  }
  return longest;
}

int64_t attempt_wait_ms(struct db *db, const struct attempt *attempt, struct err *err) {
  const struct limited limited = list_limited(attempt);
  return wait_for(db, &limited, clock_now_ms(), err);
}

int64_t attempt_take(struct db *db, const struct attempt *attempt, struct err *err) {
  const struct limited limited = list_limited(attempt);
  int64_t now_ms = clock_now_ms(), wait = wait_for(db, &limited, now_ms, err);
  for (int i = 0; wait == 0 && i < limited.count; i++)
    if (!failure_add(db, limited.names[i], now_ms - ATTEMPT_REMEMBERED_MS, err)) wait = -1;
  return wait;
}

bool attempt_forgive(struct db *db, const struct attempt *attempt, struct err *err) {
  const struct limited limited = list_limited(attempt);
  bool ok = true;
  for (int i = 0; ok && i < limited.count; i++) {
    bool network = limited.has_network && i == 0;
    ok = network ? failure_remove_last(db, limited.names[i], err) : failure_remove_all(db, limited.names[i], err);
  }
  return ok;
}
