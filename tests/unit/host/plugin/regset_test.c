/* Registration sets: what is copied, what is refused, and that a refusal leaves the set as it was. */
#include "declare.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct jmh_regset *set;
static struct jmh_err err;

static int make_set(void **state)
{
    (void)state;
    set = jmh_regset_new("someone", NULL);
    return set == NULL;
}

static int free_set(void **state)
{
    (void)state;
    jmh_regset_free(set);
    return 0;
}

static jm_status handle(void *user, const jm_message *message)
{
    (void)user, (void)message;
    return JM_OK;
}

static void channels(void **state)
{
    (void)state;
    char name[] = "jobs";
    assert_int_equal(jmh_regset_add_channel(set, name, "Jobs.", &err), JM_OK);
    name[0] = 'x'; /* the set has its own copy */
    assert_string_equal(set->channels[0].name, "jobs");
    assert_int_equal(jmh_regset_add_channel(set, "jobs", "Again.", &err), JM_OK);
    assert_int_equal(set->channel_count, 1);
    assert_int_equal(jmh_regset_add_channel(set, "Jobs", "x", &err), JM_EINVAL);
    assert_int_equal(jmh_regset_add_channel(set, NULL, "x", &err), JM_EINVAL);
    assert_int_equal(jmh_regset_add_channel(set, "queue", NULL, &err), JM_EINVAL);
    assert_non_null(strstr(err.text, "'queue' without saying what it is"));
    assert_int_equal(set->channel_count, 1);
}

static void many_of_a_kind(void **state)
{
    (void)state;
    char name[32];
    for (int i = 0; i < 1000; i++) {
        snprintf(name, sizeof name, "m%d", i);
        assert_int_equal(jmh_regset_add_message(set, name, "h", handle, NULL, &err), JM_OK);
    }
    for (int i = 0; i < 1000; i++) {
        snprintf(name, sizeof name, "m%d", i);
        assert_string_equal(set->messages[i].name, name);
    }
    assert_int_equal(jmh_regset_add_message(set, "m500", "h", handle, NULL, &err), JM_EEXIST);
    assert_int_equal(jmh_regset_add_message(set, "new", "h", NULL, NULL, &err), JM_EINVAL);
    assert_int_equal(set->message_count, 1000);
}

static void services(void **state)
{
    (void)state;
    static const int table = 1;
    assert_int_equal(jmh_regset_add_service(set, "a/1", &table, NULL, &err), JM_OK);
    assert_int_equal(jmh_regset_add_service(set, "a/1", &table, NULL, &err), JM_EEXIST);
    assert_int_equal(jmh_regset_add_service(set, "b/1", NULL, NULL, &err), JM_EINVAL);
    assert_int_equal(set->service_count, 1);
}

static void good_types(void **state)
{
    (void)state;
    assert_int_equal(declare_type(set, "a", "c", JM_RETAIN_DURABLE, NULL, &err), JM_OK);
    assert_int_equal(declare_type(set, "b", "c", JM_RETAIN_MEMORY, "id", &err), JM_OK);
    assert_int_equal(declare_type(set, "d", "c", JM_RETAIN_MEMORY, "", &err), JM_OK);
    assert_string_equal(set->types[1].conflate_key, "id");
    assert_string_equal(set->types[2].conflate_key, "");
    assert_string_equal(set->types[0].fields[0].name, "id");
    assert_ptr_equal(set->types[0].owner, set);
}

static void bad_types(void **state)
{
    (void)state;
    assert_int_equal(declare_type(set, "a", "c", JM_RETAIN_DURABLE, "id", &err), JM_EINVAL);
    assert_int_equal(declare_type(set, "a", "c", JM_RETAIN_MEMORY, "other", &err), JM_EINVAL);
    assert_non_null(strstr(err.text, "other is its conflate key, but none of its fields"));
    assert_int_equal(declare_type(set, "a", "c", 4, NULL, &err), JM_EINVAL);
    assert_int_equal(declare_type(set, "A", "c", JM_RETAIN_NONE, NULL, &err), JM_EINVAL);
    assert_int_equal(declare_type(set, "a", "", JM_RETAIN_NONE, NULL, &err), JM_EINVAL);
    assert_int_equal(jmh_regset_add_type(set, NULL, &err), JM_EINVAL);
    assert_int_equal(set->type_count, 0);
    assert_int_equal(declare_type(set, "a", "c", JM_RETAIN_NONE, NULL, &err), JM_OK);
    assert_int_equal(declare_type(set, "a", "c", JM_RETAIN_NONE, NULL, &err), JM_EEXIST);
}

static void bad_fields(void **state)
{
    (void)state;
    static const struct {
        jm_field fields[2];
        const char *sentence;
    } cases[] = {
        {{{"type", JM_FIELD_TEXT, 0, "h"}}, "type is not the plugin's"},
        {{{"seq", JM_FIELD_INT, 0, "h"}}, "seq is not the plugin's"},
        {{{"a", 0, 0, "h"}}, "a has no type"},
        {{{"a", JM_FIELD_OPTIONAL, 0, "h"}}, "a has no type"},
        {{{"a", 1u << 9, 0, "h"}}, "a has no type"},
        {{{"a", JM_FIELD_INT, 0, NULL}}, "a needs a help text"},
        {{{NULL, JM_FIELD_INT, 0, "h"}}, "has no name"},
        {{{"a", JM_FIELD_INT, 0, "h"}, {"a", JM_FIELD_INT, 0, "h"}}, "a is declared twice"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t count = i == sizeof cases / sizeof *cases - 1 ? 2 : 1;
        const jm_event_type type = {.size = sizeof type,
                                    .retention = JM_RETAIN_NONE,
                                    .name = "a",
                                    .channel = "c",
                                    .help = "h",
                                    .fields = cases[i].fields,
                                    .field_count = count};
        assert_int_equal(jmh_regset_add_type(set, &type, &err), JM_EINVAL);
        if (strstr(err.text, cases[i].sentence) == NULL)
            fail_msg("case %zu is told as: %s", i, err.text);
    }
    assert_int_equal(set->type_count, 0);
}

static void paths(void **state)
{
    (void)state;
    static const char *const good[] = {"/", "/a", "/a/b-c.d", "/a/{id:int}",
                                       "/{a}/{b}/{c}/{d}/{e}/{f}"};
    static const char *const bad[] = {
        "",         "a",    "/a/",        "//a",     "/a b",
        "/{id",     "/{}",  "/{id:text}", "/{Id}",   "/{a}/{a}",
        "/a?b",     "/%41", "/x{id}/y",   "/{:int}", "/{a}/{b}/{c}/{d}/{e}/{f}/{g}",
        "/\xc3\xa4"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_int_equal(declare_route(set, "GET", good[i], &err), JM_OK);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (declare_route(set, "GET", bad[i], &err) != JM_EINVAL)
            fail_msg("the path '%s' was taken", bad[i]);
    assert_int_equal(set->route_count, sizeof good / sizeof *good);
}

static jm_status never(void *user, const jm_request *request)
{
    (void)user;
    (void)request;
    return JM_EIO;
}

static void methods_flags_queries(void **state)
{
    (void)state;
    jm_route route = {.size = sizeof route, .method = "GET", .path = "/a", .help = "h"};
    assert_int_equal(jmh_regset_add_route(set, &route, &err), JM_EINVAL); /* no function */
    assert_int_equal(declare_route(set, "HEAD", "/a", &err), JM_EINVAL);
    assert_int_equal(declare_route(set, "get", "/a", &err), JM_EINVAL);
    assert_int_equal(declare_route(set, "PATCH", "/a", &err), JM_OK);
    route.fn = set->routes[0].fn;
    route.flags = 1u << 20;
    assert_int_equal(jmh_regset_add_route(set, &route, &err), JM_EINVAL);
    route.flags = JM_ROUTE_SUCCESS_FORM;
    route.query = "limit:int=100|status:text|deep:bool|min:number=0.5";
    assert_int_equal(jmh_regset_add_route(set, &route, &err), JM_OK);
    assert_string_equal(set->routes[1].query, route.query);
    static const char *const bad[] = {"limit", "limit:", "limit:integer", ":int", "a:int||b:int"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        route.query = bad[i];
        if (jmh_regset_add_route(set, &route, &err) != JM_EINVAL)
            fail_msg("the query '%s' was taken", bad[i]);
    }
}

static void bodies_and_answers(void **state)
{
    (void)state;
    static const char *const good[] = {"", "a:text",
                                       "a:text[]?|b:any|jobId:object[]|d:int=4|e:bool?"};
    static const char *const bad[] = {"a", "a:", "4a:int", "a:[]", "a:int?[]", "a:list"};
    jm_route route = {.size = sizeof route, .method = "POST", .help = "h", .fn = never};
    char path[16];
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        snprintf(path, sizeof path, "/a%zu", i);
        route.path = path;
        route.body = route.answer = good[i];
        assert_int_equal(jmh_regset_add_route(set, &route, &err), JM_OK);
        assert_string_equal(set->routes[i].body, good[i]);
        assert_string_equal(set->routes[i].answer, good[i]);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        route.body = bad[i];
        route.answer = NULL;
        if (jmh_regset_add_route(set, &route, &err) != JM_EINVAL)
            fail_msg("the body '%s' was taken", bad[i]);
        route.body = NULL;
        route.answer = bad[i];
        if (jmh_regset_add_route(set, &route, &err) != JM_EINVAL)
            fail_msg("the answer '%s' was taken", bad[i]);
    }
    route.body = "[]a:int";
    route.answer = NULL;
    assert_int_equal(jmh_regset_add_route(set, &route, &err), JM_EINVAL);
    route.body = NULL;
    route.answer = "[]a:int";
    assert_int_equal(jmh_regset_add_route(set, &route, &err), JM_OK);
    route.answer = "image/jpeg";
    assert_int_equal(jmh_regset_add_route(set, &route, &err), JM_OK);
}

/* What a plugin of an older SDK does not know is not read; a newer one's is not either. */
static void routes_of_other_sdks(void **state)
{
    (void)state;
    struct {
        jm_route route;
        const char *unknown;
    } newer = {.route = {.method = "GET", .path = "/a", .help = "h", .fn = never}};
    newer.route.size = sizeof newer;
    newer.route.answer = "a:int";
    assert_int_equal(jmh_regset_add_route(set, &newer.route, &err), JM_OK);
    assert_string_equal(set->routes[0].answer, "a:int");
    newer.route.size = offsetof(jm_route, body);
    newer.route.body = newer.route.answer = (const char *)(uintptr_t)1;
    assert_int_equal(jmh_regset_add_route(set, &newer.route, &err), JM_OK);
    assert_null(set->routes[1].body);
    assert_null(set->routes[1].answer);
    newer.route.size = offsetof(jm_route, body) - 1;
    assert_int_equal(jmh_regset_add_route(set, &newer.route, &err), JM_EINVAL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_set, free_set)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(channels),
        TEST(many_of_a_kind),
        TEST(services),
        TEST(good_types),
        TEST(bad_types),
        TEST(bad_fields),
        TEST(paths),
        TEST(methods_flags_queries),
        TEST(bodies_and_answers),
        TEST(routes_of_other_sdks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
