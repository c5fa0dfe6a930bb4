/* A fake host with the plugin catalog. */
#include "fixture.h"

#include <stdio.h>

extern const jm_entry JM_ENTRY;

int fixture_setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    assert_non_null(fixture);
    fixture->host = fakehost_new();
    assert_int_equal(fakehost_load(fixture->host, "catalog", &JM_ENTRY), JM_OK);
    const jm_service_slot *slot = fakehost_service(fixture->host, CATALOG_SERVICE);
    assert_non_null(slot);
    fixture->service = slot->table;
    fixture->catalog = slot->provider_data;
    *state = fixture;
    return 0;
}

int fixture_teardown(void **state)
{
    struct fixture *fixture = *state;
    fakehost_free(fixture->host);
    free(fixture);
    return 0;
}

int64_t fixture_session(struct fixture *fixture, const char *name)
{
    char body[256];
    snprintf(body, sizeof(body), "{\"name\": \"%s\", \"import_folder\": \"/in/%s\"}", name, name);
    return fixture_int(fixture_request(fixture, 201, "POST", body, "/api/sessions"), "id");
}

const char *fixture_photo_json(int n, const char *more)
{
    static char json[2048];
    snprintf(json, sizeof(json),
             "{%s\"file_path\": \"/library/%d.jpg\", \"file_name\": \"%d.jpg\","
             " \"file_size\": %d, \"content_hash\": \"%064x\"}",
             more, n, n, 1000 + n, (unsigned)n);
    return json;
}

int64_t fixture_photo(struct fixture *fixture, int64_t session, int n)
{
    char more[64] = "";
    int64_t photo = 0;
    if (session != 0)
        snprintf(more, sizeof(more), "\"session_id\": %lld, ", (long long)session);
    assert_int_equal(fixture_add(fixture, fixture_photo_json(n, more), &photo), JM_OK);
    return photo;
}

jm_status fixture_add(struct fixture *fixture, const char *json, int64_t *photo_out)
{
    fakehost_begin(fixture->host);
    jm_status status = fixture->service->add_photo(fixture->catalog, jm_span_of(json), photo_out);
    fakehost_end(fixture->host, status == JM_OK);
    return status;
}

jm_status fixture_update(struct fixture *fixture, int64_t photo, const char *json)
{
    fakehost_begin(fixture->host);
    jm_status status = fixture->service->update_photo(fixture->catalog, photo, jm_span_of(json));
    fakehost_end(fixture->host, status == JM_OK);
    return status;
}

const json_t *fixture_request(struct fixture *fixture, int expected, const char *method,
                              const char *body, const char *target, ...)
{
    char formatted[512];
    va_list args;
    va_start(args, target);
    vsnprintf(formatted, sizeof(formatted), target, args);
    va_end(args);
    int status = fakehost_request(fixture->host, method, formatted, body);
    if (status != expected)
        print_error("%s %s: %s\n", method, formatted, fakehost_sentence(fixture->host, "catalog"));
    assert_int_equal(status, expected);
    return fakehost_answer(fixture->host);
}

const json_t *fixture_value(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    if (value == NULL)
        fail_msg("there is no %s", key);
    return value;
}

const char *fixture_text(const json_t *object, const char *key)
{
    const json_t *value = fixture_value(object, key);
    assert_true(json_is_string(value));
    return json_string_value(value);
}

int64_t fixture_int(const json_t *object, const char *key)
{
    const json_t *value = fixture_value(object, key);
    assert_true(json_is_integer(value));
    return json_integer_value(value);
}

void fixture_expect(const json_t *document, const char *json)
{
    json_t *expected = json_loads(json, JSON_DECODE_ANY, NULL);
    assert_non_null(expected);
    if (!json_equal(document, expected)) {
        char *text = json_dumps(document, JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
        print_error("it is  %s\nnot    %s\n", text, json);
        free(text);
        json_decref(expected);
        fail();
    }
    json_decref(expected);
}

void fixture_expect_error(const json_t *answer, const char *text)
{
    assert_int_equal(json_object_size(answer), 1);
    const char *sentence = fixture_text(answer, "error");
    if (strstr(sentence, text) == NULL)
        fail_msg("\"%s\" does not hold \"%s\"", sentence, text);
}
