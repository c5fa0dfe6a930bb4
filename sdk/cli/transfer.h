/* One HTTP transfer of a curl multi handle. Several can be under way at once: an import waits for its
 * answer while it hears of its progress. */
#ifndef JMC_TRANSFER_H
#define JMC_TRANSFER_H

#include "cli.h"

#include <curl/curl.h>
#include <stdbool.h>

struct jmc_transfer {
    CURLM *multi; /* borrowed; NULL: there is no transfer */
    CURL *easy;
    struct curl_slist *headers;
    bool finished; /* the next three are known */
    CURLcode result;
    long status; /* of HTTP */
    char *path;  /* that was asked for */
};

typedef size_t jmc_transfer_write_fn(char *bytes, size_t size, size_t count, void *user);

/* Prepare a request for URL + path; `write` takes what comes. Set what else it needs on `easy`. */
void jmc_transfer_init(struct jmc_transfer *transfer, const struct jmc_cli *cli, CURLM *multi,
                       const char *path, jmc_transfer_write_fn *write, void *user);
/* A header, "Name: value"; before the start. */
void jmc_transfer_header(struct jmc_transfer *transfer, const char *line);
void jmc_transfer_start(struct jmc_transfer *transfer);
/* Ends it if it goes on. */
void jmc_transfer_fini(struct jmc_transfer *transfer);

/* Move bytes for all transfers, waiting at most that long for something to do. False, and at once,
 * when asked to stop. */
bool jmc_transfers_step(CURLM *multi, int timeout_ms);

/* Whether a finished transfer reached a host that answered. */
bool jmc_transfer_is_answered(const struct jmc_transfer *transfer);
/* Why a transfer brought no answer, as a sentence; the exit status that belongs to it. */
int jmc_transfer_complain(const struct jmc_transfer *transfer, const struct jmc_cli *cli);

#endif
