/* Tags as clean text. Worker process only. */
#include "task/tags.h"

#include <junmai/sdk/path.h>
#include <string.h>

static bool is_blank(char c)
{
    return (unsigned char)c <= ' ' || c == 0x7F;
}

char *text_clean(const char *raw)
{
    size_t len = strlen(raw);
    while (len > 0 && is_blank(raw[len - 1])) {
        len--;
    }
    while (len > 0 && is_blank(*raw)) {
        raw++;
        len--;
    }
    if (len == 0) {
        return NULL;
    }
    len = jm_span_cut((jm_span){raw, len}, TAG_TEXT_MAX).len;
    char *text = g_malloc(len * 2 + 1);
    size_t used = 0;
    for (size_t i = 0; i < len;) {
        size_t character = jm_utf8_length(raw + i, len - i);
        if (character == 0) {
            unsigned char byte = (unsigned char)raw[i++];
            text[used++] = (char)(0xC0 | byte >> 6);
            text[used++] = (char)(0x80 | (byte & 0x3F));
            continue;
        }
        bool control = is_blank(raw[i]) && raw[i] != '\n' && raw[i] != '\t';
        memcpy(text + used, control ? " " : raw + i, character);
        used += character;
        i += character;
    }
    text[used] = '\0';
    return text;
}

char *tag_text(GExiv2Metadata *metadata, const char *tag)
{
    char *raw = gexiv2_metadata_try_get_tag_string(metadata, tag, NULL);
    char *text = raw == NULL ? NULL : text_clean(raw);
    g_free(raw);
    return text;
}

char *tag_first_text(GExiv2Metadata *metadata, const char *const *tags)
{
    char *text = NULL;
    for (; *tags != NULL && text == NULL; tags++) {
        text = tag_text(metadata, *tags);
    }
    return text;
}

char **tag_texts(GExiv2Metadata *metadata, const char *tag)
{
    return gexiv2_metadata_try_get_tag_multiple(metadata, tag, NULL);
}

bool tag_int(GExiv2Metadata *metadata, const char *tag, long *value_out)
{
    if (!gexiv2_metadata_try_has_tag(metadata, tag, NULL)) {
        return false;
    }
    *value_out = gexiv2_metadata_try_get_tag_long(metadata, tag, NULL);
    return true;
}
