/* The numbers of GET /metrics. */
#ifndef PREVIEW_METRICS_H
#define PREVIEW_METRICS_H

#include <junmai/types.h>

struct preview_core;

struct preview_metrics {
    jm_id made;        /* photographs rendered */
    jm_id failed;      /* photographs that could not be */
    jm_id hits;        /* requests answered from the cache */
    jm_id cache_bytes; /* of the files in the cache */
};

/* [loop & loaded] */
jm_status metrics_declare(struct preview_core *core);

#endif
