#include "survey/email.h"

#include <string.h>

#include "base/utf8.h"
#include "mail/compose.h"
#include "survey/text.h"

#define EMAIL_LEN_MAX 254 /* RFC 5321 */

const char *email_normalize(const char *text, struct arena *arena, struct err *err) {
  size_t start = strspn(text, " \t"), len = strlen(text + start);
  while (len > 0 && (text[start + len - 1] == ' ' || text[start + len - 1] == '\t')) len--;
  char *email = arena_copy_len(arena, text + start, len);
  const char *at = strchr(email, '@');
  bool good = utf8_check(email, len, NULL) && len <= EMAIL_LEN_MAX && at != NULL && at > email && at[1] != '\0' &&
              strchr(at + 1, '@') == NULL;
  for (size_t i = 0; i < len; i++) {
    unsigned char c = (unsigned char)email[i];
    if (c <= ' ' || c == 0x7F || strchr("<>,;\"", c) != NULL) good = false;
    if (c >= 'A' && c <= 'Z') email[i] = (char)(c + 32);
  }
  if (good && compose_is_address(email) && text_line(email, EMAIL_LEN_MAX, arena) != NULL) return email;
  err_set(err, ERR_INPUT, "\"%s\" is not an e-mail address", text);
  return NULL;
}
