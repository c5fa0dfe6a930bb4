/* Directories of a little-endian TIFF. Worker process only. */
#include "task/tiff_tags.h"

#include "task/file.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define HEAD_BYTES 8
#define ENTRY_BYTES 12
#define ENTRIES_MAX 128
#define DEPTH_MAX 3
#define TAG_EXIF 0x8769
#define TAG_GPS 0x8825
#define TAG_INTEROP 0xA005
#define TAG_IPTC 0x83BB
#define TYPE_UNDEFINED 7

struct directory {
    uint8_t entries[ENTRIES_MAX][ENTRY_BYTES];
    size_t count;
};

static void put16(uint8_t *at, uint32_t value)
{
    at[0] = (uint8_t)value;
    at[1] = (uint8_t)(value >> 8);
}

static void put32(uint8_t *at, uint32_t value)
{
    put16(at, value);
    put16(at + 2, value >> 16);
}

static uint32_t tag_of(const uint8_t *entry)
{
    return read16((struct bytes){entry, ENTRY_BYTES}, 0, false);
}

static uint64_t value_bytes(const uint8_t *entry)
{
    static const uint8_t sizes[] = {1, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4};
    const struct bytes bytes = {entry, ENTRY_BYTES};
    uint32_t type = read16(bytes, 2, false);
    return (uint64_t)read32(bytes, 4, false) * (type < sizeof sizes ? sizes[type] : 1);
}

/* Every offset in a directory, and in those below it, grows by `base`. */
static bool relocate(uint8_t *ptr, uint64_t len, uint32_t at, uint32_t base, int depth)
{
    struct bytes block = {ptr, len};
    if (depth > DEPTH_MAX || !has(block, at, 2)) {
        return false;
    }
    uint32_t count = read16(block, at, false);
    if (!has(block, (uint64_t)at + 2, (uint64_t)count * ENTRY_BYTES)) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        uint8_t *entry = ptr + at + 2 + (size_t)i * ENTRY_BYTES;
        uint32_t tag = tag_of(entry);
        uint32_t value = read32(block, (uint64_t)(entry - ptr) + 8, false);
        bool is_directory = tag == TAG_EXIF || tag == TAG_GPS || tag == TAG_INTEROP;
        if (is_directory && !relocate(ptr, len, value, base, depth + 1)) {
            return false;
        }
        if (is_directory || value_bytes(entry) > 4) {
            put32(entry + 8, value + base);
        }
    }
    return true;
}

/* Add one entry where the tag is not there yet. */
static void add(struct directory *directory, const uint8_t entry[ENTRY_BYTES])
{
    for (size_t i = 0; i < directory->count; i++) {
        if (tag_of(directory->entries[i]) == tag_of(entry)) {
            return;
        }
    }
    if (directory->count < ENTRIES_MAX) {
        memcpy(directory->entries[directory->count++], entry, ENTRY_BYTES);
    }
}

static int by_tag(const void *a, const void *b)
{
    return (int)tag_of(a) - (int)tag_of(b);
}

static bool read_first(int fd, struct directory *directory)
{
    uint8_t head[HEAD_BYTES];
    uint8_t number[2];
    if (pread(fd, head, sizeof head, 0) != sizeof head || memcmp(head, "II*\0", 4) != 0) {
        return false;
    }
    uint32_t at = read32((struct bytes){head, sizeof head}, 4, false);
    if (pread(fd, number, sizeof number, at) != sizeof number) {
        return false;
    }
    size_t count = read16((struct bytes){number, sizeof number}, 0, false);
    ssize_t wanted = (ssize_t)(count * ENTRY_BYTES);
    directory->count = count;
    return count <= ENTRIES_MAX && pread(fd, directory->entries, (size_t)wanted, at + 2) == wanted;
}

/* Put Exif behind the file and its first directory's tags into `directory`. */
static bool append_exif(int fd, uint64_t at, GBytes *exif, struct directory *directory)
{
    gsize len = 0;
    const void *from = g_bytes_get_data(exif, &len);
    uint8_t *copy = g_memdup2(from, len);
    struct bytes block = {copy, len};
    uint32_t first =
        has_text(block, 0, "II*\0", 4) && len >= HEAD_BYTES ? read32(block, 4, false) : 0;
    bool good = first != 0 && relocate(copy, len, first, (uint32_t)at, 0);
    for (uint32_t i = 0; good && i < read16(block, first, false); i++) {
        add(directory, copy + first + 2 + (size_t)i * ENTRY_BYTES);
    }
    good = good && file_write(fd, copy, len, at);
    g_free(copy);
    return good;
}

/* IPTC of a JPEG lies in a block of Photoshop's; in a TIFF it has a tag of its own. */
static bool append_iptc(int fd, uint64_t at, GBytes *iptc, struct directory *directory)
{
    static const char head[] = "Photoshop 3.0\0008BIM\4\4\0";
    gsize size = 0;
    const uint8_t *ptr = g_bytes_get_data(iptc, &size);
    struct bytes block = {ptr, size};
    if (!has_text(block, 0, head, sizeof head) || !has(block, sizeof head, 4)) {
        return true;
    }
    uint32_t len = read32(block, sizeof head, true);
    if (!has(block, sizeof head + 4, len)) {
        return true;
    }
    uint8_t entry[ENTRY_BYTES];
    put16(entry, TAG_IPTC);
    put16(entry + 2, TYPE_UNDEFINED);
    put32(entry + 4, len);
    put32(entry + 8, (uint32_t)at);
    add(directory, entry);
    return file_write(fd, ptr + sizeof head + 4, len, at);
}

static bool append_directory(int fd, uint64_t at, struct directory *directory)
{
    uint8_t number[2];
    uint8_t place[4];
    static const uint8_t no_next[4] = {0};
    uint64_t len = directory->count * ENTRY_BYTES;
    qsort(directory->entries, directory->count, ENTRY_BYTES, by_tag);
    put16(number, (uint32_t)directory->count);
    put32(place, (uint32_t)at);
    return file_write(fd, number, sizeof number, at) &&
           file_write(fd, directory->entries, len, at + 2) &&
           file_write(fd, no_next, sizeof no_next, at + 2 + len) &&
           file_write(fd, place, sizeof place, 4);
}

/* Behind the file, at an even place. */
static uint64_t end_of(int fd)
{
    return (file_bytes(fd) + 1) & ~(uint64_t)1;
}

bool tiff_tags_append(int fd, const struct metadata *metadata)
{
    struct directory directory = {.count = 0};
    if (metadata->exif == NULL && metadata->iptc == NULL) {
        return true;
    }
    errno = EFBIG; /* 4 GiB is the end of a TIFF */
    return end_of(fd) < UINT32_MAX - (1u << 20) && read_first(fd, &directory) &&
           (metadata->exif == NULL || append_exif(fd, end_of(fd), metadata->exif, &directory)) &&
           (metadata->iptc == NULL || append_iptc(fd, end_of(fd), metadata->iptc, &directory)) &&
           append_directory(fd, end_of(fd), &directory);
}
