/* A studio with a hot folder: see hotfolder.h. */
#include "hotfolder.h"

#include "client/process.h"
#include "client/wait.h"

#include <errno.h>
#include <poll.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define LOOK_AGAIN_MS 20 /* a status is no event: it is asked for until it is as wanted */

char *hot_mkdir(const char *folder, const char *name)
{
    char *path = studio_path(folder, name);
    if (mkdir(path, 0755) < 0)
        fail_msg("cannot make %s: %s", path, strerror(errno));
    return path;
}

void hot_open(struct hot_studio *hot_out, json_t *more_take)
{
    json_t *options = more_take ? more_take : json_object();
    if (!json_object_get(options, "hot_settle_ms"))
        json_object_set_new(options, "hot_settle_ms", json_integer(HOT_SETTLE_MS));
    studio_open(&hot_out->studio, json_pack("{s:{s:o}}", "plugins", "import", options), NULL);
    hot_out->hot = hot_mkdir(hot_out->studio.photos, "hot");
    hot_out->staging = hot_mkdir(hot_out->studio.photos, "staging");
}

void hot_close(struct hot_studio *hot)
{
    studio_close(&hot->studio);
    free(hot->hot);
    free(hot->staging);
}

static void change(const struct hot_studio *hot, const char *verb, const char *folder,
                   const char *message, bool listed)
{
    char route[32];
    bool found = false;
    size_t i;
    json_t *each;
    snprintf(route, sizeof route, "/hotfolder/%s", verb);
    json_t *answer = ask(&hot->studio, 200, "POST", route, json_pack("{s:s}", "folder", folder));
    expect_text(answer, "message", message);
    expect_text(answer, "folder", folder);
    json_array_foreach(list_of(answer, "folders"), i, each) found =
        found || strcmp(json_string_value(each), folder) == 0;
    assert_int_equal(found, listed);
    json_decref(answer);
}

void hot_add(const struct hot_studio *hot, const char *folder)
{
    change(hot, "add", folder, "Folder added successfully", true);
}

void hot_remove(const struct hot_studio *hot, const char *folder)
{
    change(hot, "remove", folder, "Folder removed successfully", false);
}

json_t *hot_status(const struct hot_studio *hot, const char *folder)
{
    json_t *found = NULL;
    size_t i;
    json_t *each;
    json_t *answer = ask(&hot->studio, 200, "GET", "/hotfolder/status", NULL);
    json_array_foreach(list_of(answer, "folder_status"), i,
                       each) if (strcmp(text_of(each, "folder"), folder) == 0) found =
        json_incref(each);
    if (!found)
        fail_msg("%s is not among the folders", folder);
    json_decref(answer);
    return found;
}

bool hot_again(int64_t deadline_ms)
{
    poll(NULL, 0, LOOK_AGAIN_MS);
    return jmt_clock_ms() < deadline_ms;
}

void hot_wait_count(const struct hot_studio *hot, const char *key, json_int_t count)
{
    int64_t deadline_ms = jmt_deadline_after(HOT_PATIENCE_MS);
    json_int_t seen;
    json_t *status = NULL;
    do {
        json_decref(status);
        status = hot_status(hot, hot->hot);
        seen = int_of(status, key);
    } while (seen != count && hot_again(deadline_ms));
    if (seen != count) {
        json_dumpf(status, stderr, 0);
        fail_msg("%s is %d, not %d", key, (int)seen, (int)count);
    }
    json_decref(status);
}

void hot_wait_text(const struct hot_studio *hot, const char *key, const char *words)
{
    int64_t deadline_ms = jmt_deadline_after(HOT_PATIENCE_MS);
    bool seen;
    json_t *status = NULL;
    do {
        json_decref(status);
        status = hot_status(hot, hot->hot);
        const char *text = json_string_value(json_object_get(status, key));
        seen = text && strstr(text, words);
    } while (!seen && hot_again(deadline_ms));
    if (!seen) {
        json_dumpf(status, stderr, 0);
        fail_msg("%s does not come to contain \"%s\"", key, words);
    }
    json_decref(status);
}

json_int_t hot_total(const struct hot_studio *hot)
{
    json_t *stats = ask(&hot->studio, 200, "GET", "/import/stats", NULL);
    json_int_t total = int_of(stats, "total_photos");
    json_decref(stats);
    return total;
}

void hot_pass(const struct hot_studio *hot)
{
    static int number;
    char name[32];
    snprintf(name, sizeof name, "pass %d.jpg", ++number);
    json_t *before = hot_status(hot, hot->hot);
    free(photo_write(hot->hot, name, name));
    hot_wait_count(hot, "imported", int_of(before, "imported") + 1);
    json_decref(before);
}

static bool came_from(const struct hot_studio *hot, const json_t *photo, const char *path)
{
    char route[64];
    size_t i;
    json_t *source;
    bool found = false;
    snprintf(route, sizeof route, "/api/photos/%d", (int)int_of(photo, "id"));
    json_t *detail = ask(&hot->studio, 200, "GET", route, NULL);
    json_array_foreach(list_of(detail, "sources"), i, source)
    {
        const char *text =
            json_is_object(source) ? text_of(source, "path") : json_string_value(source);
        found = found || (text && strcmp(text, path) == 0);
    }
    json_decref(detail);
    return found;
}

json_t *hot_photo_of(const struct hot_studio *hot, const char *path)
{
    json_t *photo = NULL;
    size_t i;
    json_t *each;
    json_t *answer = ask(&hot->studio, 200, "GET", "/import/photos?limit=-1", NULL);
    json_array_foreach(list_of(answer, "photos"), i, each)
    {
        if (!came_from(hot, each, path))
            continue;
        if (photo)
            fail_msg("two photographs came from %s", path);
        photo = json_incref(each);
    }
    if (!photo)
        fail_msg("no photograph came from %s", path);
    json_decref(answer);
    return photo;
}

json_int_t hot_ask_database(const struct hot_studio *hot, const char *sql, json_int_t argument)
{
    sqlite3 *database;
    sqlite3_stmt *statement;
    char *path = studio_path(hot->studio.host.data_dir, "junmai.db");
    assert_int_equal(sqlite3_open_v2(path, &database, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(database, sql, -1, &statement, NULL), SQLITE_OK);
    sqlite3_bind_int64(statement, 1, argument);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    json_int_t value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(database);
    free(path);
    return value;
}

void hot_run(const char *const *argv)
{
    struct jmt_process process;
    must(jmt_process_start(&process, argv, NULL));
    assert_int_equal(jmt_process_wait(&process, JMT_PATIENCE_MS), 0);
}
