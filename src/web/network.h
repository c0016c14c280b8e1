/* Where a request comes from, as far as attempts are counted: an IPv4 address, or the first half of an IPv6 address, since one
 * connection has all of the second half. */
#ifndef ANKETA_WEB_NETWORK_H
#define ANKETA_WEB_NETWORK_H

#include <sys/socket.h>

#include "base/arena.h"

/* "192.0.2.1", "2001:db8:1:2::/64"; in the arena. forwarded: X-Forwarded-For of a proxy that is trusted, whose own entry is
 * the last; NULL: there is none. What is no address there is passed over for peer's; "" when that is none either. */
const char *network_name(const struct sockaddr *peer, const char *forwarded, struct arena *arena);

#endif
