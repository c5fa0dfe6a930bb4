/*
 * A studio with a queue and a crew: what the tests here begin with, and the questions that they ask.
 */
#ifndef QUEUE_TESTS_WORKSHOP_H
#define QUEUE_TESTS_WORKSHOP_H

#include "ask.h"
#include "check.h"
#include "studio.h"

#define ID_SIZE 33

/* Starts it; `options` are those of the plugin queue (NULL: the defaults). */
void workshop_open(struct studio *studio_out, json_t *options_take);

/* POST /queue/submit of a job of a kind without a photograph; its id. */
void workshop_submit(const struct studio *studio, const char *kind, char id_out[ID_SIZE]);

/* POST /crew/photos: the answer, with session_id and ids. */
json_t *workshop_photos(const struct studio *studio, int count, double score);

/* GET /api/jobs/ID. */
json_t *workshop_job(const struct studio *studio, const char *id);

/* Waits until the job has this status: the job. Fails the test where it does not come. */
json_t *workshop_wait(const struct studio *studio, const char *id, const char *status);

/* POST /queue/lease of a kind: the job, or NULL where none waits. */
json_t *workshop_lease(const struct studio *studio, const char *kind, const char *holder,
                       int ttl_ms, double wait_s);

/* POST /queue/lease/LEASE/WHAT, with that status: the answer. */
json_t *workshop_report(const struct studio *studio, int status, const char *lease,
                        const char *what, json_t *body_take);

/* GET /queue/stats: jobs in a status. */
json_int_t workshop_count(const struct studio *studio, const char *status);

/* Waits until as many jobs have this status. */
void workshop_wait_count(const struct studio *studio, const char *status, json_int_t count,
                         int timeout_ms);

#endif
