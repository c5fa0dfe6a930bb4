/* A bar; see bar.h. */
#include "bar.h"

#include "text.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define BAR_CELLS 30
#define BAR_EVERY_MS 100
#define LINE_EVERY_MS 2000

static int64_t now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void jmc_bar_show(struct jmc_bar *bar, double share, const char *words, bool is_last)
{
    const bool is_terminal = isatty(STDERR_FILENO) != 0;
    const int64_t pause_ms = is_terminal ? BAR_EVERY_MS : LINE_EVERY_MS;
    const bool is_due = bar->shown_ms == 0 || now_ms() - bar->shown_ms >= pause_ms;
    if (bar->is_quiet || !(is_due || is_last)) {
        return;
    }
    const double part = share < 0 ? 0 : share > 1 ? 1 : share;
    const int filled = (int)(part * BAR_CELLS);
    if (is_terminal) {
        fprintf(stderr, "\r[%.*s%.*s] ", filled, "##############################",
                BAR_CELLS - filled, "..............................");
    }
    jmc_text_print(stderr, words, strlen(words));
    fputs(!is_terminal ? "\n" : is_last ? "\033[K\n" : "\033[K", stderr);
    bar->shown_ms = now_ms();
}
