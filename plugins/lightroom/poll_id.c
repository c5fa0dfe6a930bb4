/* RFC 4122, section 4.4. */
#include "poll_id.h"

#include <ctype.h>
#include <stdio.h>
#include <sys/random.h>

static bool is_dash_place(size_t i)
{
    return i == 8 || i == 13 || i == 18 || i == 23;
}

jm_status lr_poll_id_make(char id_out[LR_POLL_ID_SIZE])
{
    unsigned char bytes[16];
    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
        return JM_EIO;
    bytes[6] = (unsigned char)((bytes[6] & 0x0fu) | 0x40u);
    bytes[8] = (unsigned char)((bytes[8] & 0x3fu) | 0x80u);
    size_t used = 0;
    for (size_t i = 0; i < sizeof bytes; i++) {
        if (is_dash_place(used))
            id_out[used++] = '-';
        snprintf(id_out + used, LR_POLL_ID_SIZE - used, "%02x", bytes[i]);
        used += 2;
    }
    return JM_OK;
}

bool lr_poll_id_read(jm_span text, char id_out[LR_POLL_ID_SIZE])
{
    if (text.len != LR_POLL_ID_SIZE - 1)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.ptr[i];
        if (is_dash_place(i) ? byte != '-' : !isxdigit(byte))
            return false;
        id_out[i] = (char)tolower(byte);
    }
    id_out[text.len] = '\0';
    return true;
}

/* FNV-1a: an id may also come from a client. */
uint32_t lr_poll_id_hash(const char *id)
{
    uint32_t hash = 2166136261u;
    for (; *id != '\0'; id++)
        hash = (hash ^ (unsigned char)*id) * 16777619u;
    return hash;
}
