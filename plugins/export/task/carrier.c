/* A stream over a GByteArray, and the segments of what was written there. Worker process only. */
#include "task/carrier.h"

#include "task/bytes.h"

#include <vips/vips.h>

#define MARKER_APP13 0xED
#define MARKER_SOS 0xDA

struct stream {
    GByteArray *bytes;
    gint64 at;
};

static void *carrier; /* one black pixel, without metadata */
static size_t carrier_bytes;

jm_status carrier_setup(void)
{
    VipsImage *pixel = NULL;
    int status = vips_black(&pixel, 1, 1, NULL);
    if (status == 0) {
        status = vips_jpegsave_buffer(pixel, &carrier, &carrier_bytes, "strip", TRUE, NULL);
    }
    g_clear_object(&pixel);
    return status == 0 ? JM_OK : JM_EUNSUPPORTED;
}

GExiv2Metadata *carrier_tags(void)
{
    GExiv2Metadata *tags = gexiv2_metadata_new();
    gexiv2_metadata_open_buf(tags, carrier, (glong)carrier_bytes, NULL);
    return tags;
}

static gboolean is_able(void *handle)
{
    (void)handle;
    return TRUE;
}

static gint64 stream_length(void *handle)
{
    const struct stream *stream = handle;
    return stream->bytes->len;
}

static gint64 stream_position(void *handle)
{
    const struct stream *stream = handle;
    return stream->at;
}

static gint32 stream_read(void *handle, void *buffer, gint32 offset, gint32 count)
{
    struct stream *stream = handle;
    gint64 left = (gint64)stream->bytes->len - stream->at;
    gint32 size = left < count ? (gint32)MAX(left, 0) : count;
    memcpy((char *)buffer + offset, stream->bytes->data + stream->at, (size_t)size);
    stream->at += size;
    return size;
}

static void stream_write(void *handle, void *buffer, gint32 offset, gint32 count)
{
    struct stream *stream = handle;
    gint64 end = stream->at + count;
    if (end > (gint64)stream->bytes->len) {
        g_byte_array_set_size(stream->bytes, (guint)end);
    }
    memcpy(stream->bytes->data + stream->at, (const char *)buffer + offset, (size_t)count);
    stream->at = end;
}

static void stream_seek(void *handle, gint64 offset, WrapperSeekOrigin origin)
{
    struct stream *stream = handle;
    gint64 from = origin == Begin ? 0 : origin == Current ? stream->at : (gint64)stream->bytes->len;
    gint64 at = from + offset;
    stream->at = CLAMP(at, 0, (gint64)stream->bytes->len);
}

static void stream_flush(void *handle)
{
    (void)handle;
}

/* The one APP13 segment of a JPEG. */
static GBytes *find_app13(struct bytes file)
{
    GBytes *found = NULL;
    int count = 0;
    for (uint64_t at = 2;
         has(file, at, 4) && file.ptr[at] == 0xFF && file.ptr[at + 1] != MARKER_SOS;) {
        uint64_t len = read16(file, at + 2, true);
        if (len < 2 || !has(file, at + 2, len)) {
            break;
        }
        if (file.ptr[at + 1] == MARKER_APP13 && ++count == 1) {
            found = g_bytes_new(file.ptr + at + 4, (gsize)(len - 2));
        }
        at += 2 + len;
    }
    if (count > 1) {
        g_clear_pointer(&found, g_bytes_unref);
    }
    return found;
}

GBytes *carrier_encode_iptc(GExiv2Metadata *tags)
{
    struct stream stream = {g_byte_array_new(), 0};
    ManagedStreamCallbacks calls = {
        .handle = &stream,
        .CanSeek = is_able,
        .CanRead = is_able,
        .CanWrite = is_able,
        .Length = stream_length,
        .Position = stream_position,
        .Read = stream_read,
        .Write = stream_write,
        .Seek = stream_seek,
        .Flush = stream_flush,
    };
    GBytes *iptc = NULL;
    g_byte_array_append(stream.bytes, carrier, (guint)carrier_bytes);
    gexiv2_metadata_clear_exif(tags);
    gexiv2_metadata_clear_xmp(tags);
    if (gexiv2_metadata_save_stream(tags, &calls, NULL)) {
        iptc = find_app13((struct bytes){stream.bytes->data, stream.bytes->len});
    }
    g_byte_array_unref(stream.bytes);
    return iptc;
}
