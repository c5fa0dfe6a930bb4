/* The nearest known word. */
#include "host/config/suggest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *nearest(const char *word, const char *const *known)
{
    static struct jmh_suggest suggest;
    jmh_suggest_init(&suggest, word);
    for (; *known != NULL; known++)
        jmh_suggest_offer(&suggest, *known);
    return jmh_suggest_text(&suggest);
}

static void near_words(void **state)
{
    (void)state;
    static const char *const known[] = {"clients", "client_buffer", "x", NULL};
    assert_string_equal(nearest("cleints", known), "; did you mean 'clients'?");
    assert_string_equal(nearest("client", known), "; did you mean 'clients'?");
    assert_string_equal(nearest("clientss", known), "; did you mean 'clients'?");
    assert_string_equal(nearest("servers", known), "");
    assert_string_equal(nearest("y", known), ""); /* not a single letter is right */
}

static void the_nearest_of_several(void **state)
{
    (void)state;
    static const char *const known[] = {"ports", "port", "pork", NULL};
    assert_string_equal(nearest("portt", known), "; did you mean 'ports'?");
    assert_string_equal(nearest("por", known), "; did you mean 'port'?");
}

static void long_words_are_left_alone(void **state)
{
    (void)state;
    char word[200];
    memset(word, 'a', sizeof word - 1);
    word[sizeof word - 1] = '\0';
    const char *const known[] = {word, "a", NULL};
    assert_string_equal(nearest(word, known), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(near_words),
        cmocka_unit_test(the_nearest_of_several),
        cmocka_unit_test(long_words_are_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
