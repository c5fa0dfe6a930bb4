/* GATHER: the files of a unit, opened, copied and verified. [worker] */
#include "space.h"
#include "steps.h"

#include <junmai/sdk/path.h>
#include <unistd.h>

/* The sources of a unit while they are copied. */
struct gathering {
    struct one_import *import;
    struct unit unit;
    struct source sources[UNIT_FILES_MAX];
    size_t open;
    char folder[PATH_MAX]; /* ends with '/' */
};

static void take_tail(struct member *member, const char *original)
{
    jm_span stem = unit_stem(original);
    bool fits = strncmp(member->name, stem.ptr, stem.len) == 0;
    size_t at = fits ? stem.len : name_stem(member->name).len;
    snprintf(member->tail, sizeof member->tail, "%s", member->name + at);
}

static bool member_init(struct member *member, enum file_role role, const struct source *source)
{
    member->role = role;
    member->info = source->info;
    member->path = jm_span_dup(jm_span_of(source->path));
    member->source_path = jm_path_text(jm_span_of(source->path));
    name_from_path(source->path, member->name);
    return member->path != NULL && member->source_path != NULL;
}

/* Open all files of the unit. */
static bool open_all(struct gathering *gathering)
{
    struct one_import *import = gathering->import;
    const struct import_options *options = &import->core->options;
    for (size_t i = 0; i < gathering->unit.count; i++) {
        char path[PATH_MAX + NAME_BYTES];
        struct member *member = &import->members[i];
        struct source *source = &gathering->sources[i];
        snprintf(path, sizeof path, "%s%s", gathering->folder, gathering->unit.files[i].name);
        if (!source_open(&options->roots, options->max_file_bytes, path, source,
                         &import->verdict)) {
            return false;
        }
        gathering->open++;
        member->part = PART_NONE;
        import->count++;
        if (!member_init(member, gathering->unit.files[i].role, source)) {
            return verdict_set(&import->verdict, 503, "out of memory");
        }
        take_tail(member, import->members[0].name);
    }
    return true;
}

/* The unit around the file that was asked for. */
static bool find_unit(struct gathering *gathering)
{
    struct one_import *import = gathering->import;
    const struct import_options *options = &import->core->options;
    struct source source;
    if (!source_open(&options->roots, options->max_file_bytes, import->path, &source,
                     &import->verdict)) {
        return false;
    }
    close(source.fd);
    unit_find(source.path, import->pairs, &gathering->unit);
    import->requested = gathering->unit.requested;
    if (import->join != 0) {
        gathering->unit.files[0].role = role_of_name(gathering->unit.files[0].name);
    }
    const char *slash = strrchr(source.path, '/');
    snprintf(gathering->folder, sizeof gathering->folder, "%.*s", (int)(slash + 1 - source.path),
             source.path);
    return true;
}

/* Whether the disks have room for all of it. A backup that is not there is told later, as one that has
 * failed. */
static bool check_space(const struct gathering *gathering)
{
    struct one_import *import = gathering->import;
    const struct import_options *options = &import->core->options;
    uint64_t needed = 0;
    uint64_t free_bytes;
    for (size_t i = 0; i < import->count; i++) {
        needed += (uint64_t)import->members[i].info.st_size;
    }
    if (import->mode != IMPORT_REFERENCE &&
        !space_check(options->library, "the library", needed, &import->verdict)) {
        return false;
    }
    return options->backup[0] == '\0' || space_free(options->backup, &free_bytes) != 0 ||
           space_compare(options->backup, "the backup", needed, free_bytes, &import->verdict);
}

/* A file that stays where it is is read from there. */
static bool hash_in_place(struct gathering *gathering, size_t i)
{
    struct one_import *import = gathering->import;
    struct member *member = &import->members[i];
    struct source *source = &gathering->sources[i];
    if (!copy_and_hash(source, -1, import->copied, &member->digests, &import->verdict)) {
        return false;
    }
    member->part.fd = source->fd;
    source->fd = -1;
    return true;
}

static bool copy_all(struct gathering *gathering)
{
    struct one_import *import = gathering->import;
    const struct import_options *options = &import->core->options;
    bool verify = options->verify || import->mode == IMPORT_MOVE;
    bool ok = true;
    for (size_t i = 0; ok && i < import->count; i++) {
        struct member *member = &import->members[i];
        ok = import->mode == IMPORT_REFERENCE
                 ? hash_in_place(gathering, i)
                 : part_fill(&member->part, options->library, &gathering->sources[i], verify,
                             import->copied, &member->digests, &import->verdict);
    }
    return ok;
}

jm_status import_run_gather(void *user)
{
    struct gathering *gathering = calloc(1, sizeof *gathering);
    struct one_import *import = user;
    if (gathering == NULL) {
        verdict_set(&import->verdict, 503, "out of memory");
        return JM_OK;
    }
    gathering->import = import;
    if (find_unit(gathering) && open_all(gathering) && check_space(gathering)) {
        copy_all(gathering);
    }
    for (size_t i = 0; i < gathering->open; i++) {
        if (gathering->sources[i].fd >= 0) {
            close(gathering->sources[i].fd);
        }
    }
    free(gathering);
    return JM_OK;
}
