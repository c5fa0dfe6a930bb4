/* Filling in verdicts. [any] */
#include "verdict.h"

#include <errno.h>
#include <junmai/sdk/path.h>
#include <stdarg.h>
#include <stdio.h>

/* File names may be any bytes, and a cut may fall inside a character: what leaves here is UTF-8. */
static void format_text(struct verdict *verdict, const char *format, va_list args)
{
    char raw[sizeof verdict->text];
    vsnprintf(raw, sizeof raw, format, args);
    char *text = jm_path_text(jm_span_of(raw));
    jm_span cut =
        jm_span_cut(jm_span_of(text == NULL ? "out of memory" : text), sizeof verdict->text - 1);
    memcpy(verdict->text, cut.ptr, cut.len);
    verdict->text[cut.len] = '\0';
    free(text);
}

bool verdict_set(struct verdict *verdict, int32_t http_status, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    format_text(verdict, format, args);
    va_end(args);
    verdict->http_status = http_status;
    verdict->trouble = NULL;
    return false;
}

bool verdict_trouble(struct verdict *verdict, int32_t http_status, const char *trouble,
                     const char *format, ...)
{
    va_list args;
    va_start(args, format);
    format_text(verdict, format, args);
    va_end(args);
    verdict->http_status = http_status;
    verdict->trouble = trouble;
    return false;
}

void verdict_name_disk(struct verdict *verdict, const char *folder)
{
    char said[sizeof verdict->text];
    if (verdict->trouble != NULL && strcmp(verdict->trouble, "disk_full") == 0) {
        memcpy(said, verdict->text, sizeof said);
        verdict_trouble(verdict, verdict->http_status, "disk_full", "%s (on the disk of %s)", said,
                        folder);
    }
}

bool verdict_library(struct verdict *verdict, int error, const char *what)
{
    if (error == ENOSPC || error == EDQUOT) {
        return verdict_trouble(verdict, 503, "disk_full",
                               "%s failed: the disk is full; make room, then try again", what);
    }
    return verdict_trouble(verdict, 503, "library_unwritable",
                           "%s failed: %s; check the folder and its owner", what, strerror(error));
}
