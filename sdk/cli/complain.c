/* Sentences on standard error; see cli.h. */
#include "cli.h"

#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

int jmc_complain(const char *format, ...)
{
    va_list args;
    char *sentence = NULL;
    va_start(args, format);
    const int bytes = vasprintf(&sentence, format, args);
    va_end(args);
    (void)fflush(stdout);
    fputs("junmai: ", stderr);
    if (bytes >= 0) {
        jmc_text_print(stderr, sentence, (size_t)bytes);
        free(sentence);
    }
    fputc('\n', stderr);
    return JMC_FAILED;
}
