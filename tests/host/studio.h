/*
 * A studio: a junmaid with a configuration of its own, and a folder of photographs that it may
 * import from. A test program mostly has one, which its tests share.
 */
#ifndef HOST_TESTS_STUDIO_H
#define HOST_TESTS_STUDIO_H

#include "client/host.h"

#include <jansson.h>

#define STUDIO_ARGS_MAX 12

struct studio {
    struct jmt_host host;
    char *folder; /* temporary; holds the two below */
    char *photos; /* the root of imports */
    char *config; /* path of its junmai.json */
    const char *argv[STUDIO_ARGS_MAX + 1];
};

/*
 * Starts a host with the configuration `config_take` (NULL: the defaults), to which the root of
 * imports is added where it names none, and with further arguments (NULL-terminated, borrowed until studio_close(); or
 * NULL). Anything that fails here fails the test.
 */
void studio_open(struct studio *studio_out, json_t *config_take, const char *const *extra_argv);

/* The same with the plugin "diary" alone, which has events of every retention. */
void studio_open_diary(struct studio *studio_out, json_t *config_take);

/* Stops the host, which must end properly, and removes everything. */
void studio_close(struct studio *studio);

/* Removes everything, whether the host runs or not. */
void studio_drop(struct studio *studio);

/* Writes a configuration file for a host that is started otherwise. */
void studio_write_config(const char *path, const json_t *config);

/* FOLDER/NAME, to free(). */
char *studio_path(const char *folder, const char *name);

/* A new temporary folder, to free(), and its end with all that it holds. */
char *studio_folder_new(void);
void studio_folder_remove(char *folder_take);

/* The short or, when JUNMAI_TEST_FULL is set, the full size of a long run. */
int studio_rounds(int usual, int full);

#endif
