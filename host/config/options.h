/* The host's own options: one table, from which the file is checked, the defaults are taken and
 * --print-config is printed. [any] */
#ifndef JMH_CONFIG_OPTIONS_H
#define JMH_CONFIG_OPTIONS_H

#include <junmai/ext/config.h>

/* Where the value of an option goes: the member of struct jmh_config at `offset`. */
enum jmh_setting_kind {
    JMH_SETTING_INT64,
    JMH_SETTING_INT,
    JMH_SETTING_LIST,        /* char **, NULL-terminated */
    JMH_SETTING_FULL,        /* bool: the text is "full" */
    JMH_SETTING_COMPRESSION, /* enum jmh_compression */
};

struct jmh_setting {
    jm_option option; /* its name is the path in the file: "limits.clients" */
    enum jmh_setting_kind kind;
    size_t offset;
};

extern const struct jmh_setting jmh_settings[];
extern const size_t jmh_setting_count;

#endif
