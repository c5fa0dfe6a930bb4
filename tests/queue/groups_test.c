/* Groups of jobs: held, let go, cancelled, counted. */
#include "workshop.h"

#include "client/wait.h"

#include <poll.h>
#include <string.h>

#define JOBS 700 /* more than a slice of anything */
#define PATIENCE_MS 60000
#define LOOK_AGAIN_MS 20

static struct studio studio;

static int open_studio(void **state)
{
    (void)state;
    workshop_open(&studio, NULL);
    return 0;
}

static int close_studio(void **state)
{
    (void)state;
    studio_close(&studio);
    return 0;
}

static json_t *group(const char *what, const char *name)
{
    char path[32] = "/crew/";
    strncat(path, what, sizeof path - 8);
    return ask(&studio, 200, "POST", path, json_pack("{s:s}", "group", name));
}

static void make(const char *kind, const char *name, int count)
{
    json_decref(ask(&studio, 200, "POST", "/crew/jobs",
                    json_pack("{s:s, s:s?, s:i}", "kind", kind, "group", name, "count", count)));
}

static void wait_for(const char *name, const char *status, int count)
{
    const int64_t deadline = jmt_deadline_after(PATIENCE_MS);
    for (;;) {
        json_t *counts = group("count", name);
        json_int_t seen = int_of(counts, status);
        json_decref(counts);
        if (seen == count)
            return;
        if (jmt_clock_ms() > deadline)
            fail_msg("%lld jobs of %s are %s, not %d", (long long)seen, name, status, count);
        (void)poll(NULL, 0, LOOK_AGAIN_MS);
    }
}

/* It stands in the way of nobody, whatever comes to it later, and comes back whole. */
static void held_and_let_go(void **state)
{
    (void)state;
    json_decref(group("hold", "held"));
    make("noop", "held", JOBS);
    make("noop", "free", 20);
    wait_for("free", "completed", 20);
    json_t *counts = group("count", "held");
    expect_int(counts, "pending", JOBS);
    json_decref(counts);
    json_decref(group("release", "held"));
    wait_for("held", "completed", JOBS);
}

static void held_over_a_restart(void **state)
{
    (void)state;
    json_decref(group("hold", "lasting"));
    make("noop", "lasting", 5);
    jmt_host_kill(&studio.host);
    must(jmt_host_restart(&studio.host));
    make("noop", "after", 5);
    wait_for("after", "completed", 5);
    wait_for("lasting", "pending", 5);
    json_decref(group("release", "lasting"));
    wait_for("lasting", "completed", 5);
}

static void cancelled(void **state)
{
    (void)state;
    json_decref(group("hold", "unwanted"));
    make("noop", "unwanted", JOBS);
    json_t *answer = group("cancel", "unwanted");
    expect_int(answer, "result", JOBS);
    json_decref(answer);
    wait_for("unwanted", "cancelled", JOBS);
    /* What comes afterwards is held by nobody. */
    make("noop", "unwanted", 3);
    wait_for("unwanted", "completed", 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(held_and_let_go),
        cmocka_unit_test(held_over_a_restart),
        cmocka_unit_test(cancelled),
    };
    return cmocka_run_group_tests(tests, open_studio, close_studio);
}
