/* Envelopes. [loop] */
#include "host/log/envelope.h"

#include "host/util/span.h"
#include "host/util/time.h"

#include <string.h>

static uint32_t field_bit(enum jmh_json_kind kind)
{
    switch (kind) {
    case JMH_JSON_NULL:
        return JM_FIELD_NULL;
    case JMH_JSON_BOOL:
        return JM_FIELD_BOOL;
    case JMH_JSON_INT:
        return JM_FIELD_INT | JM_FIELD_NUMBER;
    case JMH_JSON_REAL:
        return JM_FIELD_NUMBER;
    case JMH_JSON_TEXT:
        return JM_FIELD_TEXT;
    case JMH_JSON_ARRAY:
        return JM_FIELD_ARRAY;
    case JMH_JSON_OBJECT:
        return JM_FIELD_OBJECT;
    }
    return 0;
}

static const struct jmh_field *find_field(const struct jmh_event_type *type,
                                          const struct jmh_json_member *member, size_t *number_out)
{
    for (size_t i = 0; i < type->field_count; i++) {
        if (jmh_json_key_is(member, type->fields[i].name)) {
            *number_out = i;
            return &type->fields[i];
        }
    }
    return NULL;
}

static jm_status check_missing(const struct jmh_event_type *type, uint64_t seen,
                               struct jmh_err *err)
{
    for (size_t i = 0; i < type->field_count; i++) {
        bool optional = (type->fields[i].type & JM_FIELD_OPTIONAL) != 0;
        if (!optional && (seen & (UINT64_C(1) << i)) == 0) {
            return jmh_err_set(err, JM_EINVAL, "event '%s': the field '%s' is missing", type->name,
                               type->fields[i].name);
        }
    }
    return JM_OK;
}

jm_status jmh_envelope_check(const struct jmh_event_type *type, struct jmh_json_value fields,
                             jm_span *key_out, struct jmh_err *err)
{
    struct jmh_json_walk walk;
    struct jmh_json_member member;
    uint64_t seen = 0;
    *key_out = (jm_span){NULL, 0};
    if (fields.kind != JMH_JSON_OBJECT || !jmh_json_begin(&walk, fields)) {
        return jmh_err_set(err, JM_EINVAL, "event '%s': the fields must be a JSON object",
                           type->name);
    }
    while (jmh_json_next(&walk, &member)) {
        size_t number = 0;
        const struct jmh_field *field = find_field(type, &member, &number);
        if (field == NULL) {
            return jmh_err_set(err, JM_EINVAL, "event '%s' declares no field '%.*s'", type->name,
                               JMH_ARG(member.key));
        }
        if ((field->type & field_bit(member.value.kind)) == 0) {
            return jmh_err_set(err, JM_EINVAL,
                               "event '%s': the field '%s' has a value of another "
                               "type than declared",
                               type->name, field->name);
        }
        seen |= UINT64_C(1) << number;
        if (type->conflate_key != NULL && strcmp(field->name, type->conflate_key) == 0) {
            *key_out = member.value.text;
        }
    }
    return check_missing(type, seen, err);
}

void jmh_envelope_head(struct jmh_buf *out, jm_span type, int64_t utc_ms, jm_span channel)
{
    char when[JMH_TIME_BYTES];
    jmh_time_format(utc_ms, when);
    jmh_buf_add_text(out, "{\"type\":");
    jmh_buf_add_json_text(out, type);
    jmh_buf_add_text(out, ",\"timestamp\":\"");
    jmh_buf_add(out, when, JMH_TIME_BYTES - 1);
    if (channel.len > 0) {
        jmh_buf_add_text(out, "\",\"channel\":\"");
        jmh_buf_add_span(out, channel);
    }
    jmh_buf_add_text(out, "\",\"seq\":");
}

static bool is_reserved(const struct jmh_json_member *member)
{
    return jmh_json_key_is(member, "type") || jmh_json_key_is(member, "timestamp") ||
           jmh_json_key_is(member, "channel") || jmh_json_key_is(member, "seq");
}

/* Line ends between the tokens would break the lines of a server-sent event. */
static void add_on_one_line(struct jmh_buf *out, jm_span json)
{
    size_t from = out->len;
    jmh_buf_add_span(out, json);
    for (size_t i = from; i < out->len && !out->failed; i++) {
        if ((unsigned char)out->data[i] < 0x20) {
            out->data[i] = ' ';
        }
    }
}

void jmh_envelope_tail(struct jmh_buf *out, struct jmh_json_value fields)
{
    struct jmh_json_walk walk;
    struct jmh_json_member member;
    if (jmh_json_begin(&walk, fields)) {
        while (jmh_json_next(&walk, &member)) {
            if (is_reserved(&member)) {
                continue;
            }
            jmh_buf_add(out, ",\"", 2);
            jmh_buf_add_span(out, member.key);
            jmh_buf_add(out, "\":", 2);
            add_on_one_line(out, member.value.text);
        }
    }
    jmh_buf_add(out, "}", 1);
}
