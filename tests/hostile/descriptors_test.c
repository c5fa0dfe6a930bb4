/* More connections than there are descriptors: the host neither spins nor loses those that it has. */
#include "victim.h"

#include <stdio.h>
#include <sys/resource.h>

#define LIMIT 160
#define CONNECTIONS 120

static void test_no_descriptor_left(void **state)
{
    (void)state;
    static struct jmt_stream peers[CONNECTIONS];
    struct victim victim;
    int answered = 0;
    victim_open(&victim, NULL);
    for (int i = 0; i < CONNECTIONS; i++)
        peer_open(&peers[i], &victim, 0);
    expect_idle(&victim);
    for (int i = 0; i < CONNECTIONS; i++) {
        if (jmt_stream_send(&peers[i], GET_NOTHING, sizeof GET_NOTHING - 1, 0) == 0)
            answered += peer_hear(&peers[i]) == 404 ? 1 : 0;
        jmt_stream_close(&peers[i]);
    }
    assert_in_range(answered, LIMIT / 4, CONNECTIONS - 1);
    expect_nobody(&victim, 2000);
    victim_close(&victim);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_no_descriptor_left)};
    /* The host inherits it. */
    const struct rlimit limit = {LIMIT, LIMIT};
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
