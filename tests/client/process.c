/* A child process of a test: see process.h. */
#include "process.h"

#include "error.h"
#include "wait.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static void become(const char *const *argv, int stdout_fd, const char *stderr_path)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    int in_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    int err_fd = stderr_path ? open(stderr_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)
                             : STDERR_FILENO;
    if (in_fd < 0 || err_fd < 0)
        _exit(126);
    dup2(in_fd, STDIN_FILENO);
    dup2(stdout_fd, STDOUT_FILENO);
    dup2(err_fd, STDERR_FILENO);
    execv(argv[0], (char *const *)argv);
    _exit(127);
}

int jmt_process_start(struct jmt_process *process_out, const char *const *argv,
                      const char *stderr_path)
{
    int ends[2];
    *process_out = (struct jmt_process){.pid_fd = -1, .stdout_fd = -1};
    if (access(argv[0], X_OK) < 0)
        return jmt_error_set("cannot start %s: %s", argv[0], strerror(errno));
    if (pipe2(ends, O_CLOEXEC) < 0)
        return jmt_error_set("cannot open a pipe: %s", strerror(errno));
    pid_t pid = fork();
    if (pid == 0)
        become(argv, ends[1], stderr_path);
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return jmt_error_set("cannot fork: %s", strerror(errno));
    }
    process_out->pid = pid;
    process_out->stdout_fd = ends[0];
    process_out->pid_fd = pidfd_open(pid, 0);
    return 0;
}

int jmt_process_line(struct jmt_process *process, char *line_out, size_t line_bytes, int timeout_ms)
{
    int64_t deadline_ms = jmt_deadline_after(timeout_ms);
    size_t used = 0;
    while (used + 1 < line_bytes) {
        if (jmt_fd_wait(process->stdout_fd, POLLIN, deadline_ms) < 0)
            return jmt_error_set("process %d printed no line within %d ms", (int)process->pid,
                                 timeout_ms);
        ssize_t got = read(process->stdout_fd, line_out + used, 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return jmt_error_set("process %d ended its output without a further line",
                                 (int)process->pid);
        if (line_out[used] == '\n')
            break;
        ++used;
    }
    line_out[used] = '\0';
    return 0;
}

int jmt_process_signal(const struct jmt_process *process, int signal_number)
{
    if (process->pid == 0 || kill(process->pid, signal_number) < 0)
        return jmt_error_set("cannot signal process %d: %s", (int)process->pid,
                             process->pid == 0 ? "it has ended" : strerror(errno));
    return 0;
}

int jmt_process_wait(struct jmt_process *process, int timeout_ms)
{
    int status;
    if (process->pid == 0)
        return jmt_error_set("there is no process to wait for");
    if (jmt_fd_wait(process->pid_fd, POLLIN, jmt_deadline_after(timeout_ms)) < 0)
        return jmt_error_set("process %d still ran after %d ms", (int)process->pid, timeout_ms);
    while (waitpid(process->pid, &status, 0) < 0 && errno == EINTR)
        ;
    close(process->pid_fd);
    close(process->stdout_fd);
    *process = (struct jmt_process){.pid_fd = -1, .stdout_fd = -1};
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void jmt_process_kill(struct jmt_process *process)
{
    if (process->pid == 0)
        return;
    kill(process->pid, SIGKILL);
    jmt_process_wait(process, JMT_PATIENCE_MS);
}
