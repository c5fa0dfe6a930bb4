/* /resources: the machine, its limits and warnings; without a graphics processor and with one. */
#include "zoo.h"

#include "client/wait.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#define WAIT_LIMIT_MS 30000

static struct zoo zoo;

static int open_zoo(void **state)
{
    (void)state;
    zoo_open(&zoo, "system", NULL);
    return 0;
}

static int open_with_gpu(void **state)
{
    (void)state;
    assert_int_equal(setenv("LD_LIBRARY_PATH", TEST_LIB_DIR, 1), 0);
    return open_zoo(state);
}

static int close_zoo(void **state)
{
    (void)state;
    zoo_close(&zoo);
    return 0;
}

static json_t *get(const char *path)
{
    json_t *answer = ask(&zoo.studio, 200, "GET", path, NULL);
    assert_true(bool_of(answer, "success"));
    return answer;
}

static void send(const char *method, const char *path, json_t *body_take)
{
    json_t *answer = ask(&zoo.studio, 200, method, path, body_take);
    assert_true(bool_of(answer, "success"));
    json_decref(answer);
}

static void set_limit(const char *name, double value)
{
    send("PUT", "/resources/config", json_pack("{s:f}", name, value));
}

/* Waits until a number of GET `path` is at least that; `key` is in the object `part`, if any. */
static void wait_number(const char *path, const char *part, const char *key, double wanted)
{
    int64_t deadline = jmt_deadline_after(WAIT_LIMIT_MS);
    for (;;) {
        json_t *answer = get(path);
        double value = number_of(part ? object_of(answer, part) : answer, key);
        json_decref(answer);
        if (value >= wanted)
            return;
        if (jmt_clock_ms() > deadline)
            fail_msg("%s of %s is %g and does not become %g", key, path, value, wanted);
        poll(NULL, 0, 50);
    }
}

static void test_status(void **state)
{
    (void)state;
    wait_number("/resources/memory", "memory", "total_mb", 1);
    wait_number("/resources/status", "status", "disk_usage_percent", 0.1);
    json_t *answer = get("/resources/status");
    const json_t *status = object_of(answer, "status");
    const json_t *cpu = object_of(status, "cpu");
    const json_t *memory = object_of(status, "memory");
    assert_true(int_of(cpu, "core_count") >= 1);
    assert_int_equal(json_array_size(list_of(cpu, "per_core_percent")), int_of(cpu, "core_count"));
    assert_true(number_of(cpu, "usage_percent") >= 0 && number_of(cpu, "usage_percent") <= 100);
    (void)number_of(cpu, "frequency_mhz");
    (void)bool_of(cpu, "is_busy");
    (void)bool_of(cpu, "is_critical");
    double used = number_of(memory, "used_mb");
    double available = number_of(memory, "available_mb");
    assert_true(used > 0 && available > 0);
    assert_true(used + available - number_of(memory, "total_mb") < 1);
    assert_true(number_of(memory, "percent") > 0 && number_of(memory, "percent") <= 100);
    (void)bool_of(memory, "is_busy");
    (void)bool_of(memory, "is_critical");
    (void)number_of(status, "idle_duration_seconds");
    (void)bool_of(status, "is_idle");
    (void)bool_of(status, "should_throttle");
    double speed = number_of(status, "recommended_speed");
    assert_true(speed == 0 || speed == 0.5 || speed == 0.8 || speed == 1);
    assert_true(strlen(text_of(status, "state")) > 0);
    expect_time(status, "timestamp");
    json_decref(answer);
    answer = get("/resources/cpu");
    assert_true(int_of(object_of(answer, "cpu"), "core_count") >= 1);
    json_decref(answer);
    answer = get("/resources/idle");
    (void)bool_of(answer, "is_idle");
    (void)number_of(answer, "idle_duration_seconds");
    json_decref(answer);
}

static void test_no_gpu(void **state)
{
    (void)state;
    json_t *answer = get("/resources/gpu");
    const json_t *gpu = object_of(answer, "gpu");
    if (!bool_of(gpu, "available"))
        assert_true(strlen(text_of(gpu, "message")) > 0);
    json_decref(answer);
}

static void test_config(void **state)
{
    (void)state;
    json_t *answer = get("/resources/config");
    const json_t *limits = object_of(answer, "config");
    assert_int_equal(json_object_size(limits), 13);
    expect_int(limits, "cpu_limit_percent", 80);
    expect_int(limits, "gpu_temp_critical_celsius", 85);
    expect_int(limits, "monitor_interval", 5);
    json_decref(answer);
    ask_refused(&zoo.studio, 400, "PUT", "/resources/config", NULL,
                "No configuration updates provided");
    ask_refused(&zoo.studio, 400, "PUT", "/resources/config", json_pack("{s:i}", "none", 1),
                "there is no limit none");
    ask_refused(&zoo.studio, 400, "PUT", "/resources/config",
                json_pack("{s:i, s:i}", "history_size", 50, "cpu_critical_percent", 200),
                "cpu_critical_percent must be");
    ask_refused(&zoo.studio, 400, "PUT", "/resources/config",
                json_pack("{s:i}", "memory_limit_percent", 99), "must not be above");
    /* One of them is the studio's: both documents show it. */
    send("PUT", "/resources/config",
         json_pack("{s:i, s:i}", "cpu_limit_percent", 70, "history_size", 20));
    json_t *config = ask(&zoo.studio, 200, "GET", "/config", NULL);
    expect_int(object_of(config, "processing"), "cpu_limit_percent", 70);
    json_object_set_new(object_of(config, "processing"), "cpu_limit_percent", json_integer(65));
    json_decref(ask(&zoo.studio, 200, "PUT", "/config", config));
    zoo_restart(&zoo, NULL);
    answer = get("/resources/config");
    expect_int(object_of(answer, "config"), "cpu_limit_percent", 65);
    expect_int(object_of(answer, "config"), "history_size", 20);
    json_decref(answer);
}

static void test_history(void **state)
{
    (void)state;
    set_limit("monitor_interval", 0.2);
    wait_number("/resources/metrics/history", NULL, "count", 3);
    json_t *answer = get("/resources/metrics/history?limit=2");
    expect_int(answer, "count", 2);
    const json_t *older = json_array_get(list_of(answer, "history"), 0);
    const json_t *newer = json_array_get(list_of(answer, "history"), 1);
    expect_time(older, "timestamp");
    assert_true(strcmp(text_of(older, "timestamp"), text_of(newer, "timestamp")) < 0);
    assert_true(number_of(newer, "cpu_percent") >= 0);
    assert_true(number_of(newer, "memory_percent") > 0);
    (void)number_of(newer, "gpu_load");
    (void)number_of(newer, "gpu_temperature");
    (void)text_of(newer, "state");
    json_decref(answer);
    answer = get("/resources/metrics/average");
    const json_t *averages = object_of(answer, "averages");
    assert_true(int_of(averages, "sample_count") >= 3);
    expect_int(averages, "duration_minutes", 5);
    assert_true(number_of(averages, "avg_memory_percent") > 0);
    (void)number_of(averages, "avg_cpu_percent");
    json_decref(answer);
    ask_refused(&zoo.studio, 400, "GET", "/resources/metrics/average?duration_minutes=x", NULL,
                "duration_minutes");
    ask_refused(&zoo.studio, 400, "GET", "/resources/metrics/history?limit=0", NULL, "limit");
}

/* Stopped: samples are shown but not kept, also over a restart. */
static void test_monitoring(void **state)
{
    (void)state;
    send("POST", "/resources/monitoring/stop", NULL);
    zoo_restart(&zoo, NULL);
    wait_number("/resources/memory", "memory", "total_mb", 1);
    json_t *answer = get("/resources/metrics/history");
    expect_int(answer, "count", 0);
    json_decref(answer);
    send("POST", "/resources/monitoring/start", NULL);
    wait_number("/resources/metrics/history", NULL, "count", 1);
}

/* Waits for a warning of that type and threshold; others come too, as the machine is busy. */
static void expect_warning(struct jmt_ws *ws, const char *type, double threshold)
{
    json_t *event = listen_for(ws, "resource_warning");
    while (strcmp(text_of(event, "resource_type"), type) != 0 ||
           number_of(event, "threshold") != threshold) {
        json_decref(event);
        event = listen_for(ws, "resource_warning");
    }
    expect_envelope(event, "resource_warning", "system");
    assert_true(number_of(event, "current_value") >= threshold);
    assert_true(strlen(text_of(event, "message")) > 0);
    json_decref(event);
}

/* More than this of memory is in use on any machine. */
static void test_warning(void **state)
{
    struct jmt_ws ws;
    (void)state;
    listen_open(&ws, &zoo.studio, "system");
    set_limit("memory_limit_percent", 1);
    expect_warning(&ws, "memory", 1);
    set_limit("memory_critical_percent", 1.5);
    expect_warning(&ws, "memory", 1.5);
    send("PUT", "/resources/config",
         json_pack("{s:i, s:i}", "memory_critical_percent", 100, "memory_limit_percent", 100));
    jmt_ws_fini(&ws);
}

static void test_queue(void **state)
{
    (void)state;
    json_t *answer = get("/resources/queue/status");
    const json_t *status = object_of(answer, "status");
    assert_false(bool_of(status, "is_running"));
    assert_false(bool_of(status, "is_paused"));
    assert_true(bool_of(status, "auto_adjust"));
    (void)number_of(status, "current_speed");
    (void)object_of(status, "system");
    expect_int(object_of(status, "queue"), "pending", 0);
    json_decref(answer);
    send("POST", "/resources/queue/start", NULL);
    answer = ask(&zoo.studio, 200, "PUT", "/resources/queue/auto-adjust",
                 json_pack("{s:b}", "enabled", 0));
    assert_false(bool_of(answer, "enabled"));
    json_decref(answer);
    ask_refused(&zoo.studio, 400, "PUT", "/resources/queue/auto-adjust", NULL,
                "Missing 'enabled' field");
    ask_refused(&zoo.studio, 400, "PUT", "/resources/queue/auto-adjust",
                json_pack("{s:s}", "enabled", "yes"), "enabled must be");
    zoo_restart(&zoo, NULL);
    answer = get("/resources/queue/status");
    assert_true(bool_of(object_of(answer, "status"), "is_running"));
    assert_false(bool_of(object_of(answer, "status"), "auto_adjust"));
    json_decref(answer);
    send("POST", "/resources/queue/stop", NULL);
    answer = get("/resources/queue/concurrency");
    json_int_t concurrency = int_of(answer, "recommended_concurrency");
    assert_true(concurrency >= 0 && concurrency <= 3);
    json_decref(answer);
    answer = get("/resources/queue/accept-jobs");
    (void)bool_of(answer, "should_accept");
    assert_true(number_of(answer, "processing_delay_seconds") >= 0);
    json_decref(answer);
}

/* A driver library that says 78 degrees, which is above the usual limit. */
static void test_gpu(void **state)
{
    (void)state;
    int64_t deadline = jmt_deadline_after(WAIT_LIMIT_MS);
    bool available = false;
    set_limit("monitor_interval", 0.2);
    while (!available && jmt_clock_ms() < deadline) {
        json_t *resource = ask(&zoo.studio, 200, "GET", "/resource/status", NULL);
        available = bool_of(resource, "gpu_available");
        if (available) {
            assert_true(number_of(resource, "gpu_temperature") == 78);
            assert_true(number_of(resource, "gpu_utilization") == 42);
            assert_true(number_of(resource, "gpu_memory_used_mb") == 2048);
            assert_true(number_of(resource, "gpu_memory_total_mb") == 8192);
        }
        json_decref(resource);
        poll(NULL, 0, 50);
    }
    assert_true(available);
    json_t *answer = get("/resources/gpu");
    expect_text(object_of(answer, "gpu"), "name", "Test GPU");
    json_decref(answer);

    struct jmt_ws ws;
    listen_open(&ws, &zoo.studio, "system");
    json_t *config = ask(&zoo.studio, 200, "GET", "/config", NULL);
    json_object_set_new(object_of(config, "processing"), "gpu_temp_limit_celsius",
                        json_integer(90));
    json_decref(ask(&zoo.studio, 200, "PUT", "/config", json_incref(config)));
    set_limit("gpu_temp_critical_celsius", 120);
    wait_number("/resources/metrics/history", NULL, "count", 10);
    json_object_set_new(object_of(config, "processing"), "gpu_temp_limit_celsius",
                        json_integer(70));
    json_decref(ask(&zoo.studio, 200, "PUT", "/config", config));
    expect_warning(&ws, "gpu", 70);
    jmt_ws_fini(&ws);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_status),  cmocka_unit_test(test_no_gpu),
        cmocka_unit_test(test_config),  cmocka_unit_test(test_history),
        cmocka_unit_test(test_warning), cmocka_unit_test(test_monitoring),
        cmocka_unit_test(test_queue),
    };
    const struct CMUnitTest gpu_tests[] = {cmocka_unit_test(test_gpu)};
    int failed = cmocka_run_group_tests(tests, open_zoo, close_zoo);
    return failed + cmocka_run_group_tests(gpu_tests, open_with_gpu, close_zoo);
}
