#include "mail/smtp.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/utf8.h"

#define CONNECT_MAX_S 20
#define WORDS_MAX 300
#define GRACE_US 1500000 /* for the answer to a message that the server has as a whole */

#define REPLY_GOES_ON (-1)
#define SOCKETS_MAX 8 /* that are tried for one server at a time */

struct smtp {
  CURL *curl;
  const struct mail_settings *settings;
  const atomic_bool *stop;
  int64_t stop_seen_us; /* 0 */
  int sockets[SOCKETS_MAX]; /* open ones, -1 */
  /* of the message under way */
  const struct buf *message;
  size_t read;
  bool envelope; /* its recipient was named, so what follows is about this message */
  bool over;     /* what follows is farewell */
  struct buf reply; /* the last one, in one line */
  int code;         /* of that reply, or REPLY_GOES_ON */
  char fault[CURL_ERROR_SIZE];
};

static size_t give_message(char *to, size_t size, size_t count, void *context) {
  struct smtp *smtp = context;
  size_t left = smtp->message->len - smtp->read, len = size * count < left ? size * count : left;
  memcpy(to, smtp->message->data + smtp->read, len);
  smtp->read += len;
  return len;
}

/* Nobody waits for an answer any more: without this libcurl would, for that to QUIT, whatever else it was told. */
static void hang_up(struct smtp *smtp) {
  for (int i = 0; i < SOCKETS_MAX; i++) {
    if (smtp->sockets[i] >= 0) shutdown(smtp->sockets[i], SHUT_RD);
  }
}

static int keep_socket(void *context, curl_socket_t socket, curlsocktype purpose) {
  struct smtp *smtp = context;
  int at = 0;
  (void)purpose;
  while (at < SOCKETS_MAX - 1 && smtp->sockets[at] >= 0) at++;
  smtp->sockets[at] = socket;
  return CURL_SOCKOPT_OK;
}

static int close_socket(void *context, curl_socket_t socket) {
  struct smtp *smtp = context;
  for (int i = 0; i < SOCKETS_MAX; i++) {
    if (smtp->sockets[i] == socket) smtp->sockets[i] = -1;
  }
  return close(socket);
}

/* A line of a reply: "250-first", "250 last". */
static size_t take_reply(char *line, size_t size, size_t count, void *context) {
  struct smtp *smtp = context;
  size_t len = size * count;
  while (len > 0 && (line[len - 1] == '\r' || line[len - 1] == '\n')) len--;
  if (len < 3 || smtp->over) return size * count;
  bool goes_on = smtp->code == REPLY_GOES_ON;
  smtp->code = 0;
  for (int i = 0; i < 3; i++) smtp->code = smtp->code * 10 + (line[i] - '0');
  if (len > 3 && line[3] == '-') smtp->code = REPLY_GOES_ON;
  if (!goes_on) buf_reset(&smtp->reply);
  if (goes_on && len > 4) buf_putc(&smtp->reply, ' ');
  size_t skip = !goes_on ? 0 : len > 4 ? 4 : len;
  if (smtp->reply.len < WORDS_MAX) buf_add(&smtp->reply, line + skip, len - skip);
  return size * count;
}

static int watch(CURL *curl, curl_infotype type, char *data, size_t len, void *context) {
  struct smtp *smtp = context;
  (void)curl;
  if (type != CURLINFO_HEADER_OUT) return 0;
  if (len > 8 && strncmp(data, "RCPT TO:", 8) == 0) smtp->envelope = true;
  if (len > 4 && strncmp(data, "QUIT", 4) == 0) {
    smtp->over = true;
    hang_up(smtp);
  }
  return 0;
}

static int look_whether_to_stop(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d) {
  struct smtp *smtp = context;
  (void)a, (void)b, (void)c, (void)d;
  if (smtp->stop == NULL || !atomic_load(smtp->stop)) return 0;
  if (smtp->stop_seen_us == 0) smtp->stop_seen_us = clock_monotonic_us();
  bool has_all = smtp->envelope && smtp->read == smtp->message->len;
  return !has_all || clock_monotonic_us() - smtp->stop_seen_us > GRACE_US;
}

static void start_library(void) {
  if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) log_error("libcurl cannot be used");
}

static void set_up(struct smtp *smtp) {
  const struct mail_settings *settings = smtp->settings;
  CURL *curl = smtp->curl;
  curl_easy_setopt(curl, CURLOPT_URL, settings->server);
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_USE_SSL, settings->security == MAIL_PLAIN ? (long)CURLUSESSL_NONE : (long)CURLUSESSL_ALL);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
  if (settings->ca[0] != '\0') {
    curl_easy_setopt(curl, CURLOPT_CAINFO, settings->ca);
    curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
  }
  if (settings->user[0] != '\0') {
    curl_easy_setopt(curl, CURLOPT_USERNAME, settings->user);
    curl_easy_setopt(curl, CURLOPT_PASSWORD, settings->password);
  }
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT,
                   (long)(settings->timeout_s < CONNECT_MAX_S ? settings->timeout_s : CONNECT_MAX_S));
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)settings->timeout_s);
  curl_easy_setopt(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)settings->timeout_s);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L); /* does not wait for a resolver when it is to stop */
  curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(curl, CURLOPT_SOCKOPTFUNCTION, keep_socket);
  curl_easy_setopt(curl, CURLOPT_SOCKOPTDATA, smtp);
  curl_easy_setopt(curl, CURLOPT_CLOSESOCKETFUNCTION, close_socket);
  curl_easy_setopt(curl, CURLOPT_CLOSESOCKETDATA, smtp);
  curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_message);
  curl_easy_setopt(curl, CURLOPT_READDATA, smtp);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_reply);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, smtp);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, look_whether_to_stop);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, smtp);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, watch);
  curl_easy_setopt(curl, CURLOPT_DEBUGDATA, smtp);
  curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, smtp->fault);
}

struct smtp *smtp_new(const struct mail_settings *settings, const atomic_bool *stop) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, start_library);
  struct smtp *smtp = calloc(1, sizeof *smtp);
  if (smtp == NULL) log_out_of_memory();
  smtp->settings = settings;
  smtp->stop = stop;
  for (int i = 0; i < SOCKETS_MAX; i++) smtp->sockets[i] = -1;
  smtp->curl = curl_easy_init();
  if (smtp->curl == NULL) log_out_of_memory();
  set_up(smtp);
  return smtp;
}

void smtp_free(struct smtp *smtp) {
  if (smtp == NULL) return;
  hang_up(smtp);
  curl_easy_cleanup(smtp->curl);
  buf_free(&smtp->reply);
  free(smtp);
}

static CURLcode perform(struct smtp *smtp, bool fresh) {
  smtp->read = 0;
  smtp->envelope = smtp->over = false;
  smtp->code = 0;
  smtp->fault[0] = '\0';
  buf_reset(&smtp->reply);
  curl_easy_setopt(smtp->curl, CURLOPT_FRESH_CONNECT, fresh ? 1L : 0L);
  return curl_easy_perform(smtp->curl);
}

/* The server's own words where it refused, else the library's. */
static void put_words(const struct smtp *smtp, CURLcode code, struct buf *words) {
  const char *text = smtp->fault[0] != '\0' ? smtp->fault : curl_easy_strerror(code);
  if (smtp->reply.len > 0 && (code == CURLE_OK || smtp->code >= 400)) text = smtp->reply.data;
  size_t len = strlen(text), bad;
  if (!utf8_check(text, len, &bad)) len = bad;
  len = utf8_cut(text, len, len < WORDS_MAX ? len : WORDS_MAX);
  for (size_t i = 0; i < len; i++) buf_putc(words, (unsigned char)text[i] < ' ' ? ' ' : text[i]);
}

enum smtp_result smtp_send(struct smtp *smtp, const char *to, const struct buf *message, struct buf *words) {
  long connects = 0;
  struct buf from = {0};
  struct curl_slist *recipients = curl_slist_append(NULL, to);
  if (recipients == NULL) log_out_of_memory();
  buf_printf(&from, "<%s>", smtp->settings->from);
  curl_easy_setopt(smtp->curl, CURLOPT_MAIL_FROM, buf_text(&from));
  curl_easy_setopt(smtp->curl, CURLOPT_MAIL_RCPT, recipients);
  curl_easy_setopt(smtp->curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)message->len);
  smtp->message = message;
  CURLcode code = perform(smtp, false);
  curl_easy_getinfo(smtp->curl, CURLINFO_NUM_CONNECTS, &connects);
  /* A connection that was kept may have been closed meanwhile, or be at its limit of messages. */
  if (code != CURLE_OK && code != CURLE_ABORTED_BY_CALLBACK && !smtp->envelope && connects == 0)
    code = perform(smtp, true);
  put_words(smtp, code, words);
  curl_easy_setopt(smtp->curl, CURLOPT_MAIL_RCPT, NULL);
  curl_slist_free_all(recipients);
  buf_free(&from);
  if (code == CURLE_OK) return SMTP_SENT;
  if (code == CURLE_ABORTED_BY_CALLBACK) return SMTP_STOPPED;
  if (!smtp->envelope) return SMTP_NO_SERVER;
  return smtp->code >= 500 && smtp->code <= 599 ? SMTP_REFUSED : SMTP_LATER;
}
