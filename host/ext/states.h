/* The states in which a plugin may call what, for jmh_ext_check(). */
#ifndef JMH_EXT_STATES_H
#define JMH_EXT_STATES_H

#include "host/plugin/plugin.h"

/* Registering: inside init(). */
#define JMH_IN_INIT (1u << JMH_PLUGIN_LOADED)
/* Starting something. */
#define JMH_WHEN_ACTIVE (1u << JMH_PLUGIN_ACTIVE)
/* Ending something: what runs while the plugin drains may still write, publish and answer. */
#define JMH_WHEN_RUNNING (1u << JMH_PLUGIN_ACTIVE | 1u << JMH_PLUGIN_DRAINING)
#define JMH_WHENEVER                                                                               \
    (JMH_IN_INIT | 1u << JMH_PLUGIN_INITED | JMH_WHEN_RUNNING)

#endif
