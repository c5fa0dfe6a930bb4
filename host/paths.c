/* The host's own files. [loop] */
#include "host/paths.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_folder(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

/* The folder of the running program, without a slash at its end. */
static bool program_folder(char *out, size_t cap)
{
    ssize_t len = readlink("/proc/self/exe", out, cap - 1);
    if (len <= 0) {
        return false;
    }
    out[len] = '\0';
    char *slash = strrchr(out, '/');
    if (slash == NULL) {
        return false;
    }
    *slash = '\0';
    return true;
}

jm_status jmh_paths_find(struct jmh_host *host, const char *plugin_dir, struct jmh_err *err)
{
    static const char *const places[] = {"../plugins", "../lib/junmai/plugins"};
    char folder[PATH_MAX];
    char path[PATH_MAX + 32];
    if (!program_folder(folder, sizeof folder)) {
        return jmh_err_set(err, JM_EIO, "cannot read /proc/self/exe to find the plugins");
    }
    (void)snprintf(path, sizeof path, "%s/junmai-worker", folder);
    host->worker_program = strdup(path);
    if (plugin_dir != NULL) {
        host->plugin_dir = realpath(plugin_dir, NULL);
        if (host->plugin_dir == NULL || !is_folder(host->plugin_dir)) {
            return jmh_err_set(err, JM_ENOENT, "the plugin folder '%s' (--plugin-dir) is not there",
                               plugin_dir);
        }
    }
    for (size_t i = 0; i < sizeof places / sizeof places[0] && host->plugin_dir == NULL; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, places[i]);
        if (is_folder(path)) {
            host->plugin_dir = realpath(path, NULL);
        }
    }
    if (host->plugin_dir == NULL) {
        return jmh_err_set(err, JM_ENOENT,
                           "no plugin folder: neither ../plugins nor "
                           "../lib/junmai/plugins beside %s; name one with --plugin-dir",
                           folder);
    }
    return host->worker_program != NULL ? JM_OK : jmh_err_set(err, JM_ENOMEM, "no memory");
}
