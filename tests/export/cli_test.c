/* junmai export, as a user runs it. */
#include "check.h"
#include "cli_run.h"
#include "exported.h"
#include "photos.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARGS(...)                   \
    (const char *const[])           \
    {                               \
        "export", __VA_ARGS__, NULL \
    }

static struct studio studio;
static char first[24], second[24];

static int open_studio(void **state)
{
    (void)state;
    exported_open(&studio, NULL);
    snprintf(first, sizeof first, "%lld", (long long)exported_photo(&studio, "a.jpg", 900, 600, 1));
    snprintf(second, sizeof second, "%lld",
             (long long)exported_photo(&studio, "b.jpg", 900, 600, 2));
    exported_make(&studio, "good", NULL);
    exported_make(&studio, "also good", json_pack("{s:s}", "format", "PNG"));
    exported_make(&studio, "bad", json_pack("{s:s}", "filename_template", "{iso}"));
    return 0;
}

static int close_studio(void **state)
{
    (void)state;
    studio_close(&studio);
    return 0;
}

static void test_photographs(void **state)
{
    (void)state;
    json_t *document =
        cli_json(0, &studio, ARGS("--preset", "good", "--preset", "also good", first, second));
    expect_int(document, "total", 4);
    expect_int(document, "exported", 4);
    expect_int(document, "failed", 0);
    expect_int(document, "unfinished", 0);
    assert_int_equal(json_array_size(list_of(document, "exports")), 4);
    assert_int_equal(exported_count(&studio, "good"), 2);
    assert_int_equal(exported_count(&studio, "also good"), 2);
    json_decref(document);
}

static void test_failures(void **state)
{
    struct cli cli;
    (void)state;
    cli_run(&cli, &studio, ARGS("--preset", "bad", "--preset", "good", first));
    assert_int_equal(cli.status, 1);
    assert_non_null(strstr(cli.out, "1 of 2 exported"));
    assert_non_null(strstr(cli.out, "empty name"));
    assert_non_null(strstr(cli.err, "2 of 2 exports"));
    cli_fini(&cli);
}

static void test_session(void **state)
{
    char number[24];
    char *path = photo_write(studio.photos, "of_session.jpg", "of a session");
    (void)state;
    json_t *session = ask(&studio, 200, "POST", "/import/session",
                          json_pack("{s:s, s:s}", "name", "S", "import_folder", studio.photos));
    json_decref(ask(
        &studio, 200, "POST", "/import/file",
        json_pack("{s:s, s:I}", "file_path", path, "session_id", int_of(session, "session_id"))));
    snprintf(number, sizeof number, "%lld", (long long)int_of(session, "session_id"));
    json_t *document = cli_json(0, &studio, ARGS("--preset", "good", "--session", number));
    expect_int(document, "exported", 1);
    json_decref(document);
    json_decref(session);
    free(path);
}

static void test_called_wrongly(void **state)
{
    (void)state;
    cli_expect(2, &studio, ARGS(first));
    cli_expect(2, &studio, ARGS("--preset", "good"));
    cli_expect(2, &studio, ARGS("--preset", "good", "--session", "1", first));
    cli_expect(2, &studio, ARGS("--preset", "good", "one"));
    cli_expect(1, &studio, ARGS("--preset", "nobody", first));
    cli_expect(1, &studio, ARGS("--preset", "good", "--session", "999"));
    cli_expect(1, &studio, ARGS("--preset", "good", "999"));
    cli_expect(0, NULL, ARGS("--help"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_photographs),
        cmocka_unit_test(test_failures),
        cmocka_unit_test(test_session),
        cmocka_unit_test(test_called_wrongly),
    };
    return cmocka_run_group_tests(tests, open_studio, close_studio);
}
