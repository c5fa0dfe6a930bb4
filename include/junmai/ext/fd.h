/* junmai.fd/1 - a callback when a descriptor is ready: inotify, a serial port, a pipe. */
#ifndef JUNMAI_EXT_FD_H
#define JUNMAI_EXT_FD_H

#include <junmai/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define JM_EXT_FD "junmai.fd/1"

#define JM_FD_READABLE 1u
#define JM_FD_WRITABLE 2u

/* `events` are the JM_FD_* that are ready; 0 with a negative status when the watch has failed.
 * A callback of the host (plugin.h). [loop & active] */
typedef jm_status (*jm_fd_fn)(void *user, jm_id watch, uint32_t events, jm_status status);

typedef struct jm_host_fd {
    uint32_t size;
    /* Watch `fd`, which stays the plugin's and must stay open until unwatch(). [loop & active]
     * Returns JM_OK, JM_EINVAL (not a descriptor that can be polled), JM_ESTATE, JM_ENOMEM. */
    jm_status (*watch)(const jm_host *host, const char *label, int fd, uint32_t events, jm_fd_fn fn,
                       void *user, jm_id *watch_out);
    /* After it returns, fn does not run again for this id. [loop]  Returns JM_OK, JM_EGONE. */
    jm_status (*unwatch)(const jm_host *host, jm_id watch);
} jm_host_fd;

#ifdef __cplusplus
}
#endif
#endif
