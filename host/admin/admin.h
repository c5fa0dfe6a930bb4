/* The host's own routes and event types: clients, plugins, health, metrics, documents.
 *
 * What the host registers goes through a registration set like a plugin's, so that it is routed,
 * checked and documented the same way. [loop] */
#ifndef JMH_ADMIN_ADMIN_H
#define JMH_ADMIN_ADMIN_H

#include "host/host.h"
#include "host/http/exchange.h"
#include "host/util/json.h"

/* Everything that the host registers; NULL with a sentence. */
struct jmh_regset *jmh_admin_register(struct jmh_host *host, struct jmh_err *err);

/* Each file registers its routes. */
struct jmh_admin_route {
    const char *method, *path, *help, *query;
    uint32_t flags;
    /* Answers the exchange; `body` is its JSON object. */
    void (*fn)(struct jmh_host *host, struct jmh_exchange *exchange, jm_span body);
    const char *body, *answer; /* for the documentation, as of jm_route */
};
extern const struct jmh_admin_route jmh_admin_client_routes[];
extern const struct jmh_admin_route jmh_admin_broadcast_routes[];
extern const struct jmh_admin_route jmh_admin_plugin_routes[];
extern const struct jmh_admin_route jmh_admin_health_routes[];
extern const struct jmh_admin_route jmh_admin_metric_routes[];
extern const struct jmh_admin_route jmh_admin_document_routes[];

/* The canary: an event that passes through store, log and a cursor every few seconds. */
jm_status jmh_canary_start(struct jmh_host *host, struct jmh_err *err);
void jmh_canary_stop(struct jmh_host *host);

#endif
