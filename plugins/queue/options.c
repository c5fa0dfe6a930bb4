/* Options: the table, and what is made of it. */
#include "options.h"

#include "core.h"

#include <junmai/sdk/query.h>
#include <unistd.h>

static const jm_option table[] = {
    {"aging_step_s", JM_OPTION_INT, 0, "3600", 1, 1000000, NULL,
     "Time that a waiting job must wait to rank like one of the next higher priority, in seconds."},
    {"concurrency", JM_OPTION_LIST, 0, "[]", 0, 0, NULL,
     "Jobs that run at once: \"KIND=N\" for a kind, \"N\" for all that this machine does itself; "
     "without the latter as many as there are processors. The studio's document, where it has "
     "processing.max_concurrent_jobs, wins over the latter."},
    {"max_attempts", JM_OPTION_INT, 0, "3", 1, 100, NULL,
     "Attempts of a job before it has failed, unless its submission says otherwise."},
    {"retry_base_ms", JM_OPTION_INT, 0, "2000", 0, 86400000, NULL,
     "Wait after a failed first attempt, in milliseconds; doubled for each further one, and "
     "shortened by a random part of its half."},
    {"retry_cap_ms", JM_OPTION_INT, 0, "300000", 0, 86400000, NULL,
     "Longest wait between attempts, in milliseconds."},
    {"lease_ms", JM_OPTION_INT, 0, "60000", 100, 86400000, NULL,
     "Time in which a remote executor must give a sign of life, in milliseconds, unless it asks "
     "for "
     "another."},
    {"attempt_ms", JM_OPTION_INT, 0, "3600000", 100, 604800000, NULL,
     "Time in which a job that this machine does must show progress, in milliseconds."},
};

static int64_t read_int(const struct queue *q, const char *name)
{
    int64_t value = 0;
    (void)q->api.config->get_int(q->api.host, name, &value);
    return value;
}

static jm_status refuse(struct queue *q, jm_span item)
{
    return queue_fail(
        q, JM_EINVAL,
        "queue.concurrency holds \"%.*s\"; write \"KIND=N\" or \"N\" with N from 1 to "
        "1000, and at most %d kinds",
        JM_SPAN_ARGS(jm_span_cut(item, 64)), OPTIONS_KINDS_MAX);
}

static jm_status read_limit(struct queue *q, jm_span item)
{
    struct queue_options *options = &q->options;
    int64_t limit = 0;
    const char *equals = memchr(item.ptr, '=', item.len);
    size_t kind_len = equals == NULL ? 0 : (size_t)(equals - item.ptr);
    size_t skip = equals == NULL ? 0 : kind_len + 1;
    jm_span number = {item.ptr + skip, item.len - skip};
    if (!jm_span_to_int(number, &limit) || limit < 1 || limit > 1000)
        return refuse(q, item);
    if (equals == NULL) {
        options->concurrency = (int32_t)limit;
        return JM_OK;
    }
    if (kind_len == 0 || options->kind_count == OPTIONS_KINDS_MAX)
        return refuse(q, item);
    options->kinds[options->kind_count] = (jm_span){item.ptr, kind_len};
    options->kind_limits[options->kind_count++] = (int32_t)limit;
    return JM_OK;
}

jm_status options_read(struct queue *q)
{
    jm_status status = q->api.config->declare(q->api.host, table, JM_COUNT(table));
    if (status < 0)
        return status;
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    q->options = (struct queue_options){
        .aging_step_ms = read_int(q, "aging_step_s") * 1000,
        .concurrency = processors < 1 ? 1 : (int32_t)processors,
        .max_attempts = (int32_t)read_int(q, "max_attempts"),
        .retry_base_ms = read_int(q, "retry_base_ms"),
        .retry_cap_ms = read_int(q, "retry_cap_ms"),
        .lease_ms = read_int(q, "lease_ms"),
        .attempt_ms = read_int(q, "attempt_ms"),
    };
    jm_span item;
    for (size_t i = 0; status == JM_OK; i++) {
        if (q->api.config->get_item(q->api.host, "concurrency", i, &item) < 0)
            break;
        status = read_limit(q, item);
    }
    return status;
}

int32_t options_kind_limit(const struct queue_options *options, jm_span kind)
{
    for (size_t i = 0; i < options->kind_count; i++) {
        if (jm_span_equal(options->kinds[i], kind))
            return options->kind_limits[i];
    }
    return 0;
}
