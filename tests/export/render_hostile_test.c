/* Files that are damaged, cut off, huge or no photographs, and outputs that cannot be written: the right
 * picture or a sentence, never half a picture. */
#include "colours.h"
#include "made.h"
#include "rendered.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#define JPEG "\"format\":\"JPEG\""

static const char *const formats[] = {"JPEG", "PNG", "TIFF", "WEBP", "AVIF", "JXL"};
#define FORMATS (sizeof formats / sizeof formats[0])

static int setup(void **state)
{
    return rendered_setup(state) == 0 ? made_setup(state) : -1;
}

static void check_refused(const char *path, jm_status status)
{
    struct rendered rendered = rendered_one(path, JPEG ",\"max_dimension\":300");
    if (rendered.status != status || rendered.reason[0] == '\0') {
        fail_msg("%s: %d \"%s\", not %d", path, rendered.status, rendered.reason, status);
    }
    rendered_fini(&rendered);
}

/* Wherever a file ends too early, whatever its format. */
static void test_cut_off(void **state)
{
    static const char *const names[] = {"cut.jpg", "cut.png", "cut.webp", "cut.tif"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        size_t len = 0;
        char *bytes = made_read(made_file(made_noise(500, 400), names[i]), &len);
        for (size_t percent = 10; percent < 100; percent += 15) {
            check_refused(made_bytes(bytes, len * percent / 100, names[i]), JM_EINVAL);
        }
        g_free(bytes);
    }
}

/* Cut off where a shrinking decoder might not notice: in its last rows. */
static void test_cut_off_at_the_end(void **state)
{
    (void)state;
    size_t len = 0;
    char *bytes = made_read(made_file(made_noise(2400, 1600), "tail.jpg"), &len);
    check_refused(made_bytes(bytes, len - 4000, "tail.jpg"), JM_EINVAL);
    g_free(bytes);
}

static void test_no_photographs(void **state)
{
    static const char svg[] = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>";
    static const char gif[] = "GIF89a\1\0\1\0\0\0\0;";
    static const char pdf[] = "%PDF-1.4\n%%EOF\n";
    static const char bmp[] = "BM\x3a\0\0\0";
    static const char text[] = "version https://git-lfs.github.com/spec/v1\n";
    (void)state;
    check_refused(made_bytes(svg, sizeof svg - 1, "a.jpg"), JM_EUNSUPPORTED);
    check_refused(made_bytes(gif, sizeof gif - 1, "a.jpg"), JM_EUNSUPPORTED);
    check_refused(made_bytes(pdf, sizeof pdf - 1, "a.jpg"), JM_EUNSUPPORTED);
    check_refused(made_bytes(bmp, sizeof bmp, "a.jpg"), JM_EUNSUPPORTED);
    check_refused(made_bytes(text, sizeof text - 1, "a.jpg"), JM_EUNSUPPORTED);
    check_refused(made_bytes("", 0, "a.jpg"), JM_EINVAL);
}

/* One byte in 200 is another, in 40 ways for each format: no crash, and a reason for each refusal. */
static void test_damaged(void **state)
{
    static const char *const names[] = {"hurt.jpg", "hurt.png", "hurt.webp", "hurt.tif"};
    unsigned int seed = 1;
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        size_t len = 0;
        char *bytes = made_read(made_file(made_chart(200, 150), names[i]), &len);
        for (int way = 0; way < 40; way++) {
            char *hurt = g_memdup2(bytes, len);
            for (size_t k = 0; k < len / 200 + 1; k++) {
                seed = seed * 1664525u + 1013904223u;
                hurt[(seed >> 8) % len] = (char)(seed >> 3);
            }
            struct rendered rendered = rendered_one(made_bytes(hurt, len, names[i]), JPEG);
            assert_true((rendered.status == JM_OK) == (rendered.reason[0] == '\0'));
            rendered_fini(&rendered);
            g_free(hurt);
        }
        g_free(bytes);
    }
}

static void test_wide(void **state)
{
    (void)state;
    const char *path = made_file(made_chart(30000, 480), "wide.jpg");
    struct rendered rendered = rendered_one(path, JPEG ",\"max_dimension\":2048");
    rendered_check(&rendered, path);
    VipsImage *picture = rendered_picture(&rendered, 0);
    assert_int_equal(picture->Xsize, 2048);
    assert_int_equal(picture->Ysize, 33);
    g_object_unref(picture);
    rendered_fini(&rendered);
    struct rendered webp = rendered_one(path, "\"format\":\"WEBP\"");
    assert_int_equal(webp.status, JM_EUNSUPPORTED);
    assert_non_null(strstr(webp.reason, "16383"));
    rendered_fini(&webp);
    check_refused(made_file(made_chart(70000, 2), "too_wide.png"), JM_EUNSUPPORTED);
}

static void check_same(const char *path, const char *fields)
{
    VipsImage *chart = made_chart(640, 480);
    struct rendered rendered = rendered_one(path, fields);
    rendered_check(&rendered, path);
    VipsImage *picture = rendered_picture(&rendered, 0);
    assert_true(colours_difference(chart, (struct profile){NULL, 0}, picture, NULL) < 1.5);
    g_object_unref(picture);
    g_object_unref(chart);
    rendered_fini(&rendered);
}

/* 10 MB of segments, of every kind that readers look into, before the pixels. */
static void test_much_metadata(void **state)
{
    static const char *const heads[] = {"Exif\0\0II*\0\x08\0\0\0",
                                        "http://ns.adobe.com/xap/1.0/\0<x",
                                        "Photoshop 3.0\0008BIM\4\4\0\0", "ICC_PROFILE\0\1\1"};
    static const unsigned char markers[] = {0xE1, 0xE1, 0xED, 0xE2};
    (void)state;
    size_t len = 0;
    char *bytes = made_read(made_file(made_chart(640, 480), "plain.jpg"), &len);
    GByteArray *all = g_byte_array_new();
    char *segment = calloc(1, 65537);
    g_byte_array_append(all, (const guint8 *)bytes, 2);
    for (int i = 0; i < 160; i++) {
        segment[0] = '\xff';
        segment[1] = (char)markers[i % 4];
        memset(segment + 2, 0xFF, 2);
        memset(segment + 4, ' ', 65533);
        memcpy(segment + 4, heads[i % 4], 14);
        g_byte_array_append(all, (const guint8 *)segment, 65537);
    }
    g_byte_array_append(all, (const guint8 *)bytes + 2, (guint)len - 2);
    const char *path = made_bytes(all->data, all->len, "much.jpg");
    for (size_t i = 0; i < FORMATS; i++) {
        char fields[80];
        snprintf(fields, sizeof fields, "\"format\":\"%s\",\"copyright\":\"me\"", formats[i]);
        check_same(path, fields);
    }
    free(segment);
    g_byte_array_unref(all);
    g_free(bytes);
}

/* An XMP packet of 10 MB: the pixels are right, and it is told that the packet is left out. */
static void test_huge_xmp(void **state)
{
    static const char head[] =
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF "
        "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description rdf:about='' "
        "xmlns:dc='http://purl.org/dc/elements/1.1/' dc:format='";
    static const char tail[] = "'/></rdf:RDF></x:xmpmeta>";
    (void)state;
    GByteArray *packet = g_byte_array_new();
    VipsImage *chart = made_chart(640, 480);
    g_byte_array_append(packet, (const guint8 *)head, sizeof head - 1);
    g_byte_array_set_size(packet, 10000000);
    memset(packet->data + sizeof head - 1, 'x', packet->len - sizeof head + 1);
    g_byte_array_append(packet, (const guint8 *)tail, sizeof tail - 1);
    vips_image_set_blob_copy(chart, VIPS_META_XMP_NAME, packet->data, packet->len);
    const char *path = made_file(chart, "huge.png");
    check_same(path, JPEG);
    struct rendered rendered = rendered_one(path, JPEG);
    assert_true(rendered_warns(rendered_answer(&rendered, 0), "XMP") ||
                rendered_warns(rendered_answer(&rendered, 0), "metadata"));
    rendered_fini(&rendered);
    g_byte_array_unref(packet);
}

static void test_unwritable(void **state)
{
    (void)state;
    const char *path = made_file(made_chart(640, 480), "chart.png");
    const char *request = "{\"source\":{\"fd\":0},\"outputs\":[{\"fd\":1,\"format\":\"JPEG\"}]}";
    int fds[2] = {open(path, O_RDONLY | O_CLOEXEC), open(path, O_RDONLY | O_CLOEXEC)};
    struct rendered rendered = rendered_raw(fds, 2, request);
    assert_int_equal(rendered.status, JM_EIO);
    rendered_fini(&rendered);
    close(fds[0]);
    close(fds[1]);
}

/* A disk that is full after 20 KB, as a limit of the process. */
static void test_full_disk(void **state)
{
    struct rlimit before;
    (void)state;
    const char *path = made_file(made_noise(640, 480), "noise.png");
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    const struct rlimit small = {20000, before.rlim_max};
    (void)signal(SIGXFSZ, SIG_IGN);
    for (size_t i = 0; i < FORMATS; i++) {
        char fields[80];
        snprintf(fields, sizeof fields, "\"format\":\"%s\"", formats[i]);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
        struct rendered rendered = rendered_one(path, fields);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
        if (rendered.status != JM_EIO) {
            fail_msg("%s on a full disk: %d \"%s\"", formats[i], rendered.status, rendered.reason);
        }
        rendered_fini(&rendered);
    }
}

static int open_descriptors(void)
{
    int count = 0;
    DIR *folder = opendir("/proc/self/fd");
    assert_non_null(folder);
    while (readdir(folder) != NULL) {
        count++;
    }
    closedir(folder);
    return count;
}

/* Neither success nor failure leaves a descriptor open. */
static void test_descriptors(void **state)
{
    (void)state;
    size_t len = 0;
    const char *good = made_file(made_chart(320, 240), "good.jpg");
    char *bytes = made_read(good, &len);
    const char *cut = made_bytes(bytes, len / 2, "half.jpg");
    g_free(bytes);
    int before = open_descriptors();
    for (size_t i = 0; i < FORMATS; i++) {
        char fields[80];
        snprintf(fields, sizeof fields, "\"format\":\"%s\"", formats[i]);
        struct rendered rendered = rendered_one(good, fields);
        rendered_check(&rendered, fields);
        rendered_fini(&rendered);
        rendered = rendered_one(cut, fields);
        assert_int_not_equal(rendered.status, JM_OK);
        rendered_fini(&rendered);
    }
    assert_int_equal(open_descriptors(), before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cut_off),        cmocka_unit_test(test_cut_off_at_the_end),
        cmocka_unit_test(test_no_photographs), cmocka_unit_test(test_damaged),
        cmocka_unit_test(test_wide),           cmocka_unit_test(test_much_metadata),
        cmocka_unit_test(test_huge_xmp),       cmocka_unit_test(test_unwritable),
        cmocka_unit_test(test_full_disk),      cmocka_unit_test(test_descriptors),
    };
    return cmocka_run_group_tests(tests, setup, made_teardown);
}
