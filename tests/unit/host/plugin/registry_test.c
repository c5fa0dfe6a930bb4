/* The registry with real plugins: what starts, what is refused and with which sentence, what remains of
 * it, and what a stop leaves behind. */
#include "small_host.h"

#include "host/util/span.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static struct small_host small;

static const struct {
    const char *scenario, *plugin;
    enum jmh_plugin_state state;
    const char *sentence;
} starts[] = {
    {"good", "good", JMH_PLUGIN_ACTIVE, ""},
    {"bad_magic", "bad_magic", JMH_PLUGIN_REFUSED, "magic number"},
    {"crash_ctor", "crash_ctor", JMH_PLUGIN_REFUSED, "crashed with SIGABRT"},
    {"half_written", "half_written", JMH_PLUGIN_REFUSED, "is not complete"},
    {"other_version", "good", JMH_PLUGIN_REFUSED, "is 'good' 1.0.0, but its manifest"},
    {"fails_init", "fails_init", JMH_PLUGIN_REFUSED,
     "plugin 'fails_init': init() failed: the camera bridge is not plugged in"},
    {"fails_activate", "fails_activate", JMH_PLUGIN_REFUSED,
     "plugin 'fails_activate': activate() failed: the port is in use"},
    {"bad_option", "bad_option", JMH_PLUGIN_REFUSED, "default of option 'retries': 11 is out of"},
    {"conflict_route", "conflict_route_a", JMH_PLUGIN_ACTIVE, ""},
    {"conflict_route", "conflict_route_b", JMH_PLUGIN_REFUSED,
     "GET /conflict/{b} of 'conflict_route_b' is already taken by GET /conflict/{a} of"},
    {"chain", "a_consumer", JMH_PLUGIN_ACTIVE, ""},
    {"two_providers", "second_provider", JMH_PLUGIN_REFUSED, "'first_provider' provides already"},
};

static void each_scenario(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        small_host_prepare(&small, NULL);
        if (small_host_start(&small, starts[i].scenario, NULL) != JM_OK)
            fail_msg("%s: %s", starts[i].scenario, small.err.text);
        const struct jmh_plugin *plugin = small_host_plugin(&small, starts[i].plugin);
        if (plugin->state != starts[i].state ||
            strstr(plugin->reason.text, starts[i].sentence) == NULL)
            fail_msg("%s is %s: %s", starts[i].plugin, jmh_plugin_state_name(plugin->state),
                     plugin->reason.text);
        if (starts[i].state == JMH_PLUGIN_REFUSED)
            assert_null(plugin->registrations);
        small_host_stop(&small);
        small_host_remove(&small);
    }
}

static const struct {
    const char *scenario, *config;
    jm_status status;
    const char *sentence;
} errors[] = {
    {"cycle", NULL, JM_EINVAL, "plugins need each other in a circle"},
    {"needs_missing", NULL, JM_ENOENT, "needs service test.nowhere/1, which no plugin here"},
    {"manifest_bad_json", NULL, JM_EINVAL, "bad_json.json: line 3"},
    {"manifest_other_name", NULL, JM_EINVAL, "so the file must be called other_name.json"},
    {"manifest_unknown_key", NULL, JM_EINVAL, "did you mean 'requires'?"},
    {"nowhere", NULL, JM_ENOENT, "the plugin folder"},
    {"good", "{\"plugins\": {\"god\": {}}}", JM_ENOENT,
     "plugins.god: there is no such plugin in " TEST_PLUGINS "/good; did you mean 'good'?"},
    {"good", "{\"plugins\": {\"good\": {\"x\": 1}}}", JM_EINVAL,
     "plugins.good.x: there is no such option"},
    {"options", "{\"plugins\": {\"options\": {\"depth\": 11}}}", JM_EINVAL,
     "plugins.options.depth: 11 is out of range, must be 0 to 10"},
};

static void errors_of_the_start(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        small_host_prepare(&small, errors[i].config);
        jm_status status = small_host_start(&small, errors[i].scenario, NULL);
        if (status != errors[i].status || strstr(small.err.text, errors[i].sentence) == NULL)
            fail_msg("%s: %d %s", errors[i].scenario, (int)status, small.err.text);
        small_host_stop(&small);
        small_host_remove(&small);
    }
}

static void nothing_remains_of_a_failure(void **state)
{
    (void)state;
    struct jmh_route_match match;
    small_host_prepare(&small, NULL);
    assert_int_equal(small_host_start(&small, "fails_init", NULL), JM_OK);
    jmh_index_match(jmh_registry_index(small.host.registry), jmh_span("GET"),
                    jmh_span("/fails_init"), &match);
    assert_null(match.route);
    const struct jmh_plugin *plugin =
        jmh_registry_of_path(small.host.registry, jmh_span("/fails_init/x"));
    assert_string_equal(plugin->name, "fails_init");
    assert_null(jmh_registry_of_path(small.host.registry, jmh_span("/fails_initx")));
    small_host_stop(&small);
    small_host_remove(&small);
}

static void a_disabled_provider(void **state)
{
    (void)state;
    small_host_prepare(&small, "{\"plugins\": {\"b_provider\": {\"enabled\": false}}}");
    assert_int_equal(small_host_start(&small, "chain", NULL), JM_OK);
    assert_int_equal(small_host_plugin(&small, "b_provider")->state, JMH_PLUGIN_DISABLED);
    const struct jmh_plugin *plugin = small_host_plugin(&small, "a_consumer");
    assert_int_equal(plugin->state, JMH_PLUGIN_REFUSED);
    assert_non_null(strstr(plugin->reason.text,
                           "plugin 'a_consumer' needs service test.chain/1 of plugin 'b_provider', "
                           "which is disabled in "));
    assert_non_null(strstr(plugin->reason.text, "junmai.json (plugins.b_provider.enabled)"));
    small_host_stop(&small);
    small_host_remove(&small);
}

static void only_what_is_named(void **state)
{
    (void)state;
    const char *const one[] = {"b_provider", NULL}, *const wrong[] = {"b_provder", NULL};
    small_host_prepare(&small, "{\"plugins\": {\"b_provider\": {\"enabled\": false}}}");
    assert_int_equal(small_host_start(&small, "chain", one), JM_OK);
    assert_int_equal(small_host_plugin(&small, "b_provider")->state, JMH_PLUGIN_ACTIVE);
    assert_int_equal(small_host_plugin(&small, "a_consumer")->state, JMH_PLUGIN_DISABLED);
    small_host_stop(&small);
    assert_int_equal(small_host_start(&small, "chain", wrong), JM_ENOENT);
    assert_non_null(strstr(small.err.text, "did you mean 'b_provider'?"));
    small_host_stop(&small);
    small_host_remove(&small);
}

struct dup_service {
    int (*call)(void);
};

static void equal_symbols_stay_apart(void **state)
{
    (void)state;
    small_host_prepare(&small, NULL);
    assert_int_equal(small_host_start(&small, "dup_symbol", NULL), JM_OK);
    const struct dup_service *a = jmh_registry_slot(small.host.registry, "test.dup_a/1")->table;
    const struct dup_service *b = jmh_registry_slot(small.host.registry, "test.dup_b/1")->table;
    assert_int_equal(a->call(), 1);
    assert_int_equal(b->call(), 2);
    jmh_registry_stop(small.host.registry);
    assert_null(jmh_registry_slot(small.host.registry, "test.dup_a/1")->table);
    small_host_stop(&small);
    small_host_remove(&small);
}

static jm_status take_starts(void *user, int32_t version, jm_span bytes)
{
    assert_int_equal(version, 1);
    assert_int_equal(bytes.len, sizeof(int64_t));
    memcpy(user, bytes.ptr, bytes.len);
    return JM_OK;
}

/* "everything" counts its starts in its state. */
static void state_comes_back(void **state)
{
    (void)state;
    small_host_prepare(&small, NULL);
    for (int64_t i = 1; i <= 3; i++) {
        int64_t begun = 0;
        assert_int_equal(small_host_start(&small, "everything", NULL), JM_OK);
        const struct jmh_plugin *plugin = small_host_plugin(&small, "everything");
        assert_int_equal(plugin->state, JMH_PLUGIN_ACTIVE);
        jmh_registry_stop(small.host.registry);
        assert_int_equal(plugin->state, JMH_PLUGIN_ENDED);
        assert_int_equal(
            jmh_store_load_state(small.host.store, "everything", take_starts, &begun, &small.err),
            JM_OK);
        assert_int_equal(begun, i);
        small_host_stop(&small);
    }
    small_host_remove(&small);
}

/* The last words of a host whose plugin crashes in init(). */
static void a_crash_names_the_plugin(void **state)
{
    (void)state;
    int ends[2];
    char said[4096];
    size_t len = 0;
    small_host_prepare(&small, NULL);
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        for (int number = 1; number < 32; number++)
            signal(number, SIG_DFL); /* cmocka's are not junmaid's */
        (void)small_host_start(&small, "crash_init", NULL);
        _exit(0);
    }
    close(ends[1]);
    for (ssize_t more;
         len < sizeof said - 1 && (more = read(ends[0], said + len, sizeof said - 1 - len)) > 0;)
        len += (size_t)more;
    said[len] = '\0';
    close(ends[0]);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGSEGV);
    assert_non_null(strstr(said, "plugin 'crash_init' crashed with SIGSEGV in init()"));
    small_host_remove(&small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_scenario),
        cmocka_unit_test(errors_of_the_start),
        cmocka_unit_test(nothing_remains_of_a_failure),
        cmocka_unit_test(a_disabled_provider),
        cmocka_unit_test(only_what_is_named),
        cmocka_unit_test(equal_symbols_stay_apart),
        cmocka_unit_test(state_comes_back),
        cmocka_unit_test(a_crash_names_the_plugin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
