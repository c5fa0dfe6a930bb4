/* The tests of the test client itself: every reader against a peer that the test scripts. */
#include "client_test_host.h"
#include "client_test_peer.h"

#include "client/error.h"
#include "client/http.h"
#include "client/sha1.h"
#include "client/sse.h"
#include "client/ws.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void answer_twice(struct peer *peer)
{
    peer_read_until(peer, "\r\n\r\n{\"a\":1}");
    peer_say(peer, "HTTP/1.1 201 Created\r\nContent-Length: 5\r\nX-Kind:  first \r\n\r\nhe");
    peer_say(peer, "lloHTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nab");
    peer_say(peer, "c\r\nA;x=y\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n");
}

static void test_http_keep_alive(void **state)
{
    struct jmt_request request = {.method = "POST",
                                  .path = "/queue",
                                  .headers = "X-One: 1\r\n",
                                  .content_type = "application/json",
                                  .body = "{\"a\":1}"};
    struct jmt_response response;
    struct jmt_http http;
    struct peer peer;
    (void)state;
    peer_start(&peer, answer_twice);
    assert_int_equal(jmt_http_open(&http, peer.port), 0);
    assert_int_equal(jmt_http_exchange(&http, &request, &response), 0);
    assert_int_equal(response.status, 201);
    assert_string_equal(response.body, "hello");
    assert_string_equal(jmt_response_header(&response, "x-kind"), "first ");
    assert_null(jmt_response_header(&response, "X-Kin"));
    jmt_response_fini(&response);

    assert_int_equal(jmt_http_receive(&http, &response, 5000), 0);
    assert_string_equal(response.body, "abc0123456789");
    assert_int_equal(response.body_bytes, 13);
    jmt_response_fini(&response);

    assert_int_equal(jmt_http_receive(&http, &response, 5000), -1);
    assert_non_null(strstr(jmt_error_text(), "closed"));
    jmt_http_close(&http);
    peer_join(&peer);
    assert_non_null(strstr(peer.input, "POST /queue HTTP/1.1\r\nHost: 127.0.0.1:"));
    assert_non_null(strstr(peer.input, "\r\nX-One: 1\r\nContent-Type: application/json\r\n"
                                       "Content-Length: 7\r\n\r\n{\"a\":1}"));
}

static void answer_head(struct peer *peer)
{
    peer_read_until(peer, "\r\n\r\n");
    peer_say(peer, "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n");
    peer_read_until(peer, "GET");
    peer_say(peer, "HTTP/1.0 404 Not Found\r\n\r\nuntil the end");
}

static void test_http_head_and_close(void **state)
{
    struct jmt_request head = {.method = "HEAD", .path = "/"};
    struct jmt_request get = {.path = "/none", .close = true};
    struct jmt_response response;
    struct jmt_http http;
    struct peer peer;
    (void)state;
    peer_start(&peer, answer_head);
    assert_int_equal(jmt_http_open(&http, peer.port), 0);
    assert_int_equal(jmt_http_exchange(&http, &head, &response), 0);
    assert_int_equal(response.body_bytes, 0);
    jmt_response_fini(&response);
    assert_int_equal(jmt_http_exchange(&http, &get, &response), 0);
    assert_int_equal(response.status, 404);
    assert_string_equal(response.body, "until the end");
    jmt_response_fini(&response);
    jmt_http_close(&http);
    peer_join(&peer);
}

static void answer_json(struct peer *peer)
{
    peer_read_until(peer, "{\"n\":3}");
    peer_say(peer, "HTTP/1.1 400 Bad Request\r\nContent-Length: 15\r\n\r\n{\"error\":\"bad\"}");
}

static void answer_html(struct peer *peer)
{
    peer_read_until(peer, "\r\n\r\n");
    peer_say(peer, "HTTP/1.1 500 Oops\r\nContent-Length: 6\r\n\r\n<html>");
}

static void test_http_json(void **state)
{
    struct peer peer;
    json_t *reply;
    (void)state;
    peer_start(&peer, answer_json);
    json_t *body = json_pack("{s:i}", "n", 3);
    assert_int_equal(jmt_http_json(peer.port, "PUT", "/config", body, &reply), 400);
    assert_string_equal(json_string_value(json_object_get(reply, "error")), "bad");
    json_decref(reply);
    peer_join(&peer);

    peer_start(&peer, answer_html);
    assert_int_equal(jmt_http_json(peer.port, "GET", "/", NULL, &reply), -1);
    assert_null(reply);
    assert_non_null(strstr(jmt_error_text(), "<html>"));
    peer_join(&peer);
}

static void say_nothing(struct peer *peer)
{
    peer_read_until(peer, NULL);
}

static void test_deadline(void **state)
{
    struct jmt_response response;
    struct jmt_http http;
    struct peer peer;
    (void)state;
    peer_start(&peer, say_nothing);
    assert_int_equal(jmt_http_open(&http, peer.port), 0);
    assert_int_equal(jmt_http_receive(&http, &response, 30), -1);
    assert_non_null(strstr(jmt_error_text(), "deadline"));
    jmt_http_close(&http);
    peer_join(&peer);
}

static void test_accept_key(void **state)
{
    char accept_key[JMT_ACCEPT_BYTES];
    uint8_t digest[20];
    char text[29];
    (void)state;
    jmt_accept_key("dGhlIHNhbXBsZSBub25jZQ==", 24, accept_key);
    assert_string_equal(accept_key, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    jmt_sha1("abc", 3, digest);
    jmt_base64_encode(digest, sizeof digest, text);
    assert_string_equal(text, "qZk+NkcGgWq6PiVxeFDCbJzQ2J0=");
}

static void talk_ws(struct peer *peer)
{
    peer_accept_ws(peer);
    peer_frame(peer, 0x81, "{\"type\":\"connection_established\"}");
    peer_read_bytes(peer, 6 + 44);
    peer_frame(peer, 0x01, "{\"type\":\"photo");
    peer_frame(peer, 0x89, "are you there");
    peer_frame(peer, 0x00, "_imported\",");
    peer_frame(peer, 0x80, "\"n\":1}");
    peer_frame(peer, 0x81, "{\"type\":\"subscription_confirmed\",\"channels\":[\"jobs\",\"x\"]}");
    peer_frame(peer, 0x81, "{\"type\":\"photo_imported\",\"n\":2}");
    peer_frame(peer, 0x81, "{\"type\":\"job_created\",\"n\":3}");
    peer_frame(peer, 0x88, "\x03\xe9retry_ms=7");
    peer_read_until(peer, NULL);
}

static void expect_number(struct jmt_ws *ws, int number)
{
    json_t *message;
    assert_int_equal(jmt_ws_receive_json(ws, &message, 5000), 0);
    assert_int_equal(json_integer_value(json_object_get(message, "n")), number);
    json_decref(message);
}

static void test_ws_conversation(void **state)
{
    struct jmt_ws_options options = {.path = "/ws?x=1", .origin = "http://localhost:3000"};
    json_t *message;
    json_t *skipped = json_array();
    struct jmt_ws ws;
    struct peer peer;
    (void)state;
    peer_start(&peer, talk_ws);
    assert_int_equal(jmt_ws_open(&ws, peer.port, &options), 0);
    assert_int_equal(jmt_ws_subscribe(&ws, "jobs,x", &message), 0);
    assert_int_equal(json_array_size(json_object_get(message, "channels")), 2);
    json_decref(message);

    assert_int_equal(jmt_ws_wait(&ws, "photo_imported", &message, skipped, 5000), 0);
    assert_int_equal(json_integer_value(json_object_get(message, "n")), 1);
    assert_int_equal(json_array_size(skipped), 1);
    json_decref(message);
    expect_number(&ws, 2);
    expect_number(&ws, 3);
    assert_int_equal(jmt_ws_wait(&ws, "never", &message, NULL, 5000), -1);
    assert_null(message);
    assert_non_null(strstr(jmt_error_text(), "closed with 1001"));
    assert_int_equal(ws.close_code, 1001);
    assert_string_equal(ws.close_reason, "retry_ms=7");
    jmt_ws_fini(&ws);
    peer_join(&peer);
    json_decref(skipped);

    /* What the client sent: the subscription, the pong, the answer to the close, all masked. */
    assert_int_equal(peer.input_used, 50 + 6 + 13 + 6 + 2);
    assert_int_equal((uint8_t)peer.input[50], 0x8a);
    assert_int_equal((uint8_t)peer.input[50 + 19], 0x88);
}

static void refuse_ws(struct peer *peer)
{
    peer_read_until(peer, "Origin: http://evil.example\r\n");
    peer_say(peer, "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
}

static void accept_wrongly(struct peer *peer)
{
    peer_read_until(peer, "\r\n\r\n");
    peer_say(peer, "HTTP/1.1 101 Switching\r\nSec-WebSocket-Accept: bm8=\r\n\r\n");
}

static void test_ws_refusals(void **state)
{
    struct jmt_ws_options evil = {.origin = "http://evil.example"};
    struct jmt_ws ws;
    struct peer peer;
    (void)state;
    peer_start(&peer, refuse_ws);
    assert_int_equal(jmt_ws_open(&ws, peer.port, &evil), -1);
    assert_int_equal(ws.handshake.status, 403);
    jmt_ws_fini(&ws);
    peer_join(&peer);

    peer_start(&peer, accept_wrongly);
    assert_int_equal(jmt_ws_open(&ws, peer.port, NULL), -1);
    assert_non_null(strstr(jmt_error_text(), "Sec-WebSocket-Accept"));
    jmt_ws_fini(&ws);
    peer_join(&peer);
}

static void vanish(struct peer *peer)
{
    peer_accept_ws(peer);
    peer_frame(peer, 0x81, "[1]");
}

static void echo_close(struct peer *peer)
{
    peer_accept_ws(peer);
    peer_read_bytes(peer, 8);
    peer_frame(peer, 0x88, "\x03\xe8");
    peer_read_until(peer, NULL);
}

static void speak_badly(struct peer *peer)
{
    peer_accept_ws(peer);
    peer_frame(peer, 0xc1, "{}");
    peer_read_until(peer, NULL);
}

static void test_ws_endings(void **state)
{
    struct jmt_ws ws;
    struct peer peer;
    json_t *message;
    (void)state;
    peer_start(&peer, vanish);
    assert_int_equal(jmt_ws_open(&ws, peer.port, NULL), 0);
    assert_int_equal(jmt_ws_wait_close(&ws, 5000), JMT_CLOSE_ABNORMAL);
    jmt_ws_fini(&ws);
    peer_join(&peer);

    peer_start(&peer, echo_close);
    assert_int_equal(jmt_ws_open(&ws, peer.port, NULL), 0);
    assert_int_equal(jmt_ws_wait_close(&ws, 30), -1);
    assert_int_equal(jmt_ws_close(&ws, 1000), 1000);
    jmt_ws_fini(&ws);
    peer_join(&peer);
    assert_int_equal(peer.input_used, 8);

    peer_start(&peer, speak_badly);
    assert_int_equal(jmt_ws_open(&ws, peer.port, NULL), 0);
    assert_int_equal(jmt_ws_receive_json(&ws, &message, 5000), -1);
    assert_non_null(strstr(jmt_error_text(), "reserved bits 4"));
    jmt_ws_fini(&ws);
    peer_join(&peer);
}

static void test_ws_frame_bytes(void **state)
{
    static char long_text[70000];
    struct jmt_buffer out = {0};
    (void)state;
    jmt_frame_write(
        &out,
        &(struct jmt_frame){
            .opcode = 3, .rsv = 2, .partial = true, .unmasked = true, .payload = "ab", .bytes = 2});
    assert_int_equal(out.used, 4);
    assert_memory_equal(out.bytes,
                        "\x23\x02"
                        "ab",
                        4);
    out.used = 0;
    jmt_frame_write(&out, &(struct jmt_frame){.opcode = 1, .payload = long_text, .bytes = 126});
    assert_int_equal(out.used, 2 + 2 + 4 + 126);
    assert_memory_equal(out.bytes, "\x81\xfe\x00\x7e", 4);
    assert_memory_equal(out.bytes + 4, out.bytes + 8, 4);
    out.used = 0;
    jmt_frame_write(&out, &(struct jmt_frame){.opcode = 1, .payload = long_text, .bytes = 70000});
    assert_int_equal(out.used, 2 + 8 + 4 + 70000);
    assert_memory_equal(out.bytes, "\x81\xff\x00\x00\x00\x00\x00\x01\x11\x70", 10);
    jmt_buffer_fini(&out);
}

static void stream_events(struct peer *peer)
{
    peer_read_until(peer, "\r\n\r\n");
    peer_say(peer, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                   "Transfer-Encoding: chunked\r\n\r\n");
    peer_say(peer, "2\r\n:\n\r\n15\r\n\nid: 8\nevent: job\ndat\r\n");
    peer_say(peer, "e\r\na: one\r\ndata:t\r\n10\r\nwo\ndata\r\n\r\nretry\r\n9\r\n: 5\ndata:\r\n");
    peer_say(peer, "8\r\n three\n\n\r\n0\r\n\r\n");
}

static void test_sse(void **state)
{
    struct jmt_sse_event event;
    struct jmt_sse sse;
    struct peer peer;
    (void)state;
    peer_start(&peer, stream_events);
    assert_int_equal(jmt_sse_open(&sse, peer.port, "jobs,photos", "e:7"), 0);
    assert_string_equal(sse.last_id, "e:7");
    assert_int_equal(jmt_sse_receive(&sse, &event, 5000), 0);
    assert_string_equal(event.id, "8");
    assert_string_equal(event.event, "job");
    assert_string_equal(event.data, "one\ntwo\n");
    jmt_sse_event_fini(&event);
    assert_int_equal(jmt_sse_receive(&sse, &event, 5000), 0);
    assert_string_equal(event.id, "8");
    assert_string_equal(event.event, "message");
    assert_string_equal(event.data, "three");
    jmt_sse_event_fini(&event);
    assert_int_equal(jmt_sse_receive(&sse, &event, 5000), -1);
    assert_non_null(strstr(jmt_error_text(), "ended"));
    jmt_sse_close(&sse);
    peer_join(&peer);
    assert_non_null(strstr(peer.input, "GET /events?channels=jobs,photos HTTP/1.1\r\n"));
    assert_non_null(strstr(peer.input, "Last-Event-ID: e:7\r\n"));

    peer_start(&peer, answer_html);
    assert_int_equal(jmt_sse_open(&sse, peer.port, "x", NULL), -1);
    assert_int_equal(sse.head.status, 500);
    jmt_sse_close(&sse);
    peer_join(&peer);
}

int main(int argc, char **argv)
{
    const char *slash = strrchr(argv[0], '/');
    if (strcmp(slash ? slash + 1 : argv[0], "junmaid") == 0)
        return host_program_main(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_http_keep_alive), cmocka_unit_test(test_http_head_and_close),
        cmocka_unit_test(test_http_json),       cmocka_unit_test(test_deadline),
        cmocka_unit_test(test_accept_key),      cmocka_unit_test(test_ws_conversation),
        cmocka_unit_test(test_ws_refusals),     cmocka_unit_test(test_ws_endings),
        cmocka_unit_test(test_ws_frame_bytes),  cmocka_unit_test(test_sse),
        cmocka_unit_test(test_host_lifecycle),  cmocka_unit_test(test_host_log),
        cmocka_unit_test(test_host_bad_starts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
