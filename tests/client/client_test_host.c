/*
 * The tests of jmt_host. The host they start is client_test itself through a link named junmaid:
 * it says where it listens, logs a line on SIGUSR1, and ends on SIGTERM with the status asked for.
 */
#include "client_test_host.h"

#include "client/error.h"
#include "client/host.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

int host_program_main(int argc, char **argv)
{
    const char *greeting = argc > 5 ? argv[5] : "junmaid listening on http://127.0.0.1:4711";
    int exit_status = argc > 6 ? atoi(argv[6]) : 0;
    char mark[512];
    sigset_t signals;
    int signal_number = 0;

    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGUSR1);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    snprintf(mark, sizeof mark, "%s/started", argv[2]);
    fprintf(stderr, access(mark, F_OK) == 0 ? "started again\n" : "started new\n");
    fclose(fopen(mark, "we"));
    puts(greeting);
    fflush(stdout);
    while (sigwait(&signals, &signal_number) == 0 && signal_number == SIGUSR1)
        fprintf(stderr, "poked\n");
    return exit_status;
}

static char bin_dir[32];

static void make_bin_dir(void)
{
    char self[512];
    char link_path[64];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    assert_true(length > 0);
    self[length] = '\0';
    snprintf(bin_dir, sizeof bin_dir, "/tmp/junmai-client-XXXXXX");
    assert_non_null(mkdtemp(bin_dir));
    snprintf(link_path, sizeof link_path, "%s/junmaid", bin_dir);
    assert_int_equal(symlink(self, link_path), 0);
    assert_int_equal(setenv("JUNMAI_BIN_DIR", bin_dir, 1), 0);
}

static void remove_bin_dir(void)
{
    char link_path[64];
    snprintf(link_path, sizeof link_path, "%s/junmaid", bin_dir);
    assert_int_equal(unlink(link_path), 0);
    assert_int_equal(rmdir(bin_dir), 0);
}

void test_host_lifecycle(void **state)
{
    struct jmt_host host;
    (void)state;
    make_bin_dir();
    assert_int_equal(jmt_host_start(&host, NULL), 0);
    assert_int_equal(host.port, 4711);
    assert_true(jmt_host_rss_kib(&host) > 0);
    assert_true(jmt_host_cpu_s(&host) > 0);
    pid_t first = host.process.pid;
    assert_int_equal(jmt_host_stop(&host), 0);
    assert_int_equal(kill(first, 0), -1);
    assert_int_equal(jmt_host_stop(&host), -1);

    assert_int_equal(jmt_host_restart(&host), 0);
    assert_int_equal(jmt_host_log_wait(&host, "started again", 5000), 0);
    pid_t second = host.process.pid;
    jmt_host_kill(&host);
    assert_int_equal(kill(second, 0), -1);
    assert_int_equal(jmt_host_restart(&host), 0);

    char *root = strdup(host.root);
    jmt_host_fini(&host);
    assert_int_equal(access(root, F_OK), -1);
    free(root);
    remove_bin_dir();
}

void test_host_log(void **state)
{
    struct jmt_host host;
    (void)state;
    make_bin_dir();
    assert_int_equal(jmt_host_start(&host, NULL), 0);
    assert_int_equal(jmt_host_log_wait(&host, "started new", 5000), 0);
    assert_int_equal(jmt_host_log_wait(&host, "poked", 50), -1);
    assert_int_equal(jmt_process_signal(&host.process, SIGUSR1), 0);
    assert_int_equal(jmt_host_log_wait(&host, "poked", 5000), 0);
    jmt_host_log_mark(&host);
    assert_int_equal(jmt_host_log_wait(&host, "poked", 50), -1);
    assert_int_equal(jmt_process_signal(&host.process, SIGTERM), 0);
    assert_int_equal(jmt_host_log_wait(&host, "never said", 60000), -1);
    jmt_host_fini(&host);
    remove_bin_dir();
}

void test_host_bad_starts(void **state)
{
    static const char *const wrong_line[] = {"hello", NULL};
    static const char *const wrong_exit[] = {"junmaid listening on http://127.0.0.1:1", "3", NULL};
    struct jmt_host host;
    (void)state;
    make_bin_dir();
    assert_int_equal(jmt_host_start(&host, wrong_line), -1);
    assert_non_null(strstr(jmt_error_text(), "\"hello\""));
    jmt_host_fini(&host);

    assert_int_equal(jmt_host_start(&host, wrong_exit), 0);
    assert_int_equal(jmt_host_stop(&host), -1);
    assert_non_null(strstr(jmt_error_text(), "ended with 3"));
    jmt_host_fini(&host);
    remove_bin_dir();

    assert_int_equal(jmt_host_start(&host, NULL), -1);
    assert_non_null(strstr(jmt_error_text(), "cannot start"));
    jmt_host_fini(&host);
}
