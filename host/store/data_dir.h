/* The data directory: made 0700, locked by one host at a time. */
#ifndef JMH_STORE_DATA_DIR_H
#define JMH_STORE_DATA_DIR_H

#include "host/util/err.h"

struct jmh_data_dir {
    char *path;  /* absolute */
    int lock_fd; /* DATA/junmai.lock, with our pid in it */
};

/* NULL path: $XDG_DATA_HOME/junmai, else $HOME/.local/share/junmai. Makes missing folders; an own
 * directory with other rights than 0700 is set so and told in the log; one of another user is
 * refused. JM_EBUSY with the pid of the host that holds it. */
jm_status jmh_data_dir_open(struct jmh_data_dir *dir, const char *path, struct jmh_err *err);
void jmh_data_dir_close(struct jmh_data_dir *dir);

#endif
