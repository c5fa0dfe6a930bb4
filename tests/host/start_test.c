/* The life of a junmaid: its command line, how it starts, what it refuses, and how it ends. */
#include "check.h"
#include "listen.h"
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "client/wait.h"

#define END_MS 5000
#define SIGTERM_STATUS 143 /* 128 + SIGTERM: ended by it at once */

/* Runs junmaid; it must end with that status and say these words on standard error. */
static void expect_refusal(int status, const char *const *arguments, const char *const *words)
{
    struct run run;
    run_host(&run, arguments);
    assert_int_equal(run.status, status);
    assert_string_equal(run.out, "");
    for (; *words; words++)
        expect_words("the refusal", run.err, *words);
    run_fini(&run);
}

static void test_help_and_version(void **state)
{
    static const char *const options[] = {"--config",       "--data",       "--port",
                                          "--bind",         "--plugin-dir", "--enable",
                                          "--check-config", "--log-level",  "--print-config"};
    struct run run;
    (void)state;
    run_host(&run, (const char *const[]){"--help", NULL});
    assert_int_equal(run.status, 0);
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++)
        expect_words("--help", run.out, options[i]);
    run_fini(&run);

    run_host(&run, (const char *const[]){"--version", NULL});
    assert_int_equal(run.status, 0);
    assert_int_equal(strncmp(run.out, "junmaid 0.", 10), 0);
    assert_ptr_equal(strchr(run.out, '\n'), run.out + strlen(run.out) - 1);
    run_fini(&run);
}

static void test_bad_command_lines(void **state)
{
    (void)state;
    expect_refusal(2, (const char *const[]){"--colour", NULL},
                   (const char *const[]){"--colour", "--help", NULL});
    expect_refusal(2, (const char *const[]){"photo.jpg", NULL},
                   (const char *const[]){"photo.jpg", "--help", NULL});
    expect_refusal(2, (const char *const[]){"--port", "70000", NULL},
                   (const char *const[]){"70000", "65535", NULL});
    expect_refusal(2, (const char *const[]){"--port", "http", NULL},
                   (const char *const[]){"--port http", NULL});
    expect_refusal(2, (const char *const[]){"--log-level", "loud", NULL},
                   (const char *const[]){"loud", "warning", NULL});
    expect_refusal(1, (const char *const[]){"--plugin-dir", "/nowhere", "--check-config", NULL},
                   (const char *const[]){"/nowhere", "--plugin-dir", NULL});
    expect_refusal(1, (const char *const[]){"--enable", "imprt", "--check-config", NULL},
                   (const char *const[]){"imprt", NULL});
}

static void test_print_config(void **state)
{
    struct run run;
    (void)state;
    run_host(&run, (const char *const[]){"--print-config", NULL});
    assert_int_equal(run.status, 0);
    expect_words("--print-config", run.out, "5100");
    expect_words("--print-config", run.out, "ring_mib");
    expect_words("--print-config", run.out, "max_parallel");
    run_fini(&run);
}

/* A configuration as text; --check-config must refuse it with these words. */
static void expect_config_refusal(const char *text, const char *const *words)
{
    char *folder = studio_folder_new();
    char *path = studio_path(folder, "junmai.json");
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    const char *with_path[8] = {path};
    for (size_t i = 0; words[i]; i++)
        with_path[i + 1] = words[i];
    expect_refusal(1, (const char *const[]){"--config", path, "--check-config", NULL}, with_path);
    free(path);
    studio_folder_remove(folder);
}

static void test_broken_configurations(void **state)
{
    (void)state;
    expect_config_refusal("{\"listen\": {\"port\": 5100,}}", (const char *const[]){"1", NULL});
    expect_config_refusal("{\"listen\": {\"prot\": 5100}}",
                          (const char *const[]){"listen.prot", "port", NULL});
    expect_config_refusal("{\"listen\": {\"port\": \"5100\"}}",
                          (const char *const[]){"listen.port", NULL});
    expect_config_refusal("{\"log\": {\"ring_mib\": 0}}",
                          (const char *const[]){"log.ring_mib", "1", "4096", NULL});
    expect_config_refusal("{\"durability\": \"none\"}",
                          (const char *const[]){"durability", "normal", "full", NULL});
    expect_config_refusal("{\"plugins\": {\"import\": {\"max_paralel\": 4}}}",
                          (const char *const[]){"import", "max_paralel", "max_parallel", NULL});
    expect_config_refusal("{\"plugins\": {\"import\": {\"max_parallel\": 99}}}",
                          (const char *const[]){"max_parallel", "32", NULL});
    expect_refusal(1, (const char *const[]){"--config", "/nowhere/junmai.json", NULL},
                   (const char *const[]){"/nowhere/junmai.json", NULL});
}

static void test_check_config(void **state)
{
    char *folder = studio_folder_new();
    char *path = studio_path(folder, "junmai.json");
    json_t *config = json_pack("{s:{s:i}, s:{s:{s:[s]}}}", "log", "ring_mib", 2, "plugins",
                               "import", "roots", "/media");
    struct run run;
    (void)state;
    studio_write_config(path, config);
    json_decref(config);
    run_host(&run, (const char *const[]){"--config", path, "--check-config", NULL});
    assert_int_equal(run.status, 0);
    expect_words("--check-config", run.out, path);
    run_fini(&run);
    free(path);
    studio_folder_remove(folder);
}

/* Standard output is for the line that programs read, and for nothing else. */
static void test_one_line(void **state)
{
    struct studio studio;
    char line[256] = "";
    (void)state;
    studio_open(&studio, NULL, NULL);
    json_decref(ask(&studio, 200, "GET", "/healthz", NULL));
    must(jmt_process_signal(&studio.host.process, SIGTERM));
    assert_int_equal(jmt_process_line(&studio.host.process, line, sizeof line, END_MS), -1);
    assert_string_equal(line, "");
    assert_int_equal(jmt_process_wait(&studio.host.process, END_MS), 0);
    studio_drop(&studio);
}

static size_t count_words(const char *text, const char *words)
{
    size_t count = 0;
    for (; (text = strstr(text, words)); text++)
        count++;
    return count;
}

static void write_text(const char *folder, const char *name, const char *text)
{
    char *path = studio_path(folder, name);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    free(path);
}

#define MANIFEST(name)                                                              \
    "{\"name\": \"" name                                                            \
    "\", \"version\": \"1.0.0\", \"description\": \"A test.\", \"object\": \"" name \
    ".so\", \"abi\": {\"major\": 1, \"minor\": 0}}"

/* Half-installed plugins: each is told, with what to do, and once. */
static void test_strays(void **state)
{
    char *folder = studio_folder_new();
    struct run run;
    (void)state;
    write_text(folder, "lonely.so", "no object at all");
    write_text(folder, "half.json", MANIFEST("half"));
    write_text(folder, "off.json", MANIFEST("off"));
    run_host(&run, (const char *const[]){"--plugin-dir", folder, "--enable", "half",
                                         "--check-config", NULL});
    assert_int_equal(run.status, 1);
    assert_int_equal(count_words(run.err, "lonely.so is not loaded"), 1);
    expect_words("the warning", run.err, "install the .json file");
    assert_int_equal(count_words(run.err, "half.so is not there"), 1);
    assert_int_equal(count_words(run.err, "off.json names"), 1);
    expect_words("the warning", run.err, "install that file");
    run_fini(&run);
    studio_folder_remove(folder);
}

static void test_data_directory(void **state)
{
    struct studio studio;
    struct stat info;
    char pid[24];
    (void)state;
    studio_open(&studio, NULL, NULL);
    snprintf(pid, sizeof pid, "%d", (int)studio.host.process.pid);
    expect_refusal(1, (const char *const[]){"--data", studio.host.data_dir, "--port", "0", NULL},
                   (const char *const[]){studio.host.data_dir, pid, NULL});
    json_decref(ask(&studio, 200, "GET", "/healthz", NULL));

    /* What was opened to others is closed again, and said. */
    must(jmt_host_stop(&studio.host));
    assert_int_equal(chmod(studio.host.data_dir, 0755), 0);
    jmt_host_log_mark(&studio.host);
    must(jmt_host_restart(&studio.host));
    must(jmt_host_log_wait(&studio.host, "0755", END_MS));
    assert_int_equal(stat(studio.host.data_dir, &info), 0);
    assert_int_equal(info.st_mode & 07777, 0700);
    studio_close(&studio);
}

static void test_new_data_directory(void **state)
{
    char *folder = studio_folder_new();
    char *data = studio_path(folder, "a/b/data");
    struct studio studio;
    struct stat info;
    (void)state;
    studio_open(&studio, NULL, (const char *const[]){"--data", data, NULL});
    assert_int_equal(stat(data, &info), 0);
    assert_int_equal(info.st_mode & 07777, 0700);
    studio_close(&studio);
    free(data);
    studio_folder_remove(folder);
}

/* The version of a database is the big-endian number at byte 60 of its file. */
static void test_newer_database(void **state)
{
    static const unsigned char version[] = {0, 0, 0, 99};
    struct studio studio;
    (void)state;
    studio_open(&studio, NULL, NULL);
    must(jmt_host_stop(&studio.host));
    char *path = studio_path(studio.host.data_dir, "junmai.db");
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, version, sizeof version, 60), sizeof version);
    close(fd);
    expect_refusal(1, (const char *const[]){"--data", studio.host.data_dir, "--port", "0", NULL},
                   (const char *const[]){path, "99", "newer", NULL});
    free(path);
    studio_drop(&studio);
}

static int notify_socket(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    assert_true(strlen(path) < sizeof address.sun_path);
    memcpy(address.sun_path, path, strlen(path) + 1);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

static void expect_notice(int fd, const char *wanted)
{
    char notice[256];
    must(jmt_fd_wait(fd, POLLIN, jmt_deadline_after(END_MS)));
    ssize_t got = recv(fd, notice, sizeof notice - 1, 0);
    assert_true(got > 0);
    notice[got] = '\0';
    expect_words("the notice", notice, wanted);
}

static void test_systemd(void **state)
{
    char *folder = studio_folder_new();
    char *path = studio_path(folder, "notify");
    int fd = notify_socket(path);
    struct studio studio;
    (void)state;
    setenv("NOTIFY_SOCKET", path, 1);
    studio_open(&studio, NULL, NULL);
    unsetenv("NOTIFY_SOCKET");
    expect_notice(fd, "READY=1");
    must(jmt_process_signal(&studio.host.process, SIGTERM));
    expect_notice(fd, "STOPPING=1");
    assert_int_equal(jmt_process_wait(&studio.host.process, END_MS), 0);
    studio_drop(&studio);
    close(fd);
    free(path);
    studio_folder_remove(folder);
}

static void expect_drain(struct jmt_ws *ws)
{
    int retry_ms = 0;
    assert_int_equal(jmt_ws_wait_close(ws, END_MS), 1001);
    assert_int_equal(sscanf(ws->close_reason, "retry_ms=%d", &retry_ms), 1);
    assert_in_range(retry_ms, 1, 60000);
}

static void test_sigterm(void **state)
{
    struct studio studio;
    struct jmt_ws first;
    struct jmt_ws second;
    (void)state;
    studio_open(&studio, NULL, NULL);
    listen_open(&first, &studio, "jobs");
    listen_open(&second, &studio, NULL);
    must(jmt_process_signal(&studio.host.process, SIGTERM));
    expect_drain(&first);
    expect_drain(&second);
    assert_int_equal(jmt_process_wait(&studio.host.process, END_MS), 0);
    jmt_ws_fini(&first);
    jmt_ws_fini(&second);
    studio_drop(&studio);
}

/* A client that never answers the close cannot hold the host for long. */
static void test_sigterm_with_silent_client(void **state)
{
    struct studio studio;
    struct jmt_ws silent;
    (void)state;
    studio_open(&studio, NULL, NULL);
    listen_open(&silent, &studio, "jobs");
    must(jmt_host_stop(&studio.host));
    jmt_ws_fini(&silent);
    studio_drop(&studio);
}

static void test_second_signal(void **state)
{
    struct studio studio;
    struct jmt_ws silent;
    (void)state;
    studio_open(&studio, NULL, NULL);
    listen_open(&silent, &studio, "jobs");
    must(jmt_process_signal(&studio.host.process, SIGTERM));
    must(jmt_host_log_wait(&studio.host, "shutting down", END_MS));
    must(jmt_process_signal(&studio.host.process, SIGTERM));
    assert_int_equal(jmt_process_wait(&studio.host.process, END_MS), SIGTERM_STATUS);
    jmt_ws_fini(&silent);
    studio_drop(&studio);
}

/* Where nobody looks at a terminal, each line of the log is a JSON object. */
static void test_log_lines(void **state)
{
    struct studio studio;
    char *line = NULL;
    size_t size = 0;
    int lines = 0;
    (void)state;
    studio_open(&studio, NULL, (const char *const[]){"--log-level", "debug", NULL});
    must(jmt_host_stop(&studio.host));
    FILE *log = fopen(studio.host.log_path, "re");
    assert_non_null(log);
    while (getline(&line, &size, log) > 0) {
        json_t *entry = json_loads(line, 0, NULL);
        if (!json_is_object(entry))
            fail_msg("a line of the log is no JSON: %s", line);
        expect_time(entry, "timestamp");
        assert_true(*text_of(entry, "level") != '\0' && *text_of(entry, "source") != '\0');
        assert_true(*text_of(entry, "message") != '\0');
        json_decref(entry);
        lines++;
    }
    assert_true(lines > 0);
    free(line);
    fclose(log);
    studio_drop(&studio);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_help_and_version),
        cmocka_unit_test(test_bad_command_lines),
        cmocka_unit_test(test_print_config),
        cmocka_unit_test(test_broken_configurations),
        cmocka_unit_test(test_check_config),
        cmocka_unit_test(test_one_line),
        cmocka_unit_test(test_strays),
        cmocka_unit_test(test_data_directory),
        cmocka_unit_test(test_new_data_directory),
        cmocka_unit_test(test_newer_database),
        cmocka_unit_test(test_systemd),
        cmocka_unit_test(test_sigterm),
        cmocka_unit_test(test_sigterm_with_silent_client),
        cmocka_unit_test(test_second_signal),
        cmocka_unit_test(test_log_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
