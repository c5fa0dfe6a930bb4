/* /config in its verbs, and the settings as another plugin reads and writes them. */
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

static int reset(void **state)
{
    (void)state;
    json_decref(ask(&zoo.studio, 200, "POST", "/config/reset", NULL));
    return 0;
}

static json_t *get_config(void)
{
    return ask(&zoo.studio, 200, "GET", "/config", NULL);
}

static json_t *value_at(const char *pointer, json_int_t *revision_out)
{
    char path[128];
    snprintf(path, sizeof path, "/reader?pointer=%s", pointer);
    json_t *answer = ask(&zoo.studio, 200, "GET", path, NULL);
    json_t *value = json_incref(json_object_get(answer, "value"));
    if (revision_out)
        *revision_out = int_of(answer, "revision");
    json_decref(answer);
    return value;
}

static void expect_setting(const char *pointer, json_t *wanted_take)
{
    json_t *value = value_at(pointer, NULL);
    if (!json_equal(value, wanted_take))
        fail_msg("the value at %s is not what it must be", pointer);
    json_decref(value);
    json_decref(wanted_take);
}

static void test_default(void **state)
{
    (void)state;
    json_t *config = get_config();
    expect_text(config, "version", "2.0");
    expect_text(object_of(config, "system"), "log_level", "INFO");
    assert_true(number_of(object_of(config, "ai"), "selection_threshold") == 3.5);
    expect_int(object_of(config, "processing"), "max_concurrent_jobs", 3);
    assert_int_equal(json_array_size(list_of(object_of(config, "export"), "presets")), 0);
    expect_text(object_of(config, "ui"), "language", "ja");
    assert_int_equal(json_object_size(config), 7);
    json_decref(config);
}

/* Effective at once, for clients and for plugins; further keys are kept. */
static void test_verbs(void **state)
{
    static const char *const methods[] = {"POST", "PUT"};
    static const char *const messages[] = {"Configuration saved successfully",
                                           "Configuration updated successfully"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        json_t *config = get_config();
        json_object_set_new(object_of(config, "processing"), "max_concurrent_jobs",
                            json_integer(7 + (json_int_t)i));
        json_object_set_new(config, "own", json_pack("{s:[i]}", "list", 1));
        json_t *answer = ask(&zoo.studio, 200, methods[i], "/config", json_incref(config));
        expect_text(answer, "message", messages[i]);
        json_t *after = get_config();
        assert_true(json_equal(config, after));
        expect_setting("/processing/max_concurrent_jobs", json_integer(7 + (json_int_t)i));
        json_decref(after);
        json_decref(answer);
        json_decref(config);
    }
}

static void test_invalid(void **state)
{
    (void)state;
    ask_refused(&zoo.studio, 400, "POST", "/config", NULL, "No configuration data provided");
    ask_refused(&zoo.studio, 400, "POST", "/config/validate", NULL,
                "Configuration data is required");
    json_t *answer = ask(&zoo.studio, 400, "POST", "/config", json_pack("{s:s}", "version", "2.0"));
    expect_text(answer, "error",
                "Invalid configuration: Validation failed at 'root': "
                "'system' is a required property");
    json_decref(answer);

    json_t *config = get_config();
    json_object_set_new(object_of(config, "ai"), "gpu_memory_limit_mb", json_integer(1));
    answer = ask(&zoo.studio, 400, "PUT", "/config", json_incref(config));
    expect_text(answer, "error", "Invalid configuration");
    expect_text(
        answer, "details",
        "Validation failed at 'ai.gpu_memory_limit_mb': 1 is less than the minimum of 1024");
    json_decref(answer);

    answer = ask(&zoo.studio, 200, "POST", "/config/validate", json_incref(config));
    assert_false(bool_of(answer, "valid"));
    assert_non_null(strstr(text_of(answer, "error"), "ai.gpu_memory_limit_mb"));
    json_decref(answer);
    json_decref(config);

    answer = ask(&zoo.studio, 200, "POST", "/config/validate", get_config());
    assert_true(bool_of(answer, "valid"));
    assert_true(strlen(text_of(answer, "message")) > 0);
    json_decref(answer);
    answer = ask(&zoo.studio, 400, "PUT", "/config", NULL);
    expect_text(answer, "error", "Invalid configuration");
    json_decref(answer);
    expect_setting("/ai/gpu_memory_limit_mb", json_integer(6144));
}

static void test_export(void **state)
{
    struct jmt_response response;
    (void)state;
    ask_raw(&zoo.studio, &(struct jmt_request){.path = "/config/export"}, &response);
    assert_int_equal(response.status, 200);
    const char *disposition = jmt_response_header(&response, "Content-Disposition");
    assert_non_null(disposition);
    assert_non_null(strstr(disposition, "attachment"));
    assert_non_null(strstr(disposition, "junmai_config_export.json"));
    json_t *exported = json_loadb(response.body, response.body_bytes, 0, NULL);
    json_t *config = get_config();
    assert_true(json_equal(exported, config));
    json_decref(config);
    json_decref(exported);
    jmt_response_fini(&response);
}

/* One event for each change, with what has changed; none where nothing has. */
static void test_event(void **state)
{
    struct jmt_ws ws;
    (void)state;
    listen_open(&ws, &zoo.studio, "system");
    json_t *config = get_config();
    json_decref(ask(&zoo.studio, 200, "POST", "/config", json_incref(config)));
    json_object_set_new(object_of(config, "ui"), "theme", json_string("light"));
    json_object_set_new(config, "a/b", json_true());
    json_decref(ask(&zoo.studio, 200, "PUT", "/config", config));
    json_t *event = listen_for(&ws, "config_changed");
    expect_envelope(event, "config_changed", "system");
    json_int_t revision;
    json_decref(value_at("", &revision));
    expect_int(event, "revision", revision);
    json_t *wanted = json_pack("[s, s]", "/ui/theme", "/a~1b");
    assert_true(json_equal(list_of(event, "changed"), wanted));
    json_decref(wanted);
    json_decref(event);
    jmt_ws_fini(&ws);
}

/* What is added is bounded, and so is the event. */
static void test_large(void **state)
{
    static char text[300000];
    char key[16];
    struct jmt_ws ws;
    (void)state;
    listen_open(&ws, &zoo.studio, "system");
    json_t *config = get_config();
    json_t *own = json_object();
    for (int i = 0; i < 300; i++) {
        snprintf(key, sizeof key, "k%d", i);
        json_object_set_new(own, key, json_integer(i));
    }
    json_object_set_new(config, "own", json_object());
    json_decref(ask(&zoo.studio, 200, "POST", "/config", json_incref(config)));
    json_decref(listen_for(&ws, "config_changed"));
    json_object_set_new(config, "own", own);
    json_decref(ask(&zoo.studio, 200, "POST", "/config", json_incref(config)));
    json_t *event = listen_for(&ws, "config_changed");
    assert_int_equal(json_array_size(list_of(event, "changed")), 1);
    assert_string_equal(json_string_value(json_array_get(list_of(event, "changed"), 0)), "");
    json_decref(event);
    jmt_ws_fini(&ws);
    memset(text, 'x', sizeof text - 1);
    json_object_set_new(config, "text", json_string(text));
    ask_refused(&zoo.studio, 400, "PUT", "/config", config, "at most 262144 bytes");
}

static json_t *change(const char *pointer, json_t *value_take, bool regret)
{
    return json_pack("{s:s, s:o, s:b}", "pointer", pointer, "value", value_take, "regret", regret);
}

static void test_service(void **state)
{
    json_int_t before, after;
    (void)state;
    json_decref(value_at("", &before));
    json_t *answer = ask(&zoo.studio, 200, "PUT", "/reader",
                         change("/processing/auto_export", json_true(), false));
    assert_true(bool_of(answer, "value"));
    assert_true(int_of(answer, "revision") > before);
    json_decref(answer);
    json_t *config = get_config();
    assert_true(bool_of(object_of(config, "processing"), "auto_export"));
    json_decref(config);

    json_decref(value_at("", &before));
    ask_refused(&zoo.studio, 400, "PUT", "/reader",
                change("/processing/auto_export", json_string("yes"), false),
                "processing.auto_export");
    ask_refused(&zoo.studio, 404, "PUT", "/reader", change("/none/here", json_true(), false),
                "/none/here");
    ask_refused(&zoo.studio, 404, "GET", "/reader?pointer=/none", NULL, "/none");
    /* A change that is taken back was never made, and its number is not given again. */
    ask_refused(&zoo.studio, 503, "PUT", "/reader",
                change("/processing/auto_export", json_false(), true), "regretted");
    expect_setting("/processing/auto_export", json_true());
    json_decref(value_at("", &after));
    assert_int_equal(after, before);
    answer = ask(&zoo.studio, 200, "PUT", "/reader",
                 change("/processing/auto_export", json_false(), false));
    assert_true(int_of(answer, "revision") > before + 1);
    json_decref(answer);
}

static void test_reset_and_restart(void **state)
{
    json_int_t before, after;
    (void)state;
    json_decref(ask(&zoo.studio, 200, "PUT", "/reader",
                    change("/system/hot_folders", json_pack("[s]", "/photos"), false)));
    json_decref(value_at("", &before));
    zoo_restart(&zoo, NULL);
    json_t *folders = json_pack("[s]", "/photos");
    expect_setting("/system/hot_folders", folders);
    json_decref(value_at("", &after));
    assert_int_equal(after, before);
    json_t *answer = ask(&zoo.studio, 200, "POST", "/config/reset", NULL);
    expect_text(answer, "message", "Configuration reset to defaults");
    json_t *config = get_config();
    assert_true(json_equal(object_of(answer, "config"), config));
    assert_int_equal(json_array_size(list_of(object_of(config, "system"), "hot_folders")), 0);
    json_decref(config);
    json_decref(answer);
    json_decref(value_at("", &after));
    assert_true(after > before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_default, reset),
        cmocka_unit_test_setup(test_verbs, reset),
        cmocka_unit_test_setup(test_invalid, reset),
        cmocka_unit_test_setup(test_export, reset),
        cmocka_unit_test_setup(test_event, reset),
        cmocka_unit_test_setup(test_large, reset),
        cmocka_unit_test_setup(test_service, reset),
        cmocka_unit_test_setup(test_reset_and_restart, reset),
    };
    return cmocka_run_group_tests(tests, open_zoo, close_zoo);
}
