#include "survey/collate.h"

#include <stdbool.h>
#include <string.h>

#include "base/utf8.h"

struct letter {
  unsigned base; /* small, without its mark; or the character itself */
  int mark;      /* 0 none, 1 a vowel's length, 2 a mark that makes it a letter of its own */
};

/* A large letter with its mark; the small one is the next code point. */
static const struct {
  unsigned large;
  struct letter letter;
} marked[] = {
    {0x100, {'a', 1}}, {0x10C, {'c', 2}}, {0x112, {'e', 1}}, {0x122, {'g', 2}}, {0x12A, {'i', 1}},
    {0x136, {'k', 2}}, {0x13B, {'l', 2}}, {0x145, {'n', 2}}, {0x14C, {'o', 1}}, {0x156, {'r', 2}},
    {0x160, {'s', 2}}, {0x16A, {'u', 1}}, {0x17D, {'z', 2}},
};

static struct letter decompose(unsigned c) {
  if (c >= 'A' && c <= 'Z') return (struct letter){c + 32, 0};
  for (size_t i = 0; c >= 0x100 && c < 0x180 && i < sizeof marked / sizeof marked[0]; i++) {
    if (c == marked[i].large || c == marked[i].large + 1) return marked[i].letter;
  }
  if (c >= 0x410 && c <= 0x42F) return (struct letter){c + 32, 0}; /* А to Я */
  if (c == 0x401 || c == 0x451) return (struct letter){0x435, 1};  /* Ё as Е */
  return (struct letter){c, 0};
}

/* 0: does not count (punctuation). Latin letters leave every second place for the marked one. */
static unsigned weight(struct letter letter) {
  if (letter.base == ' ' || letter.base == 0xA0) return 1;
  if (letter.base >= '0' && letter.base <= '9') return 0x10 + letter.base - '0';
  if (letter.base >= 'a' && letter.base <= 'z') {
    unsigned place = (letter.base == 'y' ? 'i' : letter.base) - 'a';
    return 0x20 + place * 2 + (letter.mark == 2 ? 1 : 0);
  }
  return letter.base < 0x80 || (letter.base >= 0x2010 && letter.base <= 0x203A) ? 0 : letter.base;
}

void collate_sort_key(const char *text, struct buf *out) {
  size_t len = strlen(text), at = 0;
  struct buf marks = {0}; /* decide only between names that are the same without them */
  while (at < len) {
    struct letter letter = decompose(utf8_next(text, len, &at));
    unsigned primary = weight(letter);
    if (primary == 0) continue;
    /* What is not Latin has more digits, and a first one that no Latin weight has. */
    if (primary < 0x80) buf_printf(out, "%02x", primary);
    else buf_printf(out, "f%06x", primary);
    buf_putc(&marks, letter.mark == 1 || letter.base == 'y' ? '1' : '0');
  }
  buf_puts(out, "00");
  buf_puts(out, buf_text(&marks));
  buf_free(&marks);
}

static void add_character(unsigned c, struct buf *out) {
  if (c < 0x80) {
    buf_putc(out, (char)c);
  } else if (c < 0x800) {
    buf_putc(out, (char)(0xC0 | c >> 6));
    buf_putc(out, (char)(0x80 | (c & 0x3F)));
  } else if (c < 0x10000) {
    buf_putc(out, (char)(0xE0 | c >> 12));
    buf_putc(out, (char)(0x80 | (c >> 6 & 0x3F)));
    buf_putc(out, (char)(0x80 | (c & 0x3F)));
  } else {
    buf_putc(out, (char)(0xF0 | c >> 18));
    buf_putc(out, (char)(0x80 | (c >> 12 & 0x3F)));
    buf_putc(out, (char)(0x80 | (c >> 6 & 0x3F)));
    buf_putc(out, (char)(0x80 | (c & 0x3F)));
  }
}

void collate_fold(const char *text, struct buf *out) {
  size_t len = strlen(text), at = 0;
  while (at < len) add_character(decompose(utf8_next(text, len, &at)).base, out);
}
