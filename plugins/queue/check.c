/* The rules. */
#include "check.h"

#include "order.h"

#include <string.h>

jm_status check_kind(const struct queue *q, jm_span kind)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789_.-";
    bool is_name = kind.len >= 1 && kind.len <= 64;
    for (size_t i = 0; is_name && i < kind.len; i++)
        is_name = memchr(allowed, kind.ptr[i], sizeof(allowed) - 1) != NULL;
    if (is_name)
        return JM_OK;
    return queue_fail(q, JM_EINVAL, "\"%.*s\" is no kind of job: use 1 to 64 of a-z 0-9 _ . -",
                      JM_SPAN_ARGS(jm_span_cut(kind, 80)));
}

jm_status check_priority(const struct queue *q, int64_t priority)
{
    if (priority >= PRIORITY_MIN && priority <= PRIORITY_MAX)
        return JM_OK;
    return queue_fail(q, JM_EINVAL, "priority must be an integer between 1 and 10");
}

jm_status check_text(const struct queue *q, const char *name, jm_span text, size_t max_bytes)
{
    if (text.len >= 1 && text.len <= max_bytes && memchr(text.ptr, '\0', text.len) == NULL)
        return JM_OK;
    return queue_fail(q, JM_EINVAL, "%s must be a text of 1 to %zu bytes", name, max_bytes);
}

jm_status check_object(const struct queue *q, const char *name, jm_span json)
{
    if (jm_span_absent(json))
        return JM_OK;
    json_t *root = json_loadb(json.ptr, json.len, 0, NULL);
    bool is_object = json_is_object(root);
    json_decref(root);
    return is_object ? JM_OK : queue_fail(q, JM_EINVAL, "%s must be a JSON object", name);
}

jm_status check_percent(const struct queue *q, double percent)
{
    if (percent >= 0 && percent <= 100)
        return JM_OK;
    return queue_fail(q, JM_EINVAL, "progress must be a number from 0 to 100, in percent");
}

jm_status check_priority_in(const struct queue *q, const jm_doc *doc, int32_t *priority_out)
{
    const json_t *value = jm_doc_value(doc, "priority");
    if (value == NULL)
        return JM_OK;
    jm_status status = check_priority(q, json_is_integer(value) ? json_integer_value(value) : 0);
    if (status == JM_OK)
        *priority_out = (int32_t)json_integer_value(value);
    return status;
}
