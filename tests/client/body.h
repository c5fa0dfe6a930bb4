/*
 * The body of an HTTP response as it arrives: by length, in chunks, or until the connection ends.
 * Hands out pieces, so that an endless body (SSE) is read by the same code as a short one.
 */
#ifndef JMT_BODY_H
#define JMT_BODY_H

#include "stream.h"

#include <stdbool.h>

enum jmt_body_kind { JMT_BODY_LENGTH, JMT_BODY_CHUNKED, JMT_BODY_UNTIL_CLOSE };

struct jmt_body {
    enum jmt_body_kind kind;
    size_t left; /* of the whole body (LENGTH) or of the chunk that is being read (CHUNKED) */
    bool started;
    bool ended;
};

/* The next piece, valid until the next call on the stream: its length, 0 at the end, or -1. */
ptrdiff_t jmt_body_read(struct jmt_body *body, struct jmt_stream *stream, const char **piece_out,
                        int64_t deadline_ms);

#endif
