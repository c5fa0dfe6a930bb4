/* The routes by which a poller lives: /ws/handshake, poll, send, disconnect, clients, status, cleanup. */
#include "polling.h"
#include "routes.h"

#define TIMEOUT_MINUTES_MAX 525600.0

static jm_status respond(const struct lr_core *core, const jm_request *request, json_t *json_take)
{
    return jm_json_respond(core->api.http, core->api.host, request->id, 200, json_take);
}

static json_t *now_json(const struct lr_core *core)
{
    char text[JM_UTC_BYTES];
    jm_utc_format(lr_now_ms(core), text);
    return json_string(text);
}

/* A body that must say something; "Invalid request" where it does not. */
static jm_status read_body(const struct lr_core *core, const jm_request *request, jm_doc *doc)
{
    jm_status status = jm_doc_init(doc, core->api.error, core->api.host, request->body);
    if (status == JM_OK && json_object_size(doc->root) == 0)
        status = lr_fail(core, JM_EINVAL, "Invalid request");
    return status;
}

/* The poller that a body or path names. */
static jm_status find(const struct lr_core *core, jm_span id, struct lr_poller **poller_out)
{
    char canonical[LR_POLL_ID_SIZE];
    if (!core->active)
        return lr_fail(core, JM_EBUSY, "the plugin lightroom is being replaced; try again");
    *poller_out = lr_poll_id_read(id, canonical) ? lr_poller_find(core, canonical) : NULL;
    return *poller_out != NULL ? JM_OK : lr_fail(core, JM_ENOENT, "Invalid client_id");
}

static jm_status find_in(const struct lr_core *core, const jm_doc *doc,
                         struct lr_poller **poller_out)
{
    jm_span id = jm_span_of(json_string_value(jm_doc_value(doc, "client_id")));
    return id.len > 0 ? find(core, id, poller_out) : lr_fail(core, JM_EINVAL, "Invalid request");
}

/* Register the client as it introduces itself; the host checks the names. */
static jm_status introduce(struct lr_poller *poller, const jm_doc *doc)
{
    static const char *const names[] = {"client_type", "client_name"};
    json_t *message = json_pack("{s:s}", "type", "register");
    json_t *reply = NULL;
    for (size_t i = 0; i < JM_COUNT(names); i++) {
        json_t *value = jm_doc_value(doc, names[i]);
        if (value != NULL)
            json_object_set(message, names[i], value);
    }
    jm_status status = lr_poller_receive(poller, message, &reply);
    const char *error = json_string_value(json_object_get(reply, "error"));
    if (status == JM_OK && error != NULL)
        status = lr_fail(poller->core, JM_EINVAL, "%s", error);
    json_decref(message);
    json_decref(reply);
    return status;
}

static jm_status shake_hands(struct lr_core *core, const jm_request *request, const jm_doc *doc)
{
    char id[LR_POLL_ID_SIZE];
    struct lr_poller *poller = NULL;
    json_t *version = jm_doc_value(doc, "protocol_version");
    if (!core->active)
        return lr_fail(core, JM_EBUSY, "the plugin lightroom is being replaced; try again");
    if (lr_poll_id_make(id) < 0)
        return lr_fail(core, JM_EIO, "the system gives no random number for a client's id");
    jm_status status = lr_poller_open(core, id, request->caller, &poller);
    if (status == JM_ENOMEM)
        return lr_fail(core, JM_EBUSY, "too many clients are connected; try again later");
    if (status == JM_OK)
        status = introduce(poller, doc);
    if (status == JM_OK)
        return respond(core, request,
                       json_pack("{s:b, s:s, s:o, s:o}", "success", 1, "client_id", id,
                                 "protocol_version",
                                 version == NULL ? json_string("1.0") : json_incref(version),
                                 "server_time", now_json(core)));
    if (poller != NULL)
        lr_poller_close(poller, false);
    return status;
}

static jm_status handshake(void *user, const jm_request *request)
{
    struct lr_core *core = user;
    jm_doc doc;
    jm_status status = read_body(core, request, &doc);
    if (status == JM_OK)
        status = shake_hands(core, request, &doc);
    jm_doc_fini(&doc);
    return status;
}

/* "response" of /ws/send: the host's reply, but for a type that nobody handles: null, as ever. */
static json_t *response_of(json_t *reply_take)
{
    static const char unknown[] = "Unknown message type";
    const char *error = json_string_value(json_object_get(reply_take, "error"));
    if (reply_take != NULL && (error == NULL || strncmp(error, unknown, sizeof unknown - 1) != 0))
        return reply_take;
    json_decref(reply_take);
    return json_null();
}

static jm_status hand_over(struct lr_poller *poller, const json_t *message, json_t **response_out)
{
    const char *type = json_string_value(json_object_get(message, "type"));
    json_t *reply = NULL;
    if (type == NULL || type[0] == '\0') {
        *response_out = json_pack("{s:s}", "error", "Message type required");
        return JM_OK;
    }
    if (strcmp(type, "disconnect") == 0) {
        lr_poller_close(poller, true);
        *response_out = json_null();
        return JM_OK;
    }
    lr_poller_is_alive(poller);
    jm_status status = lr_poller_receive(poller, message, &reply);
    *response_out = response_of(reply);
    return status;
}

static jm_status send_message(void *user, const jm_request *request)
{
    struct lr_core *core = user;
    struct lr_poller *poller;
    json_t *response = NULL;
    jm_doc doc;
    jm_status status = read_body(core, request, &doc);
    const json_t *message = jm_doc_value(&doc, "message");
    if (status == JM_OK && !json_is_object(message))
        status = lr_fail(core, JM_EINVAL, "Invalid request");
    if (status == JM_OK)
        status = find_in(core, &doc, &poller);
    if (status == JM_OK)
        status = hand_over(poller, message, &response);
    if (status == JM_EGONE)
        status = lr_fail(core, JM_ENOENT, "Invalid client_id");
    if (status == JM_OK)
        status = respond(core, request,
                         json_pack("{s:b, s:O, s:o}", "success", 1, "response", response,
                                   "timestamp", now_json(core)));
    json_decref(response);
    jm_doc_fini(&doc);
    return status;
}

static jm_status disconnect(void *user, const jm_request *request)
{
    struct lr_core *core = user;
    struct lr_poller *poller;
    jm_doc doc;
    jm_status status = read_body(core, request, &doc);
    if (status == JM_OK)
        status = find_in(core, &doc, &poller);
    jm_doc_fini(&doc);
    if (status < 0)
        return status;
    lr_poller_close(poller, true);
    return lr_answer_done(core, request, "Disconnected successfully");
}

static json_t *list_json(const struct lr_core *core)
{
    json_t *list = json_array();
    size_t bucket = 0;
    struct lr_poller *poller = NULL;
    while ((poller = lr_poller_next(core, &bucket, poller)) != NULL)
        json_array_append_new(list, lr_poller_json(poller));
    return list;
}

static jm_status clients(void *user, const jm_request *request)
{
    const struct lr_core *core = user;
    return respond(core, request,
                   json_pack("{s:b, s:I, s:o}", "success", 1, "count",
                             (json_int_t)core->poller_count, "clients", list_json(core)));
}

static jm_status show_status(void *user, const jm_request *request)
{
    const struct lr_core *core = user;
    return respond(core, request,
                   json_pack("{s:b, s:b, s:I, s:o}", "success", 1, "enabled", 1, "client_count",
                             (json_int_t)core->poller_count, "clients", list_json(core)));
}

static jm_status cleanup(void *user, const jm_request *request)
{
    struct lr_core *core = user;
    double minutes = 5;
    char message[64];
    jm_doc doc;
    jm_status status = jm_doc_init(&doc, core->api.error, core->api.host, request->body);
    if (status == JM_OK)
        status = jm_doc_number(&doc, "timeout_minutes", false, &minutes);
    jm_doc_fini(&doc);
    if (status == JM_OK && !(minutes >= 0 && minutes <= TIMEOUT_MINUTES_MAX))
        status = lr_fail(core, JM_EINVAL, "timeout_minutes must be a number from 0 to %d",
                         (int)TIMEOUT_MINUTES_MAX);
    if (status < 0)
        return status;
    size_t count = lr_pollers_expire(core, (uint64_t)(minutes * 60000));
    snprintf(message, sizeof message, "Removed %zu stale clients", count);
    return respond(core, request,
                   json_pack("{s:b, s:s, s:I}", "success", 1, "message", message, "removed_count",
                             (json_int_t)count));
}

static const jm_route routes[] = {
    {.method = "POST",
     .path = "/ws/handshake",
     .fn = handshake,
     .flags = JM_ROUTE_SUCCESS_FORM,
     .body = "client_type:text=unknown|client_name:text=unnamed|protocol_version:text=1.0",
     .answer = "success:bool|client_id:text|protocol_version:text|server_time:text",
     .help = "Begin to poll: a client session whose messages are fetched with /ws/poll."},
    {.method = "GET",
     .path = "/ws/poll",
     .fn = lr_poll_route,
     .flags = JM_ROUTE_SUCCESS_FORM | JM_ROUTE_CHANGES_STATE,
     .query = "client_id:text|wait:number=0|ack:int",
     .answer = "success:bool|messages:object[]|timestamp:text|ack:int",
     .help =
         "The messages since the last poll; \"wait\" says for how many seconds to wait for one, "
         "\"ack\" what an earlier answer has brought. An id that is forgotten begins anew."},
    {.method = "POST",
     .path = "/ws/send",
     .fn = send_message,
     .flags = JM_ROUTE_SUCCESS_FORM,
     .body = "client_id:text|message:object",
     .answer = "success:bool|response:object?|timestamp:text",
     .help = "A message of the client, as if sent over /ws; the reply is the response."},
    {.method = "POST",
     .path = "/ws/disconnect",
     .fn = disconnect,
     .flags = JM_ROUTE_SUCCESS_FORM,
     .body = "client_id:text",
     .answer = "success:bool|message:text",
     .help = "End a polling client; its jobs go back to the queue."},
    {.method = "GET",
     .path = "/ws/clients",
     .fn = clients,
     .flags = JM_ROUTE_SUCCESS_FORM,
     .answer = "success:bool|count:int|clients:object[]",
     .help = "The clients that poll."},
    {.method = "GET",
     .path = "/ws/status",
     .fn = show_status,
     .flags = JM_ROUTE_SUCCESS_FORM,
     .answer = "success:bool|enabled:bool|client_count:int|clients:object[]",
     .help = "Whether polling is offered, and who polls."},
    {.method = "POST",
     .path = "/ws/cleanup",
     .fn = cleanup,
     .flags = JM_ROUTE_SUCCESS_FORM | JM_ROUTE_BODY_OPTIONAL,
     .body = "timeout_minutes:number=5",
     .answer = "success:bool|message:text|removed_count:int",
     .help = "Forget the clients that have given no sign of life for so long."},
};

jm_status lr_poll_routes_add(struct lr_core *core)
{
    return jm_routes_add(core->api.http, core->api.host, routes, JM_COUNT(routes), core);
}
