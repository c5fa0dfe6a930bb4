/* One pass over the pixels: each gets its own lightness minus the lightness around it, in all three
 * channels alike, so that no colour shifts. Worker process only.
 *
 * vips_sharpen() does the same by way of Lab and takes five times as long. */
#include "task/sharpen.h"

#include "task/region.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define RADIUS 2
#define TAPS (2 * RADIUS + 1)
#define GAIN_AT_FULL 1.6f

/* A Gaussian of sigma 0.8. */
static const float kernel[TAPS] = {0.0219f, 0.2286f, 0.4990f, 0.2286f, 0.0219f};

struct sharpening {
    float gain;
};

/* What one thread works in: rows of lightness, and of lightness blurred along the row. */
struct scratch {
    VipsRegion *in;
    float *light;
    float *blurred; /* TAPS rows, used in turn */
    size_t width;
};

static void *start(VipsImage *out, void *a, void *b)
{
    struct scratch *scratch = calloc(1, sizeof *scratch);
    (void)out;
    (void)b;
    if (scratch != NULL && (scratch->in = vips_region_new(a)) == NULL) {
        free(scratch);
        scratch = NULL;
    }
    return scratch;
}

static int stop(void *seq, void *a, void *b)
{
    struct scratch *scratch = seq;
    (void)a;
    (void)b;
    if (scratch != NULL) {
        g_clear_object(&scratch->in);
        free(scratch->light);
        free(scratch);
    }
    return 0;
}

static int reserve(struct scratch *scratch, size_t width)
{
    if (width <= scratch->width) {
        return 0;
    }
    free(scratch->light);
    scratch->width = 0;
    scratch->light = malloc((TAPS + 1) * width * sizeof *scratch->light);
    if (scratch->light == NULL) {
        vips_error("sharpen", "out of memory");
        return -1;
    }
    scratch->width = width;
    scratch->blurred = scratch->light + width;
    return 0;
}

static float lightness(float red, float green, float blue)
{
    return 0.299f * red + 0.587f * green + 0.114f * blue;
}

/* The lightness of one row that is RADIUS wider on both sides than `blurred`. */
static void blur_row(const void *row, bool deep, int width, float *light, float *blurred)
{
    const uint8_t *bytes = row;
    const uint16_t *words = row;
    for (int x = 0; x < width + 2 * RADIUS; x++) {
        light[x] = deep ? lightness(words[3 * x], words[3 * x + 1], words[3 * x + 2])
                        : lightness(bytes[3 * x], bytes[3 * x + 1], bytes[3 * x + 2]);
    }
    for (int x = 0; x < width; x++) {
        float sum = 0;
        for (int k = 0; k < TAPS; k++) {
            sum += kernel[k] * light[x + k];
        }
        blurred[x] = sum;
    }
}

static float clip(float value, float top)
{
    return value < 0 ? 0 : value > top ? top : value;
}

/* One row of the result; `in` begins at the same pixel as `out`. */
static void write_row(const struct scratch *scratch, const void *in, void *out, bool deep,
                      int width, int first, float gain)
{
    const uint8_t *in8 = in;
    const uint16_t *in16 = in;
    uint8_t *out8 = out;
    uint16_t *out16 = out;
    for (int x = 0; x < width; x++) {
        float around = 0;
        for (int k = 0; k < TAPS; k++) {
            around += kernel[k] *
                      scratch->blurred[(size_t)((first + k) % TAPS) * scratch->width + (size_t)x];
        }
        float rgb[3];
        for (int band = 0; band < 3; band++) {
            rgb[band] = deep ? in16[3 * x + band] : in8[3 * x + band];
        }
        float more = gain * (lightness(rgb[0], rgb[1], rgb[2]) - around);
        for (int band = 0; band < 3; band++) {
            if (deep) {
                out16[3 * x + band] = (uint16_t)(clip(rgb[band] + more, 65535) + 0.5f);
            } else {
                out8[3 * x + band] = (uint8_t)(clip(rgb[band] + more, 255) + 0.5f);
            }
        }
    }
}

static int sharpen_region(VipsRegion *out, void *seq, void *a, void *b, gboolean *stop_out)
{
    struct scratch *scratch = seq;
    const struct sharpening *how = b;
    const VipsRect *area = &out->valid;
    const VipsRect needed = {area->left, area->top, area->width + 2 * RADIUS,
                             area->height + 2 * RADIUS};
    bool deep = out->im->BandFmt == VIPS_FORMAT_USHORT;
    (void)a;
    (void)stop_out;
    if (vips_region_prepare(scratch->in, &needed) != 0 ||
        reserve(scratch, (size_t)needed.width) != 0) {
        return -1;
    }
    for (int y = 0; y < needed.height; y++) {
        blur_row(region_at(scratch->in, area->left, area->top + y), deep, area->width,
                 scratch->light, scratch->blurred + (size_t)(y % TAPS) * scratch->width);
        int done = y - 2 * RADIUS;
        if (done >= 0) {
            write_row(
                scratch, region_at(scratch->in, area->left + RADIUS, area->top + done + RADIUS),
                region_at(out, area->left, area->top + done), deep, area->width, done, how->gain);
        }
    }
    return 0;
}

/* `wide` is the picture with a margin of RADIUS. */
static VipsImage *generate(VipsImage *image, VipsImage *wide, int amount)
{
    VipsImage *out = vips_image_new();
    struct sharpening *how = VIPS_NEW(out, struct sharpening);
    how->gain = GAIN_AT_FULL * (float)amount / 100;
    g_object_ref(wide);
    vips_object_local(out, wide);
    if (vips_image_pipelinev(out, VIPS_DEMAND_STYLE_THINSTRIP, image, NULL) != 0 ||
        vips_image_generate(out, start, sharpen_region, stop, wide, how) != 0) {
        g_clear_object(&out);
    }
    return out;
}

VipsImage *sharpen(VipsImage *image, int amount)
{
    VipsImage *wide = NULL;
    if (vips_embed(image, &wide, RADIUS, RADIUS, image->Xsize + 2 * RADIUS,
                   image->Ysize + 2 * RADIUS, "extend", VIPS_EXTEND_COPY, NULL) != 0) {
        return NULL;
    }
    VipsImage *out = generate(image, wide, amount);
    g_object_unref(wide);
    return out;
}
