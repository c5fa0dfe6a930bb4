/* A jm_task_run of the test's own, its outputs in memory files. */
#include "rendered.h"

#include "task/formats.h"
#include "task/render.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define REQUEST_BYTES 8192

/* For LeakSanitizer: fontconfig keeps what it has read about fonts until the process ends. */
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig\n";
}

static void take_progress(const jm_task_run *run, double percent, jm_span detail_json)
{
    struct rendered *rendered = run->run_data;
    (void)detail_json;
    assert_true(percent >= rendered->percent - 0.001 && percent <= 100.001);
    rendered->percent = percent;
    rendered->progress_calls++;
}

static int32_t is_cancelled(const jm_task_run *run)
{
    const struct rendered *rendered = run->run_data;
    return rendered->percent > rendered->cancel_beyond;
}

static jm_status take_result(const jm_task_run *run, jm_span json)
{
    struct rendered *rendered = run->run_data;
    json_decref(rendered->result);
    rendered->result = json_loadb(json.ptr, json.len, 0, NULL);
    return json_is_object(rendered->result) ? JM_OK : JM_EINVAL;
}

static void take_failure(const jm_task_run *run, jm_span sentence)
{
    struct rendered *rendered = run->run_data;
    size_t len =
        sentence.len < sizeof rendered->reason ? sentence.len : sizeof rendered->reason - 1;
    memcpy(rendered->reason, sentence.ptr, len);
    rendered->reason[len] = '\0';
}

int rendered_setup(void **state)
{
    (void)state;
    return render_setup() == JM_OK ? 0 : -1;
}

static void run(struct rendered *rendered, jm_task_fn task, const int *fds, uint32_t fd_count,
                const char *request)
{
    const jm_task_run run = {
        .size = sizeof run,
        .fd_count = fd_count,
        .fds = fds,
        .request = {request, strlen(request)},
        .run_data = rendered,
        .progress = take_progress,
        .cancelled = is_cancelled,
        .result = take_result,
        .fail = take_failure,
    };
    rendered->status = task(&run);
}

static int new_output(void)
{
    int fd = memfd_create("output", MFD_CLOEXEC);
    assert_true(fd >= 0);
    /* As an earlier attempt would leave it. */
    assert_int_equal(write(fd, "left over", 9), 9);
    return fd;
}

static struct rendered render(int source_fd, const char *const fields[], int count, const char *raw,
                              int mark_fd, double cancel_beyond)
{
    struct rendered rendered = {.count = count, .cancel_beyond = cancel_beyond};
    char request[REQUEST_BYTES];
    int fds[RENDERED_FDS_MAX + 2] = {source_fd};
    size_t len = (size_t)snprintf(request, sizeof request,
                                  "{\"source\":{\"fd\":0,\"name\":\"photo\"},\"outputs\":[");
    for (int i = 0; i < count; i++) {
        fds[i + 1] = rendered.fds[i] = new_output();
        len += (size_t)snprintf(request + len, sizeof request - len, "%s{\"fd\":%d,%s}",
                                i > 0 ? "," : "", i + 1, fields[i]);
    }
    fds[count + 1] = mark_fd;
    snprintf(request + len, sizeof request - len, "]%s%s}",
             raw == NULL ? "" : ",\"raw\":", raw == NULL ? "" : raw);
    run(&rendered, render_task, fds, (uint32_t)(count + 1 + (mark_fd >= 0 ? 1 : 0)), request);
    return rendered;
}

struct rendered rendered_many(int source_fd, const char *const fields[], int count, const char *raw,
                              int mark_fd)
{
    return render(source_fd, fields, count, raw, mark_fd, 1000);
}

struct rendered rendered_cancelled(const char *path, const char *fields, double beyond_percent)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    struct rendered rendered = render(fd, &fields, 1, NULL, -1, beyond_percent);
    close(fd);
    return rendered;
}

struct rendered rendered_one(const char *path, const char *fields)
{
    return rendered_cancelled(path, fields, 1000);
}

struct rendered rendered_raw(const int *fds, uint32_t fd_count, const char *request)
{
    struct rendered rendered = {.cancel_beyond = 1000};
    run(&rendered, render_task, fds, fd_count, request);
    return rendered;
}

struct rendered rendered_formats(void)
{
    struct rendered rendered = {.cancel_beyond = 1000};
    run(&rendered, formats_task, NULL, 0, "{}");
    return rendered;
}

void rendered_fini(struct rendered *rendered)
{
    json_decref(rendered->result);
    for (int i = 0; i < rendered->count; i++) {
        close(rendered->fds[i]);
    }
}

void rendered_check(const struct rendered *rendered, const char *what)
{
    if (rendered->status != JM_OK) {
        fail_msg("%s: %d %s", what, rendered->status, rendered->reason);
    }
}

char *rendered_bytes(const struct rendered *rendered, int number, size_t *len_out)
{
    struct stat info;
    assert_int_equal(fstat(rendered->fds[number], &info), 0);
    *len_out = (size_t)info.st_size;
    char *bytes = malloc(*len_out + 1);
    assert_int_equal(pread(rendered->fds[number], bytes, *len_out, 0), info.st_size);
    return bytes;
}

VipsImage *rendered_picture(const struct rendered *rendered, int number)
{
    size_t len = 0;
    char *bytes = rendered_bytes(rendered, number, &len);
    VipsImage *image =
        vips_image_new_from_buffer(bytes, len, "", "fail_on", VIPS_FAIL_ON_TRUNCATED, NULL);
    VipsImage *pixels = image == NULL ? NULL : vips_image_copy_memory(image);
    const void *profile = NULL;
    size_t profile_len = 0;
    if (pixels != NULL && vips_image_get_typeof(image, VIPS_META_ICC_NAME) != 0 &&
        vips_image_get_blob(image, VIPS_META_ICC_NAME, &profile, &profile_len) == 0) {
        /* A HEIF's goes with the first image. */
        vips_image_set_blob_copy(pixels, VIPS_META_ICC_NAME, profile, profile_len);
    }
    if (pixels == NULL) {
        fail_msg("what was written cannot be read: %s", vips_error_buffer());
    }
    g_object_unref(image);
    free(bytes);
    return pixels;
}

json_t *rendered_tags(const struct rendered *rendered, int number)
{
    char command[160];
    snprintf(command, sizeof command, "exiftool -j -a -G1 -api largefilesupport=1 /proc/%d/fd/%d",
             (int)getpid(), rendered->fds[number]);
    FILE *pipe = popen(command, "re");
    json_t *list = pipe == NULL ? NULL : json_loadf(pipe, 0, NULL);
    if (pipe != NULL) {
        pclose(pipe);
    }
    json_t *tags = json_incref(json_array_get(list, 0));
    json_decref(list);
    return tags;
}

const json_t *rendered_answer(const struct rendered *rendered, int number)
{
    return json_array_get(json_object_get(rendered->result, "outputs"), (size_t)number);
}

int rendered_warns(const json_t *object, const char *words)
{
    const json_t *warnings = json_object_get(object, "warnings");
    for (size_t i = 0; i < json_array_size(warnings); i++) {
        if (strstr(json_string_value(json_array_get(warnings, i)), words) != NULL) {
            return 1;
        }
    }
    return 0;
}
