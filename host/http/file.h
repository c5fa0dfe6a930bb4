/* What is sent of a file: the conditional headers and ranges of RFC 9110, computed.
 *
 * Numbers and header values in, a status, a piece of the file and further headers out; no file is
 * touched. A request for several ranges is answered with the whole. Plain functions. [any] */
#ifndef JMH_HTTP_FILE_H
#define JMH_HTTP_FILE_H

#include <junmai/types.h>
#include <stdbool.h>
#include <time.h>

#define JMH_FILE_ETAG_BYTES 128
#define JMH_FILE_HEADERS_BYTES 384

struct jmh_file_facts {
    uint64_t size;
    struct timespec modified;
    jm_span
        etag; /* with or without quotes; absent: made from size and time, as is one that does not
                     fit or has characters that no tag may have */
};

struct jmh_file_request {
    bool head_only;                                            /* HEAD: Range has no meaning */
    jm_span if_none_match, if_modified_since, if_range, range; /* absent: no header */
};

struct jmh_file_answer {
    int status;                           /* 200, 206, 304, 416 */
    uint64_t offset, length;              /* of the body; length 0 with 304 and 416 */
    char headers[JMH_FILE_HEADERS_BYTES]; /* "Name: value\r\n" each, NUL-terminated */
};

void jmh_file_answer(const struct jmh_file_facts *facts, const struct jmh_file_request *request,
                     struct jmh_file_answer *answer_out);

#endif
