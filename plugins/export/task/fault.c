/* Sentences of failure. Worker process only. */
#include "task/fault.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <vips/vips.h>

void fault_set(struct fault *fault, jm_status status, const char *format, ...)
{
    if (fault->status != JM_OK) {
        return;
    }
    va_list args;
    va_start(args, format);
    vsnprintf(fault->text, sizeof fault->text, format, args);
    va_end(args);
    fault->status = status;
}

void fault_set_vips(struct fault *fault, jm_status status, const char *what)
{
    char words[160];
    snprintf(words, sizeof words, "%s", vips_error_buffer());
    vips_error_clear();
    size_t len = strlen(words);
    while (len > 0 && words[len - 1] == '\n') {
        words[--len] = '\0';
    }
    for (char *at = words; *at != '\0'; at++) {
        *at = *at >= 0x20 && *at < 0x7F ? *at : ' ';
    }
    if (strstr(words, "out of memory") != NULL) {
        status = JM_ENOMEM;
    }
    fault_set(fault, status, "%s: %s", what, len > 0 ? words : "no reason is known");
}
