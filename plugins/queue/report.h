/* What comes from an attempt, with its lease: from the service, from the routes of remote executors. */
#ifndef QUEUE_REPORT_H
#define QUEUE_REPORT_H

#include "core.h"

jm_status report_progress(struct queue *q, jm_span job_id, jm_span lease, jm_span stage,
                          double percent, jm_span message, jm_span details_json);
jm_status report_complete(struct queue *q, jm_span job_id, jm_span lease, jm_span result_json);
jm_status report_failure(struct queue *q, jm_span job_id, jm_span lease, jm_span sentence,
                         jm_span details_json, bool is_final);
jm_status report_alive(struct queue *q, jm_span job_id, jm_span lease);

#endif
