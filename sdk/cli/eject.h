/* Taking out a card: its file system is brought to rest, unmounted, and its reader powered off. */
#ifndef JMC_EJECT_H
#define JMC_EJECT_H

/* JMC_OK when the medium that `path` lies on can be taken out; JMC_FAILED after a complaint. */
int jmc_eject(const char *path);

#endif
