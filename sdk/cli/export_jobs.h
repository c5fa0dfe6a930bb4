/* Exports that were asked for, until they have ended. */
#ifndef JMC_EXPORT_JOBS_H
#define JMC_EXPORT_JOBS_H

#include "bar.h"
#include "stream.h"

struct jmc_export_jobs {
    const struct jmc_cli *cli;
    struct jmc_stream stream;
    struct jmc_bar bar;
    json_t *open;  /* {job: photo} of those that have not ended */
    json_t *ended; /* XJOB of those that have */
    long long failed;
    int64_t looked_ms; /* when the host was asked last; monotonic */
};

/* From here on the host's events are heard. */
void jmc_export_jobs_init(struct jmc_export_jobs *jobs, const struct jmc_cli *cli, CURLM *multi);
void jmc_export_jobs_fini(struct jmc_export_jobs *jobs);

/* Follow a job of an answer, an XJOB. */
void jmc_export_jobs_add(struct jmc_export_jobs *jobs, const json_t *xjob);
/* Until all have ended. False when asked to stop. */
bool jmc_export_jobs_wait(struct jmc_export_jobs *jobs);
/* Show how far they are. */
void jmc_export_jobs_show(struct jmc_export_jobs *jobs, bool is_last);

#endif
