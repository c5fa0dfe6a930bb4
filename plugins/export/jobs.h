/* Export jobs: how they come into the queue, and how they are shown. Loop thread.
 *
 * A job's config in the queue is {"preset": name, "revision": n, "stem": file name without extension,
 * "siblings": local jobs of the same trigger}; the name is settled when the job is made, so that two
 * jobs never count to the same {sequence}. */
#ifndef EXPORT_JOBS_H
#define EXPORT_JOBS_H

#include "presets.h"
#include "template.h"

/* A photograph, with "session_name" where it has a session. JM_ENOENT, with a sentence, where there is
 * none; JM_EBUSY while the catalog is away. */
jm_status export_photo_read(const struct export_core *core, int64_t photo, json_t **photo_out);

/* What the variables stand for; borrows from both. */
struct export_values export_values_of(const json_t *photo, const json_t *preset, int64_t sequence);

/* The stem of a photograph's file; *number is given, or -1 for the next. `advance` takes it. False
 * in *named_out where the template yields an empty name. */
jm_status export_stem_make(const struct export_core *core, const json_t *photo,
                           const struct export_preset *preset, int64_t number, bool advance,
                           char stem_out[EXPORT_STEM_BYTES], bool *named_out);

/* A job for each of the names (an array; NULL: for each enabled preset), unknown ones left out. */
jm_status export_jobs_create(const struct export_core *core, int64_t photo, const json_t *names,
                             json_t **xjobs_out);

/* The queue's jobs of a status, of both kinds, oldest first, as XJOB. */
jm_status export_jobs_list(const struct export_core *core, const char *status, json_t **xjobs_out);
/* A job as the queue has it; JM_ENOENT, with a sentence, where it is no export. */
jm_status export_job_read(const struct export_core *core, const char *job, json_t **json_out);
/* The queue's JSON as XJOB. */
json_t *export_xjob(const struct export_core *core, const json_t *job);

/* Ends with the sentence of the queue. */
jm_status export_fail_by_queue(const struct export_core *core, jm_status status);
jm_status export_queue_away(const struct export_core *core);

/* A jm sink that parses: `user` is a json_t **. */
void export_take_json(void *user, jm_span json);

#endif
