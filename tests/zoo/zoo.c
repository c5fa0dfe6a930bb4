/* A host with plugins of the tests: see zoo.h. */
#include "zoo.h"

#include "run.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Links to all that the build has put into a folder. */
static void link_folder(const char *plugins, const char *name)
{
    char *folder = studio_path(ZOO_PLUGINS, name);
    DIR *entries = opendir(folder);
    struct dirent *entry;
    if (!entries)
        fail_msg("cannot read %s: %s", folder, strerror(errno));
    while ((entry = readdir(entries))) {
        if (entry->d_name[0] == '.')
            continue;
        char *from = studio_path(folder, entry->d_name);
        char *to = studio_path(plugins, entry->d_name);
        if (symlink(from, to) < 0)
            fail_msg("cannot link %s: %s", to, strerror(errno));
        free(from);
        free(to);
    }
    closedir(entries);
    free(folder);
}

static void link_folders(const char *plugins, const char *folders)
{
    char *names = strdup(folders);
    char *rest = names;
    char *name;
    while ((name = strsep(&rest, " ")))
        link_folder(plugins, name);
    free(names);
}

static void write_config(const struct studio *studio, json_t *config_take)
{
    json_t *config = config_take ? config_take : json_object();
    studio_write_config(studio->config, config);
    json_decref(config);
}

static void make(struct zoo *zoo_out, const char *folders, json_t *config_take)
{
    struct studio *studio = &zoo_out->studio;
    *studio = (struct studio){.host = {.process = {.pid_fd = -1, .stdout_fd = -1}}};
    studio->folder = studio_folder_new();
    studio->config = studio_path(studio->folder, "junmai.json");
    zoo_out->plugins = studio_path(studio->folder, "plugins");
    assert_int_equal(mkdir(zoo_out->plugins, 0755), 0);
    link_folders(zoo_out->plugins, folders);
    write_config(studio, config_take);
}

void zoo_open(struct zoo *zoo_out, const char *folders, json_t *config_take)
{
    struct studio *studio = &zoo_out->studio;
    make(zoo_out, folders, config_take);
    const char *const argv[] = {"--config",       studio->config, "--plugin-dir",
                                zoo_out->plugins, "--log-level",  "debug"};
    memcpy(studio->argv, argv, sizeof argv);
    must(jmt_host_start(&studio->host, studio->argv));
}

void zoo_close(struct zoo *zoo)
{
    free(zoo->plugins);
    studio_close(&zoo->studio);
}

void zoo_drop(struct zoo *zoo)
{
    free(zoo->plugins);
    studio_drop(&zoo->studio);
}

void zoo_restart(struct zoo *zoo, json_t *config_take)
{
    must(jmt_host_stop(&zoo->studio.host));
    write_config(&zoo->studio, config_take);
    must(jmt_host_restart(&zoo->studio.host));
}

void zoo_refused(const char *folders, json_t *config_take, const char *const *words)
{
    struct zoo zoo;
    struct run run;
    make(&zoo, folders, config_take);
    char *data = studio_path(zoo.studio.folder, "data");
    run_host(&run, (const char *const[]){"--config", zoo.studio.config, "--plugin-dir", zoo.plugins,
                                         "--data", data, "--port", "0", NULL});
    assert_int_not_equal(run.status, 0);
    assert_string_equal(run.out, "");
    for (; *words; words++)
        if (!strstr(run.err, *words))
            fail_msg("the start with %s does not say \"%s\" but \"%s\"", folders, *words, run.err);
    run_fini(&run);
    free(data);
    zoo_drop(&zoo);
}

json_t *zoo_plugin(const struct zoo *zoo, const char *name)
{
    json_t *answer = ask(&zoo->studio, 200, "GET", "/plugins", NULL);
    json_t *found = NULL;
    json_t *plugin;
    size_t i;
    json_array_foreach(list_of(answer, "plugins"), i, plugin)
    {
        if (strcmp(text_of(plugin, "name"), name) == 0)
            found = json_incref(plugin);
    }
    json_decref(answer);
    if (!found)
        fail_msg("/plugins knows no '%s'", name);
    return found;
}

void zoo_expect(const struct zoo *zoo, const char *name, const char *state, const char *reason)
{
    json_t *plugin = zoo_plugin(zoo, name);
    expect_text(plugin, "state", state);
    if (!reason)
        assert_null(json_object_get(plugin, "reason"));
    else if (!strstr(text_of(plugin, "reason"), reason))
        fail_msg("the reason of '%s' does not say \"%s\" but \"%s\"", name, reason,
                 text_of(plugin, "reason"));
    json_decref(plugin);
}

char *zoo_text(const struct zoo *zoo, const char *path)
{
    struct jmt_response response;
    ask_raw(&zoo->studio, &(struct jmt_request){.path = path}, &response);
    assert_int_equal(response.status, 200);
    char *text = response.body;
    response.body = NULL;
    jmt_response_fini(&response);
    return text;
}

double zoo_metric(const struct zoo *zoo, const char *name)
{
    double value = -1;
    size_t len = strlen(name);
    char *text = zoo_text(zoo, "/metrics");
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, name, len) == 0 && line[len] == ' ')
            value = strtod(line + len, NULL);
    }
    free(text);
    return value;
}

bool zoo_log_has(const struct zoo *zoo, const char *words)
{
    struct jmt_buffer log = {0};
    FILE *file = fopen(zoo->studio.host.log_path, "re");
    size_t got = 1;
    assert_non_null(file);
    while (got > 0) {
        got = fread(jmt_buffer_reserve(&log, 65536), 1, 65536, file);
        log.used += got;
    }
    fclose(file);
    bool found = log.used > 0 && memmem(log.bytes, log.used, words, strlen(words));
    jmt_buffer_fini(&log);
    return found;
}

void zoo_tame_workers(void)
{
    static const char tame[] = "handle_segv=0:handle_abort=0:allocator_may_return_null=1";
    const char *before = getenv("ASAN_OPTIONS");
    char options[512];
    snprintf(options, sizeof options, "%s%s%s", before ? before : "", before ? ":" : "", tame);
    assert_int_equal(setenv("ASAN_OPTIONS", options, 1), 0);
}

bool zoo_has_asan(void)
{
#ifdef __SANITIZE_ADDRESS__
    return true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
    return true;
#else
    return false;
#endif
#else
    return false;
#endif
}

json_t *zoo_option(const char *plugin, const char *key, json_t *value_take)
{
    return json_pack("{s:{s:{s:o}}}", "plugins", plugin, key, value_take);
}

char *zoo_write_file(const struct zoo *zoo, const char *name, const char *bytes, size_t count)
{
    char *folder = studio_path(zoo->studio.host.data_dir, "everything");
    char *path = studio_path(folder, name);
    if (mkdir(folder, 0700) < 0)
        assert_int_equal(errno, EEXIST);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, count, file), count);
    assert_int_equal(fclose(file), 0);
    free(folder);
    return path;
}
