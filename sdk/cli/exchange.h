/* A request and its whole answer. */
#ifndef JMC_EXCHANGE_H
#define JMC_EXCHANGE_H

#include "memory.h"
#include "transfer.h"

#include <jansson.h>

struct jmc_exchange {
    struct jmc_transfer transfer;
    struct jmc_buffer body; /* of the answer */
    char *sent;             /* body of the request, or NULL */
};

/* GET, or with a JSON document POST. Step the multi handle until `transfer.finished`. */
void jmc_exchange_start(struct jmc_exchange *exchange, const struct jmc_cli *cli, CURLM *multi,
                        const char *path, json_t *document_take);
/* Seconds that the answer asks to wait before a further try; 0: none. */
int jmc_exchange_retry_s(const struct jmc_exchange *exchange);
/* The answer as a JSON document. NULL after a complaint when it is an error, or none; `exit_out` is
 * what belongs to it. */
json_t *jmc_exchange_json(const struct jmc_exchange *exchange, const struct jmc_cli *cli,
                          int *exit_out);
void jmc_exchange_fini(struct jmc_exchange *exchange);

/* GET or POST, from the beginning to the end. `status_out` (or NULL) is the status of HTTP, where one
 * other than 2xx is no failure then. */
json_t *jmc_ask(const struct jmc_cli *cli, const char *path, json_t *document_take,
                long *status_out, int *exit_out);
/* GET, for what can be done without: NULL without a complaint. */
json_t *jmc_ask_quietly(const struct jmc_cli *cli, const char *path);
/* GET a text. NULL after a complaint. */
char *jmc_ask_text(const struct jmc_cli *cli, const char *path, int *exit_out);

#endif
