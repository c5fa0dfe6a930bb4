/* Plugins out of their shared objects. */
#include "fixture.h"

#include "internal.h"

#include <dlfcn.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#ifndef PLUGIN_FOLDER
#error "PLUGIN_FOLDER is where the plugins are built"
#endif

/* The event types that the host itself declares. */
static const jm_field error_fields[] = {
    {"error_type", JM_FIELD_TEXT, 0, ""},
    {"error_message", JM_FIELD_TEXT, 0, ""},
    {"error_details", JM_FIELD_OBJECT, 0, ""},
    {"job_id", JM_FIELD_TEXT | JM_FIELD_OPTIONAL, 0, ""},
    {"photo_id", JM_FIELD_INT | JM_FIELD_OPTIONAL, 0, ""},
};

static jm_status types_init(const jm_plugin *plugin)
{
    const jm_host *host = plugin->plugin_data;
    const jm_host_event *event = host->get_extension(host, JM_EXT_EVENT);
    const jm_event_type type = {
        .size = sizeof type,
        .retention = JM_RETAIN_DURABLE,
        .name = "error_occurred",
        .channel = "system",
        .fields = error_fields,
        .field_count = sizeof error_fields / sizeof error_fields[0],
    };
    return event->declare_type(host, &type);
}

static jm_status types_nothing(const jm_plugin *plugin)
{
    (void)plugin;
    return JM_OK;
}

static void types_destroy(const jm_plugin *plugin)
{
    (void)plugin;
}

static const jm_plugin *types_create(const jm_host *host)
{
    static jm_plugin plugin = {.size = sizeof plugin,
                               .init = types_init,
                               .activate = types_nothing,
                               .drain = types_nothing,
                               .destroy = types_destroy};
    plugin.plugin_data = (void *)host;
    return &plugin;
}

static const jm_entry types_entry = {.create = types_create};

/* The objects stay loaded: leaks are reported with their symbols. */
static const void *load(const char *file, const char *symbol)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", PLUGIN_FOLDER, file);
    void *object = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (object == NULL) {
        fail_msg("%s", dlerror());
    }
    return dlsym(object, symbol);
}

static struct {
    const char *name;
    const char *json;
    const char *folder;
} next_options[4];
static size_t next_count;

void fixture_option(const char *name, const char *json)
{
    next_options[next_count].folder = NULL;
    next_options[next_count].name = name;
    next_options[next_count++].json = json;
}

void fixture_option_folder(const char *name, const char *folder)
{
    next_options[next_count].folder = folder;
    next_options[next_count++].name = name;
}

static void set_next_options(struct fixture *fixture)
{
    for (size_t i = 0; i < next_count; i++) {
        char option[PATH_MAX + 8];
        if (next_options[i].folder == NULL) {
            snprintf(option, sizeof option, "%s", next_options[i].json);
        } else {
            snprintf(option, sizeof option, "\"%s\"",
                     scratch_path(&fixture->scratch, next_options[i].folder));
        }
        fakehost_set_option(fixture->host, "import", next_options[i].name, option);
    }
    next_count = 0;
}

int fixture_set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    char option[PATH_MAX + 8];
    const jm_task_entry *tasks = load("import-task.so", JM_TASK_ENTRY_NAME);
    assert_int_equal(tasks->setup(), JM_OK);
    scratch_init(&fixture->scratch);
    scratch_folder(&fixture->scratch, "in");
    fixture->host = fakehost_new();
    async_init(fixture->host, tasks);
    snprintf(option, sizeof option, "[\"%s\"]", scratch_path(&fixture->scratch, "in"));
    fakehost_set_option(fixture->host, "import", "roots", option);
    snprintf(option, sizeof option, "\"%s\"", scratch_path(&fixture->scratch, "lib"));
    fakehost_set_option(fixture->host, "import", "library", option);
    fakehost_set_option(fixture->host, "import", "max_parallel", "3");
    fakehost_set_option(fixture->host, "import", "reports_keep_days",
                        "0"); /* no timer of its own */
    set_next_options(fixture);
    assert_int_equal(fakehost_load(fixture->host, "types", &types_entry), JM_OK);
    assert_int_equal(fakehost_load(fixture->host, "catalog", load("catalog.so", JM_ENTRY_NAME)),
                     JM_OK);
    assert_int_equal(fakehost_load(fixture->host, "import", load("import.so", JM_ENTRY_NAME)),
                     JM_OK);
    *state = fixture;
    return 0;
}

int fixture_tear_down(void **state)
{
    struct fixture *fixture = *state;
    assert_false(async_step());
    assert_int_equal(async_timers(), 0);
    /* Nothing half done remains, whatever the test was about. */
    assert_int_equal(scratch_count(&fixture->scratch, "lib", ".junmai-"), 0);
    fakehost_free(fixture->host);
    async_fini();
    scratch_fini(&fixture->scratch);
    free(fixture);
    return 0;
}

void fixture_photo(struct fixture *fixture, const char *name, unsigned char seed)
{
    unsigned char bytes[MADE_BYTES];
    char path[512];
    size_t len = made_jpeg(bytes, "2024:07:19 09:14:31", seed);
    snprintf(path, sizeof path, "in/%s", name);
    scratch_file(&fixture->scratch, path, bytes, len);
}

int fixture_post(struct fixture *fixture, const char *route, json_t *body_take)
{
    char *body = json_dumps(body_take, JSON_COMPACT);
    assert_non_null(body);
    json_decref(body_take);
    fakehost_request(fixture->host, "POST", route, body);
    free(body);
    async_run();
    return fixture->host->request.status;
}

int fixture_import(struct fixture *fixture, const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "in/%s", name);
    return fixture_post(fixture, "/import/file",
                        json_pack("{s:s}", "file_path", scratch_path(&fixture->scratch, path)));
}

const char *fixture_text(struct fixture *fixture, const char *key)
{
    const char *text = json_string_value(json_object_get(fakehost_answer(fixture->host), key));
    return text == NULL ? "-" : text;
}

int64_t fixture_int(struct fixture *fixture, const char *key)
{
    return json_integer_value(json_object_get(fakehost_answer(fixture->host), key));
}
