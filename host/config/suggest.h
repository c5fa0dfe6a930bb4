/* "Did you mean …": the nearest known word to one that was mistyped. [any] */
#ifndef JMH_CONFIG_SUGGEST_H
#define JMH_CONFIG_SUGGEST_H

#include <stddef.h>

#define JMH_SUGGEST_WORD 64 /* longer words are not compared */

struct jmh_suggest {
    const char *word;            /* what was written */
    char best[JMH_SUGGEST_WORD]; /* "" while nothing is near enough */
    size_t distance;             /* of the best */
    char text[JMH_SUGGEST_WORD + 24];
};

void jmh_suggest_init(struct jmh_suggest *suggest, const char *word);
/* Consider one known word: at most two letters may differ, and fewer than it has. */
void jmh_suggest_offer(struct jmh_suggest *suggest, const char *candidate);
/* "; did you mean 'clients'?", or "". */
const char *jmh_suggest_text(struct jmh_suggest *suggest);

#endif
