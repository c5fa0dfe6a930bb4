/* Plugins side by side: of three languages, with equal symbols, and one that needs another. */
#include "zoo.h"

static struct zoo zoo;

static int open_zoo(void **state)
{
    (void)state;
    zoo_open(&zoo, "good options chain dup_symbol cpp20 rust everything", NULL);
    return 0;
}

static int close_zoo(void **state)
{
    (void)state;
    zoo_close(&zoo);
    return 0;
}

static void test_all_active(void **state)
{
    json_t *answer = ask(&zoo.studio, 200, "GET", "/plugins", NULL);
    json_t *plugin;
    size_t i;
    (void)state;
    expect_int(answer, "count", 9);
    json_array_foreach(list_of(answer, "plugins"), i, plugin)
    {
        expect_text(plugin, "state", "active");
    }
    json_decref(answer);
}

static void expect_number(const char *path, const char *key, json_int_t wanted)
{
    json_t *answer = ask(&zoo.studio, 200, "GET", path, NULL);
    expect_int(answer, key, wanted);
    json_decref(answer);
}

/* Each calls the function of its own. */
static void test_equal_symbols(void **state)
{
    (void)state;
    expect_number("/dup_symbol_a", "number", 1);
    expect_number("/dup_symbol_b", "number", 2);
    expect_number("/dup_symbol_a", "number", 1);
}

/* An exception ends at the boundary: the request fails, the plugin goes on. */
static void test_cpp(void **state)
{
    (void)state;
    expect_number("/cpp20/count/twice", "times", 1);
    ask_refused(&zoo.studio, 500, "GET", "/cpp20/count/throw", NULL, "its log says why");
    must(jmt_host_log_wait(&zoo.studio.host, "thrown on purpose", ZOO_MS));
    expect_number("/cpp20/count/twice", "times", 2);
}

static void test_rust(void **state)
{
    (void)state;
    json_t *answer = ask(&zoo.studio, 200, "GET", "/rust/reverse/emosewa", NULL);
    expect_text(answer, "reversed", "awesome");
    json_decref(answer);
    ask_refused(&zoo.studio, 500, "GET", "/rust/reverse/panic", NULL, "its log says why");
    must(jmt_host_log_wait(&zoo.studio.host, "a panic was stopped", ZOO_MS));
    expect_number("/rust/reverse/again", "asked", 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_active),
        cmocka_unit_test(test_equal_symbols),
        cmocka_unit_test(test_cpp),
        cmocka_unit_test(test_rust),
    };
    return cmocka_run_group_tests(tests, open_zoo, close_zoo);
}
