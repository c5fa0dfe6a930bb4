/*
 * The colours of a camera that LibRaw has no profile of: the patches of a colour chart come out as near
 * to the truth as the sensor's own are. The photograph lies in JUNMAI_SAMPLES, by default
 * ../shared/samples beside the repository; without it the test is skipped.
 */
#include "check.h"
#include "shown.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <vips/vips.h>

#define SKIPPED 77
#define PATCHES 24
#define HALF 4                    /* of the square that is looked at in each patch */
#define MEAN_DIFFERENCE_MOST 11.6 /* with the matrix of any camera of its maker it is 12.4 */

static struct studio studio;
static char samples[PATH_MAX];

/* sRGB of the patches, row by row. */
static const int chart[PATCHES][3] = {
    {115, 82, 68},   {194, 150, 130}, {98, 122, 157}, {87, 108, 67},   {133, 128, 177},
    {103, 189, 170}, {214, 126, 44},  {80, 91, 166},  {193, 90, 99},   {94, 60, 108},
    {157, 188, 64},  {224, 163, 46},  {56, 61, 150},  {70, 148, 73},   {175, 54, 60},
    {231, 199, 31},  {187, 86, 149},  {8, 133, 161},  {243, 243, 242}, {200, 200, 200},
    {160, 160, 160}, {122, 122, 121}, {85, 85, 85},   {52, 52, 52}};

/* Where their middles lie in a picture that is 480 wide. */
static const int columns[] = {28, 78, 128, 180, 232, 285};
static const int rows[] = {76, 130, 180, 233};

static int open_studio(void **state)
{
    (void)state;
    studio_open(&studio, json_pack("{s:{s:{s:[s]}}}", "plugins", "import", "roots", samples), NULL);
    return 0;
}

static int close_studio(void **state)
{
    (void)state;
    studio_close(&studio);
    return 0;
}

/* The chart as one row of pixels, in Lab. */
static VipsImage *chart_lab(void)
{
    unsigned char pixels[PATCHES][3];
    VipsImage *row = NULL;
    VipsImage *lab = NULL;
    for (int i = 0; i < PATCHES; i++)
        for (int band = 0; band < 3; band++)
            pixels[i][band] = (unsigned char)chart[i][band];
    VipsImage *memory =
        vips_image_new_from_memory_copy(pixels, sizeof pixels, PATCHES, 1, 3, VIPS_FORMAT_UCHAR);
    assert_int_equal(vips_copy(memory, &row, "interpretation", VIPS_INTERPRETATION_sRGB, NULL), 0);
    assert_int_equal(vips_colourspace(row, &lab, VIPS_INTERPRETATION_LAB, NULL), 0);
    g_object_unref(row);
    g_object_unref(memory);
    return lab;
}

/* Mean of a square. */
static void mean_lab(VipsImage *lab, int x, int y, int half, float *mean_out)
{
    for (int band = 0; band < 3; band++) {
        VipsImage *square = NULL;
        VipsImage *channel = NULL;
        double mean = 0;
        assert_int_equal(
            vips_crop(lab, &square, x - half, y - half, 2 * half + 1, 2 * half + 1, NULL), 0);
        assert_int_equal(vips_extract_band(square, &channel, band, NULL), 0);
        assert_int_equal(vips_avg(channel, &mean, NULL), 0);
        mean_out[band] = (float)mean;
        g_object_unref(channel);
        g_object_unref(square);
    }
}

/* How far a patch is from the chart's, as CIEDE2000. */
static double difference(VipsImage *lab, VipsImage *wanted, int patch)
{
    const double scale = lab->Xsize / 480.0;
    float is[3];
    float shall[3];
    mean_lab(lab, (int)(columns[patch % 6] * scale), (int)(rows[patch / 6] * scale), HALF, is);
    mean_lab(wanted, patch, 0, 0, shall);
    return vips_col_dE00(is[0], is[1], is[2], shall[0], shall[1], shall[2]);
}

static void test_chart(void **state)
{
    struct jmt_response response;
    VipsImage *image = NULL;
    VipsImage *lab = NULL;
    double sum = 0;
    (void)state;
    VipsImage *wanted = chart_lab();
    char *path = studio_path(samples, "raw/kodak_dc120.KDC");
    json_int_t photo = shown_import(&studio, path);
    shown_get(&studio, 200, shown_path(photo, "large"), NULL, &response);
    assert_int_equal(vips_jpegload_buffer(response.body, response.body_bytes, &image, NULL), 0);
    assert_int_equal(vips_colourspace(image, &lab, VIPS_INTERPRETATION_LAB, NULL), 0);
    for (int i = 0; i < PATCHES; i++)
        sum += difference(lab, wanted, i);
    if (sum / PATCHES > MEAN_DIFFERENCE_MOST)
        fail_msg("the chart differs by %.1f", sum / PATCHES);
    g_object_unref(wanted);
    g_object_unref(lab);
    g_object_unref(image);
    jmt_response_fini(&response);
    free(path);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_chart)};
    const char *folder = getenv("JUNMAI_SAMPLES");
    char path[PATH_MAX];
    (void)argc;
    snprintf(path, sizeof path, "%s/dev", folder ? folder : REPOSITORY "/../shared/samples");
    if (access(path, R_OK) < 0 || !realpath(path, samples)) {
        printf("no samples in %s: skipped\n", path);
        return SKIPPED;
    }
    if (VIPS_INIT(argv[0]) != 0)
        return 1;
    return cmocka_run_group_tests(tests, open_studio, close_studio);
}
