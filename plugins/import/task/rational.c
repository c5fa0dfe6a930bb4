/* Rationals and shutter speeds. Worker process only. */
#include "task/rational.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

size_t rationals_parse(const char *text, double *values_out, size_t max)
{
    size_t count = 0;
    while (count < max) {
        char *end;
        long over = strtol(text, &end, 10);
        if (end == text || *end != '/') {
            break;
        }
        text = end + 1;
        long under = strtol(text, &end, 10);
        if (end == text || under == 0) {
            break;
        }
        values_out[count++] = (double)over / (double)under;
        text = end;
    }
    return count;
}

/* From a quarter of a second on, a decimal reads better than a fraction. */
void shutter_format(double seconds, char text_out[32])
{
    if (seconds > 0 && seconds < 0.25001) {
        snprintf(text_out, 32, "1/%.0f", 1 / seconds);
        return;
    }
    snprintf(text_out, 32, "%.1f", seconds);
    size_t len = strlen(text_out);
    if (len > 2 && strcmp(text_out + len - 2, ".0") == 0) {
        text_out[len - 2] = '\0';
    }
}
