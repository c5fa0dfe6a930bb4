/* How long the loop is held: the time between two waits for input, waits left out. [loop] */
#include "host/loop/internal.h"

#define SECOND_NS 1000000000u
#define NS_PER_US 1000u
#define LATE_US 10000u

void jmh_load_begin(struct jmh_loop *loop)
{
    loop->round_began_ns = loop->second_began_ns = uv_hrtime();
    loop->idle_before_ns = uv_metrics_idle_time(&loop->uv);
}

void jmh_load_round(struct jmh_loop *loop)
{
    uint64_t now_ns = uv_hrtime();
    uint64_t idle_ns = uv_metrics_idle_time(&loop->uv);
    uint64_t round_ns = now_ns - loop->round_began_ns;
    uint64_t waited_ns = idle_ns - loop->idle_before_ns;
    uint64_t held_us = round_ns > waited_ns ? (round_ns - waited_ns) / NS_PER_US : 0;
    loop->round_began_ns = now_ns;
    loop->idle_before_ns = idle_ns;
    if (now_ns - loop->second_began_ns >= SECOND_NS) {
        bool is_next = now_ns - loop->second_began_ns < 2 * (uint64_t)SECOND_NS;
        loop->longest_before_us = is_next ? loop->longest_now_us : 0;
        loop->longest_now_us = 0;
        loop->second_began_ns = now_ns;
    }
    if (held_us > loop->longest_now_us) {
        loop->longest_now_us = held_us;
    }
    loop->late_total += held_us > LATE_US ? 1 : 0;
}

struct jmh_loop_load jmh_loop_load(const struct jmh_loop *loop)
{
    uint64_t longest_us = loop->longest_now_us > loop->longest_before_us ? loop->longest_now_us
                                                                         : loop->longest_before_us;
    return (struct jmh_loop_load){.longest_us = longest_us, .late_total = loop->late_total};
}
