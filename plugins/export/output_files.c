/* Opening, placing, closing. */
#define _GNU_SOURCE
#include "output_files.h"

#include "preset_fields.h"

#include <errno.h>
#include <fcntl.h>
#include <junmai/sdk/path.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define NUMBER_MAX 99999u

int export_source_open(const char *path, char reason_out[EXPORT_REASON_BYTES])
{
    const int flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
    struct stat info;
    int fd = open(path, flags);
    if (fd < 0 && errno == ENOENT) {
        char *bytes = jm_path_bytes(jm_span_of(path));
        fd = bytes == NULL ? -1 : open(bytes, flags);
        free(bytes);
    }
    if (fd < 0) {
        snprintf(reason_out, EXPORT_REASON_BYTES, "the photograph %.300s cannot be opened: %s",
                 path, strerror(errno));
    } else if (fstat(fd, &info) < 0 || !S_ISREG(info.st_mode)) {
        snprintf(reason_out, EXPORT_REASON_BYTES, "%.300s is no file", path);
        close(fd);
        fd = -1;
    }
    return fd;
}

/* What an earlier attempt has left: the finished file is taken for ours, an unfinished one goes. */
static void look_back(struct export_output *output)
{
    const struct export_record *before = &output->before;
    char part[PATH_MAX + NAME_MAX + 2];
    struct stat info;
    if (!before->known || before->part[0] == '\0')
        return;
    bool is_placed = lstat(before->path, &info) == 0 && S_ISREG(info.st_mode) &&
                     info.st_dev == before->device && info.st_ino == before->inode;
    if (is_placed) {
        output->state = OUTPUT_FOUND;
        output->record = *before;
        output->bytes = info.st_size;
        return;
    }
    const char *slash = strrchr(before->path, '/');
    snprintf(part, sizeof part, "%.*s/%s", (int)(slash - before->path), before->path, before->part);
    (void)unlink(part);
}

static bool open_folder(const struct export_core *core, struct export_output *output,
                        char folder_out[PATH_MAX])
{
    const char *destination = export_preset_text(output->preset, "destination");
    char reason[EXPORT_REASON_BYTES];
    bool outside;
    if (!export_roots_absolute(destination, core->options.exports, folder_out)) {
        export_output_fail(output, true, "destination: %.300s is no folder", destination);
        return false;
    }
    output->folder_fd =
        export_roots_open_folder(&core->options.roots, folder_out, &outside, reason);
    if (output->folder_fd < 0)
        export_output_fail(output, outside, "destination: %s", reason);
    return output->folder_fd >= 0;
}

static bool open_watermark(const struct export_core *core, struct export_output *output)
{
    const char *image = export_preset_text(output->preset, "watermark_image");
    char path[PATH_MAX];
    char reason[EXPORT_REASON_BYTES] = "its path is too long";
    if (!export_preset_flag(output->preset, "watermark_enabled") || image[0] == '\0')
        return true;
    if (export_roots_absolute(image, core->options.exports, path))
        output->mark_fd = export_roots_open_file(&core->options.roots, path, reason);
    if (output->mark_fd < 0)
        export_output_fail(output, true, "watermark_image: %s", reason);
    return output->mark_fd >= 0;
}

static bool policy_is(const struct export_output *output, const char *policy)
{
    return strcmp(export_preset_text(output->preset, "collision_policy"), policy) == 0;
}

static bool skip_existing(struct export_output *output, const struct stat *info)
{
    output->state = OUTPUT_FOUND;
    output->skipped = true;
    output->bytes = info->st_size;
    return true;
}

/* A path that is free, or may be written over, and is promised to no other job. */
static bool choose_path(struct export_core *core, struct export_output *output, const char *folder)
{
    const char *extension = export_format_extension(export_preset_text(output->preset, "format"));
    char name[EXPORT_NAME_BYTES];
    struct stat info;
    for (unsigned number = 0; number <= NUMBER_MAX; number++) {
        export_template_name(output->stem, number, extension, name);
        int len = snprintf(output->record.path, PATH_MAX, "%s/%s", folder, name);
        if (len >= PATH_MAX)
            break;
        bool exists = fstatat(output->folder_fd, name, &info, AT_SYMLINK_NOFOLLOW) == 0;
        if (exists && number == 0 && policy_is(output, "skip"))
            return skip_existing(output, &info);
        bool may_be =
            !exists || (number == 0 && policy_is(output, "overwrite") && S_ISREG(info.st_mode));
        if (may_be && export_paths_take(&core->paths, output->record.path, output->job))
            return true;
    }
    export_output_fail(output, true, "%.300s has no free name for it any more", folder);
    return false;
}

/* What a crash has left under the name goes: a job has one attempt at a time. */
static void open_part(struct export_output *output)
{
    const int flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    struct export_record *record = &output->record;
    struct stat info;
    snprintf(record->part, sizeof record->part, ".junmai-%s.part", output->job);
    (void)unlinkat(output->folder_fd, record->part, 0);
    output->part_fd = openat(output->folder_fd, record->part, flags, 0644);
    if (output->part_fd < 0 || fstat(output->part_fd, &info) < 0) {
        export_output_fail(output, false, "a file for %.300s cannot be made: %s", record->path,
                           strerror(errno));
        return;
    }
    record->device = info.st_dev;
    record->inode = info.st_ino;
    record->known = true;
}

void export_output_settle(struct export_core *core, struct export_output *output)
{
    char folder[PATH_MAX];
    look_back(output);
    if (output->state == OUTPUT_FOUND)
        return;
    if (output->stem[0] == '\0') {
        export_output_fail(output, true,
                           "filename_template \"%.200s\" yields an empty name for this photograph",
                           export_preset_text(output->preset, "filename_template"));
        return;
    }
    export_paths_give(&core->paths, output->job);
    if (open_folder(core, output, folder))
        (void)choose_path(core, output, folder);
}

void export_output_open(struct export_core *core, struct export_output *output)
{
    export_output_settle(core, output);
    if (output->state == OUTPUT_OPEN && open_watermark(core, output))
        open_part(output);
}

/* rename() that fails where the name is taken, also on file systems that know no such flag. */
static int rename_to_free_name(int folder, const char *part, const char *name)
{
    if (renameat2(folder, part, folder, name, RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS)
        return -1;
    if (linkat(folder, part, folder, name, 0) < 0)
        return -1;
    return unlinkat(folder, part, 0);
}

static bool is_written(struct export_output *output)
{
    struct stat info;
    if (fstat(output->part_fd, &info) < 0 || info.st_size == 0 || info.st_size != output->bytes) {
        export_output_fail(output, false, "the renderer said %lld bytes and wrote %lld",
                           (long long)output->bytes, (long long)info.st_size);
        return false;
    }
    if (fsync(output->part_fd) < 0) {
        export_output_fail(output, false, "%.300s cannot be written: %s", output->record.path,
                           strerror(errno));
        return false;
    }
    return true;
}

void export_output_place(struct export_output *output)
{
    const char *part = output->record.part;
    const char *name = strrchr(output->record.path, '/');
    if (output->state != OUTPUT_OPEN || !is_written(output))
        return;
    int result = policy_is(output, "overwrite")
                     ? renameat(output->folder_fd, part, output->folder_fd, name + 1)
                     : rename_to_free_name(output->folder_fd, part, name + 1);
    if (result < 0) {
        export_output_fail(output, false, "%.300s cannot get its name: %s", output->record.path,
                           strerror(errno));
        return;
    }
    (void)fsync(output->folder_fd);
    output->state = OUTPUT_PLACED;
}

static void close_one(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

void export_output_close(struct export_output *output)
{
    if (output->part_fd >= 0 && output->state != OUTPUT_PLACED)
        (void)unlinkat(output->folder_fd, output->record.part, 0);
    close_one(&output->part_fd);
    close_one(&output->mark_fd);
    close_one(&output->folder_fd);
}
