/* junmai.log/1 - lines in the host's log, marked with the plugin's name. */
#ifndef JUNMAI_EXT_LOG_H
#define JUNMAI_EXT_LOG_H

#include <junmai/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define JM_EXT_LOG "junmai.log/1"

#define JM_LOG_DEBUG 0
#define JM_LOG_INFO 1
#define JM_LOG_WARNING 2
#define JM_LOG_ERROR 3

typedef struct jm_host_log {
    uint32_t size;
    /* Write one line. Control characters in `text` are escaped, text beyond 4096 bytes is cut.
     * No secrets: the log is read by operators. [any] */
    void (*write)(const jm_host *host, int32_t level, jm_span text);
} jm_host_log;

#ifdef __cplusplus
}
#endif
#endif
