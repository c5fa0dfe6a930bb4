/* The folders, their watchers, and the one timer of all of them. Loop thread. */
#include "hot.h"

#include "hot_files.h"
#include "hot_report.h"
#include "hot_settings.h"
#include "hot_watch.h"

#include <junmai/sdk/path.h>

#define MISSING_MS 2000u /* a folder that is away is looked for more often */

struct hot_folder {
    struct hot_folder *next;
    struct hot *hot;
    char *path;
    struct hot_watch *watch; /* NULL while nothing is watched */
    enum hot_watch_state state;
    bool wanted;        /* hot_apply() has met it in the store */
    uint64_t rescan_ms; /* UINT64_MAX while its tree is being read */
    int64_t counts[HOT_OUTCOMES];
    char *last_error; /* UTF-8, NULL: none */
    struct hot_report report;
};

struct hot {
    struct import_core *core;
    struct hot_folder *folders;
    struct hot_files files;
    struct hot_settings settings;
    jm_id timer;
    uint64_t timer_ms; /* when it fires, UINT64_MAX: it does not run */
};

static uint64_t now_of(const struct hot *hot)
{
    return hot->core->clock->monotonic_ms(hot->core->host);
}

static jm_status on_timer(void *user, jm_id timer);

/* See to it that on_timer() runs at that time or before. */
static void wake_at(void *user, uint64_t at_ms)
{
    struct hot *hot = user;
    const struct import_core *core = hot->core;
    uint64_t now_ms = now_of(hot);
    if (at_ms >= hot->timer_ms) {
        return;
    }
    if (hot->timer_ms != UINT64_MAX) {
        core->timer->stop(core->host, hot->timer);
    }
    hot->timer_ms =
        core->timer->start(core->host, "hot folders", at_ms > now_ms ? at_ms - now_ms : 0, 0,
                           on_timer, hot, &hot->timer) < 0
            ? UINT64_MAX
            : at_ms;
}

static void scan(struct hot_folder *folder)
{
    folder->rescan_ms = UINT64_MAX;
    hot_watch_scan(folder->watch);
}

static jm_status on_timer(void *user, jm_id timer)
{
    struct hot *hot = user;
    uint64_t now_ms = now_of(hot);
    (void)timer;
    hot->timer_ms = UINT64_MAX;
    for (struct hot_folder *folder = hot->folders; folder != NULL; folder = folder->next) {
        if (folder->watch == NULL) {
            continue;
        }
        if (folder->rescan_ms <= now_ms) {
            scan(folder);
        }
        wake_at(hot, folder->rescan_ms);
        if (hot_report_due(&folder->report, hot->core) <= now_ms) {
            hot_report_end(&folder->report, hot->core);
        }
        wake_at(hot, hot_report_due(&folder->report, hot->core));
    }
    hot_files_tick(&hot->files);
    return JM_OK;
}

/* A name may be any bytes, an answer is UTF-8. */
static void set_error(struct hot_folder *folder, const char *why)
{
    free(folder->last_error);
    folder->last_error = why[0] == '\0' ? NULL : jm_path_text(jm_span_of(why));
}

static void on_file(void *user, const char *path, const struct hot_signature *signature,
                    bool network)
{
    struct hot_folder *folder = user;
    hot_files_touch(&folder->hot->files, path, signature, network);
}

static void on_scanned(void *user, enum hot_watch_state state, const char *why)
{
    struct hot_folder *folder = user;
    const struct import_core *core = folder->hot->core;
    uint64_t wait_ms = (uint64_t)core->options.hot_rescan_s * 1000;
    if (state != folder->state) {
        JM_LOGF(core->log, core->host, state == HOT_WATCH_OK ? JM_LOG_INFO : JM_LOG_WARNING,
                "hot folder %s: %s", folder->path, state == HOT_WATCH_OK ? "is watched" : why);
        set_error(folder, why);
    }
    folder->state = state;
    if (state == HOT_WATCH_MISSING && wait_ms > MISSING_MS) {
        wait_ms = MISSING_MS;
    }
    folder->rescan_ms = now_of(folder->hot) + wait_ms;
    wake_at(folder->hot, folder->rescan_ms);
}

static void on_ended(void *user, const char *path, enum hot_outcome before, enum hot_outcome now)
{
    const struct hot *hot = user;
    for (struct hot_folder *folder = hot->folders; folder != NULL; folder = folder->next) {
        if (path_is_within(path, folder->path)) {
            folder->counts[before]--;
            folder->counts[now]++;
        }
    }
}

static void on_failed(void *user, const char *path, const char *why)
{
    const struct hot *hot = user;
    for (struct hot_folder *folder = hot->folders; folder != NULL; folder = folder->next) {
        if (path_is_within(path, folder->path)) {
            set_error(folder, why);
        }
    }
}

static void on_recount(void *user)
{
    const struct hot *hot = user;
    for (struct hot_folder *folder = hot->folders; folder != NULL; folder = folder->next) {
        hot_ledger_count(hot->core, folder->path, folder->counts);
    }
}

/* The innermost of the folders that the file lies in, NULL where it was removed meanwhile. */
static struct hot_folder *folder_of(const struct hot *hot, const char *path)
{
    struct hot_folder *found = NULL;
    for (struct hot_folder *folder = hot->folders; folder != NULL; folder = folder->next) {
        bool within = folder->watch != NULL && path_is_within(path, folder->path);
        if (within && (found == NULL || strlen(folder->path) > strlen(found->path))) {
            found = folder;
        }
    }
    return found;
}

static const char *on_report(void *user, const char *path)
{
    const struct hot *hot = user;
    struct hot_folder *folder = folder_of(hot, path);
    return folder == NULL ? NULL : hot_report_enter(&folder->report, hot->core);
}

static void on_imported(void *user, const char *path, const struct import_outcome *outcome)
{
    struct hot *hot = user;
    struct hot_folder *folder = folder_of(hot, path);
    if (folder != NULL) {
        hot_report_leave(&folder->report, outcome, now_of(hot));
        wake_at(hot, hot_report_due(&folder->report, hot->core));
    }
}

static void on_room(void *user)
{
    const struct hot *hot = user;
    for (struct hot_folder *folder = hot->folders; folder != NULL; folder = folder->next) {
        if (folder->watch != NULL) {
            scan(folder);
        }
    }
}

static void stop_folder(struct hot_folder *folder)
{
    if (folder->watch != NULL) {
        hot_watch_close(folder->watch);
        folder->watch = NULL;
        hot_report_end(&folder->report, folder->hot->core);
        hot_files_forget(&folder->hot->files, folder->path);
    }
}

static jm_status start_folder(struct hot_folder *folder)
{
    const struct hot_watch_listener listener = {on_file, on_scanned, folder};
    if (folder->watch != NULL) {
        return JM_OK;
    }
    folder->watch = hot_watch_new(folder->hot->core, folder->path, &listener);
    if (folder->watch == NULL) {
        return JM_ENOMEM;
    }
    scan(folder);
    return JM_OK;
}

static void folder_free(struct hot_folder *folder)
{
    stop_folder(folder);
    free(folder->path);
    free(folder->last_error);
    free(folder);
}

/* In the order of the store. */
static void want_folder(void *user, const char *path)
{
    struct hot *hot = user;
    struct hot_folder **link = &hot->folders;
    while (*link != NULL && strcmp((*link)->path, path) != 0) {
        link = &(*link)->next;
    }
    if (*link == NULL) {
        struct hot_folder *folder = calloc(1, sizeof *folder);
        char *copy = jm_span_dup(jm_span_of(path));
        if (folder == NULL || copy == NULL) {
            free(folder);
            free(copy);
            return;
        }
        folder->hot = hot;
        folder->path = copy;
        *link = folder;
    }
    (*link)->wanted = true;
}

/* Files that another folder holds too were forgotten with this one: that one finds them again. */
static void drop_unwanted(struct hot *hot)
{
    bool dropped = false;
    struct hot_folder **link = &hot->folders;
    while (*link != NULL) {
        struct hot_folder *folder = *link;
        if (folder->wanted) {
            link = &folder->next;
        } else {
            *link = folder->next;
            folder_free(folder);
            dropped = true;
        }
    }
    if (dropped) {
        on_room(hot);
    }
}

jm_status hot_apply(struct hot *hot)
{
    bool initialized;
    bool running;
    for (struct hot_folder *folder = hot->folders; folder != NULL; folder = folder->next) {
        folder->wanted = false;
    }
    jm_status status = hot_state_read(hot->core, &initialized, &running);
    if (status == JM_OK) {
        status = hot_folders_each(hot->core, want_folder, hot);
    }
    if (status < 0) {
        return status;
    }
    drop_unwanted(hot);
    struct hot_folder *folder = hot->folders;
    for (; folder != NULL && status == JM_OK; folder = folder->next) {
        if (!running) {
            stop_folder(folder);
        } else if (folder->watch == NULL) {
            status = hot_ledger_count(hot->core, folder->path, folder->counts);
            status = status == JM_OK ? start_folder(folder) : status;
        }
    }
    return status;
}

jm_status hot_open(struct hot *hot)
{
    hot_settings_start(&hot->settings, hot->core);
    return hot_apply(hot);
}

void hot_close(struct hot *hot)
{
    hot_settings_stop(&hot->settings);
    for (struct hot_folder *folder = hot->folders; folder != NULL; folder = folder->next) {
        stop_folder(folder);
    }
    hot_files_forget(&hot->files, NULL);
    if (hot->timer_ms != UINT64_MAX) {
        hot->core->timer->stop(hot->core->host, hot->timer);
        hot->timer_ms = UINT64_MAX;
    }
}

static json_t *describe_folder(const struct hot_folder *folder)
{
    static const char *const states[] = {"ok", "polling", "missing"};
    char *path = jm_path_text(jm_span_of(folder->path));
    int64_t imported = folder->counts[HOT_IMPORTED] + folder->counts[HOT_DUPLICATE];
    json_t *json = json_pack(
        "{s:s?, s:s, s:I, s:I, s:I, s:s?}", "folder", path, "state", states[folder->state],
        "pending", (json_int_t)hot_files_count(&folder->hot->files, folder->path), "imported",
        (json_int_t)imported, "failed", (json_int_t)folder->counts[HOT_FAILED], "last_error",
        folder->last_error);
    free(path);
    return json;
}

json_t *hot_describe(const struct hot *hot)
{
    json_t *list = json_array();
    for (const struct hot_folder *folder = hot->folders; folder != NULL; folder = folder->next) {
        json_array_append_new(list, describe_folder(folder));
    }
    return list;
}

struct hot *hot_new(struct import_core *core)
{
    struct hot *hot = calloc(1, sizeof *hot);
    if (hot == NULL) {
        return NULL;
    }
    hot->core = core;
    hot->timer_ms = UINT64_MAX;
    const struct hot_files_listener listener = {
        .ended = on_ended,
        .recount = on_recount,
        .report = on_report,
        .imported = on_imported,
        .failed = on_failed,
        .due = wake_at,
        .room = on_room,
        .user = hot,
    };
    hot_files_init(&hot->files, core, &listener);
    return hot;
}

void hot_free(struct hot *hot)
{
    while (hot != NULL && hot->folders != NULL) {
        struct hot_folder *folder = hot->folders;
        hot->folders = folder->next;
        folder_free(folder);
    }
    free(hot);
}
