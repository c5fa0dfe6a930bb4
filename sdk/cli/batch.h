/* Files on their way into the library: sent in batches, while the host tells how far it is. */
#ifndef JMC_BATCH_H
#define JMC_BATCH_H

#include "cli.h"
#include "progress.h"
#include "scan.h"

#include <jansson.h>

struct jmc_import {
    const struct jmc_cli *cli;
    struct jmc_scan scan; /* its photographs are sent */
    json_int_t session;   /* 0: none */
    bool takes_duplicates;
    struct jmc_progress progress;
    /* The results of the host, of all batches. */
    json_t *success, *duplicates, *errors;
};

/* Send all. JMC_OK when the host has judged every file, well or not. */
int jmc_import_send(struct jmc_import *import);

#endif
