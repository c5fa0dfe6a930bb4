/* What has become of the files of an import. */
#ifndef JMC_IMPORT_REPORT_H
#define JMC_IMPORT_REPORT_H

#include "batch.h"

/* Print it: for people, or with --json for programs. */
void jmc_import_report(const struct jmc_import *import);

#endif
