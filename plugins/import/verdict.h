/* Why an import did not succeed, in the form in which a client and an operator hear of it. [any] */
#ifndef IMPORT_VERDICT_H
#define IMPORT_VERDICT_H

#include <junmai/types.h>
#include <stdbool.h>

struct verdict {
    int32_t http_status; /* 0 while nothing has failed */
    const char *trouble; /* error_type of error_occurred where an operator should know, or NULL */
    bool incomplete;     /* the file may not be whole yet */
    char text[480];      /* UTF-8 */
};

/* A client's affair. Returns false, so that a function can end with it. */
__attribute__((format(printf, 3, 4))) bool verdict_set(struct verdict *verdict, int32_t http_status,
                                                       const char *format, ...);

/* An operator's affair, of the kind `trouble`. Returns false. */
__attribute__((format(printf, 4, 5))) bool verdict_trouble(struct verdict *verdict,
                                                           int32_t http_status, const char *trouble,
                                                           const char *format, ...);

/* What errno `error` means when the library or the backup was being written: disk full or not writable. */
bool verdict_library(struct verdict *verdict, int error, const char *what);
/* Where a disk is full: it is that of `folder`. */
void verdict_name_disk(struct verdict *verdict, const char *folder);

#endif
