/* From the end of a process to a sentence. Plain functions. [any] */
#include "host/worker/verdict.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#define TEXT_BYTES 60 /* of a name or label */
#define WHAT_BYTES (3 * TEXT_BYTES + 20)
#define HOW_BYTES 80

/* The length of what is said of a text: at most 60 bytes, whole characters. */
static int clip(const char *text)
{
    size_t len = strnlen(text, TEXT_BYTES + 1);
    if (len > TEXT_BYTES) {
        len = TEXT_BYTES;
        while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80) {
            len--;
        }
    }
    return (int)len;
}

/* "task metadata of …-task.so (read IMG_0042.CR2)" */
static void say_what(const struct jmh_task *task, char out[WHAT_BYTES])
{
    const char *slash = strrchr(task->object, '/');
    const char *object = slash != NULL ? slash + 1 : task->object;
    (void)snprintf(out, WHAT_BYTES, "task %.*s of %.*s (%.*s)", clip(task->name), task->name,
                   clip(object), object, clip(task->label), task->label);
}

/* "was ended by SIGSEGV" */
static void say_how(struct jmh_child_end end, char *out, size_t cap)
{
    const char *name = end.exit_status < 0 ? sigabbrev_np(-end.exit_status) : NULL;
    if (end.kill == JMH_CHILD_KILLED_NONSENSE) {
        (void)snprintf(out, cap, "broke the protocol with the host");
    } else if (end.kill == JMH_CHILD_KILLED_HANGUP) {
        (void)snprintf(out, cap, "closed its connection to the host");
    } else if (name != NULL) {
        (void)snprintf(out, cap, "was ended by SIG%s", name);
    } else if (end.exit_status < 0) {
        (void)snprintf(out, cap, "was ended by signal %d", -end.exit_status);
    } else {
        (void)snprintf(out, cap, "ended with exit status %d", end.exit_status);
    }
}

static void judge_crash(const struct jmh_task *task, struct jmh_child_end end, const char *what,
                        struct jmh_err *verdict_out)
{
    char how[HOW_BYTES];
    say_how(end, how, sizeof how);
    if (task->crashes < JMH_TASK_ATTEMPTS_MAX) {
        (void)jmh_err_set(verdict_out, JM_ECRASHED, "%s: its worker %s", what, how);
    } else if (end.exit_status == -SIGKILL && end.kill == JMH_CHILD_NOT_KILLED) {
        (void)jmh_err_set(
            verdict_out, JM_ENOMEM,
            "%s: its worker %s twice, which the system does when the machine is out of "
            "memory: let fewer workers run, or give the machine more memory",
            what, how);
    } else {
        (void)jmh_err_set(
            verdict_out, JM_ECRASHED,
            "%s is poison: two workers died of it, the second one %s; it is not tried "
            "again, its input or the task object is broken",
            what, how);
    }
}

void jmh_verdict(const struct jmh_task *task, struct jmh_child_end end, struct jmh_err *verdict_out)
{
    char what[WHAT_BYTES];
    say_what(task, what);
    if (task->cancelled) {
        (void)jmh_err_set(verdict_out, JM_ECANCELLED,
                          "%s was cancelled; it did not end by itself, so "
                          "its worker was stopped",
                          what);
    } else if (end.kill == JMH_CHILD_KILLED_WALL) {
        (void)jmh_err_set(verdict_out, JM_ETIMEDOUT,
                          "%s took longer than its limit of %g s and was "
                          "stopped",
                          what, task->wall_ms / 1000.0);
    } else if (end.exit_status == -SIGXCPU) {
        (void)jmh_err_set(verdict_out, JM_ETIMEDOUT,
                          "%s used more than %g s of processor time, its "
                          "limit, and was stopped",
                          what, task->cpu_ms / 1000.0);
    } else if (end.exit_status == JMH_WIRE_EXIT_MEMORY) {
        (void)jmh_err_set(verdict_out, JM_ENOMEM,
                          "%s used more than %u MiB of memory, its limit, and "
                          "was stopped",
                          what, task->memory_mib);
    } else {
        judge_crash(task, end, what, verdict_out);
    }
}

void jmh_verdict_start(struct jmh_child_end end, char *out, size_t cap)
{
    if (end.kill == JMH_CHILD_KILLED_WALL) {
        (void)snprintf(out, cap, "did not become ready in time");
    } else {
        say_how(end, out, cap);
    }
}
