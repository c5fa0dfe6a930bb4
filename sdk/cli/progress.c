/* Progress; see progress.h. */
#include "progress.h"

#include "text.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define BAR_EVERY_MS 100
#define LINE_EVERY_MS 2000
#define BAR_LEAST 8
#define BAR_MOST 30

static int64_t now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Share that is done, 0 to 1; by files where they have no bytes. */
static double share(const struct jmc_progress *progress)
{
    if (progress->bytes_total > 0) {
        return (double)progress->bytes_done / (double)progress->bytes_total;
    }
    return progress->files_total > 0 ? (double)progress->files_done / (double)progress->files_total
                                     : 1;
}

/* "34 of 120 files, 1.2 of 4.0 GB, 85 MB/s, 32 s left" */
static void describe(const struct jmc_progress *progress, double elapsed_s, char *out, size_t cap)
{
    char done[JMC_UNIT_BYTES];
    char total[JMC_UNIT_BYTES];
    char rate[JMC_UNIT_BYTES];
    char left[JMC_UNIT_BYTES];
    const double part = share(progress);
    const double rate_bytes_s = elapsed_s > 0 ? (double)progress->bytes_done / elapsed_s : 0;
    jmc_text_bytes(progress->bytes_done, done);
    jmc_text_bytes(progress->bytes_total, total);
    jmc_text_bytes((uint64_t)rate_bytes_s, rate);
    int used = snprintf(out, cap, "%llu of %llu files, %s of %s, %s/s",
                        (unsigned long long)progress->files_done,
                        (unsigned long long)progress->files_total, done, total, rate);
    if (part > 0 && part < 1 && progress->files_done < progress->files_total && used > 0 &&
        (size_t)used < cap) {
        jmc_text_seconds(elapsed_s / part * (1 - part) + 0.5, left);
        (void)snprintf(out + used, cap - (size_t)used, ", %s left", left);
    }
}

void jmc_progress_format(const struct jmc_progress *progress, double elapsed_s, size_t columns,
                         char text_out[JMC_PROGRESS_BYTES])
{
    char words[JMC_PROGRESS_BYTES - BAR_MOST - 4];
    describe(progress, elapsed_s, words, sizeof words);
    const size_t needed = strlen(words) + 3; /* "[", "] " */
    size_t bar = columns > needed ? columns - needed : 0;
    bar = bar > BAR_MOST ? BAR_MOST : bar;
    if (bar < BAR_LEAST) {
        const size_t room = columns > 0 && columns < sizeof words ? columns : sizeof words;
        (void)snprintf(text_out, JMC_PROGRESS_BYTES, "%.*s", (int)room, words);
        return;
    }
    const double part = share(progress);
    const size_t filled = (size_t)((part > 1 ? 1 : part) * (double)bar);
    text_out[0] = '[';
    memset(text_out + 1, '#', filled);
    memset(text_out + 1 + filled, '.', bar - filled);
    (void)snprintf(text_out + 1 + bar, JMC_PROGRESS_BYTES - 1 - bar, "] %s", words);
}

static void print(struct jmc_progress *progress)
{
    char text[JMC_PROGRESS_BYTES];
    struct winsize size = {0};
    const double elapsed_s = (double)(now_ms() - progress->started_ms) / 1000;
    if (progress->is_terminal) {
        const bool is_known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1;
        jmc_progress_format(progress, elapsed_s, is_known ? size.ws_col - 1u : 79, text);
        fprintf(stderr, "\r%s\033[K", text);
    } else {
        jmc_progress_format(progress, elapsed_s, 0, text);
        fprintf(stderr, "%s\n", text);
    }
    progress->shown_ms = now_ms();
}

void jmc_progress_start(struct jmc_progress *progress, uint64_t files, uint64_t bytes)
{
    *progress = (struct jmc_progress){.files_total = files,
                                      .bytes_total = bytes,
                                      .started_ms = now_ms(),
                                      .shown_ms = now_ms(),
                                      .is_terminal = isatty(STDERR_FILENO) != 0};
}

void jmc_progress_show(struct jmc_progress *progress)
{
    const int64_t pause_ms = progress->is_terminal ? BAR_EVERY_MS : LINE_EVERY_MS;
    if (!progress->is_quiet && now_ms() - progress->shown_ms >= pause_ms) {
        print(progress);
    }
}

void jmc_progress_end(struct jmc_progress *progress)
{
    if (!progress->is_quiet) {
        print(progress);
        fputs(progress->is_terminal ? "\n" : "", stderr);
    }
}
