/* The events of a host; see stream.h. */
#include "stream.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define REFUSAL_BYTES 4096
#define SILENCE_MS 90000 /* the host sends something at least every half minute */

static int64_t now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void take(void *user, const struct jmc_sse_event *event)
{
    struct jmc_stream *stream = user;
    json_t *document = json_loadb(event->data, event->data_bytes, 0, NULL);
    stream->connected = true;
    if (event->id != NULL) {
        jmc_stream_move(stream, event->id);
        stream->event(stream->user, document, event->data);
    } else if (document != NULL) {
        stream->notice(stream->user, document);
    }
    json_decref(document);
}

static size_t receive(char *bytes, size_t size, size_t count, void *user)
{
    struct jmc_stream *stream = user;
    long status = 0;
    curl_easy_getinfo(stream->transfer.easy, CURLINFO_RESPONSE_CODE, &status);
    if (status != 200) {
        if (stream->refusal.used < REFUSAL_BYTES) {
            jmc_buffer_add(&stream->refusal, bytes, size * count);
        }
        return size * count;
    }
    stream->connected = true;
    const bool is_taken = jmc_sse_feed(&stream->sse, bytes, size * count);
    stream->heard_ms = now_ms(); /* the reader of the events may have taken its time */
    return is_taken ? size * count : 0;
}

/* Called by libcurl after each look for bytes. Its own limit of speed would not do: an idle host
 * sends less than a byte in a second. */
static int judge_silence(void *user, curl_off_t total, curl_off_t received, curl_off_t to_send,
                         curl_off_t sent)
{
    const struct jmc_stream *stream = user;
    (void)total;
    (void)received;
    (void)to_send;
    (void)sent;
    return now_ms() - stream->heard_ms > stream->silence_ms; /* true: end it */
}

static void add_parameter(struct jmc_buffer *path, const char *name, const char *value)
{
    char *escaped = curl_easy_escape(NULL, value, 0);
    jmc_buffer_add(path, name, strlen(name));
    jmc_buffer_add(path, escaped != NULL ? escaped : "", escaped != NULL ? strlen(escaped) : 0);
    curl_free(escaped);
}

void jmc_stream_init(struct jmc_stream *stream, const struct jmc_cli *cli, CURLM *multi,
                     const char *channels, const char *types, const char *cursor)
{
    struct jmc_buffer path = {0};
    *stream = (struct jmc_stream){.cli = cli, .multi = multi, .silence_ms = SILENCE_MS};
    add_parameter(&path, "/events?channels=", channels);
    if (types != NULL) {
        add_parameter(&path, "&types=", types);
    }
    stream->path = path.bytes;
    stream->cursor = cursor != NULL ? jmc_text_copy(cursor) : NULL;
    stream->sse.take = take;
    stream->sse.user = stream;
}

void jmc_stream_open(struct jmc_stream *stream)
{
    stream->connected = false;
    stream->refusal.used = 0;
    jmc_sse_reset(&stream->sse);
    jmc_transfer_init(&stream->transfer, stream->cli, stream->multi, stream->path, receive, stream);
    stream->heard_ms = now_ms();
    curl_easy_setopt(stream->transfer.easy, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(stream->transfer.easy, CURLOPT_XFERINFOFUNCTION, judge_silence);
    curl_easy_setopt(stream->transfer.easy, CURLOPT_XFERINFODATA, stream);
    jmc_transfer_header(&stream->transfer, "Accept: text/event-stream");
    if (stream->cursor != NULL) {
        char *line = jmc_textf("Last-Event-ID: %s", stream->cursor);
        jmc_transfer_header(&stream->transfer, line);
        free(line);
    }
    jmc_transfer_start(&stream->transfer);
}

void jmc_stream_close(struct jmc_stream *stream)
{
    jmc_transfer_fini(&stream->transfer);
}

bool jmc_stream_is_open(const struct jmc_stream *stream)
{
    return stream->transfer.multi != NULL && !stream->transfer.finished;
}

void jmc_stream_move(struct jmc_stream *stream, const char *cursor)
{
    char *copy = jmc_text_copy(cursor);
    free(stream->cursor);
    stream->cursor = copy;
}

void jmc_stream_fini(struct jmc_stream *stream)
{
    jmc_stream_close(stream);
    jmc_sse_fini(&stream->sse);
    jmc_buffer_fini(&stream->refusal);
    free(stream->path);
    free(stream->cursor);
}
