#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/asset.h"
#include "base/log.h"
#include "folder_fixture.h"
#include "mail/text.h"

static void the_texts_of_the_program_are_good(void **state) {
  struct err err = {0};
  (void)state;
  assert_good(text_check(&err), &err);
}

/* The program's texts with one of them changed; NULL: that one is left out. */
static void check_changed(const char *name, const char *text, const char *where, int line, const char *words) {
  struct err err = {0};
  const struct asset *asset;
  char *source = folder_new();
  for (size_t i = 0; (asset = asset_list("templates/mail/", i)) != NULL; i++) {
    if (strcmp(asset->name, name) != 0) folder_write(source, asset->name, asset->data);
  }
  if (text != NULL) folder_write(source, name, text);
  asset_use_folder(source);
  bool good = text_check(&err);
  asset_use_folder(NULL);
  folder_remove(source);
  assert_err(good, &err, ERR_INPUT, words);
  assert_string_equal(err.where, where);
  assert_int_equal(err.line, line);
}

static void wrong_texts_end_the_start(void **state) {
  (void)state;
  check_changed("templates/mail/ru/test.txt", NULL, "", 0, "templates/mail/ru/test.txt is missing");
  check_changed("templates/mail/en/test.txt", "One\n\nTwo {round}\n", "templates/mail/en/test.txt", 1, "other placeholders");
  check_changed("templates/mail/en/test.txt", "One\n\nTwo {rounds}\n", "templates/mail/en/test.txt", 3, "{rounds}");
  check_changed("templates/mail/en/test.txt", "One\n\nTwo {round\n", "templates/mail/en/test.txt", 3, "{round");
  check_changed("templates/mail/en/test.txt", "One\nTwo\n", "templates/mail/en/test.txt", 1, "an empty line");
  check_changed("templates/mail/en/words.txt",
                "date = {year} {month} {day}\nnote = {inviter} {section} {text} {form} {answered} {required} {unsubscribe}"
                " {group} {value} {median} {low} {high} {count} {message} {comment} {before}\n",
                "templates/mail/en/words.txt", 3, "month.1");
}

static void lines_without_a_value_are_left_out(void **state) {
  (void)state;
  struct err err = {0};
  struct buf subject = {0}, body = {0}, sent = {0};
  const struct text_value values[] = {{.name = "section", .text = "{link} A\nB"},
                                      {.name = "inviter", .text = "Jānis\x01\r\nX"},
                                      {.name = "link", .text = "{link}?next=%2F", .stored_form = true},
                                      {.name = NULL}};
  assert_good(text_render("en", "assignment", values, &subject, &body, &err), &err);
  assert_string_equal(subject.data, "A section was given to you: {link} A B");
  text_finish(body.data, "https://x/e/T", "", &sent);
  assert_string_equal(sent.data,
                      "Hello,\n\nJānis \nX asked you to complete the section “{link} A\nB”.\n\n"
                      "Open the section with your personal link:\nhttps://x/e/T?next=%2F\n\n"
                      "This message was sent automatically.\n");
  buf_free(&subject);
  buf_free(&body);
  buf_free(&sent);
}

static void a_subject_without_its_value_is_its_beginning(void **state) {
  (void)state;
  struct err err = {0};
  struct buf subject = {0}, body = {0};
  const struct text_value none[] = {{.name = NULL}};
  assert_good(text_render("de", "reminder", none, &subject, &body, &err), &err);
  assert_string_equal(subject.data, "Atgādinājums"); /* and an unknown language is Latvian */
  buf_free(&subject);
  buf_free(&body);
}

static void dates_are_written_out(void **state) {
  struct arena *arena = arena_new();
  (void)state;
  assert_string_equal(text_date("lv", "2026-12-06", arena), "2026. gada 6. decembris");
  assert_string_equal(text_date("en", "2026-01-31", arena), "31 January 2026");
  assert_string_equal(text_date("ru", "2026-05-09", arena), "9 мая 2026 года");
  assert_string_equal(text_date("lv", "", arena), "");
  arena_free(arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_texts_of_the_program_are_good),
      cmocka_unit_test(wrong_texts_end_the_start),
      cmocka_unit_test(lines_without_a_value_are_left_out),
      cmocka_unit_test(a_subject_without_its_value_is_its_beginning),
      cmocka_unit_test(dates_are_written_out),
  };
  log_quiet();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
