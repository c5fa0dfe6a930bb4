/* Files of hot folders that have settled: their imports, and what the ledger says of them. Loop
 * thread. */
#include "hot_file.h"

#include "events.h"
#include "hot_look.h"
#include "hot_name.h"
#include "hot_settings.h"
#include "one_import.h"

#include <junmai/sdk/path.h>

#define ALLOWED_MS 1000u /* how often is asked whether importing is allowed again */

/* Try again later, because of `why`. */
static void postpone(struct hot_file *file, uint64_t max_ms, const char *why)
{
    const struct hot_files *files = file->files;
    files->listener.failed(files->listener.user, file->path, why);
    if (file->touched) {
        hot_settle_touch(&file->settle, hot_now(files));
    } else {
        hot_settle_refuse(&file->settle, hot_now(files), max_ms);
    }
    hot_file_wait(file);
}

/* The photograph that a file brought in stays its own, when the file is touched and found again. */
static enum hot_outcome outcome_after(const struct hot_entry *before, bool duplicate, int64_t photo)
{
    bool own = before->outcome == HOT_IMPORTED && before->photo == photo;
    return duplicate && !own ? HOT_DUPLICATE : HOT_IMPORTED;
}

static jm_status write_row(const struct hot_files *files, const char *path, struct hot_entry *entry)
{
    const struct import_core *core = files->core;
    struct hot_entry before;
    jm_status status = hot_ledger_find(core, path, &before);
    if (entry->outcome == HOT_DUPLICATE) {
        entry->outcome = outcome_after(&before, true, entry->photo);
    }
    status = status < 0 ? status : hot_ledger_put(core, path, entry);
    if (status < 0) {
        JM_LOGF(core->log, core->host, JM_LOG_ERROR, "what became of %s was not recorded: %.*s",
                path, JM_SPAN_ARGS(core->error->last(core->host)));
        return status;
    }
    files->listener.ended(files->listener.user, path, before.outcome, entry->outcome);
    return JM_OK;
}

/* Another file of the unit that is on its way by itself has come in with this one. */
static void end_sibling(const struct hot_file *file, const char *path,
                        const struct hot_signature *signature)
{
    struct hot_file *sibling = hot_file_find(file->files, path);
    bool idle = sibling != NULL && sibling != file &&
                (sibling->state == FILE_WAITING || sibling->state == FILE_READY);
    if (idle && hot_signature_equal(&sibling->settle.signature, signature)) {
        hot_file_end(sibling);
    }
}

static jm_status on_added(void *user, const struct import_added *added)
{
    struct hot_file *file = user;
    jm_status status = JM_OK;
    file->added = true;
    for (size_t i = 0; status == JM_OK && i < added->count; i++) {
        struct hot_entry entry = {
            .signature = hot_signature_of(added->files[i].info),
            .outcome = HOT_IMPORTED,
            .photo = added->photo,
        };
        status = write_row(file->files, added->files[i].path, &entry);
        if (status == JM_OK) {
            end_sibling(file, added->files[i].path, &entry.signature);
        }
    }
    return status;
}

/* What on_added() has not written. */
static void write_outcome(struct hot_file *file, const struct import_outcome *outcome)
{
    bool failed = outcome->verdict.http_status != 0;
    struct hot_entry entry = {
        .signature = file->settle.signature,
        .outcome = failed ? HOT_FAILED : HOT_DUPLICATE,
        .photo = failed ? 0 : outcome->photo,
        .reason = failed ? outcome->verdict.text : NULL,
    };
    if (failed || outcome->duplicate) {
        write_row(file->files, file->path, &entry);
    }
}

/* Nobody waits for an answer here: an operator is told. */
static void tell_refusal(const struct hot_file *file, const struct verdict *verdict)
{
    const struct hot_files *files = file->files;
    struct verdict told = *verdict;
    if (told.trouble == NULL) {
        told.trouble = "hot_folder_file_refused";
        events_trouble(files->core, &told, file->path);
    }
    files->listener.failed(files->listener.user, file->path, verdict->text);
}

static void judge_outcome(struct hot_file *file, const struct import_outcome *outcome)
{
    const struct verdict *verdict = &outcome->verdict;
    if (verdict->http_status >= 500) {
        postpone(file, HOT_AGAIN_MAX_MS, verdict->text);
    } else if (verdict->http_status != 0 && (verdict->incomplete || file->touched)) {
        postpone(file, HOT_RETRY_MAX_MS, verdict->text);
    } else if (verdict->http_status == 404) {
        hot_file_end(file);
    } else {
        write_outcome(file, outcome);
        if (verdict->http_status != 0) {
            tell_refusal(file, verdict);
        }
        if (file->touched) {
            hot_settle_touch(&file->settle, hot_now(file->files));
            hot_file_wait(file);
        } else {
            hot_file_end(file);
        }
    }
}

static void on_imported(void *user, const struct import_outcome *outcome)
{
    struct hot_file *file = user;
    struct hot_files *files = file->files;
    const struct hot_files_listener *listener = &files->listener;
    files->importing--;
    listener->imported(listener->user, file->path, outcome);
    if (file->added && outcome->verdict.http_status != 0) {
        listener->recount(listener->user);
    }
    file->added = false;
    file->state = FILE_WAITING;
    if (!file->forgotten) {
        judge_outcome(file, outcome);
    } else {
        if (outcome->verdict.http_status == 0) {
            write_outcome(file, outcome);
        }
        hot_file_free(file);
    }
    listener->due(listener->user, hot_now(files)); /* the next begins in a callback of its own */
}

/* The session of the file's folder and of today. */
static jm_status open_session(const struct hot_file *file, int64_t *session_out)
{
    const struct import_core *core = file->files->core;
    const catalog_service *catalog = catalog_of(core);
    const char *slash = strrchr(file->path, '/');
    char *raw = jm_span_dup((jm_span){file->path, (size_t)(slash - file->path)});
    char *folder = raw == NULL ? NULL : jm_path_text(jm_span_of(raw));
    time_t now = (time_t)(core->clock->utc_ms(core->host) / 1000);
    struct tm day;
    int32_t created;
    char *name =
        raw == NULL || localtime_r(&now, &day) == NULL ? NULL : hot_session_name(raw, &day);
    jm_status status = name == NULL || folder == NULL ? JM_ENOMEM : JM_OK;
    if (status == JM_OK) {
        status = catalog == NULL ? JM_EBUSY
                                 : catalog->open_session(catalog_data(core), jm_span_of(name),
                                                         jm_span_of(folder), session_out, &created);
    }
    free(raw);
    free(folder);
    free(name);
    return status;
}

static jm_status begin_import(struct hot_file *file)
{
    struct hot_files *files = file->files;
    struct import_request request = {
        .path = file->path,
        .join = file->join,
        .added = on_added,
        .done = on_imported,
        .user = file,
    };
    jm_status status = open_session(file, &request.session);
    if (status == JM_OK && !file->companion) {
        status = hot_ledger_find_whole(files->core, file->path, 0, &request.join);
    }
    if (status == JM_OK) {
        request.import_id = files->listener.report(files->listener.user, file->path);
        status = import_start(files->core, &request);
    }
    if (status == JM_OK) {
        file->state = FILE_IMPORTING;
        file->touched = false;
        files->importing++;
    }
    return status;
}

/* Of the files of one unit, one is imported at a time: it may bring the others. */
static bool has_sibling_importing(const struct hot_file *file)
{
    const struct hot_files *files = file->files;
    size_t left = files->importing;
    const struct hot_file *other = files->first;
    for (; left > 0 && other != NULL; other = other->next) {
        left -= other->state == FILE_IMPORTING;
        if (other->state == FILE_IMPORTING && hot_same_unit(other->path, file->path)) {
            return true;
        }
    }
    return false;
}

static struct hot_file *find_ready(const struct hot_files *files)
{
    struct hot_file *file = files->first;
    while (file != NULL && (file->state != FILE_READY || has_sibling_importing(file))) {
        file = file->next;
    }
    return file;
}

/* Hot folders and batches share `max_parallel`; one file at a time gets in beside a batch. */
static bool may_begin(const struct hot_files *files)
{
    const struct import_core *core = files->core;
    return core->accepting &&
           (files->importing == 0 || import_count(core) < core->options.max_parallel);
}

/* It has waited so long that it may be written to again: it is looked at once more. */
static bool is_stale(const struct hot_file *file)
{
    const struct hot_files *files = file->files;
    return hot_now(files) - file->ready_ms > files->core->options.hot_settle_ms;
}

void hot_imports_begin(struct hot_files *files)
{
    struct hot_file *file;
    while (may_begin(files) && (file = find_ready(files)) != NULL) {
        if (!hot_settings_allow(files->core)) {
            files->listener.due(files->listener.user, hot_now(files) + ALLOWED_MS);
            return;
        }
        if (hot_file_has_ended(files, file->path, &file->settle.signature)) {
            hot_file_end(file);
        } else if (is_stale(file)) {
            file->settle.due_ms = hot_now(files);
            hot_file_wait(file);
        } else if (begin_import(file) < 0) {
            postpone(file, HOT_AGAIN_MAX_MS, "importing is not possible just now");
        }
    }
}
