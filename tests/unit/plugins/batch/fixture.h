/* A fake host with the plugin batch, above a queue and a catalog that the test plays. */
#ifndef BATCH_FIXTURE_H
#define BATCH_FIXTURE_H

#include <fakehost.h>
#include <junmai/sdk/span.h>
#include <queue/queue.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* Photographs and sessions with these ids exist. */
#define FIXTURE_PHOTOS 20000
#define FIXTURE_SESSIONS 3

struct fixture {
    struct fakehost *host;
};

int fixture_setup(void **state);
int fixture_teardown(void **state);

/* As a host that is killed and started again: what was in memory is gone. */
void fixture_restart(struct fixture *fixture);

/* Send a request and expect its status; the answer. */
__attribute__((format(printf, 5, 6))) const json_t *fixture_request(struct fixture *fixture,
                                                                    int expected,
                                                                    const char *method,
                                                                    const char *body,
                                                                    const char *target, ...);
/* Start a batch of photographs 1 to `count`; its id. */
const char *fixture_start(struct fixture *fixture, int count);
/* A number or text that GET /batch/{id}/status shows. */
int64_t fixture_count(struct fixture *fixture, const char *id, const char *key);
const char *fixture_status(struct fixture *fixture, const char *id);

/* Fire each timer that is due once; false when there is none. */
bool fixture_fire(struct fixture *fixture);
/* Fire until nothing waits. */
void fixture_settle(struct fixture *fixture);
size_t fixture_timers(void);

/* Times that this status was told in system_status. */
size_t fixture_told(struct fixture *fixture, const char *status);

/* The queue: how many jobs of the group are in a state, and `count` of one state moved to another,
 * each told to the listener. */
int64_t fixture_jobs(const char *group, int32_t state);
void fixture_move(struct fixture *fixture, const char *group, int32_t from, int32_t to,
                  int64_t count);
bool fixture_is_held(const char *group);
/* From now on this photograph is gone; 0: none. */
void fixture_lose_photo(int64_t photo);
/* Each submission costs a millisecond. Let the next one fail. */
void fixture_fail_submit(void);

#endif
