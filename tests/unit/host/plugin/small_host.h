/* A whole host in the test's own process, over one folder of tests/plugins and a temporary data
 * directory, so that a test can look at its registry. */
#ifndef SMALL_HOST_H
#define SMALL_HOST_H

#include "host/host.h"

struct small_host {
    struct jmh_host host;
    struct jmh_err err;
    char folder[64]; /* temporary: data/ and, where it was given, junmai.json */
};

/* Make the folder; `config` is the text of junmai.json, NULL for none. */
void small_host_prepare(struct small_host *small, const char *config);
/* Start over TEST_PLUGINS/scenario; `enable` as in jmh_host_options. */
jm_status small_host_start(struct small_host *small, const char *scenario,
                           const char *const *enable);
void small_host_stop(struct small_host *small);
/* Remove the folder. */
void small_host_remove(struct small_host *small);
/* Run the loop until *flag, ten seconds at most; *flag. */
bool small_host_run_until(struct small_host *small, const bool *flag);
/* The plugin of that name, which must be there. */
struct jmh_plugin *small_host_plugin(struct small_host *small, const char *name);

#endif
