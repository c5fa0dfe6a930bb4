/* The states in which a plugin may call what, for jmh_ext_check(). */
#ifndef JMH_EXT_STATES_H
#define JMH_EXT_STATES_H

#include "host/plugin/plugin.h"

/* Registering: inside init(). */
#define JMH_IN_INIT (1u << JMH_PLUGIN_LOADED)
/* Timers and watches. */
#define JMH_WHEN_ACTIVE (1u << JMH_PLUGIN_ACTIVE)
/* Further steps of what has begun. */
#define JMH_WHEN_BUSY (JMH_WHEN_ACTIVE | 1u << JMH_PLUGIN_DRAINING)
/* Writing, publishing, answering: completions do it to the very end. */
#define JMH_WHEN_RUNNING (JMH_WHEN_BUSY | 1u << JMH_PLUGIN_ENDING)
#define JMH_WHENEVER (JMH_IN_INIT | 1u << JMH_PLUGIN_INITED | JMH_WHEN_RUNNING)

#endif
