/* READ: what the files say about themselves, and whether two of them are one photograph. */
#include "kind.h"
#include "pair.h"
#include "photo.h"
#include "steps.h"

#include <junmai/sdk/json.h>

static jm_status start_read(struct one_import *import, size_t index);

/* Why READ has failed. */
static void judge_read(struct verdict *verdict, const char *name, jm_status status,
                       jm_span sentence)
{
    jm_span why = jm_span_cut(sentence, sizeof verdict->text);
    switch (status) {
    case JM_EINVAL:
    case JM_EUNSUPPORTED:
        verdict_set(verdict, 400, "%s: %.*s", name, JM_SPAN_ARGS(why));
        verdict->incomplete = status == JM_EINVAL;
        break;
    case JM_ECRASHED:
        verdict_trouble(verdict, 400, "worker_crashed", "%s: reading it crashed the worker: %.*s",
                        name, JM_SPAN_ARGS(why));
        break;
    case JM_ETIMEDOUT:
        verdict_trouble(verdict, 400, "worker_timeout", "%s: reading it took too long: %.*s", name,
                        JM_SPAN_ARGS(why));
        break;
    case JM_ENOMEM:
        verdict_trouble(verdict, 400, "worker_out_of_memory",
                        "%s: reading it took too much memory: %.*s", name, JM_SPAN_ARGS(why));
        break;
    default: /* no worker could be started: the file is not to blame */
        verdict_trouble(verdict, 503, "worker_failed", "%s cannot be read now: %.*s", name,
                        JM_SPAN_ARGS(why));
        break;
    }
}

/* A file leaves the unit; those behind it move up. */
static void drop_member(struct one_import *import, size_t index)
{
    member_fini(&import->members[index]);
    import->count--;
    memmove(&import->members[index], &import->members[index + 1],
            (import->count - index) * sizeof import->members[0]);
}

/* Whether a companion goes with the file that leaves: it bears that one's full name, or it is what
 * cameras and editors write beside a raw file. */
static bool goes_with(const struct member *companion, const struct member *leaving)
{
    bool raw = kind_of_name(leaving->name) == KIND_RAW;
    bool plain = name_stem(companion->tail).len == strlen(companion->tail) ||
                 strchr(companion->tail + 1, '.') == NULL;
    bool raws = name_has_extension(companion->name, ".xmp") || companion->role == ROLE_THUMBNAIL;
    return jm_span_is(name_stem(companion->name), leaving->name) || (raw && plain && raws);
}

/* The two are no pair: the one that was asked for goes on alone. */
static void part_ways(struct one_import *import)
{
    if (import->requested == 1) {
        struct member original = import->members[0];
        struct reading reading = import->readings[0];
        import->members[0] = import->members[1];
        import->members[1] = original;
        import->readings[0] = import->readings[1];
        import->readings[1] = reading;
        import->requested = 0;
        import->attach_to = 0;
        import->members[0].role = ROLE_ORIGINAL;
        import_reclaim(import, import->members[0].digests.sha256);
    }
    for (size_t i = import->count; i-- > 2;) {
        if (goes_with(&import->members[i], &import->members[1])) {
            drop_member(import, i);
        }
    }
    drop_member(import, 1);
}

static bool has_rendition(const struct one_import *import)
{
    return import->count > 1 && import->members[1].role == ROLE_RENDITION;
}

static bool is_pair(const struct one_import *import)
{
    return pair_agrees(import->readings[0].fields, import->readings[1].fields) &&
           import_rendition_fits(import) &&
           (import->attach_to == 0 || import_can_join(import, import->attach_to));
}

/* Everything is read. */
static jm_status finish(struct one_import *import)
{
    if (has_rendition(import) && !is_pair(import)) {
        part_ways(import);
    }
    if (import->readings[0].fields == NULL) {
        import->verdict = import->readings[0].verdict;
        return import_end(import);
    }
    import->fields = json_incref(import->readings[0].fields);
    int64_t whole = import_find_whole(import);
    if (whole != 0) {
        import_attach(import, whole);
    }
    return import_stamp(import);
}

static jm_status on_read(struct one_import *import, size_t index, jm_status status, jm_span text)
{
    struct reading *reading = &import->readings[index];
    const char *name = import->members[index].name;
    if (status == JM_ESTATE || status == JM_ECANCELLED) {
        return import_end_as_stopped(import);
    }
    if (status < 0) {
        judge_read(&reading->verdict, name, status, text);
    } else if ((reading->fields = photo_from_result(text)) == NULL) {
        verdict_trouble(&reading->verdict, 500, "worker_failed",
                        "the worker's answer about %s is no JSON object", name);
    }
    return index == 0 && has_rendition(import) ? start_read(import, 1) : finish(import);
}

static jm_status on_original_read(void *user, jm_id task, jm_status status, jm_span text)
{
    (void)task;
    return on_read(user, 0, status, text);
}

static jm_status on_rendition_read(void *user, jm_id task, jm_status status, jm_span text)
{
    (void)task;
    return on_read(user, 1, status, text);
}

/* The XMP sidecar of a file, or NULL: "IMG.xmp" before "IMG.CR2.xmp". */
static const struct member *sidecar_of(const struct one_import *import, size_t index)
{
    const struct member *found = NULL;
    for (size_t i = 1; i < import->count; i++) {
        const struct member *member = &import->members[i];
        bool xmp = member->role == ROLE_SIDECAR && name_has_extension(member->name, ".xmp");
        bool plain = index == 0 && strlen(member->tail) == strlen(".xmp");
        bool full = jm_span_is(name_stem(member->name), import->members[index].name);
        if (xmp && (plain || (full && found == NULL))) {
            found = member;
        }
    }
    return found;
}

static jm_status start_read(struct one_import *import, size_t index)
{
    struct import_core *core = import->core;
    const struct member *member = &import->members[index];
    const struct member *sidecar = sidecar_of(import, index);
    const int fds[] = {member->part.fd, sidecar == NULL ? -1 : sidecar->part.fd};
    char label[NAME_BYTES + 8];
    jm_id id;
    snprintf(label, sizeof label, "read %s", member->name);
    json_t *json = json_pack("{s:s}", "name", member->name);
    jm_span request = jm_json_dump(json);
    json_decref(json);
    jm_task task = {
        .size = sizeof task,
        .priority = JM_TASK_NORMAL,
        .name = "metadata",
        .label = label,
        .request = request,
        .fds = fds,
        .fd_count = sidecar == NULL ? 1 : 2,
        .wall_ms = core->options.metadata_wall_ms,
        .done = index == 0 ? on_original_read : on_rendition_read,
        .user = import,
    };
    jm_status status = request.ptr == NULL ? JM_ENOMEM : core->task->run(core->host, &task, &id);
    free((char *)request.ptr);
    if (status == JM_OK) {
        return JM_OK;
    }
    if (status == JM_ESTATE) {
        return import_end_as_stopped(import);
    }
    verdict_trouble(&import->verdict, 503, "worker_failed", "%s cannot be read now: %.*s",
                    member->name, JM_SPAN_ARGS(core->error->last(core->host)));
    return import_end(import);
}

jm_status import_read(struct one_import *import)
{
    return start_read(import, 0);
}
