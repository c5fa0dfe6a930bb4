/* The preview inside of a raw file: what it costs to find it, beyond what the same picture costs that
 * lies there as a JPEG. Both are made into the three thumbnails by preview-bench; exiftool takes the
 * JPEG out, and is the one to beat. */
#include "bench.h"

#include "studio.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct {
    const char *file;
    const char *tag; /* of exiftool, for its largest preview */
} raws[] = {{"raw/canon_r6_pruned.CR3", "-PreviewImage"},
            {"raw/canon_eos_6d.dng", "-PreviewImage"}};

/* CPU milliseconds of the three thumbnails of a file, or -1. */
static double thumbnails_ms(const char *program, const char *path, const char *count)
{
    char text[1024];
    if (bench_run_for((const char *const[]){program, path, count, NULL}, text, sizeof text) < 0)
        return -1;
    const char *figure = strstr(text, " CPU s each");
    while (figure && figure > text && figure[-1] != ' ')
        figure--;
    return figure ? strtod(figure, NULL) * 1000 : -1;
}

static bool write_preview(const char *raw, const char *tag, const char *path)
{
    struct stat info;
    char *command = NULL;
    if (asprintf(&command, "exiftool -b %s '%s' > '%s'", tag, raw, path) < 0)
        return false;
    const bool good = bench_run((const char *const[]){"sh", "-c", command, NULL}) >= 0 &&
                      stat(path, &info) == 0 && info.st_size > 0;
    free(command);
    return good;
}

void bench_preview(struct bench *bench)
{
    const char *count = bench->quick ? "20" : "100";
    char *jpeg = studio_path(bench->folder, "preview.jpg");
    for (size_t i = 0; i < sizeof raws / sizeof raws[0]; i++) {
        char what[BENCH_TEXT];
        char *raw = studio_path(bench->samples, raws[i].file);
        if (access(raw, R_OK) < 0 || !write_preview(raw, raws[i].tag, jpeg)) {
            bench_skip("embedded preview", "samples or exiftool are not there");
        } else {
            const double all_ms = thumbnails_ms(PREVIEW_BENCH, raw, count);
            const double jpeg_ms = thumbnails_ms(PREVIEW_BENCH, jpeg, count);
            const double theirs_ms =
                bench_run((const char *const[]){"exiftool", "-b", raws[i].tag, raw, NULL}) * 1000;
            snprintf(what, sizeof what,
                     "%s: %.1f ms with its three thumbnails, %.1f ms those of its JPEG alone; "
                     "theirs is exiftool -b",
                     raws[i].file, all_ms, jpeg_ms);
            bench_tell("embedded preview", all_ms - jpeg_ms, theirs_ms, "ms", 2.0, what);
            bench->failed |= all_ms < 0 || jpeg_ms < 0;
        }
        free(raw);
    }
    free(jpeg);
}
