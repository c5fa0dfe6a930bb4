/* Text for people; see text.h. */
#include "text.h"

#include <junmai/sdk/path.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#define ESCAPE_COLUMNS 4 /* \xNN */

/* Whether it is one of the characters U+0000 to U+001F and U+007F to U+009F. */
static bool is_control(const char *at, size_t length)
{
    const unsigned char first = (unsigned char)at[0];
    return length == 1 ? first < 0x20 || first == 0x7f
                       : length == 2 && first == 0xc2 && (unsigned char)at[1] < 0xa0;
}

void jmc_text_print(FILE *out, const char *text, size_t bytes)
{
    for (size_t i = 0; i < bytes;) {
        const size_t length = jm_utf8_length(text + i, bytes - i);
        if (length > 0 && !is_control(text + i, length)) {
            (void)fwrite(text + i, 1, length, out);
            i += length;
            continue;
        }
        for (size_t end = i + (length > 0 ? length : 1); i < end; i++) {
            fprintf(out, "\\x%02X", (unsigned char)text[i]);
        }
    }
}

/* Columns of one character. */
static size_t character_width(const char *at, size_t length)
{
    mbstate_t state = {0};
    wchar_t character;
    const bool is_known = mbrtowc(&character, at, length, &state) == length;
    const int columns = is_known ? wcwidth(character) : 1;
    return columns > 0 ? (size_t)columns : 0;
}

size_t jmc_text_width(const char *text)
{
    const size_t bytes = strlen(text);
    size_t width = 0;
    for (size_t i = 0; i < bytes;) {
        const size_t length = jm_utf8_length(text + i, bytes - i);
        const size_t used = length > 0 ? length : 1;
        width += length == 0 || is_control(text + i, length) ? used * ESCAPE_COLUMNS
                                                             : character_width(text + i, length);
        i += used;
    }
    return width;
}

void jmc_text_bytes(uint64_t bytes, char text_out[JMC_UNIT_BYTES])
{
    static const char *const units[] = {"kB", "MB", "GB", "TB"};
    double value = (double)bytes;
    if (bytes < 1000) {
        (void)snprintf(text_out, JMC_UNIT_BYTES, "%u B", (unsigned)bytes);
        return;
    }
    size_t unit = 0;
    for (value /= 1000; value >= 999.5 && unit < 3; unit++) {
        value /= 1000;
    }
    (void)snprintf(text_out, JMC_UNIT_BYTES, value < 99.95 ? "%.1f %s" : "%.0f %s", value,
                   units[unit]);
}

void jmc_text_seconds(double seconds, char text_out[JMC_UNIT_BYTES])
{
    const double longest = 999.0 * 86400;
    const unsigned whole = (unsigned)(seconds < 0 ? 0 : seconds > longest ? longest : seconds);
    const unsigned minutes = whole / 60;
    const unsigned hours = minutes / 60;
    if (whole < 60) {
        (void)snprintf(text_out, JMC_UNIT_BYTES, "%u s", whole);
    } else if (hours == 0) {
        (void)snprintf(text_out, JMC_UNIT_BYTES, "%u min %u s", minutes, whole % 60);
    } else if (hours < 24) {
        (void)snprintf(text_out, JMC_UNIT_BYTES, "%u h %u min", hours, minutes % 60);
    } else {
        (void)snprintf(text_out, JMC_UNIT_BYTES, "%u d %u h", hours / 24, hours % 24);
    }
}

bool jmc_text_is_colourful(FILE *out)
{
    const char *terminal = getenv("TERM");
    const char *refused = getenv("NO_COLOR");
    return isatty(fileno(out)) && (refused == NULL || refused[0] == '\0') && terminal != NULL &&
           strcmp(terminal, "dumb") != 0;
}
