/* Watching and reading one tree. Loop thread, but for run_step().
 *
 * The reading of a tree is a chain of short steps, so that neither the pool nor the loop is ever held
 * up by a large one; `todo` are the folders that are left. An event of a watch that is not known yet
 * comes from a folder that is being read just now: what it tells may have been missed, so the tree is
 * read again. */
#include "hot_watch.h"

#include "hot_name.h"
#include "hot_scan.h"
#include "hot_tree.h"

#include <errno.h>
#include <sys/inotify.h>
#include <unistd.h>

#define TODO_MAX 65536
#define READS_MAX 16

struct hot_watch {
    struct import_core *core;
    struct hot_watch_listener listener;
    char *path;
    int inotify_fd; /* -1: none */
    jm_id fd_watch;
    struct hot_tree tree;
    char **todo;
    size_t todo_count, todo_capacity;
    struct hot_scan *scan; /* NULL while nothing is read */
    bool closed;
    bool scan_again; /* when this one ends */
    bool scanning_all;
    bool network;
    bool missing;
    char why[256];
};

static void step_next(struct hot_watch *watch);

static void stop_watching(struct hot_watch *watch)
{
    const struct import_core *core = watch->core;
    if (watch->fd_watch != 0) {
        core->fd->unwatch(core->host, watch->fd_watch);
        watch->fd_watch = 0;
    }
    hot_tree_fini(&watch->tree);
    /* A step that is under way still adds watches to it. */
    if (watch->inotify_fd >= 0 && watch->scan == NULL) {
        close(watch->inotify_fd);
        watch->inotify_fd = -1;
    }
}

static void forget_todo(struct hot_watch *watch)
{
    while (watch->todo_count > 0) {
        free(watch->todo[--watch->todo_count]);
    }
}

static void watch_free(struct hot_watch *watch)
{
    stop_watching(watch);
    forget_todo(watch);
    free(watch->todo);
    free(watch->path);
    free(watch);
}

static void add_todo(struct hot_watch *watch, const char *path)
{
    if (watch->todo_count == watch->todo_capacity) {
        size_t capacity = watch->todo_capacity == 0 ? 16 : watch->todo_capacity * 2;
        char **todo =
            capacity > TODO_MAX ? NULL : realloc(watch->todo, capacity * sizeof watch->todo[0]);
        if (todo == NULL) {
            snprintf(watch->why, sizeof watch->why, "the tree has too many folders");
            return;
        }
        watch->todo = todo;
        watch->todo_capacity = capacity;
    }
    char *copy = jm_span_dup(jm_span_of(path));
    if (copy != NULL) {
        watch->todo[watch->todo_count++] = copy;
    }
}

/* FOLDER/NAME. False where that is too long for a path. */
static bool join(const char *folder, const char *name, char path_out[PATH_MAX])
{
    int len = snprintf(path_out, PATH_MAX, "%s/%s", folder, name);
    return len > 0 && len < PATH_MAX;
}

static void explain_watch(struct hot_watch *watch, int error)
{
    if (error == ENOSPC) {
        snprintf(watch->why, sizeof watch->why,
                 "the kernel's limit of watches is reached, so that new files are found by reading "
                 "the folder now and then; raise fs.inotify.max_user_watches");
    } else {
        snprintf(watch->why, sizeof watch->why, "a folder cannot be watched: %s", strerror(error));
    }
}

static void take_watch(struct hot_watch *watch, const struct hot_scan *scan)
{
    if (scan->network) {
        watch->network = true;
        snprintf(watch->why, sizeof watch->why,
                 "a network file system does not tell of changes: the folder is read now and then");
    } else if (scan->watch_error != 0) {
        explain_watch(watch, scan->watch_error);
    } else if (scan->watch >= 0 && !hot_tree_set(&watch->tree, scan->watch, scan->path)) {
        explain_watch(watch, ENOMEM);
    }
}

static void take_found(struct hot_watch *watch, const struct hot_scan *scan)
{
    char path[PATH_MAX];
    for (size_t i = 0; i < scan->count; i++) {
        const struct hot_found *found = &scan->found[i];
        if (!join(scan->path, found->name, path)) {
            continue;
        }
        if (found->is_folder) {
            add_todo(watch, path);
        } else {
            watch->listener.file(watch->listener.user, path, &found->signature, watch->network);
        }
    }
}

/* A folder inside cannot be read. One that has just gone is no fault. */
static void lose_branch(struct hot_watch *watch, const struct hot_scan *scan)
{
    bool gone = scan->error == ENOENT || scan->error == ENOTDIR || scan->error == ELOOP;
    if (scan->error != 0 && !gone) {
        snprintf(watch->why, sizeof watch->why, "a folder inside cannot be read: %s",
                 strerror(scan->error));
    }
}

/* The folder itself cannot be read: it may come back, as another one. */
static void lose_root(struct hot_watch *watch, const struct hot_scan *scan)
{
    watch->missing = true;
    if (scan->excluded.http_status != 0) {
        jm_span text = jm_span_cut(jm_span_of(scan->excluded.text), sizeof watch->why - 1);
        snprintf(watch->why, sizeof watch->why, "%.*s", JM_SPAN_ARGS(text));
    } else {
        snprintf(watch->why, sizeof watch->why, "the folder cannot be read: %s",
                 strerror(scan->error));
    }
}

static jm_status run_step(void *user)
{
    hot_scan_step(((struct hot_watch *)user)->scan);
    return JM_OK;
}

static void end_scan(struct hot_watch *watch)
{
    enum hot_watch_state state = watch->missing          ? HOT_WATCH_MISSING
                                 : watch->why[0] != '\0' ? HOT_WATCH_POLLING
                                                         : HOT_WATCH_OK;
    bool all = watch->scanning_all;
    watch->scanning_all = false;
    if (watch->missing) {
        stop_watching(watch);
    }
    if (watch->scan_again) {
        hot_watch_scan(watch);
    } else if (all || watch->why[0] != '\0') {
        watch->listener.scanned(watch->listener.user, state, watch->why);
    }
}

static jm_status on_step(void *user, jm_id work, jm_status status)
{
    struct hot_watch *watch = user;
    struct hot_scan *scan = watch->scan;
    (void)work;
    watch->scan = NULL;
    if (watch->closed || status < 0) {
        hot_scan_free(scan);
        forget_todo(watch);
        if (watch->closed) {
            watch_free(watch);
        }
        return JM_OK;
    }
    bool is_root = strcmp(scan->path, watch->path) == 0;
    bool unreadable = scan->error != 0 || scan->excluded.http_status != 0;
    if (is_root && unreadable) {
        lose_root(watch, scan);
        forget_todo(watch);
    } else if (unreadable) {
        lose_branch(watch, scan);
    } else {
        take_watch(watch, scan);
        take_found(watch, scan);
    }
    if (scan->finished) {
        hot_scan_free(scan);
    } else {
        watch->scan = scan;
    }
    step_next(watch);
    return JM_OK;
}

/* Read on in the folder that is open, or in the next one. */
static void step_next(struct hot_watch *watch)
{
    const struct import_core *core = watch->core;
    jm_id work;
    if (watch->scan == NULL && watch->todo_count > 0) {
        char *path = watch->todo[--watch->todo_count];
        watch->scan = hot_scan_new(&core->options.roots, watch->inotify_fd, path);
        free(path);
    }
    if (watch->scan == NULL) {
        end_scan(watch);
        return;
    }
    if (core->work->submit(core->host, "read a hot folder", run_step, on_step, watch, &work) < 0) {
        hot_scan_free(watch->scan);
        watch->scan = NULL;
        forget_todo(watch);
        snprintf(watch->why, sizeof watch->why, "the host takes no work just now");
        end_scan(watch);
    }
}

static void read_also(struct hot_watch *watch, const char *path)
{
    add_todo(watch, path);
    if (watch->scan == NULL) {
        step_next(watch);
    }
}

static void take_folder_event(struct hot_watch *watch, const struct inotify_event *event,
                              const char *path)
{
    if ((event->mask & IN_MOVED_FROM) != 0) {
        hot_tree_cut(&watch->tree, watch->inotify_fd, path);
    } else if ((event->mask & (IN_CREATE | IN_MOVED_TO)) != 0 && hot_name_is_folder(event->name)) {
        read_also(watch, path);
    }
}

static void take_named_event(struct hot_watch *watch, const struct inotify_event *event,
                             const char *folder)
{
    char path[PATH_MAX];
    if (!join(folder, event->name, path)) {
        return;
    }
    if ((event->mask & IN_ISDIR) != 0) {
        take_folder_event(watch, event, path);
    } else if (hot_name_is_photo(event->name) || hot_name_is_companion(event->name)) {
        watch->listener.file(watch->listener.user, path, NULL, watch->network);
    }
}

/* The watched folder itself has gone or was moved: where to, its parent's watch tells. */
static void take_self_event(struct hot_watch *watch, const struct inotify_event *event)
{
    const char *folder = hot_tree_path(&watch->tree, event->wd);
    bool is_root = folder != NULL && strcmp(folder, watch->path) == 0;
    if (folder == NULL && watch->scan != NULL) {
        watch->scan_again = true; /* it was just being read: its watch is not in the tree yet */
    }
    if (is_root) {
        inotify_rm_watch(watch->inotify_fd, event->wd);
        hot_watch_scan(watch);
    }
    if (is_root || (event->mask & IN_IGNORED) != 0) {
        hot_tree_drop(&watch->tree, event->wd);
    }
}

static void take_event(struct hot_watch *watch, const struct inotify_event *event)
{
    if ((event->mask & IN_Q_OVERFLOW) != 0) {
        JM_LOGF(watch->core->log, watch->core->host, JM_LOG_WARNING,
                "%s: more happened than the kernel could tell; the folder is read anew",
                watch->path);
        hot_watch_scan(watch);
        return;
    }
    if ((event->mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED)) != 0) {
        take_self_event(watch, event);
        return;
    }
    const char *folder = hot_tree_path(&watch->tree, event->wd);
    if (folder != NULL && event->len > 0) {
        take_named_event(watch, event, folder);
    } else if (folder == NULL && watch->scan != NULL) {
        watch->scan_again = true;
    }
}

/* Not all at once: the loop has others to serve, and calls again. */
static jm_status on_readable(void *user, jm_id fd_watch, uint32_t events, jm_status status)
{
    struct hot_watch *watch = user;
    _Alignas(struct inotify_event) char buffer[16384];
    (void)events;
    if (status < 0) {
        watch->core->fd->unwatch(watch->core->host, fd_watch);
        watch->fd_watch = 0;
    }
    for (int reads = 0; status >= 0 && reads < READS_MAX; reads++) {
        ssize_t got = read(watch->inotify_fd, buffer, sizeof buffer);
        for (ssize_t at = 0; at < got;) {
            const struct inotify_event *event = (const void *)(buffer + at);
            take_event(watch, event);
            at += (ssize_t)(sizeof *event + event->len);
        }
        if (got <= 0) {
            break;
        }
    }
    return JM_OK;
}

/* Without a descriptor the folder is polled, and the next scan tries again. */
static void start_watching(struct hot_watch *watch)
{
    const struct import_core *core = watch->core;
    if (watch->inotify_fd < 0) {
        watch->inotify_fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    }
    if (watch->inotify_fd < 0) {
        explain_watch(watch, errno);
        return;
    }
    if (watch->fd_watch == 0 &&
        core->fd->watch(core->host, "a hot folder", watch->inotify_fd, JM_FD_READABLE, on_readable,
                        watch, &watch->fd_watch) < 0) {
        watch->fd_watch = 0;
        explain_watch(watch, ENOMEM);
    }
}

struct hot_watch *hot_watch_new(struct import_core *core, const char *path,
                                const struct hot_watch_listener *listener)
{
    struct hot_watch *watch = calloc(1, sizeof *watch);
    if (watch == NULL) {
        return NULL;
    }
    watch->core = core;
    watch->listener = *listener;
    watch->inotify_fd = -1;
    watch->path = jm_span_dup(jm_span_of(path));
    if (watch->path == NULL) {
        free(watch);
        return NULL;
    }
    return watch;
}

void hot_watch_close(struct hot_watch *watch)
{
    watch->closed = true;
    if (watch->scan == NULL) {
        watch_free(watch);
    } else {
        stop_watching(watch);
    }
}

void hot_watch_scan(struct hot_watch *watch)
{
    if (watch->scan != NULL) {
        watch->scan_again = true;
        return;
    }
    watch->scan_again = false;
    watch->scanning_all = true;
    watch->network = false;
    watch->missing = false;
    watch->why[0] = '\0';
    start_watching(watch);
    read_also(watch, watch->path);
}
