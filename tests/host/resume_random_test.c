/*
 * A resume test that would catch a lie: events of every kind are published, clients come and go at
 * random, the host is stopped and killed, and its ring and its retention are so small that much is
 * lost. A ledger knows what was published, and judges every claim of the host.
 */
#include "check.h"
#include "dice.h"
#include "ledger.h"
#include "listen.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/wait.h"

#define CLIENTS 4
#define DIARY 1u
#define BULK_EVENTS 40
#define BULK_BYTES 48000
#define STORED_MAX (1 << 20)
#define TRIM_MS 10000

static const char *const channel_names[LEDGER_CHANNELS] = {NULL, "diary", "jobs", "photos"};

struct client {
    bool connected;
    bool split; /* its channels were subscribed in two messages */
    struct jmt_ws ws;
    unsigned channels;
    json_int_t since;
    struct hearing hearing;
};

static struct studio studio;
static struct jmt_ws witness; /* hears everything, and so learns the numbers */
static struct ledger ledger;
static struct client clients[CLIENTS];
static struct dice dice;
static char *epoch;
static int next_n;
static int recovered_count, lost_count, live_lost_count;

static void check_epoch(const json_t *message)
{
    if (!epoch)
        epoch = strdup(text_of(message, "epoch"));
    assert_string_equal(text_of(message, "epoch"), epoch);
}

static void open_witness(void)
{
    json_t *welcome = listen_welcome(&witness, &studio);
    check_epoch(welcome);
    ledger.run_start = seq_of(welcome);
    json_decref(welcome);
    json_decref(listen_answer(&witness, "{\"type\":\"subscribe\",\"channels\":[\"*\"],\"types\":"
                                        "[\"entry\",\"remark\",\"state\",\"probe\"]}"));
}

static int open_studio(void **state)
{
    json_t *config = json_pack("{s:{s:i, s:i, s:i}}", "log", "ring_mib", 1, "ring_events", 1024,
                               "retention_mib", 1);
    (void)state;
    dice_init(&dice, "resume_random_test");
    studio_open_diary(&studio, config);
    ledger.with_memory = 1u << DIARY;
    open_witness();
    for (unsigned i = 0; i < CLIENTS; i++)
        clients[i].channels = 1 + dice_roll(&dice, (1u << (LEDGER_CHANNELS - 1)) - 1) * 2;
    for (unsigned i = 0; i < CLIENTS; i++)
        clients[i].channels |= 1u << (1 + i % (LEDGER_CHANNELS - 1));
    for (unsigned i = 0; i < CLIENTS; i++)
        clients[i].since = ledger.run_start;
    return 0;
}

static struct entry entry_of(const json_t *event)
{
    struct entry entry = {.seq = seq_of(event), .n = (int)int_of(event, "n")};
    const char *channel = json_string_value(json_object_get(event, "channel"));
    for (unsigned i = 1; channel && i < LEDGER_CHANNELS; i++) {
        if (strcmp(channel, channel_names[i]) == 0)
            entry.channel = i;
    }
    assert_true(!channel || entry.channel > 0);
    return entry;
}

/* The witness has heard what was published last: it goes into the ledger. */
static void enter(enum kept kept)
{
    json_t *event;
    must(jmt_ws_receive_json(&witness, &event, LISTEN_MS));
    struct entry entry = entry_of(event);
    entry.kept = kept;
    assert_int_equal(entry.n, next_n);
    ledger_add(&ledger, &entry);
    json_decref(event);
}

static char *text_of_bytes(size_t bytes)
{
    char *text = malloc(bytes + 1);
    assert_non_null(text);
    memset(text, 'x', bytes);
    text[bytes] = '\0';
    return text;
}

static void write_diary(const char *type, enum kept kept, size_t bytes)
{
    char *text = text_of_bytes(bytes);
    next_n++;
    json_t *body = json_pack("{s:s, s:i, s:i, s:s}", "type", type, "n", next_n, "page", next_n % 3,
                             "text", text);
    json_decref(ask(&studio, 200, "POST", "/diary", body));
    enter(kept);
    free(text);
}

static void broadcast(unsigned channel, bool durable, size_t bytes)
{
    char *text = text_of_bytes(bytes);
    ask_broadcast(&studio, channel_names[channel], "probe",
                  json_pack("{s:i, s:s}", "n", ++next_n, "text", text), durable);
    enter(durable ? KEPT_DURABLE : KEPT_LOOSE);
    free(text);
}

static void publish_one(size_t bytes)
{
    unsigned channel = dice_roll(&dice, LEDGER_CHANNELS);
    unsigned kind = dice_roll(&dice, 4);
    if (channel != DIARY || kind == 0)
        broadcast(channel, kind > 0, bytes);
    else if (kind == 1)
        write_diary("entry", KEPT_DURABLE, bytes);
    else if (kind == 2)
        write_diary("remark", KEPT_MEMORY, bytes);
    else
        write_diary("state", KEPT_LOOSE, bytes);
}

static void publish_some(void)
{
    for (unsigned i = 1 + dice_roll(&dice, 12); i > 0; i--)
        publish_one(dice_roll(&dice, 200));
}

/* More than the ring holds, and more than retention keeps. */
static void publish_bulk(void)
{
    for (int i = 0; i < BULK_EVENTS; i++)
        publish_one(BULK_BYTES);
}

static struct range range_of(const json_t *message)
{
    const json_t *missed = json_object_get(message, "missed");
    if (!missed)
        return (struct range){0, 0};
    return (struct range){int_of(missed, "from"), int_of(missed, "to")};
}

static void send_subscribe(struct client *client, unsigned channels)
{
    json_t *names = json_array();
    for (unsigned i = 1; i < LEDGER_CHANNELS; i++) {
        if ((channels & 1u << i) != 0)
            json_array_append_new(names, json_string(channel_names[i]));
    }
    must(jmt_ws_send_json(&client->ws,
                          json_pack("{s:s, s:o, s:I, s:s}", "type", "subscribe", "channels", names,
                                    "since", client->since, "epoch", epoch)));
}

static void take_confirmation(struct client *client, const json_t *message)
{
    struct hearing *hearing = &client->hearing;
    size_t expected = client->split ? 2 : 1;
    assert_true(hearing->claim_count < expected);
    struct claim *claim = &hearing->claims[hearing->claim_count++];
    check_epoch(message);
    claim->since = client->since;
    claim->recovered = bool_of(message, "recovered");
    claim->missed = range_of(message);
    assert_true(claim->recovered == (claim->missed.to == 0));
    if (claim->recovered)
        recovered_count++;
    else
        lost_count++;
}

/* Events for everyone come with the first resume, and belong to each: where one of them is lost, no
 * channel has been recovered. */
static void come_back(struct client *client)
{
    unsigned first = client->channels;
    unsigned second = 0;
    json_decref(listen_welcome(&client->ws, &studio));
    client->connected = true;
    client->split = dice_roll(&dice, 3) == 0;
    if (client->split) {
        second = first & -(first & ~1u) & ~1u; /* the lowest but everyone */
        first &= ~second;
        client->split = (first & ~1u) != 0;
    }
    client->hearing.claims[0].channels = client->split ? first : client->channels;
    client->hearing.claims[1].channels = second | 1u;
    send_subscribe(client, client->hearing.claims[0].channels);
    if (client->split)
        send_subscribe(client, second);
}

/* Takes one message; whether it was the event that says `n`. */
static bool take_message(struct client *client, int n)
{
    struct hearing *hearing = &client->hearing;
    json_t *message;
    bool is_last = false;
    must(jmt_ws_receive_json(&client->ws, &message, LISTEN_MS));
    const char *type = text_of(message, "type");
    if (strcmp(type, "subscription_confirmed") == 0) {
        take_confirmation(client, message);
    } else if (strcmp(type, "events_missed") == 0) {
        hearing_add_missed(hearing, range_of(message));
        live_lost_count++;
    } else {
        struct entry entry = entry_of(message);
        bool in_order = hearing->heard_count == 0 || client->split ||
                        hearing->heard[hearing->heard_count - 1].seq < entry.seq;
        assert_true(in_order);
        assert_true(hearing->claim_count > 0);
        hearing_add(hearing, &entry);
        is_last = entry.n == n;
    }
    json_decref(message);
    return is_last;
}

static void leave(struct client *client)
{
    jmt_ws_fini(&client->ws);
    client->connected = false;
    hearing_fini(&client->hearing);
}

/* Reads all that has been published, and judges it. The client stays: what it is told from now on
 * continues what it knows. */
static void catch_up(struct client *client)
{
    struct hearing *hearing = &client->hearing;
    while (hearing->claim_count < (client->split ? 2 : 1))
        (void)take_message(client, -1);
    broadcast(0, false, 0);
    while (!take_message(client, next_n))
        ;
    hearing->upto = ledger.entries[ledger.count - 1].seq;
    hearing->complete = true;
    hearing->whole = true;
    ledger_judge(&ledger, hearing);
}

/* Reads a part and loses the connection: up to there all is right, and it goes on behind that. Of two
 * replays the last event is not the highest: such a client begins again. */
static void read_a_part(struct client *client)
{
    struct hearing *hearing = &client->hearing;
    broadcast(0, false, 0);
    for (unsigned i = 1 + dice_roll(&dice, 20); i > 0 && !take_message(client, next_n); i--)
        ;
    hearing->whole = false;
    hearing->complete = !client->split;
    if (client->split) {
        hearing->upto = ledger.entries[ledger.count - 1].seq;
        ledger_judge(&ledger, hearing);
    } else if (hearing->heard_count > 0) {
        hearing->upto = hearing->heard[hearing->heard_count - 1].seq;
        ledger_judge(&ledger, hearing);
        client->since = hearing->upto;
    }
    leave(client);
}

static void lose_all_connections(void)
{
    jmt_ws_fini(&witness);
    for (unsigned i = 0; i < CLIENTS; i++) {
        if (clients[i].connected)
            leave(&clients[i]);
    }
}

static double stored_bytes(void)
{
    struct jmt_request request = {.path = "/metrics"};
    struct jmt_response response;
    ask_raw(&studio, &request, &response);
    const char *line = strstr(response.body, "\njunmai_log_stored_bytes ");
    assert_non_null(line);
    double bytes = strtod(strchr(line + 1, ' '), NULL);
    jmt_response_fini(&response);
    return bytes;
}

/* Retention does its work a second after each start. */
static void await_retention(void)
{
    int64_t deadline_ms = jmt_deadline_after(TRIM_MS);
    while (stored_bytes() > STORED_MAX) {
        assert_true(jmt_clock_ms() < deadline_ms);
        poll(NULL, 0, 10);
    }
}

static void restart(bool gently)
{
    lose_all_connections();
    if (gently)
        must(jmt_host_stop(&studio.host));
    else
        jmt_host_kill(&studio.host);
    must(jmt_host_restart(&studio.host));
    open_witness();
    if (dice_roll(&dice, 2) == 0)
        await_retention();
}

static void step(void)
{
    struct client *client = &clients[dice_roll(&dice, CLIENTS)];
    unsigned what = dice_roll(&dice, 24);
    if (what == 0)
        restart(dice_roll(&dice, 2) == 0);
    else if (what <= 2)
        publish_bulk();
    else if (what <= 10)
        publish_some();
    else if (!client->connected)
        come_back(client);
    else if (what <= 17)
        catch_up(client);
    else if (what <= 20)
        read_a_part(client);
    else {
        if (client->hearing.whole)
            client->since = client->hearing.upto;
        leave(client);
    }
}

static void test_random_steps(void **state)
{
    int steps = studio_rounds(300, 6000);
    (void)state;
    for (int i = 0; i < steps; i++)
        step();
    for (unsigned i = 0; i < CLIENTS; i++) {
        if (!clients[i].connected)
            come_back(&clients[i]);
        catch_up(&clients[i]);
    }
    printf("%d steps, %zu events, %d resumes recovered, %d not, %d losses told to connected "
           "clients\n",
           steps, ledger.count, recovered_count, lost_count, live_lost_count);
    assert_true(recovered_count > 0 && lost_count > 0);
}

static int close_studio(void **state)
{
    (void)state;
    lose_all_connections();
    ledger_fini(&ledger);
    free(epoch);
    studio_close(&studio);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_random_steps)};
    return cmocka_run_group_tests(tests, open_studio, close_studio);
}
