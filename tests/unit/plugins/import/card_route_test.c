/* POST /import/card: what is new, what is known, and how it goes on after it was cut off. */
#include "fixture.h"

#include "internal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static int set_up(void **state)
{
    int result = fixture_set_up(state);
    struct fixture *f = *state;
    scratch_folder(&f->scratch, "in/DCIM");
    scratch_folder(&f->scratch, "in/DCIM/100TEST");
    for (unsigned char i = 1; i <= 4; i++) {
        char name[32];
        snprintf(name, sizeof name, "DCIM/100TEST/%d.jpg", i);
        fixture_photo(f, name, i);
    }
    scratch_file(&f->scratch, "in/DCIM/100TEST/1.aae", "<plist/>", 8);
    scratch_file(&f->scratch, "in/DCIM/.hidden.jpg", "x", 1);
    return result;
}

static json_t *body(struct fixture *f)
{
    return json_pack("{s:s, s:s}", "path", scratch_path(&f->scratch, "in"), "session", "Wedding");
}

static int post_card(struct fixture *f, bool dry_run)
{
    json_t *json = body(f);
    json_object_set_new(json, "dry_run", json_boolean(dry_run));
    return fixture_post(f, "/import/card", json);
}

static const char *job_status(struct fixture *f, int64_t id)
{
    char target[64];
    snprintf(target, sizeof target, "/import/card/%lld", (long long)id);
    assert_int_equal(fakehost_request(f->host, "GET", target, NULL), 200);
    return fixture_text(f, "status");
}

static int64_t photos(struct fixture *f)
{
    return fakehost_sql(f->host, "SELECT count(*) FROM catalog_photos");
}

static void test_card(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(post_card(f, true), 200);
    assert_int_equal(fixture_int(f, "new"), 4);
    assert_int_equal(json_array_size(json_object_get(fakehost_answer(f->host), "new_files")), 4);
    assert_int_equal(photos(f), 0);
    assert_int_equal(fakehost_sql(f->host, "SELECT count(*) FROM catalog_sessions"), 0);

    assert_int_equal(post_card(f, false), 200);
    int64_t id = fixture_int(f, "card_id");
    assert_int_equal(fixture_int(f, "new"), 4);
    assert_int_equal(photos(f), 4);
    assert_string_equal(job_status(f, id), "done");
    assert_int_equal(fixture_int(f, "imported"), 4);
    assert_int_equal(fakehost_sql(f->host, "SELECT total_photos FROM catalog_sessions"), 4);

    /* Again: nothing is read. */
    size_t copies = async_started("copy a photograph");
    assert_int_equal(post_card(f, false), 200);
    assert_int_equal(fixture_int(f, "new"), 0);
    assert_int_equal(fixture_int(f, "known"), 4);
    assert_string_equal(fixture_text(f, "status"), "done");
    assert_int_equal(async_started("copy a photograph"), copies);
}

/* Known by content, under another name: read once, remembered from then on. */
static void test_known_content(void **state)
{
    struct fixture *f = *state;
    fixture_photo(f, "other.jpg", 2);
    assert_int_equal(fixture_import(f, "other.jpg"), 200);
    assert_int_equal(unlink(scratch_path(&f->scratch, "in/other.jpg")), 0);
    assert_int_equal(post_card(f, false), 200);
    assert_string_equal(job_status(f, fixture_int(f, "card_id")), "done");
    assert_int_equal(fixture_int(f, "duplicates"), 1);
    assert_int_equal(post_card(f, true), 200);
    assert_int_equal(fixture_int(f, "known"), 4);
}

static void move_folder(struct fixture *f, const char *from, const char *to)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s", scratch_path(&f->scratch, from));
    assert_int_equal(rename(path, scratch_path(&f->scratch, to)), 0);
}

/* The card goes in the middle: the same request again takes the rest, as the same job. */
static void test_pulled(void **state)
{
    struct fixture *f = *state;
    json_t *json = body(f);
    char *text = json_dumps(json, JSON_COMPACT);
    json_decref(json);
    assert_int_equal(fakehost_request(f->host, "POST", "/import/card", text), 0);
    free(text);
    while (photos(f) == 0) {
        assert_true(async_step());
    }
    move_folder(f, "in/DCIM", "pulled");
    async_run();
    int64_t id = fixture_int(f, "card_id");
    assert_string_equal(job_status(f, id), "incomplete");
    int64_t missing = 4 - photos(f);
    assert_true(missing > 0);
    assert_int_equal(fixture_int(f, "failed"), missing);
    move_folder(f, "pulled", "in/DCIM");
    assert_int_equal(post_card(f, false), 200);
    assert_int_equal(fixture_int(f, "card_id"), id);
    assert_int_equal(fixture_int(f, "new"), missing);
    assert_string_equal(job_status(f, id), "done");
    assert_int_equal(photos(f), 4);
}

static void test_while_it_runs(void **state)
{
    struct fixture *f = *state;
    json_t *json = body(f);
    char *text = json_dumps(json, JSON_COMPACT);
    json_decref(json);
    fakehost_request(f->host, "POST", "/import/card", text);
    assert_true(async_step());
    int64_t id = fixture_int(f, "card_id");
    assert_int_equal(fakehost_request(f->host, "POST", "/import/card", text), 200);
    assert_int_equal(fixture_int(f, "card_id"), id);
    assert_string_equal(fixture_text(f, "status"), "running");
    free(text);
    async_run();
    assert_int_equal(photos(f), 4);
}

static void test_refusals(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(fixture_post(f, "/import/card", json_object()), 400);
    assert_int_equal(fixture_post(f, "/import/card", json_pack("{s:s}", "path", "/etc")), 403);
    assert_int_equal(fixture_post(f, "/import/card",
                                  json_pack("{s:s}", "path", scratch_path(&f->scratch, "in/gone"))),
                     404);
    assert_int_equal(fixture_post(f, "/import/card",
                                  json_pack("{s:s, s:s}", "path", scratch_path(&f->scratch, "in"),
                                            "mode", "reference")),
                     400);
    assert_int_equal(fakehost_request(f->host, "GET", "/import/card/7", NULL), 404);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, fixture_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_card),          TEST(test_known_content), TEST(test_pulled),
        TEST(test_while_it_runs), TEST(test_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
