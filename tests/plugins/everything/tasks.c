/* Tasks: started with the limits of the query, their progress published, their end answered. [loop] */
#include "everything.h"

#include <unistd.h>

static jm_status on_progress(void *user, jm_id task, double percent, jm_span detail_json)
{
    (void)user;
    char fields[512];
    jm_span detail = detail_json.len > 0 ? detail_json : JM_SPAN("null");
    int len = snprintf(fields, sizeof fields, "{\"task\":%llu,\"percent\":%.1f,\"detail\":%.*s}",
                       (unsigned long long)task, percent, JM_SPAN_ARGS(detail));
    return everything.event->publish(everything.host, JM_SPAN("everything_progressed"),
                                     (jm_span){NULL, 0}, (jm_span){fields, (size_t)len});
}

/* A result is answered as it is; a failure with its status in a header. */
static jm_status on_done(void *user, jm_id task, jm_status status, jm_span text)
{
    (void)task;
    const jm_host *host = everything.host;
    jm_id *request = user;
    char number[16];
    int len = snprintf(number, sizeof number, "%d", (int)status);
    (void)everything.http->set_header(host, *request, "X-Status", (jm_span){number, (size_t)len});
    if (status >= 0)
        status = everything.http->respond(host, *request, 200, text);
    else
        status = everything.http->respond_error(host, *request, 500, text);
    free(request);
    return status == JM_EGONE ? JM_OK : status;
}

static jm_status start(const jm_request *request, const char *name, int fd, jm_id *waiting)
{
    jm_id id;
    jm_task task = {.size = sizeof task,
                    .priority = JM_TASK_URGENT,
                    .name = name,
                    .label = name,
                    .request = request->body,
                    .fds = &fd,
                    .fd_count = fd >= 0,
                    .wall_ms = (uint32_t)everything_number(request->id, "wall_ms", 0),
                    .cpu_ms = (uint32_t)everything_number(request->id, "cpu_ms", 0),
                    .memory_mib = (uint32_t)everything_number(request->id, "memory_mib", 0),
                    .progress = on_progress,
                    .done = on_done,
                    .user = waiting};
    return everything.task->run(everything.host, &task, &id);
}

jm_status everything_task(void *user, const jm_request *request)
{
    (void)user;
    jm_span span, file;
    jm_status status = everything.http->get_param(everything.host, request->id, "name", &span);
    if (status < 0)
        return status;
    int fd = -1;
    if (everything.http->get_query(everything.host, request->id, "file", &file) >= 0 &&
        (fd = everything_open(file)) < 0)
        return JM_ENOENT;
    char name[32];
    snprintf(name, sizeof name, "%.*s", JM_SPAN_ARGS(span));
    jm_id *waiting = malloc(sizeof *waiting);
    if (waiting != NULL)
        *waiting = request->id;
    status = waiting != NULL ? start(request, name, fd, waiting) : JM_ENOMEM;
    if (status < 0)
        free(waiting);
    if (fd >= 0)
        close(fd);
    return status;
}

jm_status everything_cancel_task(void *user, const jm_request *request)
{
    (void)user;
    jm_id task = (jm_id)everything_number(request->id, "task", 0);
    jm_status status = everything.task->cancel(everything.host, task);
    return everything_answer(request->id, 200, "{\"status\":%d}", (int)status);
}
