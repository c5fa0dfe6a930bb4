/* Preset files: /export/presets/export and /import. The disk is touched on the pool. Only files in the
 * configured folder are written and read. */
#include "mirror.h"
#include "presets.h"
#include "routes.h"

#include <errno.h>
#include <fcntl.h>
#include <junmai/sdk/routes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_BYTES_MAX (4 << 20)

/* One file on its way. */
struct transfer {
    struct export_core *core;
    jm_id request;
    char path[PATH_MAX];
    char *asked;  /* the path as the client wrote it */
    jm_span text; /* owned */
    bool merge;
    int32_t http_status; /* 0 while nothing has failed */
    char reason[EXPORT_REASON_BYTES];
};

static void transfer_free(struct transfer *transfer)
{
    free((char *)transfer->text.ptr);
    free(transfer->asked);
    free(transfer);
}

/* The transfer of a file that the client names; NULL with a sentence where it may not. */
static struct transfer *transfer_new(struct export_core *core, jm_id request, jm_span asked,
                                     jm_status *status_out)
{
    const char *folder = core->options.preset_files;
    const struct export_roots roots = {.folders = &folder, .count = 1};
    struct transfer *transfer = calloc(1, sizeof *transfer);
    if (transfer != NULL)
        transfer->asked = jm_span_dup(asked);
    *status_out = JM_ENOMEM;
    if (transfer == NULL || transfer->asked == NULL)
        goto out;
    transfer->core = core;
    transfer->request = request;
    *status_out = JM_EACCES;
    if (export_roots_absolute(transfer->asked, folder, transfer->path) &&
        export_roots_cover(&roots, transfer->path) && strcmp(transfer->path, folder) != 0)
        return transfer;
    (void)export_fail(core, JM_EACCES,
                      "%s is outside of the folder for preset files (option preset_folder)",
                      transfer->asked);
out:
    if (transfer != NULL)
        transfer_free(transfer);
    return NULL;
}

static void fail(struct transfer *transfer, int32_t http_status, const char *what, int error)
{
    transfer->http_status = http_status;
    snprintf(transfer->reason, sizeof transfer->reason, "%.300s cannot be %s: %s", transfer->path,
             what, strerror(error));
}

static bool write_all(int fd, jm_span text)
{
    while (text.len > 0) {
        ssize_t put = write(fd, text.ptr, text.len);
        if (put < 0 && errno != EINTR)
            return false;
        text.ptr += put > 0 ? put : 0;
        text.len -= put > 0 ? (size_t)put : 0;
    }
    return true;
}

/* Whole or not at all: beside its place first. */
static void write_file(struct transfer *transfer, int folder, const char *name)
{
    char part[NAME_MAX + 1];
    snprintf(part, sizeof part, ".junmai-%llx.part", (unsigned long long)transfer->request);
    int fd = openat(folder, part, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
    bool written = fd >= 0 && write_all(fd, transfer->text) && fsync(fd) == 0 &&
                   renameat(folder, part, folder, name) == 0 && fsync(folder) == 0;
    if (!written) {
        fail(transfer, 503, "written", errno);
        unlinkat(folder, part, 0);
    }
    if (fd >= 0)
        close(fd);
}

static jm_status run_write(void *user)
{
    struct transfer *transfer = user;
    const char *root = transfer->core->options.preset_files;
    const struct export_roots roots = {.folders = &root, .count = 1};
    char folder[PATH_MAX];
    bool outside;
    snprintf(folder, sizeof folder, "%s", transfer->path);
    char *slash = strrchr(folder, '/');
    *slash = '\0';
    int fd = export_roots_open_folder(&roots, folder, &outside, transfer->reason);
    if (fd < 0) {
        transfer->http_status = outside ? 403 : 503;
        return JM_OK;
    }
    write_file(transfer, fd, slash + 1);
    close(fd);
    return JM_OK;
}

static jm_status answer_failure(struct transfer *transfer)
{
    export_refuse(transfer->core, transfer->request, transfer->http_status, "%s", transfer->reason);
    return JM_OK;
}

static jm_status on_written(void *user, jm_id work, jm_status status)
{
    struct transfer *transfer = user;
    (void)work;
    if (status < 0) {
        transfer->http_status = 503;
        snprintf(transfer->reason, sizeof transfer->reason, "presets are not written now");
    }
    if (transfer->http_status != 0) {
        status = answer_failure(transfer);
    } else {
        json_t *answer = export_message("Presets exported successfully");
        json_object_set_new(answer, "export_path", json_string(transfer->path));
        (void)export_answer(transfer->core, transfer->request, 200, answer);
        status = JM_OK;
    }
    transfer_free(transfer);
    return status;
}

static jm_status make_text(struct transfer *transfer)
{
    const struct export_core *core = transfer->core;
    char now[JM_UTC_BYTES];
    json_t *presets;
    jm_utc_format(core->api.clock->utc_ms(core->api.host), now);
    jm_status status = export_presets_list(core, false, &presets);
    if (status < 0)
        return status;
    json_t *file =
        json_pack("{s:s, s:s, s:o}", "version", "1.0", "exported_at", now, "presets", presets);
    transfer->text = jm_json_dump(file);
    json_decref(file);
    return jm_span_absent(transfer->text) ? JM_ENOMEM : JM_OK;
}

static jm_status submit(struct transfer *transfer, jm_work_fn run, jm_work_done_fn done)
{
    const struct export_core *core = transfer->core;
    jm_id work;
    jm_status status =
        core->api.work->submit(core->api.host, "a preset file", run, done, transfer, &work);
    if (status < 0)
        transfer_free(transfer);
    return status < 0 ? JM_EBUSY : JM_OK;
}

static jm_status on_export(void *user, const jm_request *request)
{
    struct export_core *core = user;
    char name[64];
    char now[JM_UTC_BYTES];
    jm_span asked;
    jm_status status;
    if (core->api.http->get_query(core->api.host, request->id, "path", &asked) < 0 ||
        asked.len == 0) {
        jm_utc_format(core->api.clock->utc_ms(core->api.host), now);
        snprintf(name, sizeof name, "export_presets_backup_%.4s%.2s%.2s_%.2s%.2s%.2s.json", now,
                 now + 5, now + 8, now + 11, now + 14, now + 17);
        asked = jm_span_of(name);
    }
    struct transfer *transfer = transfer_new(core, request->id, asked, &status);
    if (transfer == NULL)
        return status;
    status = make_text(transfer);
    if (status < 0) {
        transfer_free(transfer);
        return status;
    }
    return submit(transfer, run_write, on_written);
}

static jm_status run_read(void *user)
{
    struct transfer *transfer = user;
    const char *root = transfer->core->options.preset_files;
    const struct export_roots roots = {.folders = &root, .count = 1};
    char *text = malloc(FILE_BYTES_MAX + 1);
    size_t used = 0;
    ssize_t got = 1;
    if (access(transfer->path, F_OK) < 0) {
        transfer->http_status = 404;
        snprintf(transfer->reason, sizeof transfer->reason, "Import file not found: %.300s",
                 transfer->asked);
        free(text);
        return JM_OK;
    }
    int fd = export_roots_open_file(&roots, transfer->path, transfer->reason);
    if (fd < 0 || text == NULL) {
        transfer->http_status = fd < 0 ? 403 : 503;
    } else {
        while (got > 0 && used < FILE_BYTES_MAX) {
            got = read(fd, text + used, FILE_BYTES_MAX - used);
            used += got > 0 ? (size_t)got : 0;
        }
        if (got != 0)
            fail(transfer, 400, "read", got < 0 ? errno : EFBIG);
    }
    if (fd >= 0)
        close(fd);
    transfer->text = (jm_span){text, used};
    return JM_OK;
}

/* Add a preset, or put it in the place of the one of its name. */
static jm_status take_one(struct transfer *transfer, const json_t *given)
{
    const struct export_core *core = transfer->core;
    struct export_preset before = {0};
    json_t *preset = NULL;
    enum export_verdict verdict = export_preset_new(core, given, &preset, transfer->reason);
    jm_status status = JM_EINVAL;
    if (verdict != EXPORT_VALID)
        transfer->http_status = verdict == EXPORT_OUTSIDE ? 403 : 400;
    else if (export_preset_find(core, export_preset_text(preset, "name"), &before) == JM_OK)
        status = export_preset_replace(core, &before, preset);
    else
        status = export_preset_add(core, preset);
    json_decref(before.document);
    json_decref(preset);
    return status;
}

/* {"presets": [...]}, {"presets": {NAME: ...}} or [...]. */
static json_t *read_presets(struct transfer *transfer)
{
    json_error_t fault;
    json_t *file = json_loadb(transfer->text.ptr, transfer->text.len, 0, &fault);
    json_t *named = json_is_object(file) ? json_object_get(file, "presets") : file;
    json_t *list = json_is_array(named) ? json_incref(named) : NULL;
    if (json_is_object(named)) {
        const char *name;
        json_t *preset;
        list = json_array();
        json_object_foreach(named, name, preset) json_array_append(list, preset);
    }
    if (list == NULL) {
        transfer->http_status = 400;
        snprintf(transfer->reason, sizeof transfer->reason, "%.200s holds no presets: %.200s",
                 transfer->asked, file == NULL ? fault.text : "\"presets\" is missing");
    }
    json_decref(file);
    return list;
}

static jm_status take_all(struct transfer *transfer, const json_t *list)
{
    jm_status status = transfer->merge ? JM_OK : export_presets_clear(transfer->core);
    size_t i;
    json_t *given;
    json_array_foreach((json_t *)list, i, given)
    {
        if (status == JM_OK)
            status = take_one(transfer, given);
    }
    return status;
}

/* All or none: a negative status takes back what was stored. */
static jm_status on_read(void *user, jm_id work, jm_status status)
{
    struct transfer *transfer = user;
    const struct export_core *core = transfer->core;
    (void)work;
    if (status < 0)
        transfer->http_status = 503;
    json_t *list = transfer->http_status == 0 ? read_presets(transfer) : NULL;
    status = list == NULL ? JM_OK : take_all(transfer, list);
    size_t count = json_array_size(list);
    if (status < 0 && transfer->http_status == 0) {
        transfer->http_status = 503;
        snprintf(transfer->reason, sizeof transfer->reason, "presets were not imported: %.*s",
                 JM_SPAN_ARGS(core->api.error->last(core->api.host)));
    }
    if (transfer->http_status != 0) {
        (void)answer_failure(transfer);
    } else {
        export_mirror_write(core);
        json_t *answer = export_message("Imported %zu presets successfully", count);
        json_object_set_new(answer, "imported_count", json_integer((json_int_t)count));
        (void)export_answer(core, transfer->request, 200, answer);
    }
    json_decref(list);
    transfer_free(transfer);
    return status;
}

static jm_status on_import(void *user, const jm_request *request)
{
    struct export_core *core = user;
    struct transfer *transfer = NULL;
    jm_span asked = {0};
    bool merge = true;
    jm_doc doc;
    jm_status status = jm_doc_init(&doc, core->api.error, core->api.host, request->body);
    if (status == JM_OK)
        status = jm_doc_text(&doc, "path", false, &asked);
    if (status == JM_OK)
        status = jm_doc_bool(&doc, "merge", false, &merge);
    if (status == JM_OK && asked.len == 0)
        status = export_fail(core, JM_EINVAL, "path is required");
    if (status == JM_OK)
        transfer = transfer_new(core, request->id, asked, &status);
    jm_doc_fini(&doc);
    if (transfer == NULL)
        return status;
    transfer->merge = merge;
    return submit(transfer, run_read, on_read);
}

static const jm_route routes[] = {
    {.method = "GET",
     .path = "/export/presets/export",
     .flags = JM_ROUTE_SUCCESS_FORM | JM_ROUTE_CHANGES_STATE,
     .help = "Write all presets to a file in the folder for preset files.",
     .query = "path:text",
     .fn = on_export},
    {.method = "POST",
     .path = "/export/presets/import",
     .flags = JM_ROUTE_SUCCESS_FORM,
     .help = "Read presets from such a file; merge false removes all that there were before.",
     .fn = on_import},
};

jm_status export_preset_file_routes_add(struct export_core *core)
{
    return jm_routes_add(core->api.http, core->api.host, routes, JM_COUNT(routes), core);
}
