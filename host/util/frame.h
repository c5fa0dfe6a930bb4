/* The header of a WebSocket text message as a server sends it: whole, not masked (RFC 6455, 5.2). */
#ifndef JMH_UTIL_FRAME_H
#define JMH_UTIL_FRAME_H

#include <stddef.h>
#include <stdint.h>

#define JMH_FRAME_COMPRESSED 0x40 /* RSV1, in the first byte */
#define JMH_FRAME_HEAD_MAX 10

/* Write the header for a message of that length; its own length: 2, 4 or 10. */
size_t jmh_frame_head(uint8_t *out, size_t message_bytes);

#endif
