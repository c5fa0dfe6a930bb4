/* Plugins that are broken: the host refuses them, says why and what to do, and serves on with the
 * others; where it cannot know what was meant, it does not start. */
#include "zoo.h"

#include <stdlib.h>
#include <string.h>

/* What can be survived: the folder, the plugin in it, and what is said: the fault, and the way out
 * (NULL where the plugin's own sentence is all that there is). */
static const struct {
    const char *folder, *plugin, *fault, *advice;
} survived[] = {
    {"bad_magic", "bad_magic", "magic number 0x4a4d5032", "rebuild it with the SDK of this host"},
    {"bad_size", "bad_size", "an entry of 8 bytes", "rebuild it with the SDK of this host"},
    {"newer_abi", "newer_abi", "built for ABI 2.0", "update the host, or rebuild the plugin"},
    {"no_entry", "no_entry", "exports no junmai_plugin_entry", "define it as const jm_entry"},
    {"missing_symbol", "missing_symbol", "undefined symbol: fixture_that_nobody_defines",
     "link what is missing"},
    {"crash_ctor", "crash_ctor", "crashed with SIGABRT", "replace it, or disable it"},
    {"crash_create", "crash_create", "while it was loaded", "replace it, or disable it"},
    {"hang_ctor", "hang_ctor", "did not finish loading within 5 s", "replace it, or disable it"},
    {"half_written", "half_written", "is not complete", "copy it again"},
    {"other_version", "good", "is 'good' 1.0.0, but its manifest beside it says 'good' 2.0.0",
     "install both files from the same build"},
    {"conflict_route", "conflict_route_b", "is already taken by GET /conflict/{a}",
     "disable one of the plugins"},
    {"two_providers", "second_provider", "which plugin 'first_provider' provides already",
     "disable one of them"},
    {"bad_option", "bad_option", "default of option 'retries': 11 is out of range", NULL},
    {"fails_init", "fails_init", "the camera bridge is not plugged in", NULL},
    {"fails_activate", "fails_activate", "the port is in use", NULL},
};

/* A path that belongs to a refused plugin says so; "enabled" is what programs look at. */
static void expect_nothing_served(const struct zoo *zoo, const char *plugin)
{
    char path[64];
    snprintf(path, sizeof path, "/%s/anything", plugin);
    json_t *answer = ask(&zoo->studio, 404, "GET", path, NULL);
    expect_text(answer, "plugin", plugin);
    assert_false(bool_of(answer, "enabled"));
    json_decref(answer);
}

static bool has_route_prefix(const char *folder)
{
    return strcmp(folder, "other_version") != 0;
}

static void test_survived(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof survived / sizeof survived[0]; i++) {
        struct zoo zoo;
        char folders[64];
        const char *plugin = survived[i].plugin;
        snprintf(folders, sizeof folders, "%s everything", survived[i].folder);
        zoo_open(&zoo, folders, NULL);
        zoo_expect(&zoo, plugin, "refused", survived[i].fault);
        must(jmt_host_log_wait(&zoo.studio.host, survived[i].fault, ZOO_MS));
        if (survived[i].advice) {
            zoo_expect(&zoo, plugin, "refused", survived[i].advice);
            must(jmt_host_log_wait(&zoo.studio.host, survived[i].advice, ZOO_MS));
        }
        zoo_expect(&zoo, "everything", "active", NULL);
        json_decref(ask(&zoo.studio, 200, "GET", "/healthz", NULL));
        json_decref(ask(&zoo.studio, 200, "GET", "/everything/counts", NULL));
        if (has_route_prefix(survived[i].folder))
            expect_nothing_served(&zoo, plugin);
        zoo_close(&zoo);
    }
}

/* Two want the same route: who came first serves it. */
static void test_conflict(void **state)
{
    struct zoo zoo;
    (void)state;
    zoo_open(&zoo, "conflict_route", NULL);
    zoo_expect(&zoo, "conflict_route_a", "active", NULL);
    json_t *answer = ask(&zoo.studio, 200, "GET", "/conflict/x", NULL);
    expect_text(answer, "owner", "a");
    json_decref(answer);
    zoo_restart(&zoo, zoo_option("conflict_route_a", "enabled", json_false()));
    zoo_expect(&zoo, "conflict_route_b", "active", NULL);
    answer = ask(&zoo.studio, 200, "GET", "/conflict/x", NULL);
    expect_text(answer, "owner", "b");
    json_decref(answer);
    zoo_close(&zoo);
}

/* A provider that is disabled takes along who needs it, and the sentence names both. */
static void test_needs_disabled(void **state)
{
    struct zoo zoo;
    (void)state;
    zoo_open(&zoo, "chain good", zoo_option("b_provider", "enabled", json_false()));
    zoo_expect(&zoo, "b_provider", "disabled", NULL);
    zoo_expect(&zoo, "a_consumer", "refused", "plugin 'a_consumer' needs service test.chain/1");
    zoo_expect(&zoo, "a_consumer", "refused", "of plugin 'b_provider'");
    zoo_expect(&zoo, "a_consumer", "refused", "(plugins.b_provider.enabled)");
    zoo_expect(&zoo, "good", "active", NULL);
    expect_nothing_served(&zoo, "a_consumer");
    expect_nothing_served(&zoo, "b_provider");
    zoo_restart(&zoo, NULL);
    zoo_expect(&zoo, "a_consumer", "active", NULL);
    zoo_expect(&zoo, "b_provider", "active", NULL);
    zoo_close(&zoo);
}

/* What an operator must put right before anything starts. */
static void test_start_refused(void **state)
{
    (void)state;
    zoo_refused("cycle good", NULL,
                (const char *const[]){"'cycle_a' needs test.cycle_b/1 of 'cycle_b'",
                                      "'cycle_b' needs test.cycle_a/1 of 'cycle_a'",
                                      "disable one of them", NULL});
    zoo_refused("needs_missing good", NULL,
                (const char *const[]){"plugin 'needs_missing' needs service test.nowhere/1",
                                      "install the one that does, or disable 'needs_missing'",
                                      NULL});
    zoo_refused("manifest_bad_json good", NULL,
                (const char *const[]){"bad_json.json: line 3", NULL});
    zoo_refused("manifest_duplicate_key good", NULL,
                (const char *const[]){"duplicate_key.json", "version", NULL});
    zoo_refused("manifest_missing_key good", NULL,
                (const char *const[]){"missing_key.json: object", NULL});
    zoo_refused("manifest_other_name good", NULL,
                (const char *const[]){"some_name.json", "must be called other_name.json", NULL});
    zoo_refused(
        "manifest_unknown_key good", NULL,
        (const char *const[]){"require: there is no such key", "did you mean 'requires'?", NULL});
    zoo_refused("manifest_wrong_type good", NULL,
                (const char *const[]){"wrong_type.json: version", "\"1.0.0\"", NULL});
}

static void test_wrong_options(void **state)
{
    static const struct {
        const char *key, *value, *words;
    } wrong[] = {
        {"watch", "1", "plugins.options.watch"},
        {"depth", "11", "plugins.options.depth: 11 is out of range, must be 0 to 10"},
        {"depth", "2.5", "plugins.options.depth"},
        {"settle_s", "0.01", "plugins.options.settle_s"},
        {"settle_s", "\"1\"", "plugins.options.settle_s"},
        {"mode", "\"link\"", "plugins.options.mode"},
        {"folders", "\"/photos\"", "plugins.options.folders"},
        {"folders", "[1]", "plugins.options.folders"},
        {"dept", "1", "plugins.options.dept: there is no such option; did you mean 'depth'?"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        zoo_refused(
            "options good",
            zoo_option("options", wrong[i].key, json_loads(wrong[i].value, JSON_DECODE_ANY, NULL)),
            (const char *const[]){"junmai.json", wrong[i].words, NULL});
    zoo_refused("good", zoo_option("god", "enabled", json_true()),
                (const char *const[]){"plugins.god: there is no such plugin",
                                      "did you mean 'good'?", NULL});
}

/* init() runs in the host itself: its crash is the host's, but the last words name it. */
static void test_crash_in_init(void **state)
{
    (void)state;
    zoo_refused(
        "crash_init good", NULL,
        (const char *const[]){"junmaid: plugin 'crash_init' crashed with SIGSEGV in init()", NULL});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_survived),       cmocka_unit_test(test_conflict),
        cmocka_unit_test(test_needs_disabled), cmocka_unit_test(test_start_refused),
        cmocka_unit_test(test_wrong_options),  cmocka_unit_test(test_crash_in_init),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
