/* The events of a host, over GET /events. Remembers where it is: opened again it resumes there. */
#ifndef JMC_STREAM_H
#define JMC_STREAM_H

#include "sse.h"
#include "transfer.h"

#include <jansson.h>
#include <stdint.h>

struct jmc_stream {
    const struct jmc_cli *cli;
    CURLM *multi;
    struct jmc_transfer transfer;
    struct jmc_sse sse;
    struct jmc_buffer refusal; /* what came instead of events */
    char *path;
    char *cursor;       /* of the last event; NULL: from now on */
    bool connected;     /* events or replies have come since it was opened */
    int64_t heard_ms;   /* when the last byte came; monotonic */
    int64_t silence_ms; /* a host that says nothing for longer has gone */
    /* An event of the host. `text` is the document as it came. */
    void (*event)(void *user, json_t *event, const char *text);
    /* What the host says to this client alone: a confirmation, a loss. */
    void (*notice)(void *user, json_t *notice);
    void *user;
};

/* `channels` and `types` are lists as on the command line; types NULL: all. `cursor` NULL: from now
 * on. */
void jmc_stream_init(struct jmc_stream *stream, const struct jmc_cli *cli, CURLM *multi,
                     const char *channels, const char *types, const char *cursor);
void jmc_stream_open(struct jmc_stream *stream);
void jmc_stream_close(struct jmc_stream *stream);
bool jmc_stream_is_open(const struct jmc_stream *stream);
/* The place to resume at, from a notice. */
void jmc_stream_move(struct jmc_stream *stream, const char *cursor);
void jmc_stream_fini(struct jmc_stream *stream);

#endif
