/* junmai tail: events as they happen. When the host goes away it waits for it to come back and goes on
 * where it was; what was lost meanwhile it says on standard error, so that standard output holds
 * events and nothing else. */
#include "arguments.h"
#include "event_line.h"
#include "exchange.h"
#include "json.h"
#include "stop.h"
#include "stream.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define FIRST_DELAY_MS 250
#define LAST_DELAY_MS 10000

static const char help[] =
    "usage: junmai tail [options]\n"
    "\n"
    "Show events as they happen, one on a line, until Ctrl-C. When the host goes away, wait for "
    "it\n"
    "and go on where it was.\n"
    "\n"
    "  --channels a,b     of these channels only (default: all)\n"
    "  --types a,b        of these types only (default: all)\n"
    "  --since CURSOR     from there on: a cursor as the host gives them, EPOCH:SEQ\n"
    "  --count N          end after N events\n";

static const char example[] = "Example: junmai tail --channels photos --types photo_imported\n";

static const struct option options[] = {
    {"channels", required_argument, NULL, 'c'},
    {"types", required_argument, NULL, 't'},
    {"since", required_argument, NULL, 's'},
    {"count", required_argument, NULL, 'n'},
    {NULL, 0, NULL, 0},
};

struct tail {
    const struct jmc_cli *cli;
    struct jmc_stream stream;
    const char *channels, *types, *since;
    long long left; /* events to show; 0: without end */
    bool is_colourful;
    bool shows_canary; /* the host's proof of life, which nobody wants by accident */
    bool resumes;      /* the stream was opened with a cursor */
    bool is_away;      /* it is known that the host has gone */
    bool ended;
    int exit_status;
};

static void end(struct tail *tail, int exit_status)
{
    tail->ended = true;
    tail->exit_status = exit_status;
}

static bool is_name_in(const char *list, const char *name)
{
    const size_t bytes = strlen(name);
    for (const char *at = list; at != NULL; at = strchr(at, ',')) {
        at += *at == ',';
        if (strncmp(at, name, bytes) == 0 && (at[bytes] == ',' || at[bytes] == '\0')) {
            return true;
        }
    }
    return false;
}

static void on_event(void *user, json_t *event, const char *text)
{
    struct tail *tail = user;
    const char *channel = jmc_json_text(event, "channel");
    if (tail->ended || (!tail->shows_canary && strcmp(channel, "canary") == 0)) {
        return;
    }
    if (tail->cli->json) {
        (void)puts(text);
    } else if (event != NULL) {
        jmc_event_line(stdout, event, tail->is_colourful);
    }
    if (ferror(stdout)) {
        end(tail, JMC_OK); /* nobody reads any more */
    } else if (tail->left > 0 && --tail->left == 0) {
        end(tail, JMC_OK);
    }
}

static void tell_loss(struct tail *tail, const json_t *notice)
{
    const json_t *missed = json_object_get(notice, "missed");
    const char *cursor = jmc_json_text(notice, "cursor");
    if (missed != NULL) {
        (void)jmc_complain("some events are lost: between seq %lld and %lld",
                           jmc_json_int(missed, "from"), jmc_json_int(missed, "to"));
        return;
    }
    (void)jmc_complain(
        "the host does not know where to go on: its data directory is another one or "
        "was restored, or old events are gone; showing events from now on");
    if (cursor[0] != '\0') {
        jmc_stream_move(&tail->stream, cursor);
    }
}

static void take_confirmation(struct tail *tail, const json_t *notice)
{
    const char *cursor = jmc_json_text(notice, "cursor");
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(notice, "unknown_channels"), i, item)
    {
        const char *name = json_is_string(item) ? json_string_value(item) : "";
        (void)jmc_complain("no plugin of the host has a channel '%s'; it may stay silent", name);
    }
    if (tail->is_away) {
        (void)jmc_complain("the host is back");
        tail->is_away = false;
    }
    if (json_is_false(json_object_get(notice, "recovered"))) {
        tell_loss(tail, notice);
    } else if (!tail->resumes && cursor[0] != '\0') {
        jmc_stream_move(&tail->stream, cursor);
    }
}

static void on_notice(void *user, json_t *notice)
{
    struct tail *tail = user;
    const char *type = jmc_json_text(notice, "type");
    if (tail->ended) {
        return;
    }
    if (strcmp(type, "subscription_confirmed") == 0) {
        take_confirmation(tail, notice);
    } else if (strcmp(type, "events_missed") == 0) {
        tell_loss(tail, notice);
    } else if (strcmp(type, "error") == 0) {
        end(tail, jmc_complain("the host refuses: %s", jmc_json_text(notice, "error")));
    }
}

/* Show events until the connection ends, or this command. */
static void listen_once(struct tail *tail)
{
    struct jmc_stream *stream = &tail->stream;
    tail->resumes = stream->cursor != NULL;
    jmc_stream_open(stream);
    while (jmc_stream_is_open(stream) && !tail->ended) {
        if (fflush(stdout) != 0 || !jmc_transfers_step(stream->multi, 1000)) {
            end(tail, JMC_OK);
        }
    }
    (void)fflush(stdout);
}

/* Whether the host answered, and with something that time does not heal. */
static bool is_refused(const struct tail *tail)
{
    const struct jmc_stream *stream = &tail->stream;
    const long status = stream->transfer.status;
    if (!jmc_transfer_is_answered(&stream->transfer) || status == 200 || status == 503 ||
        status == 429) {
        return false;
    }
    json_t *answer = json_loads(jmc_buffer_text(&stream->refusal), 0, NULL);
    const char *error = jmc_json_text(answer, "error");
    (void)jmc_complain("%s refused %s with status %ld: %s", tail->cli->url, stream->path, status,
                       error[0] != '\0' ? error : "is it a Junmai host?");
    json_decref(answer);
    return true;
}

/* A type that nobody has registered may still come from a broadcast: a warning must do. */
static void warn_of_unknown_types(const struct tail *tail)
{
    json_t *document = jmc_ask_quietly(tail->cli, "/asyncapi.json");
    const json_t *known = json_object_get(json_object_get(document, "components"), "messages");
    for (const char *at = tail->types; known != NULL && *at != '\0';) {
        const size_t bytes = strcspn(at, ",");
        if (bytes > 0 && json_object_getn(known, at, bytes) == NULL) {
            (void)jmc_complain(
                "no plugin of the host has events of type '%.*s'; it may stay silent", (int)bytes,
                at);
        }
        at += bytes + (at[bytes] == ',');
    }
    json_decref(document);
}

/* Half of it to one and a half, so that not all come at once to a host that has just come back. */
static int spread(int delay_ms)
{
    unsigned dice;
    const bool is_thrown = getrandom(&dice, sizeof dice, 0) == (ssize_t)sizeof dice;
    return is_thrown ? delay_ms / 2 + (int)(dice % (unsigned)delay_ms) : delay_ms;
}

static int follow(struct tail *tail)
{
    struct jmc_stream *stream = &tail->stream;
    bool was_connected = false;
    int delay_ms = FIRST_DELAY_MS;
    while (!tail->ended) {
        listen_once(tail);
        if (tail->ended) {
            break;
        }
        if (is_refused(tail)) {
            return JMC_FAILED;
        }
        if (stream->connected) {
            delay_ms = FIRST_DELAY_MS;
            was_connected = true;
        } else if (!was_connected) {
            return jmc_transfer_complain(&stream->transfer, tail->cli);
        }
        if (!tail->is_away) {
            (void)jmc_complain("the host has gone; waiting for it to come back");
            tail->is_away = true;
        }
        jmc_stream_close(stream);
        if (jmc_stop_wait(spread(delay_ms))) {
            return JMC_OK;
        }
        delay_ms = delay_ms * 2 < LAST_DELAY_MS ? delay_ms * 2 : LAST_DELAY_MS;
    }
    return tail->exit_status;
}

static bool is_clean(const char *option, const char *value)
{
    for (const char *at = value; *at != '\0'; at++) {
        if (*at <= ' ' || *at > '~') {
            (void)jmc_complain("%s %s: there is no place for blanks and control characters in it",
                               option, value);
            return false;
        }
    }
    return true;
}

static bool is_cursor(const char *value)
{
    const char *colon = strrchr(value, ':');
    if (colon == NULL || colon == value || colon[1] == '\0' ||
        colon[1 + strspn(colon + 1, "0123456789")] != '\0') {
        (void)jmc_complain("--since %s: a cursor is needed, EPOCH:SEQ, as the host gives it with "
                           "its events; a number alone may be of another data directory",
                           value);
        return false;
    }
    return true;
}

static bool take_option(void *user, int key, const char *value)
{
    struct tail *tail = user;
    switch (key) {
    case 'c':
        tail->channels = value;
        return is_clean("--channels", value);
    case 't':
        tail->types = value;
        return is_clean("--types", value);
    case 's':
        tail->since = value;
        return is_clean("--since", value) && is_cursor(value);
    default:
        return jmc_arguments_count("--count", value, &tail->left);
    }
}

int jmc_tail(struct jmc_cli *cli, int argc, char **argv)
{
    struct tail tail = {.cli = cli, .channels = "*"};
    const struct jmc_arguments arguments = {
        .help = help, .example = example, .options = options, .take = take_option, .user = &tail};
    int status = jmc_arguments_read(cli, &arguments, argc, argv);
    if (status != JMC_GO_ON) {
        return status;
    }
    CURLM *multi = curl_multi_init();
    jmc_stop_watch();
    tail.shows_canary = is_name_in(tail.channels, "canary") || is_name_in(tail.types, "canary");
    tail.is_colourful = jmc_text_is_colourful(stdout);
    jmc_stream_init(&tail.stream, cli, multi, tail.channels, tail.types, tail.since);
    tail.stream.event = on_event;
    tail.stream.notice = on_notice;
    tail.stream.user = &tail;
    if (tail.types != NULL) {
        warn_of_unknown_types(&tail);
    }
    status = follow(&tail);
    jmc_stream_fini(&tail.stream);
    curl_multi_cleanup(multi);
    return status;
}
