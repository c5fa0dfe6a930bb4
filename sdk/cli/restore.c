/* junmai restore: a data directory from a backup. What was there before is kept beside it. */
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

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char help[] =
    "usage: junmai restore SOURCE [options]\n"
    "\n"
    "Make the data directory of a host from the backup SOURCE. The host must not run. Clients "
    "that\n"
    "come back are told that events are missing, and begin anew.\n"
    "\n"
    "  --data DIR         the data directory (default: as junmaid, $XDG_DATA_HOME/junmai)\n"
    "  --force            also where there is one: it is moved to DIR.before-restore-TIME\n";

static const char example[] = "Example: junmai restore /mnt/backup/2026-11-24 --force\n";

static const struct option options[] = {
    {"data", required_argument, NULL, 'd'},
    {"force", no_argument, NULL, 'f'},
    {NULL, 0, NULL, 0},
};

struct restore {
    const struct jmc_cli *cli;
    const char *given; /* with --data */
    bool force;
    char *source;
    char *data_dir;
    char *partial; /* where the new one grows */
    char *aside;   /* where the old one went; NULL */
    struct jmc_manifest manifest;
};

static bool take_option(void *user, int key, const char *value)
{
    struct restore *restore = user;
    if (key == 'd') {
        restore->given = value;
    } else {
        restore->force = true;
    }
    return true;
}

static int is_data(const struct dirent *entry)
{
    return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
           strcmp(entry->d_name, JMC_LOCK) != 0;
}

static bool is_empty(const char *folder)
{
    struct dirent **entries = NULL;
    const int count = scandir(folder, &entries, is_data, NULL);
    for (int i = 0; i < count; i++) {
        free(entries[i]);
    }
    free(entries);
    return count == 0;
}

/* Fill the new data directory. */
static bool fill(struct restore *restore)
{
    struct jmc_progress progress;
    char *database = jmc_textf("%s/" JMC_DATABASE, restore->partial);
    jmc_progress_start(&progress, restore->manifest.files.count, restore->manifest.files.bytes);
    progress.is_quiet = restore->cli->json;
    bool is_good = jmc_copy_files(restore->source, restore->partial, &restore->manifest.files,
                                  false, true, &progress);
    jmc_progress_end(&progress);
    is_good = is_good && jmc_database_renew(database) && jmc_copy_sync(restore->partial);
    free(database);
    return is_good;
}

/* Take the old data directory out of the way: aside, or away where there is nothing in it. */
static bool make_room(struct restore *restore)
{
    char when[32];
    const time_t now = time(NULL);
    struct tm parts;
    if (is_empty(restore->data_dir)) {
        char *lock = jmc_textf("%s/" JMC_LOCK, restore->data_dir);
        const bool is_gone = unlink(lock) == 0 || errno == ENOENT;
        free(lock);
        return is_gone;
    }
    (void)strftime(when, sizeof when, "%Y%m%dT%H%M%SZ", gmtime_r(&now, &parts));
    restore->aside = jmc_textf("%s.before-restore-%s", restore->data_dir, when);
    return renameat2(AT_FDCWD, restore->data_dir, AT_FDCWD, restore->aside, RENAME_NOREPLACE) == 0;
}

/* Put the new one in the place of the old one. */
static bool swap(struct restore *restore, bool is_missing)
{
    if (!is_missing && !make_room(restore)) {
        (void)jmc_complain("%s cannot be moved out of the way: %s", restore->data_dir,
                           strerror(errno));
        return false;
    }
    if (rename(restore->partial, restore->data_dir) != 0) {
        (void)jmc_complain("%s cannot be named %s: %s", restore->partial, restore->data_dir,
                           strerror(errno));
        if (restore->aside != NULL) {
            (void)rename(restore->aside, restore->data_dir);
        }
        return false;
    }
    return true;
}

static bool make(struct restore *restore, bool is_missing)
{
    restore->partial = jmc_textf("%s.restoring-%ld", restore->data_dir, (long)getpid());
    if (!jmc_copy_make_parents(restore->partial)) {
        return false;
    }
    if (mkdir(restore->partial, 0700) != 0) {
        (void)jmc_complain("%s cannot be made: %s", restore->partial, strerror(errno));
        return false;
    }
    const bool is_good = fill(restore) && swap(restore, is_missing);
    if (!is_good) {
        jmc_copy_remove(restore->partial);
    }
    if (!is_good && jmc_stop_asked()) {
        (void)jmc_complain("stopped; nothing was restored");
    }
    return is_good;
}

static void print_summary(const struct restore *restore)
{
    char bytes[JMC_UNIT_BYTES];
    const struct jmc_manifest *manifest = &restore->manifest;
    jmc_text_bytes(manifest->files.bytes, bytes);
    if (restore->cli->json) {
        jmc_json_print(json_pack("{s:s, s:s, s:I, s:I, s:s?}", "data_dir", restore->data_dir,
                                 "made_at", manifest->made_at, "files",
                                 (json_int_t)manifest->files.count, "bytes",
                                 (json_int_t)manifest->files.bytes, "before", restore->aside));
    } else {
        printf("%s: restored from the backup of %s, %zu files, %s\n", restore->data_dir,
               manifest->made_at, manifest->files.count, bytes);
        if (restore->aside != NULL) {
            printf("What was there is in %s now.\n", restore->aside);
        }
    }
    if (strcmp(manifest->data_dir, restore->data_dir) != 0) {
        (void)jmc_complain("the backup was made of %s: what is recorded with its whole path, as "
                           "photographs are, is looked for there",
                           manifest->data_dir);
    }
}

static bool run(struct restore *restore)
{
    bool is_missing = false;
    if (!jmc_manifest_read(&restore->manifest, restore->source)) {
        return false;
    }
    const int lock = jmc_data_dir_lock(restore->data_dir, &is_missing);
    if (lock < 0 && !is_missing) {
        return false;
    }
    bool is_good = false;
    if (!is_missing && !restore->force && !is_empty(restore->data_dir)) {
        (void)jmc_complain("%s is not empty: with --force it is moved aside, and nothing is lost",
                           restore->data_dir);
    } else {
        jmc_stop_watch();
        is_good = make(restore, is_missing);
    }
    if (lock >= 0) {
        (void)close(lock);
    }
    if (is_good) {
        print_summary(restore);
    }
    return is_good;
}

int jmc_restore(struct jmc_cli *cli, int argc, char **argv)
{
    struct restore restore = {.cli = cli};
    const struct jmc_arguments arguments = {.help = help,
                                            .example = example,
                                            .options = options,
                                            .take = take_option,
                                            .user = &restore,
                                            .least = 1,
                                            .most = 1,
                                            .what = "the folder of the backup"};
    int status = jmc_arguments_read(cli, &arguments, argc, argv);
    if (status != JMC_GO_ON) {
        return status;
    }
    restore.source = jmc_path_real(argv[optind]);
    restore.data_dir = jmc_data_dir_find(restore.given);
    const bool is_found = restore.source != NULL && restore.data_dir != NULL;
    status = is_found && run(&restore) ? JMC_OK : JMC_FAILED;
    jmc_manifest_fini(&restore.manifest);
    free(restore.source);
    free(restore.data_dir);
    free(restore.partial);
    free(restore.aside);
    return status;
}
