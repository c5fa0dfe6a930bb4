/* Requests and expectations. */
#include "shown.h"

#include "check.h"
#include "client/wait.h"
#include "photos.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <vips/vips.h>

#define WAIT_LIMIT_MS 60000
#define LOOK_AGAIN_MS 20

json_int_t shown_import(const struct studio *studio, const char *path)
{
    json_t *answer =
        ask(studio, 200, "POST", "/import/file", json_pack("{s:s}", "file_path", path));
    json_int_t id = int_of(answer, "photo_id");
    json_decref(answer);
    return id;
}

const char *shown_path(json_int_t photo, const char *size)
{
    static char path[128];
    snprintf(path, sizeof path, "/api/photos/%lld/thumbnail%s%s", (long long)photo,
             size ? "?size=" : "", size ? size : "");
    return path;
}

void shown_get(const struct studio *studio, int status, const char *path, const char *headers,
               struct jmt_response *response_out)
{
    const struct jmt_request request = {.path = path, .headers = headers};
    ask_raw(studio, &request, response_out);
    if (response_out->status != status)
        fail_msg("GET %s answered %d, not %d: %.300s", path, response_out->status, status,
                 response_out->body ? response_out->body : "");
}

void shown_expect(const struct studio *studio, json_int_t photo, const char *size, int width,
                  int height)
{
    struct jmt_response response;
    VipsImage *image = NULL;
    shown_get(studio, 200, shown_path(photo, size), NULL, &response);
    assert_string_equal(jmt_response_header(&response, "Content-Type"), "image/jpeg");
    if (vips_jpegload_buffer(response.body, response.body_bytes, &image, NULL) != 0)
        fail_msg("the thumbnail is no JPEG: %s", vips_error_buffer());
    if (image->Xsize != width || image->Ysize != height)
        fail_msg("the thumbnail has %d x %d pixels, not %d x %d", image->Xsize, image->Ysize, width,
                 height);
    g_object_unref(image);
    jmt_response_fini(&response);
}

double shown_metric(const struct studio *studio, const char *name)
{
    struct jmt_response response;
    char line[128];
    shown_get(studio, 200, "/metrics", NULL, &response);
    snprintf(line, sizeof line, "\njunmai_preview_%s ", name);
    const char *at = strstr(response.body, line);
    if (!at)
        fail_msg("there is no metric %s", line);
    double value = strtod(at + strlen(line), NULL);
    jmt_response_fini(&response);
    return value;
}

void shown_wait_metric(const struct studio *studio, const char *name, double wanted)
{
    int64_t deadline = jmt_deadline_after(WAIT_LIMIT_MS);
    while (shown_metric(studio, name) < wanted) {
        if (jmt_clock_ms() > deadline)
            fail_msg("%s is %.0f and does not become %.0f", name, shown_metric(studio, name),
                     wanted);
        poll(NULL, 0, LOOK_AGAIN_MS);
    }
}

void shown_wait_file(const char *path, bool is_there)
{
    int64_t deadline = jmt_deadline_after(WAIT_LIMIT_MS);
    while ((access(path, F_OK) == 0) != is_there) {
        if (jmt_clock_ms() > deadline)
            fail_msg("%s is %s", path, is_there ? "not there" : "still there");
        poll(NULL, 0, LOOK_AGAIN_MS);
    }
}

static int count_files(const struct studio *studio, const char *suffix)
{
    char *folder = studio_path(studio->host.data_dir, "previews");
    int count = photo_count_files(folder, suffix);
    free(folder);
    return count;
}

int shown_files(const struct studio *studio)
{
    return count_files(studio, ".jpg");
}

int shown_parts(const struct studio *studio)
{
    return count_files(studio, ".new");
}
