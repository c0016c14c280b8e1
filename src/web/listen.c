#include "web/listen.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"

#define BACKLOG 512
#define PAUSE_MS 100 /* when the process has no more sockets to give */

struct listener {
  int fd, stop_fd;
  pthread_t thread;
  bool started;
  listener_take *take;
  void *context;
};

static int open_socket(const struct addrinfo *where) {
  int one = 1;
  int fd = socket(where->ai_family, where->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, where->ai_protocol);
  if (fd < 0) return -1;
  if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) == 0 &&
      bind(fd, where->ai_addr, where->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0) {
    return fd;
  }
  int error = errno;
  close(fd);
  errno = error;
  return -1;
}

struct listener *listener_open(const char *address, int port, struct err *err) {
  struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV};
  struct addrinfo *found = NULL;
  struct buf service = {0};
  buf_printf(&service, "%d", port);
  int failed = getaddrinfo(address, service.data, &hints, &found);
  buf_free(&service);
  if (failed != 0) {
    err_set(err, ERR_USAGE, "'%s' is no IP address", address);
    return NULL;
  }
  int fd = open_socket(found);
  int error = errno;
  freeaddrinfo(found);
  if (fd < 0) {
    if (error == EADDRINUSE) {
      err_set(err, ERR_SYSTEM, "port %d of %s is taken by another program; choose another with --port", port, address);
    } else {
      err_set(err, ERR_SYSTEM, "cannot listen on %s:%d: %s", address, port, strerror(error));
    }
    return NULL;
  }
  struct listener *listener = calloc(1, sizeof *listener);
  if (listener == NULL) log_out_of_memory();
  listener->fd = fd;
  listener->stop_fd = -1;
  return listener;
}

int listener_port(const struct listener *listener) {
  union {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
  } name;
  socklen_t len = sizeof name;
  if (getsockname(listener->fd, &name.any, &len) != 0) return 0;
  return ntohs(name.any.sa_family == AF_INET6 ? name.v6.sin6_port : name.v4.sin_port);
}

static void take_one(struct listener *listener) {
  struct sockaddr_storage peer;
  socklen_t len = sizeof peer;
  int fd = accept4(listener->fd, (struct sockaddr *)&peer, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd >= 0) {
    listener->take(listener->context, fd, (struct sockaddr *)&peer, len);
  } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
    log_error("a connection has to wait: %s", strerror(errno));
    poll(NULL, 0, PAUSE_MS);
  }
}

static void *take_all(void *argument) {
  struct listener *listener = argument;
  struct pollfd waits[] = {{listener->fd, POLLIN, 0}, {listener->stop_fd, POLLIN, 0}};
  for (;;) {
    if (poll(waits, 2, -1) < 0 && errno != EINTR) return NULL;
    if (waits[1].revents != 0) return NULL;
    if (waits[0].revents != 0) take_one(listener);
  }
}

bool listener_start(struct listener *listener, listener_take *take, void *context, struct err *err) {
  listener->take = take;
  listener->context = context;
  listener->stop_fd = eventfd(0, EFD_CLOEXEC);
  if (listener->stop_fd < 0) return err_set(err, ERR_SYSTEM, "no event to stop with: %s", strerror(errno));
  int error = pthread_create(&listener->thread, NULL, take_all, listener);
  if (error != 0) return err_set(err, ERR_SYSTEM, "no thread for connections: %s", strerror(error));
  listener->started = true;
  return true;
}

void listener_close(struct listener *listener) {
  if (listener == NULL) return;
  if (listener->started) {
    eventfd_write(listener->stop_fd, 1);
    pthread_join(listener->thread, NULL);
  }
  if (listener->stop_fd >= 0) close(listener->stop_fd);
  close(listener->fd);
  free(listener);
}
