/* Client sessions of a plugin, as a gateway for pollers uses them: woken, taken, acknowledged, given
 * again, closed. */
#include "zoo.h"

#include "client/wait.h"

#include <stdlib.h>
#include <string.h>

static struct zoo zoo;

static int open_zoo(void **state)
{
    (void)state;
    zoo_open(&zoo, "everything", zoo_option("everything", "tick_ms", json_integer(1000)));
    return 0;
}

static int close_zoo(void **state)
{
    (void)state;
    zoo_close(&zoo);
    return 0;
}

static json_int_t open_poller(void)
{
    json_t *answer = ask(&zoo.studio, 201, "POST", "/everything/pollers", NULL);
    json_int_t client = int_of(answer, "client");
    json_decref(answer);
    return client;
}

static json_t *poller(int status, const char *method, json_int_t client, const char *query,
                      const char *body)
{
    char path[96];
    snprintf(path, sizeof path, "/everything/pollers/%lld%s", (long long)client, query);
    return ask_text(&zoo.studio, status, method, path, body ? "application/json" : NULL, body);
}

/* The first message of a list, which must be of that type; the caller's. */
static json_t *first_of(json_t *answer_take, const char *list, const char *type)
{
    json_t *first = json_incref(json_array_get(list_of(answer_take, list), 0));
    assert_non_null(first);
    expect_text(first, "type", type);
    json_decref(answer_take);
    return first;
}

static void say(json_int_t client, const char *message, const char *reply)
{
    json_decref(first_of(poller(200, "POST", client, "", message), "replies", reply));
}

static void inject(int n)
{
    json_decref(ask(&zoo.studio, 202, "POST", "/everything/inject", json_pack("{s:i}", "n", n)));
}

/* Takes with a query; there must be these numbers in it, `count` of them from `first` on. */
static json_int_t expect_taken(json_int_t client, const char *query, int first, size_t count)
{
    json_t *answer = poller(200, "GET", client, query, NULL);
    json_t *messages = list_of(answer, "messages");
    json_t *message;
    size_t i;
    assert_int_equal(json_array_size(messages), count);
    expect_int(answer, "count", (json_int_t)count);
    json_array_foreach(messages, i, message)
    {
        expect_envelope(message, "everything_injected", "everything");
        expect_int(message, "n", first + (json_int_t)i);
    }
    json_int_t ack = int_of(answer, "ack");
    json_decref(answer);
    return ack;
}

static void test_poller(void **state)
{
    char query[48];
    json_int_t client = open_poller();
    (void)state;
    json_decref(
        first_of(poller(200, "GET", client, "", NULL), "messages", "connection_established"));
    say(client, "{\"type\":\"register\",\"client_type\":\"lightroom\"}", "registration_confirmed");
    say(client, "{\"type\":\"subscribe\",\"channels\":[\"everything\"]}", "subscription_confirmed");
    (void)expect_taken(client, "", 0, 0);
    for (int n = 1; n <= 5; n++)
        inject(n);
    json_int_t ack = expect_taken(client, "?max=2", 1, 2);
    (void)expect_taken(client, "?max=2", 3, 2);

    /* The answer was lost: what is behind the acknowledged one comes again. */
    snprintf(query, sizeof query, "?ack=%lld", (long long)ack);
    (void)expect_taken(client, query, 3, 3);
    ack = expect_taken(client, query, 3, 3);
    snprintf(query, sizeof query, "?ack=%lld", (long long)ack);
    (void)expect_taken(client, query, 0, 0);
    snprintf(query, sizeof query, "?ack=%lld", (long long)ack + 1000);
    json_decref(poller(400, "GET", client, query, NULL));

    json_decref(poller(200, "DELETE", client, "", NULL));
    json_decref(poller(404, "DELETE", client, "", NULL));
    json_decref(poller(404, "GET", client, "", NULL));
    json_decref(poller(404, "POST", client, "", "{\"type\":\"ping\"}"));
}

static json_int_t wakes(void)
{
    json_t *counts = ask(&zoo.studio, 200, "GET", "/everything/counts", NULL);
    json_int_t count = int_of(counts, "wakes");
    json_decref(counts);
    return count;
}

/* An event is there a moment before its wake comes. */
static void wait_for_wakes(json_int_t wanted)
{
    int64_t deadline_ms = jmt_deadline_after(ZOO_MS);
    while (wakes() < wanted)
        assert_true(jmt_clock_ms() < deadline_ms);
}

/* Woken once for whatever there is, and again only after it found nothing more. */
static void test_wake(void **state)
{
    json_int_t client = open_poller();
    (void)state;
    wait_for_wakes(1);
    json_decref(poller(200, "GET", client, "", NULL));
    say(client, "{\"type\":\"subscribe\",\"channels\":[\"everything\"]}", "subscription_confirmed");
    (void)expect_taken(client, "", 0, 0);
    json_int_t before = wakes();
    inject(1);
    wait_for_wakes(before + 1);
    inject(2);
    inject(3);
    (void)expect_taken(client, "?max=2", 1, 2);
    inject(4);
    (void)expect_taken(client, "", 3, 2);
    inject(5);
    wait_for_wakes(before + 2);
    (void)expect_taken(client, "", 5, 1);
    assert_int_equal(wakes(), before + 2);
    json_decref(poller(200, "DELETE", client, "", NULL));
}

/* A message that is not answered at once. */
static void expect_later(json_int_t client, const char *query, const char *message)
{
    json_t *answer = poller(200, "POST", client, query, message);
    assert_int_equal(json_array_size(list_of(answer, "replies")), 0);
    json_decref(answer);
}

/* Replies come at once, or with the next take. */
static void test_replies(void **state)
{
    json_int_t client = open_poller();
    (void)state;
    json_decref(
        first_of(poller(200, "GET", client, "", NULL), "messages", "connection_established"));
    say(client, "{\"type\":\"ping\"}", "pong");
    say(client, "{\"type\":\"nonsense\"}", "error");

    /* What a handler sends waits for the turn's commit, and so does all that comes behind it. */
    expect_later(client, "", "{\"type\":\"everything_note\",\"poller\":\"fail\"}");
    json_t *answer = poller(200, "GET", client, "", NULL);
    json_t *messages = list_of(answer, "messages");
    assert_int_equal(json_array_size(messages), 2);
    expect_text(json_array_get(messages, 0), "type", "everything_noted");
    expect_text(json_array_get(messages, 1), "error", "on purpose");
    json_decref(answer);

    expect_later(client, "?later=1", "{\"type\":\"ping\"}");
    json_decref(first_of(poller(200, "GET", client, "", NULL), "messages", "pong"));
    json_decref(poller(200, "DELETE", client, "", NULL));
}

/* Shown to operators like any client. */
static void test_listed(void **state)
{
    json_int_t client = open_poller();
    (void)state;
    assert_true(zoo_metric(&zoo, "junmai_clients") == 1);
    json_decref(poller(200, "DELETE", client, "", NULL));
    assert_true(zoo_metric(&zoo, "junmai_clients") == 0);
}

/* One that acts by itself, from within its wake. */
static void test_own_session(void **state)
{
    (void)state;
    json_t *answer = ask(&zoo.studio, 200, "POST", "/everything/session", NULL);
    expect_text(object_of(answer, "confirmed"), "type", "subscription_confirmed");
    expect_int(answer, "again", 1);
    json_decref(answer);
    assert_true(zoo_metric(&zoo, "junmai_clients") == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_poller),      cmocka_unit_test(test_wake),
        cmocka_unit_test(test_replies),     cmocka_unit_test(test_listed),
        cmocka_unit_test(test_own_session),
    };
    return cmocka_run_group_tests(tests, open_zoo, close_zoo);
}
