/* The shared part of the store's tests; see fixture.h. */
#include "fixture.h"

#include "host/util/span.h"
#include "host/util/trace.h"

#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int fixture_setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    assert_non_null(fixture);
    (void)snprintf(fixture->dir, sizeof fixture->dir, "/tmp/junmai-store-XXXXXX");
    assert_non_null(mkdtemp(fixture->dir));
    jmh_trace_level(JM_LOG_ERROR);
    fixture->boot_id = "first boot";
    fixture_open(fixture);
    *state = fixture;
    return 0;
}

static int remove_entry(const char *path, const struct stat *facts, int kind, struct FTW *place)
{
    (void)facts;
    (void)kind;
    (void)place;
    return remove(path);
}

int fixture_teardown(void **state)
{
    struct fixture *fixture = *state;
    jmh_store_close(fixture->store);
    assert_int_equal(nftw(fixture->dir, remove_entry, 8, FTW_DEPTH | FTW_PHYS), 0);
    free(fixture);
    return 0;
}

void fixture_open(struct fixture *fixture)
{
    const struct jmh_store_options options = {
        .data_dir = fixture->dir, .durability = fixture->durability, .boot_id = fixture->boot_id};
    fixture->store = jmh_store_open(&options, &fixture->err);
    if (fixture->store == NULL) {
        fail_msg("%s", fixture->err.text);
    }
}

void fixture_reopen(struct fixture *fixture, const char *boot_id)
{
    jmh_store_close(fixture->store);
    fixture->boot_id = boot_id;
    fixture_open(fixture);
}

void fixture_crash(struct fixture *fixture, void (*work)(struct fixture *fixture))
{
    jmh_store_close(fixture->store);
    fixture->store = NULL;
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        fixture_open(fixture);
        work(fixture);
        (void)kill(getpid(), SIGKILL);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

const char *fixture_path(const struct fixture *fixture, const char *name)
{
    static char path[512];
    (void)snprintf(path, sizeof path, "%s/%s", fixture->dir, name);
    return path;
}

jm_status run(struct fixture *fixture, const char *owner, const char *sql)
{
    fixture->err.text[0] = '\0';
    return jmh_store_exec(fixture->store, owner, sql, NULL, 0, NULL, NULL, NULL, &fixture->err);
}

void run_turn(struct fixture *fixture, const char *owner, const char *sql)
{
    if (run(fixture, owner, sql) != JM_OK ||
        jmh_store_commit(fixture->store, &fixture->err) != JM_OK) {
        fail_msg("%s", fixture->err.text);
    }
}

struct answer {
    int64_t integer;
    bool is_there;
};

static jm_status take_answer(void *user, const jm_value *columns, size_t count)
{
    struct answer *answer = user;
    assert_int_equal(count, 1);
    if (!answer->is_there) {
        *answer = (struct answer){columns[0].integer, true};
    }
    return JM_OK;
}

int64_t ask(struct fixture *fixture, const char *owner, const char *sql)
{
    struct answer answer = {0};
    if (jmh_store_exec(fixture->store, owner, sql, NULL, 0, take_answer, &answer, NULL,
                       &fixture->err) != JM_OK) {
        fail_msg("%s", fixture->err.text);
    }
    assert_true(answer.is_there);
    return answer.integer;
}

void make_tables(struct fixture *fixture, const char *owner, const char *sql)
{
    const jm_migration migration = {.version = 1, .sql = sql};
    if (jmh_store_migrate(fixture->store, owner, &migration, 1, &fixture->err) != JM_OK) {
        fail_msg("%s", fixture->err.text);
    }
}

jm_status append(struct fixture *fixture, uint64_t seq, const char *channel)
{
    const struct jmh_stored_event event = {.seq = seq,
                                           .utc_ms = 1000 + (int64_t)seq,
                                           .channel = jmh_span(channel),
                                           .type = jmh_span("tick"),
                                           .body = jmh_span("{}")};
    return jmh_store_append(fixture->store, &event, &fixture->err);
}
