/* Pictures by libvips. */
#include "made.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define ADOBE_PROFILE "/usr/share/color/icc/compatibleWithAdobeRGB1998.icc"
#define NAMES_MAX 64

static char folder[PATH_MAX];
static char *paths[NAMES_MAX];
static size_t path_count;

int made_setup(void **state)
{
    const char *base = getenv("TMPDIR");
    (void)state;
    snprintf(folder, sizeof folder, "%s/junmai-render-XXXXXX", base == NULL ? "/tmp" : base);
    return mkdtemp(folder) == NULL ? -1 : 0;
}

int made_teardown(void **state)
{
    (void)state;
    for (size_t i = 0; i < path_count; i++) {
        (void)unlink(paths[i]);
        free(paths[i]);
    }
    path_count = 0;
    return rmdir(folder);
}

const char *made_path(const char *name)
{
    char path[PATH_MAX + 64];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    for (size_t i = 0; i < path_count; i++) {
        if (strcmp(paths[i], path) == 0) {
            return paths[i];
        }
    }
    assert_true(path_count < NAMES_MAX);
    paths[path_count] = strdup(path);
    return paths[path_count++];
}

static VipsImage *from_pixels(unsigned char *pixels_take, int width, int height)
{
    size_t len = (size_t)width * (size_t)height * 3;
    VipsImage *image =
        vips_image_new_from_memory_copy(pixels_take, len, width, height, 3, VIPS_FORMAT_UCHAR);
    assert_non_null(image);
    image->Type = VIPS_INTERPRETATION_sRGB;
    free(pixels_take);
    return image;
}

typedef void paint_fn(int x, int y, int width, int height, unsigned char rgb[3]);

static VipsImage *paint(int width, int height, paint_fn *fn)
{
    unsigned char *pixels = malloc((size_t)width * (size_t)height * 3);
    assert_non_null(pixels);
    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            fn(x, y, width, height, pixels + ((size_t)y * (size_t)width + (size_t)x) * 3);
        }
    }
    return from_pixels(pixels, width, height);
}

static void paint_chart(int x, int y, int width, int height, unsigned char rgb[3])
{
    int patch = y * 8 / height * 8 + x * 8 / width;
    rgb[0] = (unsigned char)(patch % 4 * 85);
    rgb[1] = (unsigned char)(patch / 4 % 4 * 85);
    rgb[2] = (unsigned char)(patch / 16 * 85);
}

static void paint_quarters(int x, int y, int width, int height, unsigned char rgb[3])
{
    int is_right = x >= width / 2;
    int is_low = y >= height / 2;
    rgb[0] = is_right == is_low ? 255 : 0;
    rgb[1] = is_right ? 255 : 0;
    rgb[2] = is_low ? 255 : 0;
}

static void paint_edge(int x, int y, int width, int height, unsigned char rgb[3])
{
    int is_bright = 8 * (x - width / 2) > y - height / 2;
    memset(rgb, is_bright ? 180 : 70, 3);
}

static void paint_noise(int x, int y, int width, int height, unsigned char rgb[3])
{
    unsigned int seed = (unsigned int)(y * width + x) * 2654435761u + (unsigned int)height;
    for (int i = 0; i < 3; i++) {
        seed = seed * 1664525u + 1013904223u;
        rgb[i] = (unsigned char)(seed >> 24);
    }
}

VipsImage *made_chart(int width, int height)
{
    return paint(width, height, paint_chart);
}

VipsImage *made_quarters(int width, int height)
{
    return paint(width, height, paint_quarters);
}

VipsImage *made_edge(int width, int height)
{
    return paint(width, height, paint_edge);
}

VipsImage *made_noise(int width, int height)
{
    return paint(width, height, paint_noise);
}

const char *made_file(VipsImage *image_take, const char *name)
{
    const char *path = made_path(name);
    bool is_jpeg = g_str_has_suffix(name, ".jpg");
    int status = is_jpeg ? vips_jpegsave(image_take, path, "Q", 97, "subsample_mode",
                                         VIPS_FOREIGN_SUBSAMPLE_OFF, NULL)
                         : vips_image_write_to_file(image_take, path, NULL);
    if (status != 0) {
        fail_msg("%s: %s", path, vips_error_buffer());
    }
    g_object_unref(image_take);
    return path;
}

const char *made_bytes(const void *ptr, size_t len, const char *name)
{
    const char *path = made_path(name);
    assert_true(g_file_set_contents(path, ptr, (gssize)len, NULL));
    return path;
}

char *made_read(const char *path, size_t *len_out)
{
    char *bytes = NULL;
    if (!g_file_get_contents(path, &bytes, len_out, NULL)) {
        fail_msg("%s cannot be read", path);
    }
    return bytes;
}

int made_embed_adobe(VipsImage *image)
{
    char *profile = NULL;
    gsize len = 0;
    if (!g_file_get_contents(ADOBE_PROFILE, &profile, &len, NULL)) {
        return 0;
    }
    vips_image_set_blob_copy(image, VIPS_META_ICC_NAME, profile, len);
    g_free(profile);
    return 1;
}

const char *made_sample(const char *name)
{
    static char path[PATH_MAX];
    const char *samples = getenv("JUNMAI_SAMPLES");
    bool given = samples != NULL && samples[0] != '\0';
    snprintf(path, sizeof path, "%s/dev/%s", given ? samples : REPOSITORY "/../shared/samples",
             name);
    return access(path, R_OK) == 0 ? path : NULL;
}
