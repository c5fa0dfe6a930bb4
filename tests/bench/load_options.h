/* What one run of bench-load does, as its command line says. */
#ifndef LOAD_OPTIONS_H
#define LOAD_OPTIONS_H

#include <stdbool.h>
#include <sys/types.h>

struct load_options {
    int port;
    pid_t server;         /* whose CPU time and memory are measured */
    int core;             /* the load runs on this one; -1: anywhere */
    unsigned subscribers; /* of the channel that is published to */
    unsigned bystanders;  /* of a channel on which nothing happens */
    unsigned publishers;  /* connections, each with one request outstanding at most */
    unsigned events;      /* that are measured */
    unsigned warmup;      /* that are published before, for nothing to be cold */
    unsigned rate;        /* events a second; 0: as fast as they are answered */
    unsigned data_bytes;  /* of an event's data as JSON */
    bool durable;
};

/* Ends the program with a usage message when the command line is wrong. */
struct load_options load_options_parse(int argc, char **argv);

#endif
