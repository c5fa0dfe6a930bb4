/* The index: what is live, by name. Built anew from the registration sets of all active plugins
 * whenever one comes or goes, and swapped in as a whole. [loop] */
#ifndef JMH_PLUGIN_INDEX_H
#define JMH_PLUGIN_INDEX_H

#include "host/plugin/regset.h"

struct jmh_index;

/* Build from `count` sets (borrowed while the index lives). JM_EEXIST names both owners of a route,
 * a message or an event type; JM_ENOENT an event type on a channel that nobody declares. */
struct jmh_index *jmh_index_build(struct jmh_regset *const *sets, size_t count,
                                  struct jmh_err *err);
void jmh_index_free(struct jmh_index *index);

#define JMH_INDEX_PARAMS_MAX 6

struct jmh_route_match {
    const struct jmh_route *route;        /* NULL where the path or the method is unknown */
    bool path_known;                      /* the path exists, with other methods */
    char allow[64];                       /* those methods, "GET, HEAD, POST, OPTIONS" */
    jm_span params[JMH_INDEX_PARAMS_MAX]; /* into `path` */
    size_t param_count;
};
/* HEAD matches GET. A fixed segment wins over a parameter. `path` is decoded. */
void jmh_index_match(const struct jmh_index *index, jm_span method, jm_span path,
                     struct jmh_route_match *match_out);
/* The value of a named parameter of a matched route. */
bool jmh_route_param(const struct jmh_route *route, const jm_span *params, const char *name,
                     jm_span *value_out);

const struct jmh_event_type *jmh_index_type(const struct jmh_index *index, jm_span name);
const struct jmh_message_type *jmh_index_message(const struct jmh_index *index, jm_span name);
bool jmh_index_has_channel(const struct jmh_index *index, jm_span name);
/* Whether some type of the channel ("*": of any) has plain memory retention (not conflated). */
bool jmh_index_channel_has_memory(const struct jmh_index *index, jm_span name);

/* Everything, for /asyncapi.json, /openapi.json and /plugins. */
size_t jmh_index_set_count(const struct jmh_index *index);
const struct jmh_regset *jmh_index_set(const struct jmh_index *index, size_t number);

#endif
