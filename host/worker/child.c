/* One worker process. [loop] */
#include "host/worker/child.h"

#include "host/util/json.h"
#include "host/util/span.h"
#include "host/util/time.h"
#include "host/util/utf8.h"

#include <junmai/ext/fd.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define START_LIMIT_MS 10000
#define CANCEL_LIMIT_MS 1000
#define HANGUP_LIMIT_MS 1000 /* between the end of the socket and of the process */
#define WINDOW_MS 1000
#define WINDOW_MESSAGES_MAX 1000
#define WINDOW_PROGRESS_MAX 20 /* twice what the worker allows itself */
#define LAST_READS_MAX 64      /* of what an ended child has left in its socket */

static void set_limit(struct jmh_child *child, uint64_t limit_ms, void (*fn)(void *user))
{
    if (child->timer != NULL) {
        jmh_timer_stop(child->timer);
        child->timer = NULL;
    }
    if (fn != NULL) {
        child->timer = jmh_timer_start(child->loop, limit_ms, 0, fn, child);
    }
}

static void close_socket(struct jmh_child *child)
{
    if (child->watch != NULL) {
        jmh_watch_stop(child->watch);
        child->watch = NULL;
    }
    if (child->socket >= 0) {
        (void)close(child->socket);
        child->socket = -1;
    }
}

static void kill_for(struct jmh_child *child, enum jmh_child_kill reason)
{
    child->kill = reason;
    child->state = JMH_CHILD_ENDING;
    set_limit(child, 0, NULL);
    close_socket(child);
    if (child->process != NULL) {
        jmh_process_kill(child->process, SIGKILL);
    }
}

static void took_too_long(void *user)
{
    struct jmh_child *child = user;
    child->timer = NULL;
    kill_for(child, JMH_CHILD_KILLED_WALL);
}

static void did_not_heed(void *user)
{
    struct jmh_child *child = user;
    child->timer = NULL;
    kill_for(child, JMH_CHILD_KILLED_CANCEL);
}

static void lives_on(void *user)
{
    struct jmh_child *child = user;
    child->timer = NULL;
    kill_for(child, JMH_CHILD_KILLED_HANGUP);
}

/* The other end of the socket is gone: the process is about to end, and its status says why. */
static void hang_up(struct jmh_child *child)
{
    child->state = JMH_CHILD_ENDING;
    close_socket(child);
    set_limit(child, HANGUP_LIMIT_MS, lives_on);
}

/* Count a message against floods; false where there were too many of late. */
static bool count_message(struct jmh_child *child)
{
    uint64_t now_ms = jmh_time_monotonic_ms();
    if (now_ms - child->window_began_ms >= WINDOW_MS) {
        child->window_began_ms = now_ms;
        child->window_messages = 0;
        child->window_progress = 0;
    }
    return ++child->window_messages <= WINDOW_MESSAGES_MAX;
}

static bool about_int(const struct jmh_wire_message *message, const char *name, int64_t *value_out)
{
    struct jmh_json_value about;
    struct jmh_json_value value;
    return jmh_json_parse(message->about, &about) && jmh_json_get(about, name, &value) &&
           jmh_json_int(value, value_out);
}

static bool is_object(jm_span text)
{
    struct jmh_json_value value;
    return jmh_json_parse(text, &value) && value.kind == JMH_JSON_OBJECT;
}

static bool on_ready(struct jmh_child *child)
{
    if (child->state != JMH_CHILD_STARTING) {
        return false;
    }
    child->state = JMH_CHILD_IDLE;
    set_limit(child, 0, NULL);
    child->events->ready(child->user, child);
    return true;
}

static bool on_progress(struct jmh_child *child, const struct jmh_wire_message *message)
{
    int64_t millipercent;
    if (child->state != JMH_CHILD_BUSY || !about_int(message, "millipercent", &millipercent) ||
        millipercent < 0 || millipercent > 100000 ||
        (message->body.len > 0 && !is_object(message->body))) {
        return false;
    }
    if (++child->window_progress <= WINDOW_PROGRESS_MAX) {
        jm_span detail = message->body.len > 0 ? message->body : (jm_span){NULL, 0};
        child->events->progress(child->user, child, (double)millipercent / 1000.0, detail);
    }
    return true;
}

static bool on_done(struct jmh_child *child, const struct jmh_wire_message *message)
{
    int64_t status;
    if (child->state != JMH_CHILD_BUSY || !about_int(message, "status", &status) ||
        status > JM_OK || status < INT32_MIN || child->out.fd_count > 0) {
        return false;
    }
    bool is_legal = status == JM_OK ? is_object(message->body)
                                    : message->body.len <= JMH_WIRE_DETAIL_MAX_BYTES &&
                                          jmh_utf8_is_valid(message->body);
    if (!is_legal) {
        return false;
    }
    child->state = JMH_CHILD_IDLE;
    set_limit(child, 0, NULL);
    child->events->done(child->user, child, (jm_status)status, message->body);
    return true;
}

static bool on_message(struct jmh_child *child, const struct jmh_wire_message *message)
{
    if (!count_message(child)) {
        return false;
    }
    switch (message->kind) {
    case JMH_WIRE_READY:
        return on_ready(child);
    case JMH_WIRE_PROGRESS:
        return on_progress(child, message);
    case JMH_WIRE_DONE:
        return on_done(child, message);
    default:
        return false;
    }
}

/* Receive once and act on the messages that are whole. JM_OK, JM_EBUSY, or why no more will come. */
static jm_status receive(struct jmh_child *child)
{
    jm_status status = jmh_wire_receive(child->socket, 0, false, &child->in);
    if (status != JM_OK) {
        return status;
    }
    while (child->state != JMH_CHILD_ENDING) {
        struct jmh_wire_message message;
        jm_status next = jmh_wire_next(&child->in, &message);
        if (next == JM_EBUSY) {
            return JM_OK;
        }
        if (next != JM_OK || !on_message(child, &message)) {
            kill_for(child, JMH_CHILD_KILLED_NONSENSE);
        }
    }
    return JM_EGONE;
}

static void flush(struct jmh_child *child)
{
    jm_status status = jmh_wire_send(child->socket, &child->out);
    if (status == JM_OK) {
        jmh_watch_change(child->watch, JM_FD_READABLE);
    } else if (status == JM_EBUSY) {
        jmh_watch_change(child->watch, JM_FD_READABLE | JM_FD_WRITABLE);
    } else {
        hang_up(child);
    }
}

static void on_socket(void *user, uint32_t events, jm_status watch_status)
{
    struct jmh_child *child = user;
    if (watch_status != JM_OK) {
        hang_up(child);
        return;
    }
    if ((events & JM_FD_READABLE) != 0) {
        jm_status status = receive(child);
        if (status != JM_OK && status != JM_EBUSY && child->state != JMH_CHILD_ENDING) {
            hang_up(child);
        }
    }
    if ((events & JM_FD_WRITABLE) != 0 && child->state != JMH_CHILD_ENDING) {
        flush(child);
    }
}

static void on_exit_status(void *user, int exit_status)
{
    struct jmh_child *child = user;
    child->process = NULL;
    /* It may have finished its task before it ended. */
    for (int i = 0; i < LAST_READS_MAX && child->state != JMH_CHILD_ENDING; i++) {
        if (receive(child) != JM_OK) {
            break;
        }
    }
    child->state = JMH_CHILD_ENDING;
    set_limit(child, 0, NULL);
    close_socket(child);
    child->events->ended(child->user, child, (struct jmh_child_end){child->kill, exit_status});
}

/* Our end of a new socket pair, which does not block; the other is the child's. */
static int open_pair(int *theirs_out)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        return -1;
    }
    if (fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0) {
        (void)close(ends[0]);
        (void)close(ends[1]);
        return -1;
    }
    *theirs_out = ends[1];
    return ends[0];
}

struct jmh_child *jmh_child_start(struct jmh_loop *loop, const char *program,
                                  const struct jmh_child_events *events, void *user,
                                  struct jmh_err *err)
{
    struct jmh_child *child = calloc(1, sizeof *child);
    if (child == NULL) {
        (void)jmh_err_set(err, JM_ENOMEM, "out of memory for a worker");
        return NULL;
    }
    *child = (struct jmh_child){.loop = loop, .events = events, .user = user, .socket = -1};
    int theirs = -1;
    child->socket = open_pair(&theirs);
    if (child->socket < 0) {
        (void)jmh_err_set(err, JM_EIO, "cannot open a socket pair for a worker: %s",
                          strerror(errno));
        jmh_child_free(child);
        return NULL;
    }
    const char *const argv[] = {program, NULL};
    child->process = jmh_process_start(loop, argv, theirs, on_exit_status, child);
    if (child->process == NULL) {
        (void)jmh_err_set(err, JM_EIO, "cannot start the worker program %.300s: %s", program,
                          strerror(errno));
        jmh_child_free(child);
        return NULL;
    }
    child->watch = jmh_watch_start(loop, child->socket, JM_FD_READABLE, on_socket, child);
    if (child->watch == NULL) {
        (void)jmh_err_set(err, JM_ENOMEM, "out of memory for a worker");
        jmh_child_free(child);
        return NULL;
    }
    set_limit(child, START_LIMIT_MS, took_too_long);
    return child;
}

void jmh_child_free(struct jmh_child *child)
{
    if (child == NULL) {
        return;
    }
    if (child->process != NULL) {
        jmh_process_kill(child->process, SIGKILL);
        jmh_process_detach(child->process);
    }
    set_limit(child, 0, NULL);
    close_socket(child);
    jmh_wire_in_fini(&child->in);
    jmh_wire_out_fini(&child->out);
    for (uint32_t i = 0; i < child->object_count; i++) {
        free(child->objects[i].path);
    }
    free(child);
}

static const struct jmh_child_object *find_object(const struct jmh_child *child, const char *path)
{
    for (uint32_t i = 0; i < child->object_count; i++) {
        if (strcmp(child->objects[i].path, path) == 0) {
            return &child->objects[i];
        }
    }
    return NULL;
}

bool jmh_child_knows(const struct jmh_child *child, const struct jmh_task *task)
{
    return find_object(child, task->object) != NULL;
}

bool jmh_child_fits(const struct jmh_child *child, const struct jmh_task *task,
                    const struct jmh_build *build)
{
    if ((task->crashes > 0 && child->tasks_begun > 0) ||
        child->tasks_begun >= JMH_CHILD_TASKS_MAX) {
        return false;
    }
    const struct jmh_child_object *object = find_object(child, task->object);
    if (object == NULL) {
        return child->object_count < JMH_CHILD_OBJECTS_MAX;
    }
    return build == NULL || jmh_build_eq(&object->build, build);
}

/* Remember what the child is about to load; it fits (above). */
static bool note_object(struct jmh_child *child, const char *path, const struct jmh_build *build)
{
    if (build == NULL || find_object(child, path) != NULL) {
        return true;
    }
    char *copy = strdup(path);
    if (copy == NULL) {
        return false;
    }
    child->objects[child->object_count++] = (struct jmh_child_object){copy, *build};
    return true;
}

static bool put_run(struct jmh_child *child, const struct jmh_task *task)
{
    struct jmh_buf about = {0};
    jmh_buf_add_text(&about, "{\"object\":");
    jmh_buf_add_json_text(&about, jmh_span(task->object));
    jmh_buf_add_text(&about, ",\"task\":");
    jmh_buf_add_json_text(&about, jmh_span(task->name));
    jmh_buf_addf(&about, ",\"cpu_ms\":%u,\"memory_mib\":%u}", task->cpu_ms, task->memory_mib);
    bool ok = !about.failed && jmh_wire_put(&child->out, JMH_WIRE_RUN, jmh_buf_span(&about),
                                            (jm_span){task->request, task->request_bytes},
                                            task->fds, task->fd_count);
    jmh_buf_fini(&about);
    return ok;
}

jm_status jmh_child_run(struct jmh_child *child, struct jmh_task *task,
                        const struct jmh_build *build)
{
    if (!note_object(child, task->object, build) || !put_run(child, task)) {
        return JM_ENOMEM;
    }
    child->state = JMH_CHILD_BUSY;
    child->task = task;
    child->tasks_begun++;
    child->busy_since_ms = jmh_time_monotonic_ms();
    set_limit(child, task->wall_ms, task->wall_ms > 0 ? took_too_long : NULL);
    flush(child);
    return JM_OK;
}

void jmh_child_cancel(struct jmh_child *child)
{
    if (child->state != JMH_CHILD_BUSY) {
        return;
    }
    jm_span nothing = {NULL, 0};
    set_limit(child, CANCEL_LIMIT_MS, did_not_heed);
    if (jmh_wire_put(&child->out, JMH_WIRE_CANCEL, nothing, nothing, NULL, 0)) {
        flush(child);
    }
}

void jmh_child_retire(struct jmh_child *child)
{
    kill_for(child, JMH_CHILD_KILLED_RETIRED);
}
