/* Which files belong together: by name, by tags, and within a batch. */
#include "batch_plan.h"
#include "kind.h"
#include "pair.h"
#include "scratch.h"
#include "unit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int set_up(void **state)
{
    struct scratch *scratch = calloc(1, sizeof *scratch);
    scratch_init(scratch);
    *state = scratch;
    return 0;
}

static int tear_down(void **state)
{
    scratch_fini(*state);
    free(*state);
    return 0;
}

static void make(struct scratch *scratch, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        scratch_file(scratch, names[i], "x", 1);
    }
}

static const struct unit_file *file_named(const struct unit *unit, const char *name)
{
    for (size_t i = 0; i < unit->count; i++) {
        if (strcmp(unit->files[i].name, name) == 0) {
            return &unit->files[i];
        }
    }
    return NULL;
}

static void test_kinds(void **state)
{
    (void)state;
    assert_int_equal(kind_of_name("a.CR2"), KIND_RAW);
    assert_int_equal(kind_of_name("a.JpG"), KIND_RENDITION);
    assert_int_equal(kind_of_name("a.tif"), KIND_IMAGE);
    assert_int_equal(kind_of_name("a.cr2.XMP"), KIND_SIDECAR);
    assert_int_equal(kind_of_name("a.thm"), KIND_THUMBNAIL);
    assert_int_equal(kind_of_name("a.txt"), KIND_OTHER);
    assert_int_equal(kind_of_name("jpg"), KIND_OTHER);
    assert_int_equal(kind_of_name("a."), KIND_OTHER);
}

static void test_companions(void **state)
{
    static const char *const names[] = {"I.jpg", "I.xmp",  "I.JPG.xmp", "I.jpg.xmp", "I.AAE",
                                        "I.MOV", "I.wav",  "I2.xmp",    "i.xmp",     "I.txt",
                                        "I.tif", "II.jpg", "I.b.xmp"};
    struct unit unit;
    make(*state, names, sizeof names / sizeof names[0]);
    unit_find(scratch_path(*state, "I.jpg"), true, &unit);
    assert_int_equal(unit.count, 6);
    assert_string_equal(unit.files[0].name, "I.jpg");
    assert_int_equal(file_named(&unit, "I.xmp")->role, ROLE_SIDECAR);
    assert_int_equal(file_named(&unit, "I.jpg.xmp")->role, ROLE_SIDECAR);
    assert_int_equal(file_named(&unit, "I.AAE")->role, ROLE_SIDECAR);
    assert_int_equal(file_named(&unit, "I.MOV")->role, ROLE_VIDEO);
    assert_int_equal(file_named(&unit, "I.wav")->role, ROLE_AUDIO);
}

static void test_partner(void **state)
{
    static const char *const names[] = {"I.CR2", "I.JPG", "I.CR2.xmp", "I.JPG.xmp"};
    struct unit unit;
    make(*state, names, 4);
    unit_find(scratch_path(*state, "I.CR2"), true, &unit);
    assert_int_equal(unit.count, 4);
    assert_int_equal(unit.requested, 0);
    assert_string_equal(unit.files[1].name, "I.JPG");
    unit_find(scratch_path(*state, "I.JPG"), true, &unit);
    assert_int_equal(unit.requested, 1);
    assert_string_equal(unit.files[0].name, "I.CR2");
    assert_int_equal(unit.files[1].role, ROLE_RENDITION);
    unit_find(scratch_path(*state, "I.JPG"), false, &unit);
    assert_int_equal(unit.count, 2);
    assert_string_equal(unit.files[0].name, "I.JPG");
    assert_string_equal(unit.files[1].name, "I.JPG.xmp");
}

static void test_orphan(void **state)
{
    static const char *const names[] = {"I.CR2", "I.xmp"};
    struct unit unit;
    make(*state, names, 2);
    unit_find(scratch_path(*state, "I.xmp"), true, &unit);
    assert_int_equal(unit.count, 1);
}

static bool agree(const char *raw_text, const char *rendition_text)
{
    json_t *raw = json_loads(raw_text, 0, NULL);
    json_t *rendition = json_loads(rendition_text, 0, NULL);
    bool agrees = pair_agrees(raw, rendition);
    json_decref(raw);
    json_decref(rendition);
    return agrees;
}

#define TAGS(clock, model)                                        \
    "{\"capture_date\":\"2024-07-19\",\"capture_clock\":\"" clock \
    "\",\"camera_make\":\"Canon\",\"camera_model\":\"" model "\"}"

static void test_pairs(void **state)
{
    (void)state;
    assert_true(agree(TAGS("09:14:31", "R5"), TAGS("09:14:31.25-07:00", "R5")));
    assert_false(agree(TAGS("09:14:31", "R5"), TAGS("09:14:32", "R5")));
    assert_false(agree(TAGS("09:14:31", "R5"), TAGS("09:14:31", "R6")));
    assert_false(agree("{}", "{}"));
    assert_false(pair_agrees(NULL, NULL));
}

static void test_plan(void **state)
{
    static const char *const paths[] = {"/c/A.JPG", "/c/A.CR2", "/c/A.xmp", "/c/A.CR2.xmp",
                                        "/d/A.JPG", NULL,       "/c/B.xmp", "/c/C.jpg",
                                        "/c/C.tif", "/c/C.AAE"};
    static const size_t wanted[] = {1, 1, 1, 1, 4, 5, 6, 7, 8, 7};
    static const size_t apart[] = {0, 1, 1, 1, 4, 5, 6, 7, 8, 7};
    size_t leaders[10];
    (void)state;
    batch_plan(paths, 10, true, leaders);
    assert_memory_equal(leaders, wanted, sizeof wanted);
    batch_plan(paths, 10, false, leaders);
    assert_memory_equal(leaders, apart, sizeof apart);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kinds),
        cmocka_unit_test_setup_teardown(test_companions, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_partner, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_orphan, set_up, tear_down),
        cmocka_unit_test(test_pairs),
        cmocka_unit_test(test_plan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
