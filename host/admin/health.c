/* /healthz, /readyz, and the canary. [loop]
 *
 * The canary is an event and a row that pass through the store, the log and a cursor every few
 * seconds, the way that every photograph's event does: a host whose events do not arrive is not
 * ready, whatever else is green. */
#include "host/admin/admin.h"
#include "host/util/span.h"
#include "host/util/time.h"

#include <stdio.h>

#define CANARY_EVERY_MS 5000
#define CANARY_LATE_MS 15000
#define READ_BYTES 4096

static struct {
    struct jmh_timer *timer;
    struct jmh_cursor cursor;
    uint64_t sent, arrived; /* numbers */
    uint64_t arrived_ms;    /* monotonic */
    const char *fault;      /* why the last one failed; NULL */
} canary;

static bool see(void *user, uint64_t seq, jm_span body)
{
    struct jmh_json_value event;
    struct jmh_json_value number;
    int64_t value = 0;
    (void)user;
    (void)seq;
    if (jmh_json_parse(body, &event) && jmh_json_get(event, "number", &number) &&
        jmh_json_int(number, &value)) {
        canary.arrived = (uint64_t)value;
    }
    return true;
}

/* The turn that carried a canary has ended: it must be there. */
static void look(void *user, jm_status committed)
{
    struct jmh_host *host = user;
    struct jmh_run run;
    struct jmh_err err;
    if (canary.timer == NULL) {
        return; /* stopped while the turn was under way */
    }
    canary.fault = NULL;
    if (committed != JM_OK) {
        canary.fault = "the store does not commit";
    } else if (jmh_cursor_read(host->reader, &canary.cursor, JMH_FORM_JSON, READ_BYTES, see, NULL,
                               &run, &err) != JM_OK) {
        canary.fault = "the log cannot be read";
    } else if (canary.arrived != canary.sent) {
        canary.fault = "an event did not arrive";
    } else {
        canary.arrived_ms = jmh_time_monotonic_ms();
    }
}

/* Write a row and publish; both are one turn, like any handler's. */
static void send_canary(void *user)
{
    struct jmh_host *host = user;
    struct jmh_err err;
    char fields[96];
    const jm_value args[] = {{.type = JM_VALUE_INT, .integer = jmh_time_utc_ms()}};
    canary.sent++;
    (void)snprintf(fields, sizeof fields, "{\"run\":%u,\"number\":%llu}",
                   jmh_store_run(host->store), (unsigned long long)canary.sent);
    jmh_turn_begin_call(host->turn);
    jm_status status = jmh_store_exec(host->store, NULL,
                                      "INSERT INTO junmai_meta(key, value) VALUES('canary', ?1) "
                                      "ON CONFLICT(key) DO UPDATE SET value = excluded.value",
                                      args, 1, NULL, NULL, NULL, &err);
    if (status == JM_OK) {
        const struct jmh_event_type *type =
            jmh_index_type(jmh_registry_index(host->registry), jmh_span("canary"));
        status = jmh_turn_publish(host->turn, type, (jm_span){NULL, 0}, jmh_span(fields), &err);
    }
    if (status != JM_OK || !jmh_turn_after(host->turn, look, host)) {
        canary.fault = "the store does not take a row";
    }
    (void)jmh_turn_end_call(host->turn, status);
}

jm_status jmh_canary_start(struct jmh_host *host, struct jmh_err *err)
{
    const struct jmh_sub sub = {.channel = jmh_names_intern(host->channels, jmh_span("_canary"))};
    canary.cursor.set = jmh_sets_get(host->sets, &sub, 1);
    canary.cursor.pos = jmh_log_head(host->log);
    canary.fault = "no event has passed through the host yet";
    canary.timer = jmh_timer_start(host->loop, 0, CANARY_EVERY_MS, send_canary, host);
    return canary.cursor.set != NULL && canary.timer != NULL
               ? JM_OK
               : jmh_err_set(err, JM_ENOMEM, "no memory for the canary");
}

void jmh_canary_stop(struct jmh_host *host)
{
    if (canary.timer != NULL) {
        jmh_timer_stop(canary.timer);
        canary.timer = NULL;
        jmh_cursor_fini(host->sets, &canary.cursor);
    }
}

static const char *why_not_ready(const struct jmh_host *host)
{
    if (host->draining) {
        return "the host is shutting down";
    }
    if (canary.fault == NULL && jmh_time_monotonic_ms() - canary.arrived_ms > CANARY_LATE_MS) {
        return "no event has passed through the host for a while";
    }
    return canary.fault;
}

static void get_ready(struct jmh_host *host, struct jmh_exchange *exchange, jm_span body)
{
    (void)body;
    const char *why = why_not_ready(host);
    struct jmh_buf json = {0};
    jmh_buf_addf(&json, "{\"ready\":%s", why == NULL ? "true" : "false");
    if (why != NULL) {
        jmh_buf_addf(&json, ",\"reason\":\"%s\"", why);
        (void)jmh_exchange_header(exchange, "Retry-After", jmh_span("2"));
    }
    jmh_buf_addf(&json, ",\"canary\":{\"sent\":%llu,\"arrived\":%llu}}",
                 (unsigned long long)canary.sent, (unsigned long long)canary.arrived);
    (void)jmh_exchange_json(exchange, why == NULL ? 200 : 503, jmh_buf_span(&json));
    jmh_buf_fini(&json);
}

static void get_health(struct jmh_host *host, struct jmh_exchange *exchange, jm_span body)
{
    (void)host;
    (void)body;
    (void)jmh_exchange_json(exchange, 200, jmh_span("{\"status\":\"healthy\"}"));
}

const struct jmh_admin_route jmh_admin_health_routes[] = {
    {"GET", "/healthz", "Whether the host's loop turns.", NULL, 0, get_health, NULL, "status:text"},
    {"GET", "/readyz", "Whether events pass through the host; 503 while they do not.", NULL, 0,
     get_ready, NULL, "ready:bool|reason:text?|canary:object"},
    {0},
};
