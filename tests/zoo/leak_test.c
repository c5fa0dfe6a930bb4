/* A host that ends has freed what it had, with every kind of plugin loaded and refused. In a build with
 * AddressSanitizer each leak is a failure; the images of plugins stay mapped, so that it can be named. */
#include "zoo.h"

#include <stdlib.h>
#include <string.h>

/* Leaks are looked for, whatever the environment says. */
static int look_for_leaks(void **state)
{
    const char *before = getenv("ASAN_OPTIONS");
    char options[512];
    (void)state;
    snprintf(options, sizeof options, "%s%sdetect_leaks=1", before ? before : "",
             before ? ":" : "");
    return setenv("ASAN_OPTIONS", options, 1);
}

static void use(const struct zoo *zoo, int round)
{
    static const char *const posts[] = {
        "/everything/notes",   "/everything/later", "/everything/work",    "/everything/task/echo",
        "/everything/session", "/everything/pipe",  "/everything/pollers", "/everything/crowd"};
    struct jmt_ws ws;
    listen_open(&ws, &zoo->studio, "everything");
    for (size_t i = 0; i < sizeof posts / sizeof posts[0]; i++) {
        int status = jmt_http_json(zoo->studio.host.port, "POST", posts[i],
                                   json_pack("{s:i}", "round", round), NULL);
        if (status != 200 && status != 201)
            fail_msg("POST %s was answered %d", posts[i], status);
    }
    json_decref(listen_for(&ws, "everything_stored"));
    json_decref(ask(&zoo->studio, 200, "GET", "/cpp20/count/x", NULL));
    json_decref(ask(&zoo->studio, 200, "GET", "/rust/reverse/x", NULL));
    json_decref(ask(&zoo->studio, 200, "GET", "/openapi.json", NULL));
    jmt_ws_fini(&ws);
}

static void test_no_leak(void **state)
{
    struct zoo zoo;
    (void)state;
    zoo_open(&zoo,
             "good options chain dup_symbol cpp20 rust everything partial neighbour regrets "
             "bad_magic crash_ctor conflict_route two_providers fails_init fails_activate "
             "bad_option",
             NULL);
    use(&zoo, 1);
    zoo_restart(&zoo, NULL);
    use(&zoo, 2);
    zoo_close(&zoo);
}

static void test_no_leak_of_a_refused_start(void **state)
{
    (void)state;
    zoo_refused("everything good options", zoo_option("options", "depth", json_integer(11)),
                (const char *const[]){"plugins.options.depth", NULL});
}

/* That the tests above can fail. */
static void test_leak_is_found(void **state)
{
    struct zoo zoo;
    (void)state;
    if (!zoo_has_asan()) {
        print_message("only AddressSanitizer finds leaks: skipped\n");
        skip();
    }
    zoo_open(&zoo, "leaky good", NULL);
    must(jmt_process_signal(&zoo.studio.host.process, SIGTERM));
    assert_int_not_equal(jmt_process_wait(&zoo.studio.host.process, 2 * ZOO_MS), 0);
    assert_true(zoo_log_has(&zoo, "lose_memory"));
    zoo_drop(&zoo);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_leak),
        cmocka_unit_test(test_no_leak_of_a_refused_start),
        cmocka_unit_test(test_leak_is_found),
    };
    return cmocka_run_group_tests(tests, look_for_leaks, NULL);
}
