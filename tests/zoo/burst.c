/* Requests of one turn: see burst.h. */
#include "burst.h"

#include <sys/wait.h>

void burst_hold(const struct zoo *zoo)
{
    siginfo_t info;
    const struct jmt_process *process = &zoo->studio.host.process;
    must(jmt_process_signal(process, SIGSTOP));
    assert_int_equal(waitid(P_PID, (id_t)process->pid, &info, WSTOPPED), 0);
}

void burst_release(const struct zoo *zoo)
{
    must(jmt_process_signal(&zoo->studio.host.process, SIGCONT));
}

/* A connection that the host has accepted. */
static void open_connection(struct jmt_http *http_out, const struct zoo *zoo)
{
    struct jmt_response response;
    must(jmt_http_open(http_out, zoo->studio.host.port));
    must(jmt_http_exchange(http_out, &(struct jmt_request){.path = "/healthz"}, &response));
    assert_int_equal(response.status, 200);
    jmt_response_fini(&response);
}

void burst_run(const struct zoo *zoo, struct burst_part *parts, size_t count)
{
    struct jmt_http connections[BURST_MAX];
    assert_true(count <= BURST_MAX);
    for (size_t i = 0; i < count; i++)
        open_connection(&connections[i], zoo);
    burst_hold(zoo);
    for (size_t i = 0; i < count; i++) {
        const struct jmt_request request = {.method = parts[i].method,
                                            .path = parts[i].path,
                                            .content_type = "application/json",
                                            .body = parts[i].body};
        must(jmt_http_send(&connections[i], &request));
    }
    burst_release(zoo);
    for (size_t i = 0; i < count; i++) {
        struct jmt_response response;
        must(jmt_http_receive(&connections[i], &response, ZOO_MS));
        parts[i].status = response.status;
        jmt_response_fini(&response);
        jmt_http_close(&connections[i]);
    }
}
