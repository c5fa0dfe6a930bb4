/* The fixture that uses every extension of the host once. One instance a process. [loop] */
#ifndef EVERYTHING_H
#define EVERYTHING_H

#include <junmai/ext/state.h>
#include <junmai/sdk/log.h>
#include <junmai/sdk/plugin.h>
#include <junmai/sdk/span.h>

struct everything {
    JM_API_MEMBERS;
    const jm_service_slot *self; /* of the service that it provides itself */
    jm_id calls, notes;          /* counter, gauge */
    jm_id ticker;                /* repeating timer */
    jm_id watch;                 /* of pipe[0] */
    int pipe[2];
    int64_t ticks;
    int64_t starts;           /* kept in the saved state */
    int64_t kept, taken_back; /* turns in which a note was stored, by how they ended */
    int64_t wakes;            /* of pollers */
    jm_id reader;             /* request that waits for a byte in the pipe */
};

extern struct everything everything;

/* The service test.everything/1: how many ticks there were. */
struct everything_service {
    int64_t (*ticks)(void *provider_data);
};

/* init(): everything that is declared (register.c). */
jm_status everything_register(void);

/* Answer with a JSON document that is printed here. */
__attribute__((format(printf, 3, 4))) jm_status everything_answer(jm_id request, int32_t status,
                                                                  const char *format, ...);
/* A path or query parameter as a number; `absent` where it is not there. */
int64_t everything_number(jm_id request, const char *name, int64_t absent);
/* Open DATA/everything/NAME for reading; a descriptor, or -1 with the sentence set. */
int everything_open(jm_span name);

/* At once: path, query, header, option, errors, files (answers.c). */
jm_status everything_echo(void *user, const jm_request *request);
jm_status everything_bytes(void *user, const jm_request *request);
jm_status everything_options(void *user, const jm_request *request);
jm_status everything_error(void *user, const jm_request *request);
jm_status everything_file(void *user, const jm_request *request);
jm_status everything_inject(void *user, const jm_request *request);

/* Notes in the store, with their events (notes.c). */
jm_status everything_store(void *user, const jm_request *request);
jm_status everything_fail(void *user, const jm_request *request);
jm_status everything_confess(void *user, const jm_request *request);
jm_status everything_sql(void *user, const jm_request *request);
jm_status everything_counts(void *user, const jm_request *request);
jm_status everything_echo_message(void *user, const jm_message *message);
jm_status everything_note_message(void *user, const jm_message *message);

/* Later: from a timer, the pool, a watch (later.c), a worker (tasks.c). */
jm_status everything_later(void *user, const jm_request *request);
jm_status everything_never(void *user, const jm_request *request);
jm_status everything_work(void *user, const jm_request *request);
jm_status everything_cancel_work(void *user, const jm_request *request);
jm_status everything_pipe(void *user, const jm_request *request);
jm_status everything_readable(void *user, jm_id watch, uint32_t events, jm_status status);
jm_status everything_task(void *user, const jm_request *request);
jm_status everything_cancel_task(void *user, const jm_request *request);

/* Client sessions: one that acts by itself (session.c), one that a poller drives (poller.c). */
jm_status everything_session(void *user, const jm_request *request);
jm_status everything_poller_open(void *user, const jm_request *request);
jm_status everything_poller_say(void *user, const jm_request *request);
jm_status everything_poller_take(void *user, const jm_request *request);
jm_status everything_poller_close(void *user, const jm_request *request);

#endif
