/* Listening over WebSocket: see listen.h. */
#include "listen.h"

#include "check.h"

#include <string.h>

json_t *listen_welcome(struct jmt_ws *ws_out, const struct studio *studio)
{
    json_t *welcome;
    must(jmt_ws_open(ws_out, studio->host.port, NULL));
    must(jmt_ws_receive_json(ws_out, &welcome, LISTEN_MS));
    expect_text(welcome, "type", "connection_established");
    return welcome;
}

void listen_open(struct jmt_ws *ws_out, const struct studio *studio, const char *channels)
{
    json_decref(listen_welcome(ws_out, studio));
    if (channels)
        must(jmt_ws_subscribe(ws_out, channels, NULL));
}

json_t *listen_answer(struct jmt_ws *ws, const char *text)
{
    json_t *answer;
    must(jmt_ws_send_text(ws, text));
    must(jmt_ws_receive_json(ws, &answer, LISTEN_MS));
    return answer;
}

void listen_refused(struct jmt_ws *ws, const char *text, const char *words)
{
    json_t *answer = listen_answer(ws, text);
    expect_text(answer, "type", "error");
    expect_time(answer, "timestamp");
    if (!strstr(text_of(answer, "error"), words))
        fail_msg("%.200s was answered by \"%s\", which does not say \"%s\"", text,
                 text_of(answer, "error"), words);
    json_decref(answer);
}

json_t *listen_event(struct jmt_ws *ws, const char *type, const char *channel)
{
    json_t *event;
    must(jmt_ws_receive_json(ws, &event, LISTEN_MS));
    expect_envelope(event, type, channel);
    return event;
}

json_t *listen_for(struct jmt_ws *ws, const char *type)
{
    json_t *message;
    must(jmt_ws_wait(ws, type, &message, NULL, LISTEN_MS));
    return message;
}

void listen_quiet(struct jmt_ws *ws)
{
    json_t *answer = listen_answer(ws, "{\"type\":\"ping\"}");
    expect_text(answer, "type", "pong");
    json_decref(answer);
}

void expect_envelope(const json_t *event, const char *type, const char *channel)
{
    static const char *const with_channel[] = {"type", "timestamp", "channel", "seq", NULL};
    static const char *const for_everyone[] = {"type", "timestamp", "seq", NULL};
    const char *const *wanted = channel ? with_channel : for_everyone;
    const char *key;
    json_t *value;
    expect_text(event, "type", type);
    expect_time(event, "timestamp");
    if (channel)
        expect_text(event, "channel", channel);
    assert_true(seq_of(event) > 0);
    json_object_foreach((json_t *)event, key, value)
    {
        if (!*wanted)
            break;
        assert_string_equal(key, *wanted);
        wanted++;
    }
}

json_int_t seq_of(const json_t *message)
{
    return int_of(message, "seq");
}
