/* How far a long job is: a bar on a terminal, else a line now and then; on standard error. */
#ifndef JMC_PROGRESS_H
#define JMC_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct jmc_progress {
    uint64_t files_done, files_total;
    uint64_t bytes_done, bytes_total;
    int64_t started_ms; /* monotonic */
    int64_t shown_ms;
    bool is_terminal;
    bool is_quiet;
};

#define JMC_PROGRESS_BYTES 160

void jmc_progress_start(struct jmc_progress *progress, uint64_t files, uint64_t bytes);
/* Show it, unless it was shown a moment ago. */
void jmc_progress_show(struct jmc_progress *progress);
/* Show it as it is, for the last time. */
void jmc_progress_end(struct jmc_progress *progress);

/* The text of a bar, without a line end, at most `columns` wide; or of a plain line with columns 0. */
void jmc_progress_format(const struct jmc_progress *progress, double elapsed_s, size_t columns,
                         char text_out[JMC_PROGRESS_BYTES]);

#endif
