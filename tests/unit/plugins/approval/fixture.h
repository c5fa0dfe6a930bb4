/* A fake host with the plugin approval, above a catalog, a queue, exports and settings that the
 * test plays. */
#ifndef APPROVAL_FIXTURE_H
#define APPROVAL_FIXTURE_H

#include "fake_catalog.h"

#include <fakehost.h>
#include <queue/queue.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define FIXTURE_TIMERS 4

struct fixture_timer {
    jm_id id;
    uint64_t repeat_ms;
    jm_timer_fn fn;
    void *user;
};

struct fixture {
    struct fakehost *host;
    struct fake_catalog catalog;
    bool auto_export;  /* the studio's setting */
    bool export_fails; /* the next export does */
    size_t exports;    /* that were triggered */
    size_t submitted;  /* jobs */
    size_t cancelled;  /* jobs */
    char config[256];  /* of the last job */
    queue_listener_fn listener;
    void *listener_user;
    struct fixture_timer timers[FIXTURE_TIMERS];
    size_t timer_count;
    jm_id last_id;
};

int fixture_setup(void **state);
int fixture_teardown(void **state);
/* The same without queue, exports and settings. */
int fixture_setup_alone(void **state);

/* POST PREFIX/{photo}/VERB and expect that status; the answer. */
const json_t *fixture_post(struct fixture *fixture, int expected, const char *prefix, int photo,
                           const char *verb, const char *body);

/* What the catalog knows of a photograph. */
const char *fixture_text(const struct fixture *fixture, int photo, const char *key);
bool fixture_is_approved(const struct fixture *fixture, int photo);
/* Somebody else changes it. */
void fixture_set(struct fixture *fixture, int photo, const char *key, const char *value);
/* The photograph is that, now. */
void fixture_expect(const struct fixture *fixture, int photo, const char *status, bool approved,
                    const char *reason);

/* The events since the last call: photo_approved, photo_rejected, approval_queue_updated. */
void fixture_expect_events(struct fixture *fixture, size_t approved, size_t rejected, size_t queue);

/* A develop job of the photograph comes to that state; with `ok` false the turn is taken back. */
void fixture_job(struct fixture *fixture, int photo, int32_t state, bool ok);
/* Fire each timer once. */
void fixture_fire(struct fixture *fixture);

#endif
