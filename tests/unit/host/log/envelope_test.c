/* Envelopes: the check against the declaration, the texts around the number. */
#include "host/log/envelope.h"

#include "host/util/span.h"

#include <junmai/ext/event.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct jmh_field fields[] = {
    {"job_id", JM_FIELD_TEXT, "which"},
    {"progress", JM_FIELD_NUMBER, "percent"},
    {"count", JM_FIELD_INT | JM_FIELD_NULL, "how many"},
    {"details", JM_FIELD_OBJECT | JM_FIELD_ARRAY | JM_FIELD_OPTIONAL, "more"},
    {"done", JM_FIELD_BOOL | JM_FIELD_OPTIONAL, "whether"},
};
static const struct jmh_event_type type = {
    .name = "job_progress", .conflate_key = "job_id", .fields = fields, .field_count = 5};

static jm_status check(const char *text, jm_span *key_out, struct jmh_err *err)
{
    struct jmh_json_value value;
    assert_true(jmh_json_parse(jmh_span(text), &value));
    return jmh_envelope_check(&type, value, key_out, err);
}

static void checks_declared_fields(void **state)
{
    static const char *const good[] = {
        "{\"job_id\":\"a\",\"progress\":50,\"count\":1}",
        "{\"job_id\":\"a\",\"progress\":0.5,\"count\":null,\"details\":[],\"done\":true}",
        "{\"count\":1,\"\\u006aob_id\":\"a\",\"progress\":1e2,\"details\":{\"x\":1}}",
    };
    static const struct {
        const char *text, *words;
    } bad[] = {
        {"[]", "must be a JSON object"},
        {"{}", "'job_id' is missing"},
        {"{\"job_id\":\"a\",\"progress\":1}", "'count' is missing"},
        {"{\"job_id\":1,\"progress\":1,\"count\":1}", "'job_id' has a value of another type"},
        {"{\"job_id\":null,\"progress\":1,\"count\":1}", "'job_id' has a value of another type"},
        {"{\"job_id\":\"a\",\"progress\":\"1\",\"count\":1}", "'progress'"},
        {"{\"job_id\":\"a\",\"progress\":1,\"count\":1.5}", "'count'"},
        {"{\"job_id\":\"a\",\"progress\":1,\"count\":1,\"details\":null}", "'details'"},
        {"{\"job_id\":\"a\",\"progress\":1,\"count\":1,\"done\":0}", "'done'"},
        {"{\"job_id\":\"a\",\"progress\":1,\"count\":1,\"extra\":0}", "no field 'extra'"},
        {"{\"job_id\":\"a\",\"progress\":1,\"count\":1,\"seq\":0}", "no field 'seq'"},
    };
    jm_span key;
    struct jmh_err err;
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_int_equal(check(good[i], &key, &err), JM_OK);
        assert_true(jmh_span_is(key, "\"a\""));
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(check(bad[i].text, &key, &err), JM_EINVAL);
        assert_non_null(strstr(err.text, bad[i].words));
    }
}

static void assert_composes(const char *channel, const char *text, const char *expected)
{
    struct jmh_buf out = {0};
    struct jmh_json_value value;
    assert_true(jmh_json_parse(jmh_span(text), &value));
    jmh_envelope_head(&out, jmh_span("a\"b"), 1762691696789, jmh_span(channel));
    jmh_buf_add_text(&out, "7");
    jmh_envelope_tail(&out, value);
    assert_true(jmh_span_is(jmh_buf_span(&out), expected));
    assert_true(jmh_json_parse(jmh_buf_span(&out), NULL));
    jmh_buf_fini(&out);
}

static void puts_the_parts_in_their_order(void **state)
{
    (void)state;
    assert_composes("jobs", "{}",
                    "{\"type\":\"a\\\"b\",\"timestamp\":\"2025-11-09T12:34:56.789Z\","
                    "\"channel\":\"jobs\",\"seq\":7}");
    assert_composes("", "{ \"x\" : 1 ,\"\":[1,\n\t2] }",
                    "{\"type\":\"a\\\"b\",\"timestamp\":\"2025-11-09T12:34:56.789Z\","
                    "\"seq\":7,\"x\":1,\"\":[1,  2]}");
    /* what the host writes is left out, however it is spelled; below the top it may stand */
    assert_composes("jobs",
                    "{\"type\":1,\"t\\u0079pe\":2,\"seq\":3,\"channel\":4,\"timestamp\":5,"
                    "\"k\\u0065y\":{\"type\":6}}",
                    "{\"type\":\"a\\\"b\",\"timestamp\":\"2025-11-09T12:34:56.789Z\","
                    "\"channel\":\"jobs\",\"seq\":7,\"k\\u0065y\":{\"type\":6}}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checks_declared_fields),
        cmocka_unit_test(puts_the_parts_in_their_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
