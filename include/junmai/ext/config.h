/* junmai.config/1 - options of a plugin, declared once, read by name.
 *
 * init() declares a table of options. The host checks `plugins.NAME` of junmai.json against it and
 * refuses to start on an unknown key, a wrong type or a value out of range; it prints the table with
 * `junmaid --print-config`. Values never change while a plugin is loaded. */
#ifndef JUNMAI_EXT_CONFIG_H
#define JUNMAI_EXT_CONFIG_H

#include <junmai/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define JM_EXT_CONFIG "junmai.config/1"

#define JM_OPTION_BOOL 1   /* true, false */
#define JM_OPTION_INT 2    /* integer from min to max */
#define JM_OPTION_NUMBER 3 /* number from min to max */
#define JM_OPTION_TEXT 4   /* string; `choices` may list the allowed ones */
#define JM_OPTION_LIST 5   /* array of strings */

typedef struct jm_option {
    const char *name;         /* NUL-terminated; lower case and '_' */
    int32_t type;             /* JM_OPTION_* */
    uint32_t reserved;        /* 0 */
    const char *default_json; /* default as JSON text: "true", "3", "\"copy\"", "[]" */
    double min, max;          /* of INT and NUMBER; both 0 for no bounds */
    const char *choices;      /* of TEXT: "copy|move|reference"; NULL for any string */
    const char *help;         /* one sentence, with the unit */
} jm_option;

typedef struct jm_host_config {
    uint32_t size;
    /* Declare the options and check the configured values; at most one call. The table must live
     * until destroy(). [loop & loaded]
     * Returns JM_OK, JM_EINVAL (a value breaks its rule: the host has set the sentence). */
    jm_status (*declare)(const jm_host *host, const jm_option *options, size_t count);
    /* Read a declared option. Integer options answer get_number too. [loop]
     * Return JM_OK, JM_ENOENT (not declared), JM_EINVAL (another type). */
    jm_status (*get_bool)(const jm_host *host, const char *name, int32_t *value_out);
    jm_status (*get_int)(const jm_host *host, const char *name, int64_t *value_out);
    jm_status (*get_number)(const jm_host *host, const char *name, double *value_out);
    /* NUL-terminated; valid until destroy(). [loop] */
    jm_status (*get_text)(const jm_host *host, const char *name, jm_span *value_out);
    /* Entry `index` of a list; JM_ENOENT behind its end. NUL-terminated; valid until destroy().
     * [loop] */
    jm_status (*get_item)(const jm_host *host, const char *name, size_t index, jm_span *value_out);
    /* The absolute path of the host's data directory, NUL-terminated; valid until destroy(). A
     * plugin keeps files in a folder of its own below it. [loop] */
    jm_span (*data_dir)(const jm_host *host);
} jm_host_config;

#ifdef __cplusplus
}
#endif
#endif
