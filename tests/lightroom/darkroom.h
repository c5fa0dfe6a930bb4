/*
 * A studio with the plugin lightroom, and clients that poll it as Lightroom's plug-in does. Each of
 * these fails the test when the answer is not what it must be.
 */
#ifndef LIGHTROOM_TESTS_DARKROOM_H
#define LIGHTROOM_TESTS_DARKROOM_H

#include "ask.h"
#include "check.h"
#include "listen.h"

/* How long something may take that takes a moment. */
#define DARKROOM_MS 60000

/* The smallest settings that are in order. */
#define DARKROOM_CONFIG                                                                      \
    "{\"version\":\"1.0\",\"pipeline\":[{\"stage\":\"base\",\"settings\":{\"Exposure2012\":" \
    "0.5}}],\"safety\":{\"snapshot\":true,\"dryRun\":false}}"

/* Options of the plugin; NULL: the defaults. */
void darkroom_open(struct studio *studio_out, json_t *options_take);

/* POST /ws/handshake; the id, to free(). */
char *poller_open(const struct studio *studio, const char *client_type);

/* GET /ws/poll with further parameters ("&wait=5", or ""); the whole answer. */
json_t *poller_poll(const struct studio *studio, const char *id, const char *more);

/* Polls until a message of that type has come; those before it are dropped. */
json_t *poller_wait(const struct studio *studio, const char *id, const char *type);

/* POST /ws/send; "response". */
json_t *poller_say(const struct studio *studio, const char *id, json_t *message_take);
void poller_subscribe(const struct studio *studio, const char *id, const char *channel);

/* Takes the greeting, registers and subscribes to jobs, system and photos, as the plug-in does. */
char *lightroom_open(const struct studio *studio);

/* POST /job with a ready config; the id, to free(). */
char *job_new(const struct studio *studio);
/* GET /job/next for a client (NULL: none named), which must get a job. */
json_t *job_next(const struct studio *studio, const char *client_id);
void job_none(const struct studio *studio, const char *client_id);
void job_expect_status(const struct studio *studio, const char *job, const char *status);
/* POST /job/ID/result with a body as text (NULL: none) and no Content-Type; the answer. */
json_t *job_result(const struct studio *studio, int status, const char *job, const char *body);

#endif
