/* Two arrays; entries that have ended are used again. */
#include "registry.h"

#include "check.h"

#define ENTRIES_MAX 64

struct listener {
    jm_id token; /* 0: the entry is free */
    char *kind;  /* "*": all */
    queue_listener_fn fn;
    void *user;
};

struct registry {
    struct executor executors[ENTRIES_MAX];
    struct listener listeners[ENTRIES_MAX];
    jm_id last_token;
};

struct registry *registry_new(void)
{
    return calloc(1, sizeof(struct registry));
}

static void end_executor(struct executor *executor)
{
    free(executor->kind);
    free(executor->label);
    *executor = (struct executor){0};
}

static void end_listener(struct listener *listener)
{
    free(listener->kind);
    *listener = (struct listener){0};
}

void registry_free(struct registry *registry)
{
    for (size_t i = 0; registry != NULL && i < ENTRIES_MAX; i++) {
        end_executor(&registry->executors[i]);
        end_listener(&registry->listeners[i]);
    }
    free(registry);
}

const struct executor *registry_next(const struct queue *q, size_t *at)
{
    while (*at < ENTRIES_MAX) {
        const struct executor *executor = &q->registry->executors[(*at)++];
        if (executor->token != 0)
            return executor;
    }
    return NULL;
}

const struct executor *registry_executor(const struct queue *q, jm_span kind)
{
    const struct executor *executor;
    size_t at = 0;
    while ((executor = registry_next(q, &at)) != NULL) {
        if (jm_span_is(kind, executor->kind))
            return executor;
    }
    return NULL;
}

static jm_status refuse_full(const struct queue *q)
{
    return queue_fail(q, JM_ENOMEM, "there is room for %d registrations of each sort", ENTRIES_MAX);
}

jm_status registry_add_executor(struct queue *q, const queue_executor *executor, jm_id *token_out)
{
    jm_span kind = jm_span_of(executor->kind);
    struct executor *entry = q->registry->executors;
    const struct executor *end = entry + ENTRIES_MAX;
    jm_status status = check_kind(q, kind);
    if (status < 0)
        return status;
    if (registry_executor(q, kind) != NULL)
        return queue_fail(q, JM_EEXIST, "another plugin does the jobs of the kind \"%.*s\"",
                          JM_SPAN_ARGS(kind));
    while (entry < end && entry->token != 0)
        entry++;
    if (entry == end)
        return refuse_full(q);
    *entry = (struct executor){
        .concurrency = executor->concurrency,
        .kind = jm_span_dup(kind),
        .label = jm_span_dup(jm_span_of(executor->label)),
        .start = executor->start,
        .cancel = executor->cancel,
        .user = executor->user,
    };
    if (entry->kind == NULL || entry->label == NULL) {
        end_executor(entry);
        return JM_ENOMEM;
    }
    *token_out = entry->token = ++q->registry->last_token;
    return JM_OK;
}

jm_status registry_add_listener(struct queue *q, jm_span kind, queue_listener_fn fn, void *user,
                                jm_id *token_out)
{
    struct listener *entry = q->registry->listeners;
    const struct listener *end = entry + ENTRIES_MAX;
    if (!jm_span_is(kind, "*") && check_kind(q, kind) < 0)
        return JM_EINVAL;
    while (entry < end && entry->token != 0)
        entry++;
    if (entry == end)
        return refuse_full(q);
    *entry = (struct listener){.kind = jm_span_dup(kind), .fn = fn, .user = user};
    if (entry->kind == NULL)
        return JM_ENOMEM;
    *token_out = entry->token = ++q->registry->last_token;
    return JM_OK;
}

jm_status registry_remove(struct queue *q, jm_id token)
{
    for (size_t i = 0; token != 0 && i < ENTRIES_MAX; i++) {
        if (q->registry->executors[i].token == token) {
            end_executor(&q->registry->executors[i]);
            return JM_OK;
        }
        if (q->registry->listeners[i].token == token) {
            end_listener(&q->registry->listeners[i]);
            return JM_OK;
        }
    }
    return queue_fail(q, JM_EGONE, "this registration has ended");
}

void registry_tell(struct queue *q, const struct job *job, int32_t old_state)
{
    for (size_t i = 0; i < ENTRIES_MAX; i++) {
        const struct listener *listener = &q->registry->listeners[i];
        if (listener->token == 0 ||
            (strcmp(listener->kind, "*") != 0 && !jm_span_is(job->kind, listener->kind)))
            continue;
        queue_job view = job_view(job);
        jm_status status = listener->fn(listener->user, &view, old_state);
        if (status < 0)
            queue_log(q, JM_LOG_WARNING, "a listener for jobs of the kind \"%.*s\" failed (%d)",
                      JM_SPAN_ARGS(job->kind), status);
    }
}
