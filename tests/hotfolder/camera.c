/* Photographs of a camera: see camera.h. */
#include "camera.h"

#include "photos.h"

#include <stdlib.h>
#include <string.h>

#define MAKE "Junmai"
#define TIME_BYTES 20
#define MODEL_BYTES 16

/* The tags, little endian: IFD0 with maker, model and a pointer, and the IFD that it points to. All
 * texts lie behind the two. */
struct tags {
    unsigned char bytes[128];
    size_t used;
};

static void put(struct tags *tags, unsigned value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        tags->bytes[tags->used++] = (unsigned char)(value >> (8 * i));
}

static void put_entry(struct tags *tags, unsigned tag, unsigned type, unsigned count,
                      unsigned value)
{
    put(tags, tag, 2);
    put(tags, type, 2);
    put(tags, count, 4);
    put(tags, value, 4);
}

static void put_text(struct tags *tags, const char *text, size_t bytes)
{
    for (size_t i = 0; i < bytes && text[i] != '\0'; i++)
        tags->bytes[tags->used + i] = (unsigned char)text[i];
    tags->used += bytes;
}

static void make_tags(struct tags *tags, const char *model, const char *time)
{
    const unsigned exif_at = 8 + 2 + 3 * 12 + 4;
    const unsigned texts_at = exif_at + 2 + 12 + 4;
    *tags = (struct tags){0};
    put_text(tags, "II", 2);
    put(tags, 42, 2);
    put(tags, 8, 4);
    put(tags, 3, 2);
    put_entry(tags, 0x010F, 2, sizeof MAKE, texts_at);
    put_entry(tags, 0x0110, 2, MODEL_BYTES, texts_at + sizeof MAKE);
    put_entry(tags, 0x8769, 4, 1, exif_at);
    put(tags, 0, 4);
    put(tags, 1, 2);
    put_entry(tags, 0x9003, 2, TIME_BYTES, texts_at + sizeof MAKE + MODEL_BYTES);
    put(tags, 0, 4);
    put_text(tags, MAKE, sizeof MAKE);
    put_text(tags, model, MODEL_BYTES);
    put_text(tags, time, TIME_BYTES);
}

char *camera_bytes(const char *comment, const char *model, const char *time, size_t *count_out)
{
    static const char name[6] = "Exif\0";
    struct tags tags;
    size_t count;
    char *plain = photo_bytes(comment, 4000, &count);
    make_tags(&tags, model, time);
    size_t segment = 2 + sizeof name + tags.used;
    char *photo = malloc(count + 2 + segment);
    if (!photo)
        abort();
    const unsigned char head[] = {
        0xFF, 0xD8, 0xFF, 0xE1, (unsigned char)(segment >> 8), (unsigned char)segment};
    memcpy(photo, head, sizeof head);
    memcpy(photo + sizeof head, name, sizeof name);
    memcpy(photo + sizeof head + sizeof name, tags.bytes, tags.used);
    memcpy(photo + 4 + segment, plain + 2, count - 2);
    free(plain);
    *count_out = count + 2 + segment;
    return photo;
}

char *camera_write(const char *folder, const char *name, const char *model, const char *time)
{
    size_t count;
    char *photo = camera_bytes(name, model, time, &count);
    char *path = photo_write_raw(folder, name, photo, count);
    free(photo);
    return path;
}
