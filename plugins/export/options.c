/* Options: the table, and what is made of it. */
#include "options.h"

#include "core.h"

#include <stdlib.h>
#include <unistd.h>

static const jm_option table[] = {
    {.name = "roots",
     .type = JM_OPTION_LIST,
     .default_json = "[]",
     .help = "Absolute folders that destinations and watermark images may lie in; empty: the home "
             "folder of the user that runs the host. exports/ in the data directory always may."},
    {.name = "preset_folder",
     .type = JM_OPTION_TEXT,
     .default_json = "\"\"",
     .help = "Absolute folder that preset files are written to and read from; empty: presets/ in "
             "the data directory."},
    {.name = "jobs",
     .type = JM_OPTION_INT,
     .default_json = "16",
     .min = 1,
     .max = 256,
     .help = "Export jobs that are begun at the same time; those of one photograph among them are "
             "rendered in one go. The others can be leased by clients."},
    {.name = "renders",
     .type = JM_OPTION_INT,
     .default_json = "0",
     .min = 0,
     .max = 64,
     .help = "Photographs that are rendered at the same time; 0: one more than there are "
             "processors."},
    {.name = "memory_mib",
     .type = JM_OPTION_INT,
     .default_json = "2048",
     .min = 256,
     .max = 65536,
     .help = "Memory that one photograph may take in a worker, in MiB, beside its file."},
    {.name = "wall_ms",
     .type = JM_OPTION_INT,
     .default_json = "300000",
     .min = 100,
     .max = 3600000,
     .help = "Longest time that one photograph may take, in milliseconds."},
};

static int64_t read_int(const struct export_core *core, const char *name)
{
    int64_t value = 0;
    (void)core->api.config->get_int(core->api.host, name, &value);
    return value;
}

static char *below_data(const struct export_core *core, const char *name)
{
    jm_span data = core->api.config->data_dir(core->api.host);
    size_t size = data.len + strlen(name) + 2;
    char *path = malloc(size);
    if (path != NULL)
        snprintf(path, size, "%.*s/%s", JM_SPAN_ARGS(data), name);
    return path;
}

static jm_status read_roots(struct export_core *core)
{
    struct export_roots *roots = &core->options.roots;
    jm_span folder;
    size_t given = 0;
    while (core->api.config->get_item(core->api.host, "roots", given, &folder) == JM_OK)
        given++;
    roots->folders = calloc(given + 2, sizeof *roots->folders);
    if (roots->folders == NULL)
        return export_fail(core, JM_ENOMEM, "out of memory");
    for (; roots->count < given; roots->count++) {
        core->api.config->get_item(core->api.host, "roots", roots->count, &folder);
        if (folder.len == 0 || folder.ptr[0] != '/')
            return export_fail(core, JM_EINVAL, "option roots: \"%.*s\" is not an absolute folder",
                               JM_SPAN_ARGS(folder));
        roots->folders[roots->count] = folder.ptr;
    }
    const char *home = getenv("HOME");
    if (given == 0 && home != NULL && home[0] == '/')
        roots->folders[roots->count++] = home;
    roots->folders[roots->count++] = core->options.exports;
    roots->closed = core->api.config->data_dir(core->api.host).ptr;
    roots->open = core->options.exports;
    return JM_OK;
}

static jm_status read_preset_folder(struct export_core *core)
{
    jm_span folder = {0};
    (void)core->api.config->get_text(core->api.host, "preset_folder", &folder);
    if (folder.len > 0 && folder.ptr[0] != '/')
        return export_fail(core, JM_EINVAL,
                           "option preset_folder: \"%.*s\" is not an absolute folder",
                           JM_SPAN_ARGS(folder));
    core->options.preset_files = folder.len > 0 ? jm_span_dup(folder) : below_data(core, "presets");
    return core->options.preset_files != NULL ? JM_OK
                                              : export_fail(core, JM_ENOMEM, "out of memory");
}

jm_status export_options_read(struct export_core *core)
{
    struct export_options *options = &core->options;
    jm_status status = core->api.config->declare(core->api.host, table, JM_COUNT(table));
    if (status < 0)
        return status;
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    int64_t renders = read_int(core, "renders");
    options->jobs = (int32_t)read_int(core, "jobs");
    options->renders = (int32_t)(renders > 0 ? renders : (processors > 0 ? processors : 1) + 1);
    options->memory_mib = (uint32_t)read_int(core, "memory_mib");
    options->wall_ms = (uint32_t)read_int(core, "wall_ms");
    options->exports = below_data(core, "exports");
    if (options->exports == NULL)
        return export_fail(core, JM_ENOMEM, "out of memory");
    status = read_roots(core);
    return status < 0 ? status : read_preset_folder(core);
}

void export_options_fini(struct export_options *options)
{
    free(options->roots.folders);
    free(options->exports);
    free(options->preset_files);
}
