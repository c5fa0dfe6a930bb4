/* The plugin folder. Manifests alone are read here: no code of a plugin runs. [loop] */
#include "host/plugin/scan.h"

#include "host/util/buf.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MANIFEST_MAX_BYTES 65536

/* A path in the folder; NULL when out of memory. */
static char *join(const char *folder, const char *file)
{
    size_t bytes = strlen(folder) + strlen(file) + 2;
    char *path = malloc(bytes);
    if (path != NULL)
        snprintf(path, bytes, "%s/%s", folder, file);
    return path;
}

static jm_status read_text(const char *path, struct jmh_buf *text, struct jmh_err *err)
{
    FILE *in = fopen(path, "re");
    if (in == NULL)
        return jmh_err_set(err, JM_EIO, "%s cannot be read: %s", path, strerror(errno));
    char *room = jmh_buf_reserve(text, MANIFEST_MAX_BYTES + 1);
    text->len = room != NULL ? fread(room, 1, MANIFEST_MAX_BYTES + 1, in) : 0;
    bool failed = ferror(in) != 0;
    fclose(in);
    if (room == NULL || failed)
        return jmh_err_set(err, JM_EIO, "%s cannot be read", path);
    if (text->len > MANIFEST_MAX_BYTES)
        return jmh_err_set(err, JM_EINVAL, "%s is larger than %d bytes: that is no manifest", path,
                           MANIFEST_MAX_BYTES);
    return JM_OK;
}

/* Take over a manifest that was read; its name is that of its file. */
static jm_status adopt(struct jmh_plugin *plugin, const char *folder, const char *file,
                       struct jmh_err *err)
{
    const char *name = plugin->manifest.name;
    if (strlen(file) != strlen(name) + 5 || strncmp(file, name, strlen(name)) != 0)
        return jmh_err_set(err, JM_EINVAL,
                           "%s/%s: name: is '%s', so the file must be called %s.json", folder, file,
                           name, name);
    const char *task_object = plugin->manifest.task_object;
    plugin->name = strdup(name);
    plugin->object_path = join(folder, plugin->manifest.object);
    plugin->task_path = task_object != NULL ? join(folder, task_object) : NULL;
    if (plugin->name == NULL || plugin->object_path == NULL ||
        (task_object != NULL && plugin->task_path == NULL))
        return jmh_err_set(err, JM_ENOMEM, "out of memory for plugin '%s'", name);
    return JM_OK;
}

static struct jmh_plugin *read_plugin(struct jmh_host *host, const char *folder, const char *file,
                                      struct jmh_err *err)
{
    struct jmh_plugin *plugin = calloc(1, sizeof *plugin);
    char *path = join(folder, file);
    struct jmh_buf text = {0};
    jm_status status = JM_OK;
    if (plugin == NULL || path == NULL)
        status = jmh_err_set(err, JM_ENOMEM, "out of memory for %s/%s", folder, file);
    if (status >= 0)
        status = read_text(path, &text, err);
    if (status >= 0)
        status = jmh_manifest_parse(&plugin->manifest, jmh_buf_span(&text), path, err);
    if (status >= 0) {
        plugin->host = host;
        plugin->state = JMH_PLUGIN_FOUND;
        status = adopt(plugin, folder, file, err);
    }
    jmh_buf_fini(&text);
    free(path);
    if (status >= 0)
        return plugin;
    jmh_plugin_free(plugin);
    return NULL;
}

void jmh_plugin_free(struct jmh_plugin *plugin)
{
    if (plugin == NULL)
        return;
    jmh_manifest_fini(&plugin->manifest);
    free(plugin->name);
    free(plugin->object_path);
    free(plugin->task_path);
    free(plugin);
}

static int is_manifest(const struct dirent *entry)
{
    size_t len = strlen(entry->d_name);
    return len > 5 && entry->d_name[0] != '.' && strcmp(entry->d_name + len - 5, ".json") == 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

jm_status jmh_scan(struct jmh_host *host, const char *folder, struct jmh_plugin ***plugins_out,
                   size_t *count_out, struct jmh_err *err)
{
    struct dirent **entries = NULL;
    int found = scandir(folder, &entries, is_manifest, by_name);
    if (found < 0)
        return jmh_err_set(err, errno == ENOENT ? JM_ENOENT : JM_EIO,
                           "the plugin folder %s cannot be read: %s", folder, strerror(errno));
    struct jmh_plugin **plugins = calloc((size_t)found + 1, sizeof(void *));
    size_t count = 0;
    bool failed = plugins == NULL;
    if (failed)
        jmh_err_set(err, JM_ENOMEM, "out of memory for the plugins of %s", folder);
    for (int i = 0; i < found; i++) {
        struct jmh_plugin *plugin =
            failed ? NULL : read_plugin(host, folder, entries[i]->d_name, err);
        failed = plugin == NULL;
        if (!failed)
            plugins[count++] = plugin;
        free(entries[i]);
    }
    free(entries);
    *plugins_out = plugins;
    *count_out = count;
    return failed ? err->code : JM_OK;
}
