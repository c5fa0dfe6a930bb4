/* SHA-1 and base64 for the WebSocket handshake: see sha1.h. */
#include "sha1.h"

#include <string.h>

static uint32_t rotate(uint32_t value, unsigned bits)
{
    return (value << bits) | (value >> (32 - bits));
}

static uint32_t mix(unsigned round, uint32_t b, uint32_t c, uint32_t d)
{
    switch (round / 20) {
    case 0:
        return ((b & c) | (~b & d)) + 0x5a827999;
    case 1:
        return (b ^ c ^ d) + 0x6ed9eba1;
    case 2:
        return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
    default:
        return (b ^ c ^ d) + 0xca62c1d6;
    }
}

static void digest_block(uint32_t state[5], const uint8_t *block)
{
    uint32_t words[80];
    for (size_t i = 0; i < 16; ++i)
        words[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
                   (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
    for (unsigned i = 16; i < 80; ++i)
        words[i] = rotate(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);

    uint32_t a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];
    for (unsigned i = 0; i < 80; ++i) {
        uint32_t next = rotate(a, 5) + mix(i, b, c, d) + e + words[i];
        e = d;
        d = c;
        c = rotate(b, 30);
        b = a;
        a = next;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
}

void jmt_sha1(const void *bytes, size_t count, uint8_t digest_out[20])
{
    uint32_t state[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
    const uint8_t *next = bytes;
    size_t left = count;
    for (; left >= 64; next += 64, left -= 64)
        digest_block(state, next);

    uint8_t tail[128] = {0};
    memcpy(tail, next, left);
    tail[left] = 0x80;
    size_t tail_bytes = left < 56 ? 64 : 128;
    uint64_t bits = (uint64_t)count * 8;
    for (unsigned i = 0; i < 8; ++i)
        tail[tail_bytes - 1 - i] = (uint8_t)(bits >> (8 * i));
    for (size_t at = 0; at < tail_bytes; at += 64)
        digest_block(state, tail + at);

    for (unsigned i = 0; i < 20; ++i)
        digest_out[i] = (uint8_t)(state[i / 4] >> (24 - 8 * (i % 4)));
}

void jmt_base64_encode(const uint8_t *bytes, size_t count, char *text_out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t at = 0; at < count; at += 3) {
        size_t here = count - at < 3 ? count - at : 3;
        uint32_t group = (uint32_t)bytes[at] << 16;
        if (here > 1)
            group |= (uint32_t)bytes[at + 1] << 8;
        if (here > 2)
            group |= bytes[at + 2];
        *text_out++ = digits[group >> 18];
        *text_out++ = digits[group >> 12 & 63];
        *text_out++ = here > 1 ? digits[group >> 6 & 63] : '=';
        *text_out++ = here > 2 ? digits[group & 63] : '=';
    }
    *text_out = '\0';
}

void jmt_accept_key(const char *key, size_t count, char accept_out[JMT_ACCEPT_BYTES])
{
    static const char guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    char text[64 + sizeof guid];
    uint8_t digest[20];
    if (count > 64)
        count = 64;
    memcpy(text, key, count);
    memcpy(text + count, guid, sizeof guid - 1);
    jmt_sha1(text, count + sizeof guid - 1, digest);
    jmt_base64_encode(digest, sizeof digest, accept_out);
}
