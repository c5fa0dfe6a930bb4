/* What all formats share; see embed.h. */
#include "task/embed.h"

#include <errno.h>
#include <unistd.h>

void out_put(struct out *out, const void *ptr, uint64_t len)
{
    const uint8_t *at = ptr;
    while (len > 0 && out->error == 0) {
        ssize_t put = write(out->fd, at, len);
        if (put < 0 && errno == EINTR) {
            continue;
        }
        if (put < 0) {
            out->error = errno;
            return;
        }
        at += put;
        len -= (uint64_t)put;
        out->used += (uint64_t)put;
    }
}

void out_part(struct out *out, struct bytes block, uint64_t from, uint64_t to)
{
    out_put(out, block.ptr + from, to - from);
}

bool embed_knows(const struct format *format)
{
    static const char *const names[] = {"jpeg", "png", "webp", "tiff", "dng"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(format->name, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

bool embed_xmp(const struct format *format, struct bytes file, struct bytes packet, struct out *out)
{
    if (!embed_knows(format)) {
        return false;
    }
    switch (format->family) {
    case FAMILY_JPEG:
        return embed_jpeg(file, packet, out);
    case FAMILY_PNG:
        return embed_png(file, packet, out);
    case FAMILY_WEBP:
        return embed_webp(file, packet, out);
    default:
        return embed_tiff(file, packet, out);
    }
}
