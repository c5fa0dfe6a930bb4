/* GET /metrics: the host's own numbers, gathered when they are asked for. [loop] */
#include "host/admin/admin.h"
#include "host/client/clients.h"

#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

/* One of the host's own metrics, declared on first use. */
static void put(struct jmh_host *host, bool counter, const char *name, const char *label,
                const char *help, double value)
{
    struct jmh_err err;
    struct jmh_metric *metric =
        jmh_metric_declare(host->metrics, NULL, counter, name, label, help, &err);
    if (metric != NULL) {
        jmh_metric_set(metric, value);
    }
}

static void gather_process(struct jmh_host *host)
{
    struct rusage usage;
    long long pages = 0;
    FILE *statm = fopen("/proc/self/statm", "re");
    if (statm != NULL) {
        if (fscanf(statm, "%*s %lld", &pages) != 1) {
            pages = 0;
        }
        (void)fclose(statm);
    }
    (void)getrusage(RUSAGE_SELF, &usage);
    double seconds = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                     (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
    put(host, true, "process_cpu_seconds_total", NULL, "Processor time used by the host.", seconds);
    put(host, false, "process_resident_memory_bytes", NULL, "Resident memory of the host.",
        (double)pages * (double)sysconf(_SC_PAGESIZE));
    put(host, false, "process_start_time_seconds", NULL, "Start, in seconds since 1970.",
        (double)host->started_utc_ms / 1000.0);
}

static void gather_store(struct jmh_host *host)
{
    struct jmh_store_stats store = jmh_store_stats(host->store);
    struct jmh_turn_stats turn = jmh_turn_stats(host->turn);
    put(host, true, "junmai_turns_total", NULL, "Turns of the loop that had something to do.",
        (double)turn.turns);
    put(host, true, "junmai_turns_failed_total", NULL, "Turns that were taken back.",
        (double)turn.failed);
    put(host, true, "junmai_events_total", NULL, "Events appended to the log.",
        (double)turn.events);
    put(host, true, "junmai_commits_total", NULL, "Transactions committed.", (double)store.commits);
    put(host, true, "junmai_commits_failed_total", NULL, "Transactions that failed.",
        (double)store.failed_commits);
    put(host, true, "junmai_commit_seconds_total", NULL, "Time spent committing.",
        (double)store.commit_us_total / 1e6);
    put(host, false, "junmai_log_stored_events", NULL, "Durable events in the store.",
        (double)store.events);
    put(host, false, "junmai_log_stored_bytes", NULL, "Bytes of their bodies.",
        (double)store.log_bytes);
    put(host, false, "junmai_log_head", NULL, "The last sequence number.",
        (double)jmh_log_head(host->log));
}

static void gather_clients(struct jmh_host *host)
{
    const struct jmh_clients *clients = host->clients;
    struct jmh_loop_load load = jmh_loop_load(host->loop);
    put(host, false, "junmai_clients", NULL, "Clients connected.",
        (double)jmh_clients_count(host->clients));
    put(host, true, "junmai_clients_opened_total", NULL, "Clients that ever connected.",
        (double)clients->opened);
    put(host, true, "junmai_messages_received_total", NULL, "Messages from clients.",
        (double)clients->received);
    put(host, true, "junmai_deliveries_total", NULL, "Events handed to clients.",
        (double)clients->delivered);
    put(host, true, "junmai_clients_missed_total", NULL, "Times a client was told of a loss.",
        (double)clients->missed);
    put(host, true, "junmai_clients_stalled_total", NULL,
        "Clients ended because they did not read.", (double)clients->stalled);
    put(host, false, "junmai_loop_longest_seconds", NULL, "Longest callback of the last second.",
        (double)load.longest_us / 1e6);
    put(host, true, "junmai_loop_late_total", NULL, "Callbacks that took more than 10 ms.",
        (double)load.late_total);
}

static void gather_pool(struct jmh_host *host)
{
    struct jmh_pool_stats pool = jmh_pool_stats(host->pool);
    put(host, false, "junmai_workers", NULL, "Worker processes.", pool.processes);
    put(host, false, "junmai_workers_busy", NULL, "Worker processes with a task.", pool.busy);
    put(host, false, "junmai_tasks_waiting", NULL, "Tasks in the queue.", pool.waiting);
    put(host, true, "junmai_tasks_total", "result=\"completed\"", "Tasks that ended.",
        (double)pool.completed);
    put(host, true, "junmai_tasks_total", "result=\"failed\"", "Tasks that ended.",
        (double)pool.failed);
    put(host, true, "junmai_tasks_total", "result=\"cancelled\"", "Tasks that ended.",
        (double)pool.cancelled);
    put(host, true, "junmai_worker_crashes_total", NULL, "Workers that died of a task.",
        (double)pool.crashed);
    put(host, true, "junmai_worker_timeouts_total", NULL, "Tasks that exceeded their time.",
        (double)pool.timed_out);
    put(host, true, "junmai_tasks_poisoned_total", NULL, "Tasks refused after two crashes.",
        (double)pool.poisoned);
}

static void get_metrics(struct jmh_host *host, struct jmh_exchange *exchange, jm_span body)
{
    (void)body;
    struct jmh_buf text = {0};
    gather_process(host);
    gather_store(host);
    gather_clients(host);
    gather_pool(host);
    jmh_metrics_print(host->metrics, &text);
    (void)jmh_exchange_bytes(exchange, 200, "text/plain; version=0.0.4; charset=utf-8",
                             jmh_buf_span(&text));
    jmh_buf_fini(&text);
}

const struct jmh_admin_route jmh_admin_metric_routes[] = {
    {"GET", "/metrics", "Numbers, as Prometheus text.", NULL, 0, get_metrics, NULL, "text/plain"},
    {0},
};
