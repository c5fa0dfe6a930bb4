/* Reading, writing and following the studio's document. Loop thread, but for run_judge(). */
#include "hot_settings.h"

#include "hot.h"
#include "hot_folder.h"
#include "hot_ledger.h"

#include <junmai/sdk/json.h>
#include <junmai/sdk/path.h>

#define FOLLOW_MS 1000u
#define FOLDERS_POINTER "/system/hot_folders"

/* The folders of the document while they are looked at. */
struct meeting {
    struct hot_settings *settings;
    json_t *listed; /* texts */
    size_t count;
    struct {
        char *bytes;
        bool usable;
        char resolved[PATH_MAX];
        struct verdict verdict;
    } folders[HOT_FOLDERS_MAX];
};

static void take_bool(void *user, jm_span json)
{
    *(bool *)user = !jm_span_is(json, "false");
}

bool hot_settings_allow(const struct import_core *core)
{
    const settings_service *service = settings_of(core);
    bool allowed = true;
    if (service != NULL) {
        service->get(settings_data(core), jm_span_of("/processing/auto_import"), take_bool,
                     &allowed);
    }
    return allowed;
}

static void take_json(void *user, jm_span json)
{
    json_t **json_out = user;
    *json_out = json_loadb(json.ptr, json.len, 0, NULL);
}

/* What the document lists, a new array. */
static json_t *read_listed(const struct import_core *core)
{
    json_t *listed = NULL;
    settings_of(core)->get(settings_data(core), jm_span_of(FOLDERS_POINTER), take_json, &listed);
    if (!json_is_array(listed)) {
        json_decref(listed);
        listed = json_array();
    }
    return listed;
}

/* Where the text is listed; the array's size where it is not. */
static size_t find_text(const json_t *listed, const char *text)
{
    size_t i = 0;
    for (; i < json_array_size(listed); i++) {
        const char *each = json_string_value(json_array_get(listed, i));
        if (each != NULL && strcmp(each, text) == 0) {
            break;
        }
    }
    return i;
}

static jm_status write_listed(const struct import_core *core, const json_t *listed)
{
    const settings_service *service = settings_of(core);
    jm_span text = jm_json_dump(listed);
    jm_status status = text.ptr == NULL
                           ? JM_ENOMEM
                           : service->set(settings_data(core), jm_span_of(FOLDERS_POINTER), text);
    free((char *)text.ptr);
    return status < 0 ? import_fail(core, status, "the settings do not take the hot folders: %.*s",
                                    JM_SPAN_ARGS(service->last_error(settings_data(core))))
                      : JM_OK;
}

jm_status hot_settings_list(const struct import_core *core, const char *path, bool listed)
{
    if (settings_of(core) == NULL) {
        return JM_OK;
    }
    char *text = jm_path_text(jm_span_of(path));
    json_t *list = text == NULL ? NULL : read_listed(core);
    size_t at = text == NULL ? 0 : find_text(list, text);
    bool found = at < json_array_size(list);
    jm_status status = list == NULL ? JM_ENOMEM : JM_OK;
    if (status == JM_OK && found != listed) {
        if (listed) {
            json_array_append_new(list, json_string(text));
        } else {
            json_array_remove(list, at);
        }
        status = write_listed(core, list);
    }
    json_decref(list);
    free(text);
    return status;
}

static void meeting_free(struct meeting *meeting)
{
    for (size_t i = 0; i < meeting->count; i++) {
        free(meeting->folders[i].bytes);
    }
    json_decref(meeting->listed);
    free(meeting);
}

static jm_status run_judge(void *user)
{
    struct meeting *meeting = user;
    const struct import_roots *roots = &meeting->settings->core->options.roots;
    for (size_t i = 0; i < json_array_size(meeting->listed) && i < HOT_FOLDERS_MAX; i++) {
        const char *text = json_string_value(json_array_get(meeting->listed, i));
        char *bytes = hot_folder_bytes(text == NULL ? "" : text);
        meeting->folders[i].bytes = bytes;
        meeting->folders[i].usable =
            bytes != NULL && hot_folder_find(roots, bytes, meeting->folders[i].resolved,
                                             &meeting->folders[i].verdict);
        meeting->count++;
    }
    return JM_OK;
}

static bool has_folder(const struct meeting *meeting, const char *path)
{
    bool found = false;
    for (size_t i = 0; i < meeting->count; i++) {
        const char *bytes = meeting->folders[i].bytes;
        found |= (bytes != NULL && strcmp(bytes, path) == 0) ||
                 (meeting->folders[i].usable && strcmp(meeting->folders[i].resolved, path) == 0);
    }
    return found;
}

/* The folders of the store. */
struct kept {
    size_t count;
    char *paths[HOT_FOLDERS_MAX];
};

static void keep_path(void *user, const char *path)
{
    struct kept *kept = user;
    char *copy = kept->count < HOT_FOLDERS_MAX ? jm_span_dup(jm_span_of(path)) : NULL;
    if (copy != NULL) {
        kept->paths[kept->count++] = copy;
    }
}

/* A folder that the document does not list: the first time it is told of it, later it is dropped.
 * */
static jm_status meet_kept(const struct meeting *meeting, const char *path)
{
    const struct hot_settings *settings = meeting->settings;
    if (has_folder(meeting, path)) {
        return JM_OK;
    }
    return settings->met ? hot_folders_remove(settings->core, path)
                         : hot_settings_list(settings->core, path, true);
}

/* What the store does not have yet. */
static jm_status take_up(const struct meeting *meeting, size_t i)
{
    const struct import_core *core = meeting->settings->core;
    if (!meeting->folders[i].usable) {
        JM_LOGF(core->log, core->host, JM_LOG_WARNING,
                "a hot folder of the settings is left out: %s", meeting->folders[i].verdict.text);
        return JM_OK;
    }
    jm_status status = hot_folders_add(core, meeting->folders[i].resolved);
    return status == JM_EEXIST ? JM_OK : status;
}

static void count_path(void *user, const char *path)
{
    (void)path;
    ++*(size_t *)user;
}

/* Where there was never a folder, the first ones are watched at once. */
static jm_status settle_running(const struct import_core *core)
{
    bool initialized;
    bool running;
    size_t count = 0;
    jm_status status = hot_state_read(core, &initialized, &running);
    status = status < 0 ? status : hot_folders_each(core, count_path, &count);
    bool should = count > 0 && (running || !initialized);
    bool write = initialized ? should != running : should;
    return status < 0 || !write ? status : hot_state_write(core, should);
}

static jm_status on_committed(void *user, jm_status status)
{
    struct import_core *core = user;
    (void)status;
    return core->accepting ? hot_apply(core->hot) : JM_OK;
}

static jm_status meet(const struct meeting *meeting)
{
    struct import_core *core = meeting->settings->core;
    struct kept kept = {.count = 0};
    jm_status status = hot_folders_each(core, keep_path, &kept);
    for (size_t i = 0; i < kept.count; i++) {
        status = status < 0 ? status : meet_kept(meeting, kept.paths[i]);
        free(kept.paths[i]);
    }
    for (size_t i = 0; status == JM_OK && i < meeting->count; i++) {
        status = take_up(meeting, i);
    }
    status = status < 0 ? status : settle_running(core);
    return status < 0 ? status : core->store->after_commit(core->host, on_committed, core);
}

static jm_status on_judged(void *user, jm_id work, jm_status status)
{
    struct meeting *meeting = user;
    struct hot_settings *settings = meeting->settings;
    const struct import_core *core = settings->core;
    (void)work;
    settings->judging = false;
    if (status == JM_OK && core->accepting && settings_of(core) != NULL) {
        status = meet(meeting);
        settings->met = settings->met || status == JM_OK;
    }
    meeting_free(meeting);
    return status;
}

static jm_status on_follow(void *user, jm_id timer)
{
    struct hot_settings *settings = user;
    const struct import_core *core = settings->core;
    const settings_service *service = settings_of(core);
    jm_id work;
    (void)timer;
    if (service == NULL || settings->judging) {
        return JM_OK;
    }
    uint64_t revision = service->revision(settings_data(core));
    if (settings->met && revision == settings->revision) {
        return JM_OK;
    }
    struct meeting *meeting = calloc(1, sizeof *meeting);
    if (meeting == NULL) {
        return JM_ENOMEM;
    }
    meeting->settings = settings;
    meeting->listed = read_listed(core);
    jm_status status = core->work->submit(core->host, "look at the hot folders of the settings",
                                          run_judge, on_judged, meeting, &work);
    if (status < 0) {
        meeting_free(meeting);
        return status;
    }
    settings->revision = revision;
    settings->judging = true;
    return JM_OK;
}

void hot_settings_start(struct hot_settings *settings, struct import_core *core)
{
    settings->core = core;
    if (settings_of(core) != NULL && settings->timer == 0 &&
        core->timer->start(core->host, "settings of hot folders", 0, FOLLOW_MS, on_follow, settings,
                           &settings->timer) < 0) {
        settings->timer = 0;
    }
}

void hot_settings_stop(struct hot_settings *settings)
{
    if (settings->timer != 0) {
        settings->core->timer->stop(settings->core->host, settings->timer);
        settings->timer = 0;
    }
}
