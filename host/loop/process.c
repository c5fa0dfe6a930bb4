/* Child processes: started with one descriptor, watched until they end. [loop] */
#include "host/loop/internal.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define PASSED_FD 3

struct jmh_process {
    uv_process_t uv;
    void (*on_exit)(void *user, int status);
    void *user;
};

static void on_closed(uv_handle_t *handle)
{
    jmh_handle_closed(handle);
    free(handle->data);
}

void jmh_process_forget(uv_handle_t *handle)
{
    uv_close(handle, on_closed);
}

static void on_end(uv_process_t *uv, int64_t status, int signal)
{
    struct jmh_process *process = uv->data;
    if (process->on_exit != NULL) {
        process->on_exit(process->user, signal != 0 ? -signal : (int)status);
    }
    jmh_process_forget((uv_handle_t *)uv);
}

struct jmh_process *jmh_process_start(struct jmh_loop *loop, const char *const *argv, int fd_take,
                                      void (*on_exit)(void *user, int status), void *user)
{
    struct jmh_process *process = malloc(sizeof *process);
    uv_stdio_container_t stdio[PASSED_FD + 1] = {
        {.flags = UV_IGNORE},
        {.flags = UV_INHERIT_FD, .data.fd = STDOUT_FILENO},
        {.flags = UV_INHERIT_FD, .data.fd = STDERR_FILENO},
        {.flags = UV_INHERIT_FD, .data.fd = fd_take},
    };
    const uv_process_options_t options = {.exit_cb = on_end,
                                          .file = argv[0],
                                          .args = (char **)(uintptr_t)argv, /* not written to */
                                          .stdio_count = fd_take >= 0 ? PASSED_FD + 1 : PASSED_FD,
                                          .stdio = stdio};
    int failed = ENOMEM;
    if (process != NULL) {
        process->on_exit = on_exit;
        process->user = user;
        failed = -uv_spawn(&loop->uv, &process->uv, &options);
        process->uv.data = process;
        jmh_handle_opened(loop);
    }
    if (fd_take >= 0) {
        (void)close(fd_take);
    }
    if (failed == 0) {
        return process;
    }
    if (process != NULL) {
        jmh_process_forget((uv_handle_t *)&process->uv);
    }
    errno = failed;
    return NULL;
}

pid_t jmh_process_pid(const struct jmh_process *process)
{
    return process->uv.pid;
}

void jmh_process_kill(struct jmh_process *process, int signal)
{
    (void)uv_process_kill(&process->uv, signal);
}

void jmh_process_detach(struct jmh_process *process)
{
    process->on_exit = NULL;
}
