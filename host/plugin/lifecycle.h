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
/* Call drain(): ACTIVE to DRAINING. What runs may still end. */
void jmh_plugin_drain(struct jmh_plugin *plugin);
/* End what one still has under way, completions run: to ENDING. */
void jmh_plugin_release(struct jmh_plugin *plugin);
/* Keep its state, in the present turn. */
void jmh_plugin_save(struct jmh_plugin *plugin);
/* From any state but ACTIVE to ENDED: destroy it, forget what it registered. It has nothing under way
 * and is out of the index. */
void jmh_plugin_end(struct jmh_plugin *plugin);

#endif
