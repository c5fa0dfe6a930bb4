/* What a URL says: values of its query, and its path without percent signs. Plain functions. [any] */
#ifndef JMH_HTTP_QUERY_H
#define JMH_HTTP_QUERY_H

#include "host/util/buf.h"

/* The decoded value of the first parameter of that name replaces the content of `value_out`: "+" is a
 * space, a broken escape and %00 stay as they are, invalid UTF-8 becomes U+FFFD. false where there is
 * none; a parameter without "=" has the empty value. */
bool jmh_query_get(jm_span query, const char *name, struct jmh_buf *value_out);

/* Decode the path of a request, which begins with "/", into `path_out`, with a NUL behind it. false
 * where it is not to be served: a broken escape, an encoded "/" or NUL, a segment "..", invalid UTF-8;
 * or out of memory (path_out->failed). */
bool jmh_path_decode(jm_span path, struct jmh_buf *path_out);

#endif
