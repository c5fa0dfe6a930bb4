/*
 * The studio's metadata in the library's copies: what is written, where, and that nothing else of a
 * photograph changes. Formats other than JPEG lie in JUNMAI_SAMPLES, by default ../shared/samples
 * beside the repository; without them those tests are skipped.
 */
#include "check.h"
#include "listen.h"
#include "photos.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct studio studio;
static char samples[PATH_MAX];

struct content {
    char *bytes;
    size_t count;
};

static int open_studio(void **state)
{
    const char *folder = getenv("JUNMAI_SAMPLES");
    char path[PATH_MAX];
    (void)state;
    snprintf(path, sizeof path, "%s/dev", folder ? folder : REPOSITORY "/../shared/samples");
    if (access(path, R_OK) < 0 || !realpath(path, samples))
        samples[0] = '\0';
    studio_open(&studio,
                json_pack("{s:{s:{s:s, s:s, s:s, s:[s, s]}}}", "plugins", "import",
                          "template_creator", "Studio Sato", "template_copyright",
                          "(c) {year} Sato", "template_contact", "desk@sato.example",
                          "template_keywords", "studio", "from {session}"),
                NULL);
    return 0;
}

static int close_studio(void **state)
{
    (void)state;
    assert_int_equal(photo_count_files(studio.host.data_dir, ".part"), 0);
    studio_close(&studio);
    return 0;
}

static struct content read_whole(const char *path)
{
    struct content content = {NULL, 0};
    FILE *file = fopen(path, "re");
    if (!file || fseek(file, 0, SEEK_END) != 0)
        fail_msg("cannot read %s", path);
    content.count = (size_t)ftell(file);
    content.bytes = malloc(content.count + 1);
    rewind(file);
    assert_int_equal(fread(content.bytes, 1, content.count, file), content.count);
    content.bytes[content.count] = '\0';
    fclose(file);
    return content;
}

static bool holds(const struct content *content, const char *text)
{
    return memmem(content->bytes, content->count, text, strlen(text)) != NULL;
}

static void expect_holds(const char *path, const char *text)
{
    struct content content = read_whole(path);
    if (!holds(&content, text))
        fail_msg("%s does not say \"%s\"", path, text);
    free(content.bytes);
}

/* A copy of a sample in the folder of photographs: its path, to free(). */
static char *take_sample(const char *name)
{
    char *path = studio_path(samples, name);
    struct content content = read_whole(path);
    char *copy =
        photo_write_raw(studio.photos, strrchr(name, '/') + 1, content.bytes, content.count);
    free(content.bytes);
    free(path);
    return copy;
}

static json_t *import_with(int status, const char *path, json_t *template_take)
{
    json_t *body = json_pack("{s:s}", "file_path", path);
    if (template_take)
        json_object_set_new(body, "template", template_take);
    return ask(&studio, status, "POST", "/import/file", body);
}

static json_t *photo_of(const json_t *answer)
{
    char path[64];
    snprintf(path, sizeof path, "/api/photos/%lld", (long long)int_of(answer, "photo_id"));
    return ask(&studio, 200, "GET", path, NULL);
}

/* What is not the packet is as it was: the bytes before it, and those behind it. */
static void expect_inserted(const char *original, const char *stamped)
{
    struct content a = read_whole(original);
    struct content b = read_whole(stamped);
    size_t before = 0;
    size_t behind = 0;
    while (before < a.count && before < b.count && a.bytes[before] == b.bytes[before])
        before++;
    while (behind < a.count - before && behind < b.count &&
           a.bytes[a.count - 1 - behind] == b.bytes[b.count - 1 - behind])
        behind++;
    if (before + behind != a.count)
        fail_msg("%s: only %zu + %zu of %zu bytes are as they were", stamped, before, behind,
                 a.count);
    free(a.bytes);
    free(b.bytes);
}

/* The verdict of the library's copy of a photograph, on the file with that end. */
static json_t *verdict_on(const json_t *answer, const char *end)
{
    char path[96];
    size_t i;
    json_t *verdict;
    json_t *found = NULL;
    snprintf(path, sizeof path, "/import/verdicts?photo_id=%lld",
             (long long)int_of(answer, "photo_id"));
    json_t *verdicts = ask(&studio, 200, "GET", path, NULL);
    json_array_foreach(list_of(verdicts, "verdicts"), i, verdict)
    {
        const char *destination = json_string_value(json_object_get(verdict, "destination"));
        if (destination && strcmp(destination + strlen(destination) - strlen(end), end) == 0)
            found = json_incref(verdict);
    }
    json_decref(verdicts);
    assert_non_null(found);
    return found;
}

static void test_jpeg(void **state)
{
    (void)state;
    char *path = photo_write(studio.photos, "plain.jpg", "plain");
    struct content before = read_whole(path);
    json_t *answer = import_with(200, path, NULL);
    const char *final = text_of(answer, "final_path");
    expect_holds(final, "Studio Sato");
    expect_holds(final, "desk@sato.example");
    expect_holds(final, "<rdf:li>studio</rdf:li>");
    expect_inserted(path, final);
    struct content after = read_whole(path);
    assert_int_equal(before.count, after.count);
    assert_memory_equal(before.bytes, after.bytes, before.count);

    json_t *verdict = verdict_on(answer, "plain.jpg");
    assert_true(bool_of(verdict, "verified"));
    assert_string_not_equal(text_of(verdict, "stamped"), text_of(verdict, "digest"));
    json_decref(verdict);
    json_decref(answer);
    /* Its identity is that of what was imported: it comes in once. */
    json_decref(import_with(409, path, NULL));
    free(before.bytes);
    free(after.bytes);
    free(path);
}

/* A request has the last word, member by member. */
static void test_request(void **state)
{
    (void)state;
    char *path = photo_write(studio.photos, "other.jpg", "other");
    json_t *answer = import_with(
        200, path, json_pack("{s:s, s:s}", "creator", "A guest & <friends>", "copyright", ""));
    struct content content = read_whole(text_of(answer, "final_path"));
    assert_true(holds(&content, "A guest &amp; &lt;friends&gt;"));
    assert_false(holds(&content, "Sato\""));
    assert_false(holds(&content, "(c)"));
    assert_true(holds(&content, "desk@sato.example"));
    free(content.bytes);
    json_decref(answer);
    free(path);

    path = photo_write(studio.photos, "none.jpg", "none");
    answer = import_with(200, path,
                         json_pack("{s:s, s:s, s:s, s:[]}", "creator", "", "copyright", "",
                                   "contact", "", "keywords"));
    assert_true(photo_files_equal(path, text_of(answer, "final_path")));
    json_t *verdict = verdict_on(answer, "none.jpg");
    expect_null(verdict, "stamped");
    json_decref(verdict);
    json_decref(answer);
    json_decref(import_with(400, path, json_pack("{s:i}", "creator", 3)));
    json_decref(import_with(400, path, json_pack("{s:s}", "creater", "x")));
    json_decref(import_with(400, path, json_string("x")));
    free(path);
}

/* A session's name becomes a keyword; the verified backup is that of the stamped copy. */
static void test_session(void **state)
{
    (void)state;
    char *path = photo_write(studio.photos, "wedding.jpg", "wedding");
    json_t *answer = ask(&studio, 200, "POST", "/import/card",
                         json_pack("{s:s, s:s, s:b}", "path", studio.photos, "session",
                                   "Wedding & Co", "dry_run", 0));
    char target[64];
    snprintf(target, sizeof target, "/import/card/%lld", (long long)int_of(answer, "card_id"));
    json_decref(answer);
    struct jmt_ws ws;
    listen_open(&ws, &studio, "photos");
    answer = ask(&studio, 200, "GET", target, NULL);
    while (strcmp(text_of(answer, "status"), "running") == 0) {
        json_decref(answer);
        json_decref(listen_for(&ws, "import_progress"));
        answer = ask(&studio, 200, "GET", target, NULL);
    }
    json_decref(answer);
    jmt_ws_fini(&ws);
    answer = ask(&studio, 200, "GET", "/api/photos?limit=1000", NULL);
    size_t i;
    json_t *photo;
    bool found = false;
    json_array_foreach(list_of(answer, "photos"), i, photo)
    {
        if (strcmp(text_of(photo, "file_name"), "wedding.jpg") == 0) {
            found = true;
            expect_holds(text_of(photo, "file_path"), "from Wedding &amp; Co");
        }
    }
    assert_true(found);
    json_decref(answer);
    free(path);
}

/* A sample that is stamped itself, with all of its bytes but the packet's. */
static json_t *import_sample(const char *name, char **path_out)
{
    if (!samples[0])
        skip();
    *path_out = take_sample(name);
    return import_with(200, *path_out, NULL);
}

/* Without a packet before: nothing goes, so that the MakerNotes are there as they were. */
static void test_camera_jpeg(void **state)
{
    char *path = NULL;
    (void)state;
    json_t *answer = import_sample("jpeg/canon_rebelxt_adobergb_r03.jpg", &path);
    expect_inserted(path, text_of(answer, "final_path"));
    expect_holds(text_of(answer, "final_path"), "Studio Sato");
    json_decref(answer);
    free(path);
}

/* With one: what an editor has written stays, but for what the studio says. */
static void test_edited_jpeg(void **state)
{
    char *path = NULL;
    (void)state;
    json_t *answer = import_sample("jpeg/canon_1dm3_via_lightroom.jpg", &path);
    const char *final = text_of(answer, "final_path");
    expect_holds(final, "Studio Sato");
    expect_holds(final, "crs:");
    struct content there = read_whole(path);
    struct content here = read_whole(final);
    const size_t tail = there.count / 2; /* far behind the tags */
    assert_memory_equal(there.bytes + there.count - tail, here.bytes + here.count - tail, tail);
    free(there.bytes);
    free(here.bytes);
    json_decref(answer);
    free(path);
}

/* TIFF and DNG: behind the header each byte stays where it was. */
static void expect_appended(const char *sample)
{
    char *path = NULL;
    json_t *answer = import_sample(sample, &path);
    struct content there = read_whole(path);
    struct content here = read_whole(text_of(answer, "final_path"));
    assert_true(here.count > there.count);
    assert_memory_equal(there.bytes + 8, here.bytes + 8, there.count - 8);
    assert_true(holds(&here, "Studio Sato"));
    json_t *photo = photo_of(answer);
    assert_true(int_of(photo, "file_size") == (json_int_t)here.count);
    json_decref(photo);
    free(there.bytes);
    free(here.bytes);
    json_decref(answer);
    free(path);
}

static void test_tiff(void **state)
{
    (void)state;
    expect_appended("other/iptc_icc_xmp_prophoto.tif");
}

static void test_dng(void **state)
{
    (void)state;
    expect_appended("raw/canon_eos_6d.dng");
}

/* Its thumbnail, by another reader, is that of the copy too: the file is still a whole one. */
static void test_png_and_webp(void **state)
{
    static const char *const names[] = {"other/exif_gps.png", "other/exiv2_bug1199.webp"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        char *path = NULL;
        json_t *answer = import_sample(names[i], &path);
        expect_holds(text_of(answer, "final_path"), "Studio Sato");
        /* Imported again from the library's copy, it is a whole photograph with those tags. */
        struct content content = read_whole(text_of(answer, "final_path"));
        char *again = photo_write_raw(studio.photos, i == 0 ? "again.png" : "again.webp",
                                      content.bytes, content.count);
        json_decref(import_with(200, again, NULL));
        free(content.bytes);
        free(again);
        json_decref(answer);
        free(path);
    }
}

/* A format that takes no packet gets a sidecar, and stays what it is. */
static void test_heic(void **state)
{
    char *path = NULL;
    (void)state;
    json_t *answer = import_sample("heif/iphone13pro.HEIC", &path);
    assert_true(photo_files_equal(path, text_of(answer, "final_path")));
    json_t *verdict = verdict_on(answer, ".xmp");
    expect_holds(text_of(verdict, "destination"), "Studio Sato");
    json_decref(verdict);
    json_t *photo = photo_of(answer);
    assert_int_equal(json_array_size(list_of(photo, "files")), 2);
    json_decref(photo);
    json_decref(answer);
    free(path);
}

/* A sidecar that came along says it too, and what it said before. */
static void test_sidecar(void **state)
{
    (void)state;
    if (!samples[0])
        skip();
    char *xmp = take_sample("sidecar/IMG_5910.xmp");
    char *path = take_sample("sidecar/IMG_5910.jpg");
    json_t *answer = import_with(200, path, NULL);
    json_t *verdict = verdict_on(answer, "IMG_5910.xmp");
    expect_holds(text_of(verdict, "destination"), "Studio Sato");
    expect_holds(text_of(verdict, "destination"), "Squirrel at berkely");
    expect_holds(text_of(answer, "final_path"), "Studio Sato");
    json_decref(verdict);
    json_decref(answer);
    free(path);
    free(xmp);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_jpeg),        cmocka_unit_test(test_request),
        cmocka_unit_test(test_session),     cmocka_unit_test(test_camera_jpeg),
        cmocka_unit_test(test_edited_jpeg), cmocka_unit_test(test_tiff),
        cmocka_unit_test(test_dng),         cmocka_unit_test(test_png_and_webp),
        cmocka_unit_test(test_heic),        cmocka_unit_test(test_sidecar),
    };
    return cmocka_run_group_tests(tests, open_studio, close_studio);
}
