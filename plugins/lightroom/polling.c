/* Taking from the session and answering with it.
 *
 * An answer that cannot be given any more, because the client has left, is as if it had never been
 * taken: the cursor moves back. One that is lost later moves back by the client's own "ack". */
#include "polling.h"

#include <junmai/sdk/query.h>
#include <stdio.h>
#include <stdlib.h>

#define WAIT_MAX_S 60
#define MESSAGES_MAX 500

/* An answer that is being written. */
struct pages {
    FILE *out;
    bool first;
};

static void put_message(void *user, jm_span json)
{
    struct pages *pages = user;
    if (!pages->first)
        fputc(',', pages->out);
    fwrite(json.ptr, 1, json.len, pages->out);
    pages->first = false;
}

struct answer {
    char *text;
    int32_t count; /* of messages, or a negative status */
    uint64_t ack;  /* where the cursor stands behind them */
    bool greets;
};

/* What an answer tells as "ack". That of a greeting is not what the client sent before, so that its
 * next poll says whether the greeting has come; one less acknowledges the same. */
static uint64_t told_ack(const struct lr_poller *poller, const struct answer *answer)
{
    bool is_stale = answer->greets && answer->ack == poller->stale_ack && answer->ack > 0;
    return answer->ack - (is_stale ? 1 : 0);
}

static void put_messages(struct lr_poller *poller, FILE *out, struct answer *answer)
{
    const struct lr_core *core = poller->core;
    struct pages pages = {out, true};
    answer->greets = poller->greeting != NULL;
    if (answer->greets)
        put_message(&pages, jm_span_of(poller->greeting));
    answer->count = core->api.client->take(core->api.host, poller->client, MESSAGES_MAX,
                                           put_message, &pages, &answer->ack);
    if (answer->count >= 0 && answer->greets)
        answer->count++;
}

/* An answer with what there is, or with nothing; its text is to free(). */
static struct answer write_answer(struct lr_poller *poller, bool takes)
{
    struct answer answer = {.ack = poller->ack};
    size_t size = 0;
    char now[JM_UTC_BYTES];
    FILE *out = open_memstream(&answer.text, &size);
    if (out == NULL)
        return (struct answer){.count = JM_ENOMEM};
    jm_utc_format(lr_now_ms(poller->core), now);
    fputs("{\"success\":true,\"messages\":[", out);
    if (takes)
        put_messages(poller, out, &answer);
    fprintf(out, "],\"timestamp\":\"%s\",\"ack\":%llu}", now,
            (unsigned long long)told_ack(poller, &answer));
    if (fclose(out) != 0)
        answer.count = JM_ENOMEM;
    return answer;
}

static jm_status respond(const struct lr_core *core, jm_id request, const struct answer *answer)
{
    const jm_host_http *http = core->api.http;
    if (answer->count >= 0)
        return http->respond(core->api.host, request, 200, jm_span_of(answer->text));
    (void)http->respond_error(core->api.host, request, 503,
                              JM_SPAN("the messages cannot be read now; poll again"));
    return answer->count;
}

/* Frees the answer's text. */
static void give(struct lr_poller *poller, jm_id request, struct answer answer_take)
{
    const struct lr_core *core = poller->core;
    if (respond(core, request, &answer_take) < 0) {
        (void)core->api.client->acknowledge(core->api.host, poller->client, poller->ack);
    } else {
        poller->ack = answer_take.ack;
        poller->greeting_given = answer_take.greets;
        poller->greeting_ack = told_ack(poller, &answer_take);
    }
    free(answer_take.text);
}

/* The request of the long poll that waits; it waits no more. */
static jm_id end_wait(struct lr_poller *poller)
{
    const struct lr_core *core = poller->core;
    jm_id request = poller->waiting;
    if (poller->wait_timer != 0)
        (void)core->api.timer->stop(core->api.host, poller->wait_timer);
    poller->wait_timer = poller->waiting = 0;
    return request;
}

static void end_poll(struct lr_poller *poller, bool takes)
{
    jm_id request = end_wait(poller);
    if (request == 0)
        return;
    give(poller, request, write_answer(poller, takes));
    lr_poller_is_alive(poller);
}

void lr_poll_let_go(struct lr_poller *poller)
{
    end_poll(poller, false);
}

void lr_poll_wake(void *user, jm_id client)
{
    (void)client;
    end_poll(user, true);
}

static jm_status on_wait_over(void *user, jm_id timer)
{
    struct lr_poller *poller = user;
    (void)timer;
    poller->wait_timer = 0;
    lr_poll_let_go(poller);
    return JM_OK;
}

static jm_status wait_for(struct lr_poller *poller, jm_id request, double wait_s)
{
    const struct lr_core *core = poller->core;
    jm_status status =
        core->api.timer->start(core->api.host, "a long poll", (uint64_t)(wait_s * 1000), 0,
                               on_wait_over, poller, &poller->wait_timer);
    if (status == JM_OK)
        poller->waiting = request;
    return status;
}

/* What there is, or a wait for it. JM_EGONE: the host has ended the session. */
static jm_status answer_now(struct lr_poller *poller, jm_id request, double wait_s)
{
    struct answer answer = write_answer(poller, true);
    jm_status status = answer.count < 0 ? answer.count : JM_OK;
    if (answer.count == 0 && wait_s > 0) {
        poller->ack = answer.ack;
        status = wait_for(poller, request, wait_s);
    } else if (status == JM_OK) {
        give(poller, request, answer);
        return JM_OK;
    }
    free(answer.text);
    return status;
}

struct wish {
    char id[LR_POLL_ID_SIZE];
    double wait_s;
    int64_t ack; /* -1: not given */
};

static jm_status read_wish(struct lr_core *core, const jm_request *request, struct wish *wish)
{
    const jm_query query = {core->api.host, core->api.http, core->api.error, request->id};
    jm_span text = {NULL, 0};
    if (!jm_query_text(&query, "client_id", &text) || text.len == 0)
        return lr_fail(core, JM_EINVAL, "client_id required");
    if (!lr_poll_id_read(text, wish->id))
        return lr_fail(core, JM_ENOENT, "Invalid client_id");
    jm_status status = jm_query_number(&query, "wait", &wish->wait_s);
    if (status == JM_OK && !(wish->wait_s >= 0 && wish->wait_s <= WAIT_MAX_S))
        status =
            lr_fail(core, JM_EINVAL, "wait must be a number from 0 to %d, in seconds", WAIT_MAX_S);
    return status == JM_OK ? jm_query_int(&query, "ack", 0, &wish->ack) : status;
}

/* Whether the answer with the greeting was lost; a poll without "ack" says that it was not. */
static bool has_lost_greeting(struct lr_poller *poller, const struct wish *wish)
{
    if (!poller->greeting_given)
        return false;
    poller->greeting_given = false;
    if (wish->ack >= 0 && (uint64_t)wish->ack != poller->greeting_ack)
        return true;
    free(poller->greeting);
    poller->greeting = NULL;
    return false;
}

static jm_status poll_known(struct lr_poller *poller, const jm_request *request,
                            const struct wish *wish)
{
    const struct lr_core *core = poller->core;
    jm_status status = JM_OK;
    lr_poll_let_go(poller);
    if (!has_lost_greeting(poller, wish) && wish->ack >= 0) {
        status = core->api.client->acknowledge(core->api.host, poller->client, (uint64_t)wish->ack);
        poller->ack = status == JM_OK ? (uint64_t)wish->ack : poller->ack;
    }
    return status == JM_OK ? answer_now(poller, request->id, wish->wait_s) : status;
}

jm_status lr_poll_route(void *user, const jm_request *request)
{
    struct lr_core *core = user;
    struct wish wish = {.wait_s = 0, .ack = -1};
    jm_status status = read_wish(core, request, &wish);
    if (status < 0)
        return status;
    struct lr_poller *poller = lr_poller_find(core, wish.id);
    if (poller != NULL) {
        status = poll_known(poller, request, &wish);
        if (status == JM_EGONE) { /* ended by the host or an operator: it begins anew */
            lr_poller_close(poller, false);
            poller = NULL;
        }
    }
    if (poller == NULL && !core->active)
        return lr_fail(core, JM_EBUSY, "the plugin lightroom is being replaced; poll again");
    if (poller == NULL) {
        status = lr_poller_open(core, wish.id, request->caller, &poller);
        if (status == JM_OK) {
            poller->stale_ack = (uint64_t)wish.ack;
            status = answer_now(poller, request->id, 0);
        }
    }
    if (status == JM_OK) {
        poller->polled_ms = lr_now_ms(core);
        lr_poller_is_alive(poller);
    }
    return status == JM_ENOMEM ? lr_fail(core, JM_EBUSY, "too many clients poll here") : status;
}
