/*
 * What every test here begins with: cmocka, and how a call of the test client that must succeed is
 * written. Such a call says by itself why it failed; must() makes it fail the test with that.
 */
#ifndef HOST_TESTS_CHECK_H
#define HOST_TESTS_CHECK_H

#include "client/error.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define must(call)                                       \
    do {                                                 \
        if ((call) < 0)                                  \
            fail_msg("%s: %s", #call, jmt_error_text()); \
    } while (0)

#endif
