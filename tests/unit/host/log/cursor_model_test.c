/* Cursors against a model that keeps, for each client and each event, whether it is still owed.
 *
 * Clients subscribe, resume, leave, lag and are lapped in random order while events of every kind are
 * published, superseded, dropped from a small ring and removed from the store. Each delivery must be
 * owed and in the order of its channel; when a client has read everything, nothing may be owed but what
 * is lost, and of a loss it must have been told. */
#include "world.h"

#include "fake_store.h"

#include <stdlib.h>
#include <string.h>

#define CLIENTS 5
#define CHANNELS 5 /* number 0 is everyone */
#define TYPES 3
#define ALL 5 /* place of "*" in lists by channel */

static const char *const channel_names[CHANNELS + 1] = {"",       "jobs",  "photos",
                                                        "system", "queue", "*"};
static const char *const type_names[TYPES] = {"t", "u", "v"};
static const uint32_t kinds[] = {
    JMH_ENTRY_DURABLE,   JMH_ENTRY_DURABLE,  0,
    JMH_ENTRY_CONFLATED, JMH_ENTRY_INJECTED, JMH_ENTRY_DURABLE | JMH_ENTRY_INJECTED};

struct fact {
    unsigned channel, type, key;
    uint32_t flags;
    bool superseded;
};

struct client {
    struct jmh_cursor cursor;
    enum jmh_form form;
    bool held[CHANNELS + 1];
    unsigned types[CHANNELS + 1]; /* bits of what its filter lets pass */
    bool resumed;
    bool owed[WORLD_EVENTS];
    bool told[WORLD_EVENTS]; /* that it is lost */
    uint64_t last[CHANNELS]; /* seq of the last delivery of that channel */
};

static struct world world;
static struct fact facts[WORLD_EVENTS];
static struct client clients[CLIENTS];
static bool with_all; /* clients use "*" beside channels */

/* seqs begin at 1 */
static uint64_t head(void)
{
    return jmh_log_head(world.log);
}

static bool is_wanted_by(const struct client *client, unsigned place, const struct fact *fact)
{
    if (fact->channel == 0) {
        return place == 0 || client->held[place];
    }
    return client->held[place] && (place == fact->channel || place == ALL) &&
           (client->types[place] >> fact->type & 1u) != 0;
}

static bool is_wanted(const struct client *client, const struct fact *fact)
{
    return fact->channel == 0 || is_wanted_by(client, fact->channel, fact) ||
           is_wanted_by(client, ALL, fact);
}

static bool is_in_ring(uint64_t seq)
{
    return seq >= jmh_log_tail(world.log);
}

static bool is_lost(uint64_t seq)
{
    bool stored = (facts[seq].flags & JMH_ENTRY_DURABLE) != 0 && fake_store_has(seq);
    return !is_in_ring(seq) && !stored;
}

/* A loss of which a client must be told: not of what is superseded or injected. */
static bool counts_as_missed(uint64_t seq)
{
    return is_lost(seq) && (facts[seq].flags == 0 || (facts[seq].flags & JMH_ENTRY_DURABLE) != 0);
}

static void publish(void)
{
    struct fact fact = {.channel = (unsigned)random() % CHANNELS,
                        .type = (unsigned)random() % TYPES,
                        .key = (unsigned)random() % 3,
                        .flags = kinds[random() % 6]};
    char key[2] = {(char)('0' + fact.key), '\0'};
    if (fact.channel == 0 && (fact.flags & JMH_ENTRY_DURABLE) == 0) {
        fact.flags = JMH_ENTRY_INJECTED; /* no declared type is for everyone */
    }
    size_t pad = random() % 10 == 0 ? 400 : 1 + (size_t)random() % 30;
    uint64_t seq = world_publish(&world, channel_names[fact.channel], type_names[fact.type],
                                 fact.flags, key, pad);
    for (uint64_t old = 1; fact.flags == JMH_ENTRY_CONFLATED && old < seq; old++) {
        facts[old].superseded |= facts[old].flags == JMH_ENTRY_CONFLATED &&
                                 facts[old].channel == fact.channel &&
                                 facts[old].type == fact.type && facts[old].key == fact.key;
    }
    facts[seq] = fact;
    for (size_t i = 0; i < CLIENTS; i++) {
        clients[i].owed[seq] = is_wanted(&clients[i], &fact);
    }
}

static void receive(struct client *client, const struct received *received)
{
    bool some_lost = received->missed_to == 0;
    for (uint64_t seq = received->missed_from; !some_lost && seq <= head(); seq++) {
        some_lost = counts_as_missed(seq);
    }
    assert_true(some_lost);
    for (uint64_t seq = received->missed_from; seq != 0 && seq <= received->missed_to; seq++) {
        client->told[seq] = true;
    }
    for (size_t i = 0; i < received->count; i++) {
        uint64_t seq = received->seqs[i];
        const struct fact *fact = &facts[seq];
        if (!client->owed[seq] || fact->superseded || seq <= client->last[fact->channel]) {
            fail_msg("client %td got %llu of channel %u, owed %d, superseded %d, last %llu",
                     client - clients, (unsigned long long)seq, fact->channel, client->owed[seq],
                     fact->superseded, (unsigned long long)client->last[fact->channel]);
        }
        client->owed[seq] = false;
        client->last[fact->channel] = seq;
    }
}

static void read_some(struct client *client)
{
    struct received received;
    size_t max_bytes = random() % 3 == 0 ? 1 : (size_t)random() % 600;
    assert_int_equal(world_read(&world, &client->cursor, client->form, max_bytes, &received),
                     JM_OK);
    receive(client, &received);
}

/* Read all, and settle accounts. */
static void drain(struct client *client)
{
    struct received received = {.more = true};
    while (received.more || jmh_cursor_pending(world.reader, &client->cursor)) {
        assert_int_equal(world_read(&world, &client->cursor, client->form, 700, &received), JM_OK);
        receive(client, &received);
    }
    for (uint64_t seq = 1; seq <= head(); seq++) {
        bool is_missing = client->owed[seq] && !facts[seq].superseded;
        if (is_missing && (!is_lost(seq) || (counts_as_missed(seq) && !client->told[seq]))) {
            fail_msg("client %td is owed %llu (channel %u, flags %u), lost %d, told %d",
                     client - clients, (unsigned long long)seq, facts[seq].channel,
                     facts[seq].flags, is_lost(seq), client->told[seq]);
        }
        client->owed[seq] = false;
    }
}

/* What "recovered" must say, and what the client is told when it says no. */
static void judge(struct client *client, unsigned place, uint64_t since)
{
    bool is_missing = false;
    struct jmh_resume resume =
        jmh_reader_judge(world.reader, world_channel(&world, channel_names[place]), since, true);
    for (uint64_t seq = since + 1; seq <= head(); seq++) {
        bool is_of = place == ALL || facts[seq].channel == place ||
                     (facts[seq].channel == 0 && (facts[seq].flags & JMH_ENTRY_DURABLE) != 0);
        is_missing = is_missing || (is_of && counts_as_missed(seq));
    }
    assert_true(!resume.recovered || !is_missing);
    for (uint64_t seq = resume.missed_from; resume.missed_to != 0 && seq <= resume.missed_to;
         seq++) {
        client->told[seq] = true;
    }
}

static uint32_t list_types(unsigned bits, uint32_t *types_out)
{
    uint32_t count = 0;
    for (unsigned i = 0; i < TYPES; i++) {
        if ((bits >> i & 1u) != 0) {
            types_out[count++] = world_type(&world, type_names[i]);
        }
    }
    types_out[count] = 0;
    return count;
}

static void change_set(struct client *client, const struct jmh_join *joins, uint32_t count)
{
    struct jmh_sub subs[CHANNELS + 1];
    uint32_t types[CHANNELS + 1][TYPES + 1];
    uint32_t sub_count = 0;
    for (unsigned place = 1; place <= ALL; place++) {
        if (client->held[place]) {
            bool is_all = list_types(client->types[place], types[place]) == TYPES;
            subs[sub_count++] = (struct jmh_sub){world_channel(&world, channel_names[place]),
                                                 is_all ? NULL : types[place]};
        }
    }
    assert_int_equal(jmh_cursor_subscribe(world.reader, world.sets, &client->cursor,
                                          jmh_sets_get(world.sets, subs, sub_count), joins, count),
                     JM_OK);
    for (uint64_t seq = 1; seq <= head(); seq++) {
        client->owed[seq] = client->owed[seq] && is_wanted(client, &facts[seq]);
    }
}

/* A resume of a place in the list: what it wants behind `since` is owed (again), what it wanted before
 * that is not any more. */
static void owe_again(struct client *client, unsigned place, uint64_t since)
{
    for (uint64_t seq = 1; seq <= head(); seq++) {
        const struct fact *fact = &facts[seq];
        bool is_of = place == ALL || fact->channel == place;
        if (is_of && is_wanted_by(client, place, fact)) {
            client->owed[seq] = seq > since;
        }
    }
    for (unsigned channel = 0; channel < CHANNELS; channel++) {
        if (channel == place || place == ALL) {
            client->last[channel] = 0;
        }
    }
}

static void subscribe(struct client *client)
{
    unsigned place = 1 + (unsigned)random() % (with_all ? CHANNELS : CHANNELS - 1);
    bool resumes = random() % 2 == 0;
    uint64_t since = resumes ? (uint64_t)random() % (head() + 1) : JMH_SINCE_NOW;
    struct jmh_join joins[2] = {{world_channel(&world, channel_names[place]), since}};
    uint32_t count = 1;
    if (client->held[place] && !resumes) {
        return;
    }
    if (with_all && resumes) {
        drain(client); /* whose replay brings what both ask for is not for the model to say */
    }
    client->held[place] = true;
    client->types[place] = random() % 3 == 0 ? (unsigned)random() % 8 : 7;
    if (resumes) {
        judge(client, place, since);
        owe_again(client, place, since);
    }
    if (resumes && !client->resumed) {
        joins[count++] = (struct jmh_join){JMH_CHANNEL_EVERYONE, since};
        client->resumed = true;
        owe_again(client, 0, since);
    }
    change_set(client, joins, count);
}

static void leave(struct client *client)
{
    unsigned place = 1 + (unsigned)random() % ALL;
    if (with_all) {
        drain(client);
    }
    client->held[place] = false;
    change_set(client, NULL, 0);
}

/* The client goes, another one comes. */
static void replace(struct client *client)
{
    jmh_cursor_fini(world.sets, &client->cursor);
    memset(client, 0, sizeof *client);
    client->cursor = world_cursor(&world);
    client->form =
        (enum jmh_form[]){JMH_FORM_WS, JMH_FORM_WS, JMH_FORM_SSE, JMH_FORM_JSON}[random() % 4];
}

static void step(void)
{
    struct client *client = &clients[random() % CLIENTS];
    long dice = random() % 100;
    if (dice < 45) {
        publish();
    } else if (dice < 75) {
        read_some(client);
    } else if (dice < 85) {
        subscribe(client);
    } else if (dice < 89) {
        leave(client);
    } else if (dice < 93) {
        drain(client);
    } else if (dice < 94) {
        fake_store_trim(head() * (uint64_t)(random() % 100) / 100);
    } else if (dice < 95) {
        replace(client);
    } else {
        for (long i = random() % 20; i > 0; i--) {
            publish();
        }
    }
}

static void run(unsigned seed)
{
    srandom(seed);
    world_open(&world, 1, 4096, 32);
    memset(facts, 0, sizeof facts);
    memset(clients, 0, sizeof clients);
    for (size_t i = 0; i < CLIENTS; i++) {
        clients[i].cursor = world_cursor(&world);
    }
    for (int i = 0; i < 600; i++) {
        step();
    }
    for (size_t i = 0; i < CLIENTS; i++) {
        drain(&clients[i]);
        jmh_cursor_fini(world.sets, &clients[i].cursor);
    }
    world_close(&world);
}

static void channels_alone(void **state)
{
    (void)state;
    with_all = false;
    for (unsigned seed = 1; seed <= 150; seed++) {
        run(seed);
    }
}

static void channels_and_all(void **state)
{
    (void)state;
    with_all = true;
    for (unsigned seed = 1001; seed <= 1150; seed++) {
        run(seed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(channels_alone),
        cmocka_unit_test(channels_and_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
