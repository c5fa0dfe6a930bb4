/* Pictures by libvips. */
#include "made_photos.h"

#include "check.h"
#include "studio.h"

#include <stdbool.h>
#include <vips/vips.h>

void made_setup(void)
{
    if (VIPS_INIT("preview-test") != 0) {
        fail_msg("libvips cannot be used: %s", vips_error_buffer());
    }
}

static char *save(VipsImage *image_take, const char *folder, const char *name, bool progressive)
{
    char *path = studio_path(folder, name);
    VipsImage *bytes = NULL;
    if (vips_cast_uchar(image_take, &bytes, NULL) != 0 ||
        vips_jpegsave(bytes, path, "Q", 95, "interlace", progressive, NULL) != 0) {
        fail_msg("%s: %s", path, vips_error_buffer());
    }
    g_object_unref(bytes);
    g_object_unref(image_take);
    return path;
}

static VipsImage *noise(int width, int height, int seed)
{
    VipsImage *image = NULL;
    assert_int_equal(
        vips_gaussnoise(&image, width, height, "mean", 128.0, "sigma", 60.0, "seed", seed, NULL),
        0);
    return image;
}

char *made_noise(const char *folder, const char *name, int width, int height, int seed)
{
    return save(noise(width, height, seed), folder, name, false);
}

char *made_slow(const char *folder, const char *name, int width, int height, int seed)
{
    return save(noise(width, height, seed), folder, name, true);
}

char *made_red(const char *folder, const char *name, int width, int height)
{
    VipsImage *black = NULL;
    VipsImage *red = NULL;
    assert_int_equal(vips_black(&black, width, height, "bands", 3, NULL), 0);
    assert_int_equal(vips_linear(black, &red, (double[]){1, 1, 1}, (double[]){255, 0, 0}, 3, NULL),
                     0);
    g_object_unref(black);
    red->Type = VIPS_INTERPRETATION_sRGB;
    return save(red, folder, name, false);
}
