/* Who needs whom: order, circles, what is missing, what is disabled. */
#include "host/plugin/resolve.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define MOST 8

static char *none[] = {NULL};
static struct jmh_plugin store_of[MOST];
static struct jmh_plugin *items[MOST], *order[MOST];
static size_t count;
static struct jmh_err err;

static int forget(void **state)
{
    (void)state;
    memset(store_of, 0, sizeof store_of);
    count = 0;
    return 0;
}

static struct jmh_plugin *add(const char *name, char **provides, char **requires, char **optional)
{
    struct jmh_plugin *plugin = &store_of[count];
    items[count++] = plugin;
    plugin->name = (char *)(uintptr_t)name;
    plugin->state = JMH_PLUGIN_FOUND;
    plugin->manifest.provides = provides != NULL ? provides : none;
    plugin->manifest.requires = requires != NULL ? requires : none;
    plugin->manifest.optional = optional != NULL ? optional : none;
    return plugin;
}

static jm_status resolve(size_t *found_out)
{
    return jmh_resolve((struct jmh_plugins){items, count}, order, found_out, &err);
}

static char *a1[] = {(char[]){"a/1"}, NULL};
static char *b1[] = {(char[]){"b/1"}, NULL};
static char *c1[] = {(char[]){"c/1"}, NULL};

static void providers_first(void **state)
{
    (void)state;
    size_t found;
    add("alpha", NULL, b1, NULL);
    add("beta", b1, c1, NULL);
    add("gamma", c1, NULL, NULL);
    add("zeta", NULL, NULL, NULL);
    assert_int_equal(resolve(&found), JM_OK);
    assert_int_equal(found, 4);
    assert_string_equal(order[0]->name, "gamma");
    assert_string_equal(order[1]->name, "beta");
    assert_string_equal(order[2]->name, "alpha");
    assert_string_equal(order[3]->name, "zeta");
}

static void optional_first_where_it_can(void **state)
{
    (void)state;
    size_t found;
    add("alpha", a1, NULL, b1);
    add("beta", b1, NULL, NULL);
    assert_int_equal(resolve(&found), JM_OK);
    assert_string_equal(order[0]->name, "beta");

    store_of[1].manifest.requires = a1; /* a circle, but alpha can do without */
    assert_int_equal(resolve(&found), JM_OK);
    assert_int_equal(found, 2);
    assert_string_equal(order[0]->name, "alpha");
}

/* Only a plugin of the circle starts without what it would like to have. */
static void who_waits_for_a_circle_goes_on_waiting(void **state)
{
    (void)state;
    size_t found;
    add("alpha", NULL, NULL, c1); /* not part of the circle */
    add("beta", b1, NULL, c1);
    add("gamma", c1, NULL, b1);
    assert_int_equal(resolve(&found), JM_OK);
    assert_int_equal(found, 3);
    assert_string_equal(order[0]->name, "beta");
    assert_string_equal(order[1]->name, "gamma");
    assert_string_equal(order[2]->name, "alpha");

    store_of[1].manifest.requires = c1; /* now nothing of the circle can start */
    store_of[2].manifest.requires = b1;
    assert_int_equal(resolve(&found), JM_EINVAL);
    assert_non_null(strstr(err.text, "'beta' needs c/1 of 'gamma'"));
}

static void a_circle_is_named(void **state)
{
    (void)state;
    size_t found;
    add("alpha", NULL, b1, NULL); /* not part of the circle */
    add("beta", b1, c1, NULL);
    add("gamma", c1, b1, NULL);
    assert_int_equal(resolve(&found), JM_EINVAL);
    assert_non_null(strstr(err.text, "'gamma' needs b/1 of 'beta'"));
    assert_non_null(strstr(err.text, "'beta' needs c/1 of 'gamma'"));
    assert_null(strstr(err.text, "alpha"));
}

static void a_service_of_ones_own(void **state)
{
    (void)state;
    size_t found;
    add("alpha", a1, a1, NULL);
    assert_int_equal(resolve(&found), JM_OK);
    assert_int_equal(found, 1);
}

static void nobody_provides_it(void **state)
{
    (void)state;
    size_t found;
    add("alpha", NULL, a1, b1);
    assert_int_equal(resolve(&found), JM_ENOENT);
    assert_non_null(strstr(err.text, "plugin 'alpha' needs service a/1, which no plugin here"));
    store_of[0].state = JMH_PLUGIN_DISABLED; /* what does not start needs nothing */
    assert_int_equal(resolve(&found), JM_OK);
    assert_int_equal(found, 0);
}

static void a_disabled_provider(void **state)
{
    (void)state;
    size_t found;
    struct jmh_plugins plugins = {items, 2};
    add("import", NULL, a1, NULL);
    add("catalog", a1, NULL, NULL);
    store_of[1].state = JMH_PLUGIN_DISABLED;
    jmh_err_set(&store_of[1].reason, JM_ESTATE,
                "is disabled in junmai.json (plugins.catalog.enabled)");
    assert_int_equal(resolve(&found), JM_OK);
    assert_int_equal(found, 1);
    assert_int_equal(jmh_resolve_check(plugins, items[0], &err), JM_ESTATE);
    assert_string_equal(err.text, "plugin 'import' needs service a/1 of plugin 'catalog', which is "
                                  "disabled in junmai.json (plugins.catalog.enabled)");
    store_of[1].state = JMH_PLUGIN_REFUSED;
    jmh_err_set(&store_of[1].reason, JM_EIO, "no disk");
    assert_int_equal(jmh_resolve_check(plugins, items[0], &err), JM_ESTATE);
    assert_string_equal(err.text,
                        "plugin 'import' needs service a/1 of plugin 'catalog', which was "
                        "refused: no disk");
    store_of[1].state = JMH_PLUGIN_ACTIVE;
    assert_int_equal(jmh_resolve_check(plugins, items[0], &err), JM_OK);
}

static void two_providers(void **state)
{
    (void)state;
    struct jmh_plugins plugins = {items, 2};
    add("one", a1, NULL, NULL);
    add("two", a1, NULL, NULL);
    assert_int_equal(jmh_resolve_check(plugins, items[0], &err), JM_OK);
    store_of[0].state = JMH_PLUGIN_INITED;
    assert_int_equal(jmh_resolve_check(plugins, items[1], &err), JM_EEXIST);
    assert_non_null(strstr(err.text, "'two' provides service a/1, which plugin 'one' provides"));
    store_of[0].state = JMH_PLUGIN_DISABLED;
    assert_int_equal(jmh_resolve_check(plugins, items[1], &err), JM_OK);
    assert_ptr_equal(jmh_provider_of(plugins, "a/1"), items[1]);
}

#define TEST(name) cmocka_unit_test_setup(name, forget)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(providers_first),       TEST(optional_first_where_it_can),
        TEST(a_circle_is_named),     TEST(who_waits_for_a_circle_goes_on_waiting),
        TEST(a_service_of_ones_own), TEST(nobody_provides_it),
        TEST(a_disabled_provider),   TEST(two_providers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
