#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/asset.h"
#include "base/file.h"

/* Whatever is embedded is the same as the file it came from. */
static void embedded(void **state) {
  (void)state;
  const struct asset *asset;
  size_t index = 0;
  for (; (asset = asset_list("", index)) != NULL; index++) {
    struct buf file = {0};
    assert_ptr_equal(asset_find(asset->name), asset);
    assert_int_equal(asset->data[asset->len], '\0');
    if (file_read(asset->name, 1 << 24, &file, NULL)) {
      assert_int_equal(asset->len, file.len);
      assert_memory_equal(asset->data, buf_text(&file), file.len);
    }
    buf_free(&file);
  }
  assert_null(asset_list("", index));
  assert_null(asset_find("templates/no such file"));
}

static void put(const char *folder, const char *name, const char *text) {
  char *path = file_join(folder, name);
  char *parent = file_folder(path);
  assert_true(file_make_folder(parent, NULL));
  assert_true(file_write(path, text, strlen(text), NULL));
  free(parent);
  free(path);
}

static void from_folder(void **state) {
  (void)state;
  char folder[] = "/tmp/anketa-asset-XXXXXX";
  struct buf command = {0};
  assert_non_null(mkdtemp(folder));
  put(folder, "templates/b.html", "b");
  put(folder, "templates/a.html", "a");
  put(folder, "templates/static/c.css", "c");
  put(folder, "templates/.hidden", "h");
  put(folder, "secret", "s");
  char *templates = file_join(folder, "templates");
  asset_use_folder(folder);
  assert_string_equal(asset_list("templates/", 0)->name, "templates/a.html");
  assert_string_equal(asset_list("templates/", 1)->data, "b");
  assert_string_equal(asset_list("templates/", 2)->name, "templates/static/c.css");
  assert_null(asset_list("templates/", 3));
  assert_string_equal(asset_list("templates/st", 0)->name, "templates/static/c.css");
  const struct asset *old = asset_find("templates/a.html");
  assert_ptr_equal(asset_find("templates/a.html"), old);
  usleep(20000); /* file times move in steps */
  put(folder, "templates/a.html", "new");
  assert_string_equal(asset_find("templates/a.html")->data, "new");
  assert_string_equal(old->data, "a"); /* whoever borrowed it may go on */
  assert_null(asset_find("templates/d.html"));
  asset_use_folder(templates);
  assert_null(asset_find("../secret"));
  asset_use_folder(NULL);
  assert_null(asset_find("secret"));
  buf_printf(&command, "rm -rf '%s'", folder);
  assert_int_equal(system(command.data), 0);
  buf_free(&command);
  free(templates);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(embedded), cmocka_unit_test(from_folder)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
