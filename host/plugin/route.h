/* How the texts of a route are taken apart: the segments of its path, its query parameters. [any] */
#ifndef JMH_PLUGIN_ROUTE_H
#define JMH_PLUGIN_ROUTE_H

#include <junmai/types.h>
#include <stdbool.h>

enum jmh_segment_kind { JMH_SEGMENT_FIXED, JMH_SEGMENT_INT, JMH_SEGMENT_TEXT };

/* Take "/segment" off the front of a path; false at its end. */
bool jmh_segment_next(jm_span *rest, jm_span *segment_out);
/* What a segment of a route's path is; `name_out` is the name of a parameter. */
enum jmh_segment_kind jmh_segment_kind(jm_span segment, jm_span *name_out);

/* One of "limit:int=100|status:text"; `standard` is absent where no default is given. */
struct jmh_query_decl {
    jm_span name, type, standard;
};
bool jmh_query_next(jm_span *rest, struct jmh_query_decl *decl_out);

#endif
