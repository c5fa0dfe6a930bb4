/* The tables, called by the test in the place of a plugin: thread and state, sentences, ids that go
 * stale, callbacks that end what calls them, and what the end of a plugin does to what it has under
 * way. */
#include "host/ext/ext.h"
#include "host/plugin/lease.h"
#include "host/util/span.h"
#include "small_host.h"

#include <junmai/junmai.h>
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct small_host small;
static struct jmh_plugin *plugin;
static const jm_host *host;

static int start(void **state)
{
    (void)state;
    small_host_prepare(&small, NULL);
    if (small_host_start(&small, "good", NULL) != JM_OK)
        return -1;
    plugin = small_host_plugin(&small, "good");
    host = &plugin->host_api;
    return 0;
}

static int stop(void **state)
{
    (void)state;
    small_host_stop(&small);
    small_host_remove(&small);
    return 0;
}

static const char *last(void)
{
    return jmh_ext_error.last(host).ptr;
}

static void tables_by_id(void **state)
{
    (void)state;
    static const char *const ids[] = {JM_EXT_LOG,     JM_EXT_ERROR,   JM_EXT_CONFIG, JM_EXT_EVENT,
                                      JM_EXT_MESSAGE, JM_EXT_HTTP,    JM_EXT_CLIENT, JM_EXT_CLOCK,
                                      JM_EXT_TIMER,   JM_EXT_FD,      JM_EXT_WORK,   JM_EXT_TASK,
                                      JM_EXT_STORE,   JM_EXT_SERVICE, JM_EXT_METRIC};
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        const uint32_t *size = host->get_extension(host, ids[i]);
        assert_non_null(size);
        assert_true(*size >= sizeof(void *) * 2);
    }
    assert_null(host->get_extension(host, "junmai.http/2"));
    assert_null(host->get_extension(host, JM_EXT_STATE)); /* the plugin's, not the host's */
    assert_null(host->get_extension(host, NULL));
}

static void registering_is_for_init(void **state)
{
    (void)state;
    static const int table = 1;
    const jm_service_slot *slot;
    jm_id id;
    assert_int_equal(jmh_ext_event.declare_channel(host, "c", "h"), JM_ESTATE);
    assert_string_equal(last(), "event.declare_channel() is allowed while the plugin is loaded; "
                                "'good' is active");
    assert_int_equal(jmh_ext_http.add_route(host, NULL), JM_ESTATE);
    assert_int_equal(jmh_ext_message.handle(host, "m", "h", NULL, NULL), JM_ESTATE);
    assert_int_equal(jmh_ext_config.declare(host, NULL, 0), JM_ESTATE);
    assert_int_equal(jmh_ext_store.migrate(host, NULL, 0), JM_ESTATE);
    assert_int_equal(jmh_ext_service.provide(host, "a/1", &table, NULL), JM_ESTATE);
    assert_int_equal(jmh_ext_service.require(host, "a/1", &slot), JM_ESTATE);
    assert_int_equal(jmh_ext_metric.declare(host, JM_METRIC_GAUGE, "x", NULL, "h", &id), JM_ESTATE);
}

/* Who may begin what, and who may still write: state by state. */
static void states_allow(void **state)
{
    (void)state;
    static const struct {
        enum jmh_plugin_state state;
        bool timers, steps, writes;
    } rules[] = {
        {JMH_PLUGIN_LOADED, false, false, false}, {JMH_PLUGIN_INITED, false, false, true},
        {JMH_PLUGIN_ACTIVE, true, true, true},    {JMH_PLUGIN_DRAINING, false, true, true},
        {JMH_PLUGIN_ENDING, false, false, true},
    };
    jm_id id;
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        /* What is allowed fails for its arguments. */
        jm_status timers = rules[i].timers ? JM_EINVAL : JM_ESTATE;
        jm_status steps = rules[i].steps ? JM_EINVAL : JM_ESTATE;
        jm_status writes = rules[i].writes ? JM_OK : JM_ESTATE;
        plugin->state = rules[i].state;
        assert_int_equal(jmh_ext_timer.start(host, "t", 0, 0, NULL, NULL, &id), timers);
        assert_int_equal(jmh_ext_fd.watch(host, "p", -1, 0, NULL, NULL, &id), timers);
        assert_int_equal(jmh_ext_work.submit(host, "w", NULL, NULL, NULL, &id), steps);
        assert_int_equal(jmh_ext_task.run(host, NULL, &id), steps);
        assert_int_equal(jmh_ext_client.open(host, NULL, &id), steps);
        assert_int_equal(jmh_ext_store.exec(host, "SELECT 1", NULL, 0, NULL, NULL, NULL), writes);
    }
    plugin->state = JMH_PLUGIN_DRAINING;
    assert_int_equal(jmh_ext_timer.start(host, "t", 0, 0, NULL, NULL, &id), JM_ESTATE);
    assert_string_equal(last(), "timer.start() is allowed while the plugin is active; 'good' is "
                                "draining");
    plugin->state = JMH_PLUGIN_ACTIVE;
}

static void *call_from_elsewhere(void *user)
{
    jm_id id;
    *(jm_status *)user = jmh_ext_timer.start(host, "t", 0, 0, NULL, NULL, &id);
    jmh_ext_log.write(host, JM_LOG_INFO, jmh_span("any thread may write to the log"));
    return NULL;
}

static void another_thread_is_refused(void **state)
{
    (void)state;
    pthread_t thread;
    jm_status status = JM_OK;
    assert_int_equal(pthread_create(&thread, NULL, call_from_elsewhere, &status), 0);
    pthread_join(thread, NULL);
    assert_int_equal(status, JM_ESTATE);
}

static void sentences(void **state)
{
    (void)state;
    char text[1000];
    memset(text, 'a', sizeof text);
    assert_int_equal(jmh_ext_error.set(host, JM_EBUSY, (jm_span){text, sizeof text}), JM_EBUSY);
    assert_int_equal(jmh_ext_error.last(host).len, 511);
    assert_int_equal(jmh_ext_error.set(host, JM_EIO, jmh_ext_error.last(host)), JM_EIO);
    assert_int_equal(jmh_ext_error.last(host).len, 511);
    jmh_plugin_enter(plugin, "a test");
    assert_int_equal(jmh_ext_error.last(host).len, 0);
    assert_string_equal(small.host.running_plugin, "good");
    assert_string_equal(small.host.running_callback, "a test");
    (void)jmh_plugin_leave(plugin, JM_OK);
    assert_null(small.host.running_plugin);
}

/* What a callback saw, and when the test may go on. */
static struct seen {
    jm_id id;
    jm_status status;
    int calls;
    bool done;
} seen;

static jm_status on_once(void *user, jm_id timer)
{
    (void)user;
    seen.id = timer;
    seen.calls++;
    seen.status = jmh_ext_timer.stop(host, timer);
    seen.done = true;
    return JM_EINVAL; /* logged, no more */
}

static void a_timer_fires_once(void **state)
{
    (void)state;
    jm_id id;
    seen = (struct seen){0};
    assert_int_equal(jmh_ext_timer.start(host, "", 1, 0, on_once, NULL, &id), JM_EINVAL);
    assert_int_equal(jmh_ext_timer.start(host, "once", 1, 0, on_once, NULL, &id), JM_OK);
    assert_int_equal(jmh_leases_count(plugin), 1);
    assert_string_equal(jmh_leases_first(plugin)->label, "once");
    assert_true(small_host_run_until(&small, &seen.done));
    assert_int_equal(seen.id, id);
    assert_int_equal(seen.status, JM_EGONE);
    assert_int_equal(jmh_ext_timer.stop(host, id), JM_EGONE);
    assert_int_equal(jmh_leases_count(plugin), 0);
}

static jm_status on_tick(void *user, jm_id timer)
{
    (void)user;
    if (++seen.calls == 3) {
        seen.status = jmh_ext_timer.stop(host, timer);
        seen.done = true;
    }
    return JM_OK;
}

static void a_timer_stops_itself(void **state)
{
    (void)state;
    jm_id id;
    seen = (struct seen){0};
    assert_int_equal(jmh_ext_timer.start(host, "ticks", 1, 1, on_tick, NULL, &id), JM_OK);
    assert_true(small_host_run_until(&small, &seen.done));
    assert_int_equal(seen.status, JM_OK);
    assert_int_equal(seen.calls, 3);
    assert_int_equal(jmh_leases_count(plugin), 0);
}

static jm_status on_readable(void *user, jm_id watch, uint32_t events, jm_status status)
{
    char byte;
    assert_int_equal(status, JM_OK);
    assert_int_equal(events, JM_FD_READABLE);
    assert_int_equal(read(*(int *)user, &byte, 1), 1);
    seen.status = jmh_ext_fd.unwatch(host, watch);
    seen.done = true;
    return JM_OK;
}

static void a_watch_ends_itself(void **state)
{
    (void)state;
    int ends[2];
    jm_id id;
    seen = (struct seen){0};
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(jmh_ext_fd.watch(host, "p", ends[0], 4, on_readable, ends, &id), JM_EINVAL);
    assert_int_equal(jmh_ext_fd.watch(host, "p", 9999, JM_FD_READABLE, on_readable, ends, &id),
                     JM_EINVAL);
    assert_int_equal(jmh_leases_count(plugin), 0);
    assert_int_equal(jmh_ext_fd.watch(host, "p", ends[0], JM_FD_READABLE, on_readable, ends, &id),
                     JM_OK);
    assert_int_equal(write(ends[1], "x", 1), 1);
    assert_true(small_host_run_until(&small, &seen.done));
    assert_int_equal(seen.status, JM_OK);
    assert_int_equal(jmh_ext_fd.unwatch(host, id), JM_EGONE);
    close(ends[0]);
    close(ends[1]);
}

static sem_t may_end;

static jm_status wait_for_it(void *user)
{
    (void)user;
    sem_wait(&may_end);
    return JM_EBUSY;
}

static jm_status on_worked(void *user, jm_id work, jm_status status)
{
    (void)user;
    seen.id = work;
    seen.calls++;
    seen.status = status;
    seen.done = true;
    return JM_OK;
}

static void work_ends_on_the_loop(void **state)
{
    (void)state;
    jm_id id;
    seen = (struct seen){0};
    sem_init(&may_end, 0, 1);
    assert_int_equal(jmh_ext_work.submit(host, "w", NULL, on_worked, NULL, &id), JM_EINVAL);
    assert_int_equal(jmh_ext_work.submit(host, "w", wait_for_it, on_worked, NULL, &id), JM_OK);
    assert_true(small_host_run_until(&small, &seen.done));
    assert_int_equal(seen.id, id);
    assert_int_equal(seen.status, JM_EBUSY);
    assert_int_equal(jmh_ext_work.cancel(host, id), JM_EGONE);
    sem_destroy(&may_end);
}

/* A completion that would begin the next step, for ever. */
static jm_status on_worked_again(void *user, jm_id work, jm_status status)
{
    jm_id next;
    (void)on_worked(user, work, status);
    jm_status again = jmh_ext_work.submit(host, "again", wait_for_it, on_worked_again, NULL, &next);
    seen.status = again;
    return JM_OK;
}

static void an_end_is_final(void **state)
{
    (void)state;
    jm_id id;
    seen = (struct seen){0};
    sem_init(&may_end, 0, 1);
    assert_int_equal(jmh_ext_work.submit(host, "w", wait_for_it, on_worked_again, NULL, &id),
                     JM_OK);
    assert_false(jmh_registry_is_idle(small.host.registry));
    jmh_registry_stop(small.host.registry);
    assert_int_equal(seen.calls, 1);
    assert_int_equal(seen.status, JM_ESTATE);
    assert_true(jmh_registry_is_idle(small.host.registry));
    sem_destroy(&may_end);
}

#define POOL_THREADS 4

/* The pool is full, so that the last work has not begun. */
static void work_is_taken_back(void **state)
{
    (void)state;
    jm_id ids[POOL_THREADS + 1];
    seen = (struct seen){0};
    sem_init(&may_end, 0, 0);
    for (int i = 0; i <= POOL_THREADS; i++)
        assert_int_equal(jmh_ext_work.submit(host, "w", wait_for_it, on_worked, NULL, &ids[i]),
                         JM_OK);
    assert_int_equal(jmh_ext_work.cancel(host, ids[POOL_THREADS]), JM_OK);
    assert_true(small_host_run_until(&small, &seen.done));
    assert_int_equal(seen.id, ids[POOL_THREADS]);
    assert_int_equal(seen.status, JM_ECANCELLED);
    assert_int_equal(jmh_leases_count(plugin), POOL_THREADS);

    /* The end of the plugin waits for the others: each completes once. */
    for (int i = 0; i < POOL_THREADS; i++)
        sem_post(&may_end);
    jmh_registry_stop(small.host.registry);
    assert_int_equal(seen.calls, POOL_THREADS + 1);
    sem_destroy(&may_end);
}

static void an_end_takes_all_along(void **state)
{
    (void)state;
    int ends[2];
    jm_id id;
    const jm_client_desc desc = {.size = sizeof desc, .transport = "test"};
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(jmh_ext_timer.start(host, "t", 60000, 0, on_once, NULL, &id), JM_OK);
    assert_int_equal(jmh_ext_fd.watch(host, "p", ends[0], JM_FD_READABLE, on_readable, ends, &id),
                     JM_OK);
    assert_int_equal(jmh_ext_client.open(host, &desc, &id), JM_OK);
    assert_int_equal(jmh_clients_count(small.host.clients), 1);
    assert_int_equal(jmh_leases_count(plugin), 3);
    jmh_registry_stop(small.host.registry);
    assert_int_equal(plugin->state, JMH_PLUGIN_ENDED);
    assert_int_equal(jmh_clients_count(small.host.clients), 0);
    close(ends[0]);
    close(ends[1]);
}

static void events_of_nobody(void **state)
{
    (void)state;
    jm_span none = {NULL, 0}, fields = jmh_span("{}");
    assert_int_equal(jmh_ext_event.publish(host, jmh_span("x"), none, fields), JM_ENOENT);
    assert_non_null(strstr(last(), "event type 'x' is declared by no active plugin"));
    assert_int_equal(jmh_ext_event.inject(host, jmh_span("x"), none, fields, JM_RETAIN_NONE),
                     JM_EINVAL);
    assert_int_equal(
        jmh_ext_event.inject(host, jmh_span("x"), none, jmh_span("[]"), JM_RETAIN_MEMORY),
        JM_EINVAL);
    assert_int_equal(jmh_ext_event.inject(host, jmh_span("x"), none, fields, JM_RETAIN_MEMORY),
                     JM_OK);
}

static void ids_of_nobody(void **state)
{
    (void)state;
    jm_span value;
    uint64_t ack;
    assert_int_equal(jmh_ext_http.respond(host, 77, 200, jmh_span("{}")), JM_EGONE);
    assert_int_equal(jmh_ext_http.get_param(host, 77, "x", &value), JM_ENOENT);
    int fd = dup(STDOUT_FILENO);
    assert_int_equal(jmh_ext_http.respond_file(host, 77, fd, "text/plain", (jm_span){NULL, 0}),
                     JM_EGONE);
    assert_int_equal(write(fd, "", 0), -1); /* it was taken all the same */
    assert_int_equal(jmh_ext_message.send(host, 77, jmh_span("{\"type\":\"x\"}")), JM_EGONE);
    assert_int_equal(jmh_ext_client.take(host, 77, 1, NULL, NULL, &ack), JM_EGONE);
    assert_int_equal(jmh_ext_client.close(host, 77), JM_EGONE);
    assert_int_equal(jmh_ext_task.cancel(host, 77), JM_EGONE);
    assert_int_equal(jmh_ext_metric.add(host, 77, 1), JM_EGONE);
}

static jm_status on_task(void *user, jm_id task, jm_status status, jm_span text)
{
    (void)user, (void)task, (void)status, (void)text;
    return JM_OK;
}

static void tasks_are_checked(void **state)
{
    (void)state;
    jm_id id;
    jm_task task = {.size = sizeof task,
                    .priority = JM_TASK_NORMAL,
                    .name = "echo",
                    .label = "echo",
                    .request = jmh_span("{}"),
                    .done = on_task};
    assert_int_equal(jmh_ext_task.run(host, &task, &id), JM_ENOENT);
    assert_string_equal(last(), "plugin 'good' has no task object: its manifest names none");
    task.request = jmh_span("[]");
    assert_int_equal(jmh_ext_task.run(host, &task, &id), JM_EINVAL);
    task.request = jmh_span("{}");
    task.priority = 11;
    assert_int_equal(jmh_ext_task.run(host, &task, &id), JM_EINVAL);
    task.priority = 0;
    task.fd_count = JM_TASK_MAX_FDS + 1;
    assert_int_equal(jmh_ext_task.run(host, &task, &id), JM_EINVAL);
    assert_int_equal(jmh_leases_count(plugin), 0);
}

static void tables_of_others(void **state)
{
    (void)state;
    assert_int_equal(
        jmh_ext_store.exec(host, "SELECT * FROM junmai_events", NULL, 0, NULL, NULL, NULL),
        JM_EACCES);
    assert_int_equal(jmh_ext_store.exec(host, "SELEC", NULL, 0, NULL, NULL, NULL), JM_EINVAL);
    assert_non_null(strstr(last(), "SELEC"));
    assert_int_equal(jmh_ext_store.exec(host, NULL, NULL, 0, NULL, NULL, NULL), JM_EINVAL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(tables_by_id),
        TEST(registering_is_for_init),
        TEST(states_allow),
        TEST(another_thread_is_refused),
        TEST(sentences),
        TEST(a_timer_fires_once),
        TEST(a_timer_stops_itself),
        TEST(a_watch_ends_itself),
        TEST(work_ends_on_the_loop),
        TEST(work_is_taken_back),
        TEST(an_end_is_final),
        TEST(an_end_takes_all_along),
        TEST(events_of_nobody),
        TEST(ids_of_nobody),
        TEST(tasks_are_checked),
        TEST(tables_of_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
