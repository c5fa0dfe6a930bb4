/* STAMP: what the studio says of each of its photographs goes into the library's copies, never into
 * the sources. Where a photograph's format takes none, it gets an XMP sidecar.
 *
 * Each copy is written anew by a worker process, from the verified copy into a part of its own, which
 * takes that one's place. A photograph that cannot be stamped comes in as it is, with a warning. */
#include "kind.h"
#include "naming.h"
#include "photo.h"
#include "stamp.h"
#include "steps.h"

#include <errno.h>
#include <fcntl.h>
#include <junmai/sdk/json.h>
#include <stdio.h>
#include <unistd.h>

struct stamping {
    struct one_import *import;
    size_t index; /* of the member that is being stamped */
    struct part part;
    int write_fd; /* the part, -1 where it is not open for writing */
    json_t *request;
    struct digests digests; /* of what was written */
    off_t bytes;
    struct verdict verdict;
};

static jm_status stamp_next(struct stamping *stamping);

static struct member *member_of(const struct stamping *stamping)
{
    return &stamping->import->members[stamping->index];
}

static bool is_xmp(const struct member *member)
{
    return member->role == ROLE_SIDECAR && name_has_extension(member->name, ".xmp");
}

static bool is_target(const struct member *member)
{
    return !member->known &&
           (member->role == ROLE_ORIGINAL || member->role == ROLE_RENDITION || is_xmp(member));
}

static void drop_part(struct stamping *stamping)
{
    if (stamping->write_fd >= 0) {
        close(stamping->write_fd);
    }
    stamping->write_fd = -1;
    part_fini(&stamping->part);
}

static void stamping_free(struct stamping *stamping)
{
    drop_part(stamping);
    json_decref(stamping->request);
    free(stamping);
}

static jm_status stop(struct stamping *stamping)
{
    struct one_import *import = stamping->import;
    stamping_free(stamping);
    return import_end_as_stopped(import);
}

static jm_status go_on(struct stamping *stamping)
{
    drop_part(stamping);
    stamping->index++;
    return stamp_next(stamping);
}

/* The member stays as it is; a sidecar that was to be made is none. */
static jm_status give_up(struct stamping *stamping, jm_span why)
{
    struct one_import *import = stamping->import;
    struct member *member = member_of(stamping);
    JM_LOGF(import->core->log, import->core->host, JM_LOG_WARNING,
            "%s came in without the studio's metadata: %.*s", member->name, JM_SPAN_ARGS(why));
    photo_warn(import->fields, "not_stamped");
    if (member->made) {
        member_fini(member);
        import->count--;
    }
    return go_on(stamping);
}

/* The new part, brought to the disk and read from there. [worker] */
static jm_status run_finish(void *user)
{
    struct stamping *stamping = user;
    const struct member *member = member_of(stamping);
    struct source source = {.fd = stamping->part.fd};
    const struct timespec times[2] = {member->info.st_mtim, member->info.st_mtim};
    snprintf(source.path, sizeof source.path, "%s", member->name);
    if ((!member->made && futimens(stamping->write_fd, times) < 0) ||
        fsync(stamping->write_fd) < 0 || fstat(source.fd, &source.info) < 0) {
        verdict_library(&stamping->verdict, errno, "bringing the copy to the disk");
        return JM_OK;
    }
    posix_fadvise(source.fd, 0, 0, POSIX_FADV_DONTNEED);
    stamping->bytes = source.info.st_size;
    copy_and_hash(&source, -1, NULL, &stamping->digests, &stamping->verdict);
    return JM_OK;
}

static jm_status on_finished(void *user, jm_id work, jm_status status)
{
    struct stamping *stamping = user;
    struct member *member = member_of(stamping);
    (void)work;
    if (status < 0) {
        return stop(stamping);
    }
    if (stamping->verdict.http_status != 0) {
        struct verdict verdict = stamping->verdict;
        return give_up(stamping, jm_span_of(verdict.text));
    }
    part_fini(&member->part);
    member->part = stamping->part;
    stamping->part = PART_NONE;
    member->stamped = true;
    member->stored = stamping->digests;
    member->stored_bytes = stamping->bytes;
    if (member->made) {
        member->digests = stamping->digests;
        member->info.st_size = stamping->bytes;
    }
    return go_on(stamping);
}

static bool has_sidecar(const struct one_import *import)
{
    for (size_t i = 0; i < import->count; i++) {
        if (is_xmp(&import->members[i])) {
            return true;
        }
    }
    return false;
}

/* One more member, without a source: it is stamped when its turn comes. */
static bool add_sidecar(struct one_import *import)
{
    const struct member *original = &import->members[0];
    jm_span stem = name_stem(original->name);
    if (import->count == UNIT_FILES_MAX || stem.len + sizeof ".xmp" > NAME_BYTES) {
        return false;
    }
    struct member *member = &import->members[import->count++];
    *member = (struct member){.role = ROLE_SIDECAR, .part = PART_NONE, .made = true};
    snprintf(member->name, sizeof member->name, "%.*s.xmp", JM_SPAN_ARGS(stem));
    snprintf(member->tail, sizeof member->tail, ".xmp");
    member->path = jm_span_dup(jm_span_of(""));
    member->source_path = jm_span_dup(jm_span_of(original->source_path));
    return member->path != NULL && member->source_path != NULL;
}

/* The format takes no packet. */
static jm_status stamp_beside(struct stamping *stamping)
{
    struct one_import *import = stamping->import;
    if (member_of(stamping)->role == ROLE_ORIGINAL && !has_sidecar(import) &&
        !add_sidecar(import)) {
        return give_up(stamping, jm_span_of("its format takes none, nor is there a sidecar"));
    }
    return go_on(stamping);
}

static jm_status on_written(void *user, jm_id task, jm_status status, jm_span text)
{
    struct stamping *stamping = user;
    const struct import_core *core = stamping->import->core;
    jm_id work;
    (void)task;
    if (status == JM_ESTATE || status == JM_ECANCELLED) {
        return stop(stamping);
    }
    if (status < 0) {
        return give_up(stamping, text);
    }
    json_t *result = json_loadb(text.ptr, text.len, 0, NULL);
    bool written = json_is_true(json_object_get(result, "written"));
    json_decref(result);
    if (!written) {
        return stamp_beside(stamping);
    }
    status = core->work->submit(core->host, "verify a stamped copy", run_finish, on_finished,
                                stamping, &work);
    return status < 0 ? stop(stamping) : JM_OK;
}

static jm_status run_task(struct stamping *stamping)
{
    const struct one_import *import = stamping->import;
    const struct import_core *core = import->core;
    const struct member *member = member_of(stamping);
    const int there = member->made ? import->members[0].part.fd : member->part.fd;
    const int fds[] = {there, stamping->write_fd, stamping->part.fd};
    char label[NAME_BYTES + 8];
    jm_id id;
    snprintf(label, sizeof label, "stamp %s", member->name);
    json_object_set_new(stamping->request, "name", json_string(member->name));
    json_object_set_new(stamping->request, "sidecar", json_boolean(is_xmp(member)));
    jm_span request = jm_json_dump(stamping->request);
    jm_task task = {
        .size = sizeof task,
        .priority = JM_TASK_NORMAL,
        .name = "stamp",
        .label = label,
        .request = request,
        .fds = fds,
        .fd_count = JM_COUNT(fds),
        .wall_ms = core->options.metadata_wall_ms,
        .done = on_written,
        .user = stamping,
    };
    jm_status status = request.ptr == NULL ? JM_ENOMEM : core->task->run(core->host, &task, &id);
    free((char *)request.ptr);
    return status;
}

/* [worker] */
static jm_status run_prepare(void *user)
{
    struct stamping *stamping = user;
    const struct import_options *options = &stamping->import->core->options;
    stamping->write_fd = part_new(&stamping->part, options->library);
    if (stamping->write_fd < 0) {
        verdict_library(&stamping->verdict, errno, "making a file in the library");
    }
    return JM_OK;
}

static jm_status on_prepared(void *user, jm_id work, jm_status status)
{
    struct stamping *stamping = user;
    const struct import_core *core = stamping->import->core;
    (void)work;
    if (status < 0) {
        return stop(stamping);
    }
    if (stamping->verdict.http_status != 0) {
        struct verdict verdict = stamping->verdict;
        return give_up(stamping, jm_span_of(verdict.text));
    }
    status = run_task(stamping);
    if (status == JM_ESTATE) {
        return stop(stamping);
    }
    return status < 0 ? give_up(stamping, core->error->last(core->host)) : JM_OK;
}

static jm_status stamp_next(struct stamping *stamping)
{
    struct one_import *import = stamping->import;
    const struct import_core *core = import->core;
    jm_id work;
    while (stamping->index < import->count && !is_target(member_of(stamping))) {
        stamping->index++;
    }
    if (stamping->index == import->count) {
        stamping_free(stamping);
        return import_place(import);
    }
    stamping->verdict = (struct verdict){0};
    jm_status status = core->work->submit(core->host, "stamp a photograph", run_prepare,
                                          on_prepared, stamping, &work);
    return status < 0 ? stop(stamping) : JM_OK;
}

static void take_name(void *user, jm_span json)
{
    json_t **session_out = user;
    *session_out = json_loadb(json.ptr, json.len, 0, NULL);
}

/* What is to be said of this photograph. */
static json_t *expand(const struct one_import *import)
{
    const catalog_service *catalog = catalog_of(import->core);
    jm_span day = photo_day(import->fields);
    json_t *session = NULL;
    char year[8];
    snprintf(year, sizeof year, "%.*s", day.len >= 4 ? 4 : 0, day.ptr == NULL ? "" : day.ptr);
    if (import->session != 0 && catalog != NULL) {
        catalog->get_session(catalog_data(import->core), import->session, take_name, &session);
    }
    const char *name = json_string_value(json_object_get(session, "name"));
    json_t *request = stamp_expand(import->stamp, name == NULL ? "" : name, year);
    json_decref(session);
    return request;
}

jm_status import_stamp(struct one_import *import)
{
    if (import->stamp == NULL || import->mode == IMPORT_REFERENCE) {
        return import_place(import);
    }
    struct stamping *stamping = calloc(1, sizeof *stamping);
    if (stamping == NULL) {
        return import_end_by_catalog(import, JM_ENOMEM);
    }
    *stamping = (struct stamping){
        .import = import, .part = PART_NONE, .write_fd = -1, .request = expand(import)};
    return stamp_next(stamping);
}
