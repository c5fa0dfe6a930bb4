/* The version of the host; the ABI has its own (junmai/plugin.h). */
#ifndef JMH_VERSION_H
#define JMH_VERSION_H

#define JMH_VERSION "0.1.0"

#endif
