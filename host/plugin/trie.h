/* The routes as a trie over path segments: a request costs one step a segment, however many routes
 * there are. Routes are borrowed. [loop] */
#ifndef JMH_PLUGIN_TRIE_H
#define JMH_PLUGIN_TRIE_H

#include "host/plugin/index.h"

struct jmh_trie;

struct jmh_trie *jmh_trie_new(void);
void jmh_trie_free(struct jmh_trie *trie);
/* JM_EEXIST names both owners of a method and path. */
jm_status jmh_trie_add(struct jmh_trie *trie, const struct jmh_route *route, struct jmh_err *err);
/* See jmh_index_match(). */
void jmh_trie_match(const struct jmh_trie *trie, jm_span method, jm_span path,
                    struct jmh_route_match *match_out);

#endif
