/*
 * A host with plugins of the tests: a plugin folder is put together for each of them, out of the
 * folders that the build has made, and everything else is a studio (tests/host/studio.h).
 */
#ifndef ZOO_TESTS_ZOO_H
#define ZOO_TESTS_ZOO_H

#include "ask.h"
#include "check.h"
#include "listen.h"

#define ZOO_MS 10000

struct zoo {
    struct studio studio;
    char *plugins; /* the plugin folder */
};

/*
 * Starts a host with the plugins of these folders of BUILD/test-plugins ("good everything"), and
 * with a configuration (NULL: the defaults). It must serve.
 */
void zoo_open(struct zoo *zoo_out, const char *folders, json_t *config_take);

/* Stops the host, which must end properly, and removes everything. */
void zoo_close(struct zoo *zoo);

/* Removes everything, whether the host runs or not. */
void zoo_drop(struct zoo *zoo);

/* Stops it, which must end properly, and starts it again with another configuration. */
void zoo_restart(struct zoo *zoo, json_t *config_take);

/* A start that must fail, with an exit status that is not 0 and all of these words (ended by NULL)
 * on standard error. */
void zoo_refused(const char *folders, json_t *config_take, const char *const *words);

/* What /plugins says of a plugin; the caller's. */
json_t *zoo_plugin(const struct zoo *zoo, const char *name);

/* Its state must be that one, and its reason (NULL: it must have none) contain those words. */
void zoo_expect(const struct zoo *zoo, const char *name, const char *state, const char *reason);

/* The value of a metric ("junmai_commits_total", 'x{key="value"}'), or -1 where there is none. */
double zoo_metric(const struct zoo *zoo, const char *name);

/* The text of an answer with status 200; to free(). */
char *zoo_text(const struct zoo *zoo, const char *path);

/* Whether the host has said these words, on standard error, in any of its starts. */
bool zoo_log_has(const struct zoo *zoo, const char *words);

/* From here on a worker that crashes dies as it would without a sanitizer. */
void zoo_tame_workers(void);

/* Whether this run is one of AddressSanitizer. */
bool zoo_has_asan(void);

/* "{"plugins": {NAME: {KEY: value}}}" */
json_t *zoo_option(const char *plugin, const char *key, json_t *value_take);

/* DATA/everything/NAME with these bytes; the path is the caller's. */
char *zoo_write_file(const struct zoo *zoo, const char *name, const char *bytes, size_t count);

#endif
