/* A bar for something whose end is known: redrawn on a terminal, else a line now and then; on standard
 * error. */
#ifndef JMC_BAR_H
#define JMC_BAR_H

#include <stdbool.h>
#include <stdint.h>

struct jmc_bar {
    int64_t shown_ms; /* monotonic; 0: not yet */
    bool is_quiet;    /* nothing is shown */
};

/* Show a share from 0 to 1 and words about it; `is_last` also where it was shown a moment ago. */
void jmc_bar_show(struct jmc_bar *bar, double share, const char *words, bool is_last);

#endif
