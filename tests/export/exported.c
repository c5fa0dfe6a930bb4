/* Requests and expectations: see exported.h. */
#include "exported.h"

#include "check.h"
#include "client/wait.h"
#include "made_photos.h"
#include "photos.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vips/vips.h>

#define WAIT_LIMIT_MS 120000
#define LOOK_AGAIN_MS 20

void exported_open(struct studio *studio_out, json_t *options_take)
{
    json_t *options = options_take ? options_take : json_object();
    made_setup();
    studio_open(studio_out,
                json_pack("{s:{s:o, s:{s:i, s:i}, s:{s:i}}}", "plugins", "export", options, "queue",
                          "retry_base_ms", 0, "max_attempts", 3, "preview", "background", 0),
                NULL);
}

json_int_t exported_photo(const struct studio *studio, const char *name, int width, int height,
                          int seed)
{
    char path[64];
    char *file = made_noise(studio->photos, name, width, height, seed);
    json_t *answer =
        ask(studio, 200, "POST", "/import/file", json_pack("{s:s}", "file_path", file));
    json_int_t id = int_of(answer, "photo_id");
    snprintf(path, sizeof path, "/api/photos/%lld", (long long)id);
    json_decref(ask(studio, 200, "PATCH", path, json_pack("{s:b}", "approved", 1)));
    json_decref(answer);
    free(file);
    return id;
}

json_t *exported_preset(const char *name, json_t *changes_take)
{
    json_t *preset =
        json_pack("{s:s, s:b, s:s, s:i, s:i, s:s, s:s, s:s}", "name", name, "enabled", 0, "format",
                  "JPEG", "quality", 85, "max_dimension", 512, "color_space", "sRGB", "destination",
                  name, "filename_template", "{original}");
    if (changes_take)
        json_object_update(preset, changes_take);
    json_decref(changes_take);
    return preset;
}

void exported_make(const struct studio *studio, const char *name, json_t *changes_take)
{
    json_decref(ask(studio, 201, "POST", "/export/presets", exported_preset(name, changes_take)));
}

char *exported_ask(const struct studio *studio, json_int_t photo, const char *preset)
{
    json_t *answer = ask(studio, 200, "POST", "/export/auto/multiple",
                         json_pack("{s:I, s:[s]}", "photo_id", photo, "preset_names", preset));
    assert_int_equal(int_of(answer, "job_count"), 1);
    char *job = strdup(text_of(json_array_get(list_of(answer, "jobs"), 0), "id"));
    json_decref(answer);
    return job;
}

const char *exported_path(const char *job, const char *tail)
{
    static char path[128];
    snprintf(path, sizeof path, "/export/auto/job/%s%s", job, tail);
    return path;
}

json_t *exported_wait(const struct studio *studio, const char *job, const char *status)
{
    int64_t deadline = jmt_deadline_after(WAIT_LIMIT_MS);
    for (;;) {
        json_t *answer = ask(studio, 200, "GET", exported_path(job, ""), NULL);
        json_t *xjob = json_incref(object_of(answer, "job"));
        const char *now = text_of(xjob, "status");
        bool runs = strcmp(now, "pending") == 0 || strcmp(now, "processing") == 0;
        json_decref(answer);
        if (strcmp(now, status) == 0)
            return xjob;
        if (!runs || jmt_clock_ms() > deadline) {
            const char *why = json_string_value(json_object_get(xjob, "error_message"));
            fail_msg("export %s is %s, not %s: %s", job, now, status, why ? why : "");
        }
        json_decref(xjob);
        poll(NULL, 0, LOOK_AGAIN_MS);
    }
}

json_t *exported_wait_preset(const struct studio *studio, const char *name)
{
    char path[128];
    json_t *answer = NULL;
    int64_t deadline = jmt_deadline_after(WAIT_LIMIT_MS);
    snprintf(path, sizeof path, "/export/presets/%s", name);
    while (jmt_http_json(studio->host.port, "GET", path, NULL, &answer) != 200) {
        if (jmt_clock_ms() > deadline)
            fail_msg("there is no preset %s", name);
        json_decref(answer);
        poll(NULL, 0, LOOK_AGAIN_MS);
    }
    json_t *preset = json_incref(object_of(answer, "preset"));
    json_decref(answer);
    return preset;
}

static int count_below(const struct studio *studio, const char *folder, const char *suffix)
{
    char *exports = studio_path(studio->host.data_dir, "exports");
    char *path = studio_path(exports, folder);
    int count = photo_count_files(path, suffix);
    free(path);
    free(exports);
    return count;
}

int exported_count(const struct studio *studio, const char *folder)
{
    return count_below(studio, folder, NULL);
}

int exported_parts(const struct studio *studio)
{
    return count_below(studio, "", ".part");
}

/* All of its pixels are read. */
static VipsImage *read_picture(const char *path)
{
    VipsImage *image = vips_image_new_from_file(path, "fail_on", VIPS_FAIL_ON_TRUNCATED, NULL);
    double average;
    if (!image || vips_avg(image, &average, NULL) != 0)
        fail_msg("%s is no whole picture: %s", path, vips_error_buffer());
    return image;
}

void exported_expect_jpeg(const char *path, int width, int height)
{
    VipsImage *image = read_picture(path);
    assert_string_equal(strrchr(path, '.'), ".jpg");
    if (image->Xsize != width || image->Ysize != height)
        fail_msg("%s has %d x %d pixels, not %d x %d", path, image->Xsize, image->Ysize, width,
                 height);
    g_object_unref(image);
}

void exported_expect_picture(const char *path, int long_edge)
{
    VipsImage *image = read_picture(path);
    assert_int_equal(VIPS_MAX(image->Xsize, image->Ysize), long_edge);
    g_object_unref(image);
}

void exported_pause(const struct studio *studio, bool paused)
{
    json_decref(ask(studio, 200, "POST", paused ? "/queue/pause" : "/queue/resume", NULL));
}
