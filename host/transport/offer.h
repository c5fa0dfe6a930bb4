/* What a client offers as WebSocket extensions. Plain functions over text. [any] */
#ifndef JMH_TRANSPORT_OFFER_H
#define JMH_TRANSPORT_OFFER_H

#include <junmai/types.h>
#include <stdbool.h>

/* Whether one of the offers of a Sec-WebSocket-Extensions is permessage-deflate in a form that this host
 * can do: without context takeover, with the whole window. */
bool jmh_offer_deflates(jm_span offers);

#endif
