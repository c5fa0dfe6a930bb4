/* The verified copy against cp and sha256 of openssl on the same bytes, CPU against CPU: what a person
 * with a terminal does, who then still does not know whether the copy is right. */
#include "bench.h"

#include "copy.h"
#include "studio.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_BYTES (25u << 20)
#define ROUNDS_MAX 7

/* Bytes that no file system can pack. */
static bool write_file(const char *path)
{
    unsigned char chunk[65536];
    unsigned long long dice = 88172645463325252ull;
    FILE *file = fopen(path, "we");
    for (size_t done = 0; file && done < FILE_BYTES; done += sizeof chunk) {
        for (size_t i = 0; i < sizeof chunk; i += sizeof dice) {
            dice ^= dice << 13;
            dice ^= dice >> 7;
            dice ^= dice << 17;
            memcpy(chunk + i, &dice, sizeof dice);
        }
        if (fwrite(chunk, 1, sizeof chunk, file) != sizeof chunk)
            break;
    }
    return file && fclose(file) == 0;
}

/* Copied, hashed, read back: CPU seconds, or -1. */
static double copy_one(const char *from, const char *to)
{
    struct verdict verdict = {0};
    struct digests digests;
    struct source source = {.fd = open(from, O_RDONLY | O_CLOEXEC)};
    const double before = bench_cpu_self();
    const int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    snprintf(source.path, sizeof source.path, "%s", from);
    bool good = source.fd >= 0 && out >= 0 && fstat(source.fd, &source.info) == 0 &&
                copy_and_hash(&source, out, NULL, &digests, &verdict);
    const int back = open(to, O_RDONLY | O_CLOEXEC);
    good = good && back >= 0 && copy_read_back(back, &digests, from, &verdict);
    close(back);
    close(out);
    close(source.fd);
    if (!good)
        fprintf(stderr, "import-bench: %s\n", verdict.text);
    return good ? bench_cpu_self() - before : -1;
}

/* One after the other, so that a busy machine is as hard on both. */
static bool run_round(const char *from, const char *to, int files, double *ours, double *theirs)
{
    *ours = *theirs = 0;
    for (int i = 0; i < files; i++) {
        const double mine = copy_one(from, to);
        const double copy = bench_run((const char *const[]){"cp", from, to, NULL});
        const double hash =
            bench_run((const char *const[]){"openssl", "dgst", "-sha256", from, NULL});
        if (mine < 0 || copy < 0 || hash < 0)
            return false;
        *ours += mine;
        *theirs += copy + hash;
    }
    return true;
}

void bench_copy(struct bench *bench)
{
    double ratios[ROUNDS_MAX];
    const int rounds = bench->quick ? 3 : ROUNDS_MAX;
    const int files = bench->quick ? 4 : 12;
    double ours = 0;
    double theirs = 0;
    char what[BENCH_TEXT];
    char *from = studio_path(bench->folder, "from.bin");
    char *to = studio_path(bench->folder, "to.bin");
    bool good = write_file(from);
    for (int i = 0; good && i < rounds; i++) {
        good = run_round(from, to, files, &ours, &theirs);
        ratios[i] = good ? ours / theirs : 0;
    }
    if (good) {
        snprintf(what, sizeof what,
                 "CPU over that of cp and openssl dgst -sha256, median of %d; last %.3f and %.3f s "
                 "for %d x 25 MiB",
                 rounds, ours, theirs, files);
        bench_tell("verified copy", bench_median(ratios, (size_t)rounds), 0, "x", 1.6, what);
    } else {
        bench_skip("verified copy", "cp, openssl or the disk is not there");
        bench->failed = true;
    }
    free(from);
    free(to);
}
