/* junmai.message/1: handlers of the plugin's set, messages to one client. [loop] */
#include "host/ext/ext.h"
#include "host/ext/states.h"
#include "host/host.h"
#include "host/util/json.h"

#include <junmai/ext/message.h>
#include <stdlib.h>

static jm_status handle(const jm_host *host, const char *type, const char *help, jm_message_fn fn,
                        void *user)
{
    struct jmh_err err;
    jm_status status = jmh_ext_check(host, "message.handle()", JMH_IN_INIT);
    if (status < 0)
        return status;
    status = jmh_regset_add_message(jmh_plugin_of(host)->registrations, type, help, fn, user, &err);
    return status < 0 ? jmh_ext_fail(host, &err) : status;
}

/* Some forms in which messages leave are lines: a line end, which JSON has only between its tokens,
 * becomes a space. NULL when out of memory. */
static char *on_one_line(jm_span json)
{
    char *line = malloc(json.len);
    for (size_t i = 0; line != NULL && i < json.len; i++)
        line[i] = json.ptr[i] == '\n' || json.ptr[i] == '\r' ? ' ' : json.ptr[i];
    return line;
}

static jm_status queue(struct jmh_client *receiver, jm_span json)
{
    char *line = on_one_line(json);
    if (line == NULL)
        return JM_ENOMEM;
    jm_status status = jmh_client_send(receiver, (jm_span){line, json.len});
    free(line);
    return status;
}

static jm_status send_message(const jm_host *host, jm_id client, jm_span json)
{
    struct jmh_host *real = jmh_plugin_of(host)->host;
    struct jmh_err err;
    jm_status status = jmh_ext_check(host, "message.send()", JMH_WHEN_RUNNING);
    if (status < 0)
        return status;
    struct jmh_client *receiver = jmh_clients_get(real->clients, client);
    struct jmh_json_value message, type;
    if (receiver == NULL)
        status = jmh_err_set(&err, JM_EGONE, "client %llu has left", (unsigned long long)client);
    else if (!jmh_json_parse(json, &message) || !jmh_json_get(message, "type", &type) ||
             type.kind != JMH_JSON_TEXT)
        status = jmh_err_set(&err, JM_EINVAL, "a message is a JSON object with a \"type\"");
    else if (queue(receiver, message.text) < 0)
        status = jmh_err_set(&err, JM_ENOMEM, "out of memory for a message to client %llu",
                             (unsigned long long)client);
    return status < 0 ? jmh_ext_fail(host, &err) : status;
}

const jm_host_message jmh_ext_message = {sizeof(jm_host_message), handle, send_message};
