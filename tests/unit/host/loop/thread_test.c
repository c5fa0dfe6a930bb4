/* Where threads meet the loop: jobs of the pool, and calls posted from other threads. */
#include "host/loop/loop.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define GUARD_MS 10000
#define THREADS 4
#define POSTS 2000
#define JOBS 64

static struct jmh_loop *loop;
static int posts_run, jobs_done, jobs_cancelled;
static atomic_int jobs_worked;
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

static void on_guard(void *user)
{
    (void)user;
    fail_msg("the loop has hung");
}

static int set_up(void **state)
{
    (void)state;
    loop = jmh_loop_new();
    posts_run = jobs_done = jobs_cancelled = 0;
    atomic_store(&jobs_worked, 0);
    return loop != NULL && jmh_timer_start(loop, GUARD_MS, 0, on_guard, NULL) != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    jmh_loop_free(loop);
    return 0;
}

static void on_post(void *user)
{
    int *last = user;
    ++*last;
    assert_true(jmh_loop_is_current(loop));
    if (++posts_run == THREADS * POSTS) {
        jmh_loop_stop(loop);
    }
}

static void *post_many(void *user)
{
    bool elsewhere = !jmh_loop_is_current(loop);
    for (int i = 0; elsewhere && i < POSTS; i++) {
        elsewhere = jmh_loop_post(loop, on_post, user);
    }
    return elsewhere ? NULL : user;
}

static void test_posts(void **state)
{
    (void)state;
    pthread_t threads[THREADS];
    int counts[THREADS] = {0};
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, post_many, &counts[i]), 0);
    }
    jmh_loop_run(loop);
    for (int i = 0; i < THREADS; i++) {
        void *failed;
        assert_int_equal(pthread_join(threads[i], &failed), 0);
        assert_null(failed);
        assert_int_equal(counts[i], POSTS);
    }
}

static void work(void *user)
{
    (void)user;
    (void)pthread_mutex_lock(&gate);
    (void)pthread_mutex_unlock(&gate);
    atomic_fetch_add(&jobs_worked, 1);
}

static void done(void *user, bool cancelled)
{
    (void)user;
    assert_true(jmh_loop_is_current(loop));
    jobs_cancelled += cancelled ? 1 : 0;
    if (++jobs_done == JOBS) {
        jmh_loop_stop(loop);
    }
}

/* Those that have not begun can be cancelled, and end nevertheless, once. */
static void test_jobs(void **state)
{
    (void)state;
    struct jmh_job *jobs[JOBS];
    int asked = 0;
    (void)pthread_mutex_lock(&gate);
    for (int i = 0; i < JOBS; i++) {
        jobs[i] = jmh_job_start(loop, work, done, NULL);
        assert_non_null(jobs[i]);
    }
    for (int i = JOBS / 2; i < JOBS; i++) {
        asked += jmh_job_cancel(jobs[i]) ? 1 : 0;
    }
    (void)pthread_mutex_unlock(&gate);
    jmh_loop_run(loop);
    assert_int_equal(jobs_done, JOBS);
    assert_int_equal(jobs_cancelled, asked);
    assert_int_equal(atomic_load(&jobs_worked), JOBS - asked);
    assert_true(asked > 0);
}

/* The end of the loop waits for what has begun. */
static void test_free_waits(void **state)
{
    (void)state;
    for (int i = 0; i < JOBS - 1; i++) {
        assert_non_null(jmh_job_start(loop, work, done, NULL));
    }
    assert_true(jmh_loop_post(loop, on_guard, NULL));
    jmh_loop_free(loop);
    assert_int_equal(jobs_done, JOBS - 1);
    loop = NULL;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_posts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_jobs, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_free_waits, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
