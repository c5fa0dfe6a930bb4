/* junmai.store/1: the plugin's tables. [loop] */
#include "host/ext/ext.h"
#include "host/ext/states.h"
#include "host/host.h"

#include <junmai/ext/store.h>

#include <stdlib.h>

static jm_status check_migrations(const struct jmh_plugin *plugin, const jm_migration *migrations,
                                  size_t count, struct jmh_err *err)
{
    if (plugin->migrations != NULL)
        return jmh_err_set(err, JM_ESTATE, "store.migrate() was called a second time");
    if (migrations == NULL || count == 0)
        return jmh_err_set(err, JM_EINVAL, "store.migrate() was called without migrations");
    for (size_t i = 0; i < count; i++)
        if (migrations[i].version != (int32_t)i + 1 || migrations[i].sql == NULL)
            return jmh_err_set(err, JM_EINVAL,
                               "the migration in place %zu must have the version %zu, and SQL",
                               i + 1, i + 1);
    return JM_OK;
}

static jm_status migrate(const jm_host *host, const jm_migration *migrations, size_t count)
{
    struct jmh_plugin *plugin = jmh_plugin_of(host);
    struct jmh_err err;
    jm_status status = jmh_ext_check(host, "store.migrate()", JMH_IN_INIT);
    if (status < 0)
        return status;
    if (check_migrations(plugin, migrations, count, &err) < 0)
        return jmh_ext_fail(host, &err);
    plugin->migrations = migrations;
    plugin->migration_count = count;
    return JM_OK;
}

static jm_status exec(const jm_host *host, const char *sql, const jm_value *args, size_t arg_count,
                      jm_row_fn row, void *user, jm_exec_result *result_out)
{
    struct jmh_plugin *plugin = jmh_plugin_of(host);
    struct jmh_err err = {0};
    jm_status status =
        jmh_ext_check(host, "store.exec()", JMH_WHEN_RUNNING | 1u << JMH_PLUGIN_INITED);
    if (status < 0)
        return status;
    if (sql == NULL || (arg_count > 0 && args == NULL))
        status = jmh_err_set(&err, JM_EINVAL, "store.exec() needs a statement");
    else
        status = jmh_store_exec(plugin->host->store, plugin->name, sql, args, arg_count, row, user,
                                result_out, &err);
    /* What the row function returned has its own sentence, or none. */
    if (status < 0 && err.text[0] != '\0')
        return jmh_ext_fail(host, &err);
    return status;
}

/* Who wants to know how a turn ends. */
struct commit_waiter {
    struct jmh_plugin *plugin;
    jm_commit_fn fn;
    void *user;
};

static void tell(void *user, jm_status committed)
{
    struct commit_waiter *waiter = user;
    struct jmh_plugin *plugin = waiter->plugin;
    if (plugin->instance != NULL) { /* it may have ended, or been refused, since it asked */
        jmh_plugin_enter(plugin, "after_commit()");
        (void)jmh_plugin_leave(plugin, waiter->fn(waiter->user, committed));
    }
    free(waiter);
}

static jm_status after_commit(const jm_host *host, jm_commit_fn fn, void *user)
{
    struct jmh_plugin *plugin = jmh_plugin_of(host);
    struct jmh_err err = {0};
    jm_status status = jmh_ext_check(host, "store.after_commit()", JMH_WHEN_RUNNING);
    if (status < 0)
        return status;
    if (fn == NULL) {
        status = jmh_err_set(&err, JM_EINVAL, "store.after_commit() needs a function");
        return jmh_ext_fail(host, &err);
    }
    struct commit_waiter *waiter = malloc(sizeof *waiter);
    if (waiter != NULL) {
        *waiter = (struct commit_waiter){plugin, fn, user};
        if (jmh_turn_after(plugin->host->turn, tell, waiter))
            return JM_OK;
        free(waiter);
    }
    status = jmh_err_set(&err, JM_ENOMEM, "There is no memory to tell how the turn ends");
    return jmh_ext_fail(host, &err);
}

const jm_host_store jmh_ext_store = {sizeof(jm_host_store), migrate, exec, after_commit};
