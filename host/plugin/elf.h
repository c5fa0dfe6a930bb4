/* Is a shared object whole? A half-written one kills the process from within dlopen() (SIGBUS), so the
 * headers are read before. [any] */
#ifndef JMH_PLUGIN_ELF_H
#define JMH_PLUGIN_ELF_H

#include "host/util/err.h"

/* JM_OK, or JM_ENOENT, JM_EIO, JM_EINVAL (no shared object, not complete), JM_EUNSUPPORTED (of another
 * kind of machine). */
jm_status jmh_elf_check(const char *path, struct jmh_err *err);

#endif
