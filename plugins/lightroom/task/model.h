/* Asks a language model over HTTP. The one task of this product that needs the network. [worker] */
#ifndef LIGHTROOM_TASK_MODEL_H
#define LIGHTROOM_TASK_MODEL_H

#include <junmai/task.h>

/* In: api ("ollama", "openai"), url, model, key ("": none), prompt, timeout_ms, attempts.
 * Out: config, the object that the model has written. */
jm_status model_task(const jm_task_run *run);
jm_status model_setup(void);

#endif
