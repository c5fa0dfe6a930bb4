/* A failure on its way to the person who can act: a code and one sentence.
 *
 * Filled where something failed, passed up unchanged, shown or logged once at the top. */
#ifndef JMH_UTIL_ERR_H
#define JMH_UTIL_ERR_H

#include <junmai/types.h>

#define JMH_ERR_BYTES 512

struct jmh_err {
    jm_status code;
    char text[JMH_ERR_BYTES];
};

/* Set code and sentence; returns the code. `err` may be NULL. [any] */
__attribute__((format(printf, 3, 4))) jm_status jmh_err_set(struct jmh_err *err, jm_status code,
                                                            const char *format, ...);

#endif
