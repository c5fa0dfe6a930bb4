/* Accepted tasks. [loop] */
#include "host/worker/task.h"

#include "host/util/json.h"
#include "host/util/span.h"
#include "host/worker/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Names and paths travel in one bounded object; each character may need six in JSON. */
#define TEXT_MAX_BYTES (JMH_WIRE_ABOUT_MAX_BYTES / 16)

static jm_status check_texts(const char *object, const jm_task *task, struct jmh_err *err)
{
    if (task->name == NULL || task->name[0] == '\0' || strlen(task->name) > TEXT_MAX_BYTES) {
        return jmh_err_set(err, JM_EINVAL,
                           "a task of %s has no name: set jm_task.name to one of its "
                           "functions",
                           object);
    }
    /* The dynamic linker would look for a name without a slash in its own folders. */
    if (strchr(object, '/') == NULL || strlen(object) > TEXT_MAX_BYTES) {
        return jmh_err_set(err, JM_EINVAL, "the task object %.200s is no path", object);
    }
    struct jmh_json_value value;
    if (task->request.ptr != NULL &&
        (!jmh_json_parse(task->request, &value) || value.kind != JMH_JSON_OBJECT)) {
        return jmh_err_set(err, JM_EINVAL, "the request of task %s is no JSON object", task->name);
    }
    if (task->request.len > JMH_WIRE_BODY_MAX_BYTES) {
        return jmh_err_set(err, JM_EINVAL,
                           "the request of task %s has %zu bytes, at most %zu are "
                           "allowed: pass large data in a descriptor",
                           task->name, task->request.len, JMH_WIRE_BODY_MAX_BYTES);
    }
    return JM_OK;
}

static jm_status check(const char *object, const jm_task *task,
                       const struct jmh_task_events *events, struct jmh_err *err)
{
    jm_status status = check_texts(object, task, err);
    if (status != JM_OK) {
        return status;
    }
    if (task->priority < JM_TASK_BACKGROUND || task->priority > JM_TASK_URGENT) {
        return jmh_err_set(err, JM_EINVAL,
                           "the priority of task %s is %d, it must be from %d to %d", task->name,
                           task->priority, JM_TASK_BACKGROUND, JM_TASK_URGENT);
    }
    if (task->fd_count > JM_TASK_MAX_FDS || (task->fd_count > 0 && task->fds == NULL)) {
        return jmh_err_set(err, JM_EINVAL, "task %s has %u descriptors, at most %d are allowed",
                           task->name, task->fd_count, JM_TASK_MAX_FDS);
    }
    if (events->done == NULL) {
        return jmh_err_set(err, JM_EINVAL, "task %s has no done function", task->name);
    }
    return JM_OK;
}

static jm_status duplicate(struct jmh_task *copy, const jm_task *task, struct jmh_err *err)
{
    for (uint32_t i = 0; i < task->fd_count; i++) {
        int fd = fcntl(task->fds[i], F_DUPFD_CLOEXEC, 0);
        if (fd < 0) {
            jm_status status = errno == EBADF ? JM_EINVAL : JM_ENOMEM;
            return jmh_err_set(err, status, "descriptor %d of task %s cannot be duplicated: %s",
                               task->fds[i], task->name, strerror(errno));
        }
        copy->fds[i] = fd;
        copy->offsets[i] = lseek(fd, 0, SEEK_CUR);
        copy->fd_count = i + 1;
    }
    return JM_OK;
}

static jm_status copy_texts(struct jmh_task *copy, const char *object, const jm_task *task,
                            struct jmh_err *err)
{
    jm_span request = task->request.ptr != NULL ? task->request : jmh_span("{}");
    copy->object = strdup(object);
    copy->name = strdup(task->name);
    copy->label = strdup(task->label != NULL ? task->label : task->name);
    copy->request = jmh_span_dup(request);
    copy->request_bytes = request.len;
    if (copy->object == NULL || copy->name == NULL || copy->label == NULL ||
        copy->request == NULL) {
        return jmh_err_set(err, JM_ENOMEM, "out of memory for task %s", task->name);
    }
    return JM_OK;
}

jm_status jmh_task_new(const char *object, const jm_task *task,
                       const struct jmh_task_events *events, const struct jmh_pool_options *options,
                       struct jmh_task **task_out, struct jmh_err *err)
{
    jm_status status = check(object, task, events, err);
    if (status != JM_OK) {
        return status;
    }
    struct jmh_task *copy = calloc(1, sizeof *copy);
    if (copy == NULL) {
        return jmh_err_set(err, JM_ENOMEM, "out of memory for task %s", task->name);
    }
    copy->priority = task->priority;
    copy->wall_ms = task->wall_ms > 0 ? task->wall_ms : options->wall_ms;
    copy->cpu_ms = task->cpu_ms > 0 ? task->cpu_ms : options->cpu_ms;
    copy->memory_mib = task->memory_mib > 0 ? task->memory_mib : options->memory_mib;
    copy->events = *events;
    status = copy_texts(copy, object, task, err);
    if (status == JM_OK) {
        status = duplicate(copy, task, err);
    }
    if (status != JM_OK) {
        jmh_task_free(copy);
        return status;
    }
    *task_out = copy;
    return JM_OK;
}

void jmh_task_rewind(const struct jmh_task *task)
{
    for (uint32_t i = 0; i < task->fd_count; i++) {
        if (task->offsets[i] >= 0) {
            (void)lseek(task->fds[i], task->offsets[i], SEEK_SET);
        }
    }
}

void jmh_task_free(struct jmh_task *task)
{
    if (task == NULL) {
        return;
    }
    for (uint32_t i = 0; i < task->fd_count; i++) {
        (void)close(task->fds[i]);
    }
    free(task->object);
    free(task->name);
    free(task->label);
    free(task->request);
    free(task);
}
