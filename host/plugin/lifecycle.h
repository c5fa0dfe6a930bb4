/* The steps of one plugin's life, each a call of the registry. A step that fails leaves the plugin for
 * jmh_plugin_end(). [loop] */
#ifndef JMH_PLUGIN_LIFECYCLE_H
#define JMH_PLUGIN_LIFECYCLE_H

#include "host/plugin/plugin.h"

/* Open its image, hold it against the manifest, create an instance, let it register: FOUND to INITED.
 * Where the operator's file is at fault, plugin->misconfigured is set. */
jm_status jmh_plugin_load(struct jmh_plugin *plugin, struct jmh_err *err);
/* Bring its tables to their last version and hand it the state that it saved. */
jm_status jmh_plugin_prepare(struct jmh_plugin *plugin, struct jmh_err *err);
/* Call activate(): INITED to ACTIVE. What it writes and publishes belongs to the present turn. */
jm_status jmh_plugin_activate(struct jmh_plugin *plugin, struct jmh_err *err);
/* Call drain() and keep its state: ACTIVE to DRAINING. */
void jmh_plugin_drain(struct jmh_plugin *plugin);
/* From any state to ENDED: end what it has under way, destroy it, forget what it registered. Must be
 * out of the index. */
void jmh_plugin_end(struct jmh_plugin *plugin);

#endif
