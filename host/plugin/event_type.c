/* Declaring an event type: its fields, its retention, what it conflates by. [loop] */
#include "host/plugin/regset.h"
#include "host/plugin/regset_array.h"
#include "host/util/span.h"

#include <stdlib.h>
#include <string.h>

#define FIELDS_MAX 64
#define FIELD_TYPES                                                                     \
    (JM_FIELD_TEXT | JM_FIELD_INT | JM_FIELD_NUMBER | JM_FIELD_BOOL | JM_FIELD_OBJECT | \
     JM_FIELD_ARRAY | JM_FIELD_NULL)

static bool is_reserved(const char *field)
{
    static const char *const reserved[] = {"type", "timestamp", "channel", "seq"};
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        if (strcmp(field, reserved[i]) == 0)
            return true;
    return false;
}

static const jm_field *find_field(const jm_event_type *type, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(type->fields[i].name, name) == 0)
            return &type->fields[i];
    return NULL;
}

static jm_status fail(const struct jmh_regset *set, const jm_event_type *type, const char *what,
                      const char *rule, struct jmh_err *err)
{
    return jmh_err_set(err, JM_EINVAL, "'%s' declares event type '%s': %.80s %s", set->owner,
                       type->name, what, rule);
}

static jm_status check_fields(const struct jmh_regset *set, const jm_event_type *type,
                              struct jmh_err *err)
{
    if (type->field_count > FIELDS_MAX || (type->field_count > 0 && type->fields == NULL))
        return fail(set, type, "its fields", "are more than 64, or absent", err);
    for (size_t i = 0; i < type->field_count; i++) {
        const jm_field *field = &type->fields[i];
        const char *name = field->name;
        if (name == NULL || name[0] == '\0' || strlen(name) > 64)
            return fail(set, type, "a field", "has no name, or one of more than 64 bytes", err);
        if (is_reserved(name))
            return fail(set, type, name, "is not the plugin's: the host writes it", err);
        if (find_field(type, i, name) != NULL)
            return fail(set, type, name, "is declared twice", err);
        uint32_t kinds = field->type & ~JM_FIELD_OPTIONAL;
        if (kinds == 0 || (kinds & ~FIELD_TYPES) != 0)
            return fail(set, type, name, "has no type: or JM_FIELD_* together", err);
        if (field->help == NULL || field->help[0] == '\0')
            return fail(set, type, name, "needs a help text", err);
    }
    return JM_OK;
}

static jm_status check_retention(const struct jmh_regset *set, const jm_event_type *type,
                                 struct jmh_err *err)
{
    if (type->retention < JM_RETAIN_DURABLE || type->retention > JM_RETAIN_NONE)
        return fail(set, type, "its retention", "is none of JM_RETAIN_*", err);
    const char *key = type->conflate_key;
    if (key == NULL)
        return JM_OK;
    if (type->retention != JM_RETAIN_MEMORY)
        return fail(set, type, "its conflate key", "needs JM_RETAIN_MEMORY", err);
    if (key[0] != '\0' && find_field(type, type->field_count, key) == NULL)
        return fail(set, type, key, "is its conflate key, but none of its fields", err);
    return JM_OK;
}

static jm_status check(const struct jmh_regset *set, const jm_event_type *type, struct jmh_err *err)
{
    if (type == NULL || type->size < sizeof *type)
        return jmh_err_set(err, JM_EINVAL,
                           "'%s' declares an event type whose size is not sizeof(jm_event_type)",
                           set->owner);
    jm_status status = jmh_regset_check_name(set, "event type", type->name, err);
    if (status >= 0)
        status = jmh_regset_check_help(set, "event type", type->name, type->help, err);
    if (status >= 0)
        status = jmh_regset_check_name(set, "an event type on channel", type->channel, err);
    if (status >= 0)
        status = check_fields(set, type, err);
    if (status >= 0)
        status = check_retention(set, type, err);
    return status;
}

/* False when out of memory; what was copied is in `copy_out` in either case. */
static bool copy(const jm_event_type *type, struct jmh_event_type *copy_out)
{
    copy_out->name = strdup(type->name);
    copy_out->channel = strdup(type->channel);
    copy_out->help = strdup(type->help);
    copy_out->retention = type->retention;
    copy_out->conflate_key = type->conflate_key != NULL ? strdup(type->conflate_key) : NULL;
    copy_out->fields = calloc(type->field_count + 1, sizeof *copy_out->fields);
    bool whole = copy_out->name != NULL && copy_out->channel != NULL && copy_out->help != NULL &&
                 copy_out->fields != NULL &&
                 (type->conflate_key == NULL || copy_out->conflate_key != NULL);
    for (size_t i = 0; whole && i < type->field_count; i++) {
        const jm_field *from = &type->fields[i];
        struct jmh_field *to = &copy_out->fields[copy_out->field_count++];
        *to = (struct jmh_field){strdup(from->name), from->type, strdup(from->help)};
        whole = to->name != NULL && to->help != NULL;
    }
    return whole;
}

jm_status jmh_regset_add_type(struct jmh_regset *set, const jm_event_type *type,
                              struct jmh_err *err)
{
    jm_status status = check(set, type, err);
    if (status < 0)
        return status;
    for (size_t i = 0; i < set->type_count; i++)
        if (strcmp(set->types[i].name, type->name) == 0)
            return jmh_err_set(err, JM_EEXIST, "'%s' declares event type '%s' twice", set->owner,
                               type->name);
    struct jmh_event_type own = {.owner = set};
    if (!copy(type, &own) || !jmh_array_grow(&set->types, set->type_count, sizeof own)) {
        jmh_event_type_fini(&own);
        return jmh_regset_no_memory(set, err);
    }
    set->types[set->type_count++] = own;
    return JM_OK;
}
