/* /hotfolder/...: the routes of section "Hot folder" of the wire contract.
 *
 * A request changes the store alone; what is watched follows when that is committed, so that the two
 * never differ. Loop thread, but for run_judge(). */
#include "answers.h"
#include "hot.h"
#include "hot_folder.h"
#include "hot_ledger.h"
#include "hot_settings.h"

#include <junmai/sdk/json.h>
#include <junmai/sdk/path.h>
#include <junmai/sdk/routes.h>

#define NOT_INITIALIZED "Hot folder watcher not initialized"

/* A folder that is to be added or removed, while the pool looks at it. */
struct change {
    struct import_core *core;
    jm_id request;
    bool adds;
    char *given; /* as it was given, then bytes without a slash at the end */
    char resolved[PATH_MAX];
    struct verdict verdict;
};

static void change_free(struct change *change)
{
    if (change != NULL) {
        free(change->given);
        free(change);
    }
}

static void append_path(void *user, const char *path)
{
    char *text = jm_path_text(jm_span_of(path));
    json_array_append_new(user, json_string(text == NULL ? "" : text));
    free(text);
}

static jm_status list_folders(const struct import_core *core, json_t **list_out)
{
    *list_out = json_array();
    jm_status status = hot_folders_each(core, append_path, *list_out);
    if (status < 0) {
        json_decref(*list_out);
    }
    return status;
}

static jm_status on_committed(void *user, jm_status status)
{
    struct import_core *core = user;
    (void)status; /* what was taken back is not in the store either */
    return core->accepting ? hot_apply(core->hot) : JM_OK;
}

static jm_status change_running(struct import_core *core, bool running)
{
    jm_status status = hot_state_write(core, running);
    return status < 0 ? status : core->store->after_commit(core->host, on_committed, core);
}

/* "message", "folder" where there is one, and all folders. */
static jm_status answer_folders(const struct import_core *core, jm_id request, const char *message,
                                const char *folder)
{
    json_t *list;
    jm_status status = list_folders(core, &list);
    if (status < 0) {
        return status;
    }
    char *text = folder == NULL ? NULL : jm_path_text(jm_span_of(folder));
    json_t *json = json_pack("{s:s, s:o}", "message", message, "folders", list);
    if (text != NULL) {
        json_object_set_new(json, "folder", json_string(text));
    }
    free(text);
    answer_success(core, request, json);
    return JM_OK;
}

/* To be removed, a folder need not exist any more. */
static jm_status run_judge(void *user)
{
    struct change *change = user;
    char *bytes = hot_folder_bytes(change->given);
    if (bytes != NULL) {
        free(change->given);
        change->given = bytes;
    }
    if (change->adds) {
        hot_folder_find(&change->core->options.roots, change->given, change->resolved,
                        &change->verdict);
    } else if (realpath(change->given, change->resolved) == NULL) {
        snprintf(change->resolved, sizeof change->resolved, "%s", change->given);
    }
    return JM_OK;
}

static void count_path(void *user, const char *path)
{
    (void)path;
    ++*(size_t *)user;
}

static jm_status add_folder(struct change *change)
{
    struct import_core *core = change->core;
    size_t count = 0;
    jm_status status = hot_folders_each(core, count_path, &count);
    if (status == JM_OK && count >= HOT_FOLDERS_MAX) {
        verdict_set(&change->verdict, 409,
                    "there are %d hot folders, which is the most there can "
                    "be; remove one",
                    HOT_FOLDERS_MAX);
        return JM_OK;
    }
    status = status < 0 ? status : hot_folders_add(core, change->resolved);
    if (status == JM_EEXIST) {
        verdict_set(&change->verdict, 409, "%s is a hot folder already", change->given);
        return JM_OK;
    }
    status = status < 0 ? status : hot_settings_list(core, change->resolved, true);
    status = status < 0 ? status : change_running(core, true);
    return status < 0 ? status
                      : answer_folders(core, change->request, "Folder added successfully",
                                       change->resolved);
}

static jm_status remove_folder(struct change *change)
{
    struct import_core *core = change->core;
    bool initialized;
    bool running;
    size_t left = 0;
    const char *path = change->given;
    jm_status status = hot_folders_remove(core, path);
    if (status == JM_ENOENT) {
        path = change->resolved;
        status = hot_folders_remove(core, path);
    }
    if (status == JM_ENOENT) {
        verdict_set(&change->verdict, 404, "%s is no hot folder", change->given);
        return JM_OK;
    }
    status = status < 0 ? status : hot_settings_list(core, path, false);
    status = status < 0 ? status : hot_state_read(core, &initialized, &running);
    status = status < 0 ? status : hot_folders_each(core, count_path, &left);
    status = status < 0 ? status : change_running(core, running && left > 0);
    return status < 0 ? status
                      : answer_folders(core, change->request, "Folder removed successfully", path);
}

/* What the client is told, in the words that it knows. */
static json_t *describe_refusal(const struct change *change)
{
    char *text = jm_path_text(jm_span_of(change->given));
    json_t *error =
        json_sprintf("%s: %s", change->adds ? "Failed to add folder" : "Folder not in watch list",
                     text == NULL ? "" : text);
    free(text);
    return json_pack("{s:o, s:s}", "error", error, "details", change->verdict.text);
}

static void answer_refusal(const struct change *change)
{
    const struct import_core *core = change->core;
    int32_t http_status = change->verdict.http_status;
    if (http_status >= 500) {
        answer_failure(core, change->request, &change->verdict, "The hot folders stay as they are",
                       NULL);
    } else {
        jm_json_respond(core->http, core->host, change->request, http_status,
                        describe_refusal(change));
    }
}

static jm_status on_judged(void *user, jm_id work, jm_status status)
{
    struct change *change = user;
    (void)work;
    if (status < 0 || !change->core->accepting) {
        verdict_set(&change->verdict, 503, "importing is being stopped; try again in a moment");
    }
    if (change->verdict.http_status == 0) {
        status = change->adds ? add_folder(change) : remove_folder(change);
        if (status < 0 && change->verdict.http_status == 0) {
            verdict_set(&change->verdict, status == JM_ENOSPC ? 503 : 500,
                        "the list of hot folders cannot be changed: %.*s",
                        JM_SPAN_ARGS(change->core->error->last(change->core->host)));
        }
    }
    if (change->verdict.http_status != 0) {
        answer_refusal(change);
    }
    change_free(change);
    return status;
}

static jm_status start_change(struct import_core *core, jm_id request, jm_span folder, bool adds)
{
    jm_id work;
    struct change *change = calloc(1, sizeof *change);
    if (change == NULL) {
        return JM_ENOMEM;
    }
    *change = (struct change){.core = core, .request = request, .adds = adds};
    change->given = jm_span_dup(folder);
    jm_status status = JM_ENOMEM;
    if (change->given != NULL) {
        status = core->work->submit(core->host, "look at a hot folder", run_judge, on_judged,
                                    change, &work);
    }
    if (status < 0) {
        change_free(change);
    }
    return status == JM_ESTATE ? JM_EBUSY : status;
}

/* Where no folder was ever added, nothing but adding one makes sense. */
static jm_status read_state(const struct import_core *core, bool *running_out)
{
    bool initialized;
    if (!core->accepting) {
        return import_fail(core, JM_EBUSY, "importing is being stopped; try again in a moment");
    }
    jm_status status = hot_state_read(core, &initialized, running_out);
    if (status == JM_OK && !initialized) {
        return import_fail(core, JM_EINVAL, NOT_INITIALIZED);
    }
    return status;
}

static jm_status on_change(struct import_core *core, const jm_request *request, bool adds)
{
    jm_span folder = {NULL, 0};
    bool running;
    jm_doc doc;
    jm_status status = read_state(core, &running);
    if (adds && status == JM_EINVAL) {
        status = JM_OK;
    }
    if (status < 0) {
        return status;
    }
    status = jm_doc_init(&doc, core->error, core->host, request->body);
    if (status == JM_OK) {
        status = jm_doc_text(&doc, "folder", false, &folder);
    }
    if (status == JM_OK && (folder.len == 0 || strlen(folder.ptr) != folder.len)) {
        status = import_fail(core, JM_EINVAL, "Folder path is required");
    }
    if (status == JM_OK) {
        status = start_change(core, request->id, folder, adds);
    }
    jm_doc_fini(&doc);
    return status;
}

static jm_status on_add(void *user, const jm_request *request)
{
    return on_change(user, request, true);
}

static jm_status on_remove(void *user, const jm_request *request)
{
    return on_change(user, request, false);
}

static jm_status on_status(void *user, const jm_request *request)
{
    const struct import_core *core = user;
    bool initialized;
    bool running;
    json_t *list = NULL;
    jm_status status = hot_state_read(core, &initialized, &running);
    if (status == JM_OK) {
        status = list_folders(core, &list);
    }
    if (status < 0) {
        return status;
    }
    json_t *json = json_pack("{s:b, s:o}", "running", running, "folders", list);
    if (initialized) {
        json_object_set_new(json, "folder_count", json_integer((json_int_t)json_array_size(list)));
        json_object_set_new(json, "folder_status", hot_describe(core->hot));
    } else {
        json_object_set_new(json, "message", json_string(NOT_INITIALIZED));
    }
    answer_success(core, request->id, json);
    return JM_OK;
}

static void answer_message(const struct import_core *core, jm_id request, const char *message)
{
    answer_success(core, request, json_pack("{s:s}", "message", message));
}

static jm_status on_start(void *user, const jm_request *request)
{
    struct import_core *core = user;
    bool running;
    size_t count = 0;
    jm_status status = read_state(core, &running);
    if (status == JM_OK && running) {
        answer_message(core, request->id, "Hot folder watcher is already running");
        return JM_OK;
    }
    status = status < 0 ? status : hot_folders_each(core, count_path, &count);
    if (status == JM_OK && count == 0) {
        return import_fail(core, JM_EEXIST, "there is no hot folder to watch; add one first");
    }
    status = status < 0 ? status : change_running(core, true);
    return status < 0 ? status
                      : answer_folders(core, request->id, "Hot folder watcher started", NULL);
}

static jm_status on_stop(void *user, const jm_request *request)
{
    struct import_core *core = user;
    bool running;
    jm_status status = read_state(core, &running);
    if (status < 0) {
        return status;
    }
    if (!running) {
        answer_message(core, request->id, "Hot folder watcher is not running");
        return JM_OK;
    }
    status = change_running(core, false);
    if (status == JM_OK) {
        answer_message(core, request->id, "Hot folder watcher stopped");
    }
    return status;
}

static const jm_route routes[] = {
    {.method = "GET",
     .path = "/hotfolder/status",
     .help = "The hot folders, and how each of them is doing.",
     .fn = on_status},
    {.method = "POST",
     .path = "/hotfolder/add",
     .flags = JM_ROUTE_BODY_OPTIONAL,
     .help = "Import what is in a folder, and whatever appears in it.",
     .fn = on_add},
    {.method = "POST",
     .path = "/hotfolder/remove",
     .flags = JM_ROUTE_BODY_OPTIONAL,
     .help = "Leave a folder alone.",
     .fn = on_remove},
    {.method = "POST",
     .path = "/hotfolder/start",
     .flags = JM_ROUTE_BODY_OPTIONAL,
     .help = "Watch the hot folders again.",
     .fn = on_start},
    {.method = "POST",
     .path = "/hotfolder/stop",
     .flags = JM_ROUTE_BODY_OPTIONAL,
     .help = "Watch no hot folder until /hotfolder/start.",
     .fn = on_stop},
};

jm_status hot_routes_add(struct import_core *core)
{
    return jm_routes_add(core->http, core->host, routes, JM_COUNT(routes), core);
}
