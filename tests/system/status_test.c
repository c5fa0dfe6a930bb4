/* /system, /api/system, /resource/status: what the phone and the desktop program show. */
#include "zoo.h"

#include <string.h>

static struct zoo zoo;

static int open_zoo(void **state)
{
    (void)state;
    zoo_open(&zoo, "system", NULL);
    return 0;
}

static int close_zoo(void **state)
{
    (void)state;
    zoo_close(&zoo);
    return 0;
}

static json_t *get(const char *path)
{
    return ask(&zoo.studio, 200, "GET", path, NULL);
}

static void test_status(void **state)
{
    (void)state;
    json_decref(ask(&zoo.studio, 201, "POST", "/api/sessions",
                    json_pack("{s:s, s:s}", "name", "wedding", "import_folder", "/in")));
    json_t *done = ask(&zoo.studio, 201, "POST", "/api/sessions",
                       json_pack("{s:s, s:s}", "name", "done", "import_folder", "/in2"));
    char path[64];
    snprintf(path, sizeof path, "/api/sessions/%lld", (long long)int_of(done, "id"));
    json_decref(ask(&zoo.studio, 200, "PATCH", path, json_pack("{s:s}", "status", "completed")));
    json_decref(done);

    json_t *status = get("/system/status");
    expect_text(status, "system", "running");
    expect_int(status, "active_sessions", 1);
    expect_int(status, "pending_jobs", 0);
    expect_int(status, "processing_jobs", 0);
    expect_time(status, "timestamp");
    json_decref(status);

    status = get("/api/system/status");
    expect_text(status, "system", "running");
    expect_time(status, "timestamp");
    expect_int(object_of(status, "sessions"), "active", 1);
    expect_int(object_of(status, "jobs"), "pending", 0);
    expect_int(object_of(status, "jobs"), "processing", 0);
    expect_int(object_of(status, "approval_queue"), "count", 0);
    const json_t *resources = object_of(status, "resources");
    assert_true(number_of(resources, "memory_total_mb") > 0);
    assert_true(number_of(resources, "memory_used_mb") > 0);
    assert_true(number_of(resources, "memory_percent") > 0);
    assert_true(number_of(resources, "cpu_percent") >= 0);
    assert_true(json_is_boolean(json_object_get(object_of(resources, "gpu"), "available")));
    json_decref(status);
}

static void test_health(void **state)
{
    (void)state;
    json_t *health = get("/system/health");
    expect_text(health, "status", "healthy");
    expect_time(health, "timestamp");
    json_decref(health);
    health = get("/api/system/health");
    expect_text(health, "status", "healthy");
    expect_text(health, "database", "connected");
    expect_time(health, "timestamp");
    json_decref(health);
}

/* What the settings say, also after they have changed. */
static void test_info(void **state)
{
    (void)state;
    json_t *config = get("/config");
    json_object_set_new(object_of(config, "ai"), "llm_model", json_string("other"));
    json_object_set_new(object_of(config, "processing"), "auto_export", json_true());
    json_decref(ask(&zoo.studio, 200, "POST", "/config", config));
    json_t *info = get("/api/system/info");
    expect_text(info, "version", "2.0");
    assert_true(strlen(text_of(info, "system_name")) > 0);
    expect_text(info, "llm_provider", "ollama");
    expect_text(info, "llm_model", "other");
    assert_true(bool_of(info, "auto_import"));
    assert_true(bool_of(info, "auto_select"));
    assert_true(bool_of(info, "auto_develop"));
    assert_true(bool_of(info, "auto_export"));
    json_decref(info);
}

/* Clients call toFixed() on each of these. */
static void test_resource_numbers(void **state)
{
    static const char *const numbers[] = {
        "cpu_percent",     "memory_used_mb",     "memory_total_mb",     "memory_percent",
        "gpu_temperature", "gpu_memory_used_mb", "gpu_memory_total_mb", "gpu_utilization"};
    (void)state;
    json_t *resource = get("/resource/status");
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        assert_true(number_of(resource, numbers[i]) >= 0);
    assert_true(json_is_boolean(json_object_get(resource, "gpu_available")));
    assert_true(number_of(resource, "memory_total_mb") > 0);
    assert_true(number_of(resource, "gpu_memory_total_mb") > 0);
    json_decref(resource);
}

/* A client that subscribes from the beginning finds that the host has started. */
static void test_running(void **state)
{
    struct jmt_ws ws;
    (void)state;
    json_decref(get("/system/health"));
    json_t *welcome = listen_welcome(&ws, &zoo.studio);
    must(
        jmt_ws_send_json(&ws, json_pack("{s:s, s:[s], s:i, s:s}", "type", "subscribe", "channels",
                                        "system", "since", 0, "epoch", text_of(welcome, "epoch"))));
    json_decref(welcome);
    json_t *event = listen_for(&ws, "system_status");
    expect_envelope(event, "system_status", "system");
    expect_text(event, "status", "running");
    assert_true(json_is_object(json_object_get(event, "details")));
    json_decref(event);
    jmt_ws_fini(&ws);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_status),  cmocka_unit_test(test_health),
        cmocka_unit_test(test_info),    cmocka_unit_test(test_resource_numbers),
        cmocka_unit_test(test_running),
    };
    return cmocka_run_group_tests(tests, open_zoo, close_zoo);
}
