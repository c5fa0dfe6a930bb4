/* Subscription sets: shared where they are the same, woken where they are concerned. */
#include "host/log/set.h"

#include "host/client/client.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const uint32_t only_7[] = {7, 0};
static const uint32_t both[] = {7, 9, 0};
static const uint32_t none[] = {0};

static struct jmh_set *get(struct jmh_sets *sets, uint32_t a, uint32_t b, const uint32_t *types)
{
    const struct jmh_sub subs[] = {{a, types}, {b, NULL}};
    struct jmh_set *set = jmh_sets_get(sets, subs, b != 0 ? 2 : a != 0 ? 1 : 0);
    assert_non_null(set);
    return set;
}

static void are_shared_where_equal(void **state)
{
    struct jmh_sets *sets = jmh_sets_new();
    (void)state;
    struct jmh_set *ab = get(sets, 1, 2, NULL);
    assert_ptr_equal(get(sets, 2, 1, NULL), ab);
    assert_int_equal(ab->refs, 2);
    struct jmh_set *others[] = {get(sets, 0, 0, NULL), get(sets, 1, 0, NULL),
                                get(sets, 1, 3, NULL), get(sets, 1, 2, only_7),
                                get(sets, 1, 2, both), get(sets, 1, 2, none)};
    for (size_t i = 0; i < 6; i++) {
        assert_ptr_not_equal(others[i], ab);
        for (size_t k = 0; k < i; k++) {
            assert_ptr_not_equal(others[i], others[k]);
            assert_true(others[i]->number != others[k]->number);
        }
    }
    uint32_t copy[] = {7, 9, 0};
    struct jmh_set *again = get(sets, 1, 2, copy);
    assert_ptr_equal(again, others[4]);
    copy[0] = 8; /* the set has its own */
    assert_true(jmh_sub_wants(jmh_set_find(again, 1), 7));
    uint64_t number = ab->number;
    jmh_sets_drop(sets, ab);
    jmh_sets_drop(sets, ab);
    ab = get(sets, 1, 2, NULL);
    assert_true(ab->number != number);
    jmh_sets_drop(sets, NULL);
    jmh_sets_free(sets);
    jmh_sets_free(NULL);
}

static bool wants(const struct jmh_set *set, uint32_t channel, uint32_t type, uint32_t flags)
{
    const struct jmh_entry entry = {.channel = channel, .type = type, .flags = flags};
    return jmh_set_wants(set, &entry);
}

static void want_what_they_name(void **state)
{
    struct jmh_sets *sets = jmh_sets_new();
    (void)state;
    struct jmh_set *set = get(sets, 1, 2, only_7);
    assert_true(wants(set, 1, 7, 0) && wants(set, 2, 5, 0) &&
                wants(set, JMH_CHANNEL_EVERYONE, 5, 0));
    assert_true(wants(set, 1, 7, JMH_ENTRY_PRIVATE));
    assert_false(wants(set, 1, 5, 0) || wants(set, 3, 7, 0));
    struct jmh_set *all = get(sets, JMH_CHANNEL_ALL, 1, only_7);
    assert_true(wants(all, 1, 5, 0) && wants(all, 9, 7, 0));
    assert_false(wants(all, 9, 5, 0) || wants(all, 9, 7, JMH_ENTRY_PRIVATE));
    struct jmh_set *nothing = get(sets, 1, 0, none);
    assert_false(wants(nothing, 1, 0, 0) || wants(nothing, 1, 7, 0));
    assert_true(wants(get(sets, 0, 0, NULL), JMH_CHANNEL_EVERYONE, 5, 0));
    jmh_sets_free(sets);
}

/* The sets that a wake of the channel marks, as bits of their place; the marks are taken off. */
static unsigned woken(struct jmh_sets *sets, uint32_t channel, struct jmh_set *const *list)
{
    unsigned bits = 0;
    struct jmh_set *set;
    jmh_sets_wake(sets, channel);
    jmh_sets_wake(sets, channel);
    while ((set = TAILQ_FIRST(jmh_sets_dirty(sets))) != NULL) {
        TAILQ_REMOVE(jmh_sets_dirty(sets), set, in_dirty);
        set->dirty = false;
        for (unsigned i = 0; i < 5; i++) {
            if (list[i] == set) {
                assert_false(bits & 1u << i);
                bits |= 1u << i;
            }
        }
    }
    return bits;
}

static void are_woken_where_concerned(void **state)
{
    struct jmh_sets *sets = jmh_sets_new();
    struct jmh_set *list[] = {get(sets, 0, 0, NULL), get(sets, 1, 0, NULL), get(sets, 1, 2, NULL),
                              get(sets, JMH_CHANNEL_ALL, 0, NULL), get(sets, 2, 0, NULL)};
    struct jmh_client clients[4] = {0};
    uint32_t channels[4];
    (void)state;
    for (size_t i = 0; i < 4; i++) { /* the last set has no client */
        TAILQ_INSERT_TAIL(&list[i]->clients, &clients[i], in_set);
    }
    assert_int_equal(woken(sets, JMH_CHANNEL_EVERYONE, list), 0xf);
    assert_int_equal(woken(sets, 1, list), 0xe);
    assert_int_equal(woken(sets, 2, list), 0xc);
    assert_int_equal(woken(sets, 3, list), 0x8);
    assert_int_equal(woken(sets, 5000, list), 0x8);
    assert_int_equal(jmh_sets_channels(sets, channels, 4), 2);
    assert_true(channels[0] == 1 && channels[1] == 2);
    assert_int_equal(jmh_sets_channels(sets, channels, 1), 2);

    /* one that goes while it is marked */
    jmh_sets_wake(sets, 1);
    TAILQ_REMOVE(&list[1]->clients, &clients[1], in_set);
    jmh_sets_drop(sets, list[1]);
    list[1] = NULL;
    assert_int_equal(woken(sets, 1, list), 0xc);
    jmh_sets_free(sets);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(are_shared_where_equal),
        cmocka_unit_test(want_what_they_name),
        cmocka_unit_test(are_woken_where_concerned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
