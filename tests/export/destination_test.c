/*
 * A destination that is full, or cannot be written to. It is a small file system in memory, which only
 * root can mount; it is mounted for this process alone. Otherwise the tests are skipped.
 */
#include "check.h"
#include "exported.h"
#include "listen.h"
#include "photos.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#define FILL_BYTES 4096

static struct studio studio;
static char *folder;
static bool mounted;
static json_int_t photo;

static int open_studio(void **state)
{
    (void)state;
    folder = studio_folder_new();
    mounted = unshare(CLONE_NEWNS) == 0 &&
              mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
              mount("tmpfs", folder, "tmpfs", MS_NODEV | MS_NOSUID, "size=2m,mode=0700") == 0;
    if (!mounted)
        return 0;
    exported_open(&studio, json_pack("{s:[s]}", "roots", folder));
    photo = exported_photo(&studio, "IMG_0001.jpg", 900, 600, 1);
    exported_make(&studio, "small", json_pack("{s:s}", "destination", folder));
    return 0;
}

static int close_studio(void **state)
{
    (void)state;
    if (mounted) {
        studio_close(&studio);
        umount(folder);
    }
    studio_folder_remove(folder);
    return 0;
}

/* Takes all the room that there is. */
static char *fill(void)
{
    static const char bytes[FILL_BYTES];
    char *filler = studio_path(folder, "filler");
    int fd = open(filler, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    while (write(fd, bytes, sizeof bytes) == (ssize_t)sizeof bytes)
        continue;
    close(fd);
    return filler;
}

static char *expect_failed(const char *words)
{
    char *job = exported_ask(&studio, photo, "small");
    json_t *xjob = exported_wait(&studio, job, "failed");
    if (!strstr(text_of(xjob, "error_message"), words))
        fail_msg("\"%s\" does not say \"%s\"", text_of(xjob, "error_message"), words);
    json_decref(xjob);
    return job;
}

static void expect_done(const char *job)
{
    json_t *xjob = exported_wait(&studio, job, "completed");
    exported_expect_jpeg(text_of(xjob, "output_path"), 512, 341);
    assert_int_equal(unlink(text_of(xjob, "output_path")), 0);
    json_decref(xjob);
}

/* No half file, the queue goes on, and with room the same job succeeds. */
static void test_full(void **state)
{
    (void)state;
    if (!mounted)
        skip();
    char *filler = fill();
    char *job = expect_failed("No space");
    assert_int_equal(photo_count_files(folder, NULL), 1);
    assert_int_equal(unlink(filler), 0);
    json_decref(ask(&studio, 200, "POST", exported_path(job, "/retry"), NULL));
    expect_done(job);
    free(job);
    free(filler);
}

static void test_read_only(void **state)
{
    (void)state;
    if (!mounted)
        skip();
    assert_int_equal(mount(NULL, folder, NULL, MS_REMOUNT | MS_RDONLY, NULL), 0);
    char *job = expect_failed("Read-only");
    assert_int_equal(mount(NULL, folder, NULL, MS_REMOUNT, NULL), 0);
    json_decref(ask(&studio, 200, "POST", exported_path(job, "/retry"), NULL));
    expect_done(job);
    free(job);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_full),
                                       cmocka_unit_test(test_read_only)};
    return cmocka_run_group_tests(tests, open_studio, close_studio);
}
