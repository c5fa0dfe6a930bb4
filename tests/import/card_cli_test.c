/*
 * `junmai import CARD`: shows what is new, imports it, tells what failed, goes on, and ejects the card
 * when everything is safe and never before. udisksctl is a script of this test; the card is a file
 * system in memory that calls itself /dev/junmai-card, which only root can mount; otherwise the tests
 * of ejecting are skipped.
 */
#include "check.h"
#include "cli_run.h"
#include "listen.h"
#include "photos.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#define ARGS(...) ((const char *const[]){__VA_ARGS__, NULL})

static struct studio studio;
static char *card, *dcim, *programs, *called;
static bool mounted;

/* A program that notes how it was called and ends with the status in the file NAME.status, or 0. */
static void write_program(const char *name)
{
    char script[512];
    char *path = studio_path(programs, name);
    int count = snprintf(script, sizeof script,
                         "#!/bin/sh\n"
                         "echo \"%s $*\" >> '%s'\n"
                         "test -e '%s.status' && exit 1\n"
                         "exit 0\n",
                         name, called, path);
    free(photo_write_raw(programs, name, script, (size_t)count));
    must(chmod(path, 0700));
    free(path);
}

static int open_studio(void **state)
{
    char path[4096];
    (void)state;
    studio_open(&studio, NULL, NULL);
    card = studio_path(studio.photos, "CARD");
    dcim = studio_path(card, "DCIM");
    programs = studio_folder_new();
    called = studio_path(programs, "called");
    must(mkdir(card, 0755));
    mounted = unshare(CLONE_NEWNS) == 0 &&
              mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
              mount("/dev/junmai-card", card, "tmpfs", MS_NODEV | MS_NOSUID, "size=8m") == 0;
    if (mounted) {
        /* The host looks into its own tree of mounts: start it again in this one. */
        must(jmt_host_stop(&studio.host));
        must(jmt_host_restart(&studio.host));
    }
    must(mkdir(dcim, 0755));
    write_program("udisksctl");
    snprintf(path, sizeof path, "%s:%s", programs, getenv("PATH"));
    setenv("PATH", path, 1);
    return 0;
}

static int close_studio(void **state)
{
    (void)state;
    studio_close(&studio);
    if (mounted)
        umount(card);
    studio_folder_remove(programs);
    free(called);
    free(dcim);
    free(card);
    return 0;
}

static void expect_words(const char *text, const char *words)
{
    if (!strstr(text, words))
        fail_msg("\"%s\" does not say \"%s\"", text, words);
}

/* What the programs were called with since the last time. */
static void expect_calls(const char *wanted)
{
    char text[1024] = "";
    FILE *file = fopen(called, "re");
    if (file) {
        text[fread(text, 1, sizeof text - 1, file)] = '\0';
        fclose(file);
        must(unlink(called));
    }
    assert_string_equal(text, wanted);
}

static void write_card(int first, int count)
{
    for (int i = first; i < first + count; i++) {
        char name[32];
        snprintf(name, sizeof name, "IMG_%04d.JPG", i);
        free(photo_write(dcim, name, name));
    }
}

/* Only looks. */
static void test_dry_run(void **state)
{
    struct cli cli;
    (void)state;
    write_card(0, 5);
    free(photo_write_raw(dcim, "notes.txt", "text", 4));
    cli_run(&cli, &studio, ARGS("import", card, "--dry-run"));
    assert_int_equal(cli.status, 0);
    expect_words(cli.out, "/CARD: 5 new (");
    expect_words(cli.out, "), 0 imported before, 1 other file\n");
    cli_fini(&cli);
    json_t *found = cli_json(0, &studio, ARGS("import", card, "--dry-run"));
    expect_int(found, "new", 5);
    json_decref(found);
    json_t *answer = ask(&studio, 200, "GET", "/api/photos", NULL);
    expect_int(answer, "total", 0);
    json_decref(answer);
}

static void test_usage(void **state)
{
    (void)state;
    cli_expect(2, &studio, ARGS("import", card, dcim, "--dry-run"));
    cli_expect(2, &studio, ARGS("import", card, "--eject", "--no-duplicates-check"));
    cli_expect(2, &studio, ARGS("import", "/nowhere/at/all", "--card"));
}

/* A broken file keeps the card in; the rest is imported. Once it is whole, the same command ends the
 * job and ejects. */
static void test_eject(void **state)
{
    struct cli cli;
    (void)state;
    free(photo_write_raw(dcim, "broken.jpg", "no photograph", 13));
    cli_run(&cli, &studio, ARGS("import", card, "--session", "Wedding", "--eject"));
    assert_int_equal(cli.status, 1);
    expect_words(cli.out, "5 imported, 0 in the library already, 1 failed, 0 imported before\n");
    expect_words(cli.out, "/broken.jpg: ");
    expect_words(cli.out, "again goes on with what is missing");
    expect_words(cli.err, "6 of 6 files, ");
    expect_words(cli.err, "the card is not ejected");
    cli_fini(&cli);
    expect_calls("");

    free(photo_write(dcim, "broken.jpg", "whole now"));
    cli_run(&cli, &studio, ARGS("import", card, "--session", "Wedding", "--eject"));
    expect_words(cli.out, "/CARD: 1 new (");
    expect_words(cli.out, "Each copy was read back");
    if (!mounted) {
        assert_int_equal(cli.status, 1);
        expect_words(cli.err, "nothing to eject");
        cli_fini(&cli);
        expect_calls("");
        skip();
    }
    assert_int_equal(cli.status, 0);
    expect_words(cli.out, "The card can be taken out.\n");
    cli_fini(&cli);
    expect_calls("udisksctl unmount --block-device /dev/junmai-card --no-user-interaction\n"
                 "udisksctl power-off --block-device /dev/junmai-card --no-user-interaction\n");
}

/* Busy: it is not powered off, and the exit status says it. */
static void test_busy(void **state)
{
    (void)state;
    if (!mounted)
        skip();
    char *status = photo_write_raw(programs, "udisksctl.status", "1", 1);
    json_t *job = cli_json(1, &studio, ARGS("import", card, "--session", "Wedding", "--eject"));
    expect_text(job, "status", "done");
    expect_int(job, "known", 6);
    assert_false(bool_of(job, "ejected"));
    json_decref(job);
    expect_calls("udisksctl unmount --block-device /dev/junmai-card --no-user-interaction\n");
    must(unlink(status));
    free(status);
}

/* Without udisksctl. */
static void test_plain_programs(void **state)
{
    char wanted[4200];
    (void)state;
    if (!mounted)
        skip();
    char *path = strdup(getenv("PATH"));
    char *udisks = studio_path(programs, "udisksctl");
    must(unlink(udisks));
    write_program("umount");
    write_program("eject");
    write_card(5, 1);
    setenv("PATH", programs, 1);
    /* The scripts need none but the shell's own commands. */
    json_t *job = cli_json(0, &studio, ARGS("import", card, "--session", "Wedding", "--eject"));
    setenv("PATH", path, 1);
    assert_true(bool_of(job, "ejected"));
    json_decref(job);
    snprintf(wanted, sizeof wanted, "umount %s\neject /dev/junmai-card\n", card);
    expect_calls(wanted);
    write_program("udisksctl");
    free(udisks);
    free(path);
}

/* A folder on the disk of the computer is imported as a card, and never unmounted. */
static void test_no_card(void **state)
{
    struct cli cli;
    (void)state;
    char *folder = studio_path(studio.photos, "folder");
    must(mkdir(folder, 0755));
    free(photo_write(folder, "a.jpg", "on the disk"));
    cli_run(&cli, &studio, ARGS("import", folder, "--eject"));
    assert_int_equal(cli.status, 1);
    expect_words(cli.out, "1 imported, ");
    expect_words(cli.err, "nothing to eject");
    cli_fini(&cli);
    expect_calls("");
    free(folder);
}

/* The host is killed while the command looks on, and comes back: the command takes the job up again. */
static void test_host_comes_back(void **state)
{
    enum { FILES = 120 };
    struct cli_process cli;
    struct jmt_ws ws;
    (void)state;
    char *folder = studio_path(studio.photos, "SECOND");
    char *inner = studio_path(folder, "DCIM");
    must(mkdir(folder, 0755));
    must(mkdir(inner, 0755));
    for (int i = 0; i < FILES; i++) {
        char name[32];
        snprintf(name, sizeof name, "second-%03d.jpg", i);
        free(photo_write_sized(inner, name, name, 100000));
    }
    listen_open(&ws, &studio, "photos");
    cli_start(&cli, &studio, ARGS("import", folder));
    for (int i = 0; i < 3; i++)
        json_decref(listen_for(&ws, "photo_imported"));
    jmt_host_kill(&studio.host);
    jmt_ws_fini(&ws);
    /* The same port: the command knows no other. */
    char port[16];
    snprintf(port, sizeof port, "%d", studio.host.port);
    for (const char **argument = studio.host.argv; *argument; argument++)
        if (strcmp(*argument, "--port") == 0)
            argument[1] = port;
    must(jmt_host_restart(&studio.host));
    cli_end(&cli, 0);
    json_t *found = cli_json(0, &studio, ARGS("import", folder, "--dry-run"));
    expect_int(found, "new", 0);
    expect_int(found, "known", FILES);
    json_decref(found);
    free(inner);
    free(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dry_run),         cmocka_unit_test(test_usage),
        cmocka_unit_test(test_eject),           cmocka_unit_test(test_busy),
        cmocka_unit_test(test_plain_programs),  cmocka_unit_test(test_no_card),
        cmocka_unit_test(test_host_comes_back),
    };
    return cmocka_run_group_tests(tests, open_studio, close_studio);
}
