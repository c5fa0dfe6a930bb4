/* Messages compressed one by one, as permessage-deflate without context takeover has them (RFC 7692):
 * each stands for itself, so that one compressor serves every connection. Bounded by the caller.
 * [loop] */
#ifndef JMH_UTIL_DEFLATE_H
#define JMH_UTIL_DEFLATE_H

#include "host/util/buf.h"

struct jmh_deflate;
struct jmh_inflate;

/* NULL without memory. */
struct jmh_deflate *jmh_deflate_new(void);
void jmh_deflate_free(struct jmh_deflate *compressor);
/* Append the compressed message; false without memory. */
bool jmh_deflate_message(struct jmh_deflate *compressor, jm_span message, struct jmh_buf *out);

struct jmh_inflate *jmh_inflate_new(void);
void jmh_inflate_free(struct jmh_inflate *inflater);

enum jmh_inflated { JMH_INFLATED, JMH_INFLATED_TOO_LARGE, JMH_INFLATED_WRONG };
/* Append the message; it stops as soon as there is more of it than `limit` bytes. */
enum jmh_inflated jmh_inflate_message(struct jmh_inflate *inflater, jm_span compressed,
                                      size_t limit, struct jmh_buf *out);

#endif
