/* What a coordinator's list of queries is narrowed to, as its address says it. */
#ifndef ANKETA_WEB_QUERIES_FILTER_H
#define ANKETA_WEB_QUERIES_FILTER_H

#include "survey/field.h"
#include "survey/query.h"
#include "web/server.h"

#define QUERIES_FIND_MAX 200 /* characters */

struct queries_filter {
  struct stored_query_filter stored;
  int days; /* without a change, 0: any */
  const struct field_round *round; /* NULL: there is none */
};

/* From the query of the request; what is no good stands for any. False with err. */
bool queries_read_filter(struct request *request, struct db *db, struct queries_filter *out, struct err *err);

/* The query of an address with this filter, but state and offset: "round=…&q=…". */
const char *queries_filter_link(struct request *request, const struct queries_filter *filter);

#endif
