/* Reading Sec-WebSocket-Extensions: "permessage-deflate; client_max_window_bits, other; x=1". [any] */
#include "host/transport/offer.h"

#include "host/util/span.h"

#include <string.h>

static jm_span trim(jm_span text)
{
    while (text.len > 0 && (text.ptr[0] == ' ' || text.ptr[0] == '\t')) {
        text.ptr++;
        text.len--;
    }
    while (text.len > 0 && (text.ptr[text.len - 1] == ' ' || text.ptr[text.len - 1] == '\t')) {
        text.len--;
    }
    return text;
}

/* Take what is before the next separator off the front. */
static jm_span next(jm_span *rest, char separator)
{
    const char *end = rest->len > 0 ? memchr(rest->ptr, separator, rest->len) : NULL;
    size_t len = end != NULL ? (size_t)(end - rest->ptr) : rest->len;
    size_t used = end != NULL ? len + 1 : len;
    jm_span item = {rest->ptr, len};
    rest->ptr += used;
    rest->len -= used;
    return trim(item);
}

/* A limit for what the client sends is no concern of who can inflate everything; one for what it is
 * sent would need a compressor of its own. */
static bool is_harmless(jm_span parameter)
{
    jm_span name = next(&parameter, '=');
    return jmh_span_is(name, "server_no_context_takeover") ||
           jmh_span_is(name, "client_no_context_takeover") ||
           jmh_span_is(name, "client_max_window_bits");
}

bool jmh_offer_deflates(jm_span offers)
{
    while (offers.len > 0) {
        jm_span offer = next(&offers, ',');
        bool fits = jmh_span_is(next(&offer, ';'), "permessage-deflate");
        while (fits && offer.len > 0) {
            fits = is_harmless(next(&offer, ';'));
        }
        if (fits) {
            return true;
        }
    }
    return false;
}
