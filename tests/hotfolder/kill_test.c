/* The host is killed again and again while files arrive: each is in the catalog once, none is lost. */
#include "hotfolder.h"

#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <unistd.h>

#define KILLS 6
#define BEFORE_KILL 20 /* files that arrive while the host runs */
#define WHILE_AWAY 5
#define FILES (KILLS * (BEFORE_KILL + WHILE_AWAY))

/* A program that puts a file into the folder for each post of `may_write`. */
struct writer {
    const struct hot_studio *hot;
    sem_t may_write;
    sem_t written;
};

/* In two parts, the file being closed in between. */
static void write_in_parts(const char *path, const char *comment)
{
    size_t count;
    char *bytes = photo_bytes(comment, 5000, &count);
    for (int part = 0; part < 2; part++) {
        size_t from = part == 0 ? 0 : count / 3;
        size_t to = part == 0 ? count / 3 : count;
        int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
        if (fd < 0 || write(fd, bytes + from, to - from) < 0)
            abort();
        close(fd);
    }
    free(bytes);
}

static void write_one(const struct hot_studio *hot, int number, const char *name)
{
    char *to = studio_path(hot->hot, name);
    if (number % 3 == 0) {
        char *from = photo_write(hot->staging, name, name);
        if (rename(from, to) < 0)
            abort();
        free(from);
    } else if (number % 3 == 1) {
        write_in_parts(to, name);
    } else {
        free(photo_write(hot->hot, name, name));
    }
    free(to);
}

static void *write_all(void *user)
{
    struct writer *writer = user;
    char name[32];
    for (int i = 0; i < FILES; i++) {
        while (sem_wait(&writer->may_write) < 0)
            continue;
        snprintf(name, sizeof name, "arriving %d.jpg", i);
        write_one(writer->hot, i, name);
        sem_post(&writer->written);
    }
    return NULL;
}

static void let_write(struct writer *writer, int files)
{
    for (int i = 0; i < files; i++)
        sem_post(&writer->may_write);
}

static void wait_written(struct writer *writer, int files)
{
    for (int i = 0; i < files; i++) {
        while (sem_wait(&writer->written) < 0)
            continue;
    }
}

/* Some files arrive and are imported, more arrive, and it is killed while they do. */
static void kill_while_arriving(struct hot_studio *hot, struct writer *writer)
{
    struct jmt_ws ws;
    listen_open(&ws, &hot->studio, "photos");
    let_write(writer, BEFORE_KILL / 2);
    json_decref(listen_for(&ws, "photo_imported"));
    let_write(writer, BEFORE_KILL / 2);
    json_decref(listen_for(&ws, "photo_imported"));
    jmt_host_kill(&hot->studio.host);
    jmt_ws_fini(&ws);
    let_write(writer, WHILE_AWAY);
    wait_written(writer, BEFORE_KILL + WHILE_AWAY);
    must(jmt_host_restart(&hot->studio.host));
}

static void expect_each_once(const struct hot_studio *hot)
{
    char name[32];
    for (int i = 0; i < FILES; i += 7) {
        snprintf(name, sizeof name, "arriving %d.jpg", i);
        char *path = studio_path(hot->hot, name);
        json_decref(hot_photo_of(hot, path));
        free(path);
    }
}

/* A photograph and the ledger's row of its file are one change: no file was imported a second
 * time, to be found a duplicate. */
static void expect_no_duplicate(struct hot_studio *hot)
{
    static const char others[] =
        "SELECT count(*) FROM import_hot_ledger WHERE outcome <> 'imported' AND ?1 = ?1";
    must(jmt_host_stop(&hot->studio.host));
    assert_int_equal(hot_ask_database(hot, others, 0), 0);
    must(jmt_host_restart(&hot->studio.host));
}

static void test_kill(void **state)
{
    struct hot_studio hot;
    pthread_t thread;
    (void)state;
    hot_open(&hot, NULL);
    hot_add(&hot, hot.hot);
    struct writer writer = {.hot = &hot};
    sem_init(&writer.may_write, 0, 0);
    sem_init(&writer.written, 0, 0);
    assert_int_equal(pthread_create(&thread, NULL, write_all, &writer), 0);
    for (int i = 0; i < KILLS; i++)
        kill_while_arriving(&hot, &writer);
    pthread_join(thread, NULL);
    hot_wait_count(&hot, "imported", FILES);
    hot_wait_count(&hot, "pending", 0);
    assert_int_equal(hot_total(&hot), FILES);
    expect_each_once(&hot);
    expect_no_duplicate(&hot);
    assert_int_equal(photo_count_files(hot.studio.host.data_dir, ".part"), 0);
    char *library = studio_path(hot.studio.host.data_dir, "library");
    assert_int_equal(photo_count_files(library, NULL), FILES);
    free(library);
    hot_close(&hot);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_kill)};
    return cmocka_run_group_tests_name("hot folder kill", tests, NULL, NULL);
}
