/* How the texts of a route are taken apart: the segments of its path, its query parameters,
 * the members of its body and answer. [any] */
#ifndef JMH_PLUGIN_ROUTE_H
#define JMH_PLUGIN_ROUTE_H

#include <junmai/types.h>
#include <stdbool.h>

enum jmh_segment_kind { JMH_SEGMENT_FIXED, JMH_SEGMENT_INT, JMH_SEGMENT_TEXT };

/* Take "/segment" off the front of a path; false at its end. */
bool jmh_segment_next(jm_span *rest, jm_span *segment_out);
/* What a segment of a route's path is; `name_out` is the name of a parameter. */
enum jmh_segment_kind jmh_segment_kind(jm_span segment, jm_span *name_out);

/* One of "limit:int=100|tags:text[]?"; `standard` is absent where no default is given. */
struct jmh_member_decl {
    jm_span name, type, standard;
    bool is_list, is_optional;
};
/* Take one off the front of such a list; false at its end. */
bool jmh_member_next(jm_span *rest, struct jmh_member_decl *decl_out);
/* Whether what a route answers with is a content type, and no list of members. */
bool jmh_answer_is_type(jm_span answer);

#endif
