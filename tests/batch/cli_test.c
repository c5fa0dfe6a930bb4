/* junmai jobs, junmai job and junmai batch, as a user runs them. */
#include "atelier.h"
#include "cli_run.h"

#include "client/wait.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct studio studio;

static int open_studio(void **state)
{
    (void)state;
    atelier_open(&studio);
    atelier_fill(&studio, 12);
    return 0;
}

static int close_studio(void **state)
{
    (void)state;
    studio_close(&studio);
    return 0;
}

#define ARGS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void expect_said(const char *text, const char *words)
{
    if (!strstr(text, words))
        fail_msg("\"%s\" does not say \"%s\"", text, words);
}

/* A line with these words comes before its output ends. */
static void expect_line(struct cli_process *cli, const char *words)
{
    char line[1024];
    do {
        must(jmt_process_line(&cli->process, line, sizeof line, CLI_MS));
    } while (!strstr(line, words));
}

static void test_a_batch_is_started_and_watched(void **state)
{
    struct cli cli;
    (void)state;
    cli_run(&cli, &studio, ARGS("batch", "start", "1", "2", "3", "--watch"));
    assert_int_equal(cli.status, 0);
    expect_said(cli.out, "completed: 3 of 3 done");
    expect_said(cli.err, "completed: 3 of 3 done");
    cli_fini(&cli);

    cli_run(&cli, &studio, ARGS("batch", "start", "4", "--kind", "nobody", "--priority", "9"));
    assert_int_equal(cli.status, 0);
    expect_said(cli.out, "started with 1 photographs");
    cli_fini(&cli);
    json_t *jobs = cli_json(0, &studio, ARGS("jobs", "--kind", "nobody", "--json"));
    expect_int(jobs, "total", 1);
    expect_int(json_array_get(list_of(jobs, "jobs"), 0), "priority", 9);
    json_decref(jobs);
}

static void test_a_session_is_a_batch(void **state)
{
    char session[24];
    (void)state;
    json_t *made = ask(&studio, 201, "POST", "/api/sessions",
                       json_pack("{s:s, s:s}", "name", "A", "import_folder", studio.photos));
    json_int_t id = int_of(made, "id");
    json_decref(made);
    json_decref(
        ask(&studio, 200, "POST", "/stock", json_pack("{s:i, s:I}", "count", 7, "session_id", id)));
    snprintf(session, sizeof session, "%lld", (long long)id);
    json_t *batch =
        cli_json(0, &studio, ARGS("batch", "start", "--session", session, "--watch", "--json"));
    expect_int(batch, "total_photos", 7);
    expect_int(batch, "session_id", id);
    expect_text(batch, "status", "completed");
    json_decref(batch);
    cli_expect(1, &studio, ARGS("batch", "start", "--session", "4711"));
}

static void test_pause_resume_cancel(void **state)
{
    struct cli_process watcher;
    (void)state;
    char *id = atelier_start(&studio, "slow", 5, 12);
    json_t *batch = cli_json(0, &studio, ARGS("batch", "pause", id, "--json"));
    expect_text(batch, "status", "paused");
    json_decref(batch);
    cli_expect(1, &studio, ARGS("batch", "pause", id));
    batch = cli_json(0, &studio, ARGS("batch", "resume", id, "--json"));
    expect_text(batch, "status", "running");
    json_decref(batch);

    cli_start(&watcher, &studio, ARGS("batch", "status", id, "--watch", "--json"));
    batch = cli_json(0, &studio, ARGS("batch", "cancel", id, "--json"));
    expect_text(batch, "status", "cancelled");
    json_decref(batch);
    expect_line(&watcher, "\"cancelled\"");
    cli_end(&watcher, 1);
    cli_expect(1, &studio, ARGS("batch", "resume", id));
    cli_expect(1, &studio, ARGS("batch", "status", "batch_0123456789ab"));
    free(id);
}

static void test_a_job_is_shown(void **state)
{
    struct cli cli;
    (void)state;
    json_t *jobs =
        cli_json(0, &studio, ARGS("jobs", "--status", "completed", "--limit", "1", "--json"));
    const char *id = text_of(json_array_get(list_of(jobs, "jobs"), 0), "id");
    cli_run(&cli, &studio, ARGS("job", id));
    assert_int_equal(cli.status, 0);
    expect_said(cli.out, id);
    expect_said(cli.out, "completed");
    expect_said(cli.out, "attempt 1");
    cli_fini(&cli);
    json_t *job = cli_json(0, &studio, ARGS("job", id, "--json"));
    expect_text(job, "id", id);
    json_decref(job);
    json_decref(jobs);
    cli_expect(1, &studio, ARGS("job", "00000000000000000000000000000000"));
}

/* Its progress is shown until it ends, and then the job. */
static void test_a_running_job_is_watched(void **state)
{
    struct cli_process watcher;
    (void)state;
    char *batch = atelier_start(&studio, "slow", 1, 1);
    atelier_wait_count(&studio, batch, "processing_count", 1);
    json_t *jobs =
        cli_json(0, &studio, ARGS("jobs", "--kind", "slow", "--status", "processing", "--json"));
    const char *id = text_of(json_array_get(list_of(jobs, "jobs"), 0), "id");
    cli_start(&watcher, &studio, ARGS("job", id));
    char *said = cli_said(&watcher);
    for (int64_t end = jmt_deadline_after(ATELIER_MS); !strstr(said, "processing");) {
        assert_true(jmt_clock_ms() < end);
        free(said);
        said = cli_said(&watcher);
    }
    free(said);
    json_decref(ask(&studio, 200, "POST", "/stock/finish", NULL));
    expect_line(&watcher, id);
    expect_line(&watcher, "attempt 1");
    cli_end(&watcher, 0);
    json_decref(jobs);
    free(batch);
}

static void test_wrong_calls_are_explained(void **state)
{
    (void)state;
    cli_expect(2, &studio, ARGS("batch"));
    cli_expect(2, &studio, ARGS("batch", "start"));
    cli_expect(2, &studio, ARGS("batch", "start", "1", "--session", "1"));
    cli_expect(2, &studio, ARGS("batch", "start", "one"));
    cli_expect(2, &studio, ARGS("batch", "pause"));
    cli_expect(2, &studio, ARGS("batch", "burn", "batch_1"));
    cli_expect(2, &studio, ARGS("jobs", "--limit", "0"));
    cli_expect(2, &studio, ARGS("job"));
    cli_expect(1, &studio, ARGS("jobs", "--status", "over"));
    cli_expect(1, &studio, ARGS("batch", "start", "1", "--priority", "11"));
    cli_expect(0, &studio, ARGS("batch", "list"));
    cli_expect(0, &studio, ARGS("batch", "--help"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_batch_is_started_and_watched),
        cmocka_unit_test(test_a_session_is_a_batch),
        cmocka_unit_test(test_pause_resume_cancel),
        cmocka_unit_test(test_a_job_is_shown),
        cmocka_unit_test(test_a_running_job_is_watched),
        cmocka_unit_test(test_wrong_calls_are_explained),
    };
    return cmocka_run_group_tests(tests, open_studio, close_studio);
}
