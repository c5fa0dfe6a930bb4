/* junmai.service/1 - tables of functions from plugin to plugin, by id.
 *
 * A service's header is published by its provider as plugins/NAME/include/NAME/NAME.h, with the id
 * ("junmai.catalog/1") and the table. The manifest names what is provided and required, so that the
 * host starts providers first and refuses a plugin whose requirement is missing. */
#ifndef JUNMAI_EXT_SERVICE_H
#define JUNMAI_EXT_SERVICE_H

#include <junmai/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define JM_EXT_SERVICE "junmai.service/1"

/* Where a service's table is to be found. Owned by the host and valid until the consumer's
 * destroy(); the provider may be replaced, so read `table` for each call and keep no copy of it.
 * `table` is NULL while the provider is away. */
typedef struct jm_service_slot {
    const void *table;
    void *provider_data; /* the first argument of the table's functions */
    uint64_t generation; /* grows with each replacement */
} jm_service_slot;

typedef struct jm_host_service {
    uint32_t size;
    /* Offer `table` under `id`; both live until destroy(). The manifest names it in "provides".
     * [loop & loaded]  Returns JM_OK, JM_EINVAL (not in the manifest), JM_EEXIST. */
    jm_status (*provide)(const jm_host *host, const char *id, const void *table,
                         void *provider_data);
    /* The slot of a service that the manifest names in "requires" or "optional". [loop & loaded]
     * Returns JM_OK, JM_EINVAL (not in the manifest). */
    jm_status (*require)(const jm_host *host, const char *id, const jm_service_slot **slot_out);
} jm_host_service;

#ifdef __cplusplus
}
#endif
#endif
