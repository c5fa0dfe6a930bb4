/*
 * A server-sent events client (the EventSource of a browser, without its reconnecting). Opens
 * /events and reads one event after the other.
 */
#ifndef JMT_SSE_H
#define JMT_SSE_H

#include "http.h"

struct jmt_sse {
    struct jmt_http http;
    struct jmt_response head; /* its status and headers also when the server refused */
    struct jmt_body body;
    struct jmt_buffer text; /* received lines that make no whole event yet */
    char last_id[256];      /* what a browser would send as Last-Event-ID now */
};

struct jmt_sse_event {
    char *id;    /* the id in force, perhaps of an earlier event; "" before the first */
    char *event; /* "message" when the server gives none */
    char *data;
};

/*
 * Opens /events?channels=CHANNELS ("jobs,photos"), resuming after `last_event_id` unless that is
 * NULL. A refusal is -1, with head.status set. jmt_sse_close() is due in either case.
 */
int jmt_sse_open(struct jmt_sse *sse_out, int port, const char *channels,
                 const char *last_event_id);
void jmt_sse_close(struct jmt_sse *sse);

int jmt_sse_receive(struct jmt_sse *sse, struct jmt_sse_event *event_out, int timeout_ms);
void jmt_sse_event_fini(struct jmt_sse_event *event);

#endif
