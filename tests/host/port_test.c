/* Where a junmaid listens: on both names of this machine, on an address of its own, on a port that must
 * be free, and not before its plugins are there. */
#include "check.h"
#include "listen.h"
#include "run.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client/wait.h"

#define END_MS 20000

static bool has_ipv6(void)
{
    struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool there = fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof address) == 0;
    if (fd >= 0)
        close(fd);
    return there;
}

static int connect_ipv6(int port)
{
    struct sockaddr_in6 address = {.sin6_family = AF_INET6,
                                   .sin6_addr = IN6ADDR_LOOPBACK_INIT,
                                   .sin6_port = htons((uint16_t)port)};
    int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) < 0) {
        close(fd);
        fd = -1;
    }
    return fd;
}

/* Of its own accord it listens on both names of this machine, under one number. */
static void test_both_loopbacks(void **state)
{
    struct studio studio;
    (void)state;
    studio_open(&studio, NULL, NULL);
    json_decref(ask(&studio, 200, "GET", "/healthz", NULL));
    if (has_ipv6()) {
        struct jmt_http http = {.port = studio.host.port,
                                .stream = {.fd = connect_ipv6(studio.host.port)}};
        struct jmt_request request = {.path = "/healthz", .host = "[::1]"};
        struct jmt_response response;
        assert_true(http.stream.fd >= 0);
        must(jmt_http_exchange(&http, &request, &response));
        assert_int_equal(response.status, 200);
        jmt_response_fini(&response);
        jmt_http_close(&http);
    }
    studio_close(&studio);
}

/* Told before anything is started: no plugin was loaded, and there is no database. */
static void test_port_taken(void **state)
{
    struct studio studio;
    char *folder = studio_folder_new();
    char *database = studio_path(folder, "junmai.db");
    char port[16];
    struct run run;
    (void)state;
    studio_open(&studio, NULL, NULL);
    snprintf(port, sizeof port, "%d", studio.host.port);
    run_host(&run, (const char *const[]){"--data", folder, "--port", port, NULL});
    assert_int_equal(run.status, 1);
    expect_words("the refusal", run.err, port);
    expect_words("the refusal", run.err, "in use");
    expect_words("the refusal", run.err, "--port");
    assert_null(strstr(run.err, "is active"));
    assert_int_equal(access(database, F_OK), -1);
    run_fini(&run);
    studio_close(&studio);
    free(database);
    studio_folder_remove(folder);
}

/* Who connects before the plugins are there waits, and is answered by them. */
static void test_no_answer_before_the_plugins(void **state)
{
    struct studio studio;
    struct jmt_host *host = &studio.host;
    char port[16];
    json_t *answer = NULL;
    int64_t deadline_ms;
    int status;
    (void)state;
    studio_open(&studio, NULL, NULL);
    must(jmt_host_stop(host));
    snprintf(port, sizeof port, "%d", host->port);
    const char *argv[] = {host->program, "--data", host->data_dir, "--port", port, NULL};
    must(jmt_process_start(&host->process, argv, host->log_path));
    deadline_ms = jmt_deadline_after(END_MS);
    while ((status = jmt_http_json(host->port, "GET", "/sessions", NULL, &answer)) < 0)
        assert_true(jmt_clock_ms() < deadline_ms);
    assert_int_equal(status, 200);
    json_decref(answer);
    studio_close(&studio);
}

/* An address of its own is a name by which it may be called. */
static void test_second_address(void **state)
{
    struct studio studio;
    (void)state;
    studio_open(&studio, json_pack("{s:{s:[s, s]}}", "listen", "bind", "127.0.0.1", "127.0.0.2"),
                NULL);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1),
                                  .sin_port = htons((uint16_t)studio.host.port)};
    struct jmt_http http = {.port = studio.host.port,
                            .stream = {.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)}};
    assert_true(http.stream.fd >= 0);
    assert_int_equal(connect(http.stream.fd, (struct sockaddr *)&address, sizeof address), 0);
    struct jmt_request request = {.path = "/healthz", .host = "127.0.0.2"};
    struct jmt_response response;
    must(jmt_http_exchange(&http, &request, &response));
    assert_int_equal(response.status, 200);
    jmt_response_fini(&response);
    request.host = "studio.example";
    must(jmt_http_exchange(&http, &request, &response));
    assert_int_equal(response.status, 403);
    expect_words("the refusal", response.body, "listen.hosts");
    jmt_response_fini(&response);
    jmt_http_close(&http);
    studio_close(&studio);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_both_loopbacks),
        cmocka_unit_test(test_port_taken),
        cmocka_unit_test(test_no_answer_before_the_plugins),
        cmocka_unit_test(test_second_address),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
