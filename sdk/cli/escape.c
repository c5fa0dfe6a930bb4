/* File names in texts; see escape.h. */
#include "escape.h"

#include "memory.h"

#include <ctype.h>
#include <junmai/sdk/path.h>
#include <stdio.h>

char *jmc_escape(const char *name)
{
    struct jmc_buffer text = {0};
    const size_t bytes = strlen(name);
    jmc_buffer_add(&text, "", 0);
    for (size_t i = 0; i < bytes;) {
        const unsigned char byte = (unsigned char)name[i];
        const size_t length = jm_utf8_length(name + i, bytes - i);
        if (length == 0 || byte < 0x20 || byte == '%') {
            char escape[4];
            (void)snprintf(escape, sizeof escape, "%%%02X", byte);
            jmc_buffer_add(&text, escape, 3);
            i++;
        } else {
            jmc_buffer_add(&text, name + i, length);
            i += length;
        }
    }
    return text.bytes;
}

char *jmc_unescape(const char *text)
{
    char *name = jmc_text_copy(text);
    char *out = name;
    while (*text != '\0') {
        unsigned byte;
        if (text[0] == '%' && isxdigit((unsigned char)text[1]) &&
            isxdigit((unsigned char)text[2]) && sscanf(text + 1, "%2x", &byte) == 1 && byte != 0) {
            *out++ = (char)byte;
            text += 3;
        } else {
            *out++ = *text++;
        }
    }
    *out = '\0';
    return name;
}
