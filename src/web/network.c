#include "web/network.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>

static const char *name_v6(struct in6_addr address, struct arena *arena) {
  char text[INET6_ADDRSTRLEN];
  if (IN6_IS_ADDR_V4MAPPED(&address)) {
    return inet_ntop(AF_INET, &address.s6_addr[12], text, sizeof text) != NULL ? arena_copy(arena, text) : "";
  }
  memset(&address.s6_addr[8], 0, 8);
  return inet_ntop(AF_INET6, &address, text, sizeof text) != NULL ? arena_printf(arena, "%s/64", text) : "";
}

/* NULL when the text is no address; it may have brackets and a port. */
static const char *name_text(const char *text, size_t len, struct arena *arena) {
  struct in6_addr v6;
  struct in_addr v4;
  char *copy = arena_copy_len(arena, text, len);
  if (copy[0] == '[') {
    copy++;
    copy[strcspn(copy, "]")] = '\0';
  } else if (strchr(copy, ':') != NULL && strchr(copy, ':') == strrchr(copy, ':')) {
    copy[strcspn(copy, ":")] = '\0';
  }
  if (inet_pton(AF_INET, copy, &v4) == 1) return copy;
  return inet_pton(AF_INET6, copy, &v6) == 1 ? name_v6(v6, arena) : NULL;
}

static const char *last_of(const char *forwarded, struct arena *arena) {
  const char *comma = strrchr(forwarded, ','), *start = comma != NULL ? comma + 1 : forwarded;
  start += strspn(start, " \t");
  return name_text(start, strcspn(start, " \t"), arena);
}

const char *network_name(const struct sockaddr *peer, const char *forwarded, struct arena *arena) {
  union {
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
  } address;
  char text[INET_ADDRSTRLEN];
  const char *name = forwarded != NULL ? last_of(forwarded, arena) : NULL;
  if (name != NULL) return name;
  if (peer != NULL && peer->sa_family == AF_INET) {
    memcpy(&address.v4, peer, sizeof address.v4);
    return inet_ntop(AF_INET, &address.v4.sin_addr, text, sizeof text) != NULL ? arena_copy(arena, text) : "";
  }
  if (peer == NULL || peer->sa_family != AF_INET6) return "";
  memcpy(&address.v6, peer, sizeof address.v6);
  return name_v6(address.v6.sin6_addr, arena);
}
