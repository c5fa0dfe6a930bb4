/* See victim.h. */
#include "victim.h"

#include "client/usage.h"
#include "client/wait.h"

#include <dirent.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ALIVE_MS 1000
#define IDLE_MS 400
#define IDLE_SHARE 0.1
#define STEP_MS 20

static long count_sockets(const struct victim *victim)
{
    char path[64], target[64];
    long count = 0;
    struct dirent *entry;
    snprintf(path, sizeof path, "/proc/%d/fd", (int)victim->host.process.pid);
    DIR *folder = opendir(path);
    assert_non_null(folder);
    while ((entry = readdir(folder)) != NULL) {
        ssize_t len = readlinkat(dirfd(folder), entry->d_name, target, sizeof target);
        count += len > 7 && memcmp(target, "socket:", 7) == 0 ? 1 : 0;
    }
    closedir(folder);
    return count;
}

static void write_config(struct victim *victim, const char *config)
{
    char path[sizeof victim->folder + 16];
    snprintf(path, sizeof path, "%s/junmai.json", victim->folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(config ? config : "{}", file);
    assert_int_equal(fclose(file), 0);
}

void victim_open(struct victim *victim, const char *config)
{
    static char path[sizeof victim->folder + 16];
    const char *const argv[] = {"--config", path, "--plugin-dir", BURDEN_DIR, NULL};
    const char *tmp = getenv("TMPDIR");
    snprintf(victim->folder, sizeof victim->folder, "%.40s/hostile-XXXXXX", tmp ? tmp : "/tmp");
    assert_non_null(mkdtemp(victim->folder));
    write_config(victim, config);
    snprintf(path, sizeof path, "%s/junmai.json", victim->folder);
    must(jmt_host_start(&victim->host, argv));
    expect_alive(victim);
    victim->sockets = count_sockets(victim);
    /* The connection that asked may still have been there. */
    for (int64_t end_ms = jmt_deadline_after(200); jmt_clock_ms() < end_ms;
         poll(NULL, 0, STEP_MS)) {
        long now = count_sockets(victim);
        victim->sockets = now < victim->sockets ? now : victim->sockets;
    }
}

void victim_close(struct victim *victim)
{
    char path[sizeof victim->folder + 16];
    expect_alive(victim);
    must(jmt_host_stop(&victim->host));
    jmt_host_fini(&victim->host);
    snprintf(path, sizeof path, "%s/junmai.json", victim->folder);
    unlink(path);
    rmdir(victim->folder);
}

void expect_alive(const struct victim *victim)
{
    struct jmt_http http;
    struct jmt_response response;
    int64_t began_ms = jmt_clock_ms();
    must(jmt_http_open(&http, victim->host.port));
    must(jmt_http_send(&http, &(struct jmt_request){.path = "/nothing", .close = true}));
    must(jmt_http_receive(&http, &response, ALIVE_MS));
    assert_int_equal(response.status, 404);
    assert_true(jmt_clock_ms() - began_ms < ALIVE_MS);
    jmt_response_fini(&response);
    jmt_http_close(&http);
}

/* Time must pass to see that nothing is done in it. The best of a few looks counts: others use the
 * machine, too. */
void expect_idle(const struct victim *victim)
{
    double least = 1;
    for (int look = 0; look < 5 && least > IDLE_SHARE; look++) {
        double before_s = jmt_host_cpu_s(&victim->host);
        poll(NULL, 0, IDLE_MS);
        double share = (jmt_host_cpu_s(&victim->host) - before_s) * 1000 / IDLE_MS;
        least = share < least ? share : least;
    }
    if (least > IDLE_SHARE)
        fail_msg("the host is busy for %.0f %% of the time", least * 100);
}

void expect_nobody(const struct victim *victim, int timeout_ms)
{
    int64_t deadline_ms = jmt_deadline_after(timeout_ms);
    while (count_sockets(victim) > victim->sockets) {
        if (jmt_clock_ms() > deadline_ms)
            fail_msg("%ld sockets are open, %ld were", count_sockets(victim), victim->sockets);
        poll(NULL, 0, STEP_MS);
    }
}

void peer_open(struct jmt_stream *peer, const struct victim *victim, int receive_bytes)
{
    if (receive_bytes == 0) {
        must(jmt_stream_open(peer, victim->host.port, JMT_PATIENCE_MS));
        return;
    }
    /* The size counts only when it is set before the connection is made. */
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)victim->host.port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    *peer = (struct jmt_stream){.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    assert_true(peer->fd >= 0);
    setsockopt(peer->fd, SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof receive_bytes);
    assert_int_equal(connect(peer->fd, (struct sockaddr *)&to, sizeof to), 0);
}

void peer_send(struct jmt_stream *peer, const void *bytes, size_t count)
{
    must(jmt_stream_send(peer, bytes, count, jmt_deadline_after(JMT_PATIENCE_MS)));
}

void peer_say(struct jmt_stream *peer, const char *text)
{
    peer_send(peer, text, strlen(text));
}

int peer_hear(struct jmt_stream *peer)
{
    int64_t deadline_ms = jmt_deadline_after(JMT_PATIENCE_MS);
    int status = 0;
    size_t length = 0;
    const char *line = jmt_stream_line(peer, deadline_ms);
    if (line == NULL)
        return 0;
    assert_int_equal(sscanf(line, "HTTP/1.1 %d", &status), 1);
    while ((line = jmt_stream_line(peer, deadline_ms)) != NULL && *line != '\0') {
        if (strncasecmp(line, "Content-Length:", 15) == 0)
            length = strtoul(line + 15, NULL, 10);
        if (strncasecmp(line, "Content-Type:", 13) == 0)
            assert_null(strstr(line, "html"));
    }
    must(jmt_stream_need(peer, length, deadline_ms));
    jmt_stream_take(peer, length);
    return status;
}

void peer_expect_end(struct jmt_stream *peer, int timeout_ms)
{
    int64_t deadline_ms = jmt_deadline_after(timeout_ms);
    char dropped[4096];
    ssize_t got;
    do {
        if (jmt_fd_wait(peer->fd, POLLIN, deadline_ms) < 0)
            fail_msg("the connection is still open after %d ms", timeout_ms);
        got = recv(peer->fd, dropped, sizeof dropped, MSG_DONTWAIT);
    } while (got > 0);
    jmt_stream_close(peer);
}

void publish(const struct victim *victim, size_t bytes)
{
    char *padding = calloc(1, bytes + 1);
    assert_non_null(padding);
    memset(padding, 'x', bytes);
    assert_int_equal(jmt_http_json(victim->host.port, "POST", "/websocket/broadcast",
                                   json_pack("{s:s,s:s,s:{s:s}}", "type", "x", "channel", "jobs",
                                             "data", "padding", padding),
                                   NULL),
                     200);
    free(padding);
}

void listen_to_jobs(struct jmt_ws *ws, const struct victim *victim)
{
    must(jmt_ws_open(ws, victim->host.port, NULL));
    must(jmt_ws_subscribe(ws, "jobs", NULL));
}
