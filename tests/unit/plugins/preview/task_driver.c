/* A jm_task_run of the test's own, its outputs in memory files. */
#define _GNU_SOURCE
#include "task_driver.h"

#include "task/thumbnail.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static const char all_sizes[] = "{\"sizes\":[200,400,800]}";

static void take_progress(const jm_task_run *run, double percent, jm_span detail_json)
{
    (void)run;
    (void)percent;
    (void)detail_json;
}

static int32_t never_cancelled(const jm_task_run *run)
{
    (void)run;
    return 0;
}

static jm_status take_result(const jm_task_run *run, jm_span json)
{
    struct driven *driven = run->run_data;
    json_decref(driven->result);
    driven->result = json_loadb(json.ptr, json.len, 0, NULL);
    return json_is_object(driven->result) ? JM_OK : JM_EINVAL;
}

static void take_failure(const jm_task_run *run, jm_span sentence)
{
    struct driven *driven = run->run_data;
    size_t len = sentence.len < sizeof driven->reason ? sentence.len : sizeof driven->reason - 1;
    memcpy(driven->reason, sentence.ptr, len);
    driven->reason[len] = '\0';
}

/* What was written, decoded; the pixels are copied, so that the bytes may go. */
static VipsImage *read_picture(int fd)
{
    struct stat info;
    assert_int_equal(fstat(fd, &info), 0);
    char *bytes = malloc((size_t)info.st_size + 1);
    assert_int_equal(pread(fd, bytes, (size_t)info.st_size, 0), info.st_size);
    VipsImage *image = NULL;
    if (vips_jpegload_buffer(bytes, (size_t)info.st_size, &image, "fail_on", VIPS_FAIL_ON_WARNING,
                             NULL) != 0) {
        fail_msg("what was written is no JPEG: %s", vips_error_buffer());
    }
    VipsImage *pixels = vips_image_copy_memory(image);
    g_object_unref(image);
    free(bytes);
    assert_non_null(pixels);
    return pixels;
}

int driver_setup(void **state)
{
    (void)state;
    return thumbnail_setup() == JM_OK ? 0 : -1;
}

struct driven driver_run_request(int fd, const char *request)
{
    struct driven driven = {0};
    int fds[1 + DRIVER_SIZES] = {fd};
    for (int i = 1; i <= DRIVER_SIZES; i++) {
        fds[i] = memfd_create("thumbnail", MFD_CLOEXEC);
        assert_true(fds[i] >= 0);
        /* As an earlier attempt would leave it. */
        assert_int_equal(write(fds[i], "left over", 9), 9);
    }
    jm_task_run run = {
        .size = sizeof run,
        .fd_count = 1 + DRIVER_SIZES,
        .fds = fds,
        .request = {request, strlen(request)},
        .run_data = &driven,
        .progress = take_progress,
        .cancelled = never_cancelled,
        .result = take_result,
        .fail = take_failure,
    };
    driven.status = thumbnail_task(&run);
    for (int i = 1; i <= DRIVER_SIZES; i++) {
        if (driven.status == JM_OK) {
            driven.pictures[i - 1] = read_picture(fds[i]);
        }
        close(fds[i]);
    }
    return driven;
}

struct driven driver_run_file(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    struct driven driven = driver_run_request(fd, all_sizes);
    close(fd);
    return driven;
}

struct driven driver_run_bytes(const void *bytes, size_t len)
{
    int fd = memfd_create("photograph", MFD_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, len), (ssize_t)len);
    struct driven driven = driver_run_request(fd, all_sizes);
    close(fd);
    return driven;
}

void driven_fini(struct driven *driven)
{
    json_decref(driven->result);
    for (int i = 0; i < DRIVER_SIZES; i++) {
        g_clear_object(&driven->pictures[i]);
    }
    driven->result = NULL;
}

double driver_difference(VipsImage *a, VipsImage *b)
{
    VipsImage *difference = NULL;
    VipsImage *magnitude = NULL;
    double mean = 255;
    assert_int_equal(a->Xsize, b->Xsize);
    assert_int_equal(a->Ysize, b->Ysize);
    assert_int_equal(vips_subtract(a, b, &difference, NULL), 0);
    assert_int_equal(vips_abs(difference, &magnitude, NULL), 0);
    assert_int_equal(vips_avg(magnitude, &mean, NULL), 0);
    g_object_unref(difference);
    g_object_unref(magnitude);
    return mean;
}

void driver_colour(VipsImage *image, double x, double y, double rgb_out[3])
{
    double *values = NULL;
    int count = 0;
    assert_int_equal(vips_getpoint(image, &values, &count, (int)(x * image->Xsize),
                                   (int)(y * image->Ysize), NULL),
                     0);
    assert_int_equal(count, 3);
    memcpy(rgb_out, values, 3 * sizeof *values);
    g_free(values);
}
