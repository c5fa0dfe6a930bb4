/* The command line client `junmai`, run as a user would run it. */
#ifndef HOST_TESTS_CLI_RUN_H
#define HOST_TESTS_CLI_RUN_H

#include "studio.h"

#include "client/process.h"

#define CLI_MS 20000

struct cli {
    int status; /* its exit status */
    char *out;  /* its standard output */
    char *err;  /* its standard error */
};

/* Runs it with these arguments (NULL-terminated) until it ends; for a host, unless that is NULL. */
void cli_run(struct cli *cli_out, const struct studio *studio, const char *const *arguments);
void cli_fini(struct cli *cli);

/* Runs it with an exit status that must be that one. */
void cli_expect(int status, const struct studio *studio, const char *const *arguments);

/* Runs it with --json; its exit status must be that one. The document is the caller's. */
json_t *cli_json(int status, const struct studio *studio, const char *const *arguments);

/* A client that goes on by itself. */
struct cli_process {
    struct jmt_process process;
    char *folder, *err_path; /* temporary */
};

void cli_start(struct cli_process *cli_out, const struct studio *studio,
               const char *const *arguments);
/* The next line of its output; the document is the caller's. */
json_t *cli_line(struct cli_process *cli);
/* What it has said on standard error so far, to free(). */
char *cli_said(const struct cli_process *cli);
/* Waits for its end, which must have that exit status, and removes what it left. */
void cli_end(struct cli_process *cli, int status);

#endif
