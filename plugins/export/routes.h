/* The routes of the plugin, and what their handlers share. Loop thread. */
#ifndef EXPORT_ROUTES_H
#define EXPORT_ROUTES_H

#include "core.h"

jm_status export_preset_routes_add(struct export_core *core);      /* preset_routes.c */
jm_status export_preset_file_routes_add(struct export_core *core); /* preset_files.c */
jm_status export_job_routes_add(struct export_core *core);         /* job_routes.c */
jm_status export_lease_routes_add(struct export_core *core);       /* lease_routes.c */
jm_status export_name_routes_add(struct export_core *core);        /* name_routes.c */

/* Answer {"success": true, …fields}. */
jm_status export_answer(const struct export_core *core, jm_id request, int32_t http_status,
                        json_t *fields_take);
/* The same with a message: a printf format. */
json_t *export_message(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Answer with a sentence, once the handler has returned. */
jm_status export_refuse(const struct export_core *core, jm_id request, int32_t http_status,
                        const char *format, ...) __attribute__((format(printf, 4, 5)));

/* A path parameter as a text to free(); NULL when out of memory. */
char *export_param(const struct export_core *core, jm_id request, const char *name);

#endif
