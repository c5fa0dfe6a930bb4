/* junmai.event/1: channels and event types of the plugin's set, events of the present turn. [loop] */
#include "host/ext/ext.h"
#include "host/ext/states.h"
#include "host/host.h"
#include "host/util/span.h"

#include <junmai/ext/event.h>

static jm_status declare_channel(const jm_host *host, const char *name, const char *help)
{
    struct jmh_err err;
    jm_status status = jmh_ext_check(host, "event.declare_channel()", JMH_IN_INIT);
    if (status < 0)
        return status;
    status = jmh_regset_add_channel(jmh_plugin_of(host)->registrations, name, help, &err);
    return status < 0 ? jmh_ext_fail(host, &err) : status;
}

static jm_status declare_type(const jm_host *host, const jm_event_type *type)
{
    struct jmh_err err;
    jm_status status = jmh_ext_check(host, "event.declare_type()", JMH_IN_INIT);
    if (status < 0)
        return status;
    status = jmh_regset_add_type(jmh_plugin_of(host)->registrations, type, &err);
    return status < 0 ? jmh_ext_fail(host, &err) : status;
}

static jm_status publish(const jm_host *host, jm_span type, jm_span channel, jm_span fields)
{
    struct jmh_host *real = jmh_plugin_of(host)->host;
    struct jmh_err err;
    jm_status status = jmh_ext_check(host, "event.publish()", JMH_WHEN_RUNNING);
    if (status < 0)
        return status;
    const struct jmh_index *index = jmh_registry_index(real->registry);
    const struct jmh_event_type *declared = jmh_index_type(index, type);
    if (declared == NULL)
        status = jmh_err_set(&err, JM_ENOENT,
                             "event type '%.*s' is declared by no active plugin: declare it in "
                             "init(), or use inject()",
                             JMH_ARG(type));
    else if (channel.len > 0 && !jmh_index_has_channel(index, channel))
        status = jmh_err_set(&err, JM_ENOENT,
                             "channel '%.*s', for event '%.*s', is declared by no active plugin",
                             JMH_ARG(channel), JMH_ARG(type));
    else
        status = jmh_turn_publish(real->turn, declared, channel, fields, &err);
    return status < 0 ? jmh_ext_fail(host, &err) : status;
}

static jm_status inject(const jm_host *host, jm_span type, jm_span channel, jm_span fields,
                        int32_t retention)
{
    struct jmh_host *real = jmh_plugin_of(host)->host;
    struct jmh_json_value value;
    struct jmh_err err;
    jm_status status = jmh_ext_check(host, "event.inject()", JMH_WHEN_RUNNING);
    if (status < 0)
        return status;
    if (retention != JM_RETAIN_MEMORY && retention != JM_RETAIN_DURABLE)
        status = jmh_err_set(&err, JM_EINVAL, "an injected event is kept in memory or durable");
    else if (!jmh_json_parse(fields, &value))
        status = jmh_err_set(&err, JM_EINVAL, "the fields of an injected event are no valid JSON");
    else
        status =
            jmh_turn_inject(real->turn, type, channel, value, retention == JM_RETAIN_DURABLE, &err);
    return status < 0 ? jmh_ext_fail(host, &err) : status;
}

const jm_host_event jmh_ext_event = {sizeof(jm_host_event), declare_channel, declare_type, publish,
                                     inject};
