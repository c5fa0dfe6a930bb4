/* A report as a table: quoting, empty cells, and what a spreadsheet must not run. */
#include "report_csv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void test_csv(void **state)
{
    json_t *report = json_pack(
        "{s:s, s:[{s:i, s:s, s:n, s:s, s:b, s:s, s:s, s:i, s:s, s:n}, {s:n, s:s, s:s, s:b}]}",
        "import_id", "0a", "verdicts", "photo_id", 7, "source", "/c/a \"q\",\n.jpg", "destination",
        "role", "primary", "verified", 1, "algorithm", "xxh3-128", "digest", "00ff", "bytes", 12,
        "time", "2025-11-09T12:34:56.789Z", "error", "photo_id", "source", "=1+1", "role", "backup",
        "verified", 0);
    (void)state;
    assert_non_null(report);
    char *text = report_csv(report);
    assert_string_equal(
        text, "import_id,photo_id,source,destination,role,verified,algorithm,digest,bytes,time,"
              "error,stamped\r\n"
              "\"0a\",7,\"/c/a \"\"q\"\",\n.jpg\",,\"primary\",true,\"xxh3-128\",\"00ff\",12,"
              "\"2025-11-09T12:34:56.789Z\",,\r\n"
              "\"0a\",,\"'=1+1\",,\"backup\",false,,,,,,\r\n");
    free(text);
    json_decref(report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_csv)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
