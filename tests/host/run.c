/* A junmaid that ends by itself: see run.h. */
#include "run.h"

#include "check.h"
#include "client/buffer.h"
#include "client/process.h"
#include "studio.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARGS_MAX 12
#define LINE_BYTES 4096
#define RUN_MS 20000

char *run_program(void)
{
    const char *folder = getenv("JUNMAI_BIN_DIR");
    return studio_path(folder && *folder ? folder : JUNMAI_BIN_DIR, "junmaid");
}

static char *read_file(const char *path)
{
    struct jmt_buffer text = {0};
    FILE *file = fopen(path, "re");
    jmt_buffer_append(&text, "", 0);
    if (file) {
        text.used = fread(jmt_buffer_reserve(&text, 65536), 1, 65536, file);
        text.bytes[text.used] = '\0';
        fclose(file);
    }
    return jmt_buffer_take(&text);
}

void run_host(struct run *run_out, const char *const *arguments)
{
    const char *argv[ARGS_MAX + 2] = {NULL};
    char *program = run_program();
    char *folder = studio_folder_new();
    char *err_path = studio_path(folder, "stderr");
    struct jmt_process process;
    struct jmt_buffer out = {0};
    char line[LINE_BYTES];
    argv[0] = program;
    for (size_t i = 0; arguments[i]; i++) {
        assert_true(i < ARGS_MAX);
        argv[i + 1] = arguments[i];
    }
    must(jmt_process_start(&process, argv, err_path));
    jmt_buffer_append(&out, "", 0);
    while (jmt_process_line(&process, line, sizeof line, RUN_MS) == 0)
        jmt_buffer_printf(&out, "%s\n", line);
    run_out->status = jmt_process_wait(&process, RUN_MS);
    if (run_out->status < 0) {
        jmt_process_kill(&process);
        fail_msg("junmaid %s did not end by itself", arguments[0] ? arguments[0] : "");
    }
    run_out->out = jmt_buffer_take(&out);
    run_out->err = read_file(err_path);
    free(err_path);
    studio_folder_remove(folder);
    free(program);
}

void run_fini(struct run *run)
{
    free(run->out);
    free(run->err);
}

void expect_words(const char *what, const char *text, const char *words)
{
    if (!strstr(text, words))
        fail_msg("%s does not say \"%s\" but \"%s\"", what, words, text);
}
