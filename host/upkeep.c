/* Regular upkeep. [loop], but for the checkpoint itself, which runs on the thread pool. */
#include "host/upkeep.h"

#include "host/util/time.h"
#include "host/util/trace.h"

#define TICK_MS 1000
#define TRIM_EVERY_S 60
#define TRIM_BATCH 2000
#define CHECKPOINT_EVERY_S 2
#define DAY_MS (24 * 3600 * INT64_C(1000))

static struct {
    struct jmh_timer *timer;
    uint64_t ticks;
    uint64_t commits; /* at the last checkpoint */
    bool checkpointing;
    uint64_t failed_seen, failed_told, commits_seen;
    bool trimming; /* the last batch was full */
} upkeep;

static void checkpoint(void *user)
{
    jmh_store_checkpoint(user);
}

static void checkpoint_done(void *user, bool cancelled)
{
    (void)user;
    (void)cancelled;
    upkeep.checkpointing = false;
}

static void start_checkpoint(struct jmh_host *host)
{
    uint64_t commits = jmh_store_stats(host->store).commits;
    if (upkeep.checkpointing || commits == upkeep.commits) {
        return;
    }
    upkeep.commits = commits;
    upkeep.checkpointing =
        jmh_job_start(host->loop, checkpoint, checkpoint_done, host->store) != NULL;
}

/* One batch; the next tick goes on while batches are full, so that the loop is never held. */
static void trim(struct jmh_host *host)
{
    struct jmh_err err;
    int64_t oldest = jmh_time_utc_ms() - host->config.log.retention_days * DAY_MS;
    uint64_t bytes = (uint64_t)host->config.log.retention_mib << 20;
    int64_t removed = jmh_store_trim(host->store, oldest, bytes, TRIM_BATCH, &err);
    if (removed < 0) {
        jmh_trace(JM_LOG_WARNING, "store", "old events could not be removed: %s", err.text);
    }
    upkeep.trimming = removed >= TRIM_BATCH;
}

/* Turns that were taken back are told once the store takes changes again: before, the event could not
 * be stored either. */
static void report_failed_turns(struct jmh_host *host)
{
    uint64_t failed = jmh_turn_stats(host->turn).failed;
    uint64_t commits = jmh_store_stats(host->store).commits;
    if (failed != upkeep.failed_seen) {
        upkeep.failed_seen = failed;
        upkeep.commits_seen = commits;
    } else if (failed != upkeep.failed_told && commits > upkeep.commits_seen) {
        jmh_host_report(
            host, "store_failed",
            "%llu turns could not be stored and were taken back, their requests answered "
            "503; the store works again",
            (unsigned long long)(failed - upkeep.failed_told));
        upkeep.failed_told = failed;
    }
}

static void tick(void *user)
{
    struct jmh_host *host = user;
    upkeep.ticks++;
    jmh_clients_tick(host->clients);
    report_failed_turns(host);
    if (upkeep.trimming || upkeep.ticks % TRIM_EVERY_S == 1) {
        trim(host);
    }
    if (upkeep.ticks % CHECKPOINT_EVERY_S == 0) {
        start_checkpoint(host);
    }
}

jm_status jmh_upkeep_start(struct jmh_host *host, struct jmh_err *err)
{
    upkeep.timer = jmh_timer_start(host->loop, TICK_MS, TICK_MS, tick, host);
    return upkeep.timer != NULL ? JM_OK : jmh_err_set(err, JM_ENOMEM, "no memory for upkeep");
}

void jmh_upkeep_stop(struct jmh_host *host)
{
    (void)host;
    if (upkeep.timer != NULL) {
        jmh_timer_stop(upkeep.timer);
        upkeep.timer = NULL;
    }
}
