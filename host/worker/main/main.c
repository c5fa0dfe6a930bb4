/* junmai-worker: runs the tasks of plugins, one after another, apart from the host.
 *
 * Started by the host alone, with a socket as descriptor 3. It gives up what it does not need, says
 * that it is ready, and does what comes until the host closes the socket. One thread. */
#include "host/worker/main/limits.h"
#include "host/worker/main/lockdown.h"
#include "host/worker/main/run.h"
#include "host/worker/wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static bool has_socket(void)
{
    struct stat st;
    return fstat(JMH_WIRE_SOCKET, &st) == 0 && S_ISSOCK(st.st_mode);
}

/* Wait for the host's next message; ends the process where the host is gone. */
static void next_message(struct jmh_wire_in *in, struct jmh_wire_message *message_out)
{
    for (;;) {
        jm_status status = jmh_wire_next(in, message_out);
        if (status == JM_OK) {
            return;
        }
        if (status == JM_EBUSY) {
            status = jmh_wire_receive(JMH_WIRE_SOCKET, 0, true, in);
        }
        if (status != JM_OK) {
            _exit(status == JM_EGONE ? EXIT_SUCCESS : EXIT_FAILURE);
        }
    }
}

int main(void)
{
    if (!has_socket()) {
        (void)fprintf(stderr, "junmai-worker is started by junmaid, not by hand\n");
        return EXIT_FAILURE;
    }
    struct jmh_err err;
    if (jmh_lockdown(&err) != JM_OK) {
        (void)fprintf(stderr, "junmai-worker: %s\n", err.text);
        return EXIT_FAILURE;
    }
    /* Standard output is a pipe or a file as a rule, and what a task prints should not wait. */
    (void)setvbuf(stdout, NULL, _IOLBF, 0);
    jmh_limits_init();
    const jm_span nothing = {NULL, 0};
    if (!jmh_run_send(JMH_WIRE_READY, nothing, nothing)) {
        return EXIT_FAILURE;
    }
    struct jmh_wire_in in = {0};
    for (;;) {
        struct jmh_wire_message message;
        next_message(&in, &message);
        /* A cancel may come when its task has just ended. */
        if (message.kind != JMH_WIRE_CANCEL) {
            jmh_run(&in, &message);
        }
    }
}
