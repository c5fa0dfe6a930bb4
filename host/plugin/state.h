/* junmai.state/1: what a plugin hands over from one of its instances to the next. [loop] */
#ifndef JMH_PLUGIN_STATE_H
#define JMH_PLUGIN_STATE_H

#include "host/plugin/plugin.h"

/* JM_OK also where the plugin keeps no state, or none was saved. */
jm_status jmh_state_load(struct jmh_plugin *plugin, struct jmh_err *err);
jm_status jmh_state_save(struct jmh_plugin *plugin, struct jmh_err *err);

#endif
