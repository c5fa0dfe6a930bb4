/* Half-installed plugins: an object without its manifest is never loaded, and a manifest without its
 * object cannot be; whoever copied only one of them should hear of it. [loop] */
#include "host/plugin/strays.h"

#include "host/util/trace.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int is_object(const struct dirent *entry)
{
    size_t len = strlen(entry->d_name);
    return len > 3 && entry->d_name[0] != '.' && strcmp(entry->d_name + len - 3, ".so") == 0;
}

static bool is_named(const char *file, struct jmh_plugin *const *plugins, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct jmh_manifest *manifest = &plugins[i]->manifest;
        if (strcmp(manifest->object, file) == 0 ||
            (manifest->task_object != NULL && strcmp(manifest->task_object, file) == 0))
            return true;
    }
    return false;
}

static void tell_objects(const char *folder, struct jmh_plugin *const *plugins, size_t count)
{
    struct dirent **entries = NULL;
    int found = scandir(folder, &entries, is_object, alphasort);
    for (int i = 0; i < found; i++) {
        const char *file = entries[i]->d_name;
        if (!is_named(file, plugins, count))
            jmh_trace(
                JM_LOG_WARNING, "registry",
                "%s/%s is not loaded, because no manifest names it: install the .json file of "
                "its plugin beside it, or remove it",
                folder, file);
        free(entries[i]);
    }
    free(entries);
}

static void tell_missing(const char *folder, const struct jmh_plugin *plugin, const char *path)
{
    if (path != NULL && access(path, F_OK) != 0)
        jmh_trace(JM_LOG_WARNING, "registry",
                  "%s/%s.json names %s, which is not there: install that file too, or remove the "
                  "manifest",
                  folder, plugin->name, path);
}

void jmh_strays_tell(const char *folder, struct jmh_plugin *const *plugins, size_t count)
{
    tell_objects(folder, plugins, count);
    for (size_t i = 0; i < count; i++) {
        if (plugins[i]->state == JMH_PLUGIN_DISABLED)
            tell_missing(folder, plugins[i], plugins[i]->object_path);
        tell_missing(folder, plugins[i], plugins[i]->task_path);
    }
}
