/* A stream of events ends when nothing comes any more, and not while an idle host shows that it is
 * there. The host is a socket of the test. */
#include "check.h"

#include "cli/stream.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <time.h>

#define SILENCE_MS 1000
#define DEADLINE_MS 20000
#define HEAD "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"

struct peer {
    int listener, fd; /* fd -1: nobody has come */
    char url[64];
    struct jmc_cli cli;
    CURLM *multi;
    struct jmc_stream stream;
};

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void ignore_event(void *user, json_t *event, const char *text)
{
    (void)user;
    (void)event;
    (void)text;
}

static void ignore_notice(void *user, json_t *notice)
{
    (void)user;
    (void)notice;
}

static int open_peer(void **state)
{
    static struct peer peer;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t bytes = sizeof address;
    peer = (struct peer){.fd = -1};
    peer.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    assert_int_equal(bind(peer.listener, (struct sockaddr *)&address, bytes), 0);
    assert_int_equal(listen(peer.listener, 1), 0);
    assert_int_equal(getsockname(peer.listener, (struct sockaddr *)&address, &bytes), 0);
    snprintf(peer.url, sizeof peer.url, "http://127.0.0.1:%d", ntohs(address.sin_port));
    peer.cli.url = peer.url;
    peer.multi = curl_multi_init();
    jmc_stream_init(&peer.stream, &peer.cli, peer.multi, "*", NULL, NULL);
    assert_true(peer.stream.silence_ms > 60000); /* the host speaks every half minute */
    peer.stream.silence_ms = SILENCE_MS;
    peer.stream.event = ignore_event;
    peer.stream.notice = ignore_notice;
    jmc_stream_open(&peer.stream);
    *state = &peer;
    return 0;
}

static int close_peer(void **state)
{
    struct peer *peer = *state;
    jmc_stream_fini(&peer->stream);
    curl_multi_cleanup(peer->multi);
    close(peer->listener);
    if (peer->fd >= 0)
        close(peer->fd);
    return 0;
}

static void say(const struct peer *peer, const char *text)
{
    assert_int_equal(send(peer->fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

static void step(struct peer *peer)
{
    assert_true(jmc_transfers_step(peer->multi, 10));
    if (peer->fd < 0)
        peer->fd = accept(peer->listener, NULL, NULL);
}

static void expect_end(struct peer *peer)
{
    const int64_t began_ms = now_ms();
    while (jmc_stream_is_open(&peer->stream)) {
        assert_true(now_ms() - began_ms < DEADLINE_MS);
        step(peer);
    }
    assert_int_equal(peer->stream.transfer.result, CURLE_ABORTED_BY_CALLBACK);
}

/* Far below a byte in a second, as libcurl would count it, in relation to the time it is given. */
static void test_idle(void **state)
{
    struct peer *peer = *state;
    int64_t said_ms = now_ms();
    int beats = 0;
    while (peer->fd < 0)
        step(peer);
    say(peer, HEAD);
    while (beats < 8) {
        step(peer);
        assert_true(jmc_stream_is_open(&peer->stream));
        if (now_ms() - said_ms >= SILENCE_MS / 3) {
            say(peer, ":\n\n");
            said_ms = now_ms();
            beats++;
        }
    }
    assert_true(peer->stream.connected);
    expect_end(peer);
}

/* It takes the connection, and says nothing at all. */
static void test_mute(void **state)
{
    struct peer *peer = *state;
    while (peer->fd < 0)
        step(peer);
    expect_end(peer);
    assert_false(peer->stream.connected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_idle, open_peer, close_peer),
        cmocka_unit_test_setup_teardown(test_mute, open_peer, close_peer),
    };
    curl_global_init(CURL_GLOBAL_DEFAULT);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    curl_global_cleanup();
    return failed;
}
