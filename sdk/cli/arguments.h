/* The arguments of a command: its own options, and those that every command has. */
#ifndef JMC_ARGUMENTS_H
#define JMC_ARGUMENTS_H

#include "cli.h"

#include <getopt.h>

struct jmc_arguments {
    const char *help;             /* up to the options that every command has */
    const char *example;          /* lines below them */
    const struct option *options; /* its own; ends with an empty one. NULL: none */
    /* Take one of them by its `val`; false when the value makes no sense, which it has said. */
    bool (*take)(void *user, int key, const char *value);
    void *user;
    int least, most;  /* of what is not an option */
    const char *what; /* what that is: "the folder to write to" */
};

/* JMC_GO_ON, and `optind` is the first argument that is no option; else how the program ends. */
int jmc_arguments_read(struct jmc_cli *cli, const struct jmc_arguments *arguments, int argc,
                       char **argv);
/* Take --url: keep it without the slashes at its end. */
void jmc_arguments_url(struct jmc_cli *cli, const char *url);
/* A whole number of at least 1, or a complaint about that option. */
bool jmc_arguments_count(const char *option, const char *value, long long *count_out);

#endif
