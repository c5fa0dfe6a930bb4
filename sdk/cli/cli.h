/* What the parts of the command line client `junmai` share: how it was called, how it ends, how it
 * speaks.
 *
 * The client is a program of one thread that does one thing and ends. What it cannot do it says in a
 * sentence on standard error, with what to do about it, and in its exit status. */
#ifndef JMC_CLI_H
#define JMC_CLI_H

#include <stdbool.h>
#include <stddef.h>

enum jmc_exit {
    JMC_OK = 0,
    JMC_FAILED = 1,
    JMC_USAGE = 2,       /* called in a way that makes no sense */
    JMC_UNREACHABLE = 3, /* there is no host */
    JMC_GO_ON = -1,      /* not an exit status: nothing speaks against going on */
};

struct jmc_cli {
    char *url; /* of the host, without a slash at its end */
    bool json; /* print for programs */
};

/* One command: argv[0] is its name. */
int jmc_tail(struct jmc_cli *cli, int argc, char **argv);
int jmc_status(struct jmc_cli *cli, int argc, char **argv);
int jmc_plugins(struct jmc_cli *cli, int argc, char **argv);
int jmc_clients(struct jmc_cli *cli, int argc, char **argv);
int jmc_import(struct jmc_cli *cli, int argc, char **argv);
int jmc_export(struct jmc_cli *cli, int argc, char **argv);
int jmc_jobs(struct jmc_cli *cli, int argc, char **argv);
int jmc_job(struct jmc_cli *cli, int argc, char **argv);
int jmc_batch(struct jmc_cli *cli, int argc, char **argv);
int jmc_backup(struct jmc_cli *cli, int argc, char **argv);
int jmc_restore(struct jmc_cli *cli, int argc, char **argv);
int jmc_codegen(struct jmc_cli *cli, int argc, char **argv);

/* "junmai: SENTENCE" on standard error. Returns JMC_FAILED, so that `return jmc_complain(…)` is a
 * whole branch. Bytes that would control a terminal are shown as escapes. */
int jmc_complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
