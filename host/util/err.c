/* Failures with a sentence. Any thread. */
#include "host/util/err.h"

#include <stdarg.h>
#include <stdio.h>

jm_status jmh_err_set(struct jmh_err *err, jm_status code, const char *format, ...)
{
    if (err == NULL) {
        return code;
    }
    va_list args;
    va_start(args, format);
    (void)vsnprintf(err->text, sizeof err->text, format, args);
    va_end(args);
    err->code = code;
    return code;
}
