/* Options: the table, and what is made of it. */
#include "options.h"

#include "core.h"

#include <stdlib.h>

#define DEFAULT_ROOTS_MAX 4

static const jm_option table[] = {
    {.name = "roots",
     .type = JM_OPTION_LIST,
     .default_json = "[]",
     .help = "Absolute folders that may be imported from; empty: the home folder of the user that "
             "runs the host, /media, /run/media and /mnt."},
    {.name = "library",
     .type = JM_OPTION_TEXT,
     .default_json = "\"\"",
     .help = "Absolute folder that photographs are copied to; empty: library/ in the data "
             "directory."},
    {.name = "max_parallel",
     .type = JM_OPTION_INT,
     .default_json = "4",
     .min = 1,
     .max = 32,
     .help = "Files of one batch that are imported at the same time."},
    {.name = "max_file_mib",
     .type = JM_OPTION_INT,
     .default_json = "2048",
     .min = 1,
     .max = 1048576,
     .help = "Largest file that is imported, in MiB."},
    {.name = "metadata_wall_ms",
     .type = JM_OPTION_INT,
     .default_json = "20000",
     .min = 100,
     .max = 600000,
     .help = "Longest time that reading the tags of one file may take, in milliseconds."},
};

static const char *const media_roots[] = {"/media", "/run/media", "/mnt"};

static jm_status read_roots(struct import_core *core)
{
    struct import_roots *roots = &core->options.roots;
    jm_span folder;
    size_t given = 0;
    while (core->config->get_item(core->host, "roots", given, &folder) == JM_OK) {
        given++;
    }
    roots->folders = calloc(given + DEFAULT_ROOTS_MAX, sizeof *roots->folders);
    if (roots->folders == NULL) {
        return JM_ENOMEM;
    }
    for (; roots->count < given; roots->count++) {
        core->config->get_item(core->host, "roots", roots->count, &folder);
        if (folder.len == 0 || folder.ptr[0] != '/') {
            return import_fail(core, JM_EINVAL, "option roots: \"%.*s\" is not an absolute folder",
                               JM_SPAN_ARGS(folder));
        }
        roots->folders[roots->count] = folder.ptr;
    }
    const char *home = getenv("HOME");
    if (given == 0 && home != NULL && home[0] == '/') {
        roots->folders[roots->count++] = home;
    }
    for (size_t i = 0; given == 0 && i < JM_COUNT(media_roots); i++) {
        roots->folders[roots->count++] = media_roots[i];
    }
    return JM_OK;
}

static jm_status read_library(struct import_core *core)
{
    struct import_options *options = &core->options;
    jm_span data = core->config->data_dir(core->host);
    jm_span library;
    jm_status status = core->config->get_text(core->host, "library", &library);
    if (status < 0) {
        return status;
    }
    if (library.len > 0 && library.ptr[0] != '/') {
        return import_fail(core, JM_EINVAL, "option library: \"%.*s\" is not an absolute folder",
                           JM_SPAN_ARGS(library));
    }
    options->library = library.ptr;
    if (library.len == 0) {
        size_t size = data.len + sizeof "/library";
        options->owned_library = malloc(size);
        if (options->owned_library == NULL) {
            return JM_ENOMEM;
        }
        snprintf(options->owned_library, size, "%.*s/library", JM_SPAN_ARGS(data));
        options->library = options->owned_library;
    }
    options->roots.excluded[0] = options->library;
    options->roots.excluded[1] = data.ptr;
    return JM_OK;
}

static jm_status read_int(struct import_core *core, const char *name, uint32_t *value_out)
{
    int64_t value = 0;
    jm_status status = core->config->get_int(core->host, name, &value);
    *value_out = (uint32_t)value;
    return status;
}

jm_status options_read(struct import_core *core)
{
    struct import_options *options = &core->options;
    uint32_t max_file_mib = 0;
    jm_status status = core->config->declare(core->host, table, JM_COUNT(table));
    if (status == JM_OK) {
        status = read_roots(core);
    }
    if (status == JM_OK) {
        status = read_library(core);
    }
    if (status == JM_OK) {
        status = read_int(core, "max_parallel", &options->max_parallel);
    }
    if (status == JM_OK) {
        status = read_int(core, "max_file_mib", &max_file_mib);
    }
    if (status == JM_OK) {
        status = read_int(core, "metadata_wall_ms", &options->metadata_wall_ms);
    }
    options->max_file_bytes = (uint64_t)max_file_mib << 20;
    return status;
}

void options_fini(struct import_options *options)
{
    free(options->roots.folders);
    free(options->owned_library);
    *options = (struct import_options){0};
}
