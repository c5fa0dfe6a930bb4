/* SETTLE: what is left to do once the photograph is in the catalog. Nothing here undoes it. */
#include "backup.h"
#include "events.h"
#include "photo.h"
#include "steps.h"

#include <unistd.h>

static bool is_same_file(const struct member *member)
{
    struct stat now;
    return lstat(member->path, &now) == 0 && now.st_dev == member->info.st_dev &&
           now.st_ino == member->info.st_ino && now.st_size == member->info.st_size &&
           now.st_mtim.tv_sec == member->info.st_mtim.tv_sec &&
           now.st_mtim.tv_nsec == member->info.st_mtim.tv_nsec;
}

/* A source goes only when everything that should be there instead is there, and when it is still the
 * file that was copied. */
static void remove_source(const struct one_import *import, struct member *member)
{
    bool safe = import->sync_error == 0 && member->backup.http_status == 0;
    member->kept = !safe || !is_same_file(member) || unlink(member->path) < 0;
}

static jm_status run_settle(void *user)
{
    struct one_import *import = user;
    const struct import_options *options = &import->core->options;
    for (size_t i = 0; i < import->count && import->mode != IMPORT_REFERENCE; i++) {
        if (!import->members[i].known) {
            import->sync_error = part_sync_folder(&import->members[i].part, import->folder);
            break;
        }
    }
    for (size_t i = 0; i < import->count; i++) {
        struct member *member = &import->members[i];
        if (!member->known && options->backup[0] != '\0') {
            backup_member(import, member);
        }
        if (!member->known && !member->made && import->mode == IMPORT_MOVE) {
            remove_source(import, member);
        }
    }
    return JM_OK;
}

static void record_backup(const struct one_import *import, const struct member *member)
{
    bool failed = member->backup.http_status != 0;
    struct report_line line = {
        .import_id = import->import_id,
        .photo = import->photo,
        .source = member->source_path,
        .destination = member->backup_path,
        .role = "backup",
        .verified = !failed && (import->core->options.verify || import->mode == IMPORT_MOVE),
        .digest = member_stored(member)->xxh3,
        .bytes = member_bytes(member),
        .error = failed ? member->backup.text : NULL,
    };
    report_add_line(import->core, &line);
}

static void tell_backup(struct one_import *import, const struct member *member)
{
    struct verdict trouble = {0};
    record_backup(import, member);
    if (member->backup.http_status != 0) {
        photo_warn(import->fields, "backup_failed");
        verdict_trouble(&trouble, 503, "backup_failed", "%s is imported, but has no backup: %s",
                        member->final_path, member->backup.text);
        events_trouble(import->core, &trouble, import->path);
    }
}

static void tell_sync(const struct one_import *import)
{
    struct verdict trouble = {0};
    if (import->sync_error != 0) {
        verdict_trouble(&trouble, 503, "library_unwritable",
                        "%s is imported, but its folder could not be brought to the disk: check "
                        "the library's disk",
                        import->members[import->requested].final_path);
        events_trouble(import->core, &trouble, import->path);
    }
}

static jm_status on_settled(void *user, jm_id work, jm_status status)
{
    struct one_import *import = user;
    (void)work;
    bool ran = status == JM_OK;
    tell_sync(import);
    for (size_t i = 0; i < import->count; i++) {
        const struct member *member = &import->members[i];
        if (!member->known && import->core->options.backup[0] != '\0' && ran) {
            tell_backup(import, member);
        }
        if (!member->known && import->mode == IMPORT_MOVE && (member->kept || !ran)) {
            photo_warn(import->fields, "source_not_removed");
        }
    }
    return import_end(import);
}

jm_status import_settle(struct one_import *import)
{
    const struct import_core *core = import->core;
    jm_id work;
    jm_status status =
        core->work->submit(core->host, "settle an import", run_settle, on_settled, import, &work);
    return status < 0 ? on_settled(import, 0, status) : JM_OK;
}
