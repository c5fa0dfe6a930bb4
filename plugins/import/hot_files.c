/* Files on their way. Loop thread, but for run_look().
 *
 *   WAITING -> LOOKING -> WAITING (it has not settled yet) ... -> READY -> IMPORTING -> the ledger
 *
 * A file that the pool or an import works for is only marked when it is forgotten, and freed when that
 * work ends. */
#include "hot_files.h"

#include "events.h"
#include "hot_look.h"
#include "hot_name.h"
#include "one_import.h"

#include <junmai/sdk/path.h>
#include <search.h>

#define FILES_MAX 16384
#define LOOKS_MAX 128
#define NETWORK_SETTLES 5 /* times as long */
#define AGAIN_MS 1000     /* when the host takes no work */

enum file_state { FILE_WAITING, FILE_LOOKING, FILE_READY, FILE_IMPORTING };

struct hot_file {
    struct hot_file *next;
    struct hot_files *files;
    char *path;
    struct hot_settle settle;
    enum file_state state;
    bool network;
    bool touched;   /* while it was looked at or imported */
    bool forgotten; /* is in no list any more */
};

struct hot_look {
    struct hot_files *files;
    size_t count;
    struct {
        struct hot_file *file;
        struct hot_sighting sighting;
    } items[LOOKS_MAX];
};

static uint64_t now_of(const struct hot_files *files)
{
    return files->core->clock->monotonic_ms(files->core->host);
}

static int compare_paths(const void *a, const void *b)
{
    return strcmp(((const struct hot_file *)a)->path, ((const struct hot_file *)b)->path);
}

static struct hot_file *find(const struct hot_files *files, const char *path)
{
    const struct hot_file key = {.path = (char *)path};
    struct hot_file *const *found = tfind(&key, (void *const *)&files->by_path, compare_paths);
    return found == NULL ? NULL : *found;
}

static void file_free(struct hot_file *file)
{
    free(file->path);
    free(file);
}

/* Take it out of the list; `link` points to it. */
static void unlist(struct hot_files *files, struct hot_file **link)
{
    struct hot_file *file = *link;
    *link = file->next;
    if (files->last == &file->next) {
        files->last = link;
    }
    tdelete(file, &files->by_path, compare_paths);
    files->count--;
    if (file->state == FILE_LOOKING || file->state == FILE_IMPORTING) {
        file->forgotten = true;
    } else {
        file_free(file);
    }
}

static void end_file(struct hot_file *file)
{
    struct hot_files *files = file->files;
    struct hot_file **link = &files->first;
    file->state = FILE_WAITING;
    while (*link != file) {
        link = &(*link)->next;
    }
    unlist(files, link);
    if (files->turned_away && files->count < FILES_MAX / 2) {
        files->turned_away = false;
        files->listener.room(files->listener.user);
    }
}

static struct hot_file *add(struct hot_files *files, const char *path)
{
    struct hot_file *file = files->count < FILES_MAX ? calloc(1, sizeof *file) : NULL;
    if (file == NULL) {
        files->turned_away = true;
        return NULL;
    }
    file->files = files;
    file->path = jm_span_dup(jm_span_of(path));
    if (file->path == NULL || tsearch(file, &files->by_path, compare_paths) == NULL) {
        file_free(file);
        return NULL;
    }
    *files->last = file;
    files->last = &file->next;
    files->count++;
    return file;
}

void hot_files_init(struct hot_files *files, struct import_core *core,
                    const struct hot_files_listener *listener)
{
    *files = (struct hot_files){.core = core, .listener = *listener};
    files->last = &files->first;
}

void hot_files_forget(struct hot_files *files, const char *folder)
{
    struct hot_file **link = &files->first;
    while (*link != NULL) {
        if (folder == NULL || path_is_within((*link)->path, folder)) {
            unlist(files, link);
        } else {
            link = &(*link)->next;
        }
    }
}

size_t hot_files_count(const struct hot_files *files, const char *folder)
{
    size_t count = 0;
    for (const struct hot_file *file = files->first; file != NULL; file = file->next) {
        count += path_is_within(file->path, folder);
    }
    return count;
}

/* Whether the ledger knows the file as it is now. */
static bool has_ended(const struct hot_files *files, const char *path,
                      const struct hot_signature *signature)
{
    struct hot_entry entry;
    return hot_ledger_find(files->core, path, &entry) == JM_OK && entry.outcome != HOT_NONE &&
           hot_signature_equal(&entry.signature, signature);
}

static void set_due(struct hot_file *file)
{
    const struct hot_files *files = file->files;
    file->state = FILE_WAITING;
    files->listener.due(files->listener.user, file->settle.due_ms);
}

void hot_files_touch(struct hot_files *files, const char *path,
                     const struct hot_signature *signature, bool network)
{
    struct hot_file *file = find(files, path);
    bool is_new = file == NULL;
    if (is_new) {
        bool ended = signature != NULL && has_ended(files, path, signature);
        file = ended ? NULL : add(files, path);
        if (file == NULL) {
            return;
        }
        file->network = network;
    } else if (signature != NULL && hot_signature_equal(&file->settle.signature, signature)) {
        return; /* found again as it was: no reason to hurry */
    }
    if (is_new || file->state == FILE_WAITING) {
        hot_settle_touch(&file->settle, now_of(files));
        set_due(file);
    } else {
        file->touched = true;
    }
}

static void begin_imports(struct hot_files *files);

/* Try again later, because of `why`. */
static void postpone(struct hot_file *file, uint64_t max_ms, const char *why)
{
    const struct hot_files *files = file->files;
    files->listener.failed(files->listener.user, file->path, why);
    if (file->touched) {
        hot_settle_touch(&file->settle, now_of(files));
    } else {
        hot_settle_refuse(&file->settle, now_of(files), max_ms);
    }
    set_due(file);
}

/* The photograph that a file brought in stays its own, when the file is touched and found again. */
static enum hot_outcome outcome_after(const struct hot_entry *before, bool duplicate, int64_t photo)
{
    bool own = before->outcome == HOT_IMPORTED && before->photo == photo;
    return duplicate && !own ? HOT_DUPLICATE : HOT_IMPORTED;
}

static void write_outcome(struct hot_file *file, const struct import_outcome *outcome)
{
    const struct hot_files *files = file->files;
    const struct import_core *core = files->core;
    bool failed = outcome->verdict.http_status != 0;
    struct hot_entry before;
    hot_ledger_find(core, file->path, &before);
    struct hot_entry entry = {
        .signature = file->settle.signature,
        .outcome = failed ? HOT_FAILED : outcome_after(&before, outcome->duplicate, outcome->photo),
        .photo = failed ? 0 : outcome->photo,
        .reason = failed ? outcome->verdict.text : NULL,
    };
    if (hot_ledger_put(core, file->path, &entry) < 0) {
        JM_LOGF(core->log, core->host, JM_LOG_ERROR, "what became of %s was not recorded: %.*s",
                file->path, JM_SPAN_ARGS(core->error->last(core->host)));
    }
    files->listener.ended(files->listener.user, file->path, before.outcome, entry.outcome);
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
        end_file(file);
    } else {
        write_outcome(file, outcome);
        if (verdict->http_status != 0) {
            tell_refusal(file, verdict);
        }
        if (file->touched) {
            hot_settle_touch(&file->settle, now_of(file->files));
            set_due(file);
        } else {
            end_file(file);
        }
    }
}

static void on_imported(void *user, const struct import_outcome *outcome)
{
    struct hot_file *file = user;
    struct hot_files *files = file->files;
    files->importing--;
    if (!file->forgotten) {
        judge_outcome(file, outcome);
    } else {
        if (outcome->verdict.http_status == 0) {
            write_outcome(file, outcome);
        }
        file_free(file);
    }
    begin_imports(files);
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
        .done = on_imported,
        .user = file,
    };
    jm_status status = open_session(file, &request.session);
    if (status == JM_OK) {
        status = import_start(files->core, &request);
    }
    if (status == JM_OK) {
        file->state = FILE_IMPORTING;
        file->touched = false;
        files->importing++;
    }
    return status;
}

static struct hot_file *find_ready(const struct hot_files *files)
{
    struct hot_file *file = files->first;
    while (file != NULL && file->state != FILE_READY) {
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

static void begin_imports(struct hot_files *files)
{
    struct hot_file *file;
    while (may_begin(files) && (file = find_ready(files)) != NULL) {
        if (begin_import(file) < 0) {
            postpone(file, HOT_AGAIN_MAX_MS, "importing is not possible just now");
        }
    }
}

/* LOOKING, on a thread of the pool. */
static jm_status run_look(void *user)
{
    struct hot_look *look = user;
    for (size_t i = 0; i < look->count; i++) {
        hot_look_at(look->items[i].file->path, &look->items[i].sighting);
    }
    return JM_OK;
}

static void judge_look(struct hot_file *file, const struct hot_sighting *sighting)
{
    const struct hot_files *files = file->files;
    uint64_t now_ms = now_of(files);
    uint64_t settle_ms = files->core->options.hot_settle_ms;
    enum hot_step step = hot_settle_look(&file->settle, sighting, now_ms,
                                         file->network ? settle_ms * NETWORK_SETTLES : settle_ms);
    if (file->touched) { /* since: what was seen may be no longer true */
        file->touched = false;
        hot_settle_touch(&file->settle, now_ms);
        set_due(file);
    } else if (step == HOT_GONE || has_ended(files, file->path, &file->settle.signature)) {
        end_file(file);
    } else if (step == HOT_TAKE) {
        file->state = FILE_READY;
    } else {
        set_due(file);
    }
}

static jm_status on_looked(void *user, jm_id work, jm_status status)
{
    struct hot_look *look = user;
    struct hot_files *files = look->files;
    (void)work;
    files->look = NULL;
    for (size_t i = 0; i < look->count; i++) {
        struct hot_file *file = look->items[i].file;
        if (file->forgotten) {
            file_free(file);
        } else if (status < 0) {
            set_due(file);
        } else {
            judge_look(file, &look->items[i].sighting);
        }
    }
    free(look);
    begin_imports(files);
    hot_files_tick(files);
    return JM_OK;
}

static void start_look(struct hot_files *files, struct hot_look *look_take)
{
    const struct import_core *core = files->core;
    jm_id work;
    if (core->work->submit(core->host, "look at files of hot folders", run_look, on_looked,
                           look_take, &work) < 0) {
        free(look_take);
        files->listener.due(files->listener.user, now_of(files) + AGAIN_MS);
        return;
    }
    files->look = look_take;
    for (size_t i = 0; i < look_take->count; i++) {
        look_take->items[i].file->state = FILE_LOOKING;
    }
}

/* While files are looked at nothing else is, and on_looked() tells what is due then. */
void hot_files_tick(struct hot_files *files)
{
    uint64_t now_ms = now_of(files);
    uint64_t next_ms = UINT64_MAX;
    struct hot_look *look = files->look != NULL ? NULL : calloc(1, sizeof *look);
    if (look == NULL) {
        return;
    }
    look->files = files;
    for (struct hot_file *file = files->first; file != NULL; file = file->next) {
        if (file->state != FILE_WAITING) {
            continue;
        }
        if (file->settle.due_ms <= now_ms && look->count < LOOKS_MAX) {
            look->items[look->count++].file = file;
        } else if (file->settle.due_ms < next_ms) {
            next_ms = file->settle.due_ms;
        }
    }
    if (look->count == 0) {
        free(look);
    } else {
        start_look(files, look);
    }
    if (next_ms != UINT64_MAX) {
        files->listener.due(files->listener.user, next_ms);
    }
}
