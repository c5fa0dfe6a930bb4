/* Which offers of compression are taken. */
#include "host/transport/offer.h"

#include "host/util/span.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void takes_what_it_can_do(void **state)
{
    static const char *const good[] = {
        "permessage-deflate",
        " permessage-deflate ",
        "permessage-deflate; client_max_window_bits",
        "permessage-deflate;client_max_window_bits=12;server_no_context_takeover",
        "permessage-deflate; client_no_context_takeover",
        "x-webkit-deflate-frame, permessage-deflate",
        "permessage-deflate; server_max_window_bits=10, permessage-deflate",
    };
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        if (!jmh_offer_deflates(jmh_span(good[i]))) {
            fail_msg("'%s' was declined", good[i]);
        }
    }
}

static void declines_the_rest(void **state)
{
    static const char *const bad[] = {
        "",
        ",",
        ";",
        "permessage-deflat",
        "xpermessage-deflate",
        "permessage-deflate-2",
        "permessage-deflate; server_max_window_bits=10",
        "permessage-deflate; unknown",
        "permessage-deflate; client_max_window_bits; mystery=1",
        "permessage-bzip2; permessage-deflate",
    };
    (void)state;
    assert_false(jmh_offer_deflates((jm_span){NULL, 0}));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        if (jmh_offer_deflates(jmh_span(bad[i]))) {
            fail_msg("'%s' was taken", bad[i]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_what_it_can_do),
        cmocka_unit_test(declines_the_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
