/* Programs that take their time: a file is imported once, when it is whole. */
#include "hotfolder.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define PHOTO_BYTES 200000u

static struct hot_studio hot;
static char *photo; /* what the writers write */
static size_t photo_size;

static int open_hot(void **state)
{
    (void)state;
    hot_open(&hot, NULL);
    hot_add(&hot, hot.hot);
    photo = photo_bytes("written slowly", PHOTO_BYTES, &photo_size);
    return 0;
}

static int close_hot(void **state)
{
    (void)state;
    hot_close(&hot);
    free(photo);
    return 0;
}

static void put(int fd, size_t from, size_t to)
{
    assert_int_equal(pwrite(fd, photo + from, to - from, (off_t)from), to - from);
}

static int make(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    assert_true(fd >= 0);
    return fd;
}

static void expect_whole(const char *path)
{
    json_t *imported = hot_photo_of(&hot, path);
    expect_int(imported, "file_size", (json_int_t)photo_size);
    assert_true(photo_files_equal(path, text_of(imported, "file_path")));
    json_decref(imported);
}

static void expect_nothing_refused(void)
{
    json_t *status = hot_status(&hot, hot.hot);
    expect_null(status, "last_error");
    expect_int(status, "failed", 0);
    json_decref(status);
}

/* The file grows while others come and go. */
static void test_slow(void **state)
{
    (void)state;
    char *path = studio_path(hot.hot, "slow.jpg");
    int fd = make(path);
    for (size_t part = 0; part < 4; part++) {
        put(fd, photo_size * part / 4, photo_size * (part + 1) / 4);
        hot_pass(&hot);
        hot_wait_count(&hot, "pending", 1);
    }
    close(fd);
    hot_wait_count(&hot, "imported", 5);
    expect_nothing_refused();
    assert_int_equal(hot_total(&hot), 5);
    expect_whole(path);
    free(path);
}

/* The size is final from the first moment, and nothing changes for a while. */
static void test_preallocated(void **state)
{
    (void)state;
    char *path = studio_path(hot.hot, "allocated.jpg");
    int fd = make(path);
    assert_int_equal(posix_fallocate(fd, 0, (off_t)photo_size), 0);
    put(fd, 0, photo_size / 5);
    hot_pass(&hot);
    hot_pass(&hot);
    hot_wait_count(&hot, "pending", 1);
    put(fd, photo_size / 5, photo_size);
    close(fd);
    hot_wait_count(&hot, "imported", 3);
    expect_nothing_refused();
    expect_whole(path);
    free(path);
}

/* The same, by a program that closes the file in between: only what is in it tells. */
static void test_preallocated_and_closed(void **state)
{
    (void)state;
    char *path = studio_path(hot.hot, "allocated.jpg");
    int fd = make(path);
    assert_int_equal(posix_fallocate(fd, 0, (off_t)photo_size), 0);
    put(fd, 0, photo_size / 5);
    close(fd);
    hot_wait_text(&hot, "last_error", "allocated.jpg");
    hot_wait_count(&hot, "pending", 1);
    fd = open(path, O_WRONLY | O_CLOEXEC);
    put(fd, photo_size / 5, photo_size);
    close(fd);
    hot_wait_count(&hot, "imported", 1);
    hot_wait_count(&hot, "pending", 0);
    assert_int_equal(hot_total(&hot), 1);
    expect_whole(path);
    free(path);
}

/* First a part, which is closed and settles; the rest follows. */
static void test_two_stages(void **state)
{
    (void)state;
    char *path = studio_path(hot.hot, "stages.jpg");
    int fd = make(path);
    put(fd, 0, photo_size / 2);
    close(fd);
    hot_wait_text(&hot, "last_error", "stages.jpg");
    hot_wait_count(&hot, "pending", 1);
    hot_wait_count(&hot, "failed", 0);
    fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
    assert_int_equal(write(fd, photo + photo_size / 2, photo_size - photo_size / 2),
                     photo_size - photo_size / 2);
    close(fd);
    hot_wait_count(&hot, "imported", 1);
    hot_wait_count(&hot, "pending", 0);
    assert_int_equal(hot_total(&hot), 1);
    expect_whole(path);
    free(path);
}

/* An empty file is nobody's mistake. */
static void test_empty_first(void **state)
{
    (void)state;
    char *path = studio_path(hot.hot, "empty.jpg");
    close(make(path));
    hot_pass(&hot);
    hot_pass(&hot);
    hot_wait_count(&hot, "pending", 1);
    expect_nothing_refused();
    int fd = make(path);
    put(fd, 0, photo_size);
    close(fd);
    hot_wait_count(&hot, "imported", 3);
    expect_whole(path);
    free(path);
}

/* A file that goes before it has settled. */
static void test_gone(void **state)
{
    (void)state;
    char *path = studio_path(hot.hot, "gone.jpg");
    int fd = make(path);
    put(fd, 0, photo_size);
    unlink(path);
    close(fd);
    hot_pass(&hot);
    hot_wait_count(&hot, "pending", 0);
    expect_nothing_refused();
    assert_int_equal(hot_total(&hot), 1);
    free(path);
}

int main(void)
{
#define with_studio(test) cmocka_unit_test_setup_teardown(test, open_hot, close_hot)
    const struct CMUnitTest tests[] = {
        with_studio(test_slow),
        with_studio(test_preallocated),
        with_studio(test_preallocated_and_closed),
        with_studio(test_two_stages),
        with_studio(test_empty_first),
        with_studio(test_gone),
    };
    return cmocka_run_group_tests_name("hot folder writers", tests, NULL, NULL);
}
