/* The fake host, and what the plugin stands on. */
#include "fixture.h"

#include <catalog/catalog.h>
#include <junmai/ext/timer.h>
#include <stdio.h>

extern const jm_entry JM_ENTRY;

#define GROUPS 8
#define TIMERS 8

struct group {
    char name[32];
    int64_t jobs[QUEUE_CANCELLED + 1]; /* by state */
    bool held;
};

struct timer {
    jm_id id;
    jm_timer_fn fn;
    void *user;
};

static struct {
    struct fakehost *host;
    struct group groups[GROUPS];
    size_t group_count;
    queue_listener_fn listener;
    void *listener_user;
    struct timer timers[TIMERS];
    size_t timer_count;
    jm_id last_id;
    int64_t lost_photo;
    bool fails;
    const char *sentence;
} world;

static struct group *group_of(jm_span name)
{
    for (size_t i = 0; i < world.group_count; i++) {
        if (jm_span_is(name, world.groups[i].name))
            return &world.groups[i];
    }
    assert_true(world.group_count < GROUPS);
    struct group *group = &world.groups[world.group_count++];
    snprintf(group->name, sizeof(group->name), "%.*s", (int)name.len, name.ptr);
    return group;
}

static jm_span sentence(void *user)
{
    (void)user;
    return jm_span_of(world.sentence);
}

static jm_status fail_with(jm_status status, const char *text)
{
    world.sentence = text;
    return status;
}

static bool exists(int64_t photo)
{
    return photo >= 1 && photo <= FIXTURE_PHOTOS && photo != world.lost_photo;
}

static jm_status tell(const char *group, int32_t old_state, int32_t state)
{
    queue_job job = {
        .size = sizeof(queue_job), .state = state, .group = jm_span_of(group), .photo = 1};
    return world.listener == NULL ? JM_OK : world.listener(world.listener_user, &job, old_state);
}

static jm_status submit(void *user, const queue_submission *submission, char *id_out,
                        int32_t *created_out)
{
    (void)user;
    (void)created_out;
    if (world.fails) {
        world.fails = false;
        return fail_with(JM_EIO, "the disk is broken");
    }
    if (!exists(submission->photo))
        return fail_with(JM_ENOENT, "Photo not found");
    fakehost_advance_ms(world.host, 1);
    snprintf(id_out, QUEUE_ID_SIZE, "%032llx", (unsigned long long)++world.last_id);
    struct group *group = group_of(submission->group);
    group->jobs[QUEUE_PENDING]++;
    return tell(group->name, 0, QUEUE_PENDING);
}

static jm_status hold_group(void *user, jm_span group, int32_t held)
{
    (void)user;
    group_of(group)->held = held != 0;
    return JM_OK;
}

static int64_t cancel_group(void *user, jm_span name)
{
    (void)user;
    struct group *group = group_of(name);
    int64_t open = group->jobs[QUEUE_PENDING] + group->jobs[QUEUE_PROCESSING];
    group->jobs[QUEUE_CANCELLED] += open;
    group->jobs[QUEUE_PENDING] = group->jobs[QUEUE_PROCESSING] = 0;
    return open;
}

static jm_status count(void *user, jm_span name, queue_counts *counts_out)
{
    (void)user;
    const int64_t *jobs = group_of(name)->jobs;
    *counts_out = (queue_counts){.size = sizeof(queue_counts),
                                 .pending = jobs[QUEUE_PENDING],
                                 .processing = jobs[QUEUE_PROCESSING],
                                 .completed = jobs[QUEUE_COMPLETED],
                                 .failed = jobs[QUEUE_FAILED],
                                 .cancelled = jobs[QUEUE_CANCELLED]};
    return JM_OK;
}

static jm_status register_listener(void *user, jm_span kind, queue_listener_fn fn, void *fn_user,
                                   jm_id *token_out)
{
    (void)user;
    assert_true(jm_span_is(kind, "*"));
    world.listener = fn;
    world.listener_user = fn_user;
    *token_out = 1;
    return JM_OK;
}

static jm_status unregister(void *user, jm_id token)
{
    (void)user;
    assert_int_equal(token, 1);
    world.listener = NULL;
    return JM_OK;
}

static const queue_service queue_table = {
    .size = sizeof(queue_service),
    .last_error = sentence,
    .register_listener = register_listener,
    .unregister = unregister,
    .submit = submit,
    .hold_group = hold_group,
    .cancel_group = cancel_group,
    .count = count,
};

static jm_status query_photos(void *user, jm_span query_json, catalog_sink_fn sink, void *sink_user)
{
    json_t *query = json_loadb(query_json.ptr, query_json.len, 0, NULL);
    size_t i, total = 0;
    json_t *id;
    char found[64];
    (void)user;
    assert_non_null(query);
    json_array_foreach(json_object_get(query, "ids"), i, id)
    {
        total += exists(json_integer_value(id));
    }
    json_decref(query);
    snprintf(found, sizeof(found), "{\"photos\": [], \"total\": %zu}", total);
    sink(sink_user, jm_span_of(found));
    return JM_OK;
}

static jm_status get_photo(void *user, int64_t photo, catalog_sink_fn sink, void *sink_user)
{
    (void)user;
    if (!exists(photo))
        return fail_with(JM_ENOENT, "Photo not found");
    sink(sink_user, JM_SPAN("{}"));
    return JM_OK;
}

static jm_status get_session(void *user, int64_t session, catalog_sink_fn sink, void *sink_user)
{
    (void)user;
    if (session < 1 || session > FIXTURE_SESSIONS)
        return fail_with(JM_ENOENT, "Session not found");
    sink(sink_user, JM_SPAN("{}"));
    return JM_OK;
}

static const catalog_service catalog_table = {
    .size = sizeof(catalog_service),
    .last_error = sentence,
    .query_photos = query_photos,
    .get_photo = get_photo,
    .get_session = get_session,
};

static jm_status timer_start(const jm_host *host, const char *label, uint64_t delay_ms,
                             uint64_t repeat_ms, jm_timer_fn fn, void *user, jm_id *timer_out)
{
    (void)host;
    (void)label;
    (void)delay_ms;
    assert_int_equal(repeat_ms, 0);
    assert_true(world.timer_count < TIMERS);
    *timer_out = ++world.last_id;
    world.timers[world.timer_count++] = (struct timer){*timer_out, fn, user};
    return JM_OK;
}

static jm_status timer_stop(const jm_host *host, jm_id timer)
{
    (void)host;
    for (size_t i = 0; i < world.timer_count; i++) {
        if (world.timers[i].id == timer) {
            world.timers[i] = world.timers[--world.timer_count];
            return JM_OK;
        }
    }
    return JM_EGONE;
}

static const jm_host_timer timer_table = {sizeof(jm_host_timer), timer_start, timer_stop};

/* The plugin that declares system_status. */
static jm_plugin system_plugin;

static jm_status declare(const jm_plugin *plugin)
{
    static const jm_field fields[] = {{"status", JM_FIELD_TEXT, 0, "what"},
                                      {"details", JM_FIELD_OBJECT, 0, "more"}};
    static const jm_event_type type = {.size = sizeof(jm_event_type),
                                       .retention = JM_RETAIN_DURABLE,
                                       .name = "system_status",
                                       .channel = "system",
                                       .help = "a status",
                                       .fields = fields,
                                       .field_count = JM_COUNT(fields)};
    const jm_host *host = plugin->plugin_data;
    const jm_host_event *event = host->get_extension(host, JM_EXT_EVENT);
    return event->declare_type(host, &type);
}

static jm_status do_nothing(const jm_plugin *plugin)
{
    (void)plugin;
    return JM_OK;
}

static void leave(const jm_plugin *plugin)
{
    (void)plugin;
}

static const jm_plugin *create_system(const jm_host *host)
{
    system_plugin = (jm_plugin){.size = sizeof(jm_plugin),
                                .plugin_data = (void *)host,
                                .init = declare,
                                .activate = do_nothing,
                                .drain = do_nothing,
                                .destroy = leave};
    return &system_plugin;
}

static const jm_entry system_entry = {
    .size = sizeof(jm_entry), .manifest = "{}", .create = create_system};

int fixture_setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    assert_non_null(fixture);
    memset(&world, 0, sizeof(world));
    world.sentence = "";
    fixture->host = world.host = fakehost_new();
    fakehost_set_extension(fixture->host, JM_EXT_TIMER, &timer_table);
    fakehost_provide(fixture->host, QUEUE_SERVICE, &queue_table, &world);
    fakehost_provide(fixture->host, CATALOG_SERVICE, &catalog_table, &world);
    assert_int_equal(fakehost_load(fixture->host, "system", &system_entry), JM_OK);
    assert_int_equal(fakehost_load(fixture->host, "batch", &JM_ENTRY), JM_OK);
    *state = fixture;
    return 0;
}

int fixture_teardown(void **state)
{
    struct fixture *fixture = *state;
    fakehost_free(fixture->host);
    free(fixture);
    return 0;
}

void fixture_restart(struct fixture *fixture)
{
    fakehost_unload(fixture->host, "batch");
    assert_int_equal(world.timer_count, 0);
    assert_null(world.listener);
    assert_int_equal(fakehost_load(fixture->host, "batch", &JM_ENTRY), JM_OK);
}

const json_t *fixture_request(struct fixture *fixture, int expected, const char *method,
                              const char *body, const char *target, ...)
{
    char path[256];
    va_list args;
    va_start(args, target);
    vsnprintf(path, sizeof(path), target, args);
    va_end(args);
    int status = fakehost_request(fixture->host, method, path, body);
    if (status != expected) {
        char *text = json_dumps(fakehost_answer(fixture->host), 0);
        fail_msg("%s %s answered %d, not %d: %s", method, path, status, expected, text);
    }
    return fakehost_answer(fixture->host);
}

const char *fixture_start(struct fixture *fixture, int photos)
{
    static char id[32];
    json_t *ids = json_array();
    for (int i = 1; i <= photos; i++)
        json_array_append_new(ids, json_integer(i));
    json_t *document = json_pack("{s:o}", "photo_ids", ids);
    char *body = json_dumps(document, JSON_COMPACT);
    const json_t *answer = fixture_request(fixture, 200, "POST", body, "/batch/start");
    assert_int_equal(json_integer_value(json_object_get(answer, "photo_count")), photos);
    snprintf(id, sizeof(id), "%s", json_string_value(json_object_get(answer, "batch_id")));
    free(body);
    json_decref(document);
    return id;
}

static const json_t *shown(struct fixture *fixture, const char *id, const char *key)
{
    const json_t *value =
        json_object_get(fixture_request(fixture, 200, "GET", NULL, "/batch/%s/status", id), key);
    assert_non_null(value);
    return value;
}

int64_t fixture_count(struct fixture *fixture, const char *id, const char *key)
{
    return json_integer_value(shown(fixture, id, key));
}

const char *fixture_status(struct fixture *fixture, const char *id)
{
    return json_string_value(shown(fixture, id, "status"));
}

bool fixture_fire(struct fixture *fixture)
{
    struct timer due[TIMERS];
    size_t due_count = world.timer_count;
    memcpy(due, world.timers, sizeof(due));
    world.timer_count = 0;
    for (size_t i = 0; i < due_count; i++) {
        fakehost_begin(fixture->host);
        jm_status status = due[i].fn(due[i].user, due[i].id);
        fakehost_end(fixture->host, status >= 0);
    }
    return due_count > 0;
}

void fixture_settle(struct fixture *fixture)
{
    while (fixture_fire(fixture))
        fakehost_advance_ms(fixture->host, 200);
}

size_t fixture_timers(void)
{
    return world.timer_count;
}

size_t fixture_told(struct fixture *fixture, const char *status)
{
    size_t told = 0;
    for (size_t i = 0; i < fakehost_event_count(fixture->host, "system_status"); i++) {
        const json_t *fields = fakehost_event_at(fixture->host, "system_status", i)->fields;
        told += strcmp(json_string_value(json_object_get(fields, "status")), status) == 0;
    }
    return told;
}

int64_t fixture_jobs(const char *group, int32_t state)
{
    return group_of(jm_span_of(group))->jobs[state];
}

void fixture_move(struct fixture *fixture, const char *name, int32_t from, int32_t to, int64_t jobs)
{
    struct group *group = group_of(jm_span_of(name));
    assert_true(group->jobs[from] >= jobs);
    for (int64_t i = 0; i < jobs; i++) {
        fakehost_begin(fixture->host);
        group->jobs[from]--;
        group->jobs[to]++;
        assert_int_equal(tell(name, from, to), JM_OK);
        fakehost_end(fixture->host, true);
    }
}

bool fixture_is_held(const char *group)
{
    return group_of(jm_span_of(group))->held;
}

void fixture_lose_photo(int64_t photo)
{
    world.lost_photo = photo;
}

void fixture_fail_submit(void)
{
    world.fails = true;
}
