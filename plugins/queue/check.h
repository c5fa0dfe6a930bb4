/* What callers may say: kinds, priorities, JSON objects. Each failure is JM_EINVAL with a sentence that
 * states the rule. */
#ifndef QUEUE_CHECK_H
#define QUEUE_CHECK_H

#include "core.h"

#include <junmai/sdk/json.h>

#define CHECK_GROUP_BYTES 128
#define CHECK_KEY_BYTES 255
#define CHECK_HOLDER_BYTES 256
#define CHECK_STAGE_BYTES 64
#define CHECK_SENTENCE_BYTES 4096

jm_status check_kind(const struct queue *q, jm_span kind);
jm_status check_priority(const struct queue *q, int64_t priority);
/* `name` is for the sentence; at least 1 byte. */
jm_status check_text(const struct queue *q, const char *name, jm_span text, size_t max_bytes);
/* An absent one is in order. */
jm_status check_object(const struct queue *q, const char *name, jm_span json);
jm_status check_percent(const struct queue *q, double percent);

/* A priority in a document: *priority_out is as it was where it is not given. true and 1.5 are none. */
jm_status check_priority_in(const struct queue *q, const jm_doc *doc, int32_t *priority_out);

#endif
