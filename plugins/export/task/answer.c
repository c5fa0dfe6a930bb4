/* JSON to the worker. Worker process only. */
#include "task/answer.h"

#include <junmai/sdk/span.h>

void answer_send(const jm_task_run *run, json_t *json_take, struct fault *fault)
{
    char *text = json_take == NULL ? NULL : json_dumps(json_take, JSON_COMPACT);
    if (text == NULL || run->result(run, jm_span_of(text)) != JM_OK) {
        fault_set(fault, JM_ENOMEM, "out of memory for the result");
    }
    free(text);
    json_decref(json_take);
}

jm_status answer_status(const jm_task_run *run, const struct fault *fault)
{
    if (fault->status != JM_OK) {
        run->fail(run, jm_span_of(fault->text));
    }
    return fault->status;
}
