/* Being asked to stop: Ctrl-C, SIGTERM, SIGHUP.
 *
 * From jmc_stop_watch() on these signals end the program no more: a command that would leave something
 * half done behind looks at jmc_stop_asked() and ends in its own way. */
#ifndef JMC_STOP_H
#define JMC_STOP_H

#include <stdbool.h>

void jmc_stop_watch(void);
/* Readable once it is asked for; -1 while it is not watched. For poll(); do not read it. */
int jmc_stop_fd(void);
bool jmc_stop_asked(void);
/* Wait; true, and sooner, when asked to stop. */
bool jmc_stop_wait(int timeout_ms);

#endif
