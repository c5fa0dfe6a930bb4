/*
 * A child process of a test: started, read line by line, signalled, awaited with a deadline. It
 * dies with its parent, so that a test that crashes leaves nothing behind.
 */
#ifndef JMT_PROCESS_H
#define JMT_PROCESS_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct jmt_process {
    pid_t pid;     /* 0 when there is none */
    int pid_fd;    /* readable once the process has ended */
    int stdout_fd; /* what it writes to its standard output */
};

/*
 * Starts argv[0] (a path). Its standard error goes to the end of the file `stderr_path`, or where
 * ours goes when that is NULL; its standard input is empty.
 */
int jmt_process_start(struct jmt_process *process_out, const char *const *argv,
                      const char *stderr_path);

/* The next line of its standard output, without the line end. */
int jmt_process_line(struct jmt_process *process, char *line_out, size_t line_bytes,
                     int timeout_ms);

int jmt_process_signal(const struct jmt_process *process, int signal_number);

/* Waits until it has ended: its exit status, or 128 and the signal that ended it; or -1. */
int jmt_process_wait(struct jmt_process *process, int timeout_ms);

/* Kills it with SIGKILL and waits, if it still runs. */
void jmt_process_kill(struct jmt_process *process);

#endif
