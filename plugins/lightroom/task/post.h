/* One HTTP POST of JSON. [worker] */
#ifndef LIGHTROOM_TASK_POST_H
#define LIGHTROOM_TASK_POST_H

#include <jansson.h>
#include <junmai/task.h>

#define POST_SENTENCE_BYTES 512

struct post {
    const jm_task_run *run; /* whose cancel ends it */
    const char *url;
    const char *key; /* sent as a bearer token; "": none */
    long timeout_ms;
    char sentence[POST_SENTENCE_BYTES]; /* why it failed */
};

/* The answer of a 2xx, parsed; NULL with the sentence where there is none. *retry_out says whether
 * another attempt may help. */
json_t *post_json(struct post *post, const json_t *body, int *retry_out);

#endif
