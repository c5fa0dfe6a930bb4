/* junmai.client/1: client sessions of the plugin's own. [loop]
 *
 * A session is a client whose port is the plugin: a flush wakes it, an end closes it. Both happen a
 * moment later, from a timer: the host calls them in the middle of its walk over clients, where a
 * plugin that opens, subscribes and closes must not run. */
#include "host/ext/ext.h"
#include "host/ext/release.h"
#include "host/ext/states.h"
#include "host/host.h"
#include "host/plugin/lease.h"
#include "host/util/json.h"
#include "host/util/span.h"

#include <junmai/ext/client.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct session {
    struct jmh_port port; /* its own, for the name of its transport */
    char transport[32];
    struct jmh_lease *lease; /* its id is the client's */
    struct jmh_client *client;
    struct jmh_timer *soon; /* runs while a wake or the end is due */
    bool woken;             /* the plugin knows that there is something to take */
    bool taking;            /* take() is on the stack: an end waits for it */
    jm_client_wake_fn wake;
    void *user;
};

static void end_session(struct session *session)
{
    if (session->soon != NULL)
        jmh_timer_stop(session->soon);
    jmh_client_close(session->client);
    jmh_lease_drop(session->lease);
    free(session);
}

static void on_soon(void *user)
{
    struct session *session = user;
    session->soon = NULL;
    if (session->client->ending) {
        end_session(session);
        return;
    }
    struct jmh_plugin *plugin = session->lease->owner;
    if (!jmh_client_pending(session->client)) {
        session->woken = false;
        return;
    }
    jmh_plugin_enter(plugin, "a client's wake");
    session->wake(session->user, session->lease->id);
    (void)jmh_plugin_leave(plugin, JM_OK);
}

static void arm(struct session *session)
{
    struct jmh_loop *loop = session->lease->owner->host->loop;
    if (session->soon == NULL)
        session->soon = jmh_timer_start(loop, 0, 0, on_soon, session);
}

static void flush(struct jmh_client *client)
{
    struct session *session = client->port_data;
    if (session->wake == NULL || session->woken || !jmh_client_pending(client))
        return;
    session->woken = true;
    arm(session);
}

static void end(struct jmh_client *client, uint16_t code, const char *reason)
{
    (void)code, (void)reason;
    arm(client->port_data);
}

static struct jmh_identity *identify(const struct jmh_plugin *plugin, const jm_caller *caller)
{
    jm_caller own = {
        sizeof own, JM_CALLER_PLUGIN, jmh_span(plugin->name), jmh_span("*"), {NULL, 0}};
    return jmh_identity_new(caller != NULL ? caller : &own);
}

static jm_status begin(struct jmh_plugin *plugin, const jm_client_desc *desc, jm_id *client_out)
{
    struct session *session = calloc(1, sizeof *session);
    struct jmh_identity *identity = identify(plugin, desc->caller);
    jm_status status = session != NULL && identity != NULL ? JM_OK : JM_ENOMEM;
    if (status >= 0) {
        snprintf(session->transport, sizeof session->transport, "%s", desc->transport);
        session->port = (struct jmh_port){session->transport, JMH_FORM_JSON, flush, end};
        session->wake = desc->wake;
        session->user = desc->user;
        status = jmh_client_open(plugin->host->clients, &session->port, session, identity,
                                 &session->client);
    }
    jmh_identity_unref(identity);
    if (status < 0) {
        free(session);
        return status;
    }
    session->lease = jmh_lease_take_id(plugin, JMH_LEASE_CLIENT, session->client->id,
                                       session->transport, session);
    if (session->lease == NULL) {
        end_session(session);
        return JM_ENOMEM;
    }
    *client_out = session->client->id;
    return JM_OK;
}

static jm_status open_session(const jm_host *host, const jm_client_desc *desc, jm_id *client_out)
{
    struct jmh_err err;
    jm_status status = jmh_ext_check(host, "client.open()", JMH_WHEN_BUSY);
    if (status < 0)
        return status;
    if (desc == NULL || desc->size < sizeof *desc || desc->transport == NULL || client_out == NULL)
        status =
            jmh_err_set(&err, JM_EINVAL,
                        "client.open() needs a jm_client_desc of the right size and a transport");
    else if ((status = begin(jmh_plugin_of(host), desc, client_out)) < 0)
        jmh_err_set(&err, status, "no further client: limits.clients is reached, or memory is");
    return status < 0 ? jmh_ext_fail(host, &err) : status;
}

/* The plugin's session of that id; JM_EGONE where it has ended or is about to. */
static jm_status find(const jm_host *host, const char *function, jm_id client,
                      struct session **session_out)
{
    jm_status status = jmh_ext_check(host, function, JMH_WHEN_RUNNING);
    if (status < 0)
        return status;
    struct jmh_lease *lease = jmh_lease_get(jmh_plugin_of(host), JMH_LEASE_CLIENT, client);
    struct session *session = lease != NULL ? lease->object : NULL;
    struct jmh_err err;
    if (session == NULL || session->client->ending) {
        jmh_err_set(&err, JM_EGONE, "%s: client %llu has ended", function,
                    (unsigned long long)client);
        return jmh_ext_fail(host, &err);
    }
    *session_out = session;
    return JM_OK;
}

/* Move the replies behind `from` out of the client; they are lines. */
static struct jmh_buf take_replies(struct jmh_client *client, size_t from)
{
    struct jmh_buf lines = {0};
    struct jmh_buf *replies = client->replies;
    if (replies == NULL || replies->len <= from)
        return lines;
    jmh_buf_add(&lines, replies->data + from, replies->len - from);
    replies->len = from;
    if (from == 0) {
        jmh_buf_fini(replies);
        free(replies);
        client->replies = NULL;
    }
    return lines;
}

static void hand_out(const struct jmh_buf *lines, jm_client_sink_fn sink, void *user)
{
    for (size_t at = 0; at < lines->len;) {
        const char *line = lines->data + at;
        const char *end_of_line = memchr(line, '\n', lines->len - at);
        size_t len = end_of_line != NULL ? (size_t)(end_of_line - line) : lines->len - at;
        sink(user, (jm_span){line, len});
        at += len + 1;
    }
}

static jm_status receive(const jm_host *host, jm_id client, jm_span json, jm_client_sink_fn sink,
                         void *user)
{
    struct session *session;
    struct jmh_json_value message;
    struct jmh_err err;
    jm_status status = find(host, "client.receive()", client, &session);
    if (status < 0)
        return status;
    if (!jmh_json_parse(json, &message) || message.kind != JMH_JSON_OBJECT) {
        jmh_err_set(&err, JM_EINVAL, "client.receive(): a message is a JSON object");
        return jmh_ext_fail(host, &err);
    }
    size_t before = session->client->replies != NULL ? session->client->replies->len : 0;
    jmh_client_receive(session->client, message.text);
    /* A handler may have closed the session meanwhile. */
    if (sink == NULL || find(host, "client.receive()", client, &session) < 0)
        return JM_OK;
    struct jmh_buf lines = take_replies(session->client, before);
    hand_out(&lines, sink, user);
    jmh_buf_fini(&lines);
    return JM_OK;
}

static int32_t take(const jm_host *host, jm_id client, uint32_t max_messages,
                    jm_client_sink_fn sink, void *user, uint64_t *ack_out)
{
    struct session *session;
    struct jmh_err err;
    uint64_t ack = 0;
    jm_status status = find(host, "client.take()", client, &session);
    if (status < 0)
        return status;
    if (sink == NULL || max_messages > INT32_MAX) {
        jmh_err_set(&err, JM_EINVAL, "client.take() needs a sink");
        return jmh_ext_fail(host, &err);
    }
    session->taking = true;
    int32_t count = jmh_client_take(session->client, max_messages, sink, user, &ack);
    session->taking = false;
    if (count < 0) {
        jmh_err_set(&err, count, "the events of client %llu cannot be read",
                    (unsigned long long)client);
        return jmh_ext_fail(host, &err);
    }
    session->woken = jmh_client_pending(session->client);
    if (ack_out != NULL)
        *ack_out = ack;
    return count;
}

static jm_status acknowledge(const jm_host *host, jm_id client, uint64_t ack)
{
    struct session *session;
    struct jmh_err err;
    jm_status status = find(host, "client.acknowledge()", client, &session);
    if (status < 0)
        return status;
    if (jmh_client_acknowledge(session->client, ack) >= 0)
        return JM_OK;
    jmh_err_set(&err, JM_EINVAL, "ack %llu is ahead of what client %llu was given",
                (unsigned long long)ack, (unsigned long long)client);
    return jmh_ext_fail(host, &err);
}

static jm_status close_session(const jm_host *host, jm_id client)
{
    jm_status status = jmh_ext_check(host, "client.close()", JMH_WHEN_RUNNING);
    if (status < 0)
        return status;
    struct jmh_lease *lease = jmh_lease_get(jmh_plugin_of(host), JMH_LEASE_CLIENT, client);
    if (lease == NULL)
        return JM_EGONE;
    struct session *session = lease->object;
    if (session->taking) { /* called by the sink: take() still needs the session */
        session->client->ending = true;
        arm(session);
    } else {
        end_session(session);
    }
    return JM_OK;
}

void jmh_client_release(struct jmh_lease *lease)
{
    end_session(lease->object);
}

const jm_host_client jmh_ext_client = {
    sizeof(jm_host_client), open_session, receive, take, acknowledge, close_session};
