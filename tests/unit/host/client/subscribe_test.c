/* subscribe and unsubscribe: what is confirmed, and what comes then. */
#include "bed.h"

#include "host/util/span.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct bed *bed;
static struct peer peer;
static const char *epoch;

static int setup(void **state)
{
    (void)bed_setup(state);
    bed = *state;
    epoch = jmh_store_epoch(bed->host.store);
    peer_open(bed, &peer);
    bed_end_turn(bed);
    (void)peer_got(&peer);
    return 0;
}

static int teardown(void **state)
{
    peer_close(&peer);
    return bed_teardown(state);
}

static unsigned long long head(void)
{
    return (unsigned long long)jmh_log_head(bed->host.log);
}

/* Ask, and demand a confirmation with these channels and this end, and `behind` behind it. */
static void assert_confirms(const char *message, const char *channels, const char *rest,
                            const char *behind)
{
    static char expected[8192];
    (void)snprintf(expected, sizeof expected,
                   "{\"type\":\"subscription_confirmed\",\"channels\":%s,\"epoch\":\"%s\","
                   "\"seq\":%llu,\"cursor\":\"%s:%llu\"%s}\n%s",
                   channels, epoch, head(), epoch, head(), rest, behind);
    assert_string_equal(peer_ask(bed, &peer, message), expected);
}

static void assert_error(const char *message, const char *words)
{
    const char *got = peer_ask(bed, &peer, message);
    assert_memory_equal(got, "{\"type\":\"error\",\"error\":\"", 25);
    assert_non_null(strstr(got, words));
    assert_int_equal(peer.client->cursor.set->count, 0);
}

static const char *event(const char *type, const char *channel, const char *id,
                         unsigned long long seq)
{
    static char text[4][256];
    static unsigned next;
    char *out = text[next++ % 4];
    (void)snprintf(out, sizeof text[0],
                   "{\"type\":\"%s\",\"timestamp\":\"T\",\"channel\":\"%s\",\"seq\":%llu,"
                   "\"id\":\"%s\"}\n",
                   type, channel, seq, id);
    return out;
}

static const char *format(const char *text, ...)
{
    static char out[4][1024];
    static unsigned next;
    char *at = out[next++ % 4];
    va_list args;
    va_start(args, text);
    (void)vsnprintf(at, sizeof out[0], text, args);
    va_end(args);
    return at;
}

static void confirms_as_it_was_asked(void **state)
{
    (void)state;
    assert_confirms("{\"type\":\"subscribe\",\"channels\":[\"jobs\",\"photos\",\"jobs\"]}",
                    "[\"jobs\",\"photos\",\"jobs\"]", "", "");
    assert_int_equal(peer.client->cursor.set->count, 2);
    assert_confirms("{\"type\":\"subscribe\",\"channels\":[\"jobs\"]}", "[\"jobs\"]", "", "");
    assert_confirms("{\"type\":\"subscribe\"}", "[]", "", "");
    assert_confirms("{\"type\":\"subscribe\",\"channels\":[]}", "[]", "", "");
    assert_confirms("{\"type\":\"subscribe\",\"channels\":[\n\"*\"\t]}", "[ \"*\" ]", "", "");
    assert_confirms("{\"type\":\"subscribe\",\"channels\":[\"no.such\",\"jobs\",\"nor_this\"]}",
                    "[\"no.such\",\"jobs\",\"nor_this\"]",
                    ",\"unknown_channels\":[\"no.such\",\"nor_this\"]", "");
    assert_int_equal(peer.client->cursor.set->count, 5);
}

static void hears_what_it_subscribed(void **state)
{
    (void)state;
    bed_publish(bed, "made", "before");
    bed_end_turn(bed);
    (void)peer_ask(bed, &peer, "{\"type\":\"subscribe\",\"channels\":[\"jobs\"]}");
    bed_publish(bed, "made", "a");
    bed_publish(bed, "seen", "b");
    bed_publish(bed, "progress", "c");
    bed_end_turn(bed);
    const char *first = event("made", "jobs", "a", head() - 2);
    assert_string_equal(peer_got(&peer),
                        format("%s%s", first, event("progress", "jobs", "c", head())));
    assert_string_equal(peer_ask(bed, &peer, "{\"type\":\"unsubscribe\",\"channels\":[\"jobs\"]}"),
                        "{\"type\":\"unsubscription_confirmed\",\"channels\":[\"jobs\"]}\n");
    bed_publish(bed, "made", "d");
    bed_end_turn(bed);
    assert_string_equal(peer_got(&peer), "");
    assert_string_equal(
        peer_ask(bed, &peer, "{\"type\":\"unsubscribe\",\"channels\":[\"photos\"]}"),
        "{\"type\":\"unsubscription_confirmed\",\"channels\":[\"photos\"]}\n");
    assert_string_equal(peer_ask(bed, &peer, "{\"type\":\"unsubscribe\"}"),
                        "{\"type\":\"unsubscription_confirmed\",\"channels\":[]}\n");
}

static void filters_types(void **state)
{
    (void)state;
    (void)peer_ask(bed, &peer,
                   "{\"type\":\"subscribe\",\"channels\":[\"jobs\",\"plain\"],"
                   "\"types\":[\"progress\",\"never_heard\",\"seen\"]}");
    bed_publish(bed, "made", "a");
    bed_publish(bed, "seen", "b");
    bed_end_turn(bed);
    assert_string_equal(peer_got(&peer), event("seen", "plain", "b", head()));
    (void)peer_ask(bed, &peer, "{\"type\":\"subscribe\",\"channels\":[\"photos\"],\"types\":[]}");
    assert_int_equal(peer.client->cursor.set->count, 3);
}

static void refuses_bad_messages(void **state)
{
    static const struct {
        const char *message, *words;
    } cases[] = {
        {"{\"type\":\"subscribe\",\"channels\":\"jobs\"}", "channels must be a list"},
        {"{\"type\":\"subscribe\",\"channels\":null}", "channels must be a list"},
        {"{\"type\":\"subscribe\",\"channels\":{\"jobs\":1}}", "channels must be a list"},
        {"{\"type\":\"subscribe\",\"channels\":[\"jobs\",1]}", "not 1"},
        {"{\"type\":\"subscribe\",\"channels\":[\"Jobs\"]}", "not \\\"Jobs\\\""},
        {"{\"type\":\"subscribe\",\"channels\":[\"\"]}", "not \\\"\\\""},
        {"{\"type\":\"subscribe\",\"channels\":[\"a b\"]}", "A channel name is 1 to 64"},
        {"{\"type\":\"subscribe\",\"channels\":[\"a\\u0000\"]}", "A channel name is 1 to 64"},
        {"{\"type\":\"subscribe\",\"channels\":[\"jobs\"],\"types\":\"x\"}",
         "types must be a list"},
        {"{\"type\":\"subscribe\",\"channels\":[\"jobs\"],\"types\":[1]}",
         "at most 64 event types"},
        {"{\"type\":\"subscribe\",\"channels\":[\"jobs\"],\"since\":5}", "together with the epoch"},
        {"{\"type\":\"subscribe\",\"channels\":[\"jobs\"],\"since\":1.5}",
         "together with the epoch"},
        {"{\"type\":\"subscribe\",\"channels\":[\"jobs\"],\"since\":-1,\"epoch\":\"x\"}", "epoch"},
        {"{\"type\":\"subscribe\",\"channels\":[\"jobs\"],\"since\":1,\"epoch\":2}", "epoch"},
        {"{\"type\":\"subscribe\",\"channels\":[\"jobs\"],\"since\":\"\"}",
         "no cursor of this host"},
        {"{\"type\":\"subscribe\",\"channels\":[\"jobs\"],\"since\":\"x\"}", "no cursor"},
        {"{\"type\":\"subscribe\",\"channels\":[\"jobs\"],\"since\":\"x:\"}", "no cursor"},
        {"{\"type\":\"subscribe\",\"channels\":[\"jobs\"],\"since\":\"x:-1\"}", "no cursor"},
        {"{\"type\":\"subscribe\",\"channels\":[\"jobs\"],\"cursor\":[]}", "since is a cursor"},
        {"{\"type\":\"unsubscribe\",\"channels\":7}", "channels must be a list"},
        {"{\"type\":\"unsubscribe\",\"channels\":[\"\xe5\x86\x99\"]}", "\xe5\x86\x99"},
    };
    char long_name[256];
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_error(cases[i].message, cases[i].words);
    }
    (void)snprintf(long_name, sizeof long_name, "{\"type\":\"subscribe\",\"channels\":[\"%065d\"]}",
                   0);
    assert_error(long_name, "A channel name is 1 to 64");
    assert_error("{\"type\":\"subscribe\",\"channels\":[\"jobs\"],\"since\":"
                 "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa:1\"}",
                 "no cursor");
}

static const char *many(const char *type, unsigned from, unsigned to)
{
    static char message[2048];
    size_t len = (size_t)snprintf(message, sizeof message, "{\"type\":\"%s\",\"channels\":[", type);
    for (unsigned i = from; i <= to; i++) {
        len += (size_t)snprintf(message + len, sizeof message - len, "%s\"c%u\"",
                                i > from ? "," : "", i);
    }
    (void)snprintf(message + len, sizeof message - len, "]}");
    return message;
}

static void bounds_the_subscriptions(void **state)
{
    (void)state;
    assert_error(many("subscribe", 1, 65), "At most 64 channels");
    assert_non_null(strstr(peer_ask(bed, &peer, many("subscribe", 1, 64)), "confirmed"));
    assert_int_equal(peer.client->cursor.set->count, 64);
    assert_non_null(strstr(peer_ask(bed, &peer, many("subscribe", 65, 65)), "At most 64 channels"));
    assert_non_null(strstr(peer_ask(bed, &peer, many("subscribe", 3, 9)), "confirmed"));
    assert_non_null(strstr(peer_ask(bed, &peer, many("unsubscribe", 1, 1)), "confirmed"));
    assert_non_null(strstr(peer_ask(bed, &peer, many("subscribe", 65, 65)), "confirmed"));
    assert_int_equal(peer.client->cursor.set->count, 64);
    bed->host.config.limits.subscriptions = 2;
    assert_non_null(strstr(peer_ask(bed, &peer, many("subscribe", 66, 66)), "At most 2 channels"));
}

/* The confirmation, the replay, and then what has come meanwhile. */
static void resumes_behind_a_seq(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        bed_publish(bed, "made", "x");
    }
    bed_publish(bed, "seen", "y");
    bed_end_turn(bed);
    unsigned long long last = head();
    const char *first = event("made", "jobs", "x", last - 2);
    const char *replay = format("%s%s", first, event("made", "jobs", "x", last - 1));
    assert_confirms(format("{\"type\":\"subscribe\",\"channels\":[\"jobs\"],\"since\":%llu,"
                           "\"epoch\":\"%s\"}",
                           last - 3, epoch),
                    "[\"jobs\"]", ",\"recovered\":true", replay);
    /* the same by a cursor, under either name; a null is none */
    assert_confirms(format("{\"type\":\"subscribe\",\"channels\":[\"jobs\"],\"since\":\"%s:%llu\"}",
                           epoch, last - 3),
                    "[\"jobs\"]", ",\"recovered\":true", replay);
    assert_confirms(
        format("{\"type\":\"subscribe\",\"channels\":[\"jobs\"],\"cursor\":\"%s:%llu\"}", epoch,
               last - 3),
        "[\"jobs\"]", ",\"recovered\":true", replay);
    assert_confirms("{\"type\":\"subscribe\",\"channels\":[\"jobs\"],\"since\":null}", "[\"jobs\"]",
                    "", "");
    bed_publish(bed, "made", "z");
    bed_end_turn(bed);
    assert_string_equal(peer_got(&peer), event("made", "jobs", "z", head()));
}

static void brings_events_for_everyone_once(void **state)
{
    struct jmh_json_value fields;
    struct jmh_err err;
    (void)state;
    assert_true(jmh_json_parse(jmh_span("{}"), &fields));
    assert_int_equal(
        jmh_turn_inject(bed->host.turn, jmh_span("note"), (jm_span){NULL, 0}, fields, true, &err),
        JM_OK);
    bed_end_turn(bed);
    (void)peer_got(&peer);
    const char *note = format("{\"type\":\"note\",\"timestamp\":\"T\",\"seq\":%llu}\n", head());
    const char *since = format("\"since\":%llu,\"epoch\":\"%s\"", head() - 1, epoch);
    assert_confirms(format("{\"type\":\"subscribe\",\"channels\":[\"jobs\"],%s}", since),
                    "[\"jobs\"]", ",\"recovered\":true", note);
    assert_confirms(format("{\"type\":\"subscribe\",\"channels\":[\"photos\"],%s}", since),
                    "[\"photos\"]", ",\"recovered\":true", "");
}

static void says_what_cannot_be_recovered(void **state)
{
    (void)state;
    bed_publish(bed, "made", "a");
    bed_publish(bed, "seen", "b");
    for (int i = 0; i < 64; i++) { /* the ring holds 64 */
        bed_publish(bed, "made", "c");
    }
    bed_end_turn(bed);
    unsigned long long lost = head() - 64;
    assert_confirms(
        format("{\"type\":\"subscribe\",\"channels\":[\"plain\"],\"since\":%llu,"
               "\"epoch\":\"%s\"}",
               lost - 2, epoch),
        "[\"plain\"]",
        format(",\"recovered\":false,\"missed\":{\"from\":%llu,\"to\":%llu}", lost - 1, lost), "");
    /* from before this run: plain memory events are lost, durable ones are not */
    assert_confirms(format("{\"type\":\"subscribe\",\"channels\":[\"photos\"],\"since\":0,"
                           "\"epoch\":\"%s\"}",
                           epoch),
                    "[\"photos\"]", ",\"recovered\":true", "");
    const char *got = peer_ask(bed, &peer,
                               format("{\"type\":\"subscribe\",\"channels\":[\"photos\",\"plain\"],"
                                      "\"since\":0,\"epoch\":\"%s\"}",
                                      epoch));
    assert_non_null(strstr(got, ",\"recovered\":false,\"missed\":{\"from\":1,\"to\":"));
    /* another epoch, and what has not been yet: nothing can be named */
    assert_confirms("{\"type\":\"subscribe\",\"channels\":[\"photos\"],\"since\":\"other:5\"}",
                    "[\"photos\"]", ",\"recovered\":false", "");
    assert_confirms(
        format("{\"type\":\"subscribe\",\"channels\":[\"photos\"],\"since\":\"%s:%llu\"}", epoch,
               head() + 1),
        "[\"photos\"]", ",\"recovered\":false", "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(confirms_as_it_was_asked),
        TEST(hears_what_it_subscribed),
        TEST(filters_types),
        TEST(refuses_bad_messages),
        TEST(bounds_the_subscriptions),
        TEST(resumes_behind_a_seq),
        TEST(brings_events_for_everyone_once),
        TEST(says_what_cannot_be_recovered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
