/* What every test here begins with. */
#ifndef SYSTEM_TESTS_CHECK_H
#define SYSTEM_TESTS_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#endif
