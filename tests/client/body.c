/* The body of an HTTP response, piece by piece: see body.h. */
#include "body.h"

#include "error.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Reads a chunk's size line, and before it the line end of the chunk that came earlier. */
static int begin_chunk(struct jmt_body *body, struct jmt_stream *stream, int64_t deadline_ms)
{
    const char *line;
    if (body->started) {
        line = jmt_stream_line(stream, deadline_ms);
        if (!line)
            return -1;
        if (*line != '\0')
            return jmt_error_set("a chunk is longer than its size says");
    }
    line = jmt_stream_line(stream, deadline_ms);
    if (!line)
        return -1;
    char *end;
    errno = 0;
    body->left = strtoul(line, &end, 16);
    if (errno != 0 || end == line || (*end != '\0' && *end != ';'))
        return jmt_error_set("\"%s\" is not the size of a chunk", line);
    body->started = true;
    return 0;
}

static int skip_trailer(struct jmt_stream *stream, int64_t deadline_ms)
{
    const char *line;
    do {
        line = jmt_stream_line(stream, deadline_ms);
        if (!line)
            return -1;
    } while (*line != '\0');
    return 0;
}

static ptrdiff_t take_piece(struct jmt_body *body, struct jmt_stream *stream,
                            const char **piece_out, int64_t deadline_ms)
{
    if (jmt_stream_need(stream, 1, deadline_ms) < 0)
        return -1;
    size_t count = jmt_stream_unread_count(stream);
    if (count > body->left)
        count = body->left;
    body->left -= count;
    *piece_out = jmt_stream_unread(stream);
    jmt_stream_take(stream, count);
    return (ptrdiff_t)count;
}

static ptrdiff_t read_until_close(struct jmt_body *body, struct jmt_stream *stream,
                                  const char **piece_out, int64_t deadline_ms)
{
    if (jmt_stream_unread_count(stream) == 0) {
        ptrdiff_t got = jmt_stream_fill(stream, deadline_ms);
        if (got <= 0) {
            body->ended = got == 0;
            return got;
        }
    }
    size_t count = jmt_stream_unread_count(stream);
    *piece_out = jmt_stream_unread(stream);
    jmt_stream_take(stream, count);
    return (ptrdiff_t)count;
}

ptrdiff_t jmt_body_read(struct jmt_body *body, struct jmt_stream *stream, const char **piece_out,
                        int64_t deadline_ms)
{
    if (body->ended)
        return 0;
    if (body->kind == JMT_BODY_UNTIL_CLOSE)
        return read_until_close(body, stream, piece_out, deadline_ms);
    if (body->kind == JMT_BODY_CHUNKED && body->left == 0) {
        if (begin_chunk(body, stream, deadline_ms) < 0)
            return -1;
        if (body->left == 0 && skip_trailer(stream, deadline_ms) < 0)
            return -1;
    }
    if (body->left == 0) {
        body->ended = true;
        return 0;
    }
    return take_piece(body, stream, piece_out, deadline_ms);
}
