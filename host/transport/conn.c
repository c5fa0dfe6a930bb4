/* Connections are watched over. [loop]
 *
 * One tick a second serves all: it looks only at those whose time has come. Pings are spread over their
 * interval, so that ten thousand clients are not asked in the same moment. */
#include "host/transport/conn.h"

#include "host/client/client.h"
#include "host/host.h"
#include "host/util/time.h"

static bool is_list_of_clients(uint8_t list)
{
    return list == JMH_CONN_QUIET || list == JMH_CONN_PINGED;
}

static void leave_list(struct jmh_conn *conn)
{
    TAILQ_REMOVE(&conn->transport->lists[conn->list], conn, in_list);
    conn->transport->client_count -= is_list_of_clients(conn->list) ? 1 : 0;
}

static void enter_list(struct jmh_conn *conn, enum jmh_conn_list_id list, uint32_t after_s)
{
    conn->list = (uint8_t)list;
    conn->deadline_s = conn->transport->now_s + after_s + 1; /* the present second is nearly over */
    TAILQ_INSERT_TAIL(&conn->transport->lists[list], conn, in_list);
    conn->transport->client_count += is_list_of_clients(conn->list) ? 1 : 0;
}

void jmh_conn_init(struct jmh_conn *conn, const struct jmh_conn_kind *kind,
                   struct jmh_transport *transport)
{
    *conn = (struct jmh_conn){.kind = kind, .transport = transport};
    enter_list(conn, JMH_CONN_WAITING, JMH_KEEP_ALIVE_S);
    transport->connections++;
}

void jmh_conn_fini(struct jmh_conn *conn)
{
    struct jmh_client *client = conn->client;
    conn->ending = true;
    conn->client = NULL;
    if (client != NULL) {
        jmh_client_close(client);
    }
    leave_list(conn);
    conn->transport->connections--;
}

void jmh_conn_move(struct jmh_conn *conn, enum jmh_conn_list_id list, uint32_t after_s)
{
    leave_list(conn);
    enter_list(conn, list, after_s);
}

void jmh_conn_stalled(struct jmh_conn *conn, bool stalled)
{
    if (conn->stalled != stalled) {
        conn->stalled = stalled;
        if (conn->client != NULL) {
            jmh_client_stalled(conn->client, stalled);
        }
    }
}

static bool is_late(const struct jmh_conn *conn)
{
    return conn != NULL && conn->deadline_s <= conn->transport->now_s;
}

/* `late` moves or ends a connection, so that the list is shorter then. */
static void end_late(struct jmh_transport *transport)
{
    static const enum jmh_conn_list_id in_order[] = {JMH_CONN_WAITING, JMH_CONN_PINGED,
                                                     JMH_CONN_ENDING};
    struct jmh_conn *conn, *next;
    for (size_t i = 0; i < sizeof in_order / sizeof in_order[0]; i++) {
        size_t budget = transport->connections;
        while (budget-- > 0 && is_late(conn = TAILQ_FIRST(&transport->lists[in_order[i]]))) {
            conn->kind->late(conn);
        }
    }
    for (conn = TAILQ_FIRST(&transport->lists[JMH_CONN_TIMED]); conn != NULL; conn = next) {
        next = TAILQ_NEXT(conn, in_list);
        if (is_late(conn)) {
            conn->kind->late(conn);
        }
    }
}

/* The share of this second, from the head of the list; who was asked goes to the end. */
static void ping_some(struct jmh_transport *transport)
{
    size_t interval_s = (size_t)transport->host->config.limits.ping_interval_s;
    transport->ping_credit += transport->client_count;
    size_t count = transport->ping_credit / interval_s;
    transport->ping_credit %= interval_s;
    struct jmh_conn_list *quiet = &transport->lists[JMH_CONN_QUIET];
    for (; count > 0 && !TAILQ_EMPTY(quiet); count--) {
        struct jmh_conn *conn = TAILQ_FIRST(quiet);
        jmh_conn_move(conn, JMH_CONN_QUIET, 0);
        conn->kind->ping(conn);
    }
}

void jmh_conn_tick(struct jmh_transport *transport)
{
    transport->now_s = (uint32_t)(jmh_time_monotonic_ms() / 1000);
    end_late(transport);
    ping_some(transport);
}
