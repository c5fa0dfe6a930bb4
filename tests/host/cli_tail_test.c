/* `junmai tail`: events in order, resumed over a host that dies and comes back, and a clean end. */
#include "ask.h"
#include "check.h"
#include "cli_run.h"
#include "listen.h"

#include "client/wait.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ARGS(...) ((const char *const[]){__VA_ARGS__, NULL})

static struct studio studio;
static char port[16];

/* The host comes back on the port that it had, so that a client can find it. */
static void choose_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t bytes = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, bytes), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &bytes), 0);
    close(fd);
    snprintf(port, sizeof port, "%d", ntohs(address.sin_port));
}

static int open_studio(void **state)
{
    (void)state;
    choose_port();
    studio_open(&studio, NULL, ARGS("--port", port));
    return 0;
}

static int close_studio(void **state)
{
    (void)state;
    studio_close(&studio);
    return 0;
}

static void publish(int n)
{
    ask_broadcast(&studio, "jobs", "probe", json_pack("{s:i}", "n", n), true);
}

/* Where the host's log is. */
static void get_cursor(char *cursor_out, size_t bytes)
{
    struct jmt_ws ws;
    json_t *welcome = listen_welcome(&ws, &studio);
    snprintf(cursor_out, bytes, "%s", text_of(welcome, "cursor"));
    json_decref(welcome);
    assert_int_equal(jmt_ws_close(&ws, 1000), 1000);
    jmt_ws_fini(&ws);
}

static void expect_next(struct cli_process *cli, int n)
{
    json_t *event = cli_line(cli);
    expect_text(event, "type", "probe");
    expect_int(event, "n", n);
    json_decref(event);
}

/* Waits until it has said that on standard error; the deadline is that of the test. */
static void wait_for_words(const struct cli_process *cli, const char *words)
{
    int64_t deadline_ms = jmt_deadline_after(CLI_MS);
    bool is_said = false;
    while (!is_said) {
        char *said = cli_said(cli);
        is_said = strstr(said, words) != NULL;
        if (!is_said && jmt_clock_ms() > deadline_ms)
            fail_msg("it said \"%s\" and not \"%s\"", said, words);
        free(said);
    }
}

static void test_since(void **state)
{
    char cursor[128];
    struct cli cli;
    (void)state;
    get_cursor(cursor, sizeof cursor);
    ask_broadcast(&studio, "photos", "other", json_object(), true);
    ask_broadcast(&studio, "jobs", "another", json_object(), true);
    publish(1);
    publish(2);
    cli_run(&cli, &studio,
            ARGS("tail", "--channels", "jobs,photos", "--types", "probe,x", "--since", cursor,
                 "--count", "2"));
    assert_int_equal(cli.status, 0);
    assert_null(strstr(cli.err, "lost"));
    assert_non_null(strstr(cli.out, " jobs     probe            n=1\n"));
    assert_non_null(strstr(cli.out, " jobs     probe            n=2\n"));
    assert_null(strstr(cli.out, "another"));
    cli_fini(&cli);
}

static void test_all_channels(void **state)
{
    char cursor[128];
    struct cli cli;
    (void)state;
    get_cursor(cursor, sizeof cursor);
    ask_broadcast(&studio, "photos", "first", json_object(), true);
    ask_broadcast(&studio, NULL, "second", json_object(), true);
    cli_run(&cli, &studio, ARGS("tail", "--since", cursor, "--count", "2"));
    assert_int_equal(cli.status, 0);
    assert_non_null(strstr(cli.out, " photos   first"));
    assert_non_null(strstr(cli.out, " *        second"));
    assert_null(strstr(cli.out, "canary"));
    cli_fini(&cli);
}

static void test_bad_cursor(void **state)
{
    struct cli cli;
    (void)state;
    cli_run(&cli, &studio, ARGS("tail", "--since", "3"));
    assert_int_equal(cli.status, 2);
    assert_non_null(strstr(cli.err, "junmai: --since 3: a cursor is needed, EPOCH:SEQ"));
    cli_fini(&cli);
    cli_expect(2, &studio, ARGS("tail", "--since", ":3"));
    cli_expect(2, &studio, ARGS("tail", "--since", "elsewhere:"));
    cli_expect(2, &studio, ARGS("tail", "--since", "elsewhere:3x"));
    cli_run(&cli, &studio, ARGS("tail", "--since", "elsewhere:99999999999999999999"));
    assert_int_equal(cli.status, 1);
    assert_non_null(strstr(cli.err, "junmai: the host refuses: "));
    cli_fini(&cli);
}

/* Nothing is lost and nothing comes twice, over two deaths of the host. */
static void test_host_dies(void **state)
{
    char cursor[128];
    struct cli_process cli;
    (void)state;
    get_cursor(cursor, sizeof cursor);
    cli_start(&cli, &studio, ARGS("tail", "--json", "--types", "probe", "--since", cursor));
    publish(1);
    expect_next(&cli, 1);
    for (int n = 2; n < 6; n += 2) {
        publish(n);
        jmt_host_kill(&studio.host);
        must(jmt_host_restart(&studio.host));
        publish(n + 1);
        expect_next(&cli, n);
        expect_next(&cli, n + 1);
    }
    char *said = cli_said(&cli);
    assert_non_null(strstr(said, "the host has gone"));
    assert_non_null(strstr(said, "the host is back"));
    free(said);
    must(jmt_process_signal(&cli.process, SIGINT));
    cli_end(&cli, 0);
}

/* A cursor of another data directory: it says so, and goes on from now. */
static void test_foreign_cursor(void **state)
{
    struct cli_process cli;
    (void)state;
    cli_start(&cli, &studio, ARGS("tail", "--json", "--count", "1", "--since", "elsewhere:1"));
    wait_for_words(&cli, "showing events from now on");
    publish(7);
    expect_next(&cli, 7);
    cli_end(&cli, 0);
}

static void test_unknown_channel(void **state)
{
    struct cli_process cli;
    (void)state;
    cli_start(&cli, &studio, ARGS("tail", "--channels", "nobodys"));
    wait_for_words(&cli, "no plugin of the host has a channel 'nobodys'");
    must(jmt_process_signal(&cli.process, SIGTERM));
    cli_end(&cli, 0);
}

static void test_unknown_type(void **state)
{
    struct cli_process cli;
    (void)state;
    cli_start(&cli, &studio, ARGS("tail", "--types", "photo_imported,photo_importd"));
    wait_for_words(&cli, "no plugin of the host has events of type 'photo_importd'");
    char *said = cli_said(&cli);
    assert_null(strstr(said, "'photo_imported'"));
    free(said);
    must(jmt_process_signal(&cli.process, SIGTERM));
    cli_end(&cli, 0);
}

/* It has no name there, but how it listens can be seen. */
static void test_is_listed(void **state)
{
    char cursor[128];
    struct cli_process tail;
    struct cli cli;
    (void)state;
    get_cursor(cursor, sizeof cursor);
    cli_start(&tail, &studio, ARGS("tail", "--json", "--channels", "jobs", "--since", cursor));
    publish(1);
    expect_next(&tail, 1);
    cli_run(&cli, &studio, ARGS("clients"));
    assert_non_null(strstr(cli.out, " sse "));
    cli_fini(&cli);
    must(jmt_process_signal(&tail.process, SIGTERM));
    cli_end(&tail, 0);
}

/* Who reads no more is no error: "junmai tail | head". */
static void test_reader_goes(void **state)
{
    char cursor[128];
    struct cli_process cli;
    (void)state;
    get_cursor(cursor, sizeof cursor);
    cli_start(&cli, &studio, ARGS("tail", "--json", "--since", cursor));
    publish(1);
    expect_next(&cli, 1);
    close(cli.process.stdout_fd);
    cli.process.stdout_fd = -1;
    publish(2);
    char *said = cli_said(&cli);
    assert_string_equal(said, "");
    free(said);
    cli_end(&cli, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_since),          cmocka_unit_test(test_all_channels),
        cmocka_unit_test(test_bad_cursor),     cmocka_unit_test(test_host_dies),
        cmocka_unit_test(test_foreign_cursor), cmocka_unit_test(test_unknown_channel),
        cmocka_unit_test(test_unknown_type),   cmocka_unit_test(test_is_listed),
        cmocka_unit_test(test_reader_goes),
    };
    return cmocka_run_group_tests(tests, open_studio, close_studio);
}
