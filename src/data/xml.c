#include "data/xml.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

struct xml {
  XML_Parser parser;
  const struct xml_reader *reader;
  void *context;
  int depth;
  size_t fed;
  struct err err;
};

static const char *local_name(const char *name) {
  const char *colon = strrchr(name, ':');
  return colon != NULL ? colon + 1 : name;
}

const char *xml_attribute(const char *const *attributes, const char *name) {
  for (; attributes[0] != NULL; attributes += 2) {
    if (strcmp(local_name(attributes[0]), name) == 0) return attributes[1];
  }
  return NULL;
}

static void stop_unless(struct xml *xml, bool ok) {
  if (!ok) XML_StopParser(xml->parser, XML_FALSE);
}

static void XMLCALL on_start(void *user, const XML_Char *name, const XML_Char **attributes) {
  struct xml *xml = user;
  if (xml->err.code != ERR_NONE) return;
  if (++xml->depth > XML_DEPTH_MAX) {
    stop_unless(xml, err_set(&xml->err, ERR_INPUT, "XML nested deeper than %d", XML_DEPTH_MAX));
    return;
  }
  const char *const *borrowed = (const char *const *)attributes;
  stop_unless(xml, xml->reader->start(xml->context, local_name(name), borrowed, &xml->err));
}

static void XMLCALL on_end(void *user, const XML_Char *name) {
  struct xml *xml = user;
  if (xml->err.code != ERR_NONE) return;
  xml->depth--;
  stop_unless(xml, xml->reader->end(xml->context, local_name(name), &xml->err));
}

static void XMLCALL on_text(void *user, const XML_Char *bytes, int len) {
  struct xml *xml = user;
  if (xml->err.code == ERR_NONE) stop_unless(xml, xml->reader->text(xml->context, bytes, (size_t)len, &xml->err));
}

static void XMLCALL on_doctype(void *user, const XML_Char *name, const XML_Char *system_id, const XML_Char *public_id,
                               int has_subset) {
  struct xml *xml = user;
  (void)name, (void)system_id, (void)public_id, (void)has_subset;
  stop_unless(xml, err_set(&xml->err, ERR_INPUT, "XML with a document type"));
}

struct xml *xml_new(const struct xml_reader *reader, void *context) {
  struct xml *xml = calloc(1, sizeof *xml);
  XML_Parser parser = XML_ParserCreate(NULL);
  if (xml == NULL || parser == NULL) log_out_of_memory();
  *xml = (struct xml){.parser = parser, .reader = reader, .context = context};
  XML_SetUserData(parser, xml);
  XML_SetElementHandler(parser, on_start, on_end);
  XML_SetCharacterDataHandler(parser, on_text);
  XML_SetStartDoctypeDeclHandler(parser, on_doctype);
  return xml;
}

bool xml_feed(struct xml *xml, const char *bytes, size_t len, bool last, struct err *err) {
  xml->fed += len;
  enum XML_Status status = XML_Parse(xml->parser, bytes, (int)len, last);
  if (xml->err.code != ERR_NONE) return err_set(err, xml->err.code, "%s", xml->err.text);
  if (status != XML_STATUS_OK) {
    return err_set(err, ERR_INPUT, "broken XML in line %lu: %s", (unsigned long)XML_GetCurrentLineNumber(xml->parser),
                   XML_ErrorString(XML_GetErrorCode(xml->parser)));
  }
  XML_Index done = XML_GetCurrentByteIndex(xml->parser);
  if (!last && done >= 0 && xml->fed - (size_t)done > XML_TAG_MAX) return err_set(err, ERR_TOO_LARGE, "XML with a tag that is too long");
  return true;
}

void xml_free(struct xml *xml) {
  if (xml == NULL) return;
  XML_ParserFree(xml->parser);
  free(xml);
}
