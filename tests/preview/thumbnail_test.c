/* Thumbnails as a client sees them: sizes, caching, ranges, refusals. */
#include "check.h"
#include "made_photos.h"
#include "photos.h"
#include "shown.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <vips/vips.h>

static struct studio studio;

static int open_studio(void **state)
{
    (void)state;
    made_setup();
    studio_open(&studio, json_pack("{s:{s:{s:i}}}", "plugins", "preview", "background", 0), NULL);
    return 0;
}

static int close_studio(void **state)
{
    (void)state;
    assert_int_equal(shown_parts(&studio), 0);
    studio_close(&studio);
    return 0;
}

static json_int_t import_noise(const char *name, int seed)
{
    char *path = made_noise(studio.photos, name, 1200, 900, seed);
    json_int_t id = shown_import(&studio, path);
    free(path);
    return id;
}

static void test_sizes(void **state)
{
    (void)state;
    json_int_t id = import_noise("sizes.jpg", 1);
    double made = shown_metric(&studio, "made_total");
    shown_expect(&studio, id, NULL, 400, 300);
    shown_expect(&studio, id, "small", 200, 150);
    shown_expect(&studio, id, "medium", 400, 300);
    shown_expect(&studio, id, "large", 800, 600);
    /* All sizes are made at once, and then they are there. */
    assert_true(shown_metric(&studio, "made_total") == made + 1);
    assert_true(shown_metric(&studio, "hits_total") >= 3);
    assert_true(shown_metric(&studio, "cache_bytes") > 0);
}

static void test_colour(void **state)
{
    struct jmt_response response;
    VipsImage *image = NULL;
    double *rgb = NULL;
    int count = 0;
    (void)state;
    char *path = made_red(studio.photos, "red.jpg", 500, 500);
    json_int_t id = shown_import(&studio, path);
    shown_get(&studio, 200, shown_path(id, "small"), NULL, &response);
    assert_int_equal(vips_jpegload_buffer(response.body, response.body_bytes, &image, NULL), 0);
    assert_int_equal(vips_getpoint(image, &rgb, &count, 100, 100, NULL), 0);
    assert_true(rgb[0] > 240 && rgb[1] < 15 && rgb[2] < 15);
    g_free(rgb);
    g_object_unref(image);
    jmt_response_fini(&response);
    free(path);
}

static void test_conditional(void **state)
{
    struct jmt_response response;
    char etag[128];
    char header[256];
    (void)state;
    json_int_t id = import_noise("conditional.jpg", 2);
    shown_get(&studio, 200, shown_path(id, "small"), NULL, &response);
    snprintf(etag, sizeof etag, "%s", jmt_response_header(&response, "ETag"));
    assert_non_null(strstr(etag, "-200-r"));
    assert_non_null(jmt_response_header(&response, "Last-Modified"));
    assert_non_null(strstr(jmt_response_header(&response, "Cache-Control"), "max-age"));
    jmt_response_fini(&response);

    snprintf(header, sizeof header, "If-None-Match: %s\r\n", etag);
    shown_get(&studio, 304, shown_path(id, "small"), header, &response);
    assert_int_equal(response.body_bytes, 0);
    jmt_response_fini(&response);
    /* Another size is another picture. */
    shown_get(&studio, 200, shown_path(id, "large"), header, &response);
    jmt_response_fini(&response);
}

static void test_range_and_head(void **state)
{
    struct jmt_response whole;
    struct jmt_response part;
    (void)state;
    json_int_t id = import_noise("range.jpg", 3);
    shown_get(&studio, 200, shown_path(id, NULL), NULL, &whole);
    shown_get(&studio, 206, shown_path(id, NULL), "Range: bytes=100-299\r\n", &part);
    assert_int_equal(part.body_bytes, 200);
    assert_memory_equal(part.body, whole.body + 100, 200);
    jmt_response_fini(&part);

    const struct jmt_request head = {.method = "HEAD", .path = shown_path(id, NULL)};
    ask_raw(&studio, &head, &part);
    assert_int_equal(part.status, 200);
    assert_int_equal(part.body_bytes, 0);
    assert_int_equal(strtoul(jmt_response_header(&part, "Content-Length"), NULL, 10),
                     whole.body_bytes);
    jmt_response_fini(&part);
    jmt_response_fini(&whole);
}

/* HEAD of what must be made first. */
static void test_head_first(void **state)
{
    struct jmt_response response;
    (void)state;
    json_int_t id = import_noise("head.jpg", 4);
    const struct jmt_request head = {.method = "HEAD", .path = shown_path(id, NULL)};
    ask_raw(&studio, &head, &response);
    assert_int_equal(response.status, 200);
    jmt_response_fini(&response);
}

static void test_refused(void **state)
{
    (void)state;
    json_int_t id = import_noise("refused.jpg", 5);
    ask_refused(&studio, 404, "GET", shown_path(999999, NULL), NULL, "Photo not found");
    ask_refused(&studio, 400, "GET", shown_path(id, "huge"), NULL, "small, medium or large");
    ask_refused(&studio, 400, "GET", shown_path(id, ""), NULL, "small, medium or large");
    json_decref(ask(&studio, 404, "GET", "/api/photos/x/thumbnail", NULL));
}

/* The file went away behind the catalog's back, and comes again. */
static void test_file_missing(void **state)
{
    char path[64];
    (void)state;
    json_int_t id = import_noise("missing.jpg", 6);
    snprintf(path, sizeof path, "/api/photos/%lld", (long long)id);
    json_t *photo = ask(&studio, 200, "GET", path, NULL);
    char *away = studio_path(studio.photos, "away.jpg");
    assert_int_equal(rename(text_of(photo, "file_path"), away), 0);
    ask_refused(&studio, 404, "GET", shown_path(id, NULL), NULL, "Photo file not found");
    assert_int_equal(rename(away, text_of(photo, "file_path")), 0);
    shown_expect(&studio, id, NULL, 400, 300);
    json_decref(photo);
    free(away);
}

/* Many ask for one photograph at once: it is made once, and everybody gets it. */
static void test_shared(void **state)
{
    enum { CLIENTS = 8 };
    static const char *const sizes[] = {"small", "medium", "large"};
    struct jmt_http http[CLIENTS];
    (void)state;
    json_int_t id = import_noise("shared.jpg", 7);
    double made = shown_metric(&studio, "made_total");
    for (int i = 0; i < CLIENTS; i++) {
        const struct jmt_request request = {.path = shown_path(id, sizes[i % 3])};
        must(jmt_http_open(&http[i], studio.host.port));
        must(jmt_http_send(&http[i], &request));
    }
    for (int i = 0; i < CLIENTS; i++) {
        struct jmt_response response;
        must(jmt_http_receive(&http[i], &response, 10000));
        assert_int_equal(response.status, 200);
        jmt_response_fini(&response);
        jmt_http_close(&http[i]);
    }
    assert_true(shown_metric(&studio, "made_total") == made + 1);
}

/* Whoever asks leaves before the answer: the thumbnail is made all the same. */
static void test_client_leaves(void **state)
{
    struct jmt_http http;
    (void)state;
    json_int_t id = import_noise("leaves.jpg", 8);
    double made = shown_metric(&studio, "made_total");
    const struct jmt_request request = {.path = shown_path(id, NULL)};
    must(jmt_http_open(&http, studio.host.port));
    must(jmt_http_send(&http, &request));
    jmt_http_close(&http);
    shown_wait_metric(&studio, "made_total", made);
    shown_expect(&studio, id, NULL, 400, 300);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes),         cmocka_unit_test(test_colour),
        cmocka_unit_test(test_conditional),   cmocka_unit_test(test_range_and_head),
        cmocka_unit_test(test_head_first),    cmocka_unit_test(test_refused),
        cmocka_unit_test(test_file_missing),  cmocka_unit_test(test_shared),
        cmocka_unit_test(test_client_leaves),
    };
    return cmocka_run_group_tests(tests, open_studio, close_studio);
}
