/* WebSocket frames as bytes: see ws_frame.h. */
#include "ws_frame.h"

#include "error.h"

#include <string.h>

static const uint8_t mask_key[4] = {0x9a, 0x01, 0xf7, 0x3c};

void jmt_frame_write(struct jmt_buffer *out, const struct jmt_frame *frame)
{
    uint8_t head[14];
    size_t head_bytes = 2;
    head[0] = (uint8_t)((frame->partial ? 0 : 0x80) | (frame->rsv & 7) << 4 | (frame->opcode & 15));
    head[1] = frame->unmasked ? 0 : 0x80;
    if (frame->bytes < 126) {
        head[1] |= (uint8_t)frame->bytes;
    } else {
        unsigned length_bytes = frame->bytes < 65536 ? 2 : 8;
        head[1] |= length_bytes == 2 ? 126 : 127;
        for (unsigned i = 0; i < length_bytes; ++i)
            head[head_bytes++] = (uint8_t)((uint64_t)frame->bytes >> (8 * (length_bytes - 1 - i)));
    }
    if (!frame->unmasked) {
        memcpy(head + head_bytes, mask_key, sizeof mask_key);
        head_bytes += sizeof mask_key;
    }
    jmt_buffer_append(out, head, head_bytes);
    size_t payload_at = out->used;
    jmt_buffer_append(out, frame->payload, frame->bytes);
    for (size_t i = 0; !frame->unmasked && i < frame->bytes; ++i)
        out->bytes[payload_at + i] = (char)(out->bytes[payload_at + i] ^ mask_key[i % 4]);
}

int jmt_frame_receive(struct jmt_stream *stream, struct jmt_frame *frame_out, int64_t deadline_ms)
{
    if (jmt_stream_need(stream, 2, deadline_ms) < 0)
        return -1;
    const uint8_t *head = (const uint8_t *)jmt_stream_unread(stream);
    unsigned length_code = head[1] & 127u;
    size_t length_bytes = length_code == 126 ? 2 : length_code == 127 ? 8 : 0;
    if (jmt_stream_need(stream, 2 + length_bytes, deadline_ms) < 0)
        return -1;
    head = (const uint8_t *)jmt_stream_unread(stream);
    if (head[1] & 0x80)
        return jmt_error_set("the server masked a frame");
    *frame_out = (struct jmt_frame){.opcode = head[0] & 15u,
                                    .partial = !(head[0] & 0x80),
                                    .rsv = head[0] >> 4 & 7u,
                                    .unmasked = true,
                                    .bytes = length_bytes > 0 ? 0 : length_code};
    for (size_t i = 0; i < length_bytes; ++i)
        frame_out->bytes = frame_out->bytes << 8 | head[2 + i];
    if (frame_out->bytes > SIZE_MAX / 4)
        return jmt_error_set("the server sent a frame of %zu bytes", frame_out->bytes);
    if (jmt_stream_need(stream, 2 + length_bytes + frame_out->bytes, deadline_ms) < 0)
        return -1;
    frame_out->payload = jmt_stream_unread(stream) + 2 + length_bytes;
    jmt_stream_take(stream, 2 + length_bytes + frame_out->bytes);
    return 0;
}
