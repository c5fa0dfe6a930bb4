/* The queue and the catalog, as this plugin calls them. */
#ifndef BATCH_SERVICES_H
#define BATCH_SERVICES_H

#include "core.h"

/* The services' tables. JM_EBUSY while their plugin is away. [loop & active] */
jm_status batch_queue(const struct batch_core *core, const queue_service **queue_out);
jm_status batch_catalog(const struct batch_core *core, const catalog_service **catalog_out);

/* JM_OK, or the failure of a call of the service with the service's sentence. */
jm_status batch_queue_result(const struct batch_core *core, int64_t status);
jm_status batch_catalog_result(const struct batch_core *core, jm_status status);

#endif
