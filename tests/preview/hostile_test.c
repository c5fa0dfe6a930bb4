/* Files that cannot be shown: the client learns why, nothing is tried twice, all else goes on. */
#include "check.h"
#include "made_photos.h"
#include "photos.h"
#include "shown.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vips/vips.h>

static struct studio studio;

static int open_studio(void **state)
{
    (void)state;
    made_setup();
    studio_open(&studio,
                json_pack("{s:{s:{s:i, s:i, s:i}}}", "plugins", "preview", "background", 0,
                          "memory_mib", 256, "wall_ms", 20000),
                NULL);
    return 0;
}

static int close_studio(void **state)
{
    (void)state;
    assert_int_equal(shown_parts(&studio), 0);
    studio_close(&studio);
    return 0;
}

/* Import takes what is whole by its structure; what is wrong with the picture shows here. */
static json_int_t import_bytes(const char *name, const void *bytes, size_t count)
{
    char *path = photo_write_raw(studio.photos, name, bytes, count);
    json_int_t id = shown_import(&studio, path);
    free(path);
    return id;
}

/* The file in the library is replaced by another, as a hostile one would look. */
static void replace(json_int_t id, const void *bytes, size_t count)
{
    char path[64];
    snprintf(path, sizeof path, "/api/photos/%lld", (long long)id);
    json_t *photo = ask(&studio, 200, "GET", path, NULL);
    FILE *file = fopen(text_of(photo, "file_path"), "we");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, count, file), count);
    assert_int_equal(fclose(file), 0);
    json_decref(photo);
}

/* Well-behaved pictures are still shown. */
static void expect_alive(int seed)
{
    char name[32];
    snprintf(name, sizeof name, "alive%d.jpg", seed);
    char *path = made_noise(studio.photos, name, 600, 400, seed);
    shown_expect(&studio, shown_import(&studio, path), NULL, 400, 267);
    free(path);
}

/* Refused with a reason; the second time without another try. */
static void expect_remembered(json_int_t id)
{
    double failed = shown_metric(&studio, "failed_total");
    for (int i = 0; i < 2; i++)
        ask_refused(&studio, 400, "GET", shown_path(id, NULL), NULL, "cannot be shown");
    assert_true(shown_metric(&studio, "failed_total") == failed + 1);
}

static json_int_t import_comment(const char *name)
{
    size_t count;
    char *bytes = photo_bytes(name, 0, &count);
    json_int_t id = import_bytes(name, bytes, count);
    free(bytes);
    return id;
}

static void test_no_picture(void **state)
{
    (void)state;
    json_int_t id = import_comment("text.jpg");
    replace(id, "just some words", 15);
    expect_remembered(id);
    expect_alive(1);
}

static void test_cut_short(void **state)
{
    gchar *bytes = NULL;
    gsize count = 0;
    (void)state;
    char *path = made_noise(studio.photos, "whole.jpg", 800, 600, 77);
    assert_true(g_file_get_contents(path, &bytes, &count, NULL));
    json_int_t id = import_comment("cut.jpg");
    replace(id, bytes, count / 2);
    expect_remembered(id);
    replace(id, "", 0);
    expect_alive(2);
    g_free(bytes);
    free(path);
}

/* A PNG of 30000 x 10000 pixels that must be held in memory as a whole (it is interlaced): it takes
 * more than the worker may. */
static void test_bomb(void **state)
{
    void *bytes = NULL;
    size_t count = 0;
    VipsImage *image = NULL;
    (void)state;
    assert_int_equal(vips_black(&image, 30000, 10000, "bands", 3, NULL), 0);
    assert_int_equal(
        vips_pngsave_buffer(image, &bytes, &count, "interlace", TRUE, "compression", 1, NULL), 0);
    g_object_unref(image);
    json_int_t id = import_comment("bomb.jpg");
    replace(id, bytes, count);
    ask_refused(&studio, 400, "GET", shown_path(id, NULL), NULL, "cannot be shown");
    expect_alive(3);
    g_free(bytes);
}

/* Random changes to a real file: whatever it does to a worker, the host answers. */
static void test_random_damage(void **state)
{
    gchar *bytes = NULL;
    gsize count = 0;
    unsigned seed = 12345;
    (void)state;
    char *path = made_noise(studio.photos, "victim.jpg", 300, 200, 99);
    assert_true(g_file_get_contents(path, &bytes, &count, NULL));
    for (int round = 0; round < studio_rounds(12, 200); round++) {
        char name[32];
        struct jmt_response response;
        snprintf(name, sizeof name, "damage%d.jpg", round);
        json_int_t id = import_comment(name);
        gchar *copy = g_memdup2(bytes, count);
        for (int i = 0; i < 20; i++) {
            seed = seed * 1103515245u + 12345u;
            copy[(seed >> 8) % (i < 10 ? 700 : count)] = (gchar)(seed >> 16);
        }
        replace(id, copy, count);
        const struct jmt_request request = {.path = shown_path(id, NULL)};
        ask_raw(&studio, &request, &response);
        if (response.status != 200 && response.status != 400)
            fail_msg("round %d answered %d: %s", round, response.status, response.body);
        jmt_response_fini(&response);
        g_free(copy);
    }
    expect_alive(4);
    g_free(bytes);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_picture),
        cmocka_unit_test(test_cut_short),
        cmocka_unit_test(test_bomb),
        cmocka_unit_test(test_random_damage),
    };
    return cmocka_run_group_tests(tests, open_studio, close_studio);
}
