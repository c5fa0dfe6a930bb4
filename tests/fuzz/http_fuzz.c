/* The texts of an HTTP request: path, query, Host, Origin, ranges and conditions. */
#include "host/http/browser.h"
#include "host/http/file.h"
#include "host/http/query.h"
#include "host/util/span.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void judge(jm_span text)
{
    static const char *const none[] = {NULL};
    const struct jmh_browser_rules rules = {none, none, none};
    const struct jmh_browser_request request = {.method = {"POST", 4},
                                                .host = text,
                                                .origin = text,
                                                .fetch_site = text,
                                                .changes_state = true};
    (void)jmh_browser_judge(&rules, &request);
}

static void plan(jm_span text, uint64_t file_size)
{
    const struct jmh_file_facts facts = {.size = file_size, .modified = {1700000000, 0}};
    const struct jmh_file_request request = {
        .range = text, .if_none_match = text, .if_range = text, .if_modified_since = text};
    const struct jmh_file_request only_range = {.range = text};
    struct jmh_file_answer answer;
    jmh_file_answer(&facts, &request, &answer);
    jmh_file_answer(&facts, &only_range, &answer);
    if (answer.offset + answer.length > file_size) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    jm_span text = {(const char *)data, size};
    struct jmh_buf out = {0};
    if (jmh_path_decode(text, &out) && (out.len == 0 || memchr(out.data, '\0', out.len) != NULL ||
                                        memmem(out.data, out.len, "/../", 4) != NULL)) {
        abort();
    }
    jmh_buf_clear(&out);
    (void)jmh_query_get(text, "limit", &out);
    jmh_buf_fini(&out);
    judge(text);
    plan(text, size % 5000);
    return 0;
}
