/* Backing up one file. [worker] */
#include "backup.h"

#include "space.h"

#include <errno.h>
#include <junmai/sdk/path.h>
#include <stdio.h>

#define NUMBER_MAX 999u

/* The name that the backup has got; "" where there is none. */
static int take_name(struct part *part, const char *folder, const char *wanted,
                     char name_out[NAME_BYTES])
{
    int error = EEXIST;
    for (unsigned number = 0; error == EEXIST && number <= NUMBER_MAX; number++) {
        name_numbered(wanted, number, name_out);
        error = part_place(part, folder, name_out);
        if (error == EEXIST && part_equals(part, folder, name_out)) {
            error = 0;
        }
    }
    return error;
}

static void finish(const struct one_import *import, struct member *member, struct part *part)
{
    char path[PATH_MAX + FOLDER_BYTES + NAME_BYTES];
    char name[NAME_BYTES];
    int error = take_name(part, import->folder, member->final_name, name);
    error = error == 0 ? part_sync_folder(part, import->folder) : error;
    if (error != 0) {
        verdict_library(&member->backup, error, "giving the backup its name");
        return;
    }
    snprintf(path, sizeof path, "%s/%s%s%s", import->core->options.backup, import->folder,
             import->folder[0] == '\0' ? "" : "/", name);
    member->backup_path = jm_path_text(jm_span_of(path));
}

void backup_member(const struct one_import *import, struct member *member)
{
    const struct import_options *options = &import->core->options;
    struct source source = {.fd = member->part.fd};
    struct digests digests;
    struct part part = PART_NONE;
    bool verify = options->verify || import->mode == IMPORT_MOVE;
    snprintf(source.path, sizeof source.path, "%s", member->path);
    if (fstat(source.fd, &source.info) < 0) {
        verdict_library(&member->backup, errno, "reading the copy");
    } else if (space_check(options->backup, "the backup", (uint64_t)source.info.st_size,
                           &member->backup) &&
               part_fill(&part, options->backup, &source, verify, NULL, &digests,
                         &member->backup)) {
        if (strcmp(digests.sha256, member_stored(member)->sha256) == 0) {
            finish(import, member, &part);
        } else {
            verdict_trouble(&member->backup, 503, "verify_failed",
                            "the backup of %s is not what was imported: check the library's disk",
                            member->source_path);
        }
    }
    part_fini(&part);
}
