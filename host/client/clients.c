/* All clients: opened, walked, flushed, ended. [loop] */
#include "host/client/clients.h"

#include "host/host.h"
#include "host/util/time.h"

#include <stdio.h>
#include <stdlib.h>

#define RUN_BITS 32 /* ids: the number of the run above, a counter below */
#define RUN_MASK ((1u << 20) - 1)
#define RETRY_SPREAD_MS 2000

struct jmh_clients *jmh_clients_new(struct jmh_host *host)
{
    struct jmh_clients *clients = calloc(1, sizeof *clients);
    if (clients != NULL) {
        clients->host = host;
        clients->last_id = (uint64_t)(jmh_store_run(host->store) & RUN_MASK) << RUN_BITS;
        TAILQ_INIT(&clients->woken);
    }
    return clients;
}

void jmh_clients_free(struct jmh_clients *clients)
{
    if (clients == NULL) {
        return;
    }
    while (clients->by_id.count > 0) {
        size_t cursor = 0;
        struct jmh_client *client;
        while ((client = jmh_idmap_next(&clients->by_id, &cursor)) != NULL) {
            jmh_client_close(client);
        }
    }
    jmh_idmap_fini(&clients->by_id);
    jmh_buf_fini(&clients->outgoing);
    jmh_identity_unref(clients->last_identity);
    free(clients);
}

struct jmh_client *jmh_clients_get(const struct jmh_clients *clients, jm_id id)
{
    return jmh_idmap_get(&clients->by_id, id);
}

struct jmh_client *jmh_clients_next(const struct jmh_clients *clients, size_t *cursor)
{
    return jmh_idmap_next(&clients->by_id, cursor);
}

size_t jmh_clients_count(const struct jmh_clients *clients)
{
    return clients->by_id.count;
}

/* A flush may end clients: where to go on is kept in `next_flushed`, which their end moves. */
static void flush_set(struct jmh_clients *clients, struct jmh_set *set)
{
    struct jmh_client *client = TAILQ_FIRST(&set->clients);
    while (client != NULL) {
        clients->next_flushed = TAILQ_NEXT(client, in_set);
        client->port->flush(client);
        client = clients->next_flushed;
    }
    clients->next_flushed = NULL;
}

void jmh_clients_flush(struct jmh_clients *clients)
{
    struct jmh_client *client;
    while ((client = TAILQ_FIRST(&clients->woken)) != NULL) {
        TAILQ_REMOVE(&clients->woken, client, in_woken);
        client->woken = false;
        client->port->flush(client);
    }
    struct jmh_set_list *dirty = jmh_sets_dirty(clients->host->sets);
    struct jmh_set *set;
    while ((set = TAILQ_FIRST(dirty)) != NULL) {
        TAILQ_REMOVE(dirty, set, in_dirty);
        set->dirty = false;
        set->refs++;
        flush_set(clients, set);
        jmh_sets_drop(clients->host->sets, set);
    }
}

void jmh_clients_tick(struct jmh_clients *clients)
{
    uint32_t now_s = (uint32_t)(jmh_time_monotonic_ms() / 1000) + 1;
    uint32_t timeout_s = (uint32_t)clients->host->config.limits.stall_timeout_s;
    size_t cursor = 0;
    struct jmh_client *client;
    while ((client = jmh_idmap_next(&clients->by_id, &cursor)) != NULL) {
        if (client->stalled_since_s != 0 && now_s - client->stalled_since_s >= timeout_s &&
            !client->ending) {
            clients->stalled++;
            jmh_client_end(client, 4408,
                           "stalled: nothing was read for too long; resume from your cursor");
        }
        if (client->unread) {
            jmh_client_wake(client);
        }
    }
}

static void drain(struct jmh_client *client)
{
    char reason[32];
    uint64_t spread = client->id * 0x9e3779b97f4a7c15u >> 32;
    (void)snprintf(reason, sizeof reason, "retry_ms=%u",
                   500u + (unsigned)(spread % RETRY_SPREAD_MS));
    jmh_client_end(client, 1001, reason);
}

/* A transport may take a client away at once, which moves others in the map: whoever is passed over by
 * that is found in the next round. */
void jmh_clients_drain(struct jmh_clients *clients)
{
    bool found = true;
    while (found) {
        size_t cursor = 0;
        struct jmh_client *client;
        found = false;
        while ((client = jmh_idmap_next(&clients->by_id, &cursor)) != NULL) {
            if (!client->ending) {
                found = true;
                drain(client);
            }
        }
    }
}
