/* A prompt becomes develop settings: a task asks the language model. [loop & active] */
#ifndef LIGHTROOM_PROMPT_H
#define LIGHTROOM_PROMPT_H

#include "new_job.h"

/* The order's request is answered when the model has. JM_EBUSY: no model is configured. */
jm_status lr_prompt_ask(struct lr_core *core, const struct lr_order *order, const json_t *prompt);

#endif
