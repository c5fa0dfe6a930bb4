/* Real photographs: every sample in every format, and what must come of the broken ones. They lie in
 * JUNMAI_SAMPLES, by default ../shared/samples beside the repository; without them this is skipped. */
#include "colours.h"
#include "made.h"
#include "rendered.h"

#include <fcntl.h>
#include <libraw/libraw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define SKIPPED 77
#define DIFFERENCE_MAX 1.5

static const char *const formats[] = {"JPEG", "PNG", "TIFF", "WEBP", "AVIF", "JXL"};
#define FORMATS 6

enum opinion {
    BY_PROFILE, /* lcms2 with the embedded profile, or sRGB */
    BY_ADOBE,   /* lcms2 with Adobe RGB, which its tags name */
    BY_NOBODY,  /* libvips cannot read it at all */
};

static const struct sample {
    const char *name;
    int width, height; /* upright */
    enum opinion opinion;
} good[] = {
    {"jpeg/sony_a6400_24mp.jpg", 6000, 4000, BY_PROFILE},
    {"jpeg/iphone13pro_p3_rot6.jpg", 3024, 4032, BY_PROFILE},
    {"jpeg/canon_eosrp_adobergb_r03.jpg", 3120, 2080, BY_ADOBE},
    {"jpeg/canon_rebelxt_adobergb_r03.jpg", 3456, 2304, BY_ADOBE},
    {"jpeg/canon_6d_adobergb_icc.jpg", 497, 331, BY_PROFILE},
    {"jpeg/canon_1dm3_via_lightroom.jpg", 2659, 1773, BY_PROFILE},
    {"jpeg/gray_gamma22.jpg", 400, 267, BY_PROFILE},
    {"jpeg/swop_cmyk_multi_icc.jpg", 140, 140, BY_PROFILE},
    {"jpeg/apple_iphone4_gps.jpg", 1296, 968, BY_PROFILE},
    {"jpeg/iptc_staff_photographer.jpg", 516, 350, BY_PROFILE},
    {"jpeg/nikon_p6000_gps.jpg", 640, 480, BY_PROFILE},
    {"jpeg/olympus_mju_utf8_name_µ.jpg", 1024, 768, BY_PROFILE},
    {"dup/IMG_4120 copy.JPG", 500, 375, BY_PROFILE},
    {"dup/canon_hdr_NO.jpg", 1536, 2048, BY_PROFILE},
    {"dup/canon_hdr_YES.jpg", 1536, 2048, BY_PROFILE},
    {"dup/pentax_istdl_a.jpg", 1536, 1024, BY_PROFILE},
    {"dup/pentax_istdl_b.jpg", 1536, 1024, BY_PROFILE},
    {"dates/date_priority.jpg", 100, 100, BY_PROFILE},
    {"dates/dog_1919.jpg", 331, 441, BY_PROFILE},
    {"dates/gps_datetime.jpg", 100, 100, BY_PROFILE},
    {"orientation/rot_1.jpg", 308, 410, BY_PROFILE},
    {"orientation/rot_2.jpg", 308, 410, BY_PROFILE},
    {"orientation/rot_3.jpg", 308, 410, BY_PROFILE},
    {"orientation/rot_4.jpg", 308, 410, BY_PROFILE},
    {"orientation/rot_5.jpg", 231, 308, BY_PROFILE},
    {"orientation/rot_6.jpg", 231, 308, BY_PROFILE},
    {"orientation/rot_7.jpg", 231, 308, BY_PROFILE},
    {"orientation/rot_8.jpg", 231, 308, BY_PROFILE},
    {"sidecar/IMG_4120.JPG", 500, 375, BY_PROFILE},
    {"sidecar/IMG_5910.jpg", 1394, 930, BY_PROFILE},
    {"sidecar/IMG_E4120.JPG", 500, 500, BY_PROFILE},
    {"heif/iphone13pro.HEIC", 3024, 4032, BY_PROFILE},
    {"heif/exiv2_sample.avif", 1920, 1080, BY_PROFILE},
    {"other/exif_gps.png", 1, 1, BY_PROFILE},
    {"other/exiv2_bug1199.webp", 1200, 800, BY_PROFILE},
    {"other/iptc_icc_xmp_prophoto.tif", 35, 23, BY_PROFILE},
    {"other/reagan.jxl", 200, 130, BY_PROFILE},
    {"raw/CRW_0304.CRW", 2312, 1720, BY_NOBODY},
    {"raw/CRW_0304.THM", 160, 120, BY_PROFILE},
    {"raw/canon_eos_6d.dng", 1224, 816, BY_NOBODY},
    {"raw/jpeg_named_nikon_d70s.nef", 2000, 3008, BY_PROFILE},
    {"raw/kodak_dc120.KDC", 1301, 976, BY_NOBODY},
    {"bad/jpeg_named.heic", 500, 500, BY_PROFILE},
    {"bad/trailing_garbage.jpg", 308, 410, BY_PROFILE},
    {"bad/invalid_exif_loop.jpg", 61, 58, BY_PROFILE},
};

static const struct {
    const char *name;
    jm_status status;
} refused[] = {
    {"bad/crw_truncated.CRW", JM_EUNSUPPORTED},
    {"bad/heic_truncated.HEIC", JM_EINVAL},
    {"bad/sony_truncated_15pct.jpg", JM_EINVAL},
    {"bad/truncated_vips.jpg", JM_EINVAL},
    {"bad/random_bytes.CR2", JM_EUNSUPPORTED},
    {"bad/lfs_pointer.jpg", JM_EUNSUPPORTED},
    {"bad/zero.jpg", JM_EINVAL},
    {"raw/canon_r6_pruned.CR3", JM_EUNSUPPORTED},
    {"raw/canon_eos_6d.xmp", JM_EUNSUPPORTED},
    {"sidecar/IMG_4120.AAE", JM_EUNSUPPORTED},
    {"sidecar/digikam-example.xmp", JM_EUNSUPPORTED},
};

static int setup(void **state)
{
    return rendered_setup(state) == 0 ? made_setup(state) : -1;
}

static struct rendered render(const char *name, const char *const fields[], int count,
                              const char *raw)
{
    const char *path = made_sample(name);
    if (path == NULL) {
        fail_msg("there is no sample %s", name);
    }
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    struct rendered rendered = rendered_many(fd, fields, count, raw, -1);
    close(fd);
    return rendered;
}

static void check_sizes(const struct sample *sample, const struct rendered *rendered, int edge)
{
    const json_t *source = json_object_get(rendered->result, "source");
    int width = (int)json_integer_value(json_object_get(source, "width"));
    int height = (int)json_integer_value(json_object_get(source, "height"));
    if (width != sample->width || height != sample->height) {
        fail_msg("%s: %d x %d, not %d x %d", sample->name, width, height, sample->width,
                 sample->height);
    }
    int longest = MAX(width, height);
    for (int i = 0; i < rendered->count; i++) {
        VipsImage *picture = rendered_picture(rendered, i);
        if (MAX(picture->Xsize, picture->Ysize) != MIN(edge, longest) ||
            (picture->Xsize > picture->Ysize) != (width > height)) {
            fail_msg("%s as %s: %d x %d", sample->name, formats[i], picture->Xsize, picture->Ysize);
        }
        g_object_unref(picture);
    }
}

/* The file as libvips alone reads it, upright, in memory. */
static VipsImage *read_alone(const char *name)
{
    VipsImage *file = vips_image_new_from_file(made_sample(name), NULL);
    assert_non_null(file);
    VipsImage *memory = vips_image_copy_memory(file);
    VipsImage *upright = NULL;
    assert_non_null(memory);
    struct profile profile = colours_profile(file);
    if (profile.ptr != NULL) {
        vips_image_set_blob_copy(memory, VIPS_META_ICC_NAME, profile.ptr, profile.len);
    }
    g_object_unref(file);
    assert_int_equal(vips_autorot(memory, &upright, NULL), 0);
    g_object_unref(memory);
    return upright;
}

/* Colours of the PNG against lcms2; -1 where nobody has an opinion. */
static double check_colours(const struct sample *sample, const struct rendered *rendered)
{
    if (sample->opinion == BY_NOBODY) {
        return -1;
    }
    VipsImage *source = read_alone(sample->name);
    VipsImage *adobe = made_chart(8, 8);
    struct profile profile = colours_profile(source);
    if (sample->opinion == BY_ADOBE && made_embed_adobe(adobe)) {
        profile = colours_profile(adobe);
    }
    VipsImage *picture = rendered_picture(rendered, 1);
    double difference = colours_difference(source, profile, picture, NULL);
    if (!(difference < DIFFERENCE_MAX)) {
        fail_msg("%s differs by %.2f", sample->name, difference);
    }
    g_object_unref(picture);
    g_object_unref(adobe);
    g_object_unref(source);
    return difference;
}

static void test_good(void **state)
{
    static const char *const fields[FORMATS] = {
        "\"format\":\"JPEG\",\"max_dimension\":512",
        "\"format\":\"PNG\",\"max_dimension\":512",
        "\"format\":\"TIFF\",\"max_dimension\":512,\"bit_depth\":16",
        "\"format\":\"WEBP\",\"max_dimension\":512",
        "\"format\":\"AVIF\",\"max_dimension\":512",
        "\"format\":\"JXL\",\"max_dimension\":512"};
    (void)state;
    printf("    %-38s %-11s %7s  bytes of %s %s %s %s %s %s\n", "sample", "size", "dE2000",
           formats[0], formats[1], formats[2], formats[3], formats[4], formats[5]);
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct rendered rendered = render(good[i].name, fields, FORMATS, NULL);
        rendered_check(&rendered, good[i].name);
        for (int k = 0; k < FORMATS; k++) {
            const json_t *error = json_object_get(rendered_answer(&rendered, k), "error");
            if (error != NULL) {
                fail_msg("%s as %s: %s", good[i].name, formats[k], json_string_value(error));
            }
        }
        check_sizes(&good[i], &rendered, 512);
        double difference = check_colours(&good[i], &rendered);
        char size[24];
        char text[16];
        snprintf(size, sizeof size, "%dx%d", good[i].width, good[i].height);
        snprintf(text, sizeof text, "%.2f", difference);
        printf("    %-38s %-11s %7s", good[i].name, size, difference < 0 ? "-" : text);
        for (int k = 0; k < FORMATS; k++) {
            printf(" %lld", (long long)json_integer_value(
                                json_object_get(rendered_answer(&rendered, k), "bytes")));
        }
        printf("\n");
        rendered_fini(&rendered);
    }
}

static void test_refused(void **state)
{
    static const char *const fields[] = {"\"format\":\"JPEG\",\"max_dimension\":512"};
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        struct rendered rendered = render(refused[i].name, fields, 1, NULL);
        printf("    %-38s refused: %s\n", refused[i].name, rendered.reason);
        if (rendered.status != refused[i].status) {
            fail_msg("%s: %d, not %d", refused[i].name, rendered.status, refused[i].status);
        }
        assert_true(rendered.reason[0] != '\0');
        rendered_fini(&rendered);
    }
}

/* One scene in all orientations: upright they are the same picture. */
static void test_orientations(void **state)
{
    static const char *const fields[] = {
        "\"format\":\"PNG\",\"resize_mode\":\"fit\",\"max_dimension\":200"};
    (void)state;
    struct rendered first = render("orientation/rot_1.jpg", fields, 1, NULL);
    VipsImage *upright = rendered_picture(&first, 0);
    for (int i = 2; i <= 8; i++) {
        char name[64];
        snprintf(name, sizeof name, "orientation/rot_%d.jpg", i);
        struct rendered other = render(name, fields, 1, NULL);
        VipsImage *picture = rendered_picture(&other, 0);
        VipsImage *turned = NULL;
        assert_int_equal(vips_rot180(picture, &turned, NULL), 0);
        double same = colours_difference(upright, colours_profile(upright), picture, NULL);
        double wrong = colours_difference(upright, colours_profile(upright), turned, NULL);
        if (same > 6 || wrong < 2 * same) {
            fail_msg("%s differs by %.1f, upside down by %.1f", name, same, wrong);
        }
        g_object_unref(turned);
        g_object_unref(picture);
        rendered_fini(&other);
    }
    g_object_unref(upright);
    rendered_fini(&first);
}

/* A DNG is its raw data, never its thumbnail; at half size or full, the same picture. */
static void test_raw(void **state)
{
    static const char *const names[] = {"raw/canon_eos_6d.dng", "raw/CRW_0304.CRW",
                                        "raw/kodak_dc120.KDC"};
    static const char *const fields[] = {
        "\"format\":\"TIFF\",\"bit_depth\":16,\"color_space\":\"ProPhotoRGB\"",
        "\"format\":\"JPEG\",\"quality\":97,\"max_dimension\":1000"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct rendered full = render(names[i], fields, 2, "{\"highlights\":\"blend\"}");
        struct rendered half = render(names[i], fields + 1, 1, "{\"highlights\":\"blend\"}");
        rendered_check(&full, names[i]);
        rendered_check(&half, names[i]);
        VipsImage *deep = rendered_picture(&full, 0);
        VipsImage *of_full = rendered_picture(&full, 1);
        VipsImage *of_half = rendered_picture(&half, 0);
        assert_int_equal(deep->BandFmt, VIPS_FORMAT_USHORT);
        assert_true(deep->Xsize >= 1224);
        assert_int_equal(of_half->Xsize, 1000);
        double spaces = colours_difference(deep, colours_profile(deep), of_full, NULL);
        double sizes = colours_difference(of_full, colours_profile(of_full), of_half, NULL);
        printf("    %-24s ProPhoto to sRGB dE %.2f, half to full size dE %.2f\n", names[i], spaces,
               sizes);
        assert_true(spaces < DIFFERENCE_MAX);
        assert_true(sizes < 4);
        g_object_unref(deep);
        g_object_unref(of_full);
        g_object_unref(of_half);
        rendered_fini(&full);
        rendered_fini(&half);
    }
}

/* LibRaw's own way to sRGB, which knows nothing of profiles. */
static VipsImage *decode_alone(const char *name)
{
    int error = 0;
    libraw_data_t *raw = libraw_init(0);
    assert_int_equal(libraw_open_file(raw, made_sample(name)), LIBRAW_SUCCESS);
    raw->params.use_camera_wb = 1;
    raw->params.output_bps = 8;
    raw->params.gamm[0] = 1 / 2.4;
    raw->params.gamm[1] = 12.92;
    assert_int_equal(libraw_unpack(raw), LIBRAW_SUCCESS);
    assert_int_equal(libraw_dcraw_process(raw), LIBRAW_SUCCESS);
    libraw_processed_image_t *made = libraw_dcraw_make_mem_image(raw, &error);
    assert_non_null(made);
    VipsImage *image = vips_image_new_from_memory_copy(made->data, made->data_size, made->width,
                                                       made->height, 3, VIPS_FORMAT_UCHAR);
    libraw_dcraw_clear_mem(made);
    libraw_close(raw);
    assert_non_null(image);
    return image;
}

/* The two find brightness in different spaces, so they are a little apart, but no colour is another. */
static void test_raw_colours(void **state)
{
    static const char *const names[] = {"raw/canon_eos_6d.dng", "raw/CRW_0304.CRW",
                                        "raw/kodak_dc120.KDC"};
    static const char *const fields[] = {"\"format\":\"PNG\",\"effort\":1"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct rendered rendered = render(names[i], fields, 1, NULL);
        rendered_check(&rendered, names[i]);
        VipsImage *wanted = decode_alone(names[i]);
        VipsImage *picture = rendered_picture(&rendered, 0);
        double difference = colours_difference(wanted, (struct profile){NULL, 0}, picture, NULL);
        printf("    %-24s to LibRaw's sRGB dE %.2f\n", names[i], difference);
        assert_true(difference < 2.5);
        g_object_unref(picture);
        g_object_unref(wanted);
        rendered_fini(&rendered);
    }
}

/* A DNG goes out as the file that it is, or not at all. */
static void test_dng(void **state)
{
    static const char *const copy[] = {"\"format\":\"DNG\""};
    static const char *const without_gps[] = {"\"format\":\"DNG\",\"metadata_policy\":\"no_gps\""};
    (void)state;
    size_t wanted_len = 0;
    size_t len = 0;
    char *wanted = made_read(made_sample("raw/canon_eos_6d.dng"), &wanted_len);
    struct rendered same = render("raw/canon_eos_6d.dng", copy, 1, NULL);
    rendered_check(&same, "DNG");
    char *bytes = rendered_bytes(&same, 0, &len);
    assert_int_equal(len, wanted_len);
    assert_memory_equal(bytes, wanted, len);
    assert_int_equal(json_integer_value(json_object_get(rendered_answer(&same, 0), "width")), 1224);
    free(bytes);
    g_free(wanted);
    rendered_fini(&same);
    struct rendered refusal = render("raw/canon_eos_6d.dng", without_gps, 1, NULL);
    assert_int_equal(refusal.status, JM_EUNSUPPORTED);
    rendered_fini(&refusal);
    refusal = render("jpeg/nikon_p6000_gps.jpg", copy, 1, NULL);
    assert_int_equal(refusal.status, JM_EUNSUPPORTED);
    rendered_fini(&refusal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),         cmocka_unit_test(test_refused),
        cmocka_unit_test(test_orientations), cmocka_unit_test(test_raw),
        cmocka_unit_test(test_raw_colours),  cmocka_unit_test(test_dng),
    };
    if (made_sample("MANIFEST.tsv") == NULL) {
        printf("skipped: there are no samples (JUNMAI_SAMPLES)\n");
        return SKIPPED;
    }
    return cmocka_run_group_tests(tests, setup, made_teardown);
}
