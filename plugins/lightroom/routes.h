/* The routes of the plugin, by file. [loop & loaded] */
#ifndef LIGHTROOM_ROUTES_H
#define LIGHTROOM_ROUTES_H

#include "core.h"

#include <junmai/sdk/json.h>
#include <junmai/sdk/routes.h>

jm_status lr_poll_routes_add(struct lr_core *core);
jm_status lr_relay_routes_add(struct lr_core *core);
jm_status lr_job_routes_add(struct lr_core *core);

/* {"success":true,"message":…}. */
static inline jm_status lr_answer_done(const struct lr_core *core, const jm_request *request,
                                       const char *message)
{
    return jm_json_respond(core->api.http, core->api.host, request->id, 200,
                           json_pack("{s:b, s:s}", "success", 1, "message", message));
}

#endif
