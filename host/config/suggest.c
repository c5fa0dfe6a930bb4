/* "Did you mean …": the nearest known word by edit distance (Levenshtein, two rows). [any] */
#include "host/config/suggest.h"

#include <stdio.h>
#include <string.h>

#define DISTANCE_MAX 2

static size_t least(size_t a, size_t b, size_t c)
{
    size_t ab = a < b ? a : b;
    return ab < c ? ab : c;
}

/* How many letters must be inserted, removed or replaced to make `b` of `a`; more than DISTANCE_MAX
 * for words that are too long to be compared. */
static size_t distance(const char *a, const char *b)
{
    size_t a_len = strlen(a), b_len = strlen(b);
    if (a_len >= JMH_SUGGEST_WORD || b_len >= JMH_SUGGEST_WORD)
        return DISTANCE_MAX + 1;
    size_t above[JMH_SUGGEST_WORD], row[JMH_SUGGEST_WORD];
    for (size_t j = 0; j <= b_len; j++)
        above[j] = j;
    for (size_t i = 1; i <= a_len; i++) {
        row[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            size_t changed = above[j - 1] + (a[i - 1] != b[j - 1]);
            row[j] = least(above[j] + 1, row[j - 1] + 1, changed);
        }
        memcpy(above, row, (b_len + 1) * sizeof *row);
    }
    return above[b_len];
}

void jmh_suggest_init(struct jmh_suggest *suggest, const char *word)
{
    *suggest = (struct jmh_suggest){.word = word, .distance = DISTANCE_MAX + 1};
}

void jmh_suggest_offer(struct jmh_suggest *suggest, const char *candidate)
{
    size_t found = distance(suggest->word, candidate);
    if (found < suggest->distance && found < strlen(candidate)) {
        snprintf(suggest->best, sizeof suggest->best, "%s", candidate);
        suggest->distance = found;
    }
}

const char *jmh_suggest_text(struct jmh_suggest *suggest)
{
    if (suggest->best[0] == '\0')
        return "";
    snprintf(suggest->text, sizeof suggest->text, "; did you mean '%s'?", suggest->best);
    return suggest->text;
}
