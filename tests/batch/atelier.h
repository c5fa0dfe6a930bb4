/*
 * A studio with the plugin batch and the plugin "stock" of the tests: photographs without files, an
 * executor "develop" that ends each job at once and "slow" that holds four until they are asked to end.
 */
#ifndef BATCH_TESTS_ATELIER_H
#define BATCH_TESTS_ATELIER_H

#include "ask.h"
#include "check.h"
#include "listen.h"

/* How long something may take that takes a moment. */
#define ATELIER_MS 60000

void atelier_open(struct studio *studio_out);

/* Makes photographs in the catalog. */
void atelier_fill(const struct studio *studio, int count);

/* Starts a batch of the photographs `first` to `last`; its id, to free(). */
char *atelier_start(const struct studio *studio, const char *kind, int first, int last);
json_t *atelier_order(const char *kind, int first, int last);

/* POST /batch/{id}/VERB, which must answer with that status; the answer. */
json_t *atelier_post(const struct studio *studio, int status, const char *id, const char *verb);

/* GET /batch/{id}/status. */
json_t *atelier_status(const struct studio *studio, const char *id);
json_int_t atelier_count(const struct studio *studio, const char *id, const char *key);

/* Waits until the batch has that status, or the number at `key` is at least `least`. */
void atelier_wait_status(const struct studio *studio, const char *id, const char *wanted);
void atelier_wait_count(const struct studio *studio, const char *id, const char *key,
                        json_int_t least);

/* Ends jobs of the executor "slow" until the batch has this status. */
void atelier_finish_all(const struct studio *studio, const char *id);

#endif
