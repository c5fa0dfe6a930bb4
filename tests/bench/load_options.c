/* The command line of bench-load: see load_options.h. */
#include "load_options.h"

#include "load_mark.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#define MIN_DATA_BYTES 64

static const struct option names[] = {
    {"port", required_argument, NULL, 'p'},       {"server-pid", required_argument, NULL, 'i'},
    {"core", required_argument, NULL, 'c'},       {"subscribers", required_argument, NULL, 's'},
    {"bystanders", required_argument, NULL, 'b'}, {"publishers", required_argument, NULL, 'w'},
    {"events", required_argument, NULL, 'e'},     {"warmup", required_argument, NULL, 'u'},
    {"rate", required_argument, NULL, 'r'},       {"data-bytes", required_argument, NULL, 'd'},
    {"durable", no_argument, NULL, 'D'},          {0},
};

static void fail_usage(void)
{
    fprintf(stderr, "usage: bench-load --port N --server-pid PID [--core N]\n"
                    "    [--subscribers N] [--bystanders N] [--publishers N] [--events N]\n"
                    "    [--warmup N] [--rate EVENTS_PER_S] [--data-bytes N] [--durable]\n");
    exit(2);
}

static void take_option(struct load_options *options, int name, unsigned number)
{
    switch (name) {
    case 'p':
        options->port = (int)number;
        break;
    case 'i':
        options->server = (pid_t)number;
        break;
    case 'c':
        options->core = (int)number;
        break;
    case 's':
        options->subscribers = number;
        break;
    case 'b':
        options->bystanders = number;
        break;
    case 'w':
        options->publishers = number;
        break;
    case 'e':
        options->events = number;
        break;
    case 'u':
        options->warmup = number;
        break;
    case 'r':
        options->rate = number;
        break;
    case 'd':
        options->data_bytes = number;
        break;
    case 'D':
        options->durable = true;
        break;
    default:
        fail_usage();
    }
}

struct load_options load_options_parse(int argc, char **argv)
{
    struct load_options options = {.core = -1, .publishers = 64, .data_bytes = 200};
    int name;
    while ((name = getopt_long(argc, argv, "", names, NULL)) != -1) {
        char *end = NULL;
        unsigned long number = optarg ? strtoul(optarg, &end, 10) : 0;
        if (optarg && (end == optarg || *end != '\0' || number > 1000000000))
            fail_usage();
        take_option(&options, name, (unsigned)number);
    }
    if (optind < argc || options.port == 0 || options.server == 0 || options.publishers == 0 ||
        options.publishers > MARK_PUBLISHERS || options.data_bytes < MIN_DATA_BYTES)
        fail_usage();
    return options;
}
