/* XMP in PNG: a chunk iTXt before the picture. Worker process only. */
#include "task/embed.h"

#define XMP_NAME "XML:com.adobe.xmp"
#define CHUNK_MORE 12 /* length, type, check sum */

static uint32_t crc_add(uint32_t crc, const void *ptr, uint64_t len)
{
    const uint8_t *bytes = ptr;
    for (uint64_t i = 0; i < len; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++) {
            crc = crc >> 1 ^ (0xEDB88320u & (0u - (crc & 1u)));
        }
    }
    return crc;
}

static void put_be32(struct out *out, uint32_t value)
{
    const uint8_t bytes[] = {(uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8),
                             (uint8_t)value};
    out_put(out, bytes, sizeof bytes);
}

/* Not compressed, in no language. */
static void put_packet(struct out *out, struct bytes packet)
{
    static const char head[] = "iTXt" XMP_NAME "\0\0\0\0"; /* and the NUL of the text */
    uint32_t crc = crc_add(crc_add(UINT32_MAX, head, sizeof head), packet.ptr, packet.len);
    put_be32(out, (uint32_t)(sizeof head - 4 + packet.len));
    out_put(out, head, sizeof head);
    out_put(out, packet.ptr, packet.len);
    put_be32(out, ~crc);
}

bool embed_png(struct bytes file, struct bytes packet, struct out *out)
{
    uint64_t at = 8;
    bool done = false;
    if (!has(file, 0, at)) {
        return false;
    }
    out_part(out, file, 0, at);
    while (has(file, at, CHUNK_MORE) && has(file, at, be32(file, at) + (uint64_t)CHUNK_MORE)) {
        const uint64_t end = at + be32(file, at) + CHUNK_MORE;
        if (!done && has_text(file, at + 4, "IDAT", 4)) {
            put_packet(out, packet);
            done = true;
        }
        if (!has_text(file, at + 4, "iTXt" XMP_NAME, sizeof "iTXt" XMP_NAME)) {
            out_part(out, file, at, end);
        }
        if (has_text(file, at + 4, "IEND", 4)) {
            out_part(out, file, end, file.len);
            return done;
        }
        at = end;
    }
    return false;
}
