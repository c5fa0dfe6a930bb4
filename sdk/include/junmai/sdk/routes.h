/* Registers an array of routes that share one `user`, and stops at the first that fails. */
#ifndef JUNMAI_SDK_ROUTES_H
#define JUNMAI_SDK_ROUTES_H

#include <junmai/ext/http.h>

/* `size` and `user` of each route are filled in here, all else is passed on, so that the array can
 * be static and const. The host has set the sentence of what failed. [loop & loaded] */
static inline jm_status jm_routes_add(const jm_host_http *http, const jm_host *host,
                                      const jm_route *routes, size_t count, void *user)
{
    for (size_t i = 0; i < count; i++) {
        jm_route route = routes[i];
        route.size = sizeof(route);
        route.user = user;
        jm_status status = http->add_route(host, &route);
        if (status < 0)
            return status;
    }
    return JM_OK;
}

#endif
