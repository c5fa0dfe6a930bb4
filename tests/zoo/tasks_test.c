/* Tasks of a plugin, from the client's request to the worker process and back, in each of the ways in
 * which one can end. Whatever becomes of a task, the host serves on. */
#include "zoo.h"

#include <stdlib.h>
#include <string.h>

static struct zoo zoo;
static struct jmt_ws ws;

static int open_zoo(void **state)
{
    (void)state;
    zoo_tame_workers();
    zoo_open(&zoo, "everything", NULL);
    return 0;
}

static int close_zoo(void **state)
{
    (void)state;
    zoo_close(&zoo);
    return 0;
}

/* Each test hears of its own tasks alone. */
static int listen(void **state)
{
    (void)state;
    listen_open(&ws, &zoo.studio, "everything_tasks");
    return 0;
}

static int hang_up(void **state)
{
    (void)state;
    jmt_ws_fini(&ws);
    return 0;
}

static json_t *next_progress(void)
{
    return listen_event(&ws, "everything_progressed", "everything_tasks");
}

/* A task that must fail, with that status of the plugin and these words. */
static void expect_failure(const char *task, const char *status, const char *words)
{
    char path[96];
    struct jmt_response response;
    snprintf(path, sizeof path, "/everything/task/%s", task);
    ask_raw(&zoo.studio, &(struct jmt_request){.method = "POST", .path = path}, &response);
    const char *told = jmt_response_header(&response, "X-Status");
    if (response.status != 500 || !told || strcmp(told, status) != 0 ||
        !strstr(response.body, words))
        fail_msg("%s ended with %d, %s: %s", task, response.status, told ? told : "no status",
                 response.body);
    jmt_response_fini(&response);
    json_decref(ask(&zoo.studio, 200, "GET", "/healthz", NULL));
}

static void test_echo(void **state)
{
    (void)state;
    json_t *answer =
        ask(&zoo.studio, 200, "POST", "/everything/task/echo", json_pack("{s:[i, n]}", "x", 1));
    assert_int_equal(json_array_size(list_of(answer, "x")), 2);
    json_decref(answer);
    json_t *progress = next_progress();
    assert_true(number_of(progress, "percent") == 50);
    expect_null(progress, "detail");
    json_decref(progress);
}

static void test_file(void **state)
{
    (void)state;
    free(zoo_write_file(&zoo, "picture", "raw bytes", 9));
    json_t *answer =
        ask(&zoo.studio, 200, "POST", "/everything/task/measure?file=picture", json_object());
    expect_int(answer, "files", 1);
    expect_int(answer, "bytes", 9);
    json_decref(answer);
    answer = ask(&zoo.studio, 200, "POST", "/everything/task/measure", NULL);
    expect_int(answer, "files", 0);
    json_decref(answer);
}

static json_t *cancel(json_int_t task)
{
    char path[64];
    snprintf(path, sizeof path, "/everything/cancel/%lld", (long long)task);
    return ask(&zoo.studio, 200, "POST", path, NULL);
}

/* Starts a task, waits until it is under way, cancels it, and takes the end of its request. */
static void expect_cancelled(const char *path)
{
    struct jmt_http http;
    struct jmt_response response;
    must(jmt_http_open(&http, zoo.studio.host.port));
    must(jmt_http_send(&http, &(struct jmt_request){.method = "POST", .path = path}));
    json_t *progress = next_progress();
    json_int_t task = int_of(progress, "task");
    json_decref(progress);
    json_t *answer = cancel(task);
    expect_int(answer, "status", 0);
    json_decref(answer);
    must(jmt_http_receive(&http, &response, ZOO_MS));
    assert_int_equal(response.status, 500);
    assert_string_equal(jmt_response_header(&response, "X-Status"), "-12");
    jmt_response_fini(&response);
    jmt_http_close(&http);
    answer = cancel(task);
    expect_int(answer, "status", -5);
    json_decref(answer);
}

static void test_cancel(void **state)
{
    (void)state;
    expect_cancelled("/everything/task/count");
}

/* What a task says of its progress comes with it; conflation leaves the newest. */
static void test_progress(void **state)
{
    struct jmt_http http;
    json_int_t last = 0;
    json_int_t task = 0;
    (void)state;
    must(jmt_http_open(&http, zoo.studio.host.port));
    must(jmt_http_send(&http,
                       &(struct jmt_request){.method = "POST", .path = "/everything/task/count"}));
    for (int i = 0; i < 3; i++) {
        json_t *progress = next_progress();
        json_int_t step = int_of(object_of(progress, "detail"), "step");
        assert_true(step > last);
        last = step;
        task = int_of(progress, "task");
        json_decref(progress);
    }
    json_decref(cancel(task));
    struct jmt_response response;
    must(jmt_http_receive(&http, &response, ZOO_MS));
    jmt_response_fini(&response);
    jmt_http_close(&http);
}

/* One that does not heed it is stopped with its worker. */
static void test_stubborn(void **state)
{
    (void)state;
    expect_cancelled("/everything/task/hang");
}

static void test_failures(void **state)
{
    (void)state;
    expect_failure("refuse", "-14", "the picture is upside down");
    expect_failure("unheard_of", "-3", "unheard_of");
    expect_failure("hang?wall_ms=300", "-11", "took longer than its limit of 0.3 s");
    expect_failure("spin?cpu_ms=300", "-11", "of processor time, its limit");
}

static void test_memory(void **state)
{
    (void)state;
    if (zoo_has_asan()) {
        print_message("AddressSanitizer takes more memory than any limit: skipped\n");
        skip();
    }
    expect_failure("hoard?memory_mib=64", "-2", "used more than 64 MiB of memory, its limit");
}

/* A task that kills its worker is tried once more, and then refused. */
static void test_poison(void **state)
{
    double crashes = zoo_metric(&zoo, "junmai_worker_crashes_total");
    double poisoned = zoo_metric(&zoo, "junmai_tasks_poisoned_total");
    (void)state;
    expect_failure("crash", "-13", "is poison: two workers died of it");
    assert_true(zoo_metric(&zoo, "junmai_worker_crashes_total") == crashes + 2);
    assert_true(zoo_metric(&zoo, "junmai_tasks_poisoned_total") == poisoned + 1);
    test_echo(state);
}

/* A host that ends does not wait for a task. */
static void test_stop(void **state)
{
    struct zoo own;
    struct jmt_ws listener;
    struct jmt_http http;
    (void)state;
    zoo_open(&own, "everything", NULL);
    listen_open(&listener, &own.studio, "everything_tasks");
    must(jmt_http_open(&http, own.studio.host.port));
    must(jmt_http_send(&http,
                       &(struct jmt_request){.method = "POST", .path = "/everything/task/hang"}));
    json_decref(listen_event(&listener, "everything_progressed", "everything_tasks"));
    must(jmt_process_signal(&own.studio.host.process, SIGTERM));
    assert_int_equal(jmt_process_wait(&own.studio.host.process, ZOO_MS), 0);
    jmt_http_close(&http);
    jmt_ws_fini(&listener);
    zoo_drop(&own);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_echo, listen, hang_up),
        cmocka_unit_test(test_file),
        cmocka_unit_test_setup_teardown(test_cancel, listen, hang_up),
        cmocka_unit_test_setup_teardown(test_progress, listen, hang_up),
        cmocka_unit_test_setup_teardown(test_stubborn, listen, hang_up),
        cmocka_unit_test(test_failures),
        cmocka_unit_test(test_memory),
        cmocka_unit_test_setup_teardown(test_poison, listen, hang_up),
        cmocka_unit_test(test_stop),
    };
    return cmocka_run_group_tests(tests, open_zoo, close_zoo);
}
