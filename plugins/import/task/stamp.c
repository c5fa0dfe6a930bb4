/* The task `stamp`; see stamp.h. Worker process only. */
#include "task/stamp.h"

#include "task/embed.h"
#include "task/sidecar.h"
#include "task/structure.h"

#include <errno.h>
#include <gexiv2/gexiv2.h>
#include <jansson.h>
#include <junmai/sdk/span.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>

#define CONTACT "Xmp.iptc.CreatorContactInfo/Iptc4xmpCore:"

static const char empty_packet[] =
    "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">"
    "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">"
    "<rdf:Description rdf:about=\"\"/></rdf:RDF></x:xmpmeta>";

__attribute__((format(printf, 3, 4))) static jm_status fail(const jm_task_run *run,
                                                            jm_status status, const char *format,
                                                            ...)
{
    char sentence[256];
    va_list args;
    va_start(args, format);
    vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    run->fail(run, jm_span_of(sentence));
    return status;
}

/* The whole file; ptr NULL where it cannot be had. */
static struct bytes map(int fd)
{
    struct stat info;
    struct bytes file = {NULL, 0};
    if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size > 0) {
        void *content = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (content != MAP_FAILED) {
            file = (struct bytes){content, (uint64_t)info.st_size};
        }
    }
    return file;
}

static void unmap(struct bytes file)
{
    if (file.ptr != NULL) {
        munmap((void *)file.ptr, file.len);
    }
}

static const char *text_of(const json_t *request, const char *key)
{
    const char *text = json_string_value(json_object_get(request, key));
    return text != NULL && text[0] != '\0' ? text : NULL;
}

/* An address of mail, one of the web, or any other. */
static const char *contact_tag(const char *contact)
{
    if (strstr(contact, "://") != NULL || strncmp(contact, "www.", 4) == 0) {
        return CONTACT "CiUrlWork";
    }
    return strchr(contact, '@') != NULL ? CONTACT "CiEmailWork" : CONTACT "CiAdrExtadr";
}

static bool has_keyword(gchar *const *keywords, const char *keyword)
{
    while (keywords != NULL && *keywords != NULL && strcmp(*keywords, keyword) != 0) {
        keywords++;
    }
    return keywords != NULL && *keywords != NULL;
}

static void add_keywords(GExiv2Metadata *metadata, const json_t *added)
{
    gchar **there = gexiv2_metadata_try_get_tag_multiple(metadata, "Xmp.dc.subject", NULL);
    GPtrArray *all = g_ptr_array_new();
    size_t i;
    const json_t *keyword;
    for (gchar **at = there; at != NULL && *at != NULL; at++) {
        g_ptr_array_add(all, *at);
    }
    json_array_foreach(added, i, keyword)
    {
        const char *text = json_string_value(keyword);
        if (text != NULL && text[0] != '\0' && !has_keyword(there, text)) {
            g_ptr_array_add(all, (gpointer)text);
        }
    }
    if (all->len > 0) {
        g_ptr_array_add(all, NULL);
        gexiv2_metadata_try_set_tag_multiple(metadata, "Xmp.dc.subject", (const gchar **)all->pdata,
                                             NULL);
    }
    g_ptr_array_free(all, TRUE);
    g_strfreev(there);
}

static void set_tags(GExiv2Metadata *metadata, const json_t *request)
{
    const char *creator = text_of(request, "creator");
    const char *copyright = text_of(request, "copyright");
    const char *contact = text_of(request, "contact");
    if (creator != NULL) {
        const gchar *creators[] = {creator, NULL};
        gexiv2_metadata_try_clear_tag(metadata, "Xmp.dc.creator", NULL);
        gexiv2_metadata_try_set_tag_multiple(metadata, "Xmp.dc.creator", creators, NULL);
    }
    if (copyright != NULL) {
        gexiv2_metadata_try_clear_tag(metadata, "Xmp.dc.rights", NULL);
        gexiv2_metadata_try_set_tag_string(metadata, "Xmp.dc.rights", copyright, NULL);
        gexiv2_metadata_try_set_tag_string(metadata, "Xmp.xmpRights.Marked", "True", NULL);
    }
    if (contact != NULL) {
        gexiv2_metadata_try_set_tag_string(metadata, contact_tag(contact), contact, NULL);
    }
    add_keywords(metadata, json_object_get(request, "keywords"));
}

/* The packet of what is there with the studio's tags in it, to g_free(). */
static char *make_packet(struct bytes there, bool is_sidecar, const json_t *request)
{
    gsize len = 0;
    GExiv2Metadata *metadata = gexiv2_metadata_new();
    char *text = is_sidecar ? sidecar_packet(there, &len) : NULL;
    bool is_open = text != NULL
                       ? gexiv2_metadata_open_buf(metadata, (const guint8 *)text, (glong)len, NULL)
                       : gexiv2_metadata_open_buf(metadata, there.ptr, (glong)there.len, NULL);
    is_open = is_open || gexiv2_metadata_open_buf(metadata, (const guint8 *)empty_packet,
                                                  sizeof empty_packet - 1, NULL);
    char *packet = NULL;
    if (is_open) {
        set_tags(metadata, request);
        packet =
            gexiv2_metadata_try_generate_xmp_packet(metadata, GEXIV2_USE_COMPACT_FORMAT, 0, NULL);
    }
    g_free(text);
    g_object_unref(metadata);
    return packet;
}

/* What was written must be as whole as what was there. */
static bool is_whole(const struct format *format, int fd)
{
    struct structure structure = {0};
    struct bytes file = map(fd);
    bool whole = file.ptr != NULL && structure_check(format, file, &structure) &&
                 (structure.warnings & WARN_IMAGES_MISSING) == 0;
    unmap(file);
    return whole;
}

static jm_status tell(const jm_task_run *run, bool written)
{
    return run->result(run, jm_span_of(written ? "{\"written\":true}" : "{\"written\":false}"));
}

static jm_status write_copy(const jm_task_run *run, struct bytes there, const json_t *request)
{
    bool is_sidecar = json_is_true(json_object_get(request, "sidecar"));
    jm_span name = jm_span_of(json_string_value(json_object_get(request, "name")));
    const struct format *format = is_sidecar ? NULL : format_detect(there, name);
    struct structure before = {0};
    struct out out = {.fd = run->fds[1]};
    if (!is_sidecar && (format == NULL || !structure_check(format, there, &before))) {
        return tell(run, false);
    }
    format = before.is_dng ? format_named("dng") : format;
    char *packet = make_packet(there, is_sidecar, request);
    if (packet == NULL) {
        return fail(run, JM_EINVAL, "no XMP packet can be made of what is there");
    }
    struct bytes text = {(const uint8_t *)packet, strlen(packet)};
    bool written = true;
    if (is_sidecar) {
        out_put(&out, text.ptr, text.len);
    } else {
        written = embed_xmp(format, there, text, &out) && out.error == 0 &&
                  ((before.warnings & WARN_IMAGES_MISSING) != 0 || is_whole(format, run->fds[2]));
    }
    g_free(packet);
    if (out.error != 0) {
        return fail(run, JM_EIO, "the copy cannot be written: %s", strerror(out.error));
    }
    return tell(run, written);
}

jm_status stamp_task(const jm_task_run *run)
{
    if (run->fd_count != 3) {
        return fail(run, JM_EINVAL,
                    "the task needs three descriptors: what is there, the copy to be written, the "
                    "same to be read");
    }
    struct bytes there = map(run->fds[0]);
    if (there.ptr == NULL) {
        return fail(run, JM_EINVAL, "the file is empty, or does not fit into memory");
    }
    json_t *request = json_loadb(run->request.ptr, run->request.len, 0, NULL);
    jm_status status = write_copy(run, there, request);
    json_decref(request);
    unmap(there);
    return status;
}
