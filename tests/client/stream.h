/*
 * A TCP connection to a server on loopback, with what has been received and not yet consumed.
 * HTTP, WebSocket and SSE all read through it.
 */
#ifndef JMT_STREAM_H
#define JMT_STREAM_H

#include "buffer.h"

#include <stddef.h>
#include <stdint.h>

struct jmt_stream {
    int fd;                  /* -1 when closed */
    struct jmt_buffer input; /* received bytes; the first `taken` of them are consumed */
    size_t taken;
};

int jmt_stream_open(struct jmt_stream *stream_out, int port, int timeout_ms);
void jmt_stream_close(struct jmt_stream *stream);

int jmt_stream_send(struct jmt_stream *stream, const void *bytes, size_t count,
                    int64_t deadline_ms);

/* Waits for bytes and adds them to the unread ones: how many, 0 when the peer has closed, or -1. */
ptrdiff_t jmt_stream_fill(struct jmt_stream *stream, int64_t deadline_ms);

/* Waits until at least `count` bytes are unread; -1 also when the peer closes before. */
int jmt_stream_need(struct jmt_stream *stream, size_t count, int64_t deadline_ms);

/* The unread bytes. Any call that reads may move them. */
const char *jmt_stream_unread(const struct jmt_stream *stream);
size_t jmt_stream_unread_count(const struct jmt_stream *stream);
void jmt_stream_take(struct jmt_stream *stream, size_t count);

/* Takes the next line without its CR LF; valid until the next call that reads. NULL on failure. */
const char *jmt_stream_line(struct jmt_stream *stream, int64_t deadline_ms);

#endif
