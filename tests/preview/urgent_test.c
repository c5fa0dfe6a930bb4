/* Who asks does not wait behind what nobody has asked for. */
#include "check.h"
#include "made_photos.h"
#include "shown.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PHOTOS 12

static struct studio studio;

/* One worker, so that everything stands in one queue; all of it is in the queue at once. */
static int open_studio(void **state)
{
    (void)state;
    made_setup();
    studio_open(&studio,
                json_pack("{s:{s:i}, s:{s:{s:i}}}", "limits", "workers", 1, "plugins", "preview",
                          "background", PHOTOS),
                NULL);
    return 0;
}

static int close_studio(void **state)
{
    (void)state;
    studio_close(&studio);
    return 0;
}

static json_t *import_all(void)
{
    json_t *paths = json_array();
    for (int i = 0; i < PHOTOS; i++) {
        char name[32];
        snprintf(name, sizeof name, "photo%02d.jpg", i);
        char *path = made_slow(studio.photos, name, 3000, 2000, i);
        json_array_append_new(paths, json_string(path));
        free(path);
    }
    return ask(&studio, 200, "POST", "/import/batch", json_pack("{s:o}", "file_paths", paths));
}

static void test_overtakes(void **state)
{
    (void)state;
    json_decref(import_all());
    /* Ids are given in the order of the import, and background work goes by ids. */
    shown_expect(&studio, PHOTOS, NULL, 400, 267);
    double made = shown_metric(&studio, "made_total");
    if (made > PHOTOS - 2)
        fail_msg("%.0f of %d were made before the one that was asked for", made, PHOTOS);
    shown_wait_metric(&studio, "made_total", PHOTOS);
    assert_true(shown_metric(&studio, "failed_total") == 0);
    assert_int_equal(shown_files(&studio), PHOTOS * 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_overtakes)};
    return cmocka_run_group_tests(tests, open_studio, close_studio);
}
