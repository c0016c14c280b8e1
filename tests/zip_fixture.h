/* Zip files for tests, made by hand. Include behind cmocka.h (or with assert_true defined). */
#ifndef ANKETA_TESTS_ZIP_FIXTURE_H
#define ANKETA_TESTS_ZIP_FIXTURE_H

#include <string.h>
#include <zip.h>

/* An entry of a zip file; the list ends with a NULL name. */
struct zip_part {
  const char *name, *text;
  size_t len; /* 0: of the text */
};

static inline void zip_write(const char *path, const struct zip_part *parts, const char *password) {
  zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, NULL);
  assert_true(zip != NULL);
  for (; parts->name != NULL; parts++) {
    zip_source_t *source = zip_source_buffer(zip, parts->text, parts->len > 0 ? parts->len : strlen(parts->text), 0);
    zip_int64_t index = zip_file_add(zip, parts->name, source, 0);
    assert_true(index >= 0);
    if (password != NULL) assert_true(zip_file_set_encryption(zip, (zip_uint64_t)index, ZIP_EM_AES_256, password) == 0);
  }
  assert_true(zip_close(zip) == 0);
}

#define ZIP_RELATIONS "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>"
#define ZIP_TYPE(name) "'http://schemas.openxmlformats.org/officeDocument/2006/relationships/" name "'"

/* A workbook with these parts: sheet is what stands in <sheetData>, strings in <sst>, styles in <styleSheet>; NULL: none. */
static inline void zip_write_workbook(const char *path, const char *sheet, const char *strings, const char *styles,
                                      const char *workbook) {
  static const char root[] = "<?xml version='1.0'?>" ZIP_RELATIONS "<Relationship Id='rId1' Type=" ZIP_TYPE("officeDocument")
      " Target='xl/workbook.xml'/></Relationships>";
  static const char relations[] = "<?xml version='1.0'?>" ZIP_RELATIONS
      "<Relationship Id='rId1' Type=" ZIP_TYPE("worksheet") " Target='worksheets/sheet1.xml'/>"
      "<Relationship Id='rId2' Type=" ZIP_TYPE("styles") " Target='/xl/styles.xml'/>"
      "<Relationship Id='rId3' Type=" ZIP_TYPE("sharedStrings") " Target='../xl/sharedStrings.xml'/></Relationships>";
  static const char plain[] = "<workbook xmlns:r='r'><sheets><sheet name='Slepena' sheetId='1' state='hidden' r:id='rId9'/>"
      "<sheet name='Lapa1' sheetId='2' r:id='rId1'/></sheets></workbook>";
  struct buf whole = {0}, texts = {0};
  buf_printf(&whole, "<?xml version='1.0' encoding='UTF-8'?><worksheet><sheetData>%s</sheetData></worksheet>", sheet);
  buf_printf(&texts, "<sst>%s</sst>", strings != NULL ? strings : "");
  const struct zip_part parts[] = {
      {"_rels/.rels", root, 0},
      {"xl/workbook.xml", workbook != NULL ? workbook : plain, 0},
      {"xl/_rels/workbook.xml.rels", relations, 0},
      {"xl/worksheets/sheet1.xml", whole.data, 0},
      {"xl/sharedStrings.xml", texts.data, 0},
      {"xl/styles.xml", styles != NULL ? styles : "<styleSheet/>", 0},
      {0},
  };
  zip_write(path, parts, NULL);
  buf_free(&whole);
  buf_free(&texts);
}

#endif
