/* A server-sent events client: see sse.h. */
#include "sse.h"

#include "error.h"
#include "wait.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static int send_request(struct jmt_sse *sse, const char *channels, const char *last_event_id)
{
    struct jmt_buffer path = {0};
    struct jmt_buffer headers = {0};
    jmt_buffer_printf(&path, "/events?channels=%s", channels);
    jmt_buffer_printf(&headers, "Accept: text/event-stream\r\n");
    if (last_event_id)
        jmt_buffer_printf(&headers, "Last-Event-ID: %s\r\n", last_event_id);
    struct jmt_request request = {.path = path.bytes, .headers = headers.bytes};
    int result = jmt_http_send(&sse->http, &request);
    jmt_buffer_fini(&path);
    jmt_buffer_fini(&headers);
    return result;
}

int jmt_sse_open(struct jmt_sse *sse_out, int port, const char *channels, const char *last_event_id)
{
    *sse_out = (struct jmt_sse){0};
    if (jmt_http_open(&sse_out->http, port) < 0)
        return -1;
    if (send_request(sse_out, channels, last_event_id) < 0)
        return -1;
    if (jmt_response_receive_head(&sse_out->head, &sse_out->body, &sse_out->http.stream,
                                  jmt_deadline_after(JMT_PATIENCE_MS)) < 0)
        return -1;
    const char *type = jmt_response_header(&sse_out->head, "Content-Type");
    if (sse_out->head.status != 200 || !type || strncasecmp(type, "text/event-stream", 17) != 0)
        return jmt_error_set("/events answered %d with Content-Type %s", sse_out->head.status,
                             type ? type : "missing");
    if (last_event_id)
        snprintf(sse_out->last_id, sizeof sse_out->last_id, "%s", last_event_id);
    return 0;
}

void jmt_sse_close(struct jmt_sse *sse)
{
    jmt_http_close(&sse->http);
    jmt_response_fini(&sse->head);
    jmt_buffer_fini(&sse->text);
}

/* Waits for the next whole line and copies it to line_out. */
static int next_line(struct jmt_sse *sse, struct jmt_buffer *line_out, int64_t deadline_ms)
{
    char *newline;
    while (!(newline = sse->text.bytes ? memchr(sse->text.bytes, '\n', sse->text.used) : NULL)) {
        const char *piece;
        ptrdiff_t count = jmt_body_read(&sse->body, &sse->http.stream, &piece, deadline_ms);
        if (count < 0)
            return -1;
        if (count == 0)
            return jmt_error_set("the server ended the event stream");
        jmt_buffer_append(&sse->text, piece, (size_t)count);
    }
    size_t length = (size_t)(newline - sse->text.bytes);
    line_out->used = 0;
    jmt_buffer_append(line_out, sse->text.bytes, length);
    if (length > 0 && line_out->bytes[length - 1] == '\r')
        line_out->bytes[--line_out->used] = '\0';
    jmt_buffer_drop(&sse->text, length + 1);
    return 0;
}

/* The field's value when the line is of that field ("data: x"), else NULL. */
static const char *value_of(const char *line, const char *field)
{
    size_t length = strlen(field);
    if (strncmp(line, field, length) != 0)
        return NULL;
    if (line[length] == '\0')
        return line + length;
    if (line[length] != ':')
        return NULL;
    return line + length + (line[length + 1] == ' ' ? 2 : 1);
}

static void read_field(struct jmt_sse *sse, const char *line, struct jmt_buffer *event,
                       struct jmt_buffer *data)
{
    const char *value = value_of(line, "data");
    if (value) {
        jmt_buffer_printf(data, "%s\n", value);
        return;
    }
    value = value_of(line, "id");
    if (value) {
        snprintf(sse->last_id, sizeof sse->last_id, "%s", value);
        return;
    }
    value = value_of(line, "event");
    if (value) {
        event->used = 0;
        jmt_buffer_printf(event, "%s", value);
    }
}

int jmt_sse_receive(struct jmt_sse *sse, struct jmt_sse_event *event_out, int timeout_ms)
{
    int64_t deadline_ms = jmt_deadline_after(timeout_ms);
    struct jmt_buffer line = {0};
    struct jmt_buffer event = {0};
    struct jmt_buffer data = {0};
    int result;
    *event_out = (struct jmt_sse_event){0};
    while ((result = next_line(sse, &line, deadline_ms)) == 0) {
        if (line.used > 0)
            read_field(sse, line.bytes, &event, &data);
        else if (data.used > 0)
            break;
        else
            event.used = 0;
    }
    if (result == 0) {
        data.bytes[--data.used] = '\0';
        if (event.used == 0)
            jmt_buffer_printf(&event, "message");
        event_out->id = strdup(sse->last_id);
        event_out->event = jmt_buffer_take(&event);
        event_out->data = jmt_buffer_take(&data);
    }
    jmt_buffer_fini(&line);
    jmt_buffer_fini(&event);
    jmt_buffer_fini(&data);
    return result;
}

void jmt_sse_event_fini(struct jmt_sse_event *event)
{
    free(event->id);
    free(event->event);
    free(event->data);
    *event = (struct jmt_sse_event){0};
}
