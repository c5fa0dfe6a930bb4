/* HTTP/1.1 for tests: see http.h. */
#include "http.h"

#include "error.h"
#include "wait.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

int jmt_http_open(struct jmt_http *http_out, int port)
{
    *http_out = (struct jmt_http){.port = port};
    return jmt_stream_open(&http_out->stream, port, JMT_PATIENCE_MS);
}

void jmt_http_close(struct jmt_http *http)
{
    jmt_stream_close(&http->stream);
}

int jmt_http_send(struct jmt_http *http, const struct jmt_request *request)
{
    const char *method = request->method ? request->method : "GET";
    struct jmt_buffer text = {0};
    jmt_buffer_printf(&text, "%s %s HTTP/1.1\r\n", method, request->path);
    if (request->host)
        jmt_buffer_printf(&text, "Host: %s\r\n", request->host);
    else
        jmt_buffer_printf(&text, "Host: 127.0.0.1:%d\r\n", http->port);
    if (request->headers)
        jmt_buffer_printf(&text, "%s", request->headers);
    if (request->content_type)
        jmt_buffer_printf(&text, "Content-Type: %s\r\n", request->content_type);
    if (request->close)
        jmt_buffer_printf(&text, "Connection: close\r\n");
    size_t body_bytes = request->body_bytes;
    if (request->body && body_bytes == 0)
        body_bytes = strlen(request->body);
    if (request->body)
        jmt_buffer_printf(&text, "Content-Length: %zu\r\n", body_bytes);
    jmt_buffer_printf(&text, "\r\n");
    jmt_buffer_append(&text, request->body, body_bytes);
    http->head_request = strcmp(method, "HEAD") == 0;
    int result = jmt_http_send_raw(http, text.bytes, text.used);
    jmt_buffer_fini(&text);
    return result;
}

int jmt_http_send_raw(struct jmt_http *http, const void *bytes, size_t count)
{
    return jmt_stream_send(&http->stream, bytes, count, jmt_deadline_after(JMT_PATIENCE_MS));
}

static int parse_status(const char *line)
{
    int status = 0;
    if (sscanf(line, "HTTP/1.%*1[01] %3d", &status) != 1)
        return jmt_error_set("\"%.80s\" is not the status line of an HTTP response", line);
    return status;
}

static struct jmt_body body_of(const struct jmt_response *response)
{
    struct jmt_body body = {.kind = JMT_BODY_UNTIL_CLOSE};
    const char *length = jmt_response_header(response, "Content-Length");
    const char *coding = jmt_response_header(response, "Transfer-Encoding");
    if (response->status < 200 || response->status == 204 || response->status == 304) {
        body.kind = JMT_BODY_LENGTH;
    } else if (coding && strcasecmp(coding, "chunked") == 0) {
        body.kind = JMT_BODY_CHUNKED;
    } else if (length) {
        body.kind = JMT_BODY_LENGTH;
        body.left = strtoul(length, NULL, 10);
    }
    return body;
}

int jmt_response_receive_head(struct jmt_response *response_out, struct jmt_body *body_out,
                              struct jmt_stream *stream, int64_t deadline_ms)
{
    struct jmt_buffer lines = {0};
    const char *line;
    *response_out = (struct jmt_response){0};
    do {
        line = jmt_stream_line(stream, deadline_ms);
        if (!line) {
            jmt_buffer_fini(&lines);
            return -1;
        }
        jmt_buffer_append(&lines, line, strlen(line) + 1);
    } while (*line != '\0');
    response_out->lines = jmt_buffer_take(&lines);
    response_out->status = parse_status(response_out->lines);
    if (response_out->status < 0) {
        jmt_response_fini(response_out);
        return -1;
    }
    *body_out = body_of(response_out);
    return 0;
}

int jmt_http_receive(struct jmt_http *http, struct jmt_response *response_out, int timeout_ms)
{
    int64_t deadline_ms = jmt_deadline_after(timeout_ms);
    struct jmt_body body;
    if (jmt_response_receive_head(response_out, &body, &http->stream, deadline_ms) < 0)
        return -1;
    struct jmt_buffer text = {0};
    const char *piece;
    ptrdiff_t count = 0;
    while (!http->head_request) {
        count = jmt_body_read(&body, &http->stream, &piece, deadline_ms);
        if (count <= 0)
            break;
        jmt_buffer_append(&text, piece, (size_t)count);
    }
    if (count < 0) {
        jmt_buffer_fini(&text);
        jmt_response_fini(response_out);
        return -1;
    }
    response_out->body_bytes = text.used;
    response_out->body = jmt_buffer_take(&text);
    return 0;
}

int jmt_http_exchange(struct jmt_http *http, const struct jmt_request *request,
                      struct jmt_response *response_out)
{
    *response_out = (struct jmt_response){0};
    if (jmt_http_send(http, request) < 0)
        return -1;
    return jmt_http_receive(http, response_out, JMT_PATIENCE_MS);
}

int jmt_http_once(int port, const struct jmt_request *request, struct jmt_response *response_out)
{
    struct jmt_http http;
    *response_out = (struct jmt_response){0};
    if (jmt_http_open(&http, port) < 0)
        return -1;
    int result = jmt_http_exchange(&http, request, response_out);
    jmt_http_close(&http);
    return result;
}

int jmt_http_json(int port, const char *method, const char *path, json_t *body_take,
                  json_t **reply_out)
{
    char *body = body_take ? json_dumps(body_take, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
    struct jmt_request request = {.method = method,
                                  .path = path,
                                  .content_type = body ? "application/json" : NULL,
                                  .body = body};
    struct jmt_response response;
    int status = jmt_http_once(port, &request, &response);
    if (status == 0)
        status = response.status;
    if (reply_out) {
        *reply_out = NULL;
        if (status > 0)
            *reply_out = json_loadb(response.body, response.body_bytes, JSON_DECODE_ANY, NULL);
        if (status > 0 && !*reply_out)
            status = jmt_error_set("%s %s answered %d without a JSON document: \"%.200s\"", method,
                                   path, status, response.body);
    }
    jmt_response_fini(&response);
    free(body);
    json_decref(body_take);
    return status;
}

const char *jmt_response_header(const struct jmt_response *response, const char *name)
{
    size_t length = strlen(name);
    for (const char *line = response->lines; *line != '\0'; line += strlen(line) + 1) {
        if (strncasecmp(line, name, length) == 0 && line[length] == ':')
            return line + length + 1 + strspn(line + length + 1, " \t");
    }
    return NULL;
}

void jmt_response_fini(struct jmt_response *response)
{
    free(response->lines);
    free(response->body);
    *response = (struct jmt_response){0};
}
