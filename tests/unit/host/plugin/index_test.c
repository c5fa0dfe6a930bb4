/* The index: which route answers, conflicts with both owners, names, and what a match costs. */
#include "declare.h"
#include "host/plugin/index.h"
#include "host/util/span.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <time.h>

#include <cmocka.h>

static struct jmh_regset *sets[2];
static struct jmh_err err;

static int make_sets(void **state)
{
    (void)state;
    sets[0] = jmh_regset_new("first", NULL);
    sets[1] = jmh_regset_new("second", NULL);
    return sets[0] == NULL || sets[1] == NULL;
}

static int free_sets(void **state)
{
    (void)state;
    jmh_regset_free(sets[0]);
    jmh_regset_free(sets[1]);
    return 0;
}

static struct jmh_index *build(void)
{
    struct jmh_index *index = jmh_index_build(sets, 2, &err);
    if (index == NULL)
        fail_msg("%s", err.text);
    return index;
}

static struct jmh_route_match match(const struct jmh_index *index, const char *method,
                                    const char *path)
{
    struct jmh_route_match found;
    jmh_index_match(index, jmh_span(method), jmh_span(path), &found);
    return found;
}

/* The path of the route that answers, "" for none. */
static const char *answers(const struct jmh_index *index, const char *method, const char *path)
{
    struct jmh_route_match found = match(index, method, path);
    return found.route != NULL ? found.route->path : "";
}

static void a_fixed_segment_wins(void **state)
{
    (void)state;
    static const char *const paths[] = {"/",
                                        "/photos",
                                        "/photos/new",
                                        "/photos/{id:int}",
                                        "/photos/{name}",
                                        "/photos/{id:int}/thumbnail",
                                        "/photos/{name}/{part}"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        assert_int_equal(declare_route(sets[i % 2], "GET", paths[i], &err), JM_OK);
    struct jmh_index *index = build();
    assert_string_equal(answers(index, "GET", "/"), "/");
    assert_string_equal(answers(index, "GET", "/photos"), "/photos");
    assert_string_equal(answers(index, "GET", "/photos/new"), "/photos/new");
    assert_string_equal(answers(index, "GET", "/photos/17"), "/photos/{id:int}");
    assert_string_equal(answers(index, "GET", "/photos/17x"), "/photos/{name}");
    assert_string_equal(answers(index, "GET", "/photos/17/thumbnail"),
                        "/photos/{id:int}/thumbnail");
    /* The parameter of digits leads nowhere here: the match goes back. */
    assert_string_equal(answers(index, "GET", "/photos/17/raw"), "/photos/{name}/{part}");
    assert_string_equal(answers(index, "GET", "/photos/new/raw"), "/photos/{name}/{part}");
    assert_string_equal(answers(index, "GET", "/photos/"), "");
    assert_string_equal(answers(index, "GET", "//photos"), "");
    assert_string_equal(answers(index, "GET", "photos"), "");
    assert_string_equal(answers(index, "GET", ""), "");
    assert_string_equal(answers(index, "GET", "/photos/a/b/c"), "");
    jmh_index_free(index);
}

static void parameters_have_names(void **state)
{
    (void)state;
    assert_int_equal(declare_route(sets[0], "GET", "/a/{x}/b/{y:int}", &err), JM_OK);
    struct jmh_index *index = build();
    struct jmh_route_match found = match(index, "GET", "/a/one two/b/42");
    jm_span value;
    assert_int_equal(found.param_count, 2);
    assert_true(jmh_route_param(found.route, found.params, "x", &value));
    assert_true(jmh_span_is(value, "one two"));
    assert_true(jmh_route_param(found.route, found.params, "y", &value));
    assert_true(jmh_span_is(value, "42"));
    assert_false(jmh_route_param(found.route, found.params, "z", &value));
    jmh_index_free(index);
}

static void methods(void **state)
{
    (void)state;
    assert_int_equal(declare_route(sets[0], "GET", "/jobs/{id}", &err), JM_OK);
    assert_int_equal(declare_route(sets[0], "DELETE", "/jobs/{id}", &err), JM_OK);
    assert_int_equal(declare_route(sets[1], "POST", "/jobs/next", &err), JM_OK);
    struct jmh_index *index = build();
    assert_string_equal(answers(index, "HEAD", "/jobs/1"), "/jobs/{id}");
    assert_string_equal(answers(index, "GET", "/jobs/next"), "/jobs/{id}");
    assert_string_equal(answers(index, "POST", "/jobs/next"), "/jobs/next");

    struct jmh_route_match found = match(index, "PUT", "/jobs/next");
    assert_null(found.route);
    assert_true(found.path_known);
    assert_string_equal(found.allow, "GET, HEAD, POST, DELETE, OPTIONS");
    found = match(index, "OPTIONS", "/jobs/1");
    assert_true(found.path_known);
    assert_string_equal(found.allow, "GET, HEAD, DELETE, OPTIONS");
    found = match(index, "GET", "/nothing");
    assert_false(found.path_known);
    assert_string_equal(found.allow, "");
    jmh_index_free(index);
}

static void conflicts_name_both(void **state)
{
    (void)state;
    assert_int_equal(declare_route(sets[0], "GET", "/a/{x}", &err), JM_OK);
    assert_int_equal(declare_route(sets[1], "GET", "/a/{y}", &err), JM_OK);
    assert_null(jmh_index_build(sets, 2, &err));
    assert_int_equal(err.code, JM_EEXIST);
    assert_string_equal(err.text, "GET /a/{y} of 'second' is already taken by GET /a/{x} of "
                                  "'first'; disable one of the plugins");
}

static jm_status handle(void *user, const jm_message *message)
{
    (void)user, (void)message;
    return JM_OK;
}

static void message_conflict(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++)
        assert_int_equal(jmh_regset_add_message(sets[i], "hello", "h", handle, NULL, &err), JM_OK);
    assert_null(jmh_index_build(sets, 2, &err));
    assert_int_equal(err.code, JM_EEXIST);
    assert_non_null(strstr(err.text, "message 'hello' is handled by"));
}

static void types_and_channels(void **state)
{
    (void)state;
    assert_int_equal(jmh_regset_add_channel(sets[0], "jobs", "h", &err), JM_OK);
    assert_int_equal(jmh_regset_add_channel(sets[1], "jobs", "h", &err), JM_OK);
    assert_int_equal(jmh_regset_add_channel(sets[1], "queue", "h", &err), JM_OK);
    assert_int_equal(declare_type(sets[0], "kept", "jobs", JM_RETAIN_DURABLE, NULL, &err), JM_OK);
    assert_int_equal(declare_type(sets[0], "newest", "jobs", JM_RETAIN_MEMORY, "id", &err), JM_OK);
    assert_int_equal(declare_type(sets[0], "fleeting", "queue", JM_RETAIN_MEMORY, NULL, &err),
                     JM_OK);
    assert_int_equal(jmh_regset_add_message(sets[0], "m", "h", handle, NULL, &err), JM_OK);
    struct jmh_index *index = build();
    assert_string_equal(jmh_index_type(index, jmh_span("newest"))->channel, "jobs");
    assert_null(jmh_index_type(index, jmh_span("newe")));
    assert_null(jmh_index_type(index, jmh_span("newest2")));
    assert_non_null(jmh_index_message(index, jmh_span("m")));
    assert_null(jmh_index_message(index, jmh_span("")));
    assert_true(jmh_index_has_channel(index, jmh_span("jobs")));
    assert_false(jmh_index_has_channel(index, jmh_span("job")));
    assert_false(jmh_index_channel_has_memory(index, jmh_span("jobs")));
    assert_true(jmh_index_channel_has_memory(index, jmh_span("queue")));
    assert_true(jmh_index_channel_has_memory(index, jmh_span("*")));
    assert_int_equal(jmh_index_set_count(index), 2);
    assert_ptr_equal(jmh_index_set(index, 1), sets[1]);
    assert_null(jmh_index_set(index, 2));
    jmh_index_free(index);
}

static void a_type_needs_its_channel(void **state)
{
    (void)state;
    assert_int_equal(declare_type(sets[0], "t", "nowhere", JM_RETAIN_NONE, NULL, &err), JM_OK);
    assert_null(jmh_index_build(sets, 2, &err));
    assert_int_equal(err.code, JM_ENOENT);
    assert_non_null(strstr(err.text, "'first' declares event type 't' on channel 'nowhere'"));
}

static double now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

/* Generous: it is well below a microsecond where nothing else runs and nothing is instrumented. */
static void a_match_is_quick(void **state)
{
    (void)state;
    char path[64];
    for (int i = 0; i < 300; i++) {
        static const char *const forms[] = {"/api/group%d/{id:int}", "/group%d/items/{name}/part",
                                            "/group%d"};
        snprintf(path, sizeof path, forms[i % 3], i);
        assert_int_equal(declare_route(sets[i % 2], "GET", path, &err), JM_OK);
    }
    struct jmh_index *index = build();
    const int rounds = 100000;
    double begin = now_us();
    for (int i = 0; i < rounds; i++)
        if (match(index, "GET", "/group151/items/some name/part").route == NULL)
            fail();
    double each = (now_us() - begin) / rounds;
    print_message("one match of 300 routes: %.3f us\n", each);
    assert_true(each < 20);
    jmh_index_free(index);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_sets, free_sets)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_fixed_segment_wins),     TEST(parameters_have_names), TEST(methods),
        TEST(conflicts_name_both),      TEST(message_conflict),      TEST(types_and_channels),
        TEST(a_type_needs_its_channel), TEST(a_match_is_quick),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
