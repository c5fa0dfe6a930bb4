/* Pages of a list: their query parameters, and their SQL.
 *
 * The statement finds the ids of the page in one covering index, then reads these rows only, so that
 * a page far behind costs the steps of an index and not the rows in front of it. */
#include "page.h"

jm_query catalog_query(const struct catalog *catalog, const jm_request *request)
{
    return (jm_query){catalog->host, catalog->http, catalog->error, request->id};
}

jm_status catalog_page_read_range(const jm_query *query, struct catalog_page *page)
{
    jm_status status = jm_query_int(query, "limit", 0, &page->limit);
    if (status == JM_OK)
        status = jm_query_int(query, "offset", 0, &page->offset);
    if (page->limit > CATALOG_PAGE_MAX)
        page->limit = CATALOG_PAGE_MAX;
    return status;
}

static jm_status refuse_sort(const struct catalog *catalog, jm_span sort,
                             const struct catalog_order *orders, size_t count)
{
    char allowed[320] = "";
    size_t used = 0;
    for (size_t i = 0; i < count && used < sizeof(allowed); i++)
        used += (size_t)snprintf(allowed + used, sizeof(allowed) - used, "%s%s", i == 0 ? "" : ", ",
                                 orders[i].column);
    return catalog_fail(catalog, JM_EINVAL, "sort must be one of %s; it is \"%.*s\"", allowed,
                        JM_SPAN_ARGS(jm_span_cut(sort, 64)));
}

jm_status catalog_page_set_order(const struct catalog *catalog, jm_span sort, jm_span order,
                                 const struct catalog_order *orders, size_t count,
                                 struct catalog_page *page)
{
    if (!jm_span_absent(sort)) {
        size_t i = 0;
        while (i < count && !jm_span_is(sort, orders[i].column))
            i++;
        if (i == count)
            return refuse_sort(catalog, sort, orders, count);
        page->order = &orders[i];
    }
    if (!jm_span_absent(order)) {
        page->descending = order.len == 4 && strncasecmp(order.ptr, "desc", 4) == 0;
        if (!page->descending && (order.len != 3 || strncasecmp(order.ptr, "asc", 3) != 0))
            return catalog_fail(catalog, JM_EINVAL, "order must be asc or desc; it is \"%.*s\"",
                                JM_SPAN_ARGS(jm_span_cut(order, 64)));
    }
    return JM_OK;
}

jm_status catalog_page_read_order(const struct catalog *catalog, const jm_query *query,
                                  const struct catalog_order *orders, size_t count,
                                  struct catalog_page *page)
{
    jm_span sort = {NULL, 0};
    jm_span order = {NULL, 0};
    (void)jm_query_text(query, "sort", &sort);
    (void)jm_query_text(query, "order", &order);
    return catalog_page_set_order(catalog, sort, order, orders, count, page);
}

void catalog_page_indexed(char sql_out[CATALOG_INDEXED_BYTES], const char *index)
{
    snprintf(sql_out, CATALOG_INDEXED_BYTES, "%s%s", index == NULL ? "" : " INDEXED BY ",
             index == NULL ? "" : index);
}

void catalog_page_sql(char sql_out[CATALOG_SQL_BYTES], const struct catalog_list *list,
                      const struct catalog_page *page)
{
    const char *direction = page->descending ? "DESC" : "ASC";
    char terms[128];
    char indexed[CATALOG_INDEXED_BYTES];
    catalog_page_indexed(indexed, list->index);
    snprintf(terms, sizeof(terms), "%s %s, %s %s, id %s", page->order->column, direction,
             page->order->then == NULL ? "id" : page->order->then, direction, direction);
    snprintf(sql_out, CATALOG_SQL_BYTES,
             "SELECT %s FROM (SELECT id AS page_id FROM %s%s WHERE %s"
             " ORDER BY %s LIMIT ?1 OFFSET ?2) JOIN %s ON id = page_id ORDER BY %s",
             list->columns, list->table, indexed, list->where, terms, list->table, terms);
}
