/* One worker process: its start, the task it runs, its limits of time, its end.
 *
 * A child that has become ready runs one task at a time. Nothing that it sends is trusted: one that
 * breaks the protocol or floods it is killed. Owned by the pool, which frees it from `ended`. [loop] */
#ifndef JMH_WORKER_CHILD_H
#define JMH_WORKER_CHILD_H

#include "host/worker/build.h"
#include "host/worker/task.h"
#include "host/worker/wire.h"

/* A child with more objects than this, or more tasks behind it, is replaced: what parsers leak does not
 * add up. */
#define JMH_CHILD_OBJECTS_MAX 16
#define JMH_CHILD_TASKS_MAX 1000

enum jmh_child_state {
    JMH_CHILD_STARTING,
    JMH_CHILD_IDLE,
    JMH_CHILD_BUSY,
    JMH_CHILD_ENDING, /* was killed, or has closed its socket: waits for its exit */
};

/* Why the host has killed a child. */
enum jmh_child_kill {
    JMH_CHILD_NOT_KILLED,
    JMH_CHILD_KILLED_WALL,     /* the task took too long, or the start did */
    JMH_CHILD_KILLED_CANCEL,   /* did not heed a cancel */
    JMH_CHILD_KILLED_NONSENSE, /* broke the protocol, or flooded it */
    JMH_CHILD_KILLED_HANGUP,   /* closed its socket and lived on */
    JMH_CHILD_KILLED_RETIRED,  /* is not needed any more */
};

struct jmh_child_end {
    enum jmh_child_kill kill;
    int exit_status; /* or, negative, the signal */
};

struct jmh_child_events {
    void (*ready)(void *user, struct jmh_child *child);
    void (*progress)(void *user, struct jmh_child *child, double percent, jm_span detail_json);
    /* The child is idle again; `text` is borrowed. */
    void (*done)(void *user, struct jmh_child *child, jm_status status, jm_span text);
    /* Its process has ended; child->task is what it ran, or NULL. */
    void (*ended)(void *user, struct jmh_child *child, struct jmh_child_end end);
};

/* What a child has loaded. */
struct jmh_child_object {
    char *path;
    struct jmh_build build;
};

struct jmh_child {
    struct jmh_loop *loop;
    const struct jmh_child_events *events;
    void *user;
    struct jmh_process *process; /* NULL once it has ended */
    struct jmh_watch *watch;     /* of the socket; NULL once it is closed */
    struct jmh_timer *timer;     /* of the state: start, task, cancel or end */
    int socket;
    enum jmh_child_state state;
    enum jmh_child_kill kill;
    struct jmh_wire_in in;
    struct jmh_wire_out out;
    struct jmh_task *task;
    uint64_t busy_since_ms;
    uint32_t tasks_begun;
    struct jmh_child_object objects[JMH_CHILD_OBJECTS_MAX];
    uint32_t object_count;
    uint64_t window_began_ms; /* counts per second, against floods */
    uint32_t window_messages, window_progress;
};

/* NULL, with a sentence, where it could not be started. */
struct jmh_child *jmh_child_start(struct jmh_loop *loop, const char *program,
                                  const struct jmh_child_events *events, void *user,
                                  struct jmh_err *err);
/* Kills it where it still runs; no event comes any more. */
void jmh_child_free(struct jmh_child *child);

/* Whether an idle child may run this task: it has no other build of the object, and it is fresh where
 * another died of the task. `build` NULL: not known. */
bool jmh_child_fits(const struct jmh_child *child, const struct jmh_task *task,
                    const struct jmh_build *build);
/* Whether it has loaded the object. */
bool jmh_child_knows(const struct jmh_child *child, const struct jmh_task *task);

/* Give an idle child a task. JM_OK, or JM_ENOMEM: it was not given. */
jm_status jmh_child_run(struct jmh_child *child, struct jmh_task *task,
                        const struct jmh_build *build);
/* Tell it that its task should end; it is killed where that does not help. */
void jmh_child_cancel(struct jmh_child *child);
/* End an idle child. */
void jmh_child_retire(struct jmh_child *child);

#endif
