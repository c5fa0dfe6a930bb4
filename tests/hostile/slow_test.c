/* Peers that take their time: in sending, in reading, in leaving. */
#include "victim.h"

#include "client/wait.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define SLOW 40
#define ANSWER_BYTES "8000000"

static struct victim victim;

static int set_up(void **state)
{
    (void)state;
    victim_open(&victim, "{\"limits\":{\"header_timeout_s\":1,\"stall_timeout_s\":2}}");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    victim_close(&victim);
    return 0;
}

/* Sends a byte now and then until the host has had enough. */
static void trickle(struct jmt_stream *peers, int count, int timeout_ms)
{
    int64_t deadline_ms = jmt_deadline_after(timeout_ms);
    struct pollfd ended = {.fd = peers[count - 1].fd, .events = POLLIN};
    while (poll(&ended, 1, 50) == 0) {
        for (int i = 0; i < count; i++)
            (void)send(peers[i].fd, "a", 1, MSG_NOSIGNAL);
        if (jmt_clock_ms() > deadline_ms)
            fail_msg("slow requests are still read after %d ms", timeout_ms);
    }
}

static void slow_request(const char *beginning)
{
    struct jmt_stream peers[SLOW];
    for (int i = 0; i < SLOW; i++) {
        peer_open(&peers[i], &victim, 0);
        peer_say(&peers[i], beginning);
    }
    expect_alive(&victim);
    trickle(peers, SLOW, 6000);
    for (int i = 0; i < SLOW; i++) {
        assert_int_equal(peer_hear(&peers[i]), 408);
        jmt_stream_close(&peers[i]);
    }
    expect_nobody(&victim, 2000);
}

static void test_slow_head(void **state)
{
    (void)state;
    slow_request("GET /nothing HTTP/1.1\r\nX-Slow: ");
}

static void test_slow_body(void **state)
{
    (void)state;
    slow_request("POST /websocket/broadcast HTTP/1.1\r\n" HEADERS "Content-Length: 10000\r\n\r\n{");
}

static void test_silent(void **state)
{
    (void)state;
    struct jmt_stream peer;
    peer_open(&peer, &victim, 0);
    peer_expect_end(&peer, 4000);
    expect_nobody(&victim, 1000);
}

#define GET_LARGE "GET /burden/bytes/" ANSWER_BYTES " HTTP/1.1\r\n" HEADERS "\r\n"
#define GET_FILE "GET /burden/file/" ANSWER_BYTES " HTTP/1.1\r\n" HEADERS "\r\n"

/* An answer that nobody takes is given up, and costs nothing meanwhile. */
static void leave_unread(const char *request)
{
    struct jmt_stream peer;
    peer_open(&peer, &victim, 4096);
    peer_say(&peer, request);
    expect_idle(&victim);
    peer_say(&peer, request);
    peer_say(&peer, "GET /noth");
    expect_idle(&victim);
    assert_int_equal(shutdown(peer.fd, SHUT_WR), 0);
    expect_idle(&victim);
    expect_nobody(&victim, 6000);
    jmt_stream_close(&peer);
}

static void test_unread_answer(void **state)
{
    (void)state;
    leave_unread(GET_LARGE);
}

static void test_unread_file(void **state)
{
    (void)state;
    leave_unread(GET_FILE);
}

/* One that is taken slowly is not given up, nor is the request behind it. */
static void read_slowly(const char *request)
{
    static char all[9000000];
    const size_t least = strtoul(ANSWER_BYTES, NULL, 10);
    struct jmt_stream peer;
    size_t got = 0;
    peer_open(&peer, &victim, 65536);
    peer_say(&peer, request);
    for (int64_t end_ms = jmt_deadline_after(4000); jmt_clock_ms() < end_ms; poll(NULL, 0, 50)) {
        ssize_t part = recv(peer.fd, all + got, 32768, MSG_DONTWAIT);
        assert_true(part != 0);
        got += part > 0 ? (size_t)part : 0;
    }
    assert_in_range(got, 65536, least - 1);
    peer_say(&peer, GET_NOTHING);
    while (got <= least || memmem(all + least, got - least, " 404 ", 5) == NULL) {
        ssize_t part = recv(peer.fd, all + got, sizeof all - got, 0);
        assert_true(part > 0);
        got += (size_t)part;
    }
    jmt_stream_close(&peer);
    expect_nobody(&victim, 1000);
}

static void test_slowly_read_answer(void **state)
{
    (void)state;
    read_slowly(GET_LARGE);
}

static void test_slowly_read_file(void **state)
{
    (void)state;
    read_slowly(GET_FILE);
}

/* Requests without end, whose answers are not read: paused, not buffered. */
static void test_unread_pipeline(void **state)
{
    (void)state;
    static const char request[] = "GET /burden/bytes/2000 HTTP/1.1\r\n" HEADERS "\r\n";
    struct jmt_stream peer;
    long before_kib = jmt_host_rss_kib(&victim.host);
    int64_t quiet_ms = jmt_clock_ms();
    peer_open(&peer, &victim, 4096);
    for (int64_t end_ms = jmt_deadline_after(5000);
         jmt_clock_ms() < end_ms && jmt_clock_ms() - quiet_ms < 500;) {
        ssize_t sent = send(peer.fd, request, sizeof request - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent > 0)
            quiet_ms = jmt_clock_ms();
        else
            poll(NULL, 0, 10);
    }
    expect_idle(&victim);
    assert_true(jmt_host_rss_kib(&victim.host) - before_kib < 8192);
    expect_alive(&victim);
    jmt_stream_close(&peer);
    expect_nobody(&victim, 4000);
}

/* A WebSocket subscriber that takes nothing and half-closes, or sends a byte, lets the library spin. It
 * is ended when it has stalled, and nobody else is. */
static void test_stalled_subscriber(void **state)
{
    (void)state;
    struct jmt_ws stalled[2], other;
    listen_to_jobs(&other, &victim);
    for (int i = 0; i < 2; i++) {
        int bytes = 4096;
        listen_to_jobs(&stalled[i], &victim);
        setsockopt(stalled[i].stream.fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
    }
    for (int i = 0; i < 200; i++) {
        json_t *event;
        publish(&victim, 40000);
        must(jmt_ws_wait(&other, "x", &event, NULL, JMT_PATIENCE_MS));
        json_decref(event);
    }
    expect_idle(&victim);
    must(jmt_ws_send_raw(&stalled[0], "\x81", 1));
    expect_idle(&victim);
    assert_int_equal(shutdown(stalled[1].stream.fd, SHUT_WR), 0);
    expect_idle(&victim);
    for (int i = 0; i < 2; i++)
        peer_expect_end(&stalled[i].stream, 12000);
    must(jmt_ws_close(&other, 1000));
    for (int i = 0; i < 2; i++)
        jmt_ws_fini(&stalled[i]);
    jmt_ws_fini(&other);
    expect_nobody(&victim, 5000);
}

static void test_stalled_event_stream(void **state)
{
    (void)state;
    struct jmt_stream peer;
    peer_open(&peer, &victim, 4096);
    peer_say(&peer, "GET /events?channels=jobs HTTP/1.1\r\n" HEADERS "\r\n");
    must(jmt_stream_need(&peer, 100, jmt_deadline_after(JMT_PATIENCE_MS)));
    for (int i = 0; i < 200; i++)
        publish(&victim, 40000);
    expect_idle(&victim);
    peer_say(&peer, "GET /nothing HTTP/1.1\r\n");
    expect_idle(&victim);
    expect_nobody(&victim, 12000);
    jmt_stream_close(&peer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slow_head),
        cmocka_unit_test(test_slow_body),
        cmocka_unit_test(test_silent),
        cmocka_unit_test(test_unread_answer),
        cmocka_unit_test(test_unread_file),
        cmocka_unit_test(test_slowly_read_answer),
        cmocka_unit_test(test_slowly_read_file),
        cmocka_unit_test(test_unread_pipeline),
        cmocka_unit_test(test_stalled_subscriber),
        cmocka_unit_test(test_stalled_event_stream),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
