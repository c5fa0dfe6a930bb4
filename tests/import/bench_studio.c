/* Whole imports by a real host: one photograph with its thumbnails, a thousand files, and the look
 * through a large card. */
#include "bench.h"

#include "ask.h"
#include "bench_host.h"
#include "photos.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SONY "jpeg/sony_a6400_24mp.jpg"

/* Copies of a JPEG, each with a comment of its own: a content of its own. */
static bool write_variants(const char *sample, const char *folder, int count)
{
    static char bytes[16 << 20];
    FILE *file = fopen(sample, "re");
    const size_t size = file ? fread(bytes, 1, sizeof bytes, file) : 0;
    if (file)
        fclose(file);
    for (int i = 0; size > 2 && i < count; i++) {
        char name[32];
        unsigned char comment[] = {
            0xFF, 0xFE, 0, 6, 0, 0, (unsigned char)(i >> 8), (unsigned char)i};
        snprintf(name, sizeof name, "%03d.jpg", i);
        char *path = studio_path(folder, name);
        FILE *copy = fopen(path, "we");
        const bool good = copy && fwrite(bytes, 1, 2, copy) == 2 &&
                          fwrite(comment, 1, sizeof comment, copy) == sizeof comment &&
                          fwrite(bytes + 2, 1, size - 2, copy) == size - 2;
        if (copy)
            fclose(copy);
        free(path);
        if (!good)
            return false;
    }
    return size > 2;
}

/* All three thumbnails of each photograph: what is not made yet is made now. */
static void ask_thumbnails(const struct studio *studio, int count)
{
    static const char *const sizes[] = {"small", "medium", "large"};
    for (int id = 1; id <= count; id++) {
        for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
            struct jmt_response response;
            char path[96];
            snprintf(path, sizeof path, "/api/photos/%d/thumbnail?size=%s", id, sizes[i]);
            ask_raw(studio, &(struct jmt_request){.path = path}, &response);
            jmt_response_fini(&response);
        }
    }
}

/* The same by common tools: copied, hashed, tags read, three sizes. */
static double tools_cpu(struct bench *bench, const char *sample)
{
    char *copy = studio_path(bench->folder, "tools.jpg");
    char *small = studio_path(bench->folder, "tools-%s.jpg");
    const char *const runs[][8] = {
        {"cp", sample, copy},
        {"openssl", "dgst", "-sha256", copy},
        {"exiftool", "-j", copy},
        {"vipsthumbnail", "-s", "800", "-o", small, copy},
        {"vipsthumbnail", "-s", "400", "-o", small, copy},
        {"vipsthumbnail", "-s", "200", "-o", small, copy},
    };
    double cpu = 0;
    for (size_t i = 0; cpu >= 0 && i < sizeof runs / sizeof runs[0]; i++) {
        const double one = bench_run(runs[i]);
        cpu = one < 0 ? -1 : cpu + one;
    }
    free(small);
    free(copy);
    return cpu;
}

void bench_photo(struct bench *bench)
{
    struct studio studio;
    char what[BENCH_TEXT];
    const int count = bench->quick ? 6 : 24;
    char *sample = studio_path(bench->samples, SONY);
    if (access(sample, R_OK) < 0) {
        bench_skip("photograph", "the samples are not there: name them in JUNMAI_SAMPLES");
        free(sample);
        return;
    }
    studio_open(&studio, NULL, NULL);
    /* The workers' start is none of a photograph's. */
    char *first = studio_path(studio.photos, "first.jpg");
    free(photo_write(studio.photos, "first.jpg", "first"));
    json_decref(ask(&studio, 200, "POST", "/import/file", json_pack("{s:s}", "file_path", first)));
    ask_thumbnails(&studio, 1);
    char *folder = studio_path(studio.photos, "DCIM");
    bool good = mkdir(folder, 0755) == 0 && write_variants(sample, folder, count);
    const double before = bench_host_cpu(&studio);
    good = good && bench_host_import(&studio, folder, count) >= 0;
    ask_thumbnails(&studio, count + 1);
    const double ours = (bench_host_cpu(&studio) - before) / count;
    studio_close(&studio);
    const double theirs = tools_cpu(bench, sample);
    snprintf(what, sizeof what,
             "CPU of host and workers for a 24-MP JPEG with three thumbnails; theirs: cp, openssl, "
             "exiftool, vipsthumbnail x 3");
    bench_tell("photograph", ours, theirs, "s", 0.20, what);
    bench->failed |= !good;
    free(folder);
    free(first);
    free(sample);
}

/* Files of that size in FOLDER/DCIM. */
static char *write_card(const struct studio *studio, int count, size_t bytes)
{
    char *folder = studio_path(studio->photos, "DCIM");
    mkdir(folder, 0755);
    for (int i = 0; i < count; i++) {
        char name[32];
        snprintf(name, sizeof name, "IMG_%05d.JPG", i);
        free(bytes > 0 ? photo_write_sized(folder, name, name, bytes)
                       : photo_write(folder, name, name));
    }
    return folder;
}

void bench_ingest(struct bench *bench)
{
    struct studio studio;
    char what[BENCH_TEXT];
    char target[4200];
    const int count = bench->quick ? 100 : 1000;
    studio_open(&studio, NULL, NULL);
    char *folder = write_card(&studio, count, 2000000);
    const double cpu = bench_host_cpu(&studio);
    const double wall = bench_wall();
    const double stall_ms = bench_host_import(&studio, folder, count);
    const double ours_wall = bench_wall() - wall;
    const double ours_cpu = bench_host_cpu(&studio) - cpu;
    studio_close(&studio);
    snprintf(target, sizeof target, "%s/ingest", bench->folder);
    /* cp alone, on files of the same number and size. */
    studio_open(&studio, NULL, NULL);
    free(folder);
    folder = write_card(&studio, count, 2000000);
    const double copied = bench_wall();
    const double cp_cpu = bench_run((const char *const[]){"cp", "-r", folder, target, NULL});
    const double cp_wall = bench_wall() - copied;
    studio_close(&studio);
    snprintf(what, sizeof what,
             "longest hold of the loop, %d files of 2 MB with thumbnails begun; %.1f s and %.1f "
             "CPU s, cp alone %.1f s and %.1f CPU s",
             count, ours_wall, ours_cpu, cp_wall, cp_cpu);
    bench_tell("ingest", stall_ms, 0, "ms", 20, what);
    bench->failed |= stall_ms < 0;
    free(folder);
}

/* A card of 20,000 files that is looked through, twice: nothing is known, then a part is. */
void bench_card(struct bench *bench)
{
    struct studio studio;
    char what[BENCH_TEXT];
    const int count = bench->quick ? 2000 : 20000;
    studio_open(&studio, NULL, NULL);
    char *folder = write_card(&studio, count, 0);
    /* What holds the loop for more than 10 ms is counted one by one. */
    const double before = bench_host_metric(&studio, "junmai_loop_late_total");
    const double wall = bench_wall();
    json_t *found = ask(&studio, 200, "POST", "/import/card",
                        json_pack("{s:s, s:b}", "path", folder, "dry_run", 1));
    const double ours = bench_wall() - wall;
    const double stall = bench_host_metric(&studio, "junmai_loop_longest_seconds") * 1000;
    const double late = bench_host_metric(&studio, "junmai_loop_late_total") - before;
    bench->failed |= int_of(found, "new") != count;
    json_decref(found);
    studio_close(&studio);
    snprintf(what, sizeof what,
             "longest hold of the loop while %d files are looked up in %.2f s; %.0f holds above "
             "10 ms",
             count, ours, late);
    bench_tell("card", stall, 0, "ms", 20, what);
    free(folder);
}
