/* Chunked bodies. See chunks.h. */
#include "host/transport/chunks.h"

#define SIZE_DIGITS_MAX 12
#define LINE_MAX_BYTES 4096 /* extensions, and all trailers together */

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One byte of a line; true where the line ends with it. A bare CR or LF breaks it. */
static bool ends_line(struct jmh_chunks *chunks, char c, bool *broken)
{
    *broken = *broken || ++chunks->line > LINE_MAX_BYTES || (c == '\n') != chunks->has_cr;
    chunks->has_cr = c == '\r';
    return c == '\n';
}

static void begin_size(struct jmh_chunks *chunks)
{
    *chunks = (struct jmh_chunks){.at = JMH_CHUNKS_AT_SIZE};
}

/* The size of a chunk is known. */
static void begin_data(struct jmh_chunks *chunks)
{
    chunks->at = chunks->left > 0 ? JMH_CHUNKS_AT_DATA : JMH_CHUNKS_AT_TRAILER;
    chunks->line = chunks->digits = 0;
}

/* One byte that is no data; true where the body ends with it. */
static bool take_byte(struct jmh_chunks *chunks, char c, bool *broken)
{
    int digit = hex_digit(c);
    switch (chunks->at) {
    case JMH_CHUNKS_AT_SIZE:
        if (digit >= 0) {
            *broken = ++chunks->digits > SIZE_DIGITS_MAX;
            chunks->left = chunks->left * 16 + (uint64_t)digit;
            break;
        }
        *broken = chunks->digits == 0 || (c != '\r' && c != ';' && c != ' ' && c != '\t');
        chunks->at = JMH_CHUNKS_AT_EXTENSION;
        (void)ends_line(chunks, c, broken);
        break;
    case JMH_CHUNKS_AT_EXTENSION:
        if (ends_line(chunks, c, broken)) {
            begin_data(chunks);
        }
        break;
    case JMH_CHUNKS_AT_DATA_END:
        *broken = c != '\r' && c != '\n';
        if (ends_line(chunks, c, broken)) {
            begin_size(chunks);
        }
        break;
    case JMH_CHUNKS_AT_TRAILER: /* ends with an empty line; what trailers say is not used */
        chunks->digits += c != '\r' && c != '\n' ? 1 : 0;
        if (ends_line(chunks, c, broken)) {
            bool is_empty = chunks->digits == 0;
            chunks->digits = 0;
            return is_empty;
        }
        break;
    case JMH_CHUNKS_AT_DATA:
        break;
    }
    return false;
}

/* Told as soon as it is announced. */
static bool is_too_large(const struct jmh_chunks *chunks, const struct jmh_buf *out, size_t most)
{
    return chunks->at == JMH_CHUNKS_AT_DATA && chunks->left > most - out->len;
}

enum jmh_chunks_result jmh_chunks_feed(struct jmh_chunks *chunks, jm_span bytes,
                                       struct jmh_buf *out, size_t most, size_t *used_out)
{
    size_t at = 0;
    bool broken = false, done = false;
    while (at < bytes.len && !broken && !done) {
        if (chunks->at != JMH_CHUNKS_AT_DATA) {
            done = take_byte(chunks, bytes.ptr[at++], &broken);
            continue;
        }
        if (is_too_large(chunks, out, most)) {
            break;
        }
        size_t here = bytes.len - at;
        size_t take = chunks->left < here ? (size_t)chunks->left : here;
        jmh_buf_add(out, bytes.ptr + at, take);
        at += take;
        chunks->left -= take;
        if (chunks->left == 0) {
            chunks->at = JMH_CHUNKS_AT_DATA_END;
        }
    }
    *used_out = at;
    if (is_too_large(chunks, out, most)) {
        return JMH_CHUNKS_TOO_LARGE;
    }
    return broken ? JMH_CHUNKS_BROKEN : done ? JMH_CHUNKS_DONE : JMH_CHUNKS_MORE;
}
