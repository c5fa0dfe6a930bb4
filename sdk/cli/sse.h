/* Taking a stream of server-sent events apart, as the HTML standard says; bytes may come in any
 * pieces. When to come back is the caller's affair: "retry" is not looked at. */
#ifndef JMC_SSE_H
#define JMC_SSE_H

#include "memory.h"

#include <stdbool.h>

struct jmc_sse_event {
    const char *id;   /* its own; NULL where it has none */
    const char *type; /* "message" unless it says another */
    const char *data; /* its lines, joined by line ends */
    size_t data_bytes;
};

struct jmc_sse {
    struct jmc_buffer line, data, id, type; /* of the event that is being read */
    bool has_id, has_data;
    bool after_cr; /* a line end may be two characters */
    void (*take)(void *user, const struct jmc_sse_event *event);
    void *user;
};

/* An event may have that many bytes. */
#define JMC_SSE_EVENT_BYTES (64u << 20)

/* Hands out the events that are whole. False when one is too large: nothing more can be read then. */
bool jmc_sse_feed(struct jmc_sse *sse, const char *bytes, size_t count);
/* Forget a beginning, to read another connection. */
void jmc_sse_reset(struct jmc_sse *sse);
void jmc_sse_fini(struct jmc_sse *sse);

#endif
