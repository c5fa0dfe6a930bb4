/*
 * How long after the last byte a file is imported, with the settle window as it is by default. The
 * figures are printed. What is asserted leaves room for a loaded machine; JUNMAI_TEST_QUIET=1 says
 * that there is no other load, and asserts 300 ms beyond the window.
 */
#include "hotfolder.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SETTLE_MS 1000
#define QUIET_MS 300
#define LOADED_MS 10000
#define PHOTO_BYTES 1000000u
#define CROWD 20

static struct hot_studio hot;
static struct jmt_ws ws;

static char *photo_of(const char *name, size_t *count_out)
{
    return photo_bytes(name, PHOTO_BYTES, count_out);
}

static int make(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    assert_true(fd >= 0);
    return fd;
}

static void put(int fd, const char *photo, size_t from, size_t to)
{
    assert_int_equal(pwrite(fd, photo + from, to - from, (off_t)from), to - from);
}

/* Each writes the photograph to `path`, and returns when the last byte is there. */

static void write_at_once(const char *path, const char *photo, size_t count)
{
    int fd = make(path);
    put(fd, photo, 0, count);
    close(fd);
}

static char *stage(const char *path, const char *photo, size_t count)
{
    char *from = studio_path(hot.staging, strrchr(path, '/') + 1);
    write_at_once(from, photo, count);
    return from;
}

static void move_in(const char *path, const char *photo, size_t count)
{
    char *from = stage(path, photo, count);
    assert_int_equal(rename(from, path), 0);
    free(from);
}

static void link_in(const char *path, const char *photo, size_t count)
{
    char *from = stage(path, photo, count);
    assert_int_equal(link(from, path), 0);
    free(from);
}

static void rename_inside(const char *path, const char *photo, size_t count)
{
    char *part = studio_path(hot.hot, "download.part");
    write_at_once(part, photo, count);
    assert_int_equal(rename(part, path), 0);
    free(part);
}

/* Other files come and go meanwhile, so that the window passes more than once. */
static void write_slowly(const char *path, const char *photo, size_t count)
{
    int fd = make(path);
    put(fd, photo, 0, count / 2);
    hot_pass(&hot);
    put(fd, photo, count / 2, count);
    close(fd);
}

static void preallocate(const char *path, const char *photo, size_t count)
{
    int fd = make(path);
    assert_int_equal(posix_fallocate(fd, 0, (off_t)count), 0);
    put(fd, photo, 0, count / 5);
    hot_pass(&hot);
    put(fd, photo, count / 5, count);
    close(fd);
}

static void write_in_two_stages(const char *path, const char *photo, size_t count)
{
    int fd = make(path);
    put(fd, photo, 0, count / 2);
    close(fd);
    hot_wait_text(&hot, "last_error", strrchr(path, '/') + 1);
    fd = make(path);
    put(fd, photo, count / 2, count);
    close(fd);
}

static void copy_and_touch(const char *path, const char *photo, size_t count)
{
    const struct timespec times[2] = {{.tv_sec = 1700000000}, {.tv_sec = 1700000000}};
    write_at_once(path, photo, count);
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static const struct {
    const char *name;
    void (*write)(const char *path, const char *photo, size_t count);
} writers[] = {
    {"written at once", write_at_once},
    {"moved in", move_in},
    {"linked", link_in},
    {"renamed inside", rename_inside},
    {"slow", write_slowly},
    {"preallocated", preallocate},
    {"two stages", write_in_two_stages},
    {"copied, then touched", copy_and_touch},
};

/* Waits for the photograph of that name. */
static void await(const char *file_name)
{
    bool found = false;
    while (!found) {
        json_t *event = listen_for(&ws, "photo_imported");
        found = strcmp(text_of(event, "file_name"), file_name) == 0;
        json_decref(event);
    }
}

static void judge(const char *what, int64_t delay_ms)
{
    bool quiet = getenv("JUNMAI_TEST_QUIET") != NULL;
    printf("%-22s %5lld ms after the last byte and the window\n", what, (long long)delay_ms);
    if (delay_ms < 0)
        fail_msg("%s: taken early", what);
    if (delay_ms > (quiet ? QUIET_MS : LOADED_MS))
        fail_msg("%s: %lld ms too late", what, (long long)delay_ms);
}

static void test_writers(void **state)
{
    int64_t longest_ms = 0;
    (void)state;
    for (size_t i = 0; i < sizeof writers / sizeof writers[0]; i++) {
        char name[32];
        size_t count;
        snprintf(name, sizeof name, "writer %zu.jpg", i);
        char *photo = photo_of(name, &count);
        char *path = studio_path(hot.hot, name);
        writers[i].write(path, photo, count);
        int64_t written_ms = jmt_clock_ms();
        await(name);
        int64_t delay_ms = jmt_clock_ms() - written_ms - SETTLE_MS;
        longest_ms = delay_ms > longest_ms ? delay_ms : longest_ms;
        judge(writers[i].name, delay_ms);
        json_decref(hot_photo_of(&hot, path));
        free(photo);
        free(path);
    }
    printf("longest: %lld ms\n", (long long)longest_ms);
    hot_wait_count(&hot, "pending", 0);
    assert_int_equal(photo_count_files(hot.studio.host.data_dir, ".part"), 0);
}

/* Many at once: what counts is how long the last of them takes. */
static void test_crowd(void **state)
{
    (void)state;
    json_t *before = hot_status(&hot, hot.hot);
    for (int i = 0; i < CROWD; i++) {
        char name[32];
        snprintf(name, sizeof name, "crowd %02d.jpg", i);
        free(photo_write_sized(hot.hot, name, name, PHOTO_BYTES));
    }
    int64_t written_ms = jmt_clock_ms();
    for (int i = 0; i < CROWD; i++)
        json_decref(listen_for(&ws, "photo_imported"));
    printf("%-22s %5lld ms after the last byte and the window\n", "the last of 20",
           (long long)(jmt_clock_ms() - written_ms - SETTLE_MS));
    hot_wait_count(&hot, "imported", int_of(before, "imported") + CROWD);
    json_decref(before);
}

static int open_hot(void **state)
{
    (void)state;
    hot_open(&hot, json_pack("{s:i, s:i}", "hot_settle_ms", SETTLE_MS, "hot_rescan_s", 3600));
    hot_add(&hot, hot.hot);
    hot_pass(&hot);
    listen_open(&ws, &hot.studio, "photos");
    return 0;
}

static int close_hot(void **state)
{
    (void)state;
    jmt_ws_fini(&ws);
    hot_close(&hot);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_writers),
        cmocka_unit_test(test_crowd),
    };
    return cmocka_run_group_tests_name("hot folder latency", tests, open_hot, close_hot);
}
