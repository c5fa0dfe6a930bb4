/* Photographs that the tests write: see photos.h. */
#include "photos.h"

#include "studio.h"

#include "check.h"
#include "client/buffer.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEGMENT_MAX 65533 /* what the length field of a segment can say, without itself */
#define QUANTA 64

static void add_segment(struct jmt_buffer *out, unsigned char marker, const void *bytes,
                        size_t count)
{
    const unsigned char head[] = {0xFF, marker, (unsigned char)((count + 2) >> 8),
                                  (unsigned char)(count + 2)};
    jmt_buffer_append(out, head, sizeof head);
    jmt_buffer_append(out, bytes, count);
}

/* Comments without meaning, so that the file becomes large. */
static void add_padding(struct jmt_buffer *out, size_t bytes)
{
    static char padding[SEGMENT_MAX];
    while (out->used < bytes) {
        size_t left = bytes - out->used;
        memset(padding, '.', sizeof padding);
        add_segment(out, 0xFE, padding, left < sizeof padding ? left : sizeof padding);
    }
}

/* Tables with one code each ("no difference", "end of block"), and one block that uses both. */
static void add_picture(struct jmt_buffer *out)
{
    static const unsigned char frame[] = {8, 0, 8, 0, 8, 1, 1, 0x11, 0};
    static const unsigned char scan[] = {1, 1, 0, 0, 63, 0};
    static const unsigned char block_and_end[] = {0x3F, 0xFF, 0xD9};
    unsigned char quanta[1 + QUANTA] = {0};
    unsigned char codes[1 + 16 + 1] = {0};
    memset(quanta + 1, 1, QUANTA);
    add_segment(out, 0xDB, quanta, sizeof quanta);
    add_segment(out, 0xC0, frame, sizeof frame);
    codes[1] = 1;
    add_segment(out, 0xC4, codes, sizeof codes);
    codes[0] = 0x10;
    add_segment(out, 0xC4, codes, sizeof codes);
    add_segment(out, 0xDA, scan, sizeof scan);
    jmt_buffer_append(out, block_and_end, sizeof block_and_end);
}

char *photo_bytes(const char *comment, size_t bytes, size_t *count_out)
{
    struct jmt_buffer out = {0};
    jmt_buffer_append(&out, "\xFF\xD8", 2);
    add_segment(&out, 0xFE, comment, strlen(comment));
    add_padding(&out, bytes);
    add_picture(&out);
    *count_out = out.used;
    return jmt_buffer_take(&out);
}

char *photo_write_raw(const char *folder, const char *name, const void *bytes, size_t count)
{
    char *path = studio_path(folder, name);
    FILE *file = fopen(path, "we");
    if (!file || fwrite(bytes, 1, count, file) != count || fclose(file) != 0)
        fail_msg("cannot write %s: %s", path, strerror(errno));
    return path;
}

char *photo_write_sized(const char *folder, const char *name, const char *comment, size_t bytes)
{
    size_t count;
    char *photo = photo_bytes(comment, bytes, &count);
    char *path = photo_write_raw(folder, name, photo, count);
    free(photo);
    return path;
}

char *photo_write(const char *folder, const char *name, const char *comment)
{
    return photo_write_sized(folder, name, comment, 0);
}

bool photo_files_equal(const char *path, const char *other)
{
    FILE *a = fopen(path, "re");
    FILE *b = fopen(other, "re");
    bool equal = a && b;
    int byte = 0;
    while (equal && byte != EOF) {
        byte = getc(a);
        equal = getc(b) == byte;
    }
    if (a)
        fclose(a);
    if (b)
        fclose(b);
    return equal;
}

static const char *counted_suffix;
static int counted;

static int count_entry(const char *path, const struct stat *info, int kind, struct FTW *place)
{
    size_t length = strlen(path);
    size_t suffix = counted_suffix ? strlen(counted_suffix) : 0;
    (void)info;
    (void)place;
    if (kind == FTW_F && length >= suffix &&
        (suffix == 0 || strcmp(path + length - suffix, counted_suffix) == 0))
        counted++;
    return 0;
}

int photo_count_files(const char *folder, const char *suffix)
{
    counted_suffix = suffix;
    counted = 0;
    nftw(folder, count_entry, 16, FTW_PHYS);
    return counted;
}
