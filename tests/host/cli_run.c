/* The command line client: see cli_run.h. */
#include "cli_run.h"

#include "check.h"
#include "client/buffer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARGS_MAX 16
#define LINE_BYTES 65536

static char *program(void)
{
    const char *folder = getenv("JUNMAI_BIN_DIR");
    return studio_path(folder && *folder ? folder : JUNMAI_BIN_DIR, "junmai");
}

static char *read_file(const char *path)
{
    struct jmt_buffer text = {0};
    FILE *file = fopen(path, "re");
    jmt_buffer_append(&text, "", 0);
    if (file) {
        text.used = fread(jmt_buffer_reserve(&text, LINE_BYTES), 1, LINE_BYTES, file);
        text.bytes[text.used] = '\0';
        fclose(file);
    }
    return jmt_buffer_take(&text);
}

void cli_start(struct cli_process *cli_out, const struct studio *studio,
               const char *const *arguments)
{
    const char *argv[ARGS_MAX + 4] = {NULL};
    char url[64];
    size_t used = 0;
    char *path = program();
    cli_out->folder = studio_folder_new();
    cli_out->err_path = studio_path(cli_out->folder, "stderr");
    argv[used++] = path;
    if (studio) {
        snprintf(url, sizeof url, "http://127.0.0.1:%d", studio->host.port);
        argv[used++] = "--url";
        argv[used++] = url;
    }
    for (; *arguments; arguments++) {
        assert_true(used < ARGS_MAX + 3);
        argv[used++] = *arguments;
    }
    must(jmt_process_start(&cli_out->process, argv, cli_out->err_path));
    free(path);
}

static void drop(struct cli_process *cli)
{
    jmt_process_kill(&cli->process);
    studio_folder_remove(cli->folder);
    free(cli->err_path);
}

json_t *cli_line(struct cli_process *cli)
{
    static char line[LINE_BYTES];
    must(jmt_process_line(&cli->process, line, sizeof line, CLI_MS));
    json_t *document = json_loads(line, 0, NULL);
    if (!document)
        fail_msg("junmai printed \"%s\", which is no JSON", line);
    return document;
}

char *cli_said(const struct cli_process *cli)
{
    return read_file(cli->err_path);
}

void cli_end(struct cli_process *cli, int status)
{
    int ended = jmt_process_wait(&cli->process, CLI_MS);
    char *said = cli_said(cli);
    drop(cli);
    if (ended != status)
        fail_msg("junmai ended with %d instead of %d and said: %s", ended, status, said);
    free(said);
}

void cli_run(struct cli *cli_out, const struct studio *studio, const char *const *arguments)
{
    static char line[LINE_BYTES];
    struct cli_process cli;
    struct jmt_buffer out = {0};
    cli_start(&cli, studio, arguments);
    jmt_buffer_append(&out, "", 0);
    while (jmt_process_line(&cli.process, line, sizeof line, CLI_MS) == 0)
        jmt_buffer_printf(&out, "%s\n", line);
    cli_out->status = jmt_process_wait(&cli.process, CLI_MS);
    cli_out->out = jmt_buffer_take(&out);
    cli_out->err = cli_said(&cli);
    drop(&cli);
    if (cli_out->status < 0)
        fail_msg("junmai %s did not end by itself", arguments[0] ? arguments[0] : "");
}

void cli_fini(struct cli *cli)
{
    free(cli->out);
    free(cli->err);
}

void cli_expect(int status, const struct studio *studio, const char *const *arguments)
{
    struct cli cli;
    cli_run(&cli, studio, arguments);
    if (cli.status != status)
        fail_msg("junmai %s ended with %d instead of %d and said: %s", arguments[0], cli.status,
                 status, cli.err);
    cli_fini(&cli);
}

json_t *cli_json(int status, const struct studio *studio, const char *const *arguments)
{
    const char *with_json[ARGS_MAX] = {"--json"};
    struct cli cli;
    for (size_t i = 0; arguments[i]; i++) {
        assert_true(i + 2 < ARGS_MAX);
        with_json[i + 1] = arguments[i];
    }
    cli_run(&cli, studio, with_json);
    json_t *document = json_loads(cli.out, 0, NULL);
    if (cli.status != status || !document)
        fail_msg("junmai %s ended with %d, printed: %s and said: %s", arguments[0], cli.status,
                 cli.out, cli.err);
    cli_fini(&cli);
    return document;
}
