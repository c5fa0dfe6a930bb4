/* A studio whose host is measured with all its workers. */
#ifndef IMPORT_BENCH_HOST_H
#define IMPORT_BENCH_HOST_H

#include "studio.h"

#include <stdint.h>

/* CPU seconds so far of the host and of its workers, ended ones too. */
double bench_host_cpu(const struct studio *studio);
/* A metric of the host; -1 where it has none of that name. */
double bench_host_metric(const struct studio *studio, const char *name);
/* Begins the import of a folder as a card and stays until its end; the host's longest hold of the
 * loop meanwhile, in milliseconds, or -1 when not all of `files` came in. */
double bench_host_import(const struct studio *studio, const char *folder, long long files);

#endif
