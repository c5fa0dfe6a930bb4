/* The commands of `junmai` that ask once: status, plugins, clients, import; and its exit statuses. */
#include "ask.h"
#include "check.h"
#include "cli_run.h"
#include "listen.h"
#include "photos.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define ARGS(...) ((const char *const[]){__VA_ARGS__, NULL})

static struct studio studio;

static int open_studio(void **state)
{
    (void)state;
    studio_open(&studio, NULL, NULL);
    return 0;
}

static int close_studio(void **state)
{
    (void)state;
    studio_close(&studio);
    return 0;
}

static void expect_words(const char *text, const char *words)
{
    if (!strstr(text, words))
        fail_msg("\"%s\" does not say \"%s\"", text, words);
}

static void test_help(void **state)
{
    static const char *const commands[] = {"tail",   "status", "plugins", "clients",
                                           "import", "backup", "restore"};
    struct cli cli;
    (void)state;
    cli_run(&cli, NULL, ARGS("--help"));
    assert_int_equal(cli.status, 0);
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        struct cli of_command;
        expect_words(cli.out, commands[i]);
        cli_run(&of_command, NULL, ARGS(commands[i], "--help"));
        assert_int_equal(of_command.status, 0);
        expect_words(of_command.out, "Example: junmai ");
        expect_words(of_command.out, "--url URL");
        cli_fini(&of_command);
    }
    cli_fini(&cli);
    cli_run(&cli, NULL, ARGS("plugins", "--help"));
    expect_words(cli.out, "--url http://localhost:");
    cli_fini(&cli);
    cli_run(&cli, NULL, ARGS("--version"));
    assert_int_equal(cli.status, 0);
    assert_string_equal(cli.out, "junmai 0.1.0\n");
    cli_fini(&cli);
}

static void test_wrong_usage(void **state)
{
    (void)state;
    cli_expect(2, NULL, ARGS("nonsense"));
    cli_expect(2, NULL, (const char *const[]){NULL});
    cli_expect(2, &studio, ARGS("status", "--nonsense"));
    cli_expect(2, &studio, ARGS("status", "too", "much"));
    cli_expect(2, &studio, ARGS("import"));
    cli_expect(2, &studio, ARGS("backup"));
    cli_expect(2, &studio, ARGS("tail", "--count", "0"));
    cli_expect(2, &studio, ARGS("tail", "--since", "a b"));
    cli_expect(2, &studio, ARGS("tail", "--since", "3"));
    cli_expect(2, NULL, ARGS("--url", "gopher://studio", "status"));
}

static void test_no_host(void **state)
{
    struct cli cli;
    (void)state;
    /* Nothing listens on the port of "tcpmux", which needs the rights of root. */
    cli_run(&cli, NULL, ARGS("--url", "http://127.0.0.1:1/", "plugins"));
    assert_int_equal(cli.status, 3);
    assert_string_equal(cli.out, "");
    assert_string_equal(cli.err,
                        "junmai: no host at http://127.0.0.1:1: is junmaid running? start it with "
                        "'junmaid', or name another with --url\n");
    cli_fini(&cli);
}

/* Once, with the address, and not before each of the questions that a command would ask. */
static void test_no_host_is_told_once(void **state)
{
    static const char *const commands[][5] = {
        {"tail"},    {"tail", "--types", "photo_imported", "--json"},
        {"status"},  {"status", "--json"},
        {"plugins"}, {"clients"}};
    (void)state;
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        const char *const *command = commands[i];
        struct cli cli;
        cli_run(
            &cli, NULL,
            ARGS("--url", "http://127.0.0.1:1", command[0], command[1], command[2], command[3]));
        assert_int_equal(cli.status, 3);
        assert_string_equal(cli.out, "");
        assert_ptr_equal(strchr(cli.err, '\n'), cli.err + strlen(cli.err) - 1);
        expect_words(cli.err, "http://127.0.0.1:1");
        expect_words(cli.err, "start it with 'junmaid'");
        cli_fini(&cli);
    }
}

static void test_status(void **state)
{
    struct cli cli;
    (void)state;
    json_t *report = cli_json(0, &studio, ARGS("status"));
    assert_true(bool_of(report, "ready"));
    assert_true(number_of(object_of(report, "figures"), "process_resident_memory_bytes") > 0);
    assert_true(json_array_size(list_of(report, "plugins")) >= 2);
    json_decref(report);
    cli_run(&cli, &studio, ARGS("status"));
    assert_int_equal(cli.status, 0);
    expect_words(cli.out, ": ready\n");
    expect_words(cli.out, "\nclients   0\n");
    expect_words(cli.out, " commits, ");
    cli_fini(&cli);
}

static void test_plugins(void **state)
{
    struct cli cli;
    size_t i;
    json_t *plugin;
    (void)state;
    json_t *answer = cli_json(0, &studio, ARGS("plugins"));
    cli_run(&cli, &studio, ARGS("plugins"));
    assert_string_equal(cli.err, "");
    expect_words(cli.out, "NAME");
    json_array_foreach(list_of(answer, "plugins"), i, plugin)
        expect_words(cli.out, text_of(plugin, "name"));
    cli_fini(&cli);
    json_decref(answer);
}

static void test_clients(void **state)
{
    struct cli cli;
    struct jmt_ws ws;
    (void)state;
    cli_run(&cli, &studio, ARGS("clients"));
    assert_string_equal(cli.out, "Nobody is connected.\n");
    cli_fini(&cli);
    listen_open(&ws, &studio, "jobs,photos");
    json_decref(listen_answer(&ws, "{\"type\":\"register\",\"client_type\":\"gui\","
                                   "\"client_name\":\"the \\u001b[31m desk\"}"));
    cli_run(&cli, &studio, ARGS("clients"));
    expect_words(cli.out, "gui");
    expect_words(cli.out, "the \\x1B[31m desk");
    expect_words(cli.out, "photos");
    cli_fini(&cli);
    json_t *answer = cli_json(0, &studio, ARGS("clients"));
    expect_int(answer, "count", 1);
    json_decref(answer);
    assert_int_equal(jmt_ws_close(&ws, 1000), 1000);
    jmt_ws_fini(&ws);
}

/* A folder with photographs of all fates, with names of any bytes, into a session. */
static void test_import(void **state)
{
    struct cli cli;
    (void)state;
    free(photo_write(studio.photos, "a.jpg", "one"));
    free(photo_write(studio.photos, "b.JPG", "two"));
    free(photo_write(studio.photos, "caf\xe9.jpg", "three"));
    free(photo_write(studio.photos, "copy of a.jpg", "one"));
    free(photo_write_raw(studio.photos, "broken.jpg", "no photograph", 13));
    free(photo_write_raw(studio.photos, "notes.txt", "text", 4));
    json_t *report = cli_json(1, &studio, ARGS("import", studio.photos, "--session", "Wedding"));
    expect_int(report, "total", 5);
    expect_int(report, "imported", 3);
    expect_int(report, "unsent", 0);
    assert_true(int_of(report, "session_id") > 0);
    assert_int_equal(json_array_size(list_of(report, "duplicates")), 1);
    expect_int(object_of(report, "left_out"), "txt", 1);
    assert_int_equal(json_array_size(list_of(report, "warnings")), 3); /* they have no EXIF */
    const json_t *warning = json_array_get(list_of(report, "warnings"), 0);
    expect_words(json_string_value(json_array_get(warning, 0)), "/a.jpg");
    assert_string_equal(json_string_value(json_array_get(json_array_get(warning, 1), 0)),
                        "no_exif");
    const json_t *error = json_array_get(list_of(report, "errors"), 0);
    expect_words(json_string_value(json_array_get(error, 0)), "/broken.jpg");
    json_decref(report);
    json_t *sessions = ask(&studio, 200, "GET", "/import/sessions", NULL);
    const json_t *session = json_array_get(list_of(sessions, "sessions"), 0);
    expect_text(session, "name", "Wedding");
    expect_text(session, "import_folder", studio.photos);
    json_decref(sessions);

    cli_run(&cli, &studio, ARGS("import", studio.photos));
    assert_int_equal(cli.status, 1);
    expect_words(cli.out, "5 photographs: 0 imported, 4 in the library already, 1 failed\n");
    expect_words(cli.out, "/broken.jpg: ");
    expect_words(cli.out, "\n1 file left out: 1 txt (name a file to import it all the same)\n");
    cli_fini(&cli);
}

/* More than one batch. */
static void test_import_many(void **state)
{
    int count = studio_rounds(150, 2000);
    (void)state;
    for (int i = 0; i < count; i++) {
        char name[48];
        snprintf(name, sizeof name, "many-%04d.jpg", i);
        free(photo_write(studio.photos, name, name));
    }
    char *broken = studio_path(studio.photos, "broken.jpg");
    must(remove(broken));
    json_t *report = cli_json(0, &studio, ARGS("import", studio.photos));
    expect_int(report, "imported", count);
    assert_int_equal(json_array_size(list_of(report, "duplicates")), 4);
    assert_int_equal(json_array_size(list_of(report, "errors")), 0);
    json_decref(report);
    free(broken);
}

/* Files that the host refuses, and nothing else. */
static void test_import_broken(void **state)
{
    struct cli cli;
    char *folder = studio_path(studio.photos, "refused");
    (void)state;
    must(mkdir(folder, 0700));
    for (int i = 0; i < 5; i++) {
        char name[16];
        snprintf(name, sizeof name, "%d.jpg", i);
        free(photo_write_raw(folder, name, "no photograph", 13));
    }
    cli_run(&cli, &studio, ARGS("import", folder));
    assert_int_equal(cli.status, 1);
    expect_words(cli.err, "5 of 5 files, 0 B of 65 B, 0 B/s\n");
    expect_words(cli.out, "  failed: 5 files: ");
    expect_words(cli.out, "/2.jpg, …)\n");
    assert_null(strstr(cli.out, "/3.jpg"));
    cli_fini(&cli);
    free(photo_write(folder, "0.jpg", "good now"));
    cli_run(&cli, &studio, ARGS("import", folder));
    expect_words(cli.out, "5 photographs: 1 imported, 0 in the library already, 4 failed\n");
    expect_words(cli.out, "1 with warnings:\n  warning: ");
    expect_words(cli.out, "/0.jpg: no_exif\n");
    cli_fini(&cli);
    free(folder);
}

static void test_import_refused(void **state)
{
    struct cli cli;
    (void)state;
    cli_run(&cli, &studio, ARGS("import", "/nowhere/at/all.jpg"));
    assert_int_equal(cli.status, 1);
    expect_words(cli.err, "/nowhere/at/all.jpg cannot be read");
    expect_words(cli.err, "nothing was imported: leave out what is not there");
    cli_fini(&cli);
    cli_run(&cli, &studio, ARGS("import", "/etc/passwd"));
    assert_int_equal(cli.status, 1);
    expect_words(cli.out, "1 photograph: 0 imported, 0 in the library already, 1 failed");
    cli_fini(&cli);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_help),           cmocka_unit_test(test_wrong_usage),
        cmocka_unit_test(test_no_host),        cmocka_unit_test(test_no_host_is_told_once),
        cmocka_unit_test(test_status),         cmocka_unit_test(test_plugins),
        cmocka_unit_test(test_clients),        cmocka_unit_test(test_import),
        cmocka_unit_test(test_import_many),    cmocka_unit_test(test_import_broken),
        cmocka_unit_test(test_import_refused),
    };
    return cmocka_run_group_tests(tests, open_studio, close_studio);
}
