/* Browsers that want to be notified, and what they report of notifications, in the store. */
#ifndef SYSTEM_SUBSCRIPTIONS_H
#define SYSTEM_SUBSCRIPTIONS_H

#include "core.h"

/* More are refused; each is a browser of the studio. */
#define SUBSCRIPTIONS_MAX 1000

/* Keep a subscription, or the new keys of one that is there; `subscription_out` is as clients see
 * it, *is_new_out whether it was not there. Returns JM_OK, JM_EBUSY (too many), or what the store
 * said. */
jm_status subscriptions_add(const struct system_core *core, jm_span endpoint, const json_t *keys,
                            jm_span user_agent, json_t **subscription_out, bool *is_new_out);

/* JM_ENOENT where there is none of that endpoint. */
jm_status subscriptions_remove(const struct system_core *core, jm_span endpoint);

/* All of them, in the order in which they came. */
jm_status subscriptions_list(const struct system_core *core, json_t **list_out);

/* Keep a report; the oldest beyond a bound go. */
jm_status subscriptions_track(const struct system_core *core, const json_t *report);

#endif
