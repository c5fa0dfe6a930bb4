/* A registration set: its life, and the simple declarations: channels, messages, services. Event
 * types and routes, which have more to check, are in event_type.c and route.c. [loop] */
#include "host/plugin/regset.h"

#include "host/plugin/regset_array.h"
#include "host/util/span.h"

#include <stdlib.h>
#include <string.h>

#define HELP_MAX 1024

struct jmh_regset *jmh_regset_new(const char *owner, struct jmh_plugin *plugin)
{
    struct jmh_regset *set = calloc(1, sizeof *set);
    if (set == NULL)
        return NULL;
    set->plugin = plugin;
    set->owner = strdup(owner);
    if (set->owner == NULL) {
        free(set);
        return NULL;
    }
    return set;
}

void jmh_event_type_fini(struct jmh_event_type *type)
{
    for (size_t i = 0; i < type->field_count; i++) {
        free(type->fields[i].name);
        free(type->fields[i].help);
    }
    free(type->fields);
    free(type->name);
    free(type->channel);
    free(type->conflate_key);
    free(type->help);
}

void jmh_route_fini(struct jmh_route *route)
{
    free(route->method);
    free(route->path);
    free(route->help);
    free(route->query);
    free(route->body);
    free(route->answer);
}

void jmh_regset_free(struct jmh_regset *set)
{
    if (set == NULL)
        return;
    for (size_t i = 0; i < set->channel_count; i++) {
        free(set->channels[i].name);
        free(set->channels[i].help);
    }
    for (size_t i = 0; i < set->type_count; i++)
        jmh_event_type_fini(&set->types[i]);
    for (size_t i = 0; i < set->route_count; i++)
        jmh_route_fini(&set->routes[i]);
    for (size_t i = 0; i < set->message_count; i++) {
        free(set->messages[i].name);
        free(set->messages[i].help);
    }
    for (size_t i = 0; i < set->service_count; i++)
        free(set->services[i].id);
    free(set->channels);
    free(set->types);
    free(set->routes);
    free(set->messages);
    free(set->services);
    free(set->owner);
    free(set);
}

bool jmh_array_grow(void *array, size_t count, size_t item_bytes)
{
    /* Powers of two from 8: full exactly when the count is one of them. */
    if (count != 0 && (count < 8 || (count & (count - 1)) != 0))
        return true;
    void *grown = realloc(*(void **)array, (count == 0 ? 8 : count * 2) * item_bytes);
    if (grown == NULL)
        return false;
    *(void **)array = grown;
    return true;
}

jm_status jmh_regset_no_memory(const struct jmh_regset *set, struct jmh_err *err)
{
    return jmh_err_set(err, JM_ENOMEM, "out of memory for the registrations of '%s'", set->owner);
}

jm_status jmh_regset_check_help(const struct jmh_regset *set, const char *what, const char *name,
                                const char *help, struct jmh_err *err)
{
    if (help != NULL && help[0] != '\0' && strlen(help) <= HELP_MAX)
        return JM_OK;
    return jmh_err_set(err, JM_EINVAL,
                       "'%s' declares %s '%s' without saying what it is: give a help text of 1 to "
                       "%d bytes",
                       set->owner, what, name, HELP_MAX);
}

jm_status jmh_regset_check_name(const struct jmh_regset *set, const char *what, const char *name,
                                struct jmh_err *err)
{
    if (name != NULL && jmh_span_is_name(jmh_span(name)))
        return JM_OK;
    return jmh_err_set(
        err, JM_EINVAL,
        "'%s' declares %s '%.80s': a name is [a-z0-9_.-]{1,64}, so that every client "
        "can carry it",
        set->owner, what, name != NULL ? name : "");
}

jm_status jmh_regset_add_channel(struct jmh_regset *set, const char *name, const char *help,
                                 struct jmh_err *err)
{
    jm_status status = jmh_regset_check_name(set, "channel", name, err);
    if (status >= 0)
        status = jmh_regset_check_help(set, "channel", name, help, err);
    if (status < 0)
        return status;
    for (size_t i = 0; i < set->channel_count; i++)
        if (strcmp(set->channels[i].name, name) == 0)
            return JM_OK;
    struct jmh_channel_decl channel = {strdup(name), strdup(help)};
    if (channel.name == NULL || channel.help == NULL ||
        !jmh_array_grow(&set->channels, set->channel_count, sizeof channel)) {
        free(channel.name);
        free(channel.help);
        return jmh_regset_no_memory(set, err);
    }
    set->channels[set->channel_count++] = channel;
    return JM_OK;
}

jm_status jmh_regset_add_message(struct jmh_regset *set, const char *name, const char *help,
                                 jm_message_fn fn, void *user, struct jmh_err *err)
{
    jm_status status = jmh_regset_check_name(set, "message", name, err);
    if (status >= 0)
        status = jmh_regset_check_help(set, "message", name, help, err);
    if (status < 0)
        return status;
    if (fn == NULL)
        return jmh_err_set(err, JM_EINVAL, "'%s' handles message '%s' with no function", set->owner,
                           name);
    for (size_t i = 0; i < set->message_count; i++)
        if (strcmp(set->messages[i].name, name) == 0)
            return jmh_err_set(err, JM_EEXIST, "'%s' handles message '%s' twice", set->owner, name);
    struct jmh_message_type message = {strdup(name), strdup(help), fn, user, set};
    if (message.name == NULL || message.help == NULL ||
        !jmh_array_grow(&set->messages, set->message_count, sizeof message)) {
        free(message.name);
        free(message.help);
        return jmh_regset_no_memory(set, err);
    }
    set->messages[set->message_count++] = message;
    return JM_OK;
}

jm_status jmh_regset_add_service(struct jmh_regset *set, const char *id, const void *table,
                                 void *provider_data, struct jmh_err *err)
{
    if (id == NULL || table == NULL)
        return jmh_err_set(err, JM_EINVAL, "'%s' provides a service without id or table",
                           set->owner);
    for (size_t i = 0; i < set->service_count; i++)
        if (strcmp(set->services[i].id, id) == 0)
            return jmh_err_set(err, JM_EEXIST, "'%s' provides service %.80s twice", set->owner, id);
    struct jmh_service_decl service = {strdup(id), table, provider_data};
    if (service.id == NULL || !jmh_array_grow(&set->services, set->service_count, sizeof service)) {
        free(service.id);
        return jmh_regset_no_memory(set, err);
    }
    set->services[set->service_count++] = service;
    return JM_OK;
}
