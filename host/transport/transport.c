/* The transport from start to end. [loop] */
#include "host/transport/transport.h"

#include "host/host.h"
#include "host/transport/guards.h"
#include "host/transport/ws.h"

#include <stdlib.h>

#define TICK_MS 1000

static void on_tick(void *user)
{
    jmh_conn_tick(user);
}

static void on_input(void *user)
{
    jmh_http_sweep(user);
}

struct jmh_transport *jmh_transport_open(struct jmh_host *host,
                                         const struct jmh_transport_options *options,
                                         struct jmh_err *err)
{
    struct jmh_transport *transport = calloc(1, sizeof *transport);
    if (transport == NULL) {
        (void)jmh_err_set(err, JM_ENOMEM, "Cannot listen: out of memory");
        return NULL;
    }
    transport->host = host;
    TAILQ_INIT(&transport->dead);
    for (size_t i = 0; i < JMH_CONN_LISTS; i++) {
        TAILQ_INIT(&transport->lists[i]);
    }
    jmh_conn_tick(transport);
    transport->connections_max = jmh_guard_descriptors((size_t)host->config.limits.clients);
    transport->tick = jmh_timer_start(host->loop, TICK_MS, TICK_MS, on_tick, transport);
    jmh_loop_on_input(host->loop, on_input, transport);
    if (transport->tick == NULL || !jmh_library_open(transport)) {
        (void)jmh_err_set(err, JM_ENOMEM,
                          "Cannot start libwebsockets on libuv: out of memory, or the package "
                          "libwebsockets-evlib-uv is not installed");
        jmh_transport_close(transport);
        return NULL;
    }
    if (jmh_listen_open(transport, options, err) != JM_OK) {
        jmh_transport_close(transport);
        return NULL;
    }
    return transport;
}

jm_status jmh_transport_start(struct jmh_transport *transport, struct jmh_err *err)
{
    return jmh_listen_start(transport, err);
}

int jmh_transport_port(const struct jmh_transport *transport)
{
    return transport->port;
}

/* HTTP connections without a request end at once: they would wait for nothing. */
void jmh_transport_stop_listening(struct jmh_transport *transport)
{
    static const enum jmh_conn_list_id idle[] = {JMH_CONN_WAITING, JMH_CONN_TIMED};
    struct jmh_conn *conn, *next;
    transport->draining = true;
    jmh_listen_close(transport);
    for (size_t i = 0; i < sizeof idle / sizeof idle[0]; i++) {
        for (conn = TAILQ_FIRST(&transport->lists[idle[i]]); conn != NULL; conn = next) {
            struct jmh_http *http = (struct jmh_http *)conn; /* of no other kind are these lists */
            next = TAILQ_NEXT(conn, in_list);
            if (http->phase == JMH_HTTP_IDLE) {
                jmh_http_end(http);
            }
        }
    }
}

size_t jmh_transport_connections(const struct jmh_transport *transport)
{
    return transport->connections;
}

static void end_all_http(struct jmh_transport *transport)
{
    for (size_t i = 0; i < JMH_CONN_LISTS; i++) {
        struct jmh_conn *conn, *next;
        for (conn = TAILQ_FIRST(&transport->lists[i]); conn != NULL; conn = next) {
            next = TAILQ_NEXT(conn, in_list);
            if (jmh_http_is(conn)) {
                jmh_http_end((struct jmh_http *)conn);
            }
        }
    }
    jmh_http_sweep(transport);
}

void jmh_transport_close(struct jmh_transport *transport)
{
    if (transport == NULL) {
        return;
    }
    struct jmh_loop *loop = transport->host->loop;
    jmh_listen_close(transport);
    jmh_timer_stop(transport->tick);
    jmh_loop_on_input(loop, NULL, NULL);
    end_all_http(transport);
    jmh_guard_destroy(loop, &transport->context);
    jmh_inflate_free(transport->inflate);
    jmh_buf_fini(&transport->head);
    free(transport);
}
