/* Pages of a list: limit, offset, sort and order of a request, and the SQL that reads the page. */
#ifndef CATALOG_PAGE_H
#define CATALOG_PAGE_H

#include "core.h"

#include <junmai/sdk/query.h>

/* A page has at most this many rows; who asks for more gets this many and sees it in "limit". */
#define CATALOG_PAGE_MAX 1000

/* Room for any statement of this plugin. */
#define CATALOG_SQL_BYTES 2560

/* A column that a list may be sorted by, and the index that is in this order. */
struct catalog_order {
    const char *column;
    const char *index;
    const char *then; /* column that decides between equal ones, before id; may be NULL */
};

struct catalog_page {
    int64_t limit; /* negative: all */
    int64_t offset;
    const struct catalog_order *order;
    bool descending;
};

/* What a list selects. The statement's ?1 and ?2 are limit and offset; `where` begins at ?3. */
struct catalog_list {
    const char *table;
    const char *columns;
    const char *index; /* NULL: SQLite's choice */
    const char *where;
};

/* The request, ready for its query parameters to be read. */
jm_query catalog_query(const struct catalog *catalog, const jm_request *request);

/* Read limit and offset into *page, which holds the defaults. */
jm_status catalog_page_read_range(const jm_query *query, struct catalog_page *page);

/* Take sort and order, absent ones leaving *page as it is; `orders` are the allowed ones. */
jm_status catalog_page_set_order(const struct catalog *catalog, jm_span sort, jm_span order,
                                 const struct catalog_order *orders, size_t count,
                                 struct catalog_page *page);

/* Read sort and order of a request into *page. */
jm_status catalog_page_read_order(const struct catalog *catalog, const jm_query *query,
                                  const struct catalog_order *orders, size_t count,
                                  struct catalog_page *page);

#define CATALOG_INDEXED_BYTES 64

/* Write the clause that names an index, empty for NULL. */
void catalog_page_indexed(char sql_out[CATALOG_INDEXED_BYTES], const char *index);

/* Write the statement of one page. */
void catalog_page_sql(char sql_out[CATALOG_SQL_BYTES], const struct catalog_list *list,
                      const struct catalog_page *page);

#endif
