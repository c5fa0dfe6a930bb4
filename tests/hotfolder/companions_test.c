/* Files of one photograph that do not arrive together: a raw file, its JPEG, its sidecars. */
#include "camera.h"
#include "hotfolder.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define CAMERA "Test 1"
#define SIDECAR "<x:xmpmeta xmlns:x='adobe:ns:meta/'></x:xmpmeta>"

static struct hot_studio hot;

static int open_with(json_t *options_take)
{
    json_object_set_new(options_take, "hot_rescan_s", json_integer(3600));
    hot_open(&hot, options_take);
    hot_add(&hot, hot.hot);
    return 0;
}

/* A file that something announces is waited for as long as the test takes. */
static int open_hot(void **state)
{
    (void)state;
    return open_with(json_pack("{s:i}", "hot_companion_ms", 600000));
}

static int open_moving(void **state)
{
    (void)state;
    return open_with(json_pack("{s:i, s:s}", "hot_companion_ms", 600000, "mode", "move"));
}

static int open_hasty(void **state)
{
    (void)state;
    return open_with(json_pack("{s:i}", "hot_companion_ms", 50));
}

static int close_hot(void **state)
{
    (void)state;
    hot_wait_count(&hot, "pending", 0); /* the last import has ended */
    assert_int_equal(photo_count_files(hot.studio.host.data_dir, ".part"), 0);
    hot_close(&hot);
    return 0;
}

static void shoot(const char *name)
{
    free(camera_write(hot.hot, name, CAMERA, CAMERA_NOON));
}

static void write_sidecar(const char *name)
{
    free(photo_write_raw(hot.hot, name, SIDECAR, strlen(SIDECAR)));
}

/* The only photograph, with so many files, one of each of the roles ("original,rendition"), all of
 * them whole. */
static void expect_one_photo(const char *roles)
{
    char path[64];
    char found[256] = "";
    size_t i;
    json_t *file;
    json_t *answer = ask(&hot.studio, 200, "GET", "/import/photos?limit=-1", NULL);
    assert_int_equal(json_array_size(list_of(answer, "photos")), 1);
    snprintf(path, sizeof path, "/api/photos/%d",
             (int)int_of(json_array_get(list_of(answer, "photos"), 0), "id"));
    json_decref(answer);
    json_t *photo = ask(&hot.studio, 200, "GET", path, NULL);
    json_array_foreach(list_of(photo, "files"), i, file)
    {
        size_t used = strlen(found);
        snprintf(found + used, sizeof found - used, "%s%s", i ? "," : "", text_of(file, "role"));
        assert_int_equal(access(text_of(file, "path"), R_OK), 0);
    }
    assert_string_equal(found, roles);
    json_decref(photo);
}

static void test_at_once(void **state)
{
    (void)state;
    write_sidecar("a.xmp");
    shoot("a.JPG");
    shoot("a.NEF");
    hot_wait_count(&hot, "imported", 3);
    hot_wait_count(&hot, "pending", 0);
    expect_one_photo("original,rendition,sidecar");
}

static void test_raw_first(void **state)
{
    (void)state;
    shoot("a.NEF");
    hot_wait_count(&hot, "imported", 1);
    shoot("a.JPG");
    hot_wait_count(&hot, "imported", 2);
    expect_one_photo("original,rendition");
}

/* A photograph keeps its original: the raw file is a further file of it. */
static void test_jpeg_first(void **state)
{
    (void)state;
    shoot("a.JPG");
    hot_wait_count(&hot, "imported", 1);
    shoot("a.NEF");
    hot_wait_count(&hot, "imported", 2);
    expect_one_photo("original,rendition");
}

static void test_sidecar_first(void **state)
{
    (void)state;
    write_sidecar("a.xmp");
    write_sidecar("a.NEF.xmp");
    write_sidecar("alone.xmp");
    hot_pass(&hot);
    hot_wait_count(&hot, "pending", 0);
    json_t *status = hot_status(&hot, hot.hot);
    expect_int(status, "imported", 1);
    expect_int(status, "failed", 0);
    json_decref(status);
    shoot("a.NEF");
    hot_wait_count(&hot, "imported", 4);
    assert_int_equal(hot_total(&hot), 2);
}

/* Each joins when it comes, also after a restart, and none twice. */
static void test_sidecars_late(void **state)
{
    (void)state;
    shoot("a.NEF");
    hot_wait_count(&hot, "imported", 1);
    write_sidecar("a.xmp");
    hot_wait_count(&hot, "imported", 2);
    must(jmt_host_stop(&hot.studio.host));
    free(photo_write_raw(hot.hot, "a.WAV", "a note", 6));
    must(jmt_host_restart(&hot.studio.host));
    hot_wait_count(&hot, "imported", 3);
    hot_wait_count(&hot, "pending", 0);
    expect_one_photo("original,audio,sidecar");
}

/* The name alone makes no pair. */
static void test_other_camera(void **state)
{
    (void)state;
    shoot("a.NEF");
    free(camera_write(hot.hot, "a.JPG", "Test 2", CAMERA_NOON));
    shoot("b.NEF");
    free(camera_write(hot.hot, "b.JPG", CAMERA, CAMERA_LATER));
    hot_wait_count(&hot, "imported", 4);
    assert_int_equal(hot_total(&hot), 4);
    free(camera_write(hot.hot, "a.JPEG", CAMERA, CAMERA_LATER));
    hot_wait_count(&hot, "imported", 5);
    assert_int_equal(hot_total(&hot), 5);
}

/* The raw file takes its time: its JPEG waits for it. */
static void test_raw_is_written(void **state)
{
    size_t count;
    (void)state;
    char *raw = camera_bytes("a.NEF", CAMERA, CAMERA_NOON, &count);
    char *path = studio_path(hot.hot, "a.NEF");
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    assert_int_equal(write(fd, raw, count / 2), count / 2);
    shoot("a.JPG");
    hot_pass(&hot);
    hot_pass(&hot);
    hot_wait_count(&hot, "pending", 2);
    assert_int_equal(hot_total(&hot), 2);
    assert_int_equal(write(fd, raw + count / 2, count - count / 2), count - count / 2);
    close(fd);
    hot_wait_count(&hot, "imported", 4);
    assert_int_equal(hot_total(&hot), 3);
    free(path);
    free(raw);
}

/* It is on its way under another name. */
static void test_announced(void **state)
{
    (void)state;
    char *part = camera_write(hot.hot, "a.NEF.part", CAMERA, CAMERA_NOON);
    char *hidden = camera_write(hot.hot, ".b.NEF.Xy12Zw", CAMERA, CAMERA_NOON);
    char *raws[] = {studio_path(hot.hot, "a.NEF"), studio_path(hot.hot, "b.NEF")};
    shoot("a.JPG");
    shoot("b.JPG");
    write_sidecar("c.xmp");
    shoot("c.JPG");
    hot_pass(&hot);
    hot_pass(&hot);
    assert_int_equal(hot_total(&hot), 2);
    assert_int_equal(rename(part, raws[0]), 0);
    assert_int_equal(rename(hidden, raws[1]), 0);
    shoot("c.NEF");
    hot_wait_count(&hot, "imported", 2 + 7);
    assert_int_equal(hot_total(&hot), 2 + 3);
    free(part);
    free(hidden);
    free(raws[0]);
    free(raws[1]);
}

/* What never comes is not waited for. */
static void test_announced_in_vain(void **state)
{
    (void)state;
    free(photo_write_raw(hot.hot, "a.NEF.part", "a beginning", 11));
    shoot("a.JPG");
    hot_wait_count(&hot, "imported", 1);
    expect_one_photo("original");
}

/* The photograph has left the folder when the others come. */
static void test_moved(void **state)
{
    (void)state;
    shoot("a.NEF");
    hot_wait_count(&hot, "imported", 1);
    shoot("a.JPG");
    hot_wait_count(&hot, "imported", 2);
    write_sidecar("a.xmp");
    hot_wait_count(&hot, "imported", 3);
    hot_wait_count(&hot, "pending", 0);
    expect_one_photo("original,rendition,sidecar");
    free(camera_write(hot.hot, "a.JPEG", "Test 2", CAMERA_NOON));
    hot_wait_count(&hot, "imported", 4);
    assert_int_equal(hot_total(&hot), 2);
}

int main(void)
{
#define with(test, open) cmocka_unit_test_setup_teardown(test, open, close_hot)
    const struct CMUnitTest tests[] = {
        with(test_at_once, open_hot),
        with(test_raw_first, open_hot),
        with(test_jpeg_first, open_hot),
        with(test_sidecar_first, open_hot),
        with(test_sidecars_late, open_hot),
        with(test_other_camera, open_hot),
        with(test_raw_is_written, open_hot),
        with(test_announced, open_hot),
        with(test_announced_in_vain, open_hasty),
        with(test_moved, open_moving),
    };
    return cmocka_run_group_tests_name("hot folder companions", tests, NULL, NULL);
}
