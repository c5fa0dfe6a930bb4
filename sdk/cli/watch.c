/* Watching; see watch.h. The event stream only wakes: what is shown is always the document. */
#include "watch.h"

#include "exchange.h"
#include "json.h"
#include "stop.h"
#include "stream.h"

#include <string.h>

#define LOOK_EVERY_MS 2000 /* also without an event */
#define RETRY_MS 500

struct watching {
    const struct jmc_watch *watch;
    struct jmc_stream stream;
    bool changed;
    bool is_away; /* it was said that the host has gone */
};

static void on_event(void *user, json_t *event, const char *text)
{
    struct watching *watching = user;
    const char *key = watching->watch->key;
    const json_t *details = json_object_get(event, "details");
    (void)text;
    if (strcmp(jmc_json_text(event, key), watching->watch->id) == 0 ||
        strcmp(jmc_json_text(details, key), watching->watch->id) == 0) {
        watching->changed = true;
    }
}

static void on_notice(void *user, json_t *notice)
{
    struct watching *watching = user;
    (void)notice;
    watching->changed = true;
}

/* Until something has changed, or it is time to look again. False when asked to stop. */
static bool wait_for_change(struct watching *watching)
{
    struct jmc_stream *stream = &watching->stream;
    watching->changed = false;
    if (!jmc_stream_is_open(stream)) {
        jmc_stream_close(stream);
        jmc_stream_open(stream);
    }
    for (int waited_ms = 0; waited_ms < LOOK_EVERY_MS && !watching->changed; waited_ms += 100) {
        if (!jmc_transfers_step(stream->multi, 100)) {
            return false;
        }
        if (!jmc_stream_is_open(stream)) {
            return !jmc_stop_wait(RETRY_MS);
        }
    }
    return true;
}

/* The document again; NULL while the host is away. */
static json_t *look_again(struct watching *watching)
{
    json_t *document = jmc_ask_quietly(watching->watch->cli, watching->watch->path);
    if (document == NULL && !watching->is_away) {
        (void)jmc_complain("the host has gone; waiting for it to come back");
    }
    watching->is_away = document == NULL;
    return document;
}

static json_t *follow(struct watching *watching, json_t *document_take)
{
    const struct jmc_watch *watch = watching->watch;
    json_t *document = document_take;
    while (!watch->show(watch->user, document) && wait_for_change(watching)) {
        json_t *next = look_again(watching);
        if (next != NULL) {
            json_decref(document);
            document = next;
        }
    }
    return document;
}

json_t *jmc_watch_run(const struct jmc_watch *watch, int *exit_out)
{
    struct watching watching = {.watch = watch};
    json_t *document = jmc_ask(watch->cli, watch->path, NULL, NULL, exit_out);
    if (document == NULL) {
        return NULL;
    }
    CURLM *multi = curl_multi_init();
    jmc_stop_watch();
    jmc_stream_init(&watching.stream, watch->cli, multi, "jobs,system", NULL, NULL);
    watching.stream.event = on_event;
    watching.stream.notice = on_notice;
    watching.stream.user = &watching;
    document = follow(&watching, document);
    jmc_stream_fini(&watching.stream);
    curl_multi_cleanup(multi);
    return document;
}
