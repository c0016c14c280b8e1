/* Any bytes as a table: as text, as they are; as the sheet, the shared texts and the formats of a workbook, since no fuzzer
 * finds its way through a packed zip file. What comes out is sound text in order. */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/utf8.h"
#include "data/table_reader.h"

#define assert_true(what) assert(what)
#include "zip_fixture.h"

static bool check_row(void *context, const struct csv_row *row, struct err *err) {
  int *line = context;
  (void)err;
  assert(row->line > *line);
  *line = row->line;
  for (int i = 0; i < row->count; i++) assert(utf8_check(row->cells[i], strlen(row->cells[i]), NULL));
  return true;
}

static void read_it(const char *path) {
  struct table_info info;
  struct err err = {0};
  int line = 0;
  bool ok = table_read(path, check_row, &line, &info, &err);
  assert(ok == (err.code == ERR_NONE) && ok == (info.fault == TABLE_OK));
}


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static char path[] = "/tmp/anketa-fuzz-table-XXXXXX";
  static bool made;
  if (!made) {
    int file = mkstemp(path);
    assert(file >= 0);
    close(file);
    made = true;
  }
  char *text = strndup((const char *)data, size);
  unsigned which = size > 0 ? data[size - 1] % 4 : 0;
  if (which == 0) {
    assert(file_write(path, data, size, NULL));
  } else {
    zip_write_workbook(path, which == 1 ? text : "<row><c t='s' s='1'><v>0</v></c><c s='0'><v>43075.5</v></c></row>",
                 which == 2 ? text : "<si><t>a</t></si>", which == 3 ? text : NULL, NULL);
  }
  free(text);
  read_it(path);
  return 0;
}
