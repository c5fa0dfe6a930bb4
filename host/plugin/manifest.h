/* manifest.json of a plugin: checked, owned. */
#ifndef JMH_PLUGIN_MANIFEST_H
#define JMH_PLUGIN_MANIFEST_H

#include "host/util/err.h"

#include <stdbool.h>

struct jmh_manifest {
    char *name;
    char *version;
    char *description;
    char *object;      /* file name beside the manifest */
    char *task_object; /* NULL for none */
    char **provides;   /* NULL-terminated lists */
    char **requires;
    char **optional;
    char **routes; /* prefixes */
    int abi_major, abi_minor;
    bool task_network; /* its tasks talk to other machines */
};

/* Parse and check; `where` is the file for the sentence. */
jm_status jmh_manifest_parse(struct jmh_manifest *manifest, jm_span text, const char *where,
                             struct jmh_err *err);
void jmh_manifest_fini(struct jmh_manifest *manifest);

#endif
