/*
 * SHA-1, for one purpose only: the key of a WebSocket handshake (RFC 6455 section 4.2.2). Used by
 * the client to check a server's answer, and by the bench's floor server to give it.
 */
#ifndef JMT_SHA1_H
#define JMT_SHA1_H

#include <stddef.h>
#include <stdint.h>

void jmt_sha1(const void *bytes, size_t count, uint8_t digest_out[20]);

/* Base64 with padding; `text_out` needs 4 * ceil(count / 3) + 1 bytes. */
void jmt_base64_encode(const uint8_t *bytes, size_t count, char *text_out);

#define JMT_ACCEPT_BYTES 29

/* The Sec-WebSocket-Accept that answers a Sec-WebSocket-Key of `count` characters (at most 64). */
void jmt_accept_key(const char *key, size_t count, char accept_out[JMT_ACCEPT_BYTES]);

#endif
