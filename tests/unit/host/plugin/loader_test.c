/* The loader against the broken plugins: each is refused with its own code and sentence, and this
 * process lives. */
#include "host/plugin/loader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    const char *name;
    jm_status status;
    const char *sentence;
} broken[] = {
    {"bad_magic", JM_EUNSUPPORTED, "magic number 0x4a4d5032, this host speaks 0x4a4d5031"},
    {"bad_size", JM_EINVAL, "an entry of 8 bytes"},
    {"newer_abi", JM_EUNSUPPORTED, "was built for ABI 2.0, this host speaks 1.0"},
    {"no_entry", JM_EINVAL, "exports no junmai_plugin_entry"},
    {"missing_symbol", JM_EIO, "undefined symbol: fixture_that_nobody_defines"},
    {"crash_ctor", JM_ECRASHED, "crashed with SIGABRT while it was loaded"},
    {"crash_create", JM_ECRASHED, "while it was loaded"},
    {"half_written", JM_EINVAL, "is not complete"},
    {"hang_ctor", JM_ETIMEDOUT, "did not finish loading"},
};

static jm_status load(const char *folder, const char *name, struct jmh_image **image_out,
                      const jm_entry **entry_out, struct jmh_err *err)
{
    char path[512];
    snprintf(path, sizeof path, TEST_PLUGINS "/%s/%s.so", folder, name);
    return jmh_image_open(path, image_out, entry_out, err);
}

static void broken_ones_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        struct jmh_image *image = NULL;
        const jm_entry *entry;
        struct jmh_err err;
        jm_status status = load(broken[i].name, broken[i].name, &image, &entry, &err);
        if (status != broken[i].status || strstr(err.text, broken[i].sentence) == NULL)
            fail_msg("%s: %d %s", broken[i].name, (int)status, err.text);
        assert_null(image);
    }
}

static void nothing_there(void **state)
{
    (void)state;
    struct jmh_image *image;
    const jm_entry *entry;
    struct jmh_err err;
    assert_int_equal(load("good", "absent", &image, &entry, &err), JM_ENOENT);
    assert_non_null(strstr(err.text, "good/absent.so is not there: install that file"));
}

static void a_good_one(void **state)
{
    (void)state;
    struct jmh_image *image;
    const jm_entry *entry, *again;
    struct jmh_err err;
    assert_int_equal(load("good", "good", &image, &entry, &err), JM_OK);
    assert_int_equal(entry->magic, JM_ABI_MAGIC);
    assert_non_null(strstr(entry->manifest, "\"good\""));
    jmh_image_close(image);
    /* Closed is not unmapped: what was found is still there, in the same place. */
    assert_int_equal(entry->magic, JM_ABI_MAGIC);
    assert_int_equal(load("good", "good", &image, &again, &err), JM_OK);
    assert_ptr_equal(entry, again);
    jmh_image_close(image);
}

static void other_languages(void **state)
{
    (void)state;
    static const char *const names[] = {"cpp20", "rust"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct jmh_image *image;
        const jm_entry *entry;
        struct jmh_err err;
        jm_status status = load(names[i], names[i], &image, &entry, &err);
        if (status == JM_ENOENT) {
            print_message("%s was not built\n", names[i]);
            continue;
        }
        assert_int_equal(status, JM_OK);
        assert_int_equal(entry->size, sizeof *entry);
        jmh_image_close(image);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(broken_ones_are_refused),
        cmocka_unit_test(nothing_there),
        cmocka_unit_test(a_good_one),
        cmocka_unit_test(other_languages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
