/* One declared option and a JSON value: does the value hold to it?
 *
 * The host's own options and those of the plugins are declared alike (jm_option of the ABI) and
 * checked here, so that every wrong value is told in the same words. [any] */
#ifndef JMH_CONFIG_OPTION_H
#define JMH_CONFIG_OPTION_H

#include "host/util/err.h"

#include <jansson.h>
#include <junmai/ext/config.h>
#include <stdio.h>

/* Check type, range and choices; `where` begins the sentence ("junmai.json: limits.clients"). */
jm_status jmh_option_check(const jm_option *option, const json_t *value, const char *where,
                           struct jmh_err *err);
/* The default as a value, a new reference; NULL where its text is no JSON. */
json_t *jmh_option_default(const jm_option *option);
/* "an integer", "a string", …: what a value is, for sentences. */
const char *jmh_json_type_text(const json_t *value);
/* One option as an operator reads it: path, default, what is allowed, meaning. `prefix` is "" or
 * "plugins.NAME.". */
void jmh_option_print(FILE *out, const char *prefix, const jm_option *option);

#endif
