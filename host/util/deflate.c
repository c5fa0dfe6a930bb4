/* Compression through zlib: raw deflate, one message at a time. [loop] */
#include "host/util/deflate.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define WINDOW_BITS (-15) /* raw */
#define MEMORY_LEVEL 8
#define PIECE_BYTES 16384
#define BETWEEN_BLOCKS 128 /* in data_type; see inflate() in zlib.h */

/* What ends every message, and is left out on the wire. */
static const uint8_t tail[] = {0x00, 0x00, 0xff, 0xff};

struct jmh_deflate {
    z_stream stream;
};

struct jmh_inflate {
    z_stream stream;
};

struct jmh_deflate *jmh_deflate_new(void)
{
    struct jmh_deflate *made = calloc(1, sizeof *made);
    if (made != NULL && deflateInit2(&made->stream, Z_BEST_SPEED, Z_DEFLATED, WINDOW_BITS,
                                     MEMORY_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK) {
        free(made);
        return NULL;
    }
    return made;
}

void jmh_deflate_free(struct jmh_deflate *compressor)
{
    if (compressor != NULL) {
        (void)deflateEnd(&compressor->stream);
        free(compressor);
    }
}

bool jmh_deflate_message(struct jmh_deflate *compressor, jm_span message, struct jmh_buf *out)
{
    z_stream *stream = &compressor->stream;
    (void)deflateReset(stream);
    size_t room = deflateBound(stream, (uLong)message.len) + sizeof tail + 16;
    char *at = message.len <= UINT32_MAX / 2 ? jmh_buf_reserve(out, room) : NULL;
    if (at == NULL) {
        return false;
    }
    stream->next_in = (Bytef *)(uintptr_t)message.ptr;
    stream->avail_in = (uInt)message.len;
    stream->next_out = (Bytef *)at;
    stream->avail_out = (uInt)room;
    if (deflate(stream, Z_SYNC_FLUSH) != Z_OK || stream->avail_in > 0) {
        return false;
    }
    out->len += room - stream->avail_out - sizeof tail;
    return true;
}

struct jmh_inflate *jmh_inflate_new(void)
{
    struct jmh_inflate *made = calloc(1, sizeof *made);
    if (made != NULL && inflateInit2(&made->stream, WINDOW_BITS) != Z_OK) {
        free(made);
        return NULL;
    }
    return made;
}

void jmh_inflate_free(struct jmh_inflate *inflater)
{
    if (inflater != NULL) {
        (void)inflateEnd(&inflater->stream);
        free(inflater);
    }
}

/* All of the input that the stream has, or up to the limit. Z_OK where more may follow. */
static int take_input(z_stream *stream, size_t limit, struct jmh_buf *out)
{
    int status = Z_OK;
    do {
        char *at = jmh_buf_reserve(out, PIECE_BYTES);
        if (at == NULL || out->len > limit) {
            return Z_MEM_ERROR;
        }
        stream->next_out = (Bytef *)at;
        stream->avail_out = PIECE_BYTES;
        status = inflate(stream, Z_SYNC_FLUSH);
        out->len += PIECE_BYTES - stream->avail_out;
    } while (status == Z_OK && stream->avail_out == 0);
    return status == Z_BUF_ERROR && stream->avail_in == 0 ? Z_OK : status;
}

enum jmh_inflated jmh_inflate_message(struct jmh_inflate *inflater, jm_span compressed,
                                      size_t limit, struct jmh_buf *out)
{
    const jm_span parts[] = {compressed, {(const char *)tail, sizeof tail}};
    z_stream *stream = &inflater->stream;
    int status = Z_OK;
    (void)inflateReset(stream);
    for (size_t i = 0; i < 2 && status == Z_OK; i++) {
        stream->next_in = (Bytef *)(uintptr_t)parts[i].ptr;
        stream->avail_in = (uInt)parts[i].len;
        status = take_input(stream, limit, out);
    }
    if (status == Z_MEM_ERROR || out->len > limit) {
        return JMH_INFLATED_TOO_LARGE;
    }
    /* It ends where a block ends. A sender may also end the stream, and what it adds says nothing. */
    bool is_whole = status == Z_OK && (stream->data_type & BETWEEN_BLOCKS) != 0;
    return is_whole || status == Z_STREAM_END ? JMH_INFLATED : JMH_INFLATED_WRONG;
}
