/* The queue follows the machine: paused while it is critical, and resumed by who has paused it. */
#include "check.h"

#include "throttle.h"

#include <fakehost.h>
#include <system/system.h>

extern const jm_entry JM_ENTRY;

static struct {
    struct fakehost *host;
    struct system_core *core;
    bool paused;
    int changes; /* of `paused` through the service */
} studio;

static jm_status count(void *queue, jm_span group, queue_counts *counts_out)
{
    (void)queue;
    assert_null(group.ptr);
    counts_out->pending = 4;
    counts_out->processing = 1;
    return JM_OK;
}

static jm_status set_paused(void *queue, int32_t paused)
{
    (void)queue;
    studio.paused = paused != 0;
    studio.changes++;
    return JM_OK;
}

static int32_t is_paused(void *queue)
{
    (void)queue;
    return studio.paused;
}

static const queue_service queue_table = {
    .size = sizeof queue_table, .count = count, .set_paused = set_paused, .is_paused = is_paused};

static jm_status start_timer(const jm_host *host, const char *label, uint64_t delay_ms,
                             uint64_t repeat_ms, jm_timer_fn fn, void *user, jm_id *timer_out)
{
    (void)host;
    (void)label;
    (void)delay_ms;
    (void)repeat_ms;
    (void)fn;
    (void)user;
    *timer_out = 1;
    return JM_OK;
}

static const jm_host_timer timer_table = {.size = sizeof timer_table, .start = start_timer};

static void open_studio(bool with_queue)
{
    studio.host = fakehost_new();
    studio.paused = false;
    studio.changes = 0;
    fakehost_set_extension(studio.host, JM_EXT_TIMER, &timer_table);
    if (with_queue)
        fakehost_provide(studio.host, QUEUE_SERVICE, &queue_table, NULL);
    assert_int_equal(fakehost_load(studio.host, "system", &JM_ENTRY), JM_OK);
    studio.core = fakehost_service(studio.host, SETTINGS_SERVICE)->provider_data;
    studio.core->monitor.now.core_count = 8;
}

static int open_with_queue(void **state)
{
    (void)state;
    open_studio(true);
    return 0;
}

static int open_without_queue(void **state)
{
    (void)state;
    open_studio(false);
    return 0;
}

static int close_studio(void **state)
{
    (void)state;
    fakehost_free(studio.host);
    return 0;
}

static void see(enum machine_state state)
{
    fakehost_begin(studio.host);
    studio.core->monitor.now.state = state;
    assert_int_equal(throttle_follow(studio.core), JM_OK);
    fakehost_end(studio.host, true);
}

static void ask(const char *method, const char *path, const char *body)
{
    assert_int_equal(fakehost_request(studio.host, method, path, body), 200);
}

static void test_off_at_first(void **state)
{
    (void)state;
    see(MACHINE_CRITICAL);
    assert_int_equal(studio.changes, 0);
}

static void test_follows(void **state)
{
    (void)state;
    ask("POST", "/resources/queue/start", NULL);
    see(MACHINE_BUSY);
    assert_false(studio.paused);
    see(MACHINE_CRITICAL);
    assert_true(studio.paused);
    see(MACHINE_CRITICAL);
    assert_int_equal(studio.changes, 1);
    ask("GET", "/system/status", NULL);
    const json_t *status = fakehost_answer(studio.host);
    assert_string_equal(json_string_value(json_object_get(status, "system")), "paused");
    assert_int_equal(json_integer_value(json_object_get(status, "pending_jobs")), 4);
    assert_int_equal(json_integer_value(json_object_get(status, "processing_jobs")), 1);
    see(MACHINE_NORMAL);
    assert_false(studio.paused);
    assert_int_equal(studio.changes, 2);
}

static void test_lets_go(void **state)
{
    (void)state;
    ask("POST", "/resources/queue/start", NULL);
    see(MACHINE_CRITICAL);
    assert_true(studio.paused);
    ask("POST", "/resources/queue/stop", NULL);
    assert_false(studio.paused);
    ask("POST", "/resources/queue/start", NULL);
    assert_true(studio.paused);
    ask("PUT", "/resources/queue/auto-adjust", "{\"enabled\": false}");
    assert_false(studio.paused);
}

/* What a person has paused stays paused. */
static void test_leaves_others_alone(void **state)
{
    (void)state;
    ask("POST", "/resources/queue/start", NULL);
    studio.paused = true;
    see(MACHINE_CRITICAL);
    see(MACHINE_NORMAL);
    assert_true(studio.paused);
    assert_int_equal(studio.changes, 0);
}

static void expect_advice(bool accepts, int concurrency)
{
    ask("GET", "/resources/queue/accept-jobs", NULL);
    const json_t *answer = fakehost_answer(studio.host);
    assert_int_equal(json_is_true(json_object_get(answer, "should_accept")), accepts);
    ask("GET", "/resources/queue/concurrency", NULL);
    answer = fakehost_answer(studio.host);
    assert_int_equal(json_integer_value(json_object_get(answer, "recommended_concurrency")),
                     concurrency);
}

static void test_advice(void **state)
{
    (void)state;
    see(MACHINE_NORMAL);
    expect_advice(true, 3); /* max_concurrent_jobs of the default settings */
    see(MACHINE_BUSY);
    expect_advice(true, 2);
    see(MACHINE_CRITICAL);
    expect_advice(false, 0);
    see(MACHINE_IDLE);
    studio.paused = true;
    expect_advice(false, 3);
}

static void test_no_queue(void **state)
{
    (void)state;
    ask("POST", "/resources/queue/start", NULL);
    see(MACHINE_CRITICAL);
    ask("GET", "/resources/queue/status", NULL);
    const json_t *status = json_object_get(fakehost_answer(studio.host), "status");
    assert_true(json_is_false(json_object_get(status, "queue_available")));
    assert_true(json_is_false(json_object_get(status, "is_paused")));
    ask("GET", "/system/status", NULL);
    assert_string_equal(json_string_value(json_object_get(fakehost_answer(studio.host), "system")),
                        "running");
}

/* The store fails: it is said, and nothing is made up. */
static void test_unhealthy(void **state)
{
    (void)state;
    fakehost_fail_exec(studio.host, 1, JM_EIO);
    assert_int_equal(fakehost_request(studio.host, "GET", "/api/system/health", NULL), 503);
    const json_t *health = fakehost_answer(studio.host);
    assert_string_equal(json_string_value(json_object_get(health, "status")), "unhealthy");
    assert_string_equal(json_string_value(json_object_get(health, "database")), "disconnected");
}

#define WITH_QUEUE(test) cmocka_unit_test_setup_teardown(test, open_with_queue, close_studio)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_QUEUE(test_off_at_first),
        WITH_QUEUE(test_follows),
        WITH_QUEUE(test_lets_go),
        WITH_QUEUE(test_leaves_others_alone),
        WITH_QUEUE(test_advice),
        cmocka_unit_test_setup_teardown(test_no_queue, open_without_queue, close_studio),
        cmocka_unit_test_setup_teardown(test_unhealthy, open_without_queue, close_studio),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
