/*
 * queue-bench [JOBS [ROWS]]: jobs per second from submission to completion, through a local and through
 * remote executors, with `durability: normal`; and what a job costs with 1,000 and with ROWS rows in the
 * table. JOBS is 20000 and ROWS is 1000000 unless given. Prints one line for each figure.
 */
#include "client/error.h"
#include "client/host.h"
#include "client/http.h"
#include "client/wait.h"

#include <jansson.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define HOLDERS 8
#define ROUND_JOBS 5000
#define ROUNDS 5
#define FIRST_ROWS 1000
#define FILL_AT_ONCE 50000

static struct jmt_host host;

static void die(const char *what)
{
    fprintf(stderr, "queue-bench: %s: %s\n", what, jmt_error_text());
    jmt_host_fini(&host);
    exit(1);
}

static double now_s(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Making many jobs takes longer than the patience of a usual exchange. */
static void make_jobs(const char *kind, long count)
{
    struct jmt_http http;
    struct jmt_response response;
    char body[128];
    snprintf(body, sizeof body, "{\"kind\":\"%s\",\"count\":%ld}", kind, count);
    const struct jmt_request request = {
        .method = "POST", .path = "/crew/jobs", .content_type = "application/json", .body = body};
    if (jmt_http_open(&http, host.port) < 0 || jmt_http_send(&http, &request) < 0 ||
        jmt_http_receive(&http, &response, 600000) < 0 || response.status != 200)
        die("making jobs");
    jmt_response_fini(&response);
    jmt_http_close(&http);
}

static long completed(void)
{
    json_t *stats;
    if (jmt_http_json(host.port, "GET", "/queue/stats", NULL, &stats) != 200)
        die("GET /queue/stats");
    const json_t *by_status = json_object_get(stats, "jobs_by_status");
    long count = (long)json_integer_value(json_object_get(by_status, "completed"));
    json_decref(stats);
    return count;
}

static void wait_completed(long count)
{
    while (completed() < count)
        (void)poll(NULL, 0, 2);
}

/* Seconds that so many jobs take with a local executor. */
static double run_local(long jobs)
{
    long before = completed();
    double begun = now_s();
    make_jobs("noop", jobs);
    wait_completed(before + jobs);
    return now_s() - begun;
}

/* The text of a member of a small answer, without a parser: the bench shares its processor. */
static bool find_lease(const struct jmt_response *response, char out[96])
{
    static const char key[] = "\"lease\":\"";
    const char *at = strstr(response->body, key);
    const char *end = at ? strchr(at + sizeof key - 1, '"') : NULL;
    if (!end || end - at > 90)
        return false;
    snprintf(out, 96, "%.*s", (int)(end - at - (long)sizeof key + 1), at + sizeof key - 1);
    return true;
}

static bool post(struct jmt_http *http, const char *path, const char *body,
                 struct jmt_response *response_out)
{
    const struct jmt_request request = {
        .method = "POST", .path = path, .content_type = "application/json", .body = body};
    return jmt_http_exchange(http, &request, response_out) == 0;
}

/* One remote executor: leases and completes until no job comes for a second. */
static void *hold(void *user)
{
    struct jmt_http http;
    struct jmt_response response;
    char lease[96];
    char path[160];
    (void)user;
    if (jmt_http_open(&http, host.port) < 0)
        return NULL;
    while (post(&http, "/queue/lease", "{\"kind\":\"remote\",\"holder\":\"bench\",\"wait\":1}",
                &response)) {
        bool found = find_lease(&response, lease);
        jmt_response_fini(&response);
        if (!found)
            break;
        snprintf(path, sizeof path, "/queue/lease/%s/complete", lease);
        if (!post(&http, path, "{\"result\":{}}", &response))
            break;
        jmt_response_fini(&response);
    }
    jmt_http_close(&http);
    return NULL;
}

static double run_remote(long jobs)
{
    pthread_t threads[HOLDERS];
    long before = completed();
    double begun = now_s();
    for (int i = 0; i < HOLDERS; i++)
        (void)pthread_create(&threads[i], NULL, hold, NULL);
    make_jobs("remote", jobs);
    wait_completed(before + jobs);
    double took = now_s() - begun;
    for (int i = 0; i < HOLDERS; i++)
        (void)pthread_join(threads[i], NULL);
    return took;
}

/* Microseconds of the host's processor for each job, of the best of some rounds. */
static double cost_us(void)
{
    double best = 1e9;
    for (int i = 0; i < ROUNDS; i++) {
        double before = jmt_host_cpu_s(&host);
        (void)run_local(ROUND_JOBS);
        double cost = (jmt_host_cpu_s(&host) - before) * 1e6 / ROUND_JOBS;
        best = cost < best ? cost : best;
    }
    return best;
}

/* durability is normal unless it is configured otherwise. */
static void start(void)
{
    static const char text[] = "{\"plugins\":{\"queue\":{\"concurrency\":[\"16\"]}}}";
    char config[] = "/tmp/queue-bench-XXXXXX";
    int fd = mkstemp(config);
    if (fd < 0 || write(fd, text, sizeof text - 1) < 0)
        die("writing the configuration");
    (void)close(fd);
    const char *const argv[] = {"--config", config, "--plugin-dir", CREW_DIR, NULL};
    if (jmt_host_start(&host, argv) < 0)
        die("starting junmaid");
    (void)unlink(config);
}

int main(int argc, char **argv)
{
    long jobs = argc > 1 ? strtol(argv[1], NULL, 10) : 20000;
    long rows = argc > 2 ? strtol(argv[2], NULL, 10) : 1000000;
    start();
    (void)run_local(FIRST_ROWS);
    double few = cost_us();
    printf("local executor:  %8.0f jobs/s\n", (double)jobs / run_local(jobs));
    printf("remote executors:%8.0f jobs/s (%d holders, lease and complete over HTTP)\n",
           (double)jobs / run_remote(jobs), HOLDERS);
    (void)fflush(stdout);
    for (long left = rows; left > 0; left -= FILL_AT_ONCE)
        make_jobs("idle", left < FILL_AT_ONCE ? left : FILL_AT_ONCE);
    double many = cost_us();
    printf("cost of a job:   %8.1f us with about 1,000 rows\n", few);
    printf("                 %8.1f us with %ld more rows, ratio %.2f\n", many, rows, many / few);
    jmt_host_fini(&host);
    return 0;
}
