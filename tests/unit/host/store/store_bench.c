/* What the store costs, printed: appends, commits, and a replay of a quiet channel in a long log.
 *
 *   host_store_bench [EVENTS]    how many events the long log has, default 1000000 */
#include "host/store/store.h"
#include "host/util/span.h"
#include "host/util/trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define COMMITS 5000
#define RUN_EVENTS 64

static struct jmh_err err;

static double now_us(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static void must(jm_status status)
{
    if (status != JM_OK) {
        (void)fprintf(stderr, "%s\n", err.text);
        exit(1);
    }
}

static void append(struct jmh_store *store, uint64_t seq, const char *channel)
{
    static char body[301];
    if (body[0] == '\0') {
        memset(body, 'x', sizeof body - 1);
    }
    const struct jmh_stored_event event = {.seq = seq,
                                           .utc_ms = (int64_t)seq,
                                           .channel = jmh_span(channel),
                                           .type = jmh_span("job_progress"),
                                           .body = {body, sizeof body - 1}};
    must(jmh_store_append(store, &event, &err));
}

static bool count(void *user, const struct jmh_stored_event *event)
{
    (void)event;
    (*(uint64_t *)user)++;
    return true;
}

static void measure_log(struct jmh_store *store, uint64_t events)
{
    static const char *const busy[] = {"jobs", "photos", "queue", "system"};
    const char *const quiet[] = {"approval"};
    double appending = 0;
    double committing = 0;
    for (uint64_t seq = 1; seq <= events;) {
        double start = now_us();
        for (int i = 0; i < RUN_EVENTS && seq <= events; i++, seq++) {
            append(store, seq, seq % (events / 10) == 0 ? quiet[0] : busy[seq % 4]);
        }
        appending += now_us() - start;
        start = now_us();
        must(jmh_store_commit(store, &err));
        committing += now_us() - start;
        if (seq % ((uint64_t)RUN_EVENTS * 512) == 1) {
            jmh_store_checkpoint(store);
        }
    }
    printf("append, %d in a turn, 300 bytes:    %.2f us an event, commit %.1f us\n", RUN_EVENTS,
           appending / (double)events, committing / (double)events * RUN_EVENTS);
    uint64_t found = 0;
    double start = now_us();
    must(jmh_store_replay(store, quiet, 1, 0, UINT64_MAX, count, &found, &err));
    printf("replay of a quiet channel:         %.0f us for %llu of %llu events\n", now_us() - start,
           (unsigned long long)found, (unsigned long long)events);
    found = 0;
    start = now_us();
    must(jmh_store_replay(store, busy, 4, 0, UINT64_MAX, count, &found, &err));
    printf("replay of four busy channels:      %.2f us an event\n",
           (now_us() - start) / (double)found);
    start = now_us();
    const int64_t removed = jmh_store_trim(store, INT64_MAX, 0, 1000, &err);
    printf("retention, a batch of 1000:        %.2f us an event\n",
           (now_us() - start) / (double)removed);
}

static void measure_commits(struct jmh_store *store, const char *name, int turns)
{
    double appending = 0;
    double committing = 0;
    for (int i = 0; i < turns; i++) {
        double start = now_us();
        append(store, 1000000000 + (uint64_t)i, "jobs");
        appending += now_us() - start;
        start = now_us();
        must(jmh_store_commit(store, &err));
        committing += now_us() - start;
    }
    printf("turns of one event, durability %s: begin and append %.1f us, commit %.1f us\n", name,
           appending / turns, committing / turns);
}

static void measure(const char *dir, enum jmh_durability durability, uint64_t events)
{
    const struct jmh_store_options options = {.data_dir = dir, .durability = durability};
    struct jmh_store *store = jmh_store_open(&options, &err);
    if (store == NULL) {
        must(err.code);
    }
    if (durability == JMH_DURABILITY_NORMAL) {
        measure_log(store, events);
        measure_commits(store, "normal", COMMITS);
    } else {
        measure_commits(store, "full", COMMITS / 10);
    }
    jmh_store_close(store);
    char path[128];
    (void)snprintf(path, sizeof path, "%s/junmai.db", dir);
    (void)unlink(path);
}

int main(int argc, char **argv)
{
    char dir[] = "/tmp/junmai-store-bench-XXXXXX";
    const uint64_t events = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000000;
    if (mkdtemp(dir) == NULL || events < 1000) {
        (void)fprintf(stderr, "usage: %s [EVENTS, at least 1000]\n", argv[0]);
        return 2;
    }
    jmh_trace_level(JM_LOG_WARNING);
    measure(dir, JMH_DURABILITY_NORMAL, events);
    measure(dir, JMH_DURABILITY_FULL, events);
    return rmdir(dir) == 0 ? 0 : 1;
}
