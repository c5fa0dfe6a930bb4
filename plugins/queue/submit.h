/* New jobs. */
#ifndef QUEUE_SUBMIT_H
#define QUEUE_SUBMIT_H

#include "job.h"

/* As queue_service.submit. */
jm_status submit_one(struct queue *q, const queue_submission *submission,
                     char id_out[QUEUE_ID_SIZE], int32_t *created_out);

#endif
