/* junmai.error/1 - the sentence behind a negative status.
 *
 * The host keeps one sentence per plugin. A host function that fails sets it; a plugin that fails a
 * callback sets it before it returns, and the host shows it to whoever can act: in the answer of a
 * request, in the error frame of a message, in the log of a start that failed. */
#ifndef JUNMAI_EXT_ERROR_H
#define JUNMAI_EXT_ERROR_H

#include <junmai/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define JM_EXT_ERROR "junmai.error/1"

typedef struct jm_host_error {
    uint32_t size;
    /* The last sentence, borrowed until the next call into the host; empty where there is none. The
     * host clears it before each callback. [loop] */
    jm_span (*last)(const jm_host *host);
    /* Set the sentence; copied, cut at 511 bytes; it may be what last() returned, of any plugin. Say
     * what failed, on what, why, and what to do. Returns `status`, so that a callback can end with
     * `return error->set(host, JM_EINVAL, …)`. [loop] */
    jm_status (*set)(const jm_host *host, jm_status status, jm_span sentence);
} jm_host_error;

#ifdef __cplusplus
}
#endif
#endif
