/* junmai: the command line client of a Junmai host. Finds the command and runs it. */
#include "arguments.h"
#include "memory.h"

#include <curl/curl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULT_URL "http://127.0.0.1:5100"

static const struct command {
    const char *name;
    int (*run)(struct jmc_cli *cli, int argc, char **argv);
    const char *summary;
} commands[] = {
    {"tail", jmc_tail, "show events as they happen"},
    {"status", jmc_status, "show how the host is"},
    {"plugins", jmc_plugins, "list the plugins of the host"},
    {"clients", jmc_clients, "list who is connected to the host"},
    {"import", jmc_import, "import photographs from files and folders"},
    {"export", jmc_export, "export photographs as finished files"},
    {"jobs", jmc_jobs, "list the jobs of the queue"},
    {"job", jmc_job, "show a job, and its progress while it runs"},
    {"batch", jmc_batch, "process many photographs as one piece of work"},
    {"backup", jmc_backup, "copy the data directory, while the host runs or not"},
    {"restore", jmc_restore, "make a data directory from a backup"},
    {"codegen", jmc_codegen, "write the event types of the host as TypeScript or Python"},
};

#define COMMAND_COUNT (sizeof commands / sizeof commands[0])

static void print_help(void)
{
    printf("usage: junmai COMMAND [options]\n\n"
           "The command line client of Junmai, the real-time event host of a photo studio.\n\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        printf("  %-10s %s\n", commands[i].name, commands[i].summary);
    }
    printf("\n"
           "  --url URL  the host (default: $JUNMAI_URL, else " DEFAULT_URL ")\n"
           "  --json     print JSON, for programs\n"
           "  --help     print this, or after a command what it can do; and exit\n"
           "  --version  print the version, and exit\n\n"
           "Exit status: 0 done, 1 failed, 2 called wrongly, 3 the host cannot be reached.\n\n"
           "Example: junmai tail --channels jobs,photos\n");
}

static int take(struct jmc_cli *cli, int key)
{
    switch (key) {
    case 'u':
        jmc_arguments_url(cli, optarg);
        return JMC_GO_ON;
    case 'j':
        cli->json = true;
        return JMC_GO_ON;
    case 'v':
        printf("junmai %s\n", JUNMAI_VERSION);
        return JMC_OK;
    case 'h':
        print_help();
        return JMC_OK;
    default:
        return JMC_USAGE;
    }
}

/* The options before the command. */
static int read_options(struct jmc_cli *cli, int argc, char **argv)
{
    static const struct option options[] = {
        {"url", required_argument, NULL, 'u'},
        {"json", no_argument, NULL, 'j'},
        {"version", no_argument, NULL, 'v'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    int key;
    int end = JMC_GO_ON;
    while (end == JMC_GO_ON && (key = getopt_long(argc, argv, "+", options, NULL)) != -1) {
        end = take(cli, key);
    }
    if (end == JMC_GO_ON && optind >= argc) {
        (void)jmc_complain("a command is missing: try junmai --help");
        end = JMC_USAGE;
    }
    return end;
}

static const struct command *find_command(const char *name)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(name, commands[i].name) == 0) {
            return &commands[i];
        }
    }
    (void)jmc_complain("there is no command '%s': try junmai --help", name);
    return NULL;
}

/* With what is left of the command line: its name and arguments. */
static int run_command(struct jmc_cli *cli, int argc, char **argv)
{
    const struct command *command = find_command(argv[0]);
    return command != NULL ? command->run(cli, argc, argv) : JMC_USAGE;
}

int main(int argc, char **argv)
{
    struct jmc_cli cli = {0};
    const char *url = getenv("JUNMAI_URL");
    (void)setlocale(LC_CTYPE, "");
    (void)signal(SIGPIPE, SIG_IGN);
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        return jmc_complain("libcurl cannot be initialised");
    }
    jmc_arguments_url(&cli, url != NULL && url[0] != '\0' ? url : DEFAULT_URL);
    int end = read_options(&cli, argc, argv);
    if (end == JMC_GO_ON) {
        end = run_command(&cli, argc - optind, argv + optind);
    }
    free(cli.url);
    curl_global_cleanup();
    return end;
}
