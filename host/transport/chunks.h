/* A chunked body, taken apart as it comes. Plain functions over bytes. [any] */
#ifndef JMH_TRANSPORT_CHUNKS_H
#define JMH_TRANSPORT_CHUNKS_H

#include "host/util/buf.h"

enum jmh_chunks_at {
    JMH_CHUNKS_AT_SIZE, /* digits, extensions, line end */
    JMH_CHUNKS_AT_EXTENSION,
    JMH_CHUNKS_AT_DATA,
    JMH_CHUNKS_AT_DATA_END, /* the line end behind the data */
    JMH_CHUNKS_AT_TRAILER,
};

/* Zero-initialise to begin. */
struct jmh_chunks {
    enum jmh_chunks_at at;
    uint64_t left;   /* of the chunk; while its size is read, the size so far */
    uint32_t digits; /* of the size */
    uint32_t line;   /* bytes of the present line, bounded */
    bool has_cr;
};

enum jmh_chunks_result {
    JMH_CHUNKS_MORE,
    JMH_CHUNKS_DONE,
    JMH_CHUNKS_BROKEN,
    JMH_CHUNKS_TOO_LARGE,
};

/* Append the data among `bytes` to `out`, which may grow to `most`. `used_out` bytes were taken. */
enum jmh_chunks_result jmh_chunks_feed(struct jmh_chunks *chunks, jm_span bytes,
                                       struct jmh_buf *out, size_t most, size_t *used_out);

#endif
