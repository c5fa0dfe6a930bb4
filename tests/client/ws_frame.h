/*
 * One WebSocket frame as bytes (RFC 6455 section 5.2), both ways. Frames that break the protocol
 * can be written on purpose: unmasked, with reserved bits or opcodes, too long for a control frame.
 */
#ifndef JMT_WS_FRAME_H
#define JMT_WS_FRAME_H

#include "stream.h"

#include <stdbool.h>

enum jmt_opcode {
    JMT_OP_CONTINUATION = 0,
    JMT_OP_TEXT = 1,
    JMT_OP_BINARY = 2,
    JMT_OP_CLOSE = 8,
    JMT_OP_PING = 9,
    JMT_OP_PONG = 10,
};

struct jmt_frame {
    unsigned opcode;
    bool partial;  /* FIN is not set: a continuation follows */
    unsigned rsv;  /* the three reserved bits, RSV1 is 4 */
    bool unmasked; /* a client's frame without a mask, or a server's, as it should be */
    const char *payload;
    size_t bytes;
};

/* Appends the frame's bytes as a client sends them. */
void jmt_frame_write(struct jmt_buffer *out, const struct jmt_frame *frame);

/* Receives the next frame; its payload is valid until the next call on the stream. */
int jmt_frame_receive(struct jmt_stream *stream, struct jmt_frame *frame_out, int64_t deadline_ms);

#endif
