/* A batch of 10,000 photographs: it starts at once, and neither its start nor its jobs hold the loop. */
#include "atelier.h"

#include "client/wait.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PHOTOS 10000
/* The aims are 1 s and 50 ms; a machine that does much else may take longer. */
#define START_MOST_MS 5000
#define HELD_MOST_S 2.0
#define LOOK_EVERY_MS 300

/* The host's own figure of the longest callback of the last second. */
static double longest_s(const struct studio *studio)
{
    static const char name[] = "\njunmai_loop_longest_seconds ";
    struct jmt_request request = {.path = "/metrics"};
    struct jmt_response response;
    ask_raw(studio, &request, &response);
    const char *line = strstr(response.body, name);
    assert_non_null(line);
    double value = strtod(line + strlen(name), NULL);
    jmt_response_fini(&response);
    return value;
}

static void wait_quiet(const struct studio *studio)
{
    int64_t deadline_ms = jmt_deadline_after(ATELIER_MS);
    while (longest_s(studio) > 0.02) {
        assert_true(jmt_clock_ms() < deadline_ms);
        (void)poll(NULL, 0, LOOK_EVERY_MS);
    }
}

static bool is_completed(const struct studio *studio, const char *id)
{
    json_t *batch = atelier_status(studio, id);
    bool completed = strcmp(text_of(batch, "status"), "completed") == 0;
    json_decref(batch);
    return completed;
}

static void test_ten_thousand_photographs(void **state)
{
    struct studio studio;
    double held_s = 0;
    (void)state;
    atelier_open(&studio);
    for (int i = 0; i < 10; i++)
        atelier_fill(&studio, PHOTOS / 10);
    wait_quiet(&studio);

    int64_t began_ms = jmt_clock_ms();
    char *id = atelier_start(&studio, "develop", 1, PHOTOS);
    int64_t started_ms = jmt_clock_ms() - began_ms;
    int64_t deadline_ms = jmt_deadline_after(5 * ATELIER_MS);
    while (!is_completed(&studio, id)) {
        double now_s = longest_s(&studio);
        held_s = now_s > held_s ? now_s : held_s;
        assert_true(jmt_clock_ms() < deadline_ms);
        (void)poll(NULL, 0, LOOK_EVERY_MS);
    }
    printf("%d photographs: started in %lld ms, completed in %.1f s; the loop was held for at most "
           "%.0f ms\n",
           PHOTOS, (long long)started_ms, (double)(jmt_clock_ms() - began_ms) / 1000,
           held_s * 1000);
    json_t *batch = atelier_status(&studio, id);
    expect_int(batch, "processed_count", PHOTOS);
    expect_int(batch, "failed_count", 0);
    json_decref(batch);
    assert_true(started_ms < START_MOST_MS);
    assert_true(held_s < HELD_MOST_S);
    free(id);
    studio_close(&studio);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_ten_thousand_photographs)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
