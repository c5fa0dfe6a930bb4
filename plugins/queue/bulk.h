/* A request that makes many jobs: their photographs are all looked up first, then the jobs are made, both
 * in slices of one turn each, so that nothing is half done where one of them does not exist. The request
 * is answered behind the last one. Where the host ends meanwhile it is not answered: the same request
 * with the same key goes on with the jobs that are there. */
#ifndef QUEUE_BULK_H
#define QUEUE_BULK_H

#include "core.h"

#include <junmai/sdk/json.h>

#define BULK_PHOTOS_MAX 100000

/* The answer; `ids` is an array of the jobs' ids, borrowed. */
typedef json_t *(*bulk_answer_fn)(const queue_submission *common, json_t *ids);

/* `photos_take` has `count` ids, on the heap; what `common` points to is copied. `is_known` says that all
 * photographs exist. */
jm_status bulk_start(struct queue *q, jm_id request, const queue_submission *common,
                     int64_t *photos_take, size_t count, bool is_known, bulk_answer_fn answer);

#endif
