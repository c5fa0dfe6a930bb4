/* Jobs whose tasks misbehave: each fails alone, with a sentence that names the limit, and the rest go
 * on. */
#include "workshop.h"

#include <stdio.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IS_SANITIZED true
#elif defined(__has_feature)
#define IS_SANITIZED (__has_feature(address_sanitizer) || __has_feature(thread_sanitizer))
#else
#define IS_SANITIZED false
#endif

static struct studio studio;

static int open_studio(void **state)
{
    (void)state;
    workshop_open(&studio, json_pack("{s:i, s:i, s:[s]}", "retry_base_ms", 0, "max_attempts", 1,
                                     "concurrency", "4"));
    return 0;
}

static int close_studio(void **state)
{
    (void)state;
    studio_close(&studio);
    return 0;
}

static void expect_failure(const char *kind, const char *words)
{
    char bad[ID_SIZE];
    char good[ID_SIZE];
    workshop_submit(&studio, kind, bad);
    workshop_submit(&studio, "brief", good);
    json_decref(workshop_wait(&studio, good, "completed"));
    json_t *job = workshop_wait(&studio, bad, "failed");
    if (!strstr(text_of(job, "error_message"), words))
        fail_msg("%s failed with \"%s\", which does not say \"%s\"", kind,
                 text_of(job, "error_message"), words);
    json_decref(job);
}

static void segfault(void **state)
{
    (void)state;
    expect_failure("segfault", "poison");
}

/* A sanitizer takes more address space than any limit, so that none is set under it. */
static void hoard(void **state)
{
    (void)state;
    if (IS_SANITIZED)
        skip();
    expect_failure("hoard", "MiB of memory, its limit");
}

static void spin(void **state)
{
    (void)state;
    expect_failure("spin", "processor time, its limit");
}

static void start_refused(void **state)
{
    (void)state;
    expect_failure("refused", "did not begin the job");
}

/* Its place is free again only when its worker is gone, which is soon. */
static void deaf(void **state)
{
    char ids[8][ID_SIZE];
    char path[80];
    (void)state;
    for (int i = 0; i < 8; i++)
        workshop_submit(&studio, "deaf", ids[i]);
    for (int i = 0; i < 4; i++)
        json_decref(workshop_wait(&studio, ids[i], "processing"));
    json_t *later = workshop_wait(&studio, ids[7], "pending");
    json_decref(later);
    for (int i = 0; i < 8; i++) {
        snprintf(path, sizeof path, "/queue/cancel/%.32s", ids[i]);
        json_decref(ask(&studio, 200, "POST", path, NULL));
        json_decref(workshop_wait(&studio, ids[i], "cancelled"));
    }
    workshop_submit(&studio, "brief", ids[0]);
    json_decref(workshop_wait(&studio, ids[0], "completed"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(segfault),      cmocka_unit_test(hoard), cmocka_unit_test(spin),
        cmocka_unit_test(start_refused), cmocka_unit_test(deaf),
    };
    return cmocka_run_group_tests(tests, open_studio, close_studio);
}
