/* How WebSocket connections end: each side's close frame once, and no connection for ever. */
#include "victim.h"

#include "client/wait.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct victim victim;

static int set_up(void **state)
{
    (void)state;
    victim_open(&victim, "{\"limits\":{\"ping_interval_s\":1,\"ping_timeout_s\":1}}");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    victim_close(&victim);
    return 0;
}

static json_int_t open_ws(struct jmt_ws *ws)
{
    json_t *welcome;
    must(jmt_ws_open(ws, victim.host.port, NULL));
    must(jmt_ws_wait(ws, "connection_established", &welcome, NULL, JMT_PATIENCE_MS));
    json_int_t id = json_integer_value(json_object_get(welcome, "client_id"));
    json_decref(welcome);
    return id;
}

/* The next frame that is no ping. */
static void receive(struct jmt_ws *ws, struct jmt_frame *frame)
{
    do {
        must(jmt_ws_receive_frame(ws, frame, JMT_PATIENCE_MS));
    } while (frame->opcode == JMT_OP_PING);
}

static void disconnect(json_int_t id)
{
    char path[64];
    snprintf(path, sizeof path, "/websocket/disconnect/%lld", (long long)id);
    assert_int_equal(jmt_http_json(victim.host.port, "POST", path, NULL, NULL), 200);
}

/* Asked to, the library closes without a frame; and it answers the peer's answer with a second one. */
static void test_one_close_frame(void **state)
{
    (void)state;
    struct jmt_ws ws;
    struct jmt_frame frame;
    disconnect(open_ws(&ws));
    receive(&ws, &frame);
    assert_int_equal(frame.opcode, JMT_OP_CLOSE);
    assert_int_equal(frame.bytes, 2);
    assert_memory_equal(frame.payload, "\x03\xe8", 2);
    must(jmt_ws_send_frame(
        &ws, &(struct jmt_frame){.opcode = JMT_OP_CLOSE, .payload = "\x03\xe8", .bytes = 2}));
    assert_int_equal(jmt_ws_receive_frame(&ws, &frame, JMT_PATIENCE_MS), -1);
    jmt_ws_fini(&ws);
    expect_nobody(&victim, 1000);
}

/* A peer that does not answer is not waited for. */
static void test_unanswered_close(void **state)
{
    (void)state;
    struct jmt_ws ws;
    struct jmt_frame frame;
    disconnect(open_ws(&ws));
    receive(&ws, &frame);
    assert_int_equal(frame.opcode, JMT_OP_CLOSE);
    peer_expect_end(&ws.stream, 6000);
    jmt_ws_fini(&ws);
    expect_nobody(&victim, 1000);
}

static void test_peer_closes(void **state)
{
    (void)state;
    struct jmt_ws ws;
    struct jmt_frame frame;
    (void)open_ws(&ws);
    must(jmt_ws_send_frame(&ws, &(struct jmt_frame){.opcode = JMT_OP_CLOSE,
                                                    .payload = "\x03\xe9"
                                                               "bye",
                                                    .bytes = 5}));
    receive(&ws, &frame);
    assert_int_equal(frame.opcode, JMT_OP_CLOSE);
    assert_memory_equal(frame.payload, "\x03\xe9", 2);
    assert_int_equal(jmt_ws_receive_frame(&ws, &frame, JMT_PATIENCE_MS), -1);
    jmt_ws_fini(&ws);
    expect_nobody(&victim, 1000);
}

/* A peer that is gone without a word shows it by not answering a ping; one that answers stays. An empty
 * pong would not be told by the library. */
static void test_dead_peer(void **state)
{
    (void)state;
    struct jmt_ws dead, living;
    (void)open_ws(&dead);
    (void)open_ws(&living);
    int64_t deadline_ms = jmt_deadline_after(6000);
    int pongs = 0;
    while (jmt_clock_ms() < deadline_ms) {
        struct jmt_frame frame;
        must(jmt_ws_receive_frame(&living, &frame, 4000));
        assert_int_equal(frame.opcode, JMT_OP_PING);
        frame.opcode = JMT_OP_PONG;
        must(jmt_ws_send_frame(&living, &frame));
        pongs++;
    }
    assert_true(pongs >= 3);
    peer_expect_end(&dead.stream, 1000);
    must(jmt_ws_close(&living, 1000));
    jmt_ws_fini(&dead);
    jmt_ws_fini(&living);
    expect_nobody(&victim, 1000);
}

/* All are told where the host goes, and none holds it up. */
static void test_drain(void **state)
{
    (void)state;
    struct victim leaving;
    struct jmt_ws polite, rude;
    struct jmt_stream idle;
    victim_open(&leaving, NULL);
    must(jmt_ws_open(&polite, leaving.host.port, NULL));
    must(jmt_ws_open(&rude, leaving.host.port, NULL));
    peer_open(&idle, &leaving, 0);
    peer_say(&idle, GET_NOTHING);
    assert_int_equal(peer_hear(&idle), 404);
    must(jmt_process_signal(&leaving.host.process, SIGTERM));
    assert_int_equal(jmt_ws_wait_close(&polite, JMT_PATIENCE_MS), 1001);
    assert_int_equal(strncmp(polite.close_reason, "retry_ms=", 9), 0);
    peer_expect_end(&idle, 1000);
    assert_int_equal(jmt_process_wait(&leaving.host.process, 8000), 0);
    jmt_ws_fini(&polite);
    jmt_ws_fini(&rude);
    jmt_host_fini(&leaving.host);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_close_frame), cmocka_unit_test(test_unanswered_close),
        cmocka_unit_test(test_peer_closes),     cmocka_unit_test(test_dead_peer),
        cmocka_unit_test(test_drain),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
