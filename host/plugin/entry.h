/* The entry that a plugin exports: is it of this ABI? [any] */
#ifndef JMH_PLUGIN_ENTRY_H
#define JMH_PLUGIN_ENTRY_H

#include "host/util/err.h"

#include <junmai/plugin.h>

/* Check magic, size and version; `path` is for the sentence. Runs no code of the plugin. */
jm_status jmh_entry_check(const jm_entry *entry, const char *path, struct jmh_err *err);

#endif
