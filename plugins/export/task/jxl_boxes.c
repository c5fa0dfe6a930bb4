/* ISO 18181-2: boxes, each with its length and four letters before it. Worker process only. */
#include "task/jxl_boxes.h"

#include "task/file.h"

#include <errno.h>

#define HEAD_BYTES 8

static const uint8_t beginning[] = {
    0, 0, 0, 12, 'J', 'X', 'L', ' ', '\r', '\n', 0x87, '\n', /* signature */
    0, 0, 0, 20, 'f', 't', 'y', 'p', 'j',  'x',  'l',  ' ',  0, 0, 0, 0, 'j', 'x', 'l', ' ',
};

struct writer {
    int fd;
    uint64_t at;
    bool failed;
};

static void put(struct writer *writer, const void *ptr, size_t len)
{
    writer->failed = writer->failed || !file_write(writer->fd, ptr, len, writer->at);
    writer->at += len;
}

/* A box of `before` zeros and the content. */
static void put_box(struct writer *writer, const char *letters, size_t before, struct bytes content)
{
    static const uint8_t zeros[4] = {0};
    uint64_t len = HEAD_BYTES + before + content.len;
    if (len > UINT32_MAX) {
        errno = EFBIG;
        writer->failed = true;
        return;
    }
    uint8_t head[HEAD_BYTES] = {(uint8_t)(len >> 24), (uint8_t)(len >> 16), (uint8_t)(len >> 8),
                                (uint8_t)len};
    memcpy(head + 4, letters, 4);
    put(writer, head, sizeof head);
    put(writer, zeros, before);
    put(writer, content.ptr, content.len);
}

static void put_blob(struct writer *writer, const char *letters, size_t before, GBytes *blob)
{
    if (blob != NULL) {
        gsize len = 0;
        const void *ptr = g_bytes_get_data(blob, &len);
        put_box(writer, letters, before, (struct bytes){ptr, len});
    }
}

bool jxl_boxes_write(int fd, struct bytes code, const struct metadata *metadata)
{
    struct writer writer = {.fd = fd};
    bool is_bare = has_text(code, 0, "\xff\x0a", 2);
    if (!is_bare) {
        put(&writer, code.ptr, code.len); /* a container already: it stays as it is */
        return !writer.failed;
    }
    put(&writer, beginning, sizeof beginning);
    put_blob(&writer, "Exif", 4, metadata->exif); /* the place of the TIFF in what follows */
    put_blob(&writer, "xml ", 0, metadata->xmp);
    put_box(&writer, "jxlc", 0, code);
    return !writer.failed;
}
