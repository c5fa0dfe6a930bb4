/* junmaid: the command line. */
#include "host/host.h"
#include "host/util/span.h"
#include "host/util/trace.h"
#include "host/version.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ENABLE_MAX 64

static const char help_text[] =
    "usage: junmaid [options]\n"
    "\n"
    "The real-time event host of a photo studio.\n"
    "\n"
    "  --config FILE      configuration (default: $XDG_CONFIG_HOME/junmai/junmai.json, if there)\n"
    "  --data DIR         data directory (default: $XDG_DATA_HOME/junmai)\n"
    "  --port N           port, 0 for any free one (default: 5100)\n"
    "  --bind ADDR        address to listen on (default: 127.0.0.1 and ::1)\n"
    "  --plugin-dir DIR   where the plugins are (default: ../plugins beside the program,\n"
    "                     or ../lib/junmai/plugins)\n"
    "  --enable a,b,c     start these plugins only (default: all that are found)\n"
    "  --log-level L      debug, info, warning or error (default: info)\n"
    "  --check-config     check configuration and plugins, and exit\n"
    "  --print-config     print every option with its default and meaning, and exit\n"
    "  --version          print the version, and exit\n"
    "  --help             print this, and exit\n";

struct command_line {
    struct jmh_host_options host;
    char *enable_text;
    const char *enable[ENABLE_MAX + 1];
    bool check, print;
    int exit_code; /* -1: go on */
};

static bool read_port(const char *text, int *port_out)
{
    int64_t port = 0;
    if (!jmh_span_to_int(jmh_span(text), &port) || port < 0 || port > 65535) {
        fprintf(stderr, "junmaid: --port %s: a port is a number from 0 to 65535\n", text);
        return false;
    }
    *port_out = (int)port;
    return true;
}

static bool read_level(const char *text)
{
    static const char *const levels[] = {"debug", "info", "warning", "error"};
    for (int32_t i = 0; i < 4; i++) {
        if (strcmp(text, levels[i]) == 0) {
            jmh_trace_level(i);
            return true;
        }
    }
    fprintf(stderr, "junmaid: --log-level %s: use debug, info, warning or error\n", text);
    return false;
}

static bool read_enable(struct command_line *line, const char *text)
{
    size_t count = 0;
    free(line->enable_text);
    line->enable_text = strdup(text);
    char *rest = line->enable_text;
    char *name;
    while (rest != NULL && (name = strsep(&rest, ",")) != NULL) {
        if (name[0] == '\0') {
            continue;
        }
        if (count == ENABLE_MAX) {
            fprintf(stderr, "junmaid: --enable: more than %d plugins\n", ENABLE_MAX);
            return false;
        }
        line->enable[count++] = name;
    }
    line->enable[count] = NULL;
    line->host.enable = line->enable;
    return true;
}

static bool read_option(struct command_line *line, int option, const char *value)
{
    switch (option) {
    case 'c':
        line->host.config_file = value;
        return true;
    case 'd':
        line->host.data_dir = value;
        return true;
    case 'p':
        return read_port(value, &line->host.port);
    case 'b':
        line->host.bind = value;
        return true;
    case 'g':
        line->host.plugin_dir = value;
        return true;
    case 'e':
        return read_enable(line, value);
    case 'l':
        return read_level(value);
    case 'k':
        line->check = true;
        return true;
    case 'r':
        line->print = true;
        return true;
    case 'v':
        printf("junmaid %s (plugin ABI %d.%d)\n", JMH_VERSION, JM_ABI_MAJOR, JM_ABI_MINOR);
        line->exit_code = 0;
        return true;
    case 'h':
        (void)fputs(help_text, stdout);
        line->exit_code = 0;
        return true;
    default:
        return false;
    }
}

static void read_command_line(struct command_line *line, int argc, char **argv)
{
    static const struct option options[] = {
        {"config", required_argument, NULL, 'c'},
        {"data", required_argument, NULL, 'd'},
        {"port", required_argument, NULL, 'p'},
        {"bind", required_argument, NULL, 'b'},
        {"plugin-dir", required_argument, NULL, 'g'},
        {"enable", required_argument, NULL, 'e'},
        {"log-level", required_argument, NULL, 'l'},
        {"check-config", no_argument, NULL, 'k'},
        {"print-config", no_argument, NULL, 'r'},
        {"version", no_argument, NULL, 'v'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    int option;
    line->host.port = -1;
    line->exit_code = -1;
    while (line->exit_code < 0 && (option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (!read_option(line, option, optarg)) {
            fputs("Try junmaid --help.\n", stderr);
            line->exit_code = 2;
        }
    }
    if (line->exit_code < 0 && optind < argc) {
        fprintf(stderr, "junmaid: '%s' is no option\nTry junmaid --help.\n", argv[optind]);
        line->exit_code = 2;
    }
}

/* Plugins that would be refused: a fault of the installation. */
static int tell_refused(const struct jmh_host *host)
{
    int refused = 0;
    for (size_t i = 0; i < jmh_registry_count(host->registry); i++) {
        const struct jmh_plugin *plugin = jmh_registry_get(host->registry, i);
        if (plugin->state == JMH_PLUGIN_REFUSED) {
            fprintf(stderr, "junmaid: plugin '%s' would be refused: %s\n", plugin->name,
                    plugin->reason.text);
            refused++;
        }
    }
    return refused;
}

static int print_config(const struct jmh_host *host)
{
    (void)tell_refused(host);
    jmh_config_print(stdout);
    for (size_t i = 0; i < jmh_registry_count(host->registry); i++) {
        const struct jmh_plugin *plugin = jmh_registry_get(host->registry, i);
        jmh_plugin_options_print(stdout, plugin->name, plugin->option_table, plugin->option_count);
    }
    return 0;
}

/* What --check-config has found. */
static int tell_check(const struct jmh_host *host)
{
    int refused = tell_refused(host);
    printf("%s is right%s\n", host->config.file != NULL ? host->config.file : "The configuration",
           refused > 0 ? ", but not every plugin would start" : "");
    return refused > 0 ? 1 : 0;
}

static int run(const struct command_line *line)
{
    struct jmh_host host = {.data_dir = {.lock_fd = -1}};
    struct jmh_err err = {0};
    int exit_code = 1;
    bool only_check = line->check || line->print;
    jm_status status = only_check ? jmh_host_check(&host, &line->host, &err)
                                  : jmh_host_start(&host, &line->host, &err);
    if (status != JM_OK) {
        fprintf(stderr, "junmaid: %s\n", err.text);
    } else if (line->print) {
        exit_code = print_config(&host);
    } else if (line->check) {
        exit_code = tell_check(&host);
    } else {
        exit_code = jmh_host_serve(&host);
    }
    jmh_host_stop(&host);
    return exit_code;
}

int main(int argc, char **argv)
{
    struct command_line line = {0};
    read_command_line(&line, argc, argv);
    int exit_code = line.exit_code >= 0 ? line.exit_code : run(&line);
    free(line.enable_text);
    return exit_code;
}
