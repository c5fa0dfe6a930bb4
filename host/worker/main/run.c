/* One run of a task. Worker's only thread: a cancel is looked for where the task asks for it. */
#include "host/worker/main/run.h"

#include "host/util/json.h"
#include "host/util/span.h"
#include "host/util/time.h"
#include "host/util/utf8.h"
#include "host/worker/main/limits.h"
#include "host/worker/main/object.h"

#include <junmai/task.h>

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PROGRESS_WINDOW_MS 1000
#define PROGRESS_PER_WINDOW 10

/* What a RUN message says. */
struct order {
    char object[JMH_WIRE_ABOUT_MAX_BYTES / 16 + 1];
    char task[JMH_WIRE_ABOUT_MAX_BYTES / 16 + 1];
    uint32_t cpu_ms, memory_mib;
    char *request; /* a copy: a cancel may come into the buffer that it came in */
    size_t request_bytes;
    int fds[JM_TASK_MAX_FDS];
    uint32_t fd_count;
};

struct progress {
    bool is_waiting; /* until the window lets it through */
    int millipercent;
    struct jmh_buf detail;
    uint64_t window_began_ms;
    uint32_t sent_in_window;
};

struct run {
    jm_task_run api;
    struct jmh_wire_in *in;
    bool cancelled;
    struct progress progress;
    struct jmh_buf result;
    struct jmh_err failure; /* the sentence of fail() */
};

bool jmh_run_send(enum jmh_wire_kind kind, jm_span about, jm_span body)
{
    struct jmh_wire_out out = {0};
    if (!jmh_wire_put(&out, kind, about, body, NULL, 0)) {
        return false;
    }
    if (jmh_wire_send(JMH_WIRE_SOCKET, &out) != JM_OK) {
        _exit(EXIT_FAILURE);
    }
    jmh_wire_out_fini(&out);
    return true;
}

/* Send the progress that waits, where the window allows. */
static void pass_progress(struct progress *progress)
{
    uint64_t now_ms = jmh_time_monotonic_ms();
    if (now_ms - progress->window_began_ms >= PROGRESS_WINDOW_MS) {
        progress->window_began_ms = now_ms;
        progress->sent_in_window = 0;
    }
    if (!progress->is_waiting || progress->sent_in_window == PROGRESS_PER_WINDOW) {
        return;
    }
    char about[64];
    int len = snprintf(about, sizeof about, "{\"millipercent\":%d}", progress->millipercent);
    if (jmh_run_send(JMH_WIRE_PROGRESS, (jm_span){about, (size_t)len},
                     jmh_buf_span(&progress->detail))) {
        progress->is_waiting = false;
        progress->sent_in_window++;
    }
}

static bool is_object(jm_span text)
{
    struct jmh_json_value value;
    return jmh_json_parse(text, &value) && value.kind == JMH_JSON_OBJECT;
}

static void api_progress(const jm_task_run *api, double percent, jm_span detail_json)
{
    struct run *run = api->run_data;
    struct progress *progress = &run->progress;
    double clamped = percent > 100 ? 100 : percent >= 0 ? percent : 0; /* not a number: 0 */
    progress->is_waiting = true;
    progress->millipercent = (int)(clamped * 1000);
    jmh_buf_clear(&progress->detail);
    if (detail_json.len <= JMH_WIRE_DETAIL_MAX_BYTES && is_object(detail_json)) {
        jmh_buf_add_span(&progress->detail, detail_json);
    }
    pass_progress(progress);
}

static int32_t api_cancelled(const jm_task_run *api)
{
    struct run *run = api->run_data;
    pass_progress(&run->progress);
    jm_status status = jmh_wire_receive(JMH_WIRE_SOCKET, MSG_DONTWAIT, true, run->in);
    if (status == JM_EGONE || status == JM_EIO) {
        _exit(EXIT_SUCCESS); /* nobody waits for the result */
    }
    struct jmh_wire_message message;
    while (jmh_wire_next(run->in, &message) == JM_OK) {
        run->cancelled = run->cancelled || message.kind == JMH_WIRE_CANCEL;
    }
    return run->cancelled;
}

static jm_status api_result(const jm_task_run *api, jm_span json)
{
    struct run *run = api->run_data;
    if (!is_object(json)) {
        return JM_EINVAL;
    }
    jmh_buf_clear(&run->result);
    if (json.len <= JMH_WIRE_BODY_MAX_BYTES) {
        jmh_buf_add_span(&run->result, json);
    }
    return run->result.len == json.len ? JM_OK : JM_ENOMEM;
}

static void api_fail(const jm_task_run *api, jm_span sentence)
{
    struct run *run = api->run_data;
    size_t len = 0;
    for (size_t at = 0; at < sentence.len;) {
        size_t step = jmh_utf8_step(sentence.ptr + at, sentence.len - at);
        size_t bytes = step > 0 ? step : 1;
        if (len + bytes >= sizeof run->failure.text) {
            break;
        }
        memcpy(run->failure.text + len, step > 0 ? sentence.ptr + at : "?", bytes);
        len += bytes;
        at += bytes;
    }
    run->failure.text[len] = '\0';
}

/* A sentence for a task that has given none. */
static void explain(jm_status status, const struct order *order, struct jmh_err *failure)
{
    if (failure->text[0] != '\0') {
        return;
    }
    if (status == JM_ECANCELLED) {
        (void)jmh_err_set(failure, status, "the task was cancelled");
    } else if (status == JM_ENOMEM && order->memory_mib > 0) {
        (void)jmh_err_set(failure, status, "the task needs more than %u MiB of memory, its limit",
                          order->memory_mib);
    } else {
        (void)jmh_err_set(failure, status, "task %.100s failed with status %d and gave no reason",
                          order->task, status);
    }
}

static bool read_text(struct jmh_json_value about, const char *name, char *out, size_t cap)
{
    struct jmh_json_value value;
    return jmh_json_get(about, name, &value) && value.kind == JMH_JSON_TEXT &&
           jmh_json_text(value, out, cap) >= 0;
}

static bool read_count(struct jmh_json_value about, const char *name, uint32_t *out)
{
    struct jmh_json_value value;
    int64_t number;
    if (!jmh_json_get(about, name, &value) || !jmh_json_int(value, &number) || number < 0 ||
        number > UINT32_MAX) {
        return false;
    }
    *out = (uint32_t)number;
    return true;
}

static bool read_order(struct jmh_wire_in *in, const struct jmh_wire_message *message,
                       struct order *order)
{
    struct jmh_json_value about;
    if (message->kind != JMH_WIRE_RUN || !jmh_json_parse(message->about, &about) ||
        !read_text(about, "object", order->object, sizeof order->object) ||
        !read_text(about, "task", order->task, sizeof order->task) ||
        !read_count(about, "cpu_ms", &order->cpu_ms) ||
        !read_count(about, "memory_mib", &order->memory_mib)) {
        return false;
    }
    order->request = jmh_span_dup(message->body);
    order->request_bytes = message->body.len;
    order->fd_count = message->fd_count;
    jmh_wire_take_fds(in, message->fd_count, order->fds);
    return order->request != NULL;
}

static jm_status perform(struct run *run, const struct order *order)
{
    jm_task_fn fn;
    jm_status status = jmh_object_task(order->object, order->task, &fn, &run->failure);
    if (status != JM_OK) {
        return status;
    }
    jmh_limits_begin(order->cpu_ms, order->memory_mib);
    status = fn(&run->api);
    jmh_limits_end();
    return status < 0 ? status : JM_OK;
}

static void report(struct run *run, const struct order *order, jm_status status)
{
    jm_span body = run->result.len > 0 ? jmh_buf_span(&run->result) : jmh_span("{}");
    if (status != JM_OK) {
        explain(status, order, &run->failure);
        body = jmh_span(run->failure.text);
    }
    char about[32];
    int len = snprintf(about, sizeof about, "{\"status\":%d}", status);
    if (!jmh_run_send(JMH_WIRE_DONE, (jm_span){about, (size_t)len}, body)) {
        _exit(EXIT_FAILURE);
    }
}

void jmh_run(struct jmh_wire_in *in, const struct jmh_wire_message *message)
{
    struct order order = {0};
    if (!read_order(in, message, &order)) {
        _exit(EXIT_FAILURE);
    }
    struct run run = {.in = in};
    run.api = (jm_task_run){
        .size = sizeof run.api,
        .fd_count = order.fd_count,
        .fds = order.fds,
        .request = {order.request, order.request_bytes},
        .run_data = &run,
        .progress = api_progress,
        .cancelled = api_cancelled,
        .result = api_result,
        .fail = api_fail,
    };
    jm_status status = perform(&run, &order);
    for (uint32_t i = 0; i < order.fd_count; i++) {
        (void)close(order.fds[i]);
    }
    report(&run, &order, status);
    jmh_buf_fini(&run.progress.detail);
    jmh_buf_fini(&run.result);
    free(order.request);
    (void)malloc_trim(0); /* an idle worker keeps no photograph's worth of heap */
}
