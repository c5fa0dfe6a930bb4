/* Queries and paths, decoded. */
#include "host/http/query.h"

#include "host/util/span.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

struct query_case {
    const char *query, *name;
    const char *value; /* NULL: not there */
};

static const struct query_case queries[] = {
    {"a=1&b=2", "a", "1"},
    {"a=1&b=2", "b", "2"},
    {"a=1&b=2", "c", NULL},
    {"", "a", NULL},
    {"a", "a", ""},
    {"a=", "a", ""},
    {"a&b", "b", ""},
    {"&&a=1&&", "a", "1"},
    {"=1", "", NULL},
    {"aa=1&a=2", "a", "2"},
    {"a=1&aa=2", "aa", "2"},
    {"a=first&a=second", "a", "first"},
    {"a=b=c", "a", "b=c"},
    {"a=1;b=2", "b", NULL},
    {"a=x+y", "a", "x y"},
    {"a=x%2By", "a", "x+y"},
    {"a=x%20y%26z", "a", "x y&z"},
    {"a=%e5%86%99", "a", "\xe5\x86\x99"},
    {"a=%E5%86%99", "a", "\xe5\x86\x99"},
    {"a=100%", "a", "100%"},
    {"a=%2", "a", "%2"},
    {"a=%zz%4", "a", "%zz%4"},
    {"a=%%41", "a", "%A"},
    {"a=x%00y", "a", "x%00y"},
    {"a=%ff", "a", "\xef\xbf\xbd"},
    {"a=\xff!", "a", "\xef\xbf\xbd!"},
    {"a=%c3%28", "a", "\xef\xbf\xbd("},
    {"a=%e5%86", "a", "\xef\xbf\xbd\xef\xbf\xbd"},
    {"%61%62=1", "ab", "1"},
    {"a+b=1", "a b", "1"},
    {"a%3d=1", "a=", "1"},
};

static void a_value_is_found_and_decoded(void **state)
{
    (void)state;
    struct jmh_buf value = {0};
    for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++) {
        const struct query_case *one = &queries[i];
        bool found = jmh_query_get(jmh_span(one->query), one->name, &value);
        if (found != (one->value != NULL)) {
            fail_msg("'%s' in '%s'", one->name, one->query);
        }
        if (found && !jmh_span_is(jmh_buf_span(&value), one->value)) {
            fail_msg("'%s' in '%s' is '%.*s'", one->name, one->query,
                     JMH_ARG(jmh_buf_span(&value)));
        }
    }
    assert_false(jmh_query_get((jm_span){NULL, 0}, "a", &value));
    jmh_buf_fini(&value);
}

static void a_span_ends_where_it_says(void **state)
{
    (void)state;
    struct jmh_buf value = {0};
    assert_true(jmh_query_get((jm_span){"a=%41", 4}, "a", &value));
    assert_true(jmh_span_is(jmh_buf_span(&value), "%4"));
    assert_true(jmh_query_get((jm_span){"a=%41", 3}, "a", &value));
    assert_true(jmh_span_is(jmh_buf_span(&value), "%"));
    jmh_buf_fini(&value);
}

static const struct {
    const char *path, *decoded; /* NULL: refused */
} paths[] = {
    {"/", "/"},
    {"/photos/12", "/photos/12"},
    {"/a%20b+c", "/a b+c"},
    {"/%e5%86%99", "/\xe5\x86\x99"},
    {"/a//b/", "/a//b/"},
    {"/..a/a../...", "/..a/a../..."},
    {"/%2525", "/%25"},
    {"", NULL},
    {"photos", NULL},
    {"*", NULL},
    {"/a%2Fb", NULL},
    {"/a%2fb", NULL},
    {"/a%00b", NULL},
    {"/a%", NULL},
    {"/a%4", NULL},
    {"/a%4g", NULL},
    {"/..", NULL},
    {"/../etc", NULL},
    {"/a/../b", NULL},
    {"/a/..", NULL},
    {"/a/%2e%2E/b", NULL},
    {"/a/.%2e", NULL},
    {"/%ff", NULL},
    {"/\xc3", NULL},
};

static void a_path_is_decoded_or_refused(void **state)
{
    (void)state;
    struct jmh_buf decoded = {0};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        bool ok = jmh_path_decode(jmh_span(paths[i].path), &decoded);
        if (ok != (paths[i].decoded != NULL)) {
            fail_msg("%s", paths[i].path);
        }
        if (ok) {
            assert_true(jmh_span_is(jmh_buf_span(&decoded), paths[i].decoded));
            assert_int_equal(decoded.data[decoded.len], '\0');
        }
    }
    assert_false(jmh_path_decode((jm_span){"/a\0b", 4}, &decoded));
    jmh_buf_fini(&decoded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_is_found_and_decoded),
        cmocka_unit_test(a_span_ends_where_it_says),
        cmocka_unit_test(a_path_is_decoded_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
