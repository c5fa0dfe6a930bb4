/* What the host itself registers. [loop] */
#include "host/admin/admin.h"

#include "host/util/span.h"

static const struct jmh_admin_route *const tables[] = {
    jmh_admin_client_routes, jmh_admin_broadcast_routes, jmh_admin_plugin_routes,
    jmh_admin_health_routes, jmh_admin_metric_routes,    jmh_admin_document_routes,
};

/* The host that the routes belong to; a route's `user` is the table's row. */
static struct jmh_host *routes_host;

static jm_status run_route(void *user, const jm_request *request)
{
    const struct jmh_admin_route *route = user;
    struct jmh_exchange *exchange = jmh_exchange_get(routes_host, request->id);
    route->fn(routes_host, exchange, request->body);
    return JM_OK;
}

static const jm_field error_fields[] = {
    {"error_type", JM_FIELD_TEXT, 0, "what kind of error: store_full, plugin_refused, …"},
    {"error_message", JM_FIELD_TEXT, 0, "one sentence for the operator"},
    {"error_details", JM_FIELD_OBJECT, 0, "facts that help to find the cause"},
    {"job_id", JM_FIELD_TEXT | JM_FIELD_OPTIONAL, 0, "the job that failed"},
    {"photo_id", JM_FIELD_INT | JM_FIELD_OPTIONAL, 0, "the photograph it was about"},
};

static const jm_field canary_fields[] = {
    {"run", JM_FIELD_INT, 0, "number of this run of the host"},
    {"number", JM_FIELD_INT, 0, "counts the canaries of this run, from 1"},
};

static const jm_event_type types[] = {
    {.size = sizeof(jm_event_type),
     .retention = JM_RETAIN_DURABLE,
     .name = "error_occurred",
     .channel = "system",
     .help = "Something failed that an operator should know of.",
     .fields = error_fields,
     .field_count = sizeof error_fields / sizeof error_fields[0]},
    {.size = sizeof(jm_event_type),
     .retention = JM_RETAIN_MEMORY,
     .name = "canary",
     .channel = "_canary",
     .conflate_key = "",
     .help = "Proves that events pass through the host.",
     .fields = canary_fields,
     .field_count = sizeof canary_fields / sizeof canary_fields[0]},
};

static jm_status add_routes(struct jmh_regset *set, struct jmh_err *err)
{
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        for (const struct jmh_admin_route *row = tables[i]; row->method != NULL; row++) {
            const jm_route route = {.size = sizeof route,
                                    .flags = row->flags,
                                    .method = row->method,
                                    .path = row->path,
                                    .help = row->help,
                                    .query = row->query,
                                    .fn = run_route,
                                    .user = (void *)(uintptr_t)row,
                                    .body = row->body,
                                    .answer = row->answer};
            jm_status status = jmh_regset_add_route(set, &route, err);
            if (status != JM_OK) {
                return status;
            }
        }
    }
    return JM_OK;
}

struct jmh_regset *jmh_admin_register(struct jmh_host *host, struct jmh_err *err)
{
    struct jmh_regset *set = jmh_regset_new("junmai", NULL);
    if (set == NULL) {
        (void)jmh_err_set(err, JM_ENOMEM, "no memory for the host's routes");
        return NULL;
    }
    routes_host = host;
    jm_status status = jmh_regset_add_channel(set, "system", "The state of host and plugins", err);
    if (status == JM_OK) {
        status = jmh_regset_add_channel(set, "_canary", "Proof of life, every few seconds", err);
    }
    for (size_t i = 0; status == JM_OK && i < sizeof types / sizeof types[0]; i++) {
        status = jmh_regset_add_type(set, &types[i], err);
    }
    if (status == JM_OK) {
        status = add_routes(set, err);
    }
    if (status != JM_OK) {
        jmh_regset_free(set);
        return NULL;
    }
    return set;
}
