/* What changes of photographs announce. */
#include "fixture.h"

static void adding_announces_photograph_then_session(void **state)
{
    struct fixture *f = *state;
    fixture_session(f, "a");
    fakehost_clear_events(f->host);
    fixture_photo(f, 1, 7);
    assert_int_equal(fakehost_event_count(f->host, NULL), 2);
    const struct fakehost_event *event = fakehost_event_at(f->host, NULL, 0);
    assert_string_equal(event->type, "photo_imported");
    assert_string_equal(event->channel, "photos");
    assert_int_equal(event->retention, JM_RETAIN_DURABLE);
    fixture_expect(event->fields, "{\"photo_id\": 1, \"session_id\": 1, \"file_name\": \"7.jpg\","
                                  " \"file_path\": \"/library/7.jpg\"}");
    event = fakehost_event_at(f->host, NULL, 1);
    assert_string_equal(event->type, "session_updated");
    assert_int_equal(fixture_int(event->fields, "total_photos"), 1);
}

static void adding_without_session_announces_null(void **state)
{
    struct fixture *f = *state;
    fixture_photo(f, 0, 1);
    assert_int_equal(fakehost_event_count(f->host, NULL), 1);
    const struct fakehost_event *event = fakehost_event_at(f->host, "photo_imported", 0);
    assert_true(json_is_null(fixture_value(event->fields, "session_id")));
}

static void tag_and_preset_mean_selected(void **state)
{
    struct fixture *f = *state;
    fixture_photo(f, 0, 1);
    fixture_request(f, 200, "PATCH", "{\"context_tag\": \"portrait\"}", "/api/photos/1");
    fixture_expect(fakehost_event_at(f->host, "photo_selected", 0)->fields,
                   "{\"photo_id\": 1, \"context_tag\": \"portrait\", \"selected_preset\": null}");
    assert_int_equal(fixture_update(f, 1, "{\"selected_preset\": \"Soft\"}"), JM_OK);
    fixture_expect(fakehost_event_at(f->host, "photo_selected", 1)->fields,
                   "{\"photo_id\": 1, \"context_tag\": \"portrait\","
                   " \"selected_preset\": \"Soft\"}");
    fixture_request(f, 200, "PATCH", "{\"context_tag\": null}", "/api/photos/1");
    assert_int_equal(fakehost_event_count(f->host, "photo_selected"), 2);
}

static void scores_mean_analyzed(void **state)
{
    struct fixture *f = *state;
    fixture_photo(f, 0, 1);
    assert_int_equal(fixture_update(f, 1, "{\"focus_score\": 3.25}"), JM_OK);
    fixture_expect(fakehost_event_at(f->host, "photo_analyzed", 0)->fields,
                   "{\"photo_id\": 1, \"ai_score\": null, \"analysis_results\":"
                   " {\"focus_score\": 3.25, \"exposure_score\": null,"
                   " \"composition_score\": null}}");
    assert_int_equal(fixture_update(f, 1, "{\"ai_score\": 4, \"subject_type\": \"person\"}"),
                     JM_OK);
    assert_int_equal(
        fixture_int(fakehost_event_at(f->host, "photo_analyzed", 1)->fields, "ai_score"), 4);
    assert_int_equal(fixture_update(f, 1, "{\"subject_type\": \"tree\"}"), JM_OK);
    assert_int_equal(fakehost_event_count(f->host, "photo_analyzed"), 2);
}

static void progress_announces_the_session(void **state)
{
    struct fixture *f = *state;
    fixture_session(f, "a");
    fixture_photo(f, 1, 1);
    fixture_photo(f, 1, 2);
    fixture_photo(f, 1, 3);
    fakehost_clear_events(f->host);
    fixture_update(f, 1, "{\"status\": \"processing\"}");
    assert_int_equal(fakehost_event_count(f->host, NULL), 0);
    fixture_update(f, 1, "{\"status\": \"completed\"}");
    fixture_update(f, 2, "{\"status\": \"rejected\"}");
    assert_int_equal(fakehost_event_count(f->host, "session_updated"), 2);
    fixture_expect(fakehost_event_at(f->host, "session_updated", 1)->fields,
                   "{\"session_id\": 1, \"total_photos\": 3, \"processed_photos\": 2,"
                   " \"progress_percent\": 66.67, \"status\": \"importing\"}");
    fixture_update(f, 2, "{\"status\": \"failed\"}");
    assert_int_equal(fakehost_event_count(f->host, "session_updated"), 3);
    fixture_update(f, 2, "{\"status\": \"queued\"}");
    assert_int_equal(fakehost_event_count(f->host, "session_updated"), 4);
    fixture_update(f, 2, "{\"status\": \"processing\"}");
    assert_int_equal(fakehost_event_count(f->host, "session_updated"), 4);
}

static void a_refused_change_announces_nothing(void **state)
{
    struct fixture *f = *state;
    fixture_photo(f, 0, 1);
    fakehost_clear_events(f->host);
    assert_int_equal(fixture_update(f, 1, "{\"ai_score\": 6}"), JM_EINVAL);
    assert_int_equal(fixture_update(f, 1, "{\"ai_score\": 4, \"iso\": 100}"), JM_EINVAL);
    assert_int_equal(fixture_update(f, 1, "{}"), JM_EINVAL);
    assert_int_equal(fixture_update(f, 2, "{\"ai_score\": 4}"), JM_ENOENT);
    fakehost_fail_exec(f->host, 3, JM_EIO);
    assert_int_equal(fixture_update(f, 1, "{\"ai_score\": 4}"), JM_EIO);
    assert_int_equal(fakehost_event_count(f->host, NULL), 0);
    assert_int_equal(fakehost_sql(f->host, "SELECT count(ai_score) FROM catalog_photos"), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(adding_announces_photograph_then_session),
        TEST(adding_without_session_announces_null),
        TEST(tag_and_preset_mean_selected),
        TEST(scores_mean_analyzed),
        TEST(progress_announces_the_session),
        TEST(a_refused_change_announces_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
