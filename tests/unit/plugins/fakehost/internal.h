/* The fake host's own state, shared by its files. */
#ifndef FAKEHOST_INTERNAL_H
#define FAKEHOST_INTERNAL_H

#include "fakehost.h"

#include <sqlite3.h>

#define FAKE_PLUGINS 4
#define FAKE_WAITERS 64
#define FAKE_TYPES 64
#define FAKE_ROUTES 96
#define FAKE_EVENTS 4096
#define FAKE_SERVICES 8
#define FAKE_EXTENSIONS 16
#define FAKE_OPTIONS 32
#define FAKE_LOG_LINES 256

struct fake_plugin {
    struct fakehost *world;
    char name[64];
    const char *manifest; /* of its entry */
    jm_host host;
    const jm_plugin *plugin;
    const jm_migration *migrations;
    size_t migration_count;
    json_t *values; /* name: value of each option */
    char sentence[512];
};

struct fake_route {
    struct fake_plugin *owner;
    jm_route route;
};

struct fake_service {
    struct fake_plugin *owner; /* NULL: the test */
    char id[64];
    jm_service_slot slot;
};

struct fake_request {
    jm_id id;
    const struct fake_route *route;
    json_t *params; /* name: text */
    json_t *query;
    json_t *headers;
    int status; /* of the answer, 0 before it */
    json_t *answer;
};

struct fakehost {
    struct fake_plugin *plugins[FAKE_PLUGINS];
    struct {
        char id[64];
        const void *table;
    } extensions[FAKE_EXTENSIONS];
    size_t extension_count;
    struct {
        char plugin[64], name[64], json[256];
    } options[FAKE_OPTIONS];
    size_t option_count;
    struct fake_service services[FAKE_SERVICES];
    size_t service_count;
    struct fake_route routes[FAKE_ROUTES];
    size_t route_count;
    jm_event_type types[FAKE_TYPES];
    struct fake_plugin *type_owners[FAKE_TYPES];
    size_t type_count;
    struct fakehost_event events[FAKE_EVENTS];
    size_t event_count;
    size_t events_before_call;
    char *log_lines[FAKE_LOG_LINES];
    size_t log_count;
    sqlite3 *db;
    const char *db_user; /* name of the plugin whose statement is being prepared, or NULL */
    int fail_exec_in;
    jm_status fail_exec_status;
    bool fail_commit;
    int64_t now_ms;
    bool in_call;
    struct {
        jm_commit_fn fn;
        void *user;
    } commit_waiters[FAKE_WAITERS];
    size_t waiter_count;
    struct fake_request request;
    jm_id last_id;
    char data_dir[512];
};

extern const jm_host_config fake_config_table;
extern const jm_host_event fake_event_table;
extern const jm_host_http fake_http_table;
extern const jm_host_store fake_store_table;

struct fake_plugin *fake_plugin_of(const jm_host *host);

/* Set a plugin's sentence; is the status. */
__attribute__((format(printf, 3, 4))) jm_status fake_fail(struct fake_plugin *plugin,
                                                          jm_status status, const char *format,
                                                          ...);

/* End the program: the test itself is wrong. */
__attribute__((format(printf, 1, 2), noreturn)) void fake_die(const char *format, ...);

void fake_store_open(struct fakehost *host);
void fake_store_close(struct fakehost *host);
jm_status fake_store_migrate(struct fake_plugin *plugin);

void fake_event_truncate(struct fakehost *host, size_t count);
void fake_request_fini(struct fake_request *request);

#endif
