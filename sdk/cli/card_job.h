/* The import of a card as the host does it: begun by a request, followed to its end, taken up again
 * when the host has gone and come back. */
#ifndef JMC_CARD_JOB_H
#define JMC_CARD_JOB_H

#include "progress.h"
#include "stream.h"

#include <jansson.h>

struct jmc_card_job {
    const struct jmc_cli *cli;
    char *path;          /* of the card, as text */
    const char *session; /* name; NULL: none */
    CURLM *multi;
    struct jmc_stream stream;
    struct jmc_progress progress;
    json_t *state;   /* the host's last word on it; NULL before */
    bool is_shown;   /* the progress is */
    bool is_patient; /* a host that does not answer is waited for */
    bool is_away;    /* the last request reached no host */
    bool has_ended;  /* the host has told of the last file */
};

void jmc_card_job_init(struct jmc_card_job *job, const struct jmc_cli *cli, const char *path,
                       const char *session);
/* What is on the card: new, known, other, new_bytes. NULL after a complaint. */
json_t *jmc_card_job_look(struct jmc_card_job *job, int *exit_out);
/* Begin, and stay until the end. JMC_OK when the host has judged every file, well or not: `state` says
 * how. */
int jmc_card_job_run(struct jmc_card_job *job, uint64_t files, uint64_t bytes);
/* The verdicts of its report that are not good ones. NULL after a complaint. */
json_t *jmc_card_job_problems(struct jmc_card_job *job, int *exit_out);
void jmc_card_job_fini(struct jmc_card_job *job);

#endif
