/* Ids of pollers, and the notes about jobs. */
#include "plugins/lightroom/notes.h"
#include "plugins/lightroom/poll_id.h"

#include <junmai/sdk/span.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void test_made_ids_are_uuids_of_version_4(void **state)
{
    char before[LR_POLL_ID_SIZE] = "";
    (void)state;
    for (int i = 0; i < 1000; i++) {
        char id[LR_POLL_ID_SIZE], read[LR_POLL_ID_SIZE];
        assert_int_equal(lr_poll_id_make(id), JM_OK);
        assert_int_equal(strlen(id), 36);
        assert_int_equal(id[14], '4');
        assert_non_null(strchr("89ab", id[19]));
        assert_true(lr_poll_id_read(jm_span_of(id), read));
        assert_string_equal(id, read);
        assert_string_not_equal(id, before);
        snprintf(before, sizeof before, "%s", id);
    }
}

static void test_reading(void **state)
{
    static const char *const wrong[] = {"",
                                        "1",
                                        "0123456789abcdef0123456789abcdef",
                                        "01234567-89ab-cdef-0123-456789abcde",
                                        "01234567-89ab-cdef-0123-456789abcdef0",
                                        "01234567-89ab-cdef-0123-456789abcdeg",
                                        "0123456-789ab-cdef-0123-456789abcdef",
                                        "01234567-89ab-cdef-0123_456789abcdef"};
    char id[LR_POLL_ID_SIZE];
    (void)state;
    assert_true(lr_poll_id_read(JM_SPAN("01234567-89AB-CDEF-0123-456789ABCDEF"), id));
    assert_string_equal(id, "01234567-89ab-cdef-0123-456789abcdef");
    for (size_t i = 0; i < JM_COUNT(wrong); i++)
        assert_false(lr_poll_id_read(jm_span_of(wrong[i]), id));
    assert_false(lr_poll_id_read((jm_span){NULL, 0}, id));
}

static void test_notes_are_a_ring(void **state)
{
    static struct lr_notes notes;
    char job[33];
    (void)state;
    assert_null(lr_note_find(&notes, JM_SPAN("")));
    for (int i = 0; i <= LR_NOTES; i++) {
        snprintf(job, sizeof job, "%032d", i);
        lr_note_error(&notes, jm_span_of(job), JM_SPAN("the disk is full"));
    }
    lr_note_end(&notes, jm_span_of(job), JM_SPAN("a lease"));
    const struct lr_note *note = lr_note_find(&notes, jm_span_of(job));
    assert_non_null(note);
    assert_string_equal(note->sentence, "the disk is full");
    assert_string_equal(note->lease, "a lease");
    snprintf(job, sizeof job, "%032d", 0);
    assert_null(lr_note_find(&notes, jm_span_of(job)));
    snprintf(job, sizeof job, "%032d", 1);
    assert_non_null(lr_note_find(&notes, jm_span_of(job)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_made_ids_are_uuids_of_version_4),
        cmocka_unit_test(test_reading),
        cmocka_unit_test(test_notes_are_a_ring),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
