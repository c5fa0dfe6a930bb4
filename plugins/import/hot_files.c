/* Files on their way. Loop thread, but for run_look().
 *
 *   WAITING -> LOOKING -> WAITING (it has not settled yet) ... -> READY -> IMPORTING -> the ledger
 *
 * A file that the pool or an import works for is only marked when it is forgotten, and freed when that
 * work ends. */
#include "hot_file.h"

#include "hot_beside.h"
#include "hot_look.h"
#include "hot_name.h"

#include <junmai/sdk/path.h>
#include <search.h>

#define FILES_MAX 16384
#define LOOKS_MAX 128
#define NETWORK_SETTLES 5        /* times as long */
#define AGAIN_MS 1000            /* when the host takes no work */
#define COMPANION_LATE_MS 600000 /* after its photograph was moved away */

struct hot_look {
    struct hot_files *files;
    size_t count;
    struct {
        struct hot_file *file;
        struct hot_sighting sighting;
        struct hot_beside beside;
    } items[LOOKS_MAX];
};

static int compare_paths(const void *a, const void *b)
{
    return strcmp(((const struct hot_file *)a)->path, ((const struct hot_file *)b)->path);
}

struct hot_file *hot_file_find(const struct hot_files *files, const char *path)
{
    const struct hot_file key = {.path = (char *)path};
    struct hot_file *const *found = tfind(&key, (void *const *)&files->by_path, compare_paths);
    return found == NULL ? NULL : *found;
}

void hot_file_free(struct hot_file *file)
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
        hot_file_free(file);
    }
}

void hot_file_end(struct hot_file *file)
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
    file->companion = hot_name_is_companion(strrchr(path, '/') + 1);
    if (file->path == NULL || tsearch(file, &files->by_path, compare_paths) == NULL) {
        hot_file_free(file);
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
        bool known = !file->companion || file->state >= FILE_READY; /* to be imported */
        count += known && path_is_within(file->path, folder);
    }
    return count;
}

bool hot_file_has_ended(const struct hot_files *files, const char *path,
                        const struct hot_signature *signature)
{
    struct hot_entry entry;
    return hot_ledger_find(files->core, path, &entry) == JM_OK && entry.outcome != HOT_NONE &&
           hot_signature_equal(&entry.signature, signature);
}

void hot_file_wait(struct hot_file *file)
{
    const struct hot_files *files = file->files;
    file->state = FILE_WAITING;
    files->listener.due(files->listener.user, file->settle.due_ms);
}

void hot_file_ready(struct hot_file *file)
{
    file->state = FILE_READY;
    file->ready_ms = hot_now(file->files);
}

/* A companion that lies there without a photograph: that will bring it. One of which the kernel
 * has just told may belong to a photograph that is being imported. */
static bool is_orphan(const struct hot_files *files, const char *path)
{
    int64_t photo = 0;
    return hot_name_is_companion(strrchr(path, '/') + 1) &&
           hot_ledger_find_whole(files->core, path, 0, &photo) == JM_OK && photo == 0;
}

void hot_files_touch(struct hot_files *files, const char *path,
                     const struct hot_signature *signature, bool network)
{
    struct hot_file *file = hot_file_find(files, path);
    bool is_new = file == NULL;
    if (is_new) {
        bool passed = signature != NULL &&
                      (hot_file_has_ended(files, path, signature) || is_orphan(files, path));
        file = passed ? NULL : add(files, path);
        if (file == NULL) {
            return;
        }
        file->network = network;
    } else if (signature != NULL && hot_signature_equal(&file->settle.signature, signature)) {
        return; /* found again as it was: no reason to hurry */
    }
    if (is_new || file->state == FILE_WAITING || file->state == FILE_READY) {
        hot_settle_touch(&file->settle, hot_now(files));
        hot_file_wait(file);
    } else {
        file->touched = true;
    }
}

/* LOOKING, on a thread of the pool. */
static jm_status run_look(void *user)
{
    struct hot_look *look = user;
    struct hot_listing listing = {0};
    for (size_t i = 0; i < look->count; i++) {
        const char *path = look->items[i].file->path;
        struct hot_sighting *sighting = &look->items[i].sighting;
        struct hot_beside *beside = &look->items[i].beside;
        hot_look_at(path, sighting);
        hot_beside_look(&listing, path, beside);
        sighting->written |= beside->written;
        sighting->beside = beside->digest;
    }
    hot_listing_fini(&listing);
    return JM_OK;
}

/* What became of the photograph that a companion goes with, and which that is. */
static void find_photo(const struct hot_file *file, const struct hot_beside *beside,
                       struct hot_entry *entry_out)
{
    const struct import_core *core = file->files->core;
    char path[PATH_MAX];
    *entry_out = (struct hot_entry){.outcome = HOT_NONE};
    if (beside->photo[0] == '\0') { /* it was moved into the library, if it ever was here */
        hot_ledger_find_whole(core, file->path, core->clock->utc_ms(core->host) - COMPANION_LATE_MS,
                              &entry_out->photo);
        entry_out->signature = beside->photo_signature;
        return;
    }
    int folder = (int)(strrchr(file->path, '/') - file->path);
    int len = snprintf(path, sizeof path, "%.*s/%s", folder, file->path, beside->photo);
    if (len > 0 && (size_t)len < sizeof path) {
        hot_ledger_find(core, path, entry_out);
    }
}

/* A companion has settled: it follows its photograph if that is in the catalog, waits for it where
 * it is on its way, and is left alone otherwise: the photograph will bring it. */
static void judge_companion(struct hot_file *file, const struct hot_beside *beside)
{
    struct hot_entry entry;
    find_photo(file, beside, &entry);
    bool current = hot_signature_equal(&entry.signature, &beside->photo_signature);
    if (current && entry.photo != 0) {
        file->join = entry.photo;
        hot_file_ready(file);
    } else if (hot_name_is_photo(beside->photo) && !(current && entry.outcome == HOT_FAILED)) {
        hot_settle_refuse(&file->settle, hot_now(file->files), HOT_AGAIN_MAX_MS);
        hot_file_wait(file);
    } else {
        hot_file_end(file);
    }
}

static uint64_t settle_time(const struct hot_file *file, const struct hot_beside *beside)
{
    const struct import_options *options = &file->files->core->options;
    uint64_t settle_ms = options->hot_settle_ms;
    return (file->network ? settle_ms * NETWORK_SETTLES : settle_ms) +
           (beside->expects ? options->hot_companion_ms : 0);
}

static void judge_look(struct hot_file *file, const struct hot_sighting *sighting,
                       const struct hot_beside *beside)
{
    const struct hot_files *files = file->files;
    uint64_t now_ms = hot_now(files);
    enum hot_step step =
        hot_settle_look(&file->settle, sighting, now_ms, settle_time(file, beside));
    if (file->touched) { /* since: what was seen may be no longer true */
        file->touched = false;
        hot_settle_touch(&file->settle, now_ms);
        hot_file_wait(file);
    } else if (step == HOT_GONE || hot_file_has_ended(files, file->path, &file->settle.signature)) {
        hot_file_end(file);
    } else if (step == HOT_TAKE && file->companion) {
        judge_companion(file, beside);
    } else if (step == HOT_TAKE) {
        hot_file_ready(file);
    } else {
        hot_file_wait(file);
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
            hot_file_free(file);
        } else if (status < 0) {
            hot_file_wait(file);
        } else {
            judge_look(file, &look->items[i].sighting, &look->items[i].beside);
        }
    }
    free(look);
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
        files->listener.due(files->listener.user, hot_now(files) + AGAIN_MS);
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
    uint64_t now_ms = hot_now(files);
    uint64_t next_ms = UINT64_MAX;
    hot_imports_begin(files);
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
