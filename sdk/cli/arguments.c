/* The arguments of a command; see arguments.h. */
#include "arguments.h"

#include "memory.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OPTIONS_MAX 16

/* Values of `val` that no command uses for its own. */
enum { KEY_URL = 1, KEY_JSON, KEY_HELP };

static const char common_help[] =
    "  --url URL          the host (default: $JUNMAI_URL, else http://127.0.0.1:5100)\n"
    "  --json             print JSON, for programs\n"
    "  --help             print this, and exit\n";

/* The options of the command, then the common ones. */
static void join_options(const struct option *own, struct option all[OPTIONS_MAX])
{
    static const struct option common[] = {
        {"url", required_argument, NULL, KEY_URL},
        {"json", no_argument, NULL, KEY_JSON},
        {"help", no_argument, NULL, KEY_HELP},
        {NULL, 0, NULL, 0},
    };
    size_t count = 0;
    for (; own != NULL && own->name != NULL && count < OPTIONS_MAX - 4; own++) {
        all[count++] = *own;
    }
    memcpy(all + count, common, sizeof common);
}

static int print_help(const struct jmc_arguments *arguments)
{
    printf("%s%s\n%s", arguments->help, common_help, arguments->example);
    return JMC_OK;
}

void jmc_arguments_url(struct jmc_cli *cli, const char *url)
{
    char *copy = jmc_text_copy(url);
    free(cli->url);
    cli->url = copy;
    for (size_t len = strlen(copy); len > 0 && copy[len - 1] == '/'; len--) {
        copy[len - 1] = '\0';
    }
}

bool jmc_arguments_count(const char *option, const char *value, long long *count_out)
{
    char *end;
    errno = 0;
    *count_out = strtoll(value, &end, 10);
    if (errno != 0 || end == value || *end != '\0' || *count_out < 1) {
        (void)jmc_complain("%s %s: give a whole number of at least 1", option, value);
        return false;
    }
    return true;
}

static int take(struct jmc_cli *cli, const struct jmc_arguments *arguments, int key)
{
    switch (key) {
    case KEY_URL:
        jmc_arguments_url(cli, optarg);
        return JMC_GO_ON;
    case KEY_JSON:
        cli->json = true;
        return JMC_GO_ON;
    case KEY_HELP:
        return print_help(arguments);
    case '?':
        return JMC_USAGE;
    default:
        return arguments->take(arguments->user, key, optarg) ? JMC_GO_ON : JMC_USAGE;
    }
}

int jmc_arguments_read(struct jmc_cli *cli, const struct jmc_arguments *arguments, int argc,
                       char **argv)
{
    struct option options[OPTIONS_MAX];
    char program[] = "junmai"; /* what getopt_long() begins its sentences with */
    char *name = argv[0];
    int key;
    int end = JMC_GO_ON;
    join_options(arguments->options, options);
    argv[0] = program;
    optind = 0;
    while (end == JMC_GO_ON && (key = getopt_long(argc, argv, "", options, NULL)) != -1) {
        end = take(cli, arguments, key);
    }
    argv[0] = name;
    const int count = argc - optind;
    if (end == JMC_GO_ON && count < arguments->least) {
        (void)jmc_complain("%s: %s is missing", name, arguments->what);
        end = JMC_USAGE;
    } else if (end == JMC_GO_ON && count > arguments->most) {
        (void)jmc_complain("%s: '%s' is one argument too many", name,
                           argv[optind + arguments->most]);
        end = JMC_USAGE;
    }
    if (end == JMC_USAGE) {
        fprintf(stderr, "Try junmai %s --help.\n", name);
    }
    return end;
}
