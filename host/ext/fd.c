/* junmai.fd/1: each watch is a lease; its id is the lease's. [loop] */
#include "host/ext/ext.h"
#include "host/ext/release.h"
#include "host/ext/states.h"
#include "host/host.h"
#include "host/plugin/lease.h"

#include <junmai/ext/fd.h>
#include <stdio.h>
#include <stdlib.h>

struct watch {
    struct jmh_lease *lease;
    struct jmh_watch *poll;
    jm_fd_fn fn;
    void *user;
};

static void drop(struct watch *watch)
{
    jmh_lease_drop(watch->lease);
    free(watch);
}

/* The callback may end its own watch: nothing of the watch is touched after it. */
static void on_ready(void *user, uint32_t events, jm_status failure)
{
    struct watch *watch = user;
    struct watch copy = *watch;
    struct jmh_plugin *plugin = watch->lease->owner;
    jm_id id = watch->lease->id;
    char label[64];
    snprintf(label, sizeof label, "%s", watch->lease->label);
    jmh_plugin_enter(plugin, "a watch");
    jm_status status = jmh_plugin_leave(plugin, copy.fn(copy.user, id, events, failure));
    jmh_ext_complain(plugin, "watch", label, status);
}

static jm_status begin(struct jmh_plugin *plugin, const char *label, int fd, uint32_t events,
                       const struct watch *plan, jm_id *watch_out)
{
    struct watch *watch = malloc(sizeof *watch);
    if (watch == NULL)
        return JM_ENOMEM;
    *watch = *plan;
    watch->lease = jmh_lease_take(plugin, JMH_LEASE_WATCH, label, watch);
    if (watch->lease == NULL) {
        drop(watch);
        return JM_ENOMEM;
    }
    watch->poll = jmh_watch_start(plugin->host->loop, fd, events, on_ready, watch);
    if (watch->poll == NULL) {
        drop(watch);
        return JM_EINVAL;
    }
    *watch_out = watch->lease->id;
    return JM_OK;
}

static jm_status watch(const jm_host *host, const char *label, int fd, uint32_t events, jm_fd_fn fn,
                       void *user, jm_id *watch_out)
{
    struct jmh_err err;
    jm_status status = jmh_ext_check(host, "fd.watch()", JMH_WHEN_ACTIVE);
    if (status < 0)
        return status;
    struct watch plan = {.fn = fn, .user = user};
    bool known = events != 0 && (events & ~(JM_FD_READABLE | JM_FD_WRITABLE)) == 0;
    if (label == NULL || label[0] == '\0' || fn == NULL || watch_out == NULL || fd < 0 || !known)
        status =
            jmh_err_set(&err, JM_EINVAL,
                        "fd.watch() needs a label, a descriptor, JM_FD_*, a function and an id");
    else if ((status = begin(jmh_plugin_of(host), label, fd, events, &plan, watch_out)) < 0)
        jmh_err_set(&err, status, "descriptor %d ('%.64s') %s", fd, label,
                    status == JM_ENOMEM ? "is not watched: out of memory" : "cannot be polled");
    return status < 0 ? jmh_ext_fail(host, &err) : status;
}

static jm_status unwatch(const jm_host *host, jm_id id)
{
    jm_status status = jmh_ext_check(host, "fd.unwatch()", JMH_WHENEVER);
    if (status < 0)
        return status;
    struct jmh_lease *lease = jmh_lease_get(jmh_plugin_of(host), JMH_LEASE_WATCH, id);
    if (lease == NULL)
        return JM_EGONE;
    jmh_fd_release(lease);
    return JM_OK;
}

void jmh_fd_release(struct jmh_lease *lease)
{
    struct watch *watch = lease->object;
    jmh_watch_stop(watch->poll);
    drop(watch);
}

const jm_host_fd jmh_ext_fd = {sizeof(jm_host_fd), watch, unwatch};
