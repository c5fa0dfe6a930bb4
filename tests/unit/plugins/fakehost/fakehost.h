/* A small host for the unit tests of plugins: real SQLite in memory, a virtual clock, scripted
 * requests, recorded events.
 *
 * It keeps the rules of the ABI that a plugin can break: a plugin reaches its own tables only, an
 * event holds to its declaration, a handler that fails takes its writes and events back. Everything
 * runs in the calling thread. What a test needs beyond that (timers, work, tasks) it offers with
 * fakehost_set_extension(). A broken rule of the test itself ends the program with a sentence. */
#ifndef FAKEHOST_H
#define FAKEHOST_H

#include <jansson.h>
#include <junmai/junmai.h>
#include <stdbool.h>

struct fakehost;

struct fakehost_event {
    const char *type;
    const char *channel;
    int32_t retention; /* of the declaration */
    const json_t *fields;
};

struct fakehost *fakehost_new(void);
/* Destroys the plugins, the last loaded first. */
void fakehost_free(struct fakehost *host);

/* What a plugin will find under an id instead of the host's own table; NULL takes it away. Before
 * fakehost_load(). */
void fakehost_set_extension(struct fakehost *host, const char *id, const void *table);
/* A configured option, as JSON text. Before fakehost_load(). */
void fakehost_set_option(struct fakehost *host, const char *plugin, const char *name,
                         const char *json);
/* What config->data_dir() answers; "" unless set. */
void fakehost_set_data_dir(struct fakehost *host, const char *path);

/* create, init, migrations, activate; the status of what failed, the plugin being gone then. */
jm_status fakehost_load(struct fakehost *host, const char *plugin, const jm_entry *entry);
/* drain and destroy; its tables, services and routes go, its rows stay. */
void fakehost_unload(struct fakehost *host, const char *plugin);
/* The host as the plugin sees it. */
const jm_host *fakehost_of(struct fakehost *host, const char *plugin);
/* The last sentence of a plugin, "" where there is none. */
const char *fakehost_sentence(struct fakehost *host, const char *plugin);
/* Whether a log line of any plugin holds the text. */
bool fakehost_logged(struct fakehost *host, const char *text);

int64_t fakehost_now_ms(const struct fakehost *host);
void fakehost_advance_ms(struct fakehost *host, int64_t ms);

/* What a handler does is between begin and end; with ok false it is taken back. Requests do this by
 * themselves. */
void fakehost_begin(struct fakehost *host);
void fakehost_end(struct fakehost *host, bool ok);

/* Send a request and run its handler; `body` may be NULL. Returns the HTTP status of the answer, 0
 * where there is none yet. */
int fakehost_request(struct fakehost *host, const char *method, const char *target,
                     const char *body);
/* The JSON of the last answer, borrowed until the next request. */
const json_t *fakehost_answer(struct fakehost *host);

/* The recorded events of a type (NULL: of any). */
size_t fakehost_event_count(struct fakehost *host, const char *type);
/* The event `index` of that type, in order; NULL behind the last. */
const struct fakehost_event *fakehost_event_at(struct fakehost *host, const char *type,
                                               size_t index);
void fakehost_clear_events(struct fakehost *host);

/* A service that a plugin provides; NULL where none does. */
const jm_service_slot *fakehost_service(struct fakehost *host, const char *id);
/* A service of the test's own, for plugins that require it. */
void fakehost_provide(struct fakehost *host, const char *id, const void *table, void *data);

/* Let the `nth` next statement of a plugin (1: the very next) fail with `status`. */
void fakehost_fail_exec(struct fakehost *host, int nth, jm_status status);
/* Let the commit of the next turn that asks for its end fail: a full disk takes it back. */
void fakehost_fail_commit(struct fakehost *host);
/* The integer that a statement of the test finds, in all tables. */
int64_t fakehost_sql(struct fakehost *host, const char *sql);

#endif
