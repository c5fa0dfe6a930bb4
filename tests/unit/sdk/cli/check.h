/* What every test here begins with: cmocka, a scratch folder, and what a function prints as a text. */
#ifndef CLI_TESTS_CHECK_H
#define CLI_TESTS_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A new temporary folder is the working directory of each test that has these as its set-up and
 * tear-down; *state is its path. */
static inline int enter_scratch(void **state)
{
    const char *parent = getenv("TMPDIR");
    char path[4096];
    snprintf(path, sizeof path, "%s/junmai-cli-XXXXXX", parent && *parent ? parent : "/tmp");
    assert_non_null(mkdtemp(path));
    assert_int_equal(chdir(path), 0);
    *state = realpath(path, NULL);
    return 0;
}

static inline int remove_scratch(const char *path, const struct stat *facts, int kind,
                                 struct FTW *place)
{
    (void)facts;
    (void)kind;
    (void)place;
    return remove(path);
}

static inline int leave_scratch(void **state)
{
    assert_int_equal(chdir("/"), 0);
    assert_int_equal(nftw(*state, remove_scratch, 16, FTW_DEPTH | FTW_PHYS), 0);
    free(*state);
    return 0;
}

static inline void write_file(const char *path, const char *content)
{
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_true(fputs(content, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* To free(). */
static inline char *read_file(const char *path)
{
    static char text[65536];
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    const size_t bytes = fread(text, 1, sizeof text - 1, file);
    text[bytes] = '\0';
    fclose(file);
    return strdup(text);
}

#endif
