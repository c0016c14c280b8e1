/* Reading XML that anybody may have made, piece by piece; the one place that knows expat. Document types, and with them
 * entities of one's own, are refused; depth and the length of a tag are bounded. Names come without their prefix. */
#ifndef ANKETA_DATA_XML_H
#define ANKETA_DATA_XML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

#define XML_DEPTH_MAX 64
#define XML_TAG_MAX ((size_t)4 << 20)

/* Each says false, with err, to stop. */
struct xml_reader {
  bool (*start)(void *context, const char *name, const char *const *attributes, struct err *err);
  bool (*end)(void *context, const char *name, struct err *err);
  bool (*text)(void *context, const char *bytes, size_t len, struct err *err); /* well-formed UTF-8 in pieces */
};

/* The value of an attribute of `start`, NULL when it is not there. */
const char *xml_attribute(const char *const *attributes, const char *name);

struct xml;
struct xml *xml_new(const struct xml_reader *reader, void *context);
/* ERR_INPUT: not well-formed, a document type, nested too deep; ERR_TOO_LARGE: a tag too long; what a callback has set. */
bool xml_feed(struct xml *xml, const char *bytes, size_t len, bool last, struct err *err);
void xml_free(struct xml *xml); /* NULL is fine */

#endif
