/* The fixture that uses every extension of the host once. One instance a process. [loop] */
#ifndef EVERYTHING_H
#define EVERYTHING_H

#include <junmai/junmai.h>
#include <junmai/sdk/log.h>
#include <junmai/sdk/span.h>

struct everything {
    const jm_host *host;
    const jm_host_log *log;
    const jm_host_error *error;
    const jm_host_config *config;
    const jm_host_event *event;
    const jm_host_message *message;
    const jm_host_http *http;
    const jm_host_client *client;
    const jm_host_clock *clock;
    const jm_host_timer *timer;
    const jm_host_fd *fd;
    const jm_host_work *work;
    const jm_host_task *task;
    const jm_host_store *store;
    const jm_host_service *service;
    const jm_host_metric *metric;
    const jm_service_slot *self; /* of the service that it provides itself */
    jm_id calls;                 /* counter */
    jm_id ticker;                /* repeating timer */
    jm_id watch;                 /* of pipe[0] */
    int pipe[2];
    int64_t ticks;
    int64_t starts; /* kept in the saved state */
    jm_id reader;   /* request that waits for a byte in the pipe */
};

extern struct everything everything;

/* The service test.everything/1: how many ticks there were. */
struct everything_service {
    int64_t (*ticks)(void *provider_data);
};

/* Answer with a JSON document that is printed here. */
__attribute__((format(printf, 3, 4))) jm_status everything_answer(jm_id request, int32_t status,
                                                                  const char *format, ...);

/* Routes, each a file's (answers.c: at once; later.c: deferred; session.c: a client session). */
jm_status everything_echo(void *user, const jm_request *request);
jm_status everything_bytes(void *user, const jm_request *request);
jm_status everything_store(void *user, const jm_request *request);
jm_status everything_fail(void *user, const jm_request *request);
jm_status everything_inject(void *user, const jm_request *request);
jm_status everything_counts(void *user, const jm_request *request);
jm_status everything_message(void *user, const jm_message *message);
jm_status everything_later(void *user, const jm_request *request);
jm_status everything_never(void *user, const jm_request *request);
jm_status everything_work(void *user, const jm_request *request);
jm_status everything_task(void *user, const jm_request *request);
jm_status everything_pipe(void *user, const jm_request *request);
jm_status everything_readable(void *user, jm_id watch, uint32_t events, jm_status status);
jm_status everything_session(void *user, const jm_request *request);

#endif
