/*
 * A real junmaid on loopback with a data directory of its own below $TMPDIR. The program is
 * $JUNMAI_BIN_DIR/junmaid, or the one of the build. Ends with the test, whatever happens to it.
 */
#ifndef JMT_HOST_H
#define JMT_HOST_H

#include "process.h"

struct jmt_host {
    struct jmt_process process;
    int port;       /* where it listens on 127.0.0.1 */
    char *root;     /* temporary folder with all that follows */
    char *data_dir; /* given as --data */
    char *log_path; /* its standard error, of all starts one after the other */
    char *program;
    const char **argv; /* that it is started with, the program first */
    long log_mark;     /* where jmt_host_log_wait() begins to look */
};

/*
 * Starts `junmaid --data DIR --port 0` with further arguments (NULL-terminated, borrowed until
 * jmt_host_fini; or NULL) and waits until it says where it listens. jmt_host_fini() is due in
 * either case.
 */
int jmt_host_start(struct jmt_host *host_out, const char *const *extra_argv);

/* As jmt_host_start(), but another program that prints the same line. */
int jmt_host_start_program(struct jmt_host *host_out, const char *program,
                           const char *const *extra_argv);

/* SIGTERM; 0 when it ends with exit status 0 within 5 s. */
int jmt_host_stop(struct jmt_host *host);

/* SIGKILL, as a power cut for the process. */
void jmt_host_kill(struct jmt_host *host);

/* Starts it again with the same arguments on the same data directory, after a stop or a kill. */
int jmt_host_restart(struct jmt_host *host);

/* Kills it if it runs and removes the temporary folder. */
void jmt_host_fini(struct jmt_host *host);

/* From here on jmt_host_log_wait() looks at new lines only. */
void jmt_host_log_mark(struct jmt_host *host);

/* Waits until a line of the log after the mark contains `text`. */
int jmt_host_log_wait(struct jmt_host *host, const char *text, int timeout_ms);

double jmt_host_cpu_s(const struct jmt_host *host);
long jmt_host_rss_kib(const struct jmt_host *host);

#endif
