/* A loop and a pool of real workers, and what became of the tasks of a test. */
#ifndef POOL_FIXTURE_H
#define POOL_FIXTURE_H

#include "host/util/err.h"
#include "host/worker/pool.h"

#include <stdbool.h>

#define OUTCOMES_MAX 256
#define GOOD TASK_DIR "/good-task.so"
#define HOSTILE TASK_DIR "/hostile-task.so"

struct pool_fixture;

struct outcome {
    struct pool_fixture *fixture;
    jm_id id;
    uint32_t done_calls;
    uint32_t position; /* among the outcomes that were done */
    jm_status status;
    char *text;
    size_t text_len;
    uint32_t progress_calls;
    double percent;      /* the last */
    double progress[64]; /* the first of them */
    char detail[64];     /* the last */
    /* Called, where it is set, for each progress and for done. */
    void (*on_progress)(struct outcome *outcome);
    void (*on_done)(struct outcome *outcome);
};

struct pool_fixture {
    struct jmh_loop *loop;
    struct jmh_pool *pool;
    struct outcome outcomes[OUTCOMES_MAX];
    uint32_t count, done_count;
    uint32_t wanted; /* the loop stops when so many are done */
    bool too_late;
};

/* `processes` workers of `program`, NULL for the real one, that may hold 220 waiting tasks. */
void fixture_open(struct pool_fixture *fixture, uint32_t processes, const char *program);
void fixture_close(struct pool_fixture *fixture);
/* A task with defaults that a test may change. */
jm_task fixture_task(const char *name);
/* Run it; the outcome fills later. The call must succeed. */
struct outcome *fixture_run(struct pool_fixture *fixture, const char *object, jm_task task);
/* Run the loop until all tasks are done, within a minute. */
void fixture_wait(struct pool_fixture *fixture);
/* Run one good or bad task to its end. */
struct outcome *fixture_do(struct pool_fixture *fixture, const char *object, jm_task task);
void assert_says(const struct outcome *outcome, const char *words);

#endif
