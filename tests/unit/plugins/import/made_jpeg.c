/* A writer of JPEG and EXIF, as small as it can be. */
#include "made_jpeg.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define ASCII 2
#define SHORT 3
#define LONG 4
#define RATIONAL 5

/* The EXIF block; little-endian. Directories lie at fixed places, values behind them. */
struct exif {
    unsigned char bytes[1024];
    size_t used;
};

static void put16(unsigned char *at, unsigned value)
{
    at[0] = (unsigned char)(value & 0xFF);
    at[1] = (unsigned char)(value >> 8 & 0xFF);
}

static void put32(unsigned char *at, uint32_t value)
{
    put16(at, value & 0xFFFF);
    put16(at + 2, value >> 16);
}

/* A directory of `count` entries; its offset. */
static uint32_t add_ifd(struct exif *exif, unsigned count)
{
    uint32_t at = (uint32_t)exif->used;
    put16(exif->bytes + at, count);
    exif->used += 2 + count * 12 + 4;
    return at;
}

/* Entry `index` of the directory at `ifd`; values above four bytes go to the end. */
static void put_entry(struct exif *exif, uint32_t ifd, unsigned index, unsigned tag, unsigned type,
                      uint32_t count, const void *value, size_t len)
{
    unsigned char *entry = exif->bytes + ifd + 2 + index * 12;
    put16(entry, tag);
    put16(entry + 2, type);
    put32(entry + 4, count);
    if (len <= 4) {
        memcpy(entry + 8, value, len);
        return;
    }
    put32(entry + 8, (uint32_t)exif->used);
    memcpy(exif->bytes + exif->used, value, len);
    exif->used += len + (len & 1);
}

static void put_text(struct exif *exif, uint32_t ifd, unsigned index, unsigned tag,
                     const char *text)
{
    size_t len = strlen(text) + 1;
    put_entry(exif, ifd, index, tag, ASCII, (uint32_t)len, text, len);
}

static void put_number(struct exif *exif, uint32_t ifd, unsigned index, unsigned tag, unsigned type,
                       uint32_t number)
{
    unsigned char value[4] = {0};
    put32(value, number);
    put_entry(exif, ifd, index, tag, type, 1, value, 4);
}

static void put_rationals(struct exif *exif, uint32_t ifd, unsigned index, unsigned tag,
                          const uint32_t *pairs, uint32_t count)
{
    unsigned char value[24];
    for (uint32_t i = 0; i < count * 2; i++) {
        put32(value + i * 4, pairs[i]);
    }
    put_entry(exif, ifd, index, tag, RATIONAL, count, value, count * 8);
}

static void put_camera(struct exif *exif, uint32_t ifd, uint32_t photo, uint32_t gps)
{
    put_text(exif, ifd, 0, 0x010F, "Junmai");
    put_text(exif, ifd, 1, 0x0110, "Test 1");
    put_number(exif, ifd, 2, 0x0112, SHORT, 6);
    put_text(exif, ifd, 3, 0x013B, "Ren\xe9 M\xfcller");
    put_number(exif, ifd, 4, 0x8769, LONG, photo);
    put_number(exif, ifd, 5, 0x8825, LONG, gps);
}

static void put_photo(struct exif *exif, uint32_t ifd, const char *taken)
{
    put_rationals(exif, ifd, 0, 0x829A, (uint32_t[]){1, 250}, 1);
    put_rationals(exif, ifd, 1, 0x829D, (uint32_t[]){28, 10}, 1);
    put_number(exif, ifd, 2, 0x8827, SHORT, 400);
    put_text(exif, ifd, 3, 0x9003, taken);
    put_text(exif, ifd, 4, 0x9011, "-07:00");
    put_text(exif, ifd, 5, 0x9291, "25");
    put_rationals(exif, ifd, 6, 0x920A, (uint32_t[]){50, 1}, 1);
    put_text(exif, ifd, 7, 0xA434, "TS 50mm F1.8");
}

static void put_gps(struct exif *exif, uint32_t ifd)
{
    put_text(exif, ifd, 0, 1, "N");
    put_rationals(exif, ifd, 1, 2, (uint32_t[]){35, 1, 41, 1, 2311, 100}, 3);
    put_text(exif, ifd, 2, 3, "W");
    put_rationals(exif, ifd, 3, 4, (uint32_t[]){139, 1, 41, 1, 30, 1}, 3);
}

static void make_exif(struct exif *exif, const char *taken)
{
    memset(exif, 0, sizeof *exif);
    memcpy(exif->bytes, "II*\0\x08\0\0\0", 8);
    exif->used = 8;
    uint32_t camera = add_ifd(exif, 6);
    uint32_t photo = add_ifd(exif, 8);
    uint32_t gps = add_ifd(exif, 4);
    put_camera(exif, camera, photo, gps);
    put_photo(exif, photo, taken);
    put_gps(exif, gps);
}

size_t made_jpeg(unsigned char out[MADE_BYTES], const char *taken, unsigned char seed)
{
    static const unsigned char frame[] = {0xFF, 0xC0, 0, 11, 8, 0, 48, 0, 64, 1, 1, 0x11, 0};
    static const unsigned char scan[] = {0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0};
    size_t len = 2;
    memcpy(out, "\xFF\xD8", 2);
    if (taken != NULL) {
        struct exif exif;
        make_exif(&exif, taken);
        memcpy(out + len, "\xFF\xE1", 2);
        out[len + 2] = (unsigned char)((exif.used + 8) >> 8);
        out[len + 3] = (unsigned char)((exif.used + 8) & 0xFF);
        memcpy(out + len + 4, "Exif\0\0", 6);
        memcpy(out + len + 10, exif.bytes, exif.used);
        len += exif.used + 10;
    }
    memcpy(out + len, frame, sizeof frame);
    len += sizeof frame;
    memcpy(out + len, scan, sizeof scan);
    len += sizeof scan;
    /* Entropy-coded bytes: FF 00 is a byte of the picture, FF D0 a restart within it. */
    memcpy(out + len, (unsigned char[]){0x12, 0xFF, 0x00, 0x34, 0xFF, 0xD0, 0x56, 0x00}, 8);
    out[len + 7] = seed & 0x7F;
    len += 8;
    memcpy(out + len, "\xFF\xD9", 2);
    return len + 2;
}

size_t made_png(unsigned char out[MADE_BYTES])
{
    static const unsigned char png[] =
        "\x89PNG\r\n\x1a\n"
        "\0\0\0\x0dIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0\x3a\x7e\x9b\x55"
        "\0\0\0\x0aIDATx\x9c\x63\x60\0\0\0\x02\0\x01\x48\xaf\xa4\x71"
        "\0\0\0\0IEND\xae\x42\x60\x82";
    memcpy(out, png, sizeof png - 1);
    return sizeof png - 1;
}
