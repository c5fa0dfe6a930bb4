/* Lists of jobs, newest first. */
#ifndef QUEUE_QUERY_H
#define QUEUE_QUERY_H

#include "job.h"

#define QUERY_MAX 1000 /* rows of one answer */

struct query {
    jm_span kind; /* absent: any; so are the other filters */
    jm_span group;
    int32_t state;    /* 0: any */
    int64_t photo;    /* 0: any */
    int32_t priority; /* 0: any */
    int64_t limit;
    int64_t offset;
};

typedef json_t *(*query_json_fn)(const struct job *job);

/* A JSON array, each job made by `json_of`. */
jm_status query_list(const struct queue *q, const struct query *query, query_json_fn json_of,
                     json_t **json_out);
/* How many there are without limit and offset. */
jm_status query_count(const struct queue *q, const struct query *query, int64_t *count_out);

#endif
