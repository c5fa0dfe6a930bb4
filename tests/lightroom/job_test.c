/* /job: jobs for Lightroom, who has them, and what comes of them. */
#include "darkroom.h"

#include <stdlib.h>
#include <string.h>

static struct studio studio;

static int open_studio(void **state)
{
    (void)state;
    darkroom_open(&studio, NULL);
    return 0;
}

static int close_studio(void **state)
{
    (void)state;
    studio_close(&studio);
    return 0;
}

static void test_two_lightrooms_ask_for_the_same_job(void **state)
{
    (void)state;
    char *one = lightroom_open(&studio);
    char *two = lightroom_open(&studio);
    char *job = job_new(&studio);
    json_t *leased = job_next(&studio, one);
    expect_text(leased, "jobId", job);
    job_none(&studio, two);
    job_none(&studio, NULL);
    json_decref(leased);
    /* The one that leaves gives it back; the other gets it once the wait is over. */
    json_decref(
        ask(&studio, 200, "POST", "/ws/send",
            json_pack("{s:s, s:{s:s}}", "client_id", one, "message", "type", "disconnect")));
    char path[64];
    snprintf(path, sizeof path, "/api/jobs/%s", job);
    json_t *shown = ask(&studio, 200, "GET", path, NULL);
    expect_text(shown, "status", "pending");
    json_decref(shown);
    snprintf(path, sizeof path, "/queue/cancel/%s", job);
    json_decref(ask(&studio, 200, "POST", path, NULL));
    json_decref(job_result(&studio, 409, job, "{\"status\":\"success\"}"));
    json_decref(ask(&studio, 200, "POST", "/ws/disconnect", json_pack("{s:s}", "client_id", two)));
    free(one);
    free(two);
    free(job);
}

/* Fault 18: two callers at once made an error of one of them. */
static void test_two_ask_at_the_same_moment(void **state)
{
    struct jmt_http https[8];
    int got = 0, none = 0;
    (void)state;
    char *job = job_new(&studio);
    for (size_t i = 0; i < 8; i++) {
        must(jmt_http_open(&https[i], studio.host.port));
        must(jmt_http_send(&https[i], &(struct jmt_request){.path = "/job/next"}));
    }
    for (size_t i = 0; i < 8; i++) {
        struct jmt_response response;
        must(jmt_http_receive(&https[i], &response, DARKROOM_MS));
        got += response.status == 200;
        none += response.status == 404;
        jmt_response_fini(&response);
        jmt_http_close(&https[i]);
    }
    assert_int_equal(got, 1);
    assert_int_equal(none, 7);
    json_decref(job_result(&studio, 200, job, "{\"status\":\"success\"}"));
    free(job);
}

/* Dashes are accepted in an id that comes in. */
static void test_an_id_with_dashes(void **state)
{
    char dashed[64];
    (void)state;
    char *job = job_new(&studio);
    json_decref(job_next(&studio, NULL));
    snprintf(dashed, sizeof dashed, "%.8s-%.4s-%.4s-%.4s-%.12s", job, job + 8, job + 12, job + 16,
             job + 20);
    json_decref(job_result(&studio, 200, dashed, "{\"status\":\"success\"}"));
    job_expect_status(&studio, job, "completed");
    free(job);
}

static void test_results(void **state)
{
    char body[256], wanted[96];
    (void)state;
    char *job = job_new(&studio);
    json_t *leased = job_next(&studio, NULL);
    json_t *answer = job_result(&studio, 400, job, "{\"status\":\"done\"}");
    expect_text(answer, "error", "Status must be 'success' or 'failure'");
    json_decref(answer);
    json_decref(job_result(&studio, 400, job, "{\"status\":1}"));
    json_decref(job_result(&studio, 409, job, "{\"status\":\"success\",\"lease\":\"another's\"}"));
    job_expect_status(&studio, job, "processing");
    snprintf(body, sizeof body, "{\"status\":\"success\",\"lease\":\"%s\",\"result\":{\"n\":1}}",
             text_of(leased, "lease"));
    for (int i = 0; i < 2; i++) { /* the second is a repeat after a lost answer */
        answer = job_result(&studio, 200, job, body);
        snprintf(wanted, sizeof wanted, "Job '%s' marked as success", job);
        expect_text(answer, "message", wanted);
        json_decref(answer);
    }
    job_expect_status(&studio, job, "completed");
    json_decref(job_result(&studio, 409, job, "{\"status\":\"failure\"}"));
    json_decref(job_result(&studio, 409, job, "{\"status\":\"success\",\"lease\":\"another's\"}"));
    answer =
        job_result(&studio, 404, "0123456789abcdef0123456789abcdef", "{\"status\":\"success\"}");
    expect_text(answer, "error", "Job not found in processing queue");
    json_decref(answer);
    json_decref(job_result(&studio, 404, "x", "true"));
    json_decref(leased);
    free(job);
}

static void test_a_failure_is_final_and_has_its_reason(void **state)
{
    char path[64];
    (void)state;
    char *job = job_new(&studio);
    json_decref(job_next(&studio, NULL));
    json_decref(
        job_result(&studio, 200, job, "{\"status\":\"failure\",\"reason\":\"no photo is there\"}"));
    snprintf(path, sizeof path, "/api/jobs/%s", job);
    json_t *shown = ask(&studio, 200, "GET", path, NULL);
    expect_text(shown, "status", "failed");
    expect_text(shown, "error_message", "no photo is there");
    json_decref(shown);
    job_none(&studio, NULL);
    free(job);
}

static void test_faults_of_settings_name_their_path(void **state)
{
    (void)state;
    json_t *config = json_loads(DARKROOM_CONFIG, 0, NULL);
    json_object_set_new(json_array_get(json_object_get(config, "pipeline"), 0), "stage",
                        json_string("crop"));
    json_object_del(json_object_get(config, "safety"), "dryRun");
    json_t *answer = ask(&studio, 400, "POST", "/job", json_pack("{s:o}", "config", config));
    expect_text(answer, "error", "Config failed validation");
    const json_t *details = list_of(answer, "details");
    assert_int_equal(json_array_size(details), 2);
    assert_non_null(strstr(json_string_value(json_array_get(details, 0)), "pipeline[0].stage"));
    assert_non_null(strstr(json_string_value(json_array_get(details, 1)), "safety.dryRun"));
    json_decref(answer);
    ask_refused(&studio, 400, "POST", "/job", json_object(), "Prompt is required");
    ask_refused(&studio, 400, "POST", "/job", json_pack("{s:i}", "prompt", 1),
                "Prompt is required");
    ask_refused(&studio, 400, "POST", "/job", json_pack("{s:s}", "prompt", ""),
                "Prompt is required");
    json_t *order =
        json_pack("{s:o, s:i}", "config", json_loads(DARKROOM_CONFIG, 0, NULL), "priority", 11);
    ask_refused(&studio, 400, "POST", "/job", order, "priority");
    order =
        json_pack("{s:o, s:i}", "config", json_loads(DARKROOM_CONFIG, 0, NULL), "photo_id", 4711);
    ask_refused(&studio, 404, "POST", "/job", order, "4711");
    job_none(&studio, NULL);
}

static void test_the_most_urgent_job_is_first_and_outlives_a_restart(void **state)
{
    (void)state;
    char *low = job_new(&studio);
    json_t *answer = ask(
        &studio, 201, "POST", "/job",
        json_pack("{s:o, s:i}", "config", json_loads(DARKROOM_CONFIG, 0, NULL), "priority", 10));
    char *high = strdup(text_of(answer, "jobId"));
    json_decref(answer);
    json_t *leased = job_next(&studio, "11111111-1111-4111-8111-111111111111");
    expect_text(leased, "jobId", high);
    must(jmt_host_stop(&studio.host));
    must(jmt_host_restart(&studio.host));
    job_expect_status(&studio, high, "processing");
    char body[256];
    snprintf(body, sizeof body, "{\"status\":\"success\",\"lease\":\"%s\"}",
             text_of(leased, "lease"));
    json_decref(job_result(&studio, 200, high, body));
    json_decref(leased);
    leased = job_next(&studio, NULL);
    expect_text(leased, "jobId", low);
    json_decref(job_result(&studio, 200, low, "{\"status\":\"success\"}"));
    json_decref(leased);
    free(low);
    free(high);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_lightrooms_ask_for_the_same_job),
        cmocka_unit_test(test_two_ask_at_the_same_moment),
        cmocka_unit_test(test_an_id_with_dashes),
        cmocka_unit_test(test_results),
        cmocka_unit_test(test_a_failure_is_final_and_has_its_reason),
        cmocka_unit_test(test_faults_of_settings_name_their_path),
        cmocka_unit_test(test_the_most_urgent_job_is_first_and_outlives_a_restart),
    };
    return cmocka_run_group_tests(tests, open_studio, close_studio);
}
