/* The durable event log: replay in order, retention, and its counted size. */
#include "fixture.h"

#include "host/util/span.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* What a replay handed out, as "SEQ:CHANNEL ". */
struct seen {
    char text[512];
    int limit; /* events after which to stop; 0: none */
    int count;
};

static bool see(void *user, const struct jmh_stored_event *event)
{
    struct seen *seen = user;
    const size_t at = strlen(seen->text);
    (void)snprintf(seen->text + at, sizeof seen->text - at, "%d:%.*s ", (int)event->seq,
                   JMH_ARG(event->channel));
    return ++seen->count != seen->limit;
}

static void commit(struct fixture *fixture)
{
    assert_int_equal(jmh_store_commit(fixture->store, &fixture->err), JM_OK);
}

/* 1:a 2:b 3: 4:a 5:c 6:b 7: 8:a */
static int setup(void **state)
{
    static const char *const channels[] = {"a", "b", "", "a", "c", "b", "", "a"};
    const int result = fixture_setup(state);
    for (size_t i = 0; i < sizeof channels / sizeof channels[0]; i++) {
        assert_int_equal(append(*state, i + 1, channels[i]), JM_OK);
    }
    commit(*state);
    return result;
}

static const char *replay(struct fixture *fixture, const char *const *channels, size_t count,
                          uint64_t after, uint64_t upto)
{
    static struct seen seen;
    seen = (struct seen){.count = 0};
    assert_int_equal(
        jmh_store_replay(fixture->store, channels, count, after, upto, see, &seen, &fixture->err),
        JM_OK);
    return seen.text;
}

static const char *const some[] = {"a", "b"};

static void replays_channels_merged(void **state)
{
    struct fixture *fixture = *state;
    const char *const twice[] = {"c", "c", ""};
    const char *const nobody[] = {"nobody"};
    assert_string_equal(replay(fixture, some, 2, 0, 99), "1:a 2:b 3: 4:a 6:b 7: 8:a ");
    assert_string_equal(replay(fixture, some, 1, 0, 99), "1:a 3: 4:a 7: 8:a ");
    assert_string_equal(replay(fixture, twice, 3, 0, 99), "3: 5:c 7: ");
    assert_string_equal(replay(fixture, nobody, 1, 0, 99), "3: 7: ");
    assert_string_equal(replay(fixture, NULL, 0, 0, UINT64_MAX), "1:a 2:b 3: 4:a 5:c 6:b 7: 8:a ");
}

static void replays_a_range(void **state)
{
    struct fixture *fixture = *state;
    assert_string_equal(replay(fixture, some, 2, 2, 6), "3: 4:a 6:b ");
    assert_string_equal(replay(fixture, NULL, 0, 2, 4), "3: 4:a ");
    assert_string_equal(replay(fixture, some, 2, 8, UINT64_MAX), "");
    assert_string_equal(replay(fixture, some, 2, UINT64_MAX, UINT64_MAX), "");
}

static void stops_when_it_is_told(void **state)
{
    struct fixture *fixture = *state;
    struct seen seen = {.limit = 2};
    assert_int_equal(jmh_store_replay(fixture->store, some, 2, 0, 99, see, &seen, &fixture->err),
                     JM_OK);
    assert_string_equal(seen.text, "1:a 2:b ");
    assert_string_equal(replay(fixture, some, 2, 6, 99), "7: 8:a ");
}

static bool compare_event(void *user, const struct jmh_stored_event *event)
{
    const struct jmh_stored_event *expected = user;
    assert_int_equal(event->seq, expected->seq);
    assert_int_equal(event->utc_ms, expected->utc_ms);
    assert_true(jmh_span_eq(event->channel, expected->channel));
    assert_true(jmh_span_eq(event->type, expected->type));
    assert_true(jmh_span_eq(event->body, expected->body));
    return true;
}

static void gives_back_the_whole_event(void **state)
{
    struct fixture *fixture = *state;
    struct jmh_stored_event event = {.seq = 20,
                                     .utc_ms = 1762695296789,
                                     .channel = jmh_span("jobs"),
                                     .type = jmh_span("job_done"),
                                     .body = jmh_span("{\"name\":\"純米\"}")};
    assert_int_equal(jmh_store_append(fixture->store, &event, &fixture->err), JM_OK);
    assert_int_equal(jmh_store_append(fixture->store, &event, &fixture->err), JM_EEXIST);
    commit(fixture);
    fixture_reopen(fixture, "first boot");
    assert_int_equal(
        jmh_store_replay(fixture->store, NULL, 0, 8, 99, compare_event, &event, &fixture->err),
        JM_OK);
}

static struct jmh_store_stats stats_of(const struct fixture *fixture)
{
    return jmh_store_stats(fixture->store);
}

static void counts_its_size_along(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(stats_of(fixture).events, 8);
    assert_int_equal(stats_of(fixture).log_bytes, 16);
    assert_int_equal(append(fixture, 9, "a"), JM_OK);
    jmh_store_begin_call(fixture->store);
    assert_int_equal(append(fixture, 10, "a"), JM_OK);
    assert_int_equal(jmh_store_end_call(fixture->store, false), JM_OK);
    assert_int_equal(stats_of(fixture).events, 9);
    commit(fixture);
    assert_int_equal(append(fixture, 11, "a"), JM_OK);
    jmh_store_rollback(fixture->store);
    assert_int_equal(stats_of(fixture).events, 9);
    fixture_reopen(fixture, "first boot");
    assert_int_equal(stats_of(fixture).events, 9);
    assert_int_equal(stats_of(fixture).log_bytes, 18);
}

static int64_t trim(struct fixture *fixture, int64_t oldest_utc_ms, uint64_t max_bytes,
                    int64_t batch)
{
    return jmh_store_trim(fixture->store, oldest_utc_ms, max_bytes, batch, &fixture->err);
}

static void trims_by_age(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(trim(fixture, 1004, 1000, 100), 3);
    assert_int_equal(trim(fixture, 1004, 1000, 100), 0);
    assert_false(jmh_store_is_dirty(fixture->store));
    assert_string_equal(replay(fixture, NULL, 0, 0, 99), "4:a 5:c 6:b 7: 8:a ");
}

static void trims_by_size(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(trim(fixture, 0, 7, 100), 5);
    assert_int_equal(stats_of(fixture).log_bytes, 6);
    assert_int_equal(stats_of(fixture).events, 3);
    assert_string_equal(replay(fixture, NULL, 0, 0, 99), "6:b 7: 8:a ");
}

static void trims_in_batches(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(trim(fixture, 9999, 1000, 3), 3);
    assert_int_equal(trim(fixture, 9999, 1000, 3), 3);
    assert_int_equal(trim(fixture, 9999, 1000, 3), 2);
    assert_int_equal(stats_of(fixture).events, 0);
}

static uint64_t trimmed(const struct fixture *fixture, const char *channel)
{
    return jmh_store_trimmed(fixture->store, channel);
}

static void remembers_what_is_gone(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(trimmed(fixture, ""), 0);
    assert_int_equal(trim(fixture, 1006, 1000, 100), 5);
    fixture_reopen(fixture, "first boot");
    assert_int_equal(trimmed(fixture, ""), 5);
    assert_int_equal(trimmed(fixture, "a"), 4);
    assert_int_equal(trimmed(fixture, "c"), 5);
    /* Only its own event 2 and the event 3 to every client. */
    assert_int_equal(trimmed(fixture, "b"), 3);
    assert_int_equal(trimmed(fixture, "nobody"), 3);
}

static void forgets_a_trim_that_is_rolled_back(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(trim(fixture, 1003, 1000, 100), 2);
    assert_int_equal(append(fixture, 9, "a"), JM_OK);
    assert_int_equal(trim(fixture, 1006, 1000, 100), 3);
    assert_int_equal(trimmed(fixture, "c"), 5);
    jmh_store_rollback(fixture->store);
    assert_int_equal(trimmed(fixture, "c"), 0);
    assert_int_equal(trimmed(fixture, "a"), 1);
    assert_int_equal(stats_of(fixture).events, 6);
    assert_string_equal(replay(fixture, NULL, 0, 0, 4), "3: 4:a ");
}

static void is_not_trimmed_from_within_a_call(void **state)
{
    struct fixture *fixture = *state;
    jmh_store_begin_call(fixture->store);
    assert_int_equal(trim(fixture, 9999, 0, 100), JM_ESTATE);
    assert_int_equal(jmh_store_end_call(fixture->store, true), JM_OK);
}

static double milliseconds_of_replay(struct fixture *fixture, const char *channel)
{
    struct timespec from;
    struct timespec to;
    double best = 1e9;
    for (int i = 0; i < 3; i++) {
        (void)clock_gettime(CLOCK_MONOTONIC, &from);
        (void)replay(fixture, &channel, 1, 0, UINT64_MAX);
        (void)clock_gettime(CLOCK_MONOTONIC, &to);
        const double took =
            (double)(to.tv_sec - from.tv_sec) * 1e3 + (double)(to.tv_nsec - from.tv_nsec) / 1e6;
        best = took < best ? took : best;
    }
    return best;
}

static void a_quiet_channel_costs_what_it_holds(void **state)
{
    struct fixture *fixture = *state;
    for (uint64_t seq = 100; seq < 50100; seq++) {
        assert_int_equal(append(fixture, seq, seq % 10000 == 0 ? "quiet" : "busy"), JM_OK);
    }
    commit(fixture);
    const double quiet = milliseconds_of_replay(fixture, "quiet");
    const double busy = milliseconds_of_replay(fixture, "busy");
    if (quiet * 50 > busy) {
        fail_msg("5 events of a quiet channel took %.3f ms, 49995 of a busy one %.3f ms", quiet,
                 busy);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(replays_channels_merged),
        TEST(replays_a_range),
        TEST(stops_when_it_is_told),
        TEST(gives_back_the_whole_event),
        TEST(counts_its_size_along),
        TEST(trims_by_age),
        TEST(trims_by_size),
        TEST(trims_in_batches),
        TEST(remembers_what_is_gone),
        TEST(forgets_a_trim_that_is_rolled_back),
        TEST(is_not_trimmed_from_within_a_call),
        TEST(a_quiet_channel_costs_what_it_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
