/* junmai backup: a copy of the data directory, while the host runs or not.
 *
 * The database comes first: a file that it names was there before its row, so that the files that
 * are copied afterwards are all that the copy of the database knows, and perhaps a few more. */
#include "arguments.h"
#include "copy.h"
#include "data_dir.h"
#include "database.h"
#include "json.h"
#include "manifest.h"
#include "memory.h"
#include "path.h"
#include "stop.h"
#include "text.h"
#include "walk.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char help[] =
    "usage: junmai backup DEST [options]\n"
    "\n"
    "Copy the data directory of a host on this machine into the folder DEST, which must be empty "
    "or\n"
    "new. The host may run and be busy: the backup is its state at one moment. DEST appears when "
    "all\n"
    "is in it. A library outside of the data directory is not part of it.\n"
    "\n"
    "  --data DIR         the data directory (default: as junmaid, $XDG_DATA_HOME/junmai)\n"
    "  --link             do not copy files but give them a second name, where DEST is in the "
    "same\n"
    "                     file system: no room is needed, but who changes one changes both\n";

static const char example[] = "Example: junmai backup /mnt/backup/$(date +%F)\n";

static const struct option options[] = {
    {"data", required_argument, NULL, 'd'},
    {"link", no_argument, NULL, 'l'},
    {NULL, 0, NULL, 0},
};

struct order {
    const char *data_dir;
    bool links;
};

static bool take_option(void *user, int key, const char *value)
{
    struct order *order = user;
    if (key == 'd') {
        order->data_dir = value;
    } else {
        order->links = true;
    }
    return true;
}

/* What the walk through the data directory finds. */
struct finding {
    struct jmc_files *files;
    size_t folder_bytes; /* of the data directory's path */
};

static bool visit(void *user, const char *path, const struct stat *facts)
{
    struct finding *finding = user;
    const char *name = path + finding->folder_bytes + 1;
    if (S_ISREG(facts->st_mode) && jmc_data_dir_has(name)) {
        jmc_files_add(finding->files, name, (uint64_t)facts->st_size);
    } else if (S_ISLNK(facts->st_mode)) {
        (void)jmc_complain("%s is a link; it and what is behind it are not part of the backup",
                           path);
    }
    return true;
}

/* Whether DEST may become a backup. */
static bool is_free(const char *target)
{
    struct dirent **entries = NULL;
    const int count = scandir(target, &entries, NULL, NULL);
    for (int i = 0; i < count; i++) {
        free(entries[i]);
    }
    free(entries);
    if (count < 0 && errno != ENOENT) {
        (void)jmc_complain("%s cannot become a backup: %s", target, strerror(errno));
        return false;
    }
    if (count > 2) {
        (void)jmc_complain("%s is not empty: name a new folder", target);
        return false;
    }
    return true;
}

static bool fill(struct jmc_manifest *manifest, const char *folder, const struct order *order,
                 struct jmc_progress *progress)
{
    char epoch[JMC_EPOCH_BYTES];
    char *from = jmc_textf("%s/" JMC_DATABASE, manifest->data_dir);
    char *to = jmc_textf("%s/" JMC_DATABASE, folder);
    struct finding finding = {&manifest->files, strlen(manifest->data_dir)};
    struct stat facts;
    const bool is_copied = jmc_database_copy(from, to, epoch) && jmc_database_renew(to) &&
                           stat(to, &facts) == 0 && chmod(to, 0600) == 0;
    bool is_good = is_copied && jmc_walk(manifest->data_dir, visit, &finding);
    if (is_good) {
        manifest->epoch = jmc_text_copy(epoch);
        const bool is_quiet = progress->is_quiet;
        jmc_progress_start(progress, manifest->files.count, manifest->files.bytes);
        progress->is_quiet = is_quiet;
        is_good = jmc_copy_files(manifest->data_dir, folder, &manifest->files, order->links, false,
                                 progress);
        jmc_files_add(&manifest->files, JMC_DATABASE, (uint64_t)facts.st_size);
        jmc_progress_end(progress);
    }
    free(from);
    free(to);
    return is_good && jmc_manifest_write(manifest, folder) && jmc_copy_sync(folder);
}

/* Under another name until it is whole. */
static bool make(struct jmc_manifest *manifest, const char *target, const struct order *order,
                 struct jmc_progress *progress)
{
    char *partial = jmc_textf("%s.partial-%ld", target, (long)getpid());
    bool is_good = jmc_copy_make_parents(partial);
    if (is_good && mkdir(partial, 0700) != 0) {
        (void)jmc_complain("%s cannot be made: %s", partial, strerror(errno));
        is_good = false;
    }
    if (is_good) {
        is_good = fill(manifest, partial, order, progress);
        if (is_good && rename(partial, target) != 0) {
            (void)jmc_complain("%s cannot be named %s: %s", partial, target, strerror(errno));
            is_good = false;
        }
        if (!is_good) {
            jmc_copy_remove(partial);
        }
    }
    if (jmc_stop_asked() && !is_good) {
        (void)jmc_complain("stopped; there is no backup");
    }
    free(partial);
    return is_good;
}

static void print_summary(const struct jmc_cli *cli, struct jmc_manifest *manifest,
                          const char *target)
{
    char bytes[JMC_UNIT_BYTES];
    if (cli->json) {
        jmc_json_print(jmc_manifest_document(manifest));
        return;
    }
    jmc_text_bytes(manifest->files.bytes, bytes);
    printf("%s: a backup of %s, %zu files, %s\n", target, manifest->data_dir, manifest->files.count,
           bytes);
}

static int run(const struct jmc_cli *cli, const struct order *order, const char *target)
{
    struct jmc_manifest manifest = {.data_dir = jmc_data_dir_find(order->data_dir)};
    struct jmc_progress progress = {.is_quiet = cli->json};
    char *absolute = jmc_path_real(target);
    int status = JMC_FAILED;
    if (manifest.data_dir == NULL || absolute == NULL) {
        status = absolute == NULL ? jmc_complain("%s: %s", target, strerror(errno)) : JMC_FAILED;
    } else if (jmc_path_is_within(absolute, manifest.data_dir)) {
        status =
            jmc_complain("%s is inside of the data directory: a backup belongs elsewhere, best "
                         "on another disk",
                         target);
    } else if (is_free(absolute)) {
        jmc_stop_watch();
        if (make(&manifest, absolute, order, &progress)) {
            print_summary(cli, &manifest, absolute);
            status = JMC_OK;
        }
    }
    jmc_manifest_fini(&manifest);
    free(absolute);
    return status;
}

int jmc_backup(struct jmc_cli *cli, int argc, char **argv)
{
    struct order order = {0};
    const struct jmc_arguments arguments = {.help = help,
                                            .example = example,
                                            .options = options,
                                            .take = take_option,
                                            .user = &order,
                                            .least = 1,
                                            .most = 1,
                                            .what = "the folder to write to"};
    const int status = jmc_arguments_read(cli, &arguments, argc, argv);
    return status == JMC_GO_ON ? run(cli, &order, argv[optind]) : status;
}
