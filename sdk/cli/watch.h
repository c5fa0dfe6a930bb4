/* Watching one thing of the host until it ends: its document is asked for again whenever an event
 * speaks of it. A host that goes away is waited for. */
#ifndef JMC_WATCH_H
#define JMC_WATCH_H

#include "cli.h"

#include <jansson.h>

struct jmc_watch {
    const struct jmc_cli *cli;
    const char *path; /* of the document */
    const char *key; /* "job_id": the member of an event, or of its details, that names the thing */
    const char *id;
    /* Show the document; true when it will not change any more. */
    bool (*show)(void *user, const json_t *document);
    void *user;
};

/* Ends when show() says so, or when asked to stop. The last document, or NULL after a complaint;
 * `exit_out` is what belongs to it. */
json_t *jmc_watch_run(const struct jmc_watch *watch, int *exit_out);

#endif
