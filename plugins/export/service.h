/* The service junmai.export/1. */
#ifndef EXPORT_SERVICE_H
#define EXPORT_SERVICE_H

#include "core.h"

jm_status export_service_provide(struct export_core *core);

#endif
