/* The routes of presets, section by section of what clients may send. */
#include "check.h"
#include "exported.h"
#include "photos.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct studio studio;

static int open_studio(void **state)
{
    (void)state;
    exported_open(&studio, NULL);
    return 0;
}

static int close_studio(void **state)
{
    (void)state;
    studio_close(&studio);
    return 0;
}

static json_t *get_preset(const char *name)
{
    char path[128];
    snprintf(path, sizeof path, "/export/presets/%s", name);
    json_t *answer = ask(&studio, 200, "GET", path, NULL);
    assert_true(bool_of(answer, "success"));
    json_t *preset = json_incref(object_of(answer, "preset"));
    json_decref(answer);
    return preset;
}

static void test_shipped(void **state)
{
    (void)state;
    json_t *answer = ask(&studio, 200, "GET", "/export/presets", NULL);
    expect_int(answer, "count", 5);
    json_t *first = json_array_get(list_of(answer, "presets"), 0);
    expect_text(first, "name", "SNS");
    expect_text(first, "format", "JPEG");
    expect_int(first, "quality", 85);
    expect_int(first, "max_dimension", 2048);
    expect_text(first, "color_space", "sRGB");
    expect_text(first, "destination", "SNS");
    expect_text(first, "resize_mode", "long_edge");
    expect_text(first, "filename_template", "{date}_{sequence}");
    expect_int(first, "sequence_start", 1);
    expect_int(first, "sharpen_amount", 50);
    assert_true(bool_of(first, "sharpen_for_screen"));
    assert_false(bool_of(first, "metadata_include"));
    assert_false(bool_of(first, "watermark_enabled"));
    expect_time(first, "created_at");
    expect_time(first, "updated_at");
    json_decref(answer);
    answer = ask(&studio, 200, "GET", "/export/presets?enabled_only=true", NULL);
    expect_int(answer, "count", 3);
    json_decref(answer);
    json_t *web = get_preset("Web_Portfolio");
    expect_text(web, "watermark_text", "© {year} Your Name");
    expect_text(web, "metadata_copyright", "© {year} Your Name. All rights reserved.");
    assert_true(bool_of(web, "watermark_enabled"));
    json_decref(web);
    ask_refused(&studio, 400, "GET", "/export/presets?enabled_only=maybe", NULL, "enabled_only");
}

static void test_create(void **state)
{
    (void)state;
    json_t *answer = ask(&studio, 201, "POST", "/export/presets", exported_preset("made", NULL));
    expect_text(answer, "message", "Preset 'made' created successfully");
    expect_text(object_of(answer, "preset"), "name", "made");
    expect_text(object_of(answer, "preset"), "collision_policy", "rename");
    json_decref(answer);
    ask_refused(&studio, 409, "POST", "/export/presets", exported_preset("made", NULL),
                "Preset 'made' already exists");
    ask_refused(&studio, 400, "POST", "/export/presets", NULL, "Request body is required");
    ask_refused(
        &studio, 400, "POST", "/export/presets", json_pack("{s:s, s:i}", "name", "x", "quality", 3),
        "Missing required fields: enabled, format, max_dimension, color_space, destination");
    ask_refused(&studio, 400, "POST", "/export/presets",
                exported_preset("x", json_pack("{s:i}", "quality", 101)),
                "Invalid preset data: quality must be an integer from 1 to 100, not 101");
    ask_refused(&studio, 400, "POST", "/export/presets",
                exported_preset("x", json_pack("{s:i}", "qualify", 1)), "qualify");
    ask_refused(&studio, 403, "POST", "/export/presets",
                exported_preset("x", json_pack("{s:s}", "destination", "/etc/x")), "outside");
    ask_refused(&studio, 404, "GET", "/export/presets/x", NULL, "Preset 'x' not found");
    ask_refused(&studio, 404, "GET", "/export/presets/MADE", NULL, "not found");
}

static void test_change(void **state)
{
    (void)state;
    exported_make(&studio, "change", NULL);
    json_t *answer = ask(&studio, 200, "PUT", "/export/presets/change",
                         json_pack("{s:i, s:s}", "quality", 70, "unheard_of", "ignored"));
    expect_text(answer, "message", "Preset 'change' updated successfully");
    expect_int(object_of(answer, "preset"), "quality", 70);
    expect_int(object_of(answer, "preset"), "max_dimension", 512);
    json_decref(answer);
    /* What is refused leaves no trace. */
    ask_refused(&studio, 400, "PUT", "/export/presets/change", json_pack("{s:i}", "quality", 0),
                "Failed to update preset 'change': quality");
    json_t *preset = get_preset("change");
    expect_int(preset, "quality", 70);
    json_decref(preset);
    ask_refused(&studio, 400, "PUT", "/export/presets/change", NULL, "Request body is required");
    ask_refused(&studio, 404, "PUT", "/export/presets/nobody", json_pack("{s:i}", "quality", 5),
                "Preset 'nobody' not found");
    /* A new name is a new name everywhere. */
    json_decref(
        ask(&studio, 200, "PUT", "/export/presets/change", json_pack("{s:s}", "name", "renamed")));
    ask_refused(&studio, 404, "GET", "/export/presets/change", NULL, "not found");
    preset = get_preset("renamed");
    expect_text(preset, "name", "renamed");
    json_decref(preset);
    ask_refused(&studio, 409, "PUT", "/export/presets/renamed", json_pack("{s:s}", "name", "SNS"),
                "already exists");
}

static void test_switch_and_remove(void **state)
{
    (void)state;
    exported_make(&studio, "switch", NULL);
    json_t *answer = ask(&studio, 200, "POST", "/export/presets/switch/enable", NULL);
    expect_text(answer, "message", "Preset 'switch' enabled successfully");
    json_decref(answer);
    json_t *preset = get_preset("switch");
    assert_true(bool_of(preset, "enabled"));
    json_decref(preset);
    answer = ask(&studio, 200, "POST", "/export/presets/switch/disable", NULL);
    expect_text(answer, "message", "Preset 'switch' disabled successfully");
    json_decref(answer);
    ask_refused(&studio, 404, "POST", "/export/presets/nobody/enable", NULL, "not found");
    ask_refused(&studio, 404, "POST", "/export/presets/nobody/disable", NULL, "not found");
    answer = ask(&studio, 200, "DELETE", "/export/presets/switch", NULL);
    expect_text(answer, "message", "Preset 'switch' deleted successfully");
    json_decref(answer);
    ask_refused(&studio, 404, "DELETE", "/export/presets/switch", NULL, "not found");
}

static void test_duplicate(void **state)
{
    (void)state;
    json_t *answer = ask(&studio, 201, "POST", "/export/presets/SNS/duplicate",
                         json_pack("{s:s}", "new_name", "SNS 2"));
    expect_text(answer, "message", "Preset 'SNS' duplicated to 'SNS 2' successfully");
    expect_int(object_of(answer, "preset"), "sharpen_amount", 50);
    json_decref(answer);
    json_t *copy = get_preset("SNS%202");
    expect_text(copy, "destination", "SNS");
    json_decref(copy);
    ask_refused(&studio, 400, "POST", "/export/presets/SNS/duplicate", json_object(),
                "new_name is required");
    ask_refused(&studio, 409, "POST", "/export/presets/SNS/duplicate",
                json_pack("{s:s}", "new_name", "Print"), "already exists");
    ask_refused(&studio, 404, "POST", "/export/presets/nobody/duplicate",
                json_pack("{s:s}", "new_name", "x"), "not found");
}

static void expect_judged(json_t *preset_take, bool valid, const char *words)
{
    json_t *answer = ask(&studio, 200, "POST", "/export/presets/validate", preset_take);
    assert_true(bool_of(answer, "valid") == valid && bool_of(answer, "success") == valid);
    const char *text = text_of(answer, valid ? "message" : "error");
    if (!strstr(text, words))
        fail_msg("\"%s\" does not say \"%s\"", text, words);
    json_decref(answer);
}

static void test_validate(void **state)
{
    (void)state;
    expect_judged(exported_preset("v", NULL), true, "Preset is valid");
    expect_judged(exported_preset("v", json_pack("{s:s}", "format", "BMP")), false,
                  "Invalid preset data: format must be JPEG, PNG");
    expect_judged(json_pack("{s:s}", "name", "v"), false, "Missing required fields");
    expect_judged(exported_preset("v", json_pack("{s:s}", "filename_template", "{what}")), false,
                  "filename_template");
    ask_refused(&studio, 400, "POST", "/export/presets/validate", NULL, "Request body is required");
    ask_refused(&studio, 404, "GET", "/export/presets/v", NULL, "not found");
}

static void test_stats(void **state)
{
    (void)state;
    json_t *list = ask(&studio, 200, "GET", "/export/presets", NULL);
    json_t *answer = ask(&studio, 200, "GET", "/export/presets/stats", NULL);
    const json_t *stats = object_of(answer, "stats");
    expect_int(stats, "total_presets", int_of(list, "count"));
    assert_int_equal(int_of(stats, "enabled_presets") + int_of(stats, "disabled_presets"),
                     int_of(list, "count"));
    assert_true(int_of(object_of(stats, "format_distribution"), "TIFF") >= 1);
    assert_true(int_of(object_of(stats, "color_space_distribution"), "sRGB") >= 3);
    json_decref(answer);
    json_decref(list);
}

static json_t *import_file(int status, const char *path, bool merge)
{
    return ask(&studio, status, "POST", "/export/presets/import",
               json_pack("{s:s, s:b}", "path", path, "merge", merge));
}

static void test_files(void **state)
{
    (void)state;
    json_t *answer = ask(&studio, 200, "GET", "/export/presets/export?path=set.json", NULL);
    expect_text(answer, "message", "Presets exported successfully");
    char *wanted = studio_path(studio.host.data_dir, "presets/set.json");
    expect_text(answer, "export_path", wanted);
    json_decref(answer);
    json_t *file = json_load_file(wanted, 0, NULL);
    size_t count = json_array_size(json_object_get(file, "presets"));
    assert_true(count >= 5);
    exported_make(&studio, "later", NULL);
    json_decref(ask(&studio, 200, "PUT", "/export/presets/SNS", json_pack("{s:i}", "quality", 11)));
    answer = import_file(200, "set.json", true);
    expect_int(answer, "imported_count", (json_int_t)count);
    json_decref(answer);
    json_t *preset = get_preset("SNS");
    expect_int(preset, "quality", 85);
    json_decref(preset);
    json_decref(get_preset("later"));
    json_decref(import_file(200, wanted, false));
    ask_refused(&studio, 404, "GET", "/export/presets/later", NULL, "not found");
    answer = ask(&studio, 200, "GET", "/export/presets/export", NULL);
    assert_non_null(strstr(text_of(answer, "export_path"), "/presets/export_presets_backup_"));
    json_decref(answer);
    json_decref(file);
    free(wanted);
}

/* One bad preset refuses the file: nothing of it is stored. */
static void test_bad_files(void **state)
{
    char *folder = studio_path(studio.host.data_dir, "presets");
    (void)state;
    json_t *good = exported_preset("from_file", NULL);
    json_t *bad = exported_preset("bad", json_pack("{s:i}", "quality", 0));
    json_t *file = json_pack("{s:[o, o]}", "presets", good, bad);
    char *text = json_dumps(file, 0);
    free(photo_write_raw(folder, "bad.json", text, strlen(text)));
    free(photo_write_raw(folder, "broken.json", "{\"presets\": [", 13));
    free(photo_write_raw(folder, "other.json", "{\"a\": 1}", 8));
    ask_refused(&studio, 400, "POST", "/export/presets/import",
                json_pack("{s:s}", "path", "bad.json"), "quality");
    ask_refused(&studio, 404, "GET", "/export/presets/from_file", NULL, "not found");
    ask_refused(&studio, 400, "POST", "/export/presets/import",
                json_pack("{s:s}", "path", "broken.json"), "holds no presets");
    ask_refused(&studio, 400, "POST", "/export/presets/import",
                json_pack("{s:s}", "path", "other.json"), "holds no presets");
    ask_refused(&studio, 404, "POST", "/export/presets/import",
                json_pack("{s:s}", "path", "none.json"), "Import file not found: none.json");
    ask_refused(&studio, 400, "POST", "/export/presets/import", NULL, "path is required");
    ask_refused(&studio, 403, "POST", "/export/presets/import",
                json_pack("{s:s}", "path", "/etc/passwd"), "outside");
    ask_refused(&studio, 403, "POST", "/export/presets/import",
                json_pack("{s:s}", "path", "../junmai.db"), "outside");
    ask_refused(&studio, 403, "GET", "/export/presets/export?path=/tmp/x.json", NULL, "outside");
    ask_refused(&studio, 403, "GET", "/export/presets/export?path=../x.json", NULL, "outside");
    free(text);
    free(folder);
    json_decref(file);
}

/* The shipped presets are laid out once: what was deleted stays so. */
static void test_restart(void **state)
{
    (void)state;
    exported_make(&studio, "kept", json_pack("{s:i}", "quality", 33));
    json_decref(ask(&studio, 200, "DELETE", "/export/presets/Print", NULL));
    must(jmt_host_stop(&studio.host));
    must(jmt_host_restart(&studio.host));
    json_t *kept = get_preset("kept");
    expect_int(kept, "quality", 33);
    json_decref(kept);
    ask_refused(&studio, 404, "GET", "/export/presets/Print", NULL, "not found");
}

static json_t *mirrored(const json_t *config, const char *name)
{
    size_t i;
    json_t *preset;
    json_array_foreach(list_of(object_of(config, "export"), "presets"), i, preset)
    {
        if (strcmp(text_of(preset, "name"), name) == 0)
            return preset;
    }
    return NULL;
}

/* The presets stand in the studio's document, and what is written there changes them. */
static void test_mirror(void **state)
{
    (void)state;
    exported_make(&studio, "mirrored", json_pack("{s:i}", "quality", 44));
    json_t *config = ask(&studio, 200, "GET", "/config", NULL);
    json_t *seen = mirrored(config, "mirrored");
    assert_non_null(seen);
    expect_int(seen, "quality", 44);
    json_object_set_new(seen, "quality", json_integer(45));
    json_array_append_new(list_of(object_of(config, "export"), "presets"),
                          json_pack("{s:s, s:b, s:s, s:i, s:i, s:s, s:s}", "name", "from config",
                                    "enabled", 0, "format", "PNG", "quality", 90, "max_dimension",
                                    1000, "color_space", "sRGB", "destination", "C"));
    json_decref(ask(&studio, 200, "POST", "/config", json_incref(config)));
    json_t *preset = exported_wait_preset(&studio, "from%20config");
    expect_int(preset, "max_dimension", 1000);
    json_decref(preset);
    preset = get_preset("mirrored");
    expect_int(preset, "quality", 45);
    json_decref(preset);
    json_decref(config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shipped),   cmocka_unit_test(test_create),
        cmocka_unit_test(test_change),    cmocka_unit_test(test_switch_and_remove),
        cmocka_unit_test(test_duplicate), cmocka_unit_test(test_validate),
        cmocka_unit_test(test_stats),     cmocka_unit_test(test_files),
        cmocka_unit_test(test_bad_files), cmocka_unit_test(test_mirror),
        cmocka_unit_test(test_restart),
    };
    return cmocka_run_group_tests(tests, open_studio, close_studio);
}
