/* What the routes share: ids of paths, documents, answers. */
#ifndef QUEUE_ANSWER_H
#define QUEUE_ANSWER_H

#include "job.h"

#include <junmai/sdk/query.h>

jm_status answer(const struct queue *q, const jm_request *request, int32_t http_status,
                 json_t *json_take);

/* What a handler returns: a conflict with a job's state is answered 409 here, as the host knows no
 * status for it; what was written up to then has to be taken back by itself. */
jm_status answer_status(const struct queue *q, const jm_request *request, jm_status status);

/* The job that the path's {name} names. */
jm_status answer_job(const struct queue *q, const jm_request *request, const char *name,
                     struct job *job_out);
/* A path's {name:int}; what no integer can hold is 0. */
int64_t answer_number(const struct queue *q, const jm_request *request, const char *name);

/* limit and offset of a list. */
jm_status answer_range(const struct queue *q, const jm_request *request, int64_t *limit_out,
                       int64_t *offset_out);

jm_query answer_query(const struct queue *q, const jm_request *request);

/* The time now as the wire has it. */
json_t *answer_now(const struct queue *q);

#endif
