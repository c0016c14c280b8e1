#include "data/writer_table.h"

#include <string.h>

#define REPORT_ROWS 1000

const struct export_format *export_format_find(const char *name) {
  static const struct export_format *const formats[] = {&export_csv, &export_xlsx};
  for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
    if (strcmp(formats[i]->name, name) == 0) return formats[i];
  }
  return NULL;
}

bool export_report(const struct export_options *options, int64_t rows, struct err *err) {
  if (options->progress == NULL || rows % REPORT_ROWS != 0) return true;
  if (options->progress(options->progress_context, rows)) return true;
  return err_set(err, ERR_SYSTEM, "the export was stopped after %lld rows", (long long)rows);
}
