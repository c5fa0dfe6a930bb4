/* A whole host in the test's own process. */
#include "small_host.h"

#include "host/util/time.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEADLINE_MS 10000

struct watching {
    struct jmh_loop *loop;
    const bool *flag;
    uint64_t deadline_ms;
};

void small_host_prepare(struct small_host *small, const char *config)
{
    *small = (struct small_host){.folder = "/tmp/junmai-host-XXXXXX"};
    if (mkdtemp(small->folder) == NULL)
        abort();
    char path[96];
    snprintf(path, sizeof path, "%s/junmai.json", small->folder);
    FILE *out = fopen(path, "w");
    if (out == NULL || fputs(config != NULL ? config : "{}", out) < 0 || fclose(out) != 0)
        abort();
}

jm_status small_host_start(struct small_host *small, const char *scenario,
                           const char *const *enable)
{
    char config[96], data[96], plugins[512];
    snprintf(config, sizeof config, "%s/junmai.json", small->folder);
    snprintf(data, sizeof data, "%s/data", small->folder);
    snprintf(plugins, sizeof plugins, TEST_PLUGINS "/%s", scenario);
    const struct jmh_host_options options = {.config_file = config,
                                             .data_dir = data,
                                             .plugin_dir = plugins,
                                             .bind = "127.0.0.1",
                                             .port = 0,
                                             .enable = enable};
    small->host = (struct jmh_host){.data_dir = {.lock_fd = -1}};
    small->err = (struct jmh_err){0};
    return jmh_host_start(&small->host, &options, &small->err);
}

void small_host_stop(struct small_host *small)
{
    jmh_host_stop(&small->host);
}

static int remove_one(const char *path, const struct stat *facts, int type, struct FTW *where)
{
    (void)facts, (void)type, (void)where;
    return remove(path);
}

void small_host_remove(struct small_host *small)
{
    (void)nftw(small->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void look(void *user)
{
    struct watching *watching = user;
    if (*watching->flag || jmh_time_monotonic_ms() >= watching->deadline_ms)
        jmh_loop_stop(watching->loop);
}

bool small_host_run_until(struct small_host *small, const bool *flag)
{
    struct watching watching = {small->host.loop, flag, jmh_time_monotonic_ms() + DEADLINE_MS};
    struct jmh_timer *timer = jmh_timer_start(small->host.loop, 1, 1, look, &watching);
    jmh_loop_run(small->host.loop);
    jmh_timer_stop(timer);
    return *flag;
}

struct jmh_plugin *small_host_plugin(struct small_host *small, const char *name)
{
    for (size_t i = 0; i < jmh_registry_count(small->host.registry); i++) {
        struct jmh_plugin *plugin = jmh_registry_get(small->host.registry, i);
        if (strcmp(plugin->name, name) == 0)
            return plugin;
    }
    abort();
}
