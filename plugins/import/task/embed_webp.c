/* XMP in WebP: the last chunk, announced in the header of the extended format. Worker process only. */
#include "task/embed.h"
#include "task/structure.h"

#define FLAG_XMP 0x04
#define FLAG_ALPHA 0x10
#define VP8X_BYTES 10

static void put_chunk_head(struct out *out, const char *type, uint64_t len)
{
    const uint8_t bytes[] = {(uint8_t)len, (uint8_t)(len >> 8), (uint8_t)(len >> 16),
                             (uint8_t)(len >> 24)};
    out_put(out, type, 4);
    out_put(out, bytes, sizeof bytes);
}

static bool is_chunk(struct bytes file, uint64_t at, const char *type)
{
    return has_text(file, at, type, 4);
}

static uint64_t chunk_end(struct bytes file, uint64_t at)
{
    uint64_t len = le32(file, at + 4);
    return at + 8 + len + (len & 1);
}

/* The header of the extended format: the one that is there, or one for the single picture. */
static void put_header(struct out *out, struct bytes file, const struct structure *structure)
{
    uint8_t header[VP8X_BYTES] = {0};
    if (is_chunk(file, 12, "VP8X") && has(file, 20, VP8X_BYTES)) {
        memcpy(header, file.ptr + 20, VP8X_BYTES);
    } else {
        const uint32_t width = structure->width - 1;
        const uint32_t height = structure->height - 1;
        const bool alpha = is_chunk(file, 12, "VP8L") && (file.ptr[24] & FLAG_ALPHA) != 0;
        const uint8_t size[] = {(uint8_t)width,  (uint8_t)(width >> 8),  (uint8_t)(width >> 16),
                                (uint8_t)height, (uint8_t)(height >> 8), (uint8_t)(height >> 16)};
        header[0] = alpha ? FLAG_ALPHA : 0;
        memcpy(header + 4, size, sizeof size);
    }
    header[0] |= FLAG_XMP;
    put_chunk_head(out, "VP8X", VP8X_BYTES);
    out_put(out, header, sizeof header);
}

/* Bytes of the chunks that stay as they are; written too where `out` is not NULL. */
static uint64_t put_kept(struct out *out, struct bytes file, uint64_t end)
{
    uint64_t kept = 0;
    for (uint64_t at = 12; at + 8 <= end && chunk_end(file, at) <= end; at = chunk_end(file, at)) {
        if (is_chunk(file, at, "VP8X") || is_chunk(file, at, "XMP ")) {
            continue;
        }
        kept += chunk_end(file, at) - at;
        if (out != NULL) {
            out_part(out, file, at, chunk_end(file, at));
        }
    }
    return kept;
}

bool embed_webp(struct bytes file, struct bytes packet, struct out *out)
{
    struct structure structure = {0};
    if (!webp_walk(file, &structure) || structure.width == 0 || structure.height == 0 ||
        !has(file, 12, 20)) {
        return false;
    }
    uint64_t end = 8 + (uint64_t)le32(file, 4);
    end += (end & 1) != 0 && end < file.len; /* the last chunk's odd byte */
    const uint64_t size =
        4 + 8 + VP8X_BYTES + put_kept(NULL, file, end) + 8 + packet.len + (packet.len & 1);
    if (size > UINT32_MAX - 8) {
        return false;
    }
    put_chunk_head(out, "RIFF", size);
    out_put(out, "WEBP", 4);
    put_header(out, file, &structure);
    put_kept(out, file, end);
    put_chunk_head(out, "XMP ", packet.len);
    out_put(out, packet.ptr, packet.len);
    out_put(out, "", packet.len & 1);
    return true;
}
