/* A job that kills the host each time: it has failed after its last attempt, and the others go on. */
#include "workshop.h"

#include <stdlib.h>
#include <string.h>

#define DEATH_MS 60000

static void it_fails_in_the_end(void **state)
{
    struct studio studio;
    char bad[ID_SIZE];
    char good[ID_SIZE];
    (void)state;
    /* The wait before the second attempt lets the host say that it is there. */
    workshop_open(&studio, json_pack("{s:i, s:i}", "retry_base_ms", 2000, "max_attempts", 2));
    workshop_submit(&studio, "fatal", bad);
    assert_int_equal(jmt_process_wait(&studio.host.process, DEATH_MS), 128 + SIGKILL);
    must(jmt_host_restart(&studio.host));
    assert_int_equal(jmt_process_wait(&studio.host.process, DEATH_MS), 128 + SIGKILL);
    must(jmt_host_restart(&studio.host));
    json_t *job = workshop_wait(&studio, bad, "failed");
    assert_non_null(strstr(text_of(job, "error_message"), "The host ended while the job ran"));
    json_t *attempts = list_of(job, "attempts");
    assert_int_equal(json_array_size(attempts), 2);
    expect_text(json_array_get(attempts, 0), "outcome", "lost");
    expect_text(json_array_get(attempts, 1), "outcome", "lost");
    json_decref(job);
    workshop_submit(&studio, "noop", good);
    json_decref(workshop_wait(&studio, good, "completed"));
    studio_close(&studio);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_fails_in_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
