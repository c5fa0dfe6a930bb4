/* Files of the plugin folder that belong to nothing. [loop] */
#ifndef JMH_PLUGIN_STRAYS_H
#define JMH_PLUGIN_STRAYS_H

#include "host/plugin/plugin.h"

/* Warn of each object that no manifest names, and of each manifest whose object is missing. One whose
 * plugin is to start is passed over: it will be refused with that reason. */
void jmh_strays_tell(const char *folder, struct jmh_plugin *const *plugins, size_t count);

#endif
