/* junmai import: photographs from files and folders into the library. */
#include "arguments.h"
#include "batch.h"
#include "card.h"
#include "exchange.h"
#include "import_report.h"
#include "json.h"
#include "left_out.h"
#include "stop.h"
#include "text.h"

#include <junmai/sdk/path.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char help[] =
    "usage: junmai import PATH… [options]\n"
    "\n"
    "Import photographs: files, and folders with all below them. The host copies them into its\n"
    "library; one that is there already is not copied again.\n"
    "\n"
    "One folder with DCIM in it is a card. The host looks through it by itself, remembers what it "
    "has\n"
    "imported from there, and goes on where it stopped when the card was pulled or the host "
    "ended:\n"
    "call it again.\n"
    "\n"
    "  --session NAME     into that session, which is made when there is none\n"
    "  --no-duplicates-check\n"
    "                     do not report a photograph that is in the library as a duplicate; a "
    "card\n"
    "                     is a plain folder then\n"
    "  --card             the folder is a card, even without DCIM\n"
    "  --dry-run          show what is new on the card, and import nothing\n"
    "  --eject            when each file of the card is in the library and verified: unmount it "
    "and\n"
    "                     power it off, by udisksctl or else umount and eject; never otherwise\n";

static const char example[] =
    "Example: junmai import /media/card --session \"Wedding Sato\" --eject\n";

static const struct option options[] = {
    {"session", required_argument, NULL, 's'}, {"no-duplicates-check", no_argument, NULL, 'd'},
    {"card", no_argument, NULL, 'c'},          {"dry-run", no_argument, NULL, 'n'},
    {"eject", no_argument, NULL, 'e'},         {NULL, 0, NULL, 0},
};

struct order {
    const char *session;
    bool takes_duplicates;
    bool is_card, dry_run, ejects;
};

static bool take_option(void *user, int key, const char *value)
{
    struct order *order = user;
    switch (key) {
    case 's':
        order->session = value;
        return value[0] != '\0' || (jmc_complain("--session: give it a name"), false);
    case 'c':
        order->is_card = true;
        return true;
    case 'n':
        order->is_card = order->dry_run = true;
        return true;
    case 'e':
        order->is_card = order->ejects = true;
        return true;
    default:
        order->takes_duplicates = true;
        return true;
    }
}

/* The folder that the photographs come from: the one named first, or that of the first file. */
static char *folder_of(const char *path)
{
    char *folder = realpath(path, NULL);
    struct stat facts;
    if (folder != NULL && stat(folder, &facts) == 0 && !S_ISDIR(facts.st_mode)) {
        char *slash = strrchr(folder, '/');
        slash[slash == folder ? 1 : 0] = '\0';
    }
    char *text = jm_path_text(jm_span_of(folder != NULL ? folder : path));
    free(folder);
    return text;
}

static int open_session(struct jmc_import *import, const char *name, const char *path)
{
    char *folder = folder_of(path);
    char *text = jm_path_text(jm_span_of(name));
    int status;
    json_t *answer =
        jmc_ask(import->cli, "/import/session",
                json_pack("{s:s, s:s}", "name", text, "import_folder", folder), NULL, &status);
    import->session = jmc_json_int(answer, "session_id");
    if (status == JMC_OK && import->session == 0) {
        status = jmc_complain("%s gave no id for the session '%s': is it a Junmai host?",
                              import->cli->url, name);
    }
    json_decref(answer);
    free(text);
    free(folder);
    return status;
}

static void complain_of_left_out(const struct jmc_import *import)
{
    json_t *counts = jmc_left_out_count(&import->scan);
    char *text = jmc_left_out_text(counts);
    if (text != NULL) {
        (void)jmc_complain("%s", text);
    }
    free(text);
    json_decref(counts);
}

static int run(struct jmc_import *import, const struct order *order, char *const *paths)
{
    int status = JMC_OK;
    for (char *const *path = paths; *path != NULL; path++) {
        if (!jmc_scan_path(&import->scan, *path)) {
            status = JMC_FAILED;
        }
    }
    if (status != JMC_OK) {
        return jmc_complain("nothing was imported: leave out what is not there or cannot be read, "
                            "and call it again");
    }
    if (import->scan.photos.count == 0) {
        complain_of_left_out(import);
        return jmc_complain("there is no photograph: known by their names are .jpg, .heic, .cr3, "
                            ".dng and their like; name other files one by one");
    }
    if (order->session != NULL) {
        status = open_session(import, order->session, paths[0]);
        if (status != JMC_OK) {
            return status;
        }
    }
    jmc_stop_watch();
    jmc_progress_start(&import->progress, import->scan.photos.count, import->scan.photos.bytes);
    import->progress.is_quiet = import->cli->json;
    status = jmc_import_send(import);
    jmc_progress_end(&import->progress);
    if (jmc_stop_asked()) {
        status = jmc_complain("stopped; the host still ends what it has begun. Called again, this "
                              "goes on with the rest");
    }
    jmc_import_report(import);
    return status == JMC_OK && json_array_size(import->errors) > 0 ? JMC_FAILED : status;
}

/* JMC_GO_ON where the paths are no card; else how the import of it has ended. */
static int import_card(struct jmc_cli *cli, const struct order *order, char *const *paths)
{
    struct stat facts;
    const bool is_alone = paths[1] == NULL;
    const bool is_folder = is_alone && stat(paths[0], &facts) == 0 && S_ISDIR(facts.st_mode);
    const struct jmc_card_order card = {.path = paths[0],
                                        .session = order->session,
                                        .dry_run = order->dry_run,
                                        .ejects = order->ejects};
    if (order->is_card && (!is_folder || order->takes_duplicates)) {
        (void)jmc_complain("--card, --dry-run and --eject are for the folder of one card, without "
                           "--no-duplicates-check");
        return JMC_USAGE;
    }
    const bool looks_so = is_folder && !order->takes_duplicates && jmc_card_is(paths[0]);
    return order->is_card || looks_so ? jmc_card_import(cli, &card) : JMC_GO_ON;
}

int jmc_import(struct jmc_cli *cli, int argc, char **argv)
{
    struct order order = {0};
    const struct jmc_arguments arguments = {.help = help,
                                            .example = example,
                                            .options = options,
                                            .take = take_option,
                                            .user = &order,
                                            .least = 1,
                                            .most = INT_MAX,
                                            .what = "the path of a photograph or a folder"};
    int status = jmc_arguments_read(cli, &arguments, argc, argv);
    if (status != JMC_GO_ON) {
        return status;
    }
    status = import_card(cli, &order, argv + optind);
    if (status != JMC_GO_ON) {
        return status;
    }
    struct jmc_import import = {.cli = cli,
                                .takes_duplicates = order.takes_duplicates,
                                .success = json_array(),
                                .duplicates = json_array(),
                                .errors = json_array()};
    status = run(&import, &order, argv + optind);
    jmc_scan_fini(&import.scan);
    json_decref(import.success);
    json_decref(import.duplicates);
    json_decref(import.errors);
    return status;
}
