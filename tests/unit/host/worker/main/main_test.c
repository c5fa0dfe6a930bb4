/* junmai-worker itself, with the test in the place of the host. */
#include "host/util/span.h"
#include "host/worker/wire.h"

#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define PATIENCE_MS 20000
#define ABOUT(object, task)                                            \
    "{\"object\":\"" TASK_DIR "/" object "-task.so\",\"task\":\"" task \
    "\",\"cpu_ms\":10000,\"memory_mib\":256}"

struct worker {
    pid_t pid;
    int socket;
    struct jmh_wire_in in;
};

static void start_worker(struct worker *worker)
{
    int ends[2];
    *worker = (struct worker){0};
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    worker->pid = fork();
    assert_true(worker->pid >= 0);
    if (worker->pid == 0) {
        if (ends[1] == JMH_WIRE_SOCKET) {
            (void)fcntl(ends[1], F_SETFD, 0);
        } else {
            (void)dup2(ends[1], JMH_WIRE_SOCKET);
        }
        (void)dup2(0, 77); /* what a careless host leaves open */
        (void)execl(WORKER_PROGRAM, WORKER_PROGRAM, (char *)NULL);
        _exit(127);
    }
    (void)close(ends[1]);
    worker->socket = ends[0];
}

static void send_message(const struct worker *worker, enum jmh_wire_kind kind, const char *about,
                         const char *body)
{
    struct jmh_wire_out out = {0};
    assert_true(jmh_wire_put(&out, kind, jmh_span(about), jmh_span(body), NULL, 0));
    assert_int_equal(jmh_wire_send(worker->socket, &out), JM_OK);
    jmh_wire_out_fini(&out);
}

static struct jmh_wire_message next_message(struct worker *worker)
{
    struct jmh_wire_message message;
    while (jmh_wire_next(&worker->in, &message) != JM_OK) {
        struct pollfd one = {.fd = worker->socket, .events = POLLIN};
        assert_int_equal(poll(&one, 1, PATIENCE_MS), 1);
        assert_int_equal(jmh_wire_receive(worker->socket, 0, false, &worker->in), JM_OK);
    }
    return message;
}

static void start_ready(struct worker *worker)
{
    start_worker(worker);
    assert_int_equal(next_message(worker).kind, JMH_WIRE_READY);
}

/* A process that does not end by itself in time is ended, so that a test that fails leaves none. */
static void wait_for_end(pid_t pid, int *status_out)
{
    int pidfd = pidfd_open(pid, 0);
    struct pollfd one = {.fd = pidfd, .events = POLLIN};
    bool in_time = poll(&one, 1, PATIENCE_MS) == 1;
    (void)kill(pid, in_time ? 0 : SIGKILL);
    assert_int_equal(close(pidfd), 0);
    assert_int_equal(waitpid(pid, status_out, 0), pid);
    assert_true(in_time);
}

/* Close our end; the exit status. */
static int end_worker(struct worker *worker)
{
    int status;
    assert_int_equal(close(worker->socket), 0);
    jmh_wire_in_fini(&worker->in);
    wait_for_end(worker->pid, &status);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void it_works_until_its_host_closes(void **state)
{
    (void)state;
    struct worker worker;
    start_ready(&worker);
    /* A cancel that comes too late means nothing to the next task. */
    send_message(&worker, JMH_WIRE_CANCEL, "", "");
    send_message(&worker, JMH_WIRE_RUN, ABOUT("good", "echo"), "{\"n\":1}");
    struct jmh_wire_message message = next_message(&worker);
    assert_int_equal(message.kind, JMH_WIRE_DONE);
    assert_true(jmh_span_is(message.about, "{\"status\":0}"));
    assert_true(jmh_span_is(message.body, "{\"n\":1}"));
    assert_int_equal(end_worker(&worker), 0);
}

static void it_is_not_for_starting_by_hand(void **state)
{
    (void)state;
    int status;
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        (void)close(JMH_WIRE_SOCKET);
        (void)execl(WORKER_PROGRAM, WORKER_PROGRAM, (char *)NULL);
        _exit(127);
    }
    wait_for_end(pid, &status);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_FAILURE);
}

static void it_ends_on_nonsense(void **state)
{
    (void)state;
    static const char *const abouts[] = {
        "{}",
        "[]",
        "{\"object\":1,\"task\":\"x\",\"cpu_ms\":1,\"memory_mib\":1}",
        "{\"object\":\"/x\",\"task\":\"x\",\"cpu_ms\":-1,\"memory_mib\":1}",
        "{\"object\":\"/x\",\"task\":\"x\",\"cpu_ms\":1,\"memory_mib\":4294967296}",
    };
    struct worker worker;
    for (size_t i = 0; i < sizeof abouts / sizeof abouts[0]; i++) {
        start_ready(&worker);
        send_message(&worker, JMH_WIRE_RUN, abouts[i], "{}");
        assert_int_equal(end_worker(&worker), EXIT_FAILURE);
    }
    start_ready(&worker);
    send_message(&worker, JMH_WIRE_DONE, "{\"status\":0}", "{}");
    assert_int_equal(end_worker(&worker), EXIT_FAILURE);
}

/* A line of /proc/PID/FILE that begins with `name`, without it. */
static void read_proc(pid_t pid, const char *file_name, const char *name, char *out, size_t cap)
{
    char path[64];
    char line[256];
    (void)snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, file_name);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    out[0] = '\0';
    while (fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, name, strlen(name)) == 0) {
            (void)snprintf(out, cap, "%s",
                           line + strlen(name) + strspn(line + strlen(name), " \t"));
        }
    }
    assert_int_equal(fclose(file), 0);
}

static void it_is_locked_down(void **state)
{
    (void)state;
    struct worker worker;
    char text[256];
    start_ready(&worker);
    read_proc(worker.pid, "status", "NoNewPrivs:", text, sizeof text);
    assert_string_equal(text, "1\n");
    read_proc(worker.pid, "status", "Threads:", text, sizeof text);
    assert_int_equal(atoi(text), 1);
    read_proc(worker.pid, "limits", "Max core file size", text, sizeof text);
    assert_int_equal(strncmp(text, "0 ", 2), 0);
    read_proc(worker.pid, "limits", "Max open files", text, sizeof text);
    assert_int_equal(strncmp(text, "64 ", 3), 0);
    read_proc(worker.pid, "oom_score_adj", "", text, sizeof text);
    assert_true(atoi(text) >= 500);

    /* It has 0 to 3 and its own; what the host had left open is closed. */
    send_message(&worker, JMH_WIRE_RUN, ABOUT("good", "count_fds"), "{}");
    assert_true(jmh_span_is(next_message(&worker).body, "{\"count\":5,\"highest\":4}"));

    /* Ctrl-C is the host's affair. */
    assert_int_equal(kill(worker.pid, SIGINT), 0);
    assert_int_equal(kill(worker.pid, SIGTERM), 0);
    send_message(&worker, JMH_WIRE_RUN, ABOUT("good", "echo"), "{}");
    assert_int_equal(next_message(&worker).kind, JMH_WIRE_DONE);
    assert_int_equal(end_worker(&worker), 0);
}

/* A host in a process of its own: it starts a worker with a task that never ends, and is killed. */
static void it_does_not_outlive_its_host(void **state)
{
    (void)state;
    int pipe_ends[2];
    pid_t worker_pid;
    int status;
    assert_int_equal(pipe(pipe_ends), 0);
    assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
    pid_t host = fork();
    assert_true(host >= 0);
    if (host == 0) {
        struct worker worker;
        start_ready(&worker);
        send_message(&worker, JMH_WIRE_RUN, ABOUT("hostile", "hang_with_news"), "{}");
        (void)next_message(&worker);
        assert_int_equal(write(pipe_ends[1], &worker.pid, sizeof worker.pid), sizeof worker.pid);
        for (;;) {
            (void)pause();
        }
    }
    assert_int_equal(read(pipe_ends[0], &worker_pid, sizeof worker_pid), sizeof worker_pid);
    assert_int_equal(kill(worker_pid, 0), 0);
    assert_int_equal(kill(host, SIGKILL), 0);
    wait_for_end(host, &status);
    wait_for_end(worker_pid, &status);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    assert_int_equal(close(pipe_ends[0]), 0);
    assert_int_equal(close(pipe_ends[1]), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_works_until_its_host_closes),
        cmocka_unit_test(it_is_not_for_starting_by_hand),
        cmocka_unit_test(it_ends_on_nonsense),
        cmocka_unit_test(it_is_locked_down),
        cmocka_unit_test(it_does_not_outlive_its_host),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
