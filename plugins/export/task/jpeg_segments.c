/* Segments: a marker, a length, the content. Worker process only. */
#include "task/jpeg_segments.h"

#include "task/file.h"

#include <errno.h>
#include <unistd.h>

#define APP1 0xE1
#define APP2 0xE2
#define APP13 0xED
#define CONTENT_BYTES_MAX 65533
#define SOI_BYTES 2

static bool put(int fd, const void *ptr, size_t len)
{
    const char *from = ptr;
    while (len > 0) {
        ssize_t written = write(fd, from, len);
        if (written < 0 && errno != EINTR) {
            return false;
        }
        size_t done = written < 0 ? 0 : (size_t)written;
        from += done;
        len -= done;
    }
    return true;
}

/* One segment of a head, its final NUL included, and a content. */
static bool put_segment(int fd, uint8_t marker, const void *head, size_t head_len,
                        struct bytes content)
{
    uint64_t len = head_len + content.len;
    if (content.ptr == NULL || len > CONTENT_BYTES_MAX) {
        return true; /* metadata_init() has seen to it that this is nothing to warn of */
    }
    uint8_t start[4] = {0xFF, marker, (uint8_t)((len + 2) >> 8), (uint8_t)(len + 2)};
    return put(fd, start, sizeof start) && put(fd, head, head_len) &&
           put(fd, content.ptr, content.len);
}

static struct bytes bytes_of(GBytes *blob)
{
    gsize len = 0;
    const void *ptr = blob == NULL ? NULL : g_bytes_get_data(blob, &len);
    return (struct bytes){ptr, len};
}

static bool put_all(const struct jpeg_segments *segments)
{
    static const char exif[] = "Exif\0";
    static const char xmp[] = "http://ns.adobe.com/xap/1.0/";
    static const char icc[] =
        "ICC_PROFILE\0\1\1"; /* the first of one part; its NUL is not written */
    const struct metadata *metadata = segments->metadata;
    int fd = segments->fd;
    return put_segment(fd, APP1, exif, sizeof exif, bytes_of(metadata->exif)) &&
           put_segment(fd, APP1, xmp, sizeof xmp, bytes_of(metadata->xmp)) &&
           put_segment(fd, APP13, "", 0, bytes_of(metadata->iptc)) &&
           put_segment(fd, APP2, icc, sizeof icc - 1, segments->profile);
}

/* How far the start of the image and the JFIF segment behind it go. */
static size_t first_bytes(struct bytes data)
{
    bool has_first = has(data, 0, 6) && data.ptr[2] == 0xFF && data.ptr[3] == 0xE0;
    uint64_t len = has_first ? read16(data, 4, true) + SOI_BYTES + 2 : SOI_BYTES;
    return len <= data.len ? (size_t)len : SOI_BYTES;
}

static gint64 on_write(VipsTargetCustom *target, const void *data, gint64 length,
                       struct jpeg_segments *segments)
{
    const char *rest = data;
    size_t len = (size_t)length;
    bool good = true;
    (void)target;
    if (!segments->begun && len >= SOI_BYTES) {
        size_t first = first_bytes((struct bytes){data, len});
        segments->begun = true;
        good = put(segments->fd, rest, first) && put_all(segments);
        rest += first;
        len -= first;
    }
    return good && put(segments->fd, rest, len) ? length : -1;
}

VipsTarget *jpeg_segments_target(struct jpeg_segments *segments)
{
    VipsTargetCustom *target = vips_target_custom_new();
    g_signal_connect(target, "write", G_CALLBACK(on_write), segments);
    return VIPS_TARGET(target);
}
