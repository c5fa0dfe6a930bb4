/* Who is running: the callback of a plugin that the loop thread is in, also readable from a signal
 * handler, so that a crash names the plugin. [loop] */
#ifndef JMH_PLUGIN_FAULT_H
#define JMH_PLUGIN_FAULT_H

/* Say on standard error which plugin was running when the process dies of SIGSEGV and its like, then
 * let the signal go its way. */
void jmh_fault_install(void);
/* "SIGSEGV"; "a signal" for one that no fault raises. [any] */
const char *jmh_fault_name(int signal);
/* Both texts must outlive the call; NULL where no plugin runs. */
void jmh_fault_running(const char *plugin, const char *callback);

#endif
