/* A junmaid with a configuration and a folder of photographs: see studio.h. */
#include "studio.h"

#include "check.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOG_TAIL_BYTES 4096

char *studio_path(const char *folder, const char *name)
{
    char *path;
    if (asprintf(&path, "%s/%s", folder, name) < 0)
        abort();
    return path;
}

char *studio_folder_new(void)
{
    const char *parent = getenv("TMPDIR");
    char *folder = studio_path(parent && *parent ? parent : "/tmp", "junmai-studio-XXXXXX");
    if (!mkdtemp(folder))
        fail_msg("cannot make %s: %s", folder, strerror(errno));
    return folder;
}

static int remove_entry(const char *path, const struct stat *info, int kind, struct FTW *place)
{
    (void)info;
    (void)kind;
    (void)place;
    remove(path);
    return 0;
}

void studio_folder_remove(char *folder_take)
{
    if (folder_take)
        nftw(folder_take, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    free(folder_take);
}

void studio_write_config(const char *path, const json_t *config)
{
    if (json_dump_file(config, path, JSON_INDENT(2)) < 0)
        fail_msg("cannot write %s: %s", path, strerror(errno));
}

/* The object at a key, made where it is missing. */
static json_t *section(json_t *parent, const char *key)
{
    json_t *child = json_object_get(parent, key);
    if (!child) {
        child = json_object();
        json_object_set_new(parent, key, child);
    }
    return child;
}

static void make_files(struct studio *studio, json_t *config_take, bool imports)
{
    json_t *config = config_take ? config_take : json_object();
    studio->folder = studio_folder_new();
    studio->photos = studio_path(studio->folder, "photos");
    studio->config = studio_path(studio->folder, "junmai.json");
    if (mkdir(studio->photos, 0755) < 0)
        fail_msg("cannot make %s: %s", studio->photos, strerror(errno));
    json_t *import = imports ? section(section(config, "plugins"), "import") : NULL;
    if (import && !json_object_get(import, "roots"))
        json_object_set_new(import, "roots", json_pack("[s]", studio->photos));
    studio_write_config(studio->config, config);
    json_decref(config);
}

static void start(struct studio *studio_out, json_t *config_take, bool imports,
                  const char *const *extra_argv)
{
    size_t used = 0;
    *studio_out = (struct studio){.host = {.process = {.pid_fd = -1, .stdout_fd = -1}}};
    make_files(studio_out, config_take, imports);
    studio_out->argv[used++] = "--config";
    studio_out->argv[used++] = studio_out->config;
    for (size_t i = 0; extra_argv && extra_argv[i]; i++) {
        assert_true(used < STUDIO_ARGS_MAX);
        studio_out->argv[used++] = extra_argv[i];
    }
    must(jmt_host_start(&studio_out->host, studio_out->argv));
}

void studio_open(struct studio *studio_out, json_t *config_take, const char *const *extra_argv)
{
    start(studio_out, config_take, true, extra_argv);
}

void studio_open_diary(struct studio *studio_out, json_t *config_take)
{
    start(studio_out, config_take, false, (const char *const[]){"--plugin-dir", DIARY_DIR, NULL});
}

void studio_drop(struct studio *studio)
{
    jmt_host_fini(&studio->host);
    studio_folder_remove(studio->folder);
    free(studio->photos);
    free(studio->config);
    *studio = (struct studio){.host = {.process = {.pid_fd = -1, .stdout_fd = -1}}};
}

/* What the host said last, for whoever reads the failure. */
static void show_log(const struct studio *studio)
{
    char text[LOG_TAIL_BYTES];
    FILE *log = fopen(studio->host.log_path, "re");
    if (!log)
        return;
    if (fseek(log, -LOG_TAIL_BYTES, SEEK_END) < 0)
        rewind(log);
    size_t got = fread(text, 1, sizeof text, log);
    fclose(log);
    fprintf(stderr, "the end of the host's log:\n%.*s\n", (int)got, text);
}

void studio_close(struct studio *studio)
{
    int result = jmt_host_stop(&studio->host);
    if (result != 0)
        show_log(studio);
    studio_drop(studio);
    if (result != 0)
        fail_msg("%s", jmt_error_text());
}

int studio_rounds(int usual, int full)
{
    const char *wanted = getenv("JUNMAI_TEST_FULL");
    return wanted && *wanted && strcmp(wanted, "0") != 0 ? full : usual;
}
