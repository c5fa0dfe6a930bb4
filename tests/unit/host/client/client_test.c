/* The life of clients: opened, flushed, stalled, ended, in whatever order that happens. */
#include "bed.h"

#include "host/store/impl.h"
#include "host/store/sqlite.h"
#include "host/util/span.h"
#include "host/util/time.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct bed *bed;

static int setup(void **state)
{
    (void)bed_setup(state);
    bed = *state;
    return 0;
}

static void subscribe(struct peer *peer)
{
    (void)peer_ask(bed, peer, "{\"type\":\"subscribe\",\"channels\":[\"jobs\",\"plain\"]}");
}

static void has_ids_of_its_own(void **state)
{
    struct peer first, second;
    (void)state;
    peer_open(bed, &first);
    jm_id id = first.client->id;
    peer_open(bed, &second);
    assert_true(second.client->id > id);
    assert_ptr_equal(jmh_clients_get(bed->host.clients, id), first.client);
    peer_close(&first);
    assert_null(jmh_clients_get(bed->host.clients, id));
    peer_open(bed, &first);
    assert_true(first.client->id > second.client->id);
    assert_int_equal(jmh_clients_count(bed->host.clients), 2);
    peer_close(&first);
    peer_close(&second);
}

static void bounds_their_number(void **state)
{
    struct peer peers[3];
    struct jmh_client *client = NULL;
    (void)state;
    bed->host.config.limits.clients = 3;
    for (size_t i = 0; i < 3; i++) {
        peer_open(bed, &peers[i]);
    }
    assert_int_equal(jmh_client_open(bed->host.clients, peers[0].client->port, NULL,
                                     peers[0].client->identity, &client),
                     JM_ENOMEM);
    for (size_t i = 0; i < 3; i++) {
        peer_close(&peers[i]);
    }
}

/* An event wakes those of its channel alone, and all of them get the same. */
static void flushes_who_is_concerned(void **state)
{
    struct peer jobs[2], photos;
    (void)state;
    peer_open(bed, &jobs[0]);
    peer_open(bed, &jobs[1]);
    peer_open(bed, &photos);
    subscribe(&jobs[0]);
    subscribe(&jobs[1]);
    (void)peer_ask(bed, &photos, "{\"type\":\"subscribe\",\"channels\":[\"photos\"]}");
    (void)peer_got(&jobs[0]);
    (void)peer_got(&jobs[1]);
    uint64_t pos = photos.client->cursor.pos;
    bed_publish(bed, "made", "a");
    bed_end_turn(bed);
    char *first = strdup(peer_got(&jobs[0]));
    assert_non_null(strstr(first, "\"id\":\"a\""));
    assert_string_equal(peer_got(&jobs[1]), first);
    free(first);
    assert_string_equal(peer_got(&photos), "");
    assert_int_equal(photos.client->cursor.pos, pos);
    assert_int_equal(bed->host.clients->delivered, 2);
    peer_close(&jobs[0]);
    peer_close(&jobs[1]);
    peer_close(&photos);
}

/* Replies before events, whichever came first. */
static void sends_replies_before_events(void **state)
{
    struct peer peer;
    (void)state;
    peer_open(bed, &peer);
    subscribe(&peer);
    peer.blocked = true;
    bed_publish(bed, "made", "a");
    bed_end_turn(bed);
    jmh_client_receive(peer.client, jmh_span("{\"type\":\"ping\"}"));
    peer.blocked = false;
    bed_end_turn(bed);
    const char *got = peer_got(&peer);
    assert_memory_equal(got, "{\"type\":\"pong\"", 14);
    assert_non_null(strstr(got, "\"id\":\"a\""));
    assert_false(jmh_client_pending(peer.client));
    peer_close(&peer);
}

static void ends_who_does_not_read_its_replies(void **state)
{
    struct peer peer;
    (void)state;
    peer_open(bed, &peer);
    bed_end_turn(bed);
    peer.blocked = true;
    int pings = 0;
    while (peer.ends == 0) {
        jmh_client_receive(peer.client, jmh_span("{\"type\":\"ping\"}"));
        pings++;
    }
    assert_true(pings > 200 && pings < 500);
    assert_int_equal(peer.code, 4408);
    assert_non_null(strstr(peer.reason, "stalled"));
    assert_true(strlen(peer.reason) <= 120);
    /* nothing more is taken or given */
    assert_int_equal(jmh_client_reply(peer.client, jmh_span("{}")), JM_EGONE);
    jmh_client_receive(peer.client, jmh_span("{\"type\":\"ping\"}"));
    peer.blocked = false;
    (void)peer_got(&peer);
    bed_end_turn(bed);
    assert_string_equal(peer_got(&peer), "");
    assert_int_equal(peer.ends, 1);
    peer_close(&peer);

    /* the same with a transport that lets go at once */
    peer_open(bed, &peer);
    peer.blocked = peer.goes_at_once = true;
    while (peer.client != NULL) {
        jmh_client_receive(peer.client,
                           jmh_span("{\"type\":\"subscribe\",\"channels\":[\"jobs\"]}"));
    }
    bed_end_turn(bed);
    peer_close(&peer);
}

static void ends_who_does_not_drain(void **state)
{
    struct peer slow, quick;
    (void)state;
    peer_open(bed, &slow);
    peer_open(bed, &quick);
    jmh_client_stalled(slow.client, true);
    jmh_client_stalled(quick.client, true);
    uint32_t since = slow.client->stalled_since_s;
    jmh_client_stalled(slow.client, true); /* still: the first time counts */
    assert_int_equal(slow.client->stalled_since_s, since);
    jmh_clients_tick(bed->host.clients);
    assert_int_equal(slow.ends, 0);
    jmh_client_stalled(quick.client, false);
    bed->host.config.limits.stall_timeout_s = 0;
    jmh_clients_tick(bed->host.clients);
    jmh_clients_tick(bed->host.clients);
    assert_true(slow.ends == 1 && slow.code == 4408 && quick.ends == 0);
    assert_int_equal(bed->host.clients->stalled, 1);
    peer_close(&slow);
    peer_close(&quick);
}

/* A client that was lapped is told what it has lost, before what comes behind it. */
static void tells_a_loss(void **state)
{
    struct peer peer;
    char expected[512];
    (void)state;
    peer_open(bed, &peer);
    subscribe(&peer);
    peer.blocked = true;
    unsigned long long head = (unsigned long long)jmh_log_head(bed->host.log);
    for (int i = 0; i < 70; i++) {
        bed_publish(bed, "seen", "a");
        bed_end_turn(bed);
    }
    peer.blocked = false;
    (void)peer_got(&peer);
    bed_publish(bed, "made", "b");
    bed_end_turn(bed);
    (void)snprintf(expected, sizeof expected,
                   "{\"type\":\"events_missed\",\"timestamp\":\"T\",\"recovered\":false,"
                   "\"epoch\":\"%s\",\"missed\":{\"from\":%llu,\"to\":%llu}}\n",
                   jmh_store_epoch(bed->host.store), head + 1, head + 7);
    assert_memory_equal(peer_got(&peer), expected, strlen(expected));
    assert_int_equal(bed->host.clients->missed, 1);
    peer_close(&peer);
}

static void rename_table(const char *from, const char *to)
{
    char sql[96];
    struct jmh_err err;
    (void)snprintf(sql, sizeof sql, "ALTER TABLE %s RENAME TO %s", from, to);
    assert_int_equal(jmh_sqlite_script(bed->host.store->db, NULL, sql, &err), JM_OK);
}

/* Who could not be given its events, because the store did not give them, is given them later, without
 * a new event that wakes it. */
static void reads_again(void **state)
{
    struct peer peer;
    const char *line;
    int lines = 0;
    (void)state;
    peer_open(bed, &peer);
    subscribe(&peer);
    (void)peer_got(&peer);
    peer.blocked = peer.may_fail = true;
    for (int i = 0; i < 100; i++) { /* more than the ring holds */
        bed_publish(bed, "made", "a");
        bed_end_turn(bed);
    }
    peer.blocked = false;
    rename_table("junmai_events", "elsewhere");
    jmh_client_wake(peer.client);
    bed_end_turn(bed);
    assert_string_equal(peer_got(&peer), "");
    rename_table("elsewhere", "junmai_events");
    jmh_clients_tick(bed->host.clients);
    bed_end_turn(bed);
    for (line = peer_got(&peer); (line = strchr(line, '\n')) != NULL; line++) {
        lines++;
    }
    assert_int_equal(lines, 100);
    peer_close(&peer);
}

static void drains_all(void **state)
{
    static struct peer peers[100];
    (void)state;
    bool differ = false;
    for (size_t i = 0; i < 100; i++) {
        peer_open(bed, &peers[i]);
        peers[i].goes_at_once = i % 3 != 0;
    }
    jmh_clients_drain(bed->host.clients);
    for (size_t i = 0; i < 100; i++) {
        unsigned retry_ms = 0;
        assert_true(peers[i].ends == 1 && peers[i].code == 1001);
        assert_int_equal(sscanf(peers[i].reason, "retry_ms=%u", &retry_ms), 1);
        assert_true(retry_ms >= 500 && retry_ms < 2500);
        differ = differ || strcmp(peers[i].reason, peers[0].reason) != 0;
        peer_close(&peers[i]);
    }
    assert_true(differ);
    assert_int_equal(jmh_clients_count(bed->host.clients), 0);
}

/* A flush that ends the client, its neighbour, or both. */
static struct peer flock[6];

static void flush_and_end(struct jmh_client *client)
{
    struct jmh_run run;
    size_t at = (size_t)((struct peer *)client->port_data - flock);
    (void)jmh_client_next(client, 1000, &run);
    size_t victims[] = {at, (at + 1) % 6};
    for (size_t i = 0; i < 2; i++) {
        struct peer *peer = &flock[victims[i]];
        if (peer->client != NULL && (i == 1 || at % 2 == 0)) {
            jmh_client_close(peer->client);
            peer->client = NULL;
        }
    }
}

static void survives_ends_in_a_flush(void **state)
{
    (void)state;
    for (size_t i = 0; i < 6; i++) {
        peer_open(bed, &flock[i]);
        subscribe(&flock[i]);
    }
    struct jmh_port deadly = *flock[0].client->port;
    deadly.flush = flush_and_end;
    for (size_t i = 0; i < 6; i++) {
        flock[i].client->port = &deadly;
    }
    jmh_client_receive(flock[3].client, jmh_span("{\"type\":\"ping\"}"));
    bed_publish(bed, "made", "a");
    bed_end_turn(bed);
    bed_publish(bed, "made", "a");
    bed_end_turn(bed);
    size_t left = 0;
    for (size_t i = 0; i < 6; i++) {
        left += flock[i].client != NULL;
        peer_close(&flock[i]);
    }
    assert_true(left < 6);
}

static void shares_identities(void **state)
{
    struct jmh_clients *clients = bed->host.clients;
    (void)state;
    struct jmh_identity *a = jmh_identity_local(clients, jmh_span("127.0.0.1"));
    struct jmh_identity *b = jmh_identity_local(clients, jmh_span("127.0.0.1"));
    struct jmh_identity *c = jmh_identity_local(clients, jmh_span("::1"));
    assert_ptr_equal(a, b);
    assert_ptr_not_equal(a, c);
    assert_true(jmh_span_is(a->caller.address, "127.0.0.1") && jmh_span_is(a->caller.scopes, "*"));
    assert_true(a->caller.name.len == 0 && a->caller.kind == JM_CALLER_LOCAL);
    jmh_identity_unref(a);
    jmh_identity_unref(b);
    jmh_identity_unref(c);
    jmh_identity_unref(NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, bed_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(has_ids_of_its_own),
        TEST(bounds_their_number),
        TEST(flushes_who_is_concerned),
        TEST(sends_replies_before_events),
        TEST(ends_who_does_not_read_its_replies),
        TEST(ends_who_does_not_drain),
        TEST(tells_a_loss),
        TEST(reads_again),
        TEST(drains_all),
        TEST(survives_ends_in_a_flush),
        TEST(shares_identities),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
