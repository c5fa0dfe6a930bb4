/* Reading XMP sidecars. Worker process only. */
#include "task/sidecar.h"

#include "task/facts.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#define SIDECAR_BYTES_MAX (16u << 20)

/* The encoding of a packet that is not UTF-8, by its mark or by its first '<'; NULL for UTF-8. */
static const char *wide_encoding(struct bytes text)
{
    static const struct {
        const char *bytes;
        size_t len;
        const char *name;
    } starts[] = {
        {"\xff\xfe\0\0", 4, "UTF-32LE"}, {"\0\0\xfe\xff", 4, "UTF-32BE"},
        {"\xff\xfe", 2, "UTF-16LE"},     {"\xfe\xff", 2, "UTF-16BE"},
        {"<\0\0\0", 4, "UTF-32LE"},      {"\0\0\0<", 4, "UTF-32BE"},
        {"<\0", 2, "UTF-16LE"},          {"\0<", 2, "UTF-16BE"},
    };
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        if (has_text(text, 0, starts[i].bytes, starts[i].len)) {
            return starts[i].name;
        }
    }
    return NULL;
}

char *sidecar_packet(struct bytes text, gsize *len_out)
{
    const char *encoding = wide_encoding(text);
    char *packet = encoding == NULL ? g_memdup2(text.ptr, text.len)
                                    : g_convert((const char *)text.ptr, (gssize)text.len, "UTF-8",
                                                encoding, NULL, len_out, NULL);
    *len_out = encoding == NULL ? text.len : *len_out;
    if (packet != NULL && *len_out >= 3 && memcmp(packet, "\xef\xbb\xbf", 3) == 0) {
        *len_out -= 3;
        memmove(packet, packet + 3, *len_out);
    }
    return packet;
}

bool sidecar_apply(struct bytes sidecar, json_t *facts)
{
    gsize len = 0;
    char *packet = sidecar.len == 0 ? NULL : sidecar_packet(sidecar, &len);
    GExiv2Metadata *metadata = gexiv2_metadata_new();
    bool ok = packet != NULL &&
              gexiv2_metadata_open_buf(metadata, (const guint8 *)packet, (glong)len, NULL) &&
              gexiv2_metadata_has_xmp(metadata);
    if (ok) {
        facts_read_sidecar(metadata, facts);
    }
    g_object_unref(metadata);
    g_free(packet);
    return ok;
}

bool sidecar_apply_file(int fd, json_t *facts)
{
    struct stat info;
    if (fstat(fd, &info) < 0 || !S_ISREG(info.st_mode) || info.st_size == 0 ||
        info.st_size > SIDECAR_BYTES_MAX) {
        return false;
    }
    void *content = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (content == MAP_FAILED) {
        return false;
    }
    bool ok = sidecar_apply((struct bytes){content, (uint64_t)info.st_size}, facts);
    munmap(content, (size_t)info.st_size);
    return ok;
}
