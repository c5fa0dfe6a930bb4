/* Pollers and WebSocket clients side by side, through restarts of the host: everybody sees the same
 * events in the same order, and none is lost. JUNMAI_TEST_FULL=1: 200 of each. */
#include "darkroom.h"

#include "client/wait.h"

#include <stdlib.h>
#include <string.h>

#define BURST 20

struct member {
    char *id; /* of a poller; NULL: a WebSocket client */
    struct jmt_ws ws;
    char epoch[64];
    json_int_t seq; /* of the last event that it has seen */
    json_int_t ack;
    int seen;
};

struct crowd {
    struct studio studio;
    struct member *members;
    int count;
    json_int_t *seqs; /* of each event, as the first who saw it says */
    int published;
};

static json_t *subscription(const struct member *member)
{
    json_t *message = json_pack("{s:s, s:[s]}", "type", "subscribe", "channels", "jobs");
    if (member->epoch[0] != '\0')
        json_object_update_new(
            message, json_pack("{s:I, s:s}", "since", member->seq, "epoch", member->epoch));
    return message;
}

/* A subscription is confirmed; one that goes on must have lost nothing. */
static void confirmed(struct member *member, json_t *confirmation_take)
{
    expect_text(confirmation_take, "type", "subscription_confirmed");
    if (member->epoch[0] != '\0')
        assert_true(bool_of(confirmation_take, "recovered"));
    else
        member->seq = int_of(confirmation_take, "seq");
    snprintf(member->epoch, sizeof member->epoch, "%s", text_of(confirmation_take, "epoch"));
    json_decref(confirmation_take);
}

static void connect_ws(struct crowd *crowd, struct member *member)
{
    json_t *confirmation;
    json_decref(listen_welcome(&member->ws, &crowd->studio));
    must(jmt_ws_subscribe_with(&member->ws, subscription(member), &confirmation));
    confirmed(member, confirmation);
}

static void see(struct crowd *crowd, struct member *member, const json_t *event)
{
    expect_envelope(event, "counted", "jobs");
    expect_int(event, "n", member->seen);
    member->seq = seq_of(event);
    if (crowd->seqs[member->seen] == 0)
        crowd->seqs[member->seen] = member->seq;
    assert_int_equal(crowd->seqs[member->seen], member->seq);
    member->seen++;
}

/* One poll; an answer that `is_lost` might never have come. */
static void poll_once(struct crowd *crowd, struct member *member, bool is_lost)
{
    char more[48];
    snprintf(more, sizeof more, "&wait=5&ack=%lld", (long long)member->ack);
    json_t *answer = poller_poll(&crowd->studio, member->id, more);
    const json_t *messages = list_of(answer, "messages");
    for (size_t i = 0; i < json_array_size(messages) && !is_lost; i++) {
        const json_t *message = json_array_get(messages, i);
        if (strcmp(text_of(message, "type"), "connection_established") == 0)
            confirmed(member, poller_say(&crowd->studio, member->id, subscription(member)));
        else
            see(crowd, member, message);
    }
    if (!is_lost)
        member->ack = int_of(answer, "ack");
    json_decref(answer);
}

static void catch_up(struct crowd *crowd, struct member *member)
{
    int64_t deadline_ms = jmt_deadline_after(DARKROOM_MS);
    while (member->seen < crowd->published) {
        json_t *event = NULL;
        if (member->id != NULL) {
            poll_once(crowd, member, false);
        } else {
            must(jmt_ws_wait(&member->ws, "counted", &event, NULL, DARKROOM_MS));
            see(crowd, member, event);
            json_decref(event);
        }
        if (jmt_clock_ms() > deadline_ms)
            fail_msg("a client has seen %d of %d", member->seen, crowd->published);
    }
}

static void publish(struct crowd *crowd)
{
    for (int i = 0; i < BURST; i++)
        ask_broadcast(&crowd->studio, "jobs", "counted",
                      json_pack("{s:i}", "n", crowd->published++), true);
}

static void restart(struct crowd *crowd, bool by_force)
{
    if (by_force)
        jmt_host_kill(&crowd->studio.host);
    else
        must(jmt_host_stop(&crowd->studio.host));
    must(jmt_host_restart(&crowd->studio.host));
    for (int i = 0; i < crowd->count; i++) {
        struct member *member = &crowd->members[i];
        member->ack = 0; /* what the old host counted is nothing to the new one's session */
        if (member->id == NULL) {
            jmt_ws_fini(&member->ws);
            connect_ws(crowd, member);
        }
    }
}

static void open_crowd(struct crowd *crowd, int each, int rounds)
{
    darkroom_open(&crowd->studio, NULL);
    crowd->count = 2 * each;
    crowd->published = 0;
    crowd->members = calloc((size_t)crowd->count, sizeof *crowd->members);
    crowd->seqs = calloc((size_t)(rounds * BURST), sizeof *crowd->seqs);
    for (int i = 0; i < crowd->count; i++) {
        struct member *member = &crowd->members[i];
        if (i % 2 == 0) {
            connect_ws(crowd, member);
            continue;
        }
        member->id = poller_open(&crowd->studio, "lightroom");
        poll_once(crowd, member, false);
    }
}

static void close_crowd(struct crowd *crowd)
{
    for (int i = 0; i < crowd->count; i++) {
        if (crowd->members[i].id == NULL)
            jmt_ws_fini(&crowd->members[i].ws);
        free(crowd->members[i].id);
    }
    free(crowd->members);
    free(crowd->seqs);
    studio_close(&crowd->studio);
}

static void test_everybody_sees_the_same(void **state)
{
    struct crowd crowd;
    int each = studio_rounds(20, 200), rounds = studio_rounds(6, 12);
    (void)state;
    open_crowd(&crowd, each, rounds);
    for (int round = 0; round < rounds; round++) {
        publish(&crowd);
        for (int i = 0; i < crowd.count; i++) {
            struct member *member = &crowd.members[i];
            if (i % 3 == round % 3 && round % 2 == 1)
                continue; /* too slow: the restart comes before it */
            if (member->id != NULL && round % 2 == 0 && i % 5 == 0)
                poll_once(&crowd, member, true);
            catch_up(&crowd, member);
        }
        if (round % 2 == 1)
            restart(&crowd, round % 4 == 3);
    }
    for (int i = 0; i < crowd.count; i++) {
        catch_up(&crowd, &crowd.members[i]);
        assert_int_equal(crowd.members[i].seen, rounds * BURST);
    }
    for (int i = 1; i < rounds * BURST; i++)
        assert_true(crowd.seqs[i] > crowd.seqs[i - 1]);
    close_crowd(&crowd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_everybody_sees_the_same)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
