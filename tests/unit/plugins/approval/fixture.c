/* The fake host, and what the plugin stands on. */
#include "fixture.h"

#include <export/export.h>
#include <junmai/ext/timer.h>
#include <junmai/sdk/span.h>
#include <stdio.h>
#include <system/system.h>

extern const jm_entry JM_ENTRY;

/* The extensions of the fake host have no data of their own. */
static struct fixture *running;

static jm_span sentence(void *user)
{
    (void)user;
    return JM_SPAN("the test wants it so");
}

static jm_status register_listener(void *user, jm_span kind, queue_listener_fn fn, void *fn_user,
                                   jm_id *token_out)
{
    struct fixture *f = user;
    assert_true(jm_span_is(kind, "develop"));
    assert_null(f->listener);
    f->listener = fn;
    f->listener_user = fn_user;
    *token_out = ++f->last_id;
    return JM_OK;
}

static jm_status unregister(void *user, jm_id token)
{
    struct fixture *f = user;
    assert_true(token != 0);
    f->listener = NULL;
    return JM_OK;
}

static jm_status submit(void *user, const queue_submission *submission, char *id_out,
                        int32_t *created_out)
{
    struct fixture *f = user;
    assert_null(created_out);
    assert_true(jm_span_is(submission->kind, "develop"));
    snprintf(f->config, sizeof(f->config), "%.*s", (int)submission->config.len,
             submission->config.ptr);
    snprintf(id_out, QUEUE_ID_SIZE, "%032zx", ++f->submitted);
    return JM_OK;
}

static jm_status cancel(void *user, jm_span job)
{
    struct fixture *f = user;
    assert_int_equal(job.len, QUEUE_ID_SIZE - 1);
    f->cancelled++;
    return JM_OK;
}

static const queue_service queue_table = {
    .size = sizeof(queue_service),
    .last_error = sentence,
    .register_listener = register_listener,
    .unregister = unregister,
    .submit = submit,
    .cancel = cancel,
};

static jm_status trigger(void *user, int64_t photo, export_sink_fn sink, void *sink_user)
{
    struct fixture *f = user;
    char json[64];
    if (f->export_fails)
        return JM_EBUSY;
    f->exports++;
    snprintf(json, sizeof(json), "[{\"photo_id\":%lld}]", (long long)photo);
    sink(sink_user, jm_span_of(json));
    return JM_OK;
}

static const export_service export_table = {
    .size = sizeof(export_service), .last_error = sentence, .trigger = trigger};

static jm_status get_setting(void *user, jm_span pointer, settings_sink_fn sink, void *sink_user)
{
    const struct fixture *f = user;
    assert_true(jm_span_is(pointer, "/processing/auto_export"));
    sink(sink_user, f->auto_export ? JM_SPAN("true") : JM_SPAN("false"));
    return JM_OK;
}

static const settings_service settings_table = {
    .size = sizeof(settings_service), .last_error = sentence, .get = get_setting};

static jm_status timer_start(const jm_host *host, const char *label, uint64_t delay_ms,
                             uint64_t repeat_ms, jm_timer_fn fn, void *user, jm_id *timer_out)
{
    (void)host;
    (void)label;
    (void)delay_ms;
    assert_true(running->timer_count < FIXTURE_TIMERS);
    *timer_out = ++running->last_id;
    running->timers[running->timer_count++] =
        (struct fixture_timer){*timer_out, repeat_ms, fn, user};
    return JM_OK;
}

static jm_status timer_stop(const jm_host *host, jm_id timer)
{
    (void)host;
    for (size_t i = 0; i < running->timer_count; i++) {
        if (running->timers[i].id == timer) {
            running->timers[i] = running->timers[--running->timer_count];
            return JM_OK;
        }
    }
    return JM_EGONE;
}

static const jm_host_timer timer_table = {sizeof(jm_host_timer), timer_start, timer_stop};

static int set_up(void **state, bool alone)
{
    struct fixture *f = calloc(1, sizeof(*f));
    assert_non_null(f);
    running = f;
    fake_catalog_init(&f->catalog);
    f->host = fakehost_new();
    fakehost_set_extension(f->host, JM_EXT_TIMER, &timer_table);
    fakehost_provide(f->host, CATALOG_SERVICE, &fake_catalog_table, &f->catalog);
    if (!alone) {
        fakehost_provide(f->host, QUEUE_SERVICE, &queue_table, f);
        fakehost_provide(f->host, EXPORT_SERVICE, &export_table, f);
        fakehost_provide(f->host, SETTINGS_SERVICE, &settings_table, f);
    }
    assert_int_equal(fakehost_load(f->host, "approval", &JM_ENTRY), JM_OK);
    *state = f;
    return 0;
}

int fixture_setup(void **state)
{
    return set_up(state, false);
}

int fixture_setup_alone(void **state)
{
    return set_up(state, true);
}

int fixture_teardown(void **state)
{
    struct fixture *f = *state;
    fakehost_unload(f->host, "approval");
    assert_null(f->listener);
    assert_int_equal(f->timer_count, 0);
    fakehost_free(f->host);
    fake_catalog_fini(&f->catalog);
    free(f);
    return 0;
}

const json_t *fixture_post(struct fixture *f, int expected, const char *prefix, int photo,
                           const char *verb, const char *body)
{
    char path[128];
    snprintf(path, sizeof(path), "%s/%d/%s", prefix, photo, verb);
    int status = fakehost_request(f->host, "POST", path, body);
    if (status != expected) {
        char *text = json_dumps(fakehost_answer(f->host), JSON_ENCODE_ANY);
        fail_msg("POST %s answered %d, not %d: %s", path, status, expected, text);
    }
    return fakehost_answer(f->host);
}

const char *fixture_text(const struct fixture *f, int photo, const char *key)
{
    return json_string_value(json_object_get(f->catalog.photos[photo], key));
}

bool fixture_is_approved(const struct fixture *f, int photo)
{
    return json_is_true(json_object_get(f->catalog.photos[photo], "approved"));
}

void fixture_set(struct fixture *f, int photo, const char *key, const char *value)
{
    json_object_set_new(f->catalog.photos[photo], key, json_string(value));
}

void fixture_expect(const struct fixture *f, int photo, const char *status, bool approved,
                    const char *reason)
{
    const char *now = fixture_text(f, photo, "rejection_reason");
    assert_string_equal(fixture_text(f, photo, "status"), status);
    assert_int_equal(fixture_is_approved(f, photo), approved);
    assert_int_equal(now == NULL, reason == NULL);
    if (reason != NULL)
        assert_string_equal(now, reason);
}

void fixture_expect_events(struct fixture *f, size_t approved, size_t rejected, size_t queue)
{
    assert_int_equal(fakehost_event_count(f->host, "photo_approved"), approved);
    assert_int_equal(fakehost_event_count(f->host, "photo_rejected"), rejected);
    assert_int_equal(fakehost_event_count(f->host, "approval_queue_updated"), queue);
    fakehost_clear_events(f->host);
}

void fixture_job(struct fixture *f, int photo, int32_t state, bool ok)
{
    const queue_job job = {.size = sizeof(queue_job),
                           .state = state,
                           .id = JM_SPAN("00000000000000000000000000000001"),
                           .kind = JM_SPAN("develop"),
                           .photo = photo};
    fakehost_begin(f->host);
    assert_int_equal(f->listener(f->listener_user, &job, QUEUE_PROCESSING), JM_OK);
    if (ok && state == QUEUE_COMPLETED && strcmp(fixture_text(f, photo, "status"), "rejected") != 0)
        fixture_set(f, photo, "status", "completed");
    fakehost_end(f->host, ok);
}

void fixture_fire(struct fixture *f)
{
    struct fixture_timer due[FIXTURE_TIMERS];
    size_t count = f->timer_count;
    memcpy(due, f->timers, sizeof(due));
    f->timer_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (due[i].repeat_ms > 0)
            f->timers[f->timer_count++] = due[i];
    }
    for (size_t i = 0; i < count; i++) {
        fakehost_begin(f->host);
        jm_status status = due[i].fn(due[i].user, due[i].id);
        fakehost_end(f->host, status >= 0);
        assert_int_equal(status, JM_OK);
    }
}
