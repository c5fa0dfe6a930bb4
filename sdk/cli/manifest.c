/* backup.json; see manifest.h. */
#include "manifest.h"

#include "cli.h"
#include "data_dir.h"
#include "escape.h"
#include "json.h"
#include "memory.h"

#include <junmai/sdk/utc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define FORMAT 1

static json_t *escaped(const char *path)
{
    char *text = jmc_escape(path);
    json_t *json = json_string(text);
    free(text);
    return json;
}

json_t *jmc_manifest_document(struct jmc_manifest *manifest)
{
    char now[JM_UTC_BYTES];
    json_t *files = json_array();
    jm_utc_format((int64_t)time(NULL) * 1000, now);
    free(manifest->made_at);
    manifest->made_at = jmc_text_copy(now);
    for (size_t i = 0; i < manifest->files.count; i++) {
        const struct jmc_file *file = &manifest->files.items[i];
        (void)json_array_append_new(files, json_pack("{s:o, s:I}", "path", escaped(file->path),
                                                     "bytes", (json_int_t)file->bytes));
    }
    return json_pack("{s:i, s:s, s:s, s:s, s:o, s:I, s:o}", "format", FORMAT, "junmai",
                     JUNMAI_VERSION, "made_at", now, "epoch", manifest->epoch, "data_dir",
                     escaped(manifest->data_dir), "bytes", (json_int_t)manifest->files.bytes,
                     "files", files);
}

bool jmc_manifest_write(struct jmc_manifest *manifest, const char *folder)
{
    char *path = jmc_textf("%s/" JMC_MANIFEST, folder);
    json_t *document = jmc_manifest_document(manifest);
    const bool is_written = json_dump_file(document, path, JSON_INDENT(1)) == 0;
    if (!is_written) {
        (void)jmc_complain("%s cannot be written", path);
    }
    json_decref(document);
    free(path);
    return is_written;
}

/* Whether it stays inside of the folder that it is relative to. */
static bool is_inside(const char *path)
{
    if (path[0] == '/' || path[0] == '\0') {
        return false;
    }
    for (const char *name = path; *name != '\0';) {
        const size_t bytes = strcspn(name, "/");
        if (bytes == 2 && memcmp(name, "..", 2) == 0) {
            return false;
        }
        name += bytes + (name[bytes] == '/');
    }
    return true;
}

static bool has_size(const char *folder, const char *path, uint64_t bytes)
{
    struct stat facts;
    char *whole = jmc_textf("%s/%s", folder, path);
    const bool is_right =
        lstat(whole, &facts) == 0 && S_ISREG(facts.st_mode) && (uint64_t)facts.st_size == bytes;
    free(whole);
    return is_right;
}

static bool add_file(struct jmc_manifest *manifest, const char *folder, const json_t *entry)
{
    const long long bytes = jmc_json_int(entry, "bytes");
    char *name = jmc_unescape(jmc_json_text(entry, "path"));
    bool is_good = false;
    if (!is_inside(name) || bytes < 0) {
        (void)jmc_complain("%s/" JMC_MANIFEST " names a file that is not in the backup", folder);
    } else if (!has_size(folder, name, (uint64_t)bytes)) {
        (void)jmc_complain("%s/%s is missing, or has another size than it had: this backup is not "
                           "whole",
                           folder, name);
    } else {
        jmc_files_add(&manifest->files, name, (uint64_t)bytes);
        is_good = true;
    }
    free(name);
    return is_good;
}

static bool has_database(const struct jmc_files *files)
{
    for (size_t i = 0; i < files->count; i++) {
        if (strcmp(files->items[i].path, JMC_DATABASE) == 0) {
            return true;
        }
    }
    return false;
}

static bool take(struct jmc_manifest *manifest, const json_t *document, const char *folder)
{
    const char *epoch = json_string_value(json_object_get(document, "epoch"));
    const char *data_dir = json_string_value(json_object_get(document, "data_dir"));
    const char *made_at = json_string_value(json_object_get(document, "made_at"));
    size_t i;
    json_t *entry;
    if (jmc_json_int(document, "format") != FORMAT || epoch == NULL || data_dir == NULL ||
        made_at == NULL) {
        (void)jmc_complain("%s/" JMC_MANIFEST
                           " is none that this junmai knows: was it written by a "
                           "newer one?",
                           folder);
        return false;
    }
    manifest->epoch = jmc_text_copy(epoch);
    manifest->made_at = jmc_text_copy(made_at);
    manifest->data_dir = jmc_unescape(data_dir);
    json_array_foreach(json_object_get(document, "files"), i, entry)
    {
        if (!add_file(manifest, folder, entry)) {
            return false;
        }
    }
    if (!has_database(&manifest->files)) {
        (void)jmc_complain("%s holds no " JMC_DATABASE ": it is no backup", folder);
        return false;
    }
    return true;
}

bool jmc_manifest_read(struct jmc_manifest *manifest, const char *folder)
{
    char *path = jmc_textf("%s/" JMC_MANIFEST, folder);
    json_error_t error;
    json_t *document = json_load_file(path, 0, &error);
    *manifest = (struct jmc_manifest){0};
    bool is_good = false;
    if (document == NULL) {
        (void)jmc_complain("%s is no backup: its " JMC_MANIFEST " cannot be read: %s", folder,
                           error.text);
    } else {
        is_good = take(manifest, document, folder);
    }
    json_decref(document);
    free(path);
    return is_good;
}

void jmc_manifest_fini(struct jmc_manifest *manifest)
{
    free(manifest->data_dir);
    free(manifest->epoch);
    free(manifest->made_at);
    jmc_files_fini(&manifest->files);
}
