/* /statistics and /api/statistics: numbers that were measured, 0 where nothing was. */
#include "fixture.h"

#include <export/export.h>
#include <stdio.h>

/* 2025-11-09T12:34:56.789Z is the fake host's now. */
#define DAY "2025-11-09"

static const json_t *get(struct fixture *f, const char *path)
{
    return fixture_request(f, 200, "GET", NULL, "%s", path);
}

static const json_t *part(struct fixture *f, const char *path, const char *key)
{
    return fixture_value(get(f, path), key);
}

static double number(const json_t *object, const char *key)
{
    const json_t *value = fixture_value(object, key);
    assert_true(json_is_number(value));
    return json_number_value(value);
}

static void expect_near(double value, double wanted)
{
    if (value < wanted - 0.0005 || value > wanted + 0.0005)
        fail_msg("%f is not %f", value, wanted);
}

static void nothing_is_zero_and_never_null(void **state)
{
    static const char *const keys[] = {
        "total_imported",      "total_processed",    "total_approved",       "success_rate",
        "avg_processing_time", "total_selected",     "total_exported",       "avg_ai_score",
        "avg_focus_score",     "avg_exposure_score", "avg_composition_score"};
    struct fixture *f = *state;
    const json_t *today = part(f, "/statistics/daily", "today");
    for (size_t i = 0; i < JM_COUNT(keys); i++)
        expect_near(number(today, keys[i]), 0);
    expect_near(number(get(f, "/api/statistics/daily"), "avg_processing_time"), 0);
    fixture_expect(part(f, "/statistics/daily", "preset_usage"), "{}");
}

/* Two photographs of 2 and 4 seconds of work, one approved; one that failed without being begun. */
static void work(struct fixture *f)
{
    for (int n = 1; n <= 4; n++)
        fixture_photo(f, 0, n);
    fixture_update(f, 1, "{\"status\": \"processing\", \"selected_preset\": \"Soft\"}");
    fakehost_advance_ms(f->host, 2000);
    fixture_update(f, 1, "{\"status\": \"completed\", \"approved\": true, \"ai_score\": 4}");
    fixture_update(f, 2, "{\"status\": \"processing\", \"selected_preset\": \"Soft\"}");
    fakehost_advance_ms(f->host, 4000);
    fixture_update(f, 2, "{\"status\": \"failed\", \"ai_score\": 3, \"focus_score\": 2.5}");
    fixture_update(f, 3, "{\"status\": \"rejected\"}");
}

static void a_day_is_counted(void **state)
{
    struct fixture *f = *state;
    work(f);
    const json_t *document = get(f, "/statistics/daily");
    assert_string_equal(fixture_text(document, "date"), DAY);
    fixture_expect(fixture_value(document, "preset_usage"), "{\"Soft\": 2}");
    const json_t *today = fixture_value(document, "today");
    expect_near(number(today, "total_imported"), 4);
    expect_near(number(today, "total_processed"), 2);
    expect_near(number(today, "total_approved"), 1);
    expect_near(number(today, "success_rate"), 0.25);
    expect_near(number(today, "avg_processing_time"), 3);
    expect_near(number(today, "total_selected"), 2);
    expect_near(number(today, "avg_ai_score"), 3.5);
    expect_near(number(today, "avg_focus_score"), 2.5);
    expect_near(number(today, "avg_exposure_score"), 0);

    document = get(f, "/api/statistics/daily?date=" DAY);
    expect_near(number(document, "success_rate"), 25);
    expect_near(number(document, "total_rejected"), 1);
    expect_near(number(document, "avg_processing_time"), 3);
    expect_near(number(part(f, "/statistics/daily?date=2025-11-08", "today"), "total_imported"), 0);
    fixture_request(f, 400, "GET", NULL, "/statistics/daily?date=yesterday");
    fixture_request(f, 400, "GET", NULL, "/api/statistics/daily?date=2025-02-30");
}

static void weeks_and_months_hold_the_day(void **state)
{
    struct fixture *f = *state;
    work(f);
    const json_t *week = part(f, "/statistics/weekly", "week");
    assert_string_equal(fixture_text(week, "start_date"), "2025-11-02");
    assert_string_equal(fixture_text(week, "end_date"), DAY);
    expect_near(number(week, "total_imported"), 4);
    const json_t *month = part(f, "/statistics/monthly", "month");
    expect_near(number(month, "year"), 2025);
    expect_near(number(month, "month"), 11);
    expect_near(number(month, "avg_processing_time"), 3);

    const json_t *document = get(f, "/api/statistics/weekly");
    const json_t *breakdown = fixture_value(document, "daily_breakdown");
    assert_int_equal(json_array_size(breakdown), 7);
    fixture_expect(json_array_get(breakdown, 6), "{\"date\": \"" DAY "\", \"imported\": 4}");
    expect_near(number(document, "total_imported"), 4);
    document = get(f, "/api/statistics/monthly");
    fixture_expect(fixture_value(document, "period"),
                   "{\"year\": 2025, \"month\": 11, \"start_date\": \"2025-11-01\","
                   " \"end_date\": \"" DAY "\"}");
    fixture_expect(fixture_value(document, "subject_distribution"), "{}");
}

static void presets_have_their_rates(void **state)
{
    struct fixture *f = *state;
    work(f);
    const json_t *document = get(f, "/statistics/presets");
    fixture_expect(fixture_value(document, "preset_usage"), "{\"Soft\": 2}");
    expect_near(number(fixture_value(document, "preset_approval_rates"), "Soft"), 0.5);
    expect_near(number(document, "total_presets"), 1);
    document = get(f, "/api/statistics/presets?days=7");
    const json_t *soft = json_array_get(fixture_value(document, "presets"), 0);
    assert_string_equal(fixture_text(soft, "preset_name"), "Soft");
    expect_near(number(soft, "approval_rate"), 50);
    expect_near(number(soft, "approved_count"), 1);
    expect_near(number(document, "period_days"), 7);
    fixture_request(f, 400, "GET", NULL, "/api/statistics/presets?days=0");
    fixture_request(f, 400, "GET", NULL, "/api/statistics/presets?days=36501");
}

/* An export at noon of the day, and one a week later. */
static jm_status count(void *user, jm_span since, export_sink_fn sink, void *sink_user)
{
    char json[96];
    (void)user;
    int exported = (jm_span_equal(since, JM_SPAN("2025-11-09T00:00:00.000Z")) ? 2 : 1);
    snprintf(json, sizeof(json), "{\"total_exported\": 2, \"exported_since\": %d}", exported);
    sink(sink_user, jm_span_of(json));
    return JM_OK;
}

static jm_span no_error(void *user)
{
    (void)user;
    return JM_SPAN("");
}

static void exports_are_asked_of_their_plugin(void **state)
{
    static const export_service exports = {
        .size = sizeof(export_service), .last_error = no_error, .count = count};
    struct fixture *f = *state;
    fakehost_provide(f->host, EXPORT_SERVICE, &exports, NULL);
    expect_near(number(part(f, "/statistics/daily", "today"), "total_exported"), 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(nothing_is_zero_and_never_null),    TEST(a_day_is_counted),
        TEST(weeks_and_months_hold_the_day),     TEST(presets_have_their_rates),
        TEST(exports_are_asked_of_their_plugin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
