/* The cache has a limit: what was not used longest goes, and is made again when it is asked for. */
#include "check.h"
#include "made_photos.h"
#include "shown.h"

#include <stdio.h>
#include <stdlib.h>

#define PHOTOS 8
#define LIMIT_BYTES 1048576

static struct studio studio;

static int open_studio(void **state)
{
    (void)state;
    made_setup();
    studio_open(
        &studio,
        json_pack("{s:{s:{s:i, s:i}}}", "plugins", "preview", "cache_mib", 1, "background", 0),
        NULL);
    return 0;
}

static int close_studio(void **state)
{
    (void)state;
    studio_close(&studio);
    return 0;
}

static void test_eviction(void **state)
{
    json_int_t ids[PHOTOS];
    (void)state;
    for (int i = 0; i < PHOTOS; i++) {
        char name[32];
        snprintf(name, sizeof name, "noise%d.jpg", i);
        char *path = made_noise(studio.photos, name, 1000, 800, i);
        ids[i] = shown_import(&studio, path);
        shown_expect(&studio, ids[i], "large", 800, 640);
        assert_true(shown_metric(&studio, "cache_bytes") <= LIMIT_BYTES);
        free(path);
    }
    assert_true(shown_files(&studio) > 0);
    assert_true(shown_files(&studio) < PHOTOS * 3);
    double made = shown_metric(&studio, "made_total");
    assert_true(made == PHOTOS);
    /* The latest is there, the first is not. */
    shown_expect(&studio, ids[PHOTOS - 1], "large", 800, 640);
    assert_true(shown_metric(&studio, "made_total") == made);
    shown_expect(&studio, ids[0], "large", 800, 640);
    assert_true(shown_metric(&studio, "made_total") == made + 1);
    assert_true(shown_metric(&studio, "cache_bytes") <= LIMIT_BYTES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_eviction)};
    return cmocka_run_group_tests(tests, open_studio, close_studio);
}
