/* Background thumbnails, and what is left of everything after a stop and after a kill. */
#include "check.h"
#include "made_photos.h"
#include "photos.h"
#include "shown.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct studio studio;

static int open_studio(void **state)
{
    (void)state;
    made_setup();
    studio_open(&studio, NULL, NULL);
    return 0;
}

static int close_studio(void **state)
{
    (void)state;
    must(jmt_host_stop(&studio.host));
    assert_int_equal(shown_parts(&studio), 0);
    studio_drop(&studio);
    return 0;
}

static json_int_t import_noise(int number)
{
    char name[32];
    snprintf(name, sizeof name, "photo%d.jpg", number);
    char *path = made_noise(studio.photos, name, 900, 900, number);
    json_int_t id = shown_import(&studio, path);
    free(path);
    return id;
}

static void test_background(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++)
        (void)import_noise(i);
    shown_wait_metric(&studio, "made_total", 3);
    assert_int_equal(shown_files(&studio), 9);
}

/* What is in the cache is in the cache after a restart. */
static void test_survives_stop(void **state)
{
    (void)state;
    json_int_t id = import_noise(10);
    shown_expect(&studio, id, NULL, 400, 400);
    double bytes = shown_metric(&studio, "cache_bytes");
    must(jmt_host_stop(&studio.host));
    must(jmt_host_restart(&studio.host));
    assert_true(shown_metric(&studio, "cache_bytes") >= bytes);
    shown_expect(&studio, id, NULL, 400, 400);
    assert_true(shown_metric(&studio, "hits_total") == 1);
}

static void write_file(const char *folder, const char *name)
{
    free(photo_write_raw(folder, name, "rubbish", 7));
}

/* Files that no row knows, and parts, go at the next start; a row without its file is no harm. */
static void test_sweep(void **state)
{
    static const char orphan[] =
        "ff00000000000000000000000000000000000000000000000000000000000000-400.jpg";
    (void)state;
    json_int_t id = import_noise(20);
    shown_expect(&studio, id, "small", 200, 200);
    must(jmt_host_stop(&studio.host));
    char *folder = studio_path(studio.host.data_dir, "previews");
    char *shard = studio_path(folder, "ff");
    (void)mkdir(shard, 0755);
    write_file(shard, orphan);
    write_file(folder, "left.new");
    must(jmt_host_restart(&studio.host));
    assert_int_equal(shown_parts(&studio), 0);
    char *path = studio_path(shard, orphan);
    shown_wait_file(path, false);
    free(path);
    free(shard);

    /* Somebody empties the folder while the host runs. */
    studio_folder_remove(folder);
    char *again = studio_path(studio.host.data_dir, "previews");
    assert_int_equal(mkdir(again, 0755), 0);
    shown_expect(&studio, id, "small", 200, 200);
    free(again);
}

/* Imports of which the kill left thumbnails to be made have them made after the restart. */
static void test_goes_on_after_kill(void **state)
{
    enum { PHOTOS = 12 };
    json_int_t ids[PHOTOS];
    (void)state;
    for (int i = 0; i < PHOTOS; i++)
        ids[i] = import_noise(100 + i);
    jmt_host_kill(&studio.host);
    must(jmt_host_restart(&studio.host));
    for (int i = 0; i < PHOTOS; i++) {
        char path[64];
        char shard[256];
        snprintf(path, sizeof path, "/api/photos/%lld", (long long)ids[i]);
        json_t *photo = ask(&studio, 200, "GET", path, NULL);
        const char *hash = text_of(photo, "content_hash");
        snprintf(shard, sizeof shard, "previews/%.2s/%s-800.jpg", hash, hash);
        char *file = studio_path(studio.host.data_dir, shard);
        shown_wait_file(file, true);
        free(file);
        json_decref(photo);
    }
    for (int i = 0; i < PHOTOS; i++)
        shown_expect(&studio, ids[i], "large", 800, 800);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_background),
        cmocka_unit_test(test_survives_stop),
        cmocka_unit_test(test_sweep),
        cmocka_unit_test(test_goes_on_after_kill),
    };
    return cmocka_run_group_tests(tests, open_studio, close_studio);
}
