/* Messages from outside to everybody or to one: /ws/broadcast, /ws/send/{id}, /ws/notify. They are
 * injected events: kept in memory unless "durable" is true. */
#include "pollers.h"
#include "routes.h"

#include <stdlib.h>

static jm_status refuse(const struct lr_core *core, const char *sentence)
{
    return lr_fail(core, JM_EINVAL, "%s", sentence);
}

static jm_status inject(const struct lr_core *core, const jm_doc *doc, const char *type,
                        jm_span channel, json_t *fields_take)
{
    bool durable = false;
    jm_status status = jm_doc_bool(doc, "durable", false, &durable);
    jm_span text = jm_json_dump(fields_take);
    json_decref(fields_take);
    if (jm_span_absent(text))
        return JM_ENOMEM;
    if (status == JM_OK)
        status = core->api.event->inject(core->api.host, jm_span_of(type), channel, text,
                                         durable ? JM_RETAIN_DURABLE : JM_RETAIN_MEMORY);
    free((char *)text.ptr);
    return status;
}

/* The message of a body; its type must be a text. */
static jm_status read_message(const struct lr_core *core, const jm_doc *doc, json_t **message_out,
                              const char **type_out)
{
    *message_out = jm_doc_value(doc, "message");
    *type_out = json_string_value(json_object_get(*message_out, "type"));
    if (!json_is_object(*message_out) || json_object_size(*message_out) == 0)
        return refuse(core, "Message is required");
    return *type_out != NULL && (*type_out)[0] != '\0' ? JM_OK
                                                       : refuse(core, "Message type is required");
}

static jm_status broadcast(void *user, const jm_request *request)
{
    const struct lr_core *core = user;
    json_t *message = NULL;
    const char *type = NULL;
    jm_span channel = JM_SPAN("");
    jm_doc doc;
    jm_status status = jm_doc_init(&doc, core->api.error, core->api.host, request->body);
    if (status == JM_OK)
        status = read_message(core, &doc, &message, &type);
    if (status == JM_OK)
        status = jm_doc_text(&doc, "channel", false, &channel);
    if (status == JM_OK)
        status = inject(core, &doc, type, channel, json_incref(message));
    jm_doc_fini(&doc);
    return status < 0 ? status : lr_answer_done(core, request, "Message broadcast successfully");
}

static jm_status pass_on(const struct lr_core *core, const jm_request *request,
                         const json_t *message)
{
    char id[LR_POLL_ID_SIZE];
    jm_span named = {NULL, 0};
    (void)core->api.http->get_param(core->api.host, request->id, "client_id", &named);
    struct lr_poller *poller = lr_poll_id_read(named, id) ? lr_poller_find(core, id) : NULL;
    if (poller == NULL)
        return lr_fail(core, JM_ENOENT, "Invalid client_id");
    jm_span text = jm_json_dump(message);
    if (jm_span_absent(text))
        return JM_ENOMEM;
    jm_status status = core->api.message->send(core->api.host, poller->client, text);
    free((char *)text.ptr);
    return status == JM_EGONE ? lr_fail(core, JM_ENOENT, "Invalid client_id") : status;
}

static jm_status send_to(void *user, const jm_request *request)
{
    const struct lr_core *core = user;
    json_t *message = NULL;
    const char *type = NULL;
    jm_doc doc;
    jm_status status = jm_doc_init(&doc, core->api.error, core->api.host, request->body);
    if (status == JM_OK)
        status = read_message(core, &doc, &message, &type);
    if (status == JM_OK)
        status = pass_on(core, request, message);
    jm_doc_fini(&doc);
    return status < 0 ? status : lr_answer_done(core, request, "Message sent successfully");
}

/* The job of a notice. */
static jm_status read_job(const struct lr_core *core, const jm_doc *doc, jm_span *job_out)
{
    *job_out = jm_span_of(json_string_value(jm_doc_value(doc, "job_id")));
    return job_out->len > 0 ? JM_OK : refuse(core, "job_id is required");
}

static jm_status inject_progress(const struct lr_core *core, const jm_doc *doc)
{
    jm_span job, stage = JM_SPAN("processing"), message = JM_SPAN("");
    double percent = 0;
    jm_status status = read_job(core, doc, &job);
    if (status == JM_OK)
        status = jm_doc_text(doc, "stage", false, &stage);
    if (status == JM_OK)
        status = jm_doc_number(doc, "progress", false, &percent);
    if (status == JM_OK)
        status = jm_doc_text(doc, "message", false, &message);
    if (status == JM_OK && !(percent >= 0 && percent <= 100))
        status = refuse(core, "progress must be a number from 0 to 100");
    if (status < 0)
        return status;
    return inject(core, doc, "job_progress", JM_SPAN("jobs"),
                  json_pack("{s:o, s:o, s:f, s:o}", "job_id", jm_json_text(job), "stage",
                            jm_json_text(stage), "progress", percent, "message",
                            jm_json_text(message)));
}

static jm_status notify_progress(void *user, const jm_request *request)
{
    const struct lr_core *core = user;
    jm_doc doc;
    jm_status status = jm_doc_init(&doc, core->api.error, core->api.host, request->body);
    if (status == JM_OK)
        status = inject_progress(core, &doc);
    jm_doc_fini(&doc);
    return status < 0 ? status : lr_answer_done(core, request, "Progress notification sent");
}

static jm_status inject_end(const struct lr_core *core, const jm_doc *doc)
{
    jm_span job;
    bool success = true;
    json_t *result = jm_doc_value(doc, "result");
    jm_status status = read_job(core, doc, &job);
    if (status == JM_OK)
        status = jm_doc_bool(doc, "success", false, &success);
    if (status < 0)
        return status;
    return inject(core, doc, success ? "job_completed" : "job_failed", JM_SPAN("jobs"),
                  json_pack("{s:o, s:b, s:o}", "job_id", jm_json_text(job), "success", success,
                            "result", result == NULL ? json_object() : json_incref(result)));
}

static jm_status notify_end(void *user, const jm_request *request)
{
    const struct lr_core *core = user;
    jm_doc doc;
    jm_status status = jm_doc_init(&doc, core->api.error, core->api.host, request->body);
    if (status == JM_OK)
        status = inject_end(core, &doc);
    jm_doc_fini(&doc);
    return status < 0 ? status : lr_answer_done(core, request, "Completion notification sent");
}

static jm_status notify_status(void *user, const jm_request *request)
{
    const struct lr_core *core = user;
    jm_doc doc;
    jm_status status = jm_doc_init(&doc, core->api.error, core->api.host, request->body);
    json_t *said = jm_doc_value(&doc, "status");
    if (status == JM_OK && said == NULL)
        status = refuse(core, "status is required");
    if (status == JM_OK)
        status = inject(core, &doc, "system_status", JM_SPAN("system"),
                        json_pack("{s:O}", "status", said));
    jm_doc_fini(&doc);
    return status < 0 ? status : lr_answer_done(core, request, "Status notification sent");
}

#define DONE "success:bool|message:text"

static const jm_route routes[] = {
    {.method = "POST",
     .path = "/ws/broadcast",
     .fn = broadcast,
     .flags = JM_ROUTE_SUCCESS_FORM,
     .body = "message:object|channel:text?|durable:bool=false",
     .answer = DONE,
     .help =
         "Send a message to the subscribers of a channel, or to every client, on every transport."},
    {.method = "POST",
     .path = "/ws/send/{client_id}",
     .fn = send_to,
     .flags = JM_ROUTE_SUCCESS_FORM,
     .body = "message:object",
     .answer = DONE,
     .help = "Send a message to one polling client."},
    {.method = "POST",
     .path = "/ws/notify/job_progress",
     .fn = notify_progress,
     .flags = JM_ROUTE_SUCCESS_FORM,
     .body = "job_id:text|stage:text=processing|progress:number=0|message:text=|durable:bool=false",
     .answer = DONE,
     .help = "Tell everybody that a job of somebody else's is so far."},
    {.method = "POST",
     .path = "/ws/notify/job_complete",
     .fn = notify_end,
     .flags = JM_ROUTE_SUCCESS_FORM,
     .body = "job_id:text|success:bool=true|result:any?|durable:bool=false",
     .answer = DONE,
     .help = "Tell everybody that a job of somebody else's has ended."},
    {.method = "POST",
     .path = "/ws/notify/system_status",
     .fn = notify_status,
     .flags = JM_ROUTE_SUCCESS_FORM,
     .body = "status:any|durable:bool=false",
     .answer = DONE,
     .help = "Tell everybody about the state of something."},
};

jm_status lr_relay_routes_add(struct lr_core *core)
{
    return jm_routes_add(core->api.http, core->api.host, routes, JM_COUNT(routes), core);
}
