#include "mail/compose.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"

#define COLUMNS 78      /* that a line should have at most, RFC 5322 */
#define LINE_MAX_LEN 998 /* and must, in bytes */
#define CODED_COLUMNS 76 /* of a line in an encoding, RFC 2045 */
#define ADDRESS_MAX 254
#define WORD_FRAME_LEN strlen("=?UTF-8?B?" "?=")

static void put_base64(struct buf *out, const char *text, size_t len) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const unsigned char *bytes = (const unsigned char *)text;
  for (size_t i = 0; i < len; i += 3) {
    unsigned group = (unsigned)bytes[i] << 16;
    if (i + 1 < len) group |= (unsigned)bytes[i + 1] << 8;
    if (i + 2 < len) group |= bytes[i + 2];
    buf_putc(out, digits[group >> 18]);
    buf_putc(out, digits[group >> 12 & 63]);
    buf_putc(out, i + 1 < len ? digits[group >> 6 & 63] : '=');
    buf_putc(out, i + 2 < len ? digits[group & 63] : '=');
  }
}

/* ---- headers */

static bool is_control(char c) { return (unsigned char)c < ' ' || c == 0x7F; }

static bool is_plain(const char *text, size_t len) {
  for (size_t i = 0; i < len; i++) {
    if (is_control(text[i]) || (unsigned char)text[i] > '~') return false;
  }
  return memmem(text, len, "=?", 2) == NULL;
}

static bool fits(const struct buf *out, size_t line, size_t len) { return out->len - line + len <= COLUMNS; }

/* The text in encoded words, a line each; line is where the line in out begins. */
static void put_words(struct buf *out, size_t line, const char *text, size_t len) {
  while (len > 0) {
    size_t used = out->len - line + WORD_FRAME_LEN;
    size_t room = used < CODED_COLUMNS ? (CODED_COLUMNS - used) / 4 * 3 : 0;
    size_t part = utf8_cut(text, len, len < room ? len : room);
    if (part > 0) {
      buf_puts(out, "=?UTF-8?B?");
      put_base64(out, text, part);
      buf_puts(out, "?=");
      text += part;
      len -= part;
    }
    if (len == 0) return;
    buf_puts(out, "\r\n ");
    line = out->len - 1;
  }
}

static void put_text(struct buf *out, const char *name, const char *text) {
  struct buf clean = {0};
  size_t line = out->len;
  for (const char *c = text; *c != '\0'; c++) buf_putc(&clean, is_control(*c) ? ' ' : *c);
  buf_printf(out, "%s: ", name);
  if (is_plain(buf_text(&clean), clean.len) && fits(out, line, clean.len)) buf_puts(out, buf_text(&clean));
  else put_words(out, line, buf_text(&clean), clean.len);
  buf_puts(out, "\r\n");
  buf_free(&clean);
}

static void put_name(struct buf *out, size_t line, const char *name) {
  size_t len = strlen(name);
  if (!is_plain(name, len) || !fits(out, line, 2 * len + 2)) {
    struct buf clean = {0};
    for (const char *c = name; *c != '\0'; c++) buf_putc(&clean, is_control(*c) ? ' ' : *c);
    put_words(out, line, buf_text(&clean), clean.len);
    buf_free(&clean);
    return;
  }
  buf_putc(out, '"');
  for (const char *c = name; *c != '\0'; c++) {
    if (*c == '"' || *c == '\\') buf_putc(out, '\\');
    buf_putc(out, *c);
  }
  buf_putc(out, '"');
}

bool compose_is_address(const char *text) {
  size_t len = strlen(text);
  const char *at = strchr(text, '@');
  if (len > ADDRESS_MAX || !utf8_check(text, len, NULL)) return false;
  if (at == NULL || at == text || at[1] == '\0' || strchr(at + 1, '@') != NULL) return false;
  for (size_t i = 0; i < len; i++) {
    if (is_control(text[i]) || strchr(" <>()[]:,;\\\"", text[i]) != NULL) return false;
  }
  return true;
}

static bool put_address(struct buf *out, const char *header, const char *name, const char *address, struct err *err) {
  size_t line = out->len;
  if (!compose_is_address(address)) return err_set(err, ERR_INPUT, "not an address that mail can go to (%s)", header);
  buf_printf(out, "%s: ", header);
  if (name[0] == '\0') {
    buf_printf(out, "%s\r\n", address);
    return true;
  }
  put_name(out, line, name);
  const char *last = memrchr(out->data, '\n', out->len);
  if (last != NULL && (size_t)(last - out->data) >= line) line = (size_t)(last - out->data) + 1;
  buf_puts(out, fits(out, line, strlen(address) + 3) ? " " : "\r\n ");
  buf_printf(out, "<%s>\r\n", address);
  return true;
}

static void put_date(struct buf *out, int64_t ms) {
  static const char *const days[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"}; /* 1970-01-01 was a Thursday */
  static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  char iso[25];
  clock_iso(ms, iso);
  int month = (iso[5] - '0') * 10 + (iso[6] - '0');
  buf_printf(out, "Date: %s, %.2s %s %.4s %.8s +0000\r\n", days[ms / 86400000 % 7], iso + 8, months[month - 1], iso,
             iso + 11);
}

/* ---- body */

static void put_line_end(struct buf *out, size_t *column) {
  buf_puts(out, "\r\n");
  *column = 0;
}

/* A character and those bytes that belong to it stay on one line. */
static void put_quoted_printable(struct buf *out, const char *text, size_t len) {
  size_t column = 0, at = 0;
  while (at < len) {
    size_t start = at;
    if (text[at] == '\n') {
      put_line_end(out, &column);
      at++;
      continue;
    }
    utf8_next(text, len, &at);
    char c = text[start];
    bool last = at == len || text[at] == '\n';
    bool plain = at - start == 1 && c >= ' ' && c <= '~' && c != '=' && !(c == ' ' && last);
    size_t width = plain ? 1 : 3 * (at - start);
    if (column + width > CODED_COLUMNS - 1) {
      buf_putc(out, '=');
      put_line_end(out, &column);
    }
    if (plain) buf_putc(out, c);
    else for (size_t i = start; i < at; i++) buf_printf(out, "=%02X", (unsigned char)text[i]);
    column += width;
  }
}

static void put_base64_lines(struct buf *out, const char *text, size_t len) {
  struct buf lines = {0};
  const size_t part = CODED_COLUMNS / 4 * 3;
  for (size_t i = 0; i < len; i++) {
    if (text[i] == '\n') buf_putc(&lines, '\r');
    buf_putc(&lines, text[i]);
  }
  for (size_t i = 0; i < lines.len; i += part) {
    put_base64(out, lines.data + i, lines.len - i < part ? lines.len - i : part);
    buf_puts(out, "\r\n");
  }
  buf_free(&lines);
}

static void put_as_it_is(struct buf *out, const char *text, size_t len) {
  for (size_t i = 0; i < len; i++) {
    if (text[i] == '\n') buf_putc(out, '\r');
    buf_putc(out, text[i]);
  }
}

/* What decides on the encoding: bytes that are not plain, and the longest line. */
static void survey_body(const char *text, size_t len, size_t *odd, size_t *longest) {
  size_t line = 0;
  *odd = *longest = 0;
  for (size_t i = 0; i < len; i++) {
    if ((unsigned char)text[i] > '~') ++*odd;
    line = text[i] == '\n' ? 0 : line + 1;
    if (line > *longest) *longest = line;
  }
}

static void put_body(struct buf *out, const char *text, bool readable) {
  size_t len = strlen(text), odd, longest;
  survey_body(text, len, &odd, &longest);
  const char *encoding = odd * 6 > len ? "base64" : "quoted-printable";
  if (odd == 0 && longest <= COLUMNS) encoding = "7bit";
  else if (readable && longest <= LINE_MAX_LEN) encoding = "8bit";
  buf_printf(out, "Content-Transfer-Encoding: %s\r\n\r\n", encoding);
  if (strcmp(encoding, "base64") == 0) put_base64_lines(out, text, len);
  else if (strcmp(encoding, "quoted-printable") == 0) put_quoted_printable(out, text, len);
  else put_as_it_is(out, text, len);
  if (out->data[out->len - 1] != '\n') buf_puts(out, "\r\n");
}

bool compose(const struct letter *letter, struct buf *out, struct err *err) {
  put_date(out, letter->date_ms);
  if (!put_address(out, "From", letter->from_name, letter->from, err)) return false;
  if (!put_address(out, "To", letter->to_name, letter->to, err)) return false;
  if (letter->reply_to[0] != '\0' && !put_address(out, "Reply-To", "", letter->reply_to, err)) return false;
  put_text(out, "Subject", letter->subject);
  buf_printf(out, "Message-ID: <%s>\r\n", letter->message_id);
  buf_puts(out, "Auto-Submitted: auto-generated\r\n");
  if (letter->unsubscribe != NULL)
    buf_printf(out, "List-Unsubscribe:\r\n <%s>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
               letter->unsubscribe);
  put_text(out, "Content-Language", letter->language);
  buf_puts(out, "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n");
  put_body(out, letter->body, letter->readable);
  return true;
}
