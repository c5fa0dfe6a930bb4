/* Options: the table, and what is made of it. */
#include "options.h"

#include "core.h"
#include "stamp.h"
#include "template.h"

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
    {.name = "backup",
     .type = JM_OPTION_TEXT,
     .default_json = "\"\"",
     .help =
         "Absolute folder, which must exist, that each file is copied to once more; empty: none."},
    {.name = "verify",
     .type = JM_OPTION_BOOL,
     .default_json = "true",
     .help = "Read each copy back from the disk and compare it; moved files always are."},
    {.name = "mode",
     .type = JM_OPTION_TEXT,
     .default_json = "\"copy\"",
     .choices = "copy|move|reference",
     .help = "What happens to a file where the request does not say it."},
    {.name = "pair_raw_jpeg",
     .type = JM_OPTION_BOOL,
     .default_json = "true",
     .help = "A raw file and the JPEG of the same camera, second and name are one photograph."},
    {.name = "folder_template",
     .type = JM_OPTION_TEXT,
     .default_json = "\"{year}/{date}\"",
     .help = "Folder below the library, with {variables}; see the plugin's README."},
    {.name = "name_template",
     .type = JM_OPTION_TEXT,
     .default_json = "\"{original}\"",
     .help = "Name of a photograph without its extension, with {variables}."},
    {.name = "text",
     .type = JM_OPTION_TEXT,
     .default_json = "\"\"",
     .help = "What the variable {text} stands for."},
    {.name = "template_creator",
     .type = JM_OPTION_TEXT,
     .default_json = "\"\"",
     .help =
         "Written into each copy as its creator; {session} and {year} are filled in. Empty: what "
         "the camera wrote stays."},
    {.name = "template_copyright",
     .type = JM_OPTION_TEXT,
     .default_json = "\"\"",
     .help = "Written into each copy as its copyright notice."},
    {.name = "template_contact",
     .type = JM_OPTION_TEXT,
     .default_json = "\"\"",
     .help = "Written into each copy as the creator's mail, web or other address."},
    {.name = "template_keywords",
     .type = JM_OPTION_LIST,
     .default_json = "[]",
     .help = "Keywords that each copy gets in addition to those that it has."},
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
    {.name = "reports_keep_days",
     .type = JM_OPTION_INT,
     .default_json = "365",
     .min = 0,
     .max = 36500,
     .help =
         "How many days reports of imports are kept, 0 for ever; the verdict on each photograph "
         "stays."},
    {.name = "hot_settle_ms",
     .type = JM_OPTION_INT,
     .default_json = "1000",
     .min = 10,
     .max = 600000,
     .help = "How long a file in a hot folder must have been the same before it is imported, in "
             "milliseconds; five times as long on a network file system."},
    {.name = "hot_companion_ms",
     .type = JM_OPTION_INT,
     .default_json = "3000",
     .min = 0,
     .max = 600000,
     .help =
         "How much longer than hot_settle_ms a photograph in a hot folder is held where something "
         "beside it announces a further file of it: a name like IMG.CR2.part, or an XMP or THM of "
         "a raw file that is not there yet; in milliseconds."},
    {.name = "hot_rescan_s",
     .type = JM_OPTION_INT,
     .default_json = "30",
     .min = 1,
     .max = 86400,
     .help = "How often hot folders are read for what was not announced, in seconds."},
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

static jm_status read_text(struct import_core *core, const char *name, const char **text_out)
{
    jm_span text = {"", 0};
    jm_status status = core->config->get_text(core->host, name, &text);
    *text_out = text.ptr;
    return status;
}

static jm_status read_bool(struct import_core *core, const char *name, bool *value_out)
{
    int32_t value = 0;
    jm_status status = core->config->get_bool(core->host, name, &value);
    *value_out = value != 0;
    return status;
}

static jm_status read_template(struct import_core *core, const char *name, enum template_kind kind,
                               const char **template_out)
{
    char reason[TEMPLATE_REASON_BYTES];
    jm_status status = read_text(core, name, template_out);
    if (status == JM_OK && !template_check(*template_out, kind, reason)) {
        return import_fail(core, JM_EINVAL, "option %s: \"%.200s\" cannot be used: %s", name,
                           *template_out, reason);
    }
    core->options.numbers |= status == JM_OK && template_uses(*template_out, "sequence");
    return status;
}

static jm_status read_naming(struct import_core *core)
{
    struct import_options *options = &core->options;
    jm_status status =
        read_template(core, "folder_template", TEMPLATE_FOLDER, &options->folder_template);
    if (status == JM_OK) {
        status = read_template(core, "name_template", TEMPLATE_NAME, &options->name_template);
    }
    if (status == JM_OK) {
        status = read_text(core, "text", &options->text);
    }
    return status < 0 ? status : stamp_read_options(core);
}

static jm_status read_safety(struct import_core *core)
{
    struct import_options *options = &core->options;
    const char *mode = "";
    jm_status status = read_text(core, "backup", &options->backup);
    if (status == JM_OK && options->backup[0] != '\0' && options->backup[0] != '/') {
        return import_fail(core, JM_EINVAL, "option backup: \"%.300s\" is not an absolute folder",
                           options->backup);
    }
    options->roots.excluded[2] = options->backup;
    if (status == JM_OK) {
        status = read_text(core, "mode", &mode);
    }
    if (status == JM_OK && !mode_parse(jm_span_of(mode), &options->mode)) {
        return import_fail(core, JM_EINVAL, "option mode: it is copy, move or reference");
    }
    if (status == JM_OK) {
        status = read_bool(core, "verify", &options->verify);
    }
    return status < 0 ? status : read_bool(core, "pair_raw_jpeg", &options->pair_raw_jpeg);
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
        status = read_safety(core);
    }
    if (status == JM_OK) {
        status = read_naming(core);
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
    if (status == JM_OK) {
        status = read_int(core, "reports_keep_days", &options->reports_keep_days);
    }
    if (status == JM_OK) {
        status = read_int(core, "hot_settle_ms", &options->hot_settle_ms);
    }
    if (status == JM_OK) {
        status = read_int(core, "hot_companion_ms", &options->hot_companion_ms);
    }
    if (status == JM_OK) {
        status = read_int(core, "hot_rescan_s", &options->hot_rescan_s);
    }
    options->max_file_bytes = (uint64_t)max_file_mib << 20;
    return status;
}

void options_fini(struct import_options *options)
{
    free(options->roots.folders);
    free(options->owned_library);
    json_decref(options->stamp);
    *options = (struct import_options){0};
}
