/* The plugin folder: from its manifests to plugins that are found, not yet loaded. [loop] */
#ifndef JMH_PLUGIN_SCAN_H
#define JMH_PLUGIN_SCAN_H

#include "host/plugin/plugin.h"

/* Read every NAME.json of the folder, by name. The array and the plugins are the caller's. A broken
 * manifest is JM_EINVAL, a folder that cannot be read JM_ENOENT or JM_EIO. */
jm_status jmh_scan(struct jmh_host *host, const char *folder, struct jmh_plugin ***plugins_out,
                   size_t *count_out, struct jmh_err *err);
/* Free one that has ended, or was never loaded. */
void jmh_plugin_free(struct jmh_plugin *plugin);

#endif
