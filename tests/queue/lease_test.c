/* Remote executors: leases, what becomes of those that end, progress, and what others see of it. */
#include "workshop.h"

#include "client/ws.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LONG_MS 60000
#define SHORT_MS 200

static struct studio studio;

static int open_studio(void **state)
{
    (void)state;
    workshop_open(&studio, json_pack("{s:i, s:i}", "retry_base_ms", 50, "max_attempts", 2));
    return 0;
}

static int close_studio(void **state)
{
    (void)state;
    studio_close(&studio);
    return 0;
}

/* A new job of a kind, leased: its id, and the lease in lease_out. */
static void submit_and_lease(const char *kind, int ttl_ms, char id_out[ID_SIZE], char lease_out[96])
{
    workshop_submit(&studio, kind, id_out);
    json_t *job = workshop_lease(&studio, kind, "me", ttl_ms, 10);
    assert_non_null(job);
    expect_text(job, "id", id_out);
    expect_text(job, "status", "processing");
    expect_text(job, "holder", "me");
    snprintf(lease_out, 96, "%s", text_of(job, "lease"));
    json_decref(job);
}

static void one_result_counts(void **state)
{
    char id[ID_SIZE];
    char lease[96];
    (void)state;
    assert_null(workshop_lease(&studio, "one", "me", LONG_MS, 0));
    submit_and_lease("one", LONG_MS, id, lease);
    json_decref(workshop_report(&studio, 200, lease, "renew", NULL));
    json_t *answer = workshop_report(&studio, 200, lease, "complete",
                                     json_pack("{s:{s:i}}", "result", "size", 7));
    expect_text(answer, "status", "completed");
    json_decref(answer);
    json_decref(workshop_report(&studio, 409, lease, "complete", NULL));
    json_decref(workshop_report(&studio, 409, lease, "fail", NULL));
    json_decref(workshop_report(&studio, 409, lease, "renew", NULL));
    json_t *job = workshop_wait(&studio, id, "completed");
    expect_int(object_of(job, "result"), "size", 7);
    json_decref(job);
}

static void another_lease_is_refused(void **state)
{
    char id[ID_SIZE];
    char lease[96];
    (void)state;
    submit_and_lease("other", LONG_MS, id, lease);
    const char last = lease[strlen(lease) - 1];
    lease[strlen(lease) - 1] = last == '0' ? '1' : '0';
    json_decref(workshop_report(&studio, 409, lease, "complete", NULL));
    json_decref(workshop_report(&studio, 404, "nonsense", "complete", NULL));
    lease[strlen(lease) - 1] = last;
    json_decref(
        workshop_report(&studio, 400, lease, "complete", json_pack("{s:[i]}", "result", 1)));
    json_decref(workshop_report(&studio, 200, lease, "complete", NULL));
    json_decref(workshop_wait(&studio, id, "completed"));
}

static void a_result_after_cancel_is_refused(void **state)
{
    char id[ID_SIZE];
    char lease[96];
    char path[80];
    (void)state;
    submit_and_lease("unwanted", LONG_MS, id, lease);
    snprintf(path, sizeof path, "/queue/cancel/%s", id);
    json_decref(ask(&studio, 200, "POST", path, NULL));
    json_decref(workshop_report(&studio, 409, lease, "complete", NULL));
    json_decref(workshop_wait(&studio, id, "cancelled"));
}

/* The attempt is counted; the second one is the last; a late result changes nothing. */
static void leases_expire(void **state)
{
    char id[ID_SIZE];
    char lease[96];
    (void)state;
    submit_and_lease("slow", SHORT_MS, id, lease);
    json_t *job = workshop_lease(&studio, "slow", "you", SHORT_MS, 20);
    assert_non_null(job);
    expect_text(job, "id", id);
    expect_int(job, "attempt", 2);
    json_decref(workshop_report(&studio, 409, lease, "complete", NULL));
    json_decref(job);
    job = workshop_wait(&studio, id, "failed");
    assert_non_null(strstr(text_of(job, "error_message"), "lease expired"));
    json_t *attempts = list_of(job, "attempts");
    assert_int_equal(json_array_size(attempts), 2);
    expect_text(json_array_get(attempts, 0), "outcome", "expired");
    expect_text(json_array_get(attempts, 0), "holder", "me");
    expect_text(json_array_get(attempts, 1), "holder", "you");
    json_decref(job);
}

static void failures_come_again(void **state)
{
    char id[ID_SIZE];
    char lease[96];
    (void)state;
    submit_and_lease("hard", LONG_MS, id, lease);
    json_t *answer = workshop_report(
        &studio, 200, lease, "fail",
        json_pack("{s:s, s:{s:i}}", "error_message", "no ink", "error_details", "code", 3));
    expect_text(answer, "status", "pending");
    json_decref(answer);
    json_t *job = workshop_lease(&studio, "hard", "me", LONG_MS, 10);
    assert_non_null(job);
    json_decref(workshop_report(&studio, 200, text_of(job, "lease"), "fail",
                                json_pack("{s:s}", "error_message", "no paper")));
    json_decref(job);
    job = workshop_wait(&studio, id, "failed");
    expect_text(job, "error_message", "no paper");
    expect_int(job, "retry_count", 1);
    expect_text(json_array_get(list_of(job, "attempts"), 0), "error", "no ink");
    json_decref(job);
    json_t *failed = ask(&studio, 200, "GET", "/queue/failed?limit=1", NULL);
    expect_text(json_array_get(list_of(failed, "failed_jobs"), 0), "id", id);
    json_decref(failed);
}

static void a_final_failure_is_final(void **state)
{
    char id[ID_SIZE];
    char lease[96];
    (void)state;
    submit_and_lease("final", LONG_MS, id, lease);
    json_decref(workshop_report(&studio, 200, lease, "fail", json_pack("{s:b}", "final", 1)));
    json_decref(workshop_wait(&studio, id, "failed"));
}

static void progress_is_seen(void **state)
{
    char id[ID_SIZE];
    char lease[96];
    char path[80];
    struct jmt_ws ws;
    json_t *event;
    (void)state;
    submit_and_lease("long", LONG_MS, id, lease);
    must(jmt_ws_open(&ws, studio.host.port, NULL));
    must(jmt_ws_subscribe(&ws, "jobs", NULL));
    json_decref(workshop_report(&studio, 200, lease, "progress",
                                json_pack("{s:s, s:f, s:s}", "stage", "preparation", "progress",
                                          12.5, "message", "on it")));
    must(jmt_ws_wait(&ws, "job_progress", &event, NULL, LONG_MS));
    expect_text(event, "job_id", id);
    expect_text(event, "stage", "preparation");
    assert_true(number_of(event, "progress") == 12.5);
    expect_text(event, "message", "on it");
    json_decref(event);
    json_decref(
        ask(&studio, 200, "POST", "/progress/report",
            json_pack("{s:s, s:s, s:i}", "job_id", id, "stage", "finalizing", "progress", 80)));
    must(jmt_ws_wait(&ws, "job_progress", &event, NULL, LONG_MS));
    expect_text(event, "stage", "finalizing");
    json_decref(event);
    snprintf(path, sizeof path, "/progress/job/%s", id);
    json_t *answer = ask(&studio, 200, "GET", path, NULL);
    expect_text(object_of(answer, "job_status"), "current_stage", "finalizing");
    json_decref(answer);
    answer = ask(&studio, 200, "GET", "/progress/active", NULL);
    assert_non_null(json_object_get(object_of(answer, "active_jobs"), id));
    json_decref(answer);
    json_decref(ask(
        &studio, 200, "POST", "/progress/error",
        json_pack("{s:s, s:s, s:s}", "job_id", id, "error_type", "paper", "error_message", "jam")));
    must(jmt_ws_wait(&ws, "error_occurred", &event, NULL, LONG_MS));
    expect_text(event, "job_id", id);
    expect_text(event, "channel", "jobs");
    json_decref(event);
    jmt_ws_fini(&ws);
    json_decref(workshop_report(&studio, 200, lease, "complete", NULL));
}

static void bad_reports(void **state)
{
    char id[ID_SIZE];
    (void)state;
    workshop_submit(&studio, "idle", id);
    ask_refused(&studio, 400, "POST", "/progress/report", json_pack("{s:s}", "job_id", id),
                "job_id and stage are required");
    ask_refused(&studio, 404, "POST", "/progress/report",
                json_pack("{s:s, s:s}", "job_id", "00000000000000000000000000000000", "stage", "x"),
                "not found");
    ask_refused(&studio, 409, "POST", "/progress/report",
                json_pack("{s:s, s:s}", "job_id", id, "stage", "x"), "pending");
    ask_refused(&studio, 400, "POST", "/progress/report",
                json_pack("{s:s, s:s, s:i}", "job_id", id, "stage", "x", "progress", 101),
                "0 to 100");
    ask_refused(&studio, 400, "POST", "/progress/error", json_pack("{s:s}", "job_id", id),
                "are required");
    ask_refused(&studio, 404, "GET", "/progress/job/none", NULL, "not found");
    ask_refused(&studio, 400, "POST", "/queue/lease", json_pack("{s:s}", "kind", "idle"), "holder");
    ask_refused(&studio, 400, "POST", "/queue/lease",
                json_pack("{s:s, s:s, s:i}", "kind", "idle", "holder", "me", "ttl_ms", 1), "100");
    ask_refused(&studio, 400, "POST", "/queue/lease",
                json_pack("{s:s, s:s}", "kind", "NO", "holder", "me"), "kind");
}

/* The most urgent first, then the oldest. */
static void leases_are_in_order(void **state)
{
    static const int priorities[] = {3, 5, 9, 5, 1};
    static const int order[] = {2, 1, 3, 0, 4};
    char ids[5][ID_SIZE];
    (void)state;
    for (int i = 0; i < 5; i++) {
        json_t *answer = ask(&studio, 200, "POST", "/queue/submit",
                             json_pack("{s:s, s:i}", "kind", "sorted", "priority", priorities[i]));
        snprintf(ids[i], ID_SIZE, "%s", text_of(answer, "task_id"));
        json_decref(answer);
    }
    for (int i = 0; i < 5; i++) {
        json_t *job = workshop_lease(&studio, "sorted", "me", LONG_MS, 0);
        assert_non_null(job);
        expect_text(job, "id", ids[order[i]]);
        json_decref(job);
    }
}

/* A remote lease outlives the host; nothing else is forgotten either. */
static void leases_survive_the_host(void **state)
{
    char id[ID_SIZE];
    char lease[96];
    (void)state;
    submit_and_lease("lasting", LONG_MS, id, lease);
    jmt_host_kill(&studio.host);
    must(jmt_host_restart(&studio.host));
    json_t *job = workshop_wait(&studio, id, "processing");
    expect_text(job, "lease", lease);
    json_decref(job);
    json_decref(workshop_report(&studio, 200, lease, "complete", NULL));
    json_decref(workshop_wait(&studio, id, "completed"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_result_counts),
        cmocka_unit_test(another_lease_is_refused),
        cmocka_unit_test(a_result_after_cancel_is_refused),
        cmocka_unit_test(leases_expire),
        cmocka_unit_test(failures_come_again),
        cmocka_unit_test(a_final_failure_is_final),
        cmocka_unit_test(progress_is_seen),
        cmocka_unit_test(bad_reports),
        cmocka_unit_test(leases_are_in_order),
        cmocka_unit_test(leases_survive_the_host),
    };
    return cmocka_run_group_tests(tests, open_studio, close_studio);
}
