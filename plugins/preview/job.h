/* The making of one photograph's thumbnails, all sizes at once, for everybody who asks meanwhile.
 *
 *   OPEN    [worker]  the photograph, and a part for each size
 *   RENDER  [task]    one decode
 *   PLACE   [worker]  the parts get their names
 *   then    [loop]    rows, answers
 *
 * One job for each content; it owns its struct and everything in it. */
#ifndef PREVIEW_JOB_H
#define PREVIEW_JOB_H

#include "core.h"
#include "photo.h"

/* Whoever waits gets an answer later. Makes a background job an urgent one. Returns JM_OK, or a
 * negative status with a sentence. [loop & active] */
jm_status job_ask(struct preview_core *core, const struct photo *photo, jm_id request, int size);

/* Nobody waits. [loop & active] */
jm_status job_background(struct preview_core *core, const struct photo *photo);

struct job *job_of_content(const struct preview_core *core, const char *hash);
struct job *job_of_photo(const struct preview_core *core, int64_t photo);

/* How many run without anybody waiting. */
uint32_t job_background_count(const struct preview_core *core);

/* Take back what nobody waits for and has not begun. [loop & (active | draining)] */
void job_cancel_background(const struct preview_core *core);

#endif
