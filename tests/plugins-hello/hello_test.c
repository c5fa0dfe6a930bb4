/* The plugin of plugins/README.md in a real host: its answer, its event, and what it does with names
 * that need care. */
#include "zoo.h"

static struct zoo zoo;

static int open_zoo(void **state)
{
    (void)state;
    zoo_open(&zoo, "hello", NULL);
    return 0;
}

static int close_zoo(void **state)
{
    (void)state;
    zoo_close(&zoo);
    return 0;
}

static void expect_greeted(struct jmt_ws *ws, const char *path, const char *name)
{
    json_t *answer = ask(&zoo.studio, 200, "GET", path, NULL);
    expect_text(answer, "hello", name);
    json_decref(answer);
    json_t *event = listen_event(ws, "hello_said", "hello");
    expect_text(event, "name", name);
    json_decref(event);
}

static void test_greets(void **state)
{
    (void)state;
    struct jmt_ws ws;
    listen_open(&ws, &zoo.studio, "hello");
    expect_greeted(&ws, "/hello/Ada", "Ada");
    expect_greeted(&ws, "/hello/S%22a", "S\"a");
    expect_greeted(&ws, "/hello/J%C3%BCrgen%5C", "Jürgen\\");
    jmt_ws_fini(&ws);
}

/* A link of a foreign page may not make a host publish. */
static void test_refuses_foreign_pages(void **state)
{
    (void)state;
    struct jmt_ws ws;
    listen_open(&ws, &zoo.studio, "hello");
    const struct jmt_request request = {.path = "/hello/Eve",
                                        .headers = "Sec-Fetch-Site: cross-site\r\n"};
    struct jmt_response response;
    ask_raw(&zoo.studio, &request, &response);
    assert_int_equal(response.status, 403);
    jmt_response_fini(&response);
    listen_quiet(&ws);
    jmt_ws_fini(&ws);
}

static void test_is_listed(void **state)
{
    (void)state;
    zoo_expect(&zoo, "hello", "active", NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_greets),
        cmocka_unit_test(test_refuses_foreign_pages),
        cmocka_unit_test(test_is_listed),
    };
    return cmocka_run_group_tests(tests, open_zoo, close_zoo);
}
