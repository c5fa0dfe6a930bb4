/* A report as comma-separated values (RFC 4180). Pure. [any] */
#ifndef IMPORT_REPORT_CSV_H
#define IMPORT_REPORT_CSV_H

#include <jansson.h>

/* The verdicts of a report, with a line of headings; to free(). NULL when out of memory. A cell that a
 * spreadsheet would take for a formula begins with an apostrophe. */
char *report_csv(const json_t *report);

#endif
