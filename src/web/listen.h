/* A listening socket and the thread that takes connections from it, one by one, so that they can be dealt out evenly:
 * of several threads that wait at one socket, the first to wake takes a whole burst. */
#ifndef ANKETA_WEB_LISTEN_H
#define ANKETA_WEB_LISTEN_H

#include <sys/socket.h>

#include "base/err.h"

struct listener;

/* Listens on an IP address; port 0 takes a free one. NULL with err: ERR_USAGE for what is no address, ERR_SYSTEM when
 * the port is taken. */
struct listener *listener_open(const char *address, int port, struct err *err);
int listener_port(const struct listener *listener);

/* Called in the listener's thread for each connection; takes the socket. */
typedef void listener_take(void *context, int fd, const struct sockaddr *peer, socklen_t peer_len);
bool listener_start(struct listener *listener, listener_take *take, void *context, struct err *err);

/* No connection is taken any more; new ones are refused. NULL is fine. */
void listener_close(struct listener *listener);

#endif
