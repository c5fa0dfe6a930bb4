/* What a web page may do. */
#include "host/http/browser.h"

#include "host/util/span.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const char *const origins[] = {"https://studio.example:8443", NULL};
static const char *const hosts[] = {"studio.example", "192.168.1.20", "fd00::20", "[fd00::21]",
                                    NULL};
static const char *const binds[] = {"192.168.5.5", "fd00:0:0::5", "0.0.0.0", "::", NULL};
static const struct jmh_browser_rules rules = {origins, hosts, binds};
static const struct jmh_browser_rules no_rules = {NULL, NULL, NULL};

static enum jmh_browser_verdict judge(const char *host, const char *origin, const char *fetch_site,
                                      bool is_websocket, bool changes_state)
{
    const struct jmh_browser_request request = {
        .method = jmh_span("GET"),
        .host = jmh_span(host),
        .origin = jmh_span(origin),
        .fetch_site = jmh_span(fetch_site),
        .is_websocket = is_websocket,
        .changes_state = changes_state,
    };
    return jmh_browser_judge(&rules, &request);
}

static void our_own_names_pass(void **state)
{
    (void)state;
    static const char *const ours[] = {
        "localhost",         "localhost:5100", "LocalHost:5100", "127.0.0.1",
        "127.0.0.1:5100",    "127.8.9.1:80",   "[::1]",          "[::1]:5100",
        "[0:0::1]:5100",     "studio.example", "Studio.Example", "studio.example:65535",
        "192.168.1.20:5100", "[fd00::20]:1",   "[FD00::21]",     "192.168.5.5",
        "192.168.5.5:5100",  "[fd00::5]:5100", "[FD00:0::0:5]",
    };
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++) {
        if (judge(ours[i], NULL, NULL, false, true) != JMH_BROWSER_PASS) {
            fail_msg("%s is refused", ours[i]);
        }
    }
}

static void foreign_names_are_refused(void **state)
{
    (void)state;
    static const char *const foreign[] = {
        NULL,
        "",
        "evil.example",
        "localhost.evil.example",
        "localhost.",
        "localhost.:5100",
        "studio.example.",
        "xstudio.example",
        "studio.example.evil",
        "0.0.0.0",
        "0.0.0.0:5100",
        "192.168.5.6",
        "[fd00::6]",
        "[192.168.5.5]",
        "fd00::5",
        "127.1",
        "127.0.0.1.",
        "2130706433",
        "0x7f.0.0.1",
        "128.0.0.1",
        "192.168.1.2",
        "192.168.1.200",
        "[::]",
        "[::2]",
        "[::1",
        "::1",
        "[::1]x",
        "[localhost]",
        "[127.0.0.1]",
        "[studio.example]",
        "[::ffff:127.0.0.1]",
        "fd00::20",
        "localhost:",
        "localhost:0",
        "localhost:65536",
        "localhost:123456",
        "localhost:80x",
        "localhost:-1",
        "localhost:80:80",
        "localhost ",
        " localhost",
        "localhost@evil.example",
        "evil@localhost",
        "localhost/",
        ":5100",
        "[]",
        "[]:80",
        "[1:2:3:4:5:6:7:8:9:10:11:12:13:14:15:16:17:18:19:20:21:22]",
    };
    for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++) {
        /* Even where nothing changes: the answer itself is what such a page is after. */
        if (judge(foreign[i], NULL, NULL, false, false) != JMH_BROWSER_BAD_HOST) {
            fail_msg("%s passes", foreign[i] != NULL ? foreign[i] : "no host");
        }
    }
    const struct jmh_browser_request request = {.host = {"localhost\0.evil", 15}};
    assert_int_equal(jmh_browser_judge(&rules, &request), JMH_BROWSER_BAD_HOST);
}

static void loopback_and_listed_origins_are_allowed(void **state)
{
    (void)state;
    static const char *const allowed[] = {
        "http://localhost",       "http://localhost:3000",       "https://localhost:1",
        "http://127.0.0.1:65535", "https://127.0.0.1",           "http://[::1]:3000",
        "https://[::1]",          "https://studio.example:8443",
    };
    for (size_t i = 0; i < sizeof allowed / sizeof allowed[0]; i++) {
        assert_true(jmh_browser_origin_allowed(&rules, jmh_span(allowed[i])));
        assert_int_equal(judge("localhost", allowed[i], "cross-site", true, false),
                         JMH_BROWSER_PASS);
    }
    assert_true(jmh_browser_origin_allowed(&no_rules, jmh_span("http://localhost:3000")));
}

static void other_origins_are_refused(void **state)
{
    (void)state;
    static const char *const refused[] = {
        "",
        "null",
        "http://evil.example",
        "http://localhost.evil.example",
        "http://localhost.",
        "http://localhost:3000.evil.example",
        "http://localhost@evil.example",
        "http://localhost:x",
        "http://localhost:",
        "http://localhost:0",
        "http://localhost:70000",
        "http://localhost:3000/",
        "http://localhost/",
        "http://localhostile",
        "HTTP://localhost",
        "http://Localhost",
        "ftp://localhost",
        "file://",
        "localhost",
        "http://",
        "http://127.0.0.1.evil.example",
        "http://127.0.0.2",
        "http://[::1]evil",
        "http://[::1",
        "http://0.0.0.0:3000",
        "https://studio.example",
        "https://studio.example:8444",
        "http://studio.example:8443",
        "https://studio.example:84430",
        "https://studio.example:8443/",
        "https://Studio.example:8443",
        " http://localhost",
        "http://localhost ",
        "http://localhost http://evil.example",
        "chrome-extension://localhost",
        "http://evil.example?http://localhost",
    };
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        if (jmh_browser_origin_allowed(&rules, jmh_span(refused[i]))) {
            fail_msg("%s is allowed", refused[i]);
        }
        assert_int_equal(judge("127.0.0.1:5100", refused[i], NULL, true, false),
                         JMH_BROWSER_BAD_ORIGIN);
        assert_int_equal(judge("127.0.0.1:5100", refused[i], "same-origin", false, true),
                         JMH_BROWSER_BAD_ORIGIN);
        /* It may ask, but no CORS header lets it read the answer. */
        assert_int_equal(judge("127.0.0.1:5100", refused[i], "cross-site", false, false),
                         JMH_BROWSER_PASS);
    }
}

static void pages_of_this_host_pass(void **state)
{
    (void)state;
    assert_int_equal(
        judge("192.168.1.20:5100", "http://192.168.1.20:5100", "same-origin", true, true),
        JMH_BROWSER_PASS);
    assert_int_equal(judge("studio.example", "https://studio.example", NULL, false, true),
                     JMH_BROWSER_PASS);
    assert_int_equal(judge("192.168.1.20:5100", "http://192.168.1.20:5101", NULL, true, true),
                     JMH_BROWSER_BAD_ORIGIN);
    assert_int_equal(judge("192.168.1.20:5100", "http://192.168.1.20", NULL, true, true),
                     JMH_BROWSER_BAD_ORIGIN);
    /* A name that is not ours is not made ours by an Origin that agrees. */
    assert_int_equal(judge("evil.example", "http://evil.example", "same-origin", false, false),
                     JMH_BROWSER_BAD_HOST);
}

static void navigation_across_sites_changes_nothing(void **state)
{
    (void)state;
    static const char *const foreign[] = {"cross-site", "same-site", "", "SAME-ORIGIN", "anything"};
    for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++) {
        assert_int_equal(judge("localhost", NULL, foreign[i], false, true), JMH_BROWSER_CROSS_SITE);
        assert_int_equal(judge("localhost", NULL, foreign[i], true, false), JMH_BROWSER_CROSS_SITE);
        assert_int_equal(judge("localhost", NULL, foreign[i], false, false), JMH_BROWSER_PASS);
        assert_int_equal(judge("localhost", "http://localhost:3000", foreign[i], false, true),
                         JMH_BROWSER_PASS);
    }
    assert_int_equal(judge("localhost", NULL, "none", false, true), JMH_BROWSER_PASS);
    assert_int_equal(judge("localhost", NULL, "same-origin", false, true), JMH_BROWSER_PASS);
    assert_int_equal(judge("localhost", NULL, NULL, false, true), JMH_BROWSER_PASS);
}

static void each_verdict_has_its_sentence(void **state)
{
    (void)state;
    assert_non_null(strstr(jmh_browser_sentence(JMH_BROWSER_BAD_HOST), "hosts"));
    assert_non_null(strstr(jmh_browser_sentence(JMH_BROWSER_BAD_ORIGIN), "origins"));
    assert_non_null(strstr(jmh_browser_sentence(JMH_BROWSER_CROSS_SITE), "another site"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(our_own_names_pass),
        cmocka_unit_test(foreign_names_are_refused),
        cmocka_unit_test(loopback_and_listed_origins_are_allowed),
        cmocka_unit_test(other_origins_are_refused),
        cmocka_unit_test(pages_of_this_host_pass),
        cmocka_unit_test(navigation_across_sites_changes_nothing),
        cmocka_unit_test(each_verdict_has_its_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
