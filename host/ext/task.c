/* junmai.task/1: a function of the plugin's task object in a worker process. The lease has the pool's
 * id; a report of the pool that finds no lease any more is for a plugin that has ended. [loop] */
#include "host/ext/ext.h"
#include "host/ext/release.h"
#include "host/ext/states.h"
#include "host/host.h"
#include "host/plugin/lease.h"
#include "host/util/json.h"
#include "host/util/span.h"

#include <junmai/ext/task.h>
#include <stdio.h>
#include <stdlib.h>

struct task {
    jm_task_progress_fn progress;
    jm_task_done_fn done;
    void *user;
};

static void complete(struct jmh_lease *lease, jm_status status, jm_span text)
{
    struct task *task = lease->object;
    struct task copy = *task;
    struct jmh_plugin *plugin = lease->owner;
    jm_id id = lease->id;
    char label[64];
    snprintf(label, sizeof label, "%s", lease->label);
    jmh_lease_drop(lease);
    free(task);
    jmh_plugin_enter(plugin, "a completion of a task");
    jm_status result = jmh_plugin_leave(plugin, copy.done(copy.user, id, status, text));
    jmh_ext_complain(plugin, "the completion of task", label, result);
}

static void on_progress(void *user, jm_id id, double percent, jm_span detail_json)
{
    struct jmh_plugin *plugin = user;
    struct jmh_lease *lease = jmh_lease_get(plugin, JMH_LEASE_TASK, id);
    if (lease == NULL)
        return;
    const struct task *task = lease->object;
    if (task->progress == NULL)
        return;
    jmh_plugin_enter(plugin, "a progress of a task");
    jm_status status =
        jmh_plugin_leave(plugin, task->progress(task->user, id, percent, detail_json));
    jmh_ext_complain(plugin, "the progress of a task", "progress", status);
}

static void on_done(void *user, jm_id id, jm_status status, jm_span text)
{
    struct jmh_lease *lease = jmh_lease_get(user, JMH_LEASE_TASK, id);
    if (lease != NULL)
        complete(lease, status, text);
}

static jm_status check(const struct jmh_plugin *plugin, const jm_task *task, struct jmh_err *err)
{
    struct jmh_json_value request;
    if (task == NULL || task->size < sizeof *task || task->name == NULL || task->done == NULL ||
        task->label == NULL || task->label[0] == '\0')
        return jmh_err_set(
            err, JM_EINVAL,
            "task.run() needs a jm_task of the right size with name, label and done");
    if (task->fd_count > JM_TASK_MAX_FDS || (task->fd_count > 0 && task->fds == NULL))
        return jmh_err_set(err, JM_EINVAL, "task '%.64s' has %u descriptors; at most %d go with it",
                           task->name, (unsigned)task->fd_count, JM_TASK_MAX_FDS);
    if (task->priority < JM_TASK_BACKGROUND || task->priority > JM_TASK_URGENT)
        return jmh_err_set(err, JM_EINVAL, "task '%.64s' has the priority %d; it is from %d to %d",
                           task->name, (int)task->priority, JM_TASK_BACKGROUND, JM_TASK_URGENT);
    if (!jmh_json_parse(task->request, &request) || request.kind != JMH_JSON_OBJECT)
        return jmh_err_set(err, JM_EINVAL, "the request of task '%.64s' is no JSON object",
                           task->name);
    if (plugin->task_path == NULL)
        return jmh_err_set(err, JM_ENOENT,
                           "plugin '%s' has no task object: its manifest names none", plugin->name);
    return JM_OK;
}

static jm_status begin(struct jmh_plugin *plugin, const jm_task *task, jm_id *task_out,
                       struct jmh_err *err)
{
    struct jmh_pool *pool = plugin->host->pool;
    struct jmh_task_events events = {on_progress, on_done, plugin};
    struct task *own = malloc(sizeof *own);
    if (own == NULL)
        return jmh_err_set(err, JM_ENOMEM, "out of memory for the task '%.64s'", task->name);
    *own = (struct task){task->progress, task->done, task->user};
    jm_id id;
    jm_status status = jmh_pool_run(pool, plugin->task_path, task, &events, &id, err);
    if (status < 0) {
        free(own);
        return status;
    }
    if (jmh_lease_take_id(plugin, JMH_LEASE_TASK, id, task->label, own) == NULL) {
        (void)jmh_pool_cancel(pool, id);
        free(own);
        return jmh_err_set(err, JM_ENOMEM, "out of memory for the task '%.64s'", task->name);
    }
    *task_out = id;
    return JM_OK;
}

static jm_status run(const jm_host *host, const jm_task *task, jm_id *task_out)
{
    struct jmh_plugin *plugin = jmh_plugin_of(host);
    struct jmh_err err;
    jm_status status = jmh_ext_check(host, "task.run()", JMH_WHEN_BUSY);
    if (status < 0)
        return status;
    status = check(plugin, task, &err);
    if (status >= 0)
        status = begin(plugin, task, task_out, &err);
    return status < 0 ? jmh_ext_fail(host, &err) : status;
}

static jm_status cancel(const jm_host *host, jm_id id)
{
    struct jmh_plugin *plugin = jmh_plugin_of(host);
    jm_status status = jmh_ext_check(host, "task.cancel()", JMH_WHENEVER);
    if (status < 0)
        return status;
    if (jmh_lease_get(plugin, JMH_LEASE_TASK, id) == NULL)
        return JM_EGONE;
    return jmh_pool_cancel(plugin->host->pool, id);
}

void jmh_task_release(struct jmh_lease *lease)
{
    (void)jmh_pool_cancel(lease->owner->host->pool, lease->id);
    complete(lease, JM_ECANCELLED, jmh_span("the plugin is being stopped"));
}

const jm_host_task jmh_ext_task = {sizeof(jm_host_task), run, cancel};
