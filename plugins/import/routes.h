/* The routes of section "Import" of the wire contract. */
#ifndef IMPORT_ROUTES_H
#define IMPORT_ROUTES_H

#include "core.h"

/* /import/file and /import/batch. [loop & loaded] */
jm_status import_routes_add(struct import_core *core);

/* /import/session, /import/sessions, /import/photos, /import/stats. [loop & loaded] */
jm_status catalog_routes_add(struct import_core *core);

/* /import/reports. [loop & loaded] */
jm_status report_routes_add(struct import_core *core);

/* /import/card. [loop & loaded] */
jm_status card_routes_add(struct import_core *core);

#endif
