/* What has become of the files of an import. */
#ifndef JMC_IMPORT_REPORT_H
#define JMC_IMPORT_REPORT_H

#include "batch.h"

/* Print it: for people, or with --json for programs. */
void jmc_import_report(const struct jmc_import *import);
/* A line for each sentence of [path, sentence] pairs, with examples of the files. */
void jmc_import_print_verdicts(const char *kind, const json_t *verdicts);

#endif
