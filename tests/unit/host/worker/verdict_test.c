/* What the end of a worker means for its task. */
#include "host/worker/verdict.h"

#include "host/util/span.h"
#include "host/util/utf8.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

struct verdict_case {
    struct jmh_child_end end;
    uint32_t crashes;
    bool cancelled;
    jm_status status;
    const char *words;
};

static const struct verdict_case cases[] = {
    {{JMH_CHILD_KILLED_WALL, -SIGKILL}, 1, false, JM_ETIMEDOUT, "longer than its limit of 2.5 s"},
    {{JMH_CHILD_NOT_KILLED, -SIGXCPU}, 1, false, JM_ETIMEDOUT, "more than 3 s of processor time"},
    {{JMH_CHILD_NOT_KILLED, JMH_WIRE_EXIT_MEMORY},
     1,
     false,
     JM_ENOMEM,
     "more than 64 MiB of memory"},
    {{JMH_CHILD_NOT_KILLED, -SIGSEGV}, 1, false, JM_ECRASHED, "was ended by SIGSEGV"},
    {{JMH_CHILD_NOT_KILLED, -SIGSEGV}, 2, false, JM_ECRASHED, "poison"},
    {{JMH_CHILD_NOT_KILLED, -SIGABRT}, 2, false, JM_ECRASHED, "SIGABRT"},
    {{JMH_CHILD_NOT_KILLED, 7}, 2, false, JM_ECRASHED, "exit status 7"},
    {{JMH_CHILD_NOT_KILLED, -34}, 2, false, JM_ECRASHED, "signal 34"},
    {{JMH_CHILD_NOT_KILLED, -SIGKILL}, 1, false, JM_ECRASHED, "SIGKILL"},
    {{JMH_CHILD_NOT_KILLED, -SIGKILL}, 2, false, JM_ENOMEM, "out of memory"},
    {{JMH_CHILD_KILLED_NONSENSE, -SIGKILL}, 1, false, JM_ECRASHED, "broke the protocol"},
    {{JMH_CHILD_KILLED_HANGUP, -SIGKILL}, 2, false, JM_ECRASHED, "closed its connection"},
    {{JMH_CHILD_KILLED_CANCEL, -SIGKILL}, 1, true, JM_ECANCELLED, "cancelled"},
    {{JMH_CHILD_NOT_KILLED, -SIGSEGV}, 1, true, JM_ECANCELLED, "cancelled"},
};

static void every_end_has_its_status_and_its_words(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char object[] = "/usr/lib/junmai/import-task.so";
        char name[] = "metadata";
        char label[] = "read IMG_0042.CR2";
        const struct jmh_task task = {.object = object,
                                      .name = name,
                                      .label = label,
                                      .wall_ms = 2500,
                                      .cpu_ms = 3000,
                                      .memory_mib = 64,
                                      .crashes = cases[i].crashes,
                                      .cancelled = cases[i].cancelled};
        struct jmh_err verdict;
        jmh_verdict(&task, cases[i].end, &verdict);
        print_message("%s\n", verdict.text);
        assert_int_equal(verdict.code, cases[i].status);
        assert_non_null(strstr(verdict.text, cases[i].words));
        assert_non_null(
            strstr(verdict.text, "task metadata of import-task.so (read IMG_0042.CR2)"));
    }
}

static void long_names_are_cut_between_characters(void **state)
{
    (void)state;
    for (size_t shift = 0; shift < 3; shift++) {
        char text[3 * 200 + 1];
        memset(text, 'a', shift);
        for (size_t at = shift; at + 3 < sizeof text; at += 3) {
            memcpy(text + at, "\xe5\x86\x99", 4);
        }
        const struct jmh_task task = {
            .object = text, .name = text, .label = text, .crashes = JMH_TASK_ATTEMPTS_MAX};
        struct jmh_err verdict;
        jmh_verdict(&task, (struct jmh_child_end){JMH_CHILD_NOT_KILLED, -SIGKILL}, &verdict);
        assert_true(jmh_utf8_is_valid(jmh_span(verdict.text)));
        assert_non_null(strstr(verdict.text, "more memory"));
    }
}

static void a_start_that_fails_says_how(void **state)
{
    (void)state;
    char how[128];
    jmh_verdict_start((struct jmh_child_end){JMH_CHILD_NOT_KILLED, 127}, how, sizeof how);
    assert_string_equal(how, "ended with exit status 127");
    jmh_verdict_start((struct jmh_child_end){JMH_CHILD_KILLED_WALL, -SIGKILL}, how, sizeof how);
    assert_string_equal(how, "did not become ready in time");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_end_has_its_status_and_its_words),
        cmocka_unit_test(long_names_are_cut_between_characters),
        cmocka_unit_test(a_start_that_fails_says_how),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
