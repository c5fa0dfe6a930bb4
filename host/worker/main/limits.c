/* Limits by setrlimit(): soft ones, so that the next task can have others. Worker's only thread. */
#include "host/worker/main/limits.h"

#include "host/worker/wire.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define MIB ((uint64_t)1024 * 1024)
#define SIGNAL_STACK_BYTES (32u * 1024)

static int statm_fd = -1;
static uint64_t page_bytes;
static uint64_t memory_limit_bytes;   /* of the process; 0: none */
static uint64_t memory_allowed_bytes; /* of the task */

/* The size of the address space. Safe in a signal handler; 0 where it cannot be read. */
static uint64_t address_space_bytes(void)
{
    char text[32];
    ssize_t len = pread(statm_fd, text, sizeof text, 0);
    uint64_t pages = 0;
    for (ssize_t i = 0; i < len && text[i] >= '0' && text[i] <= '9'; i++) {
        pages = pages * 10 + (uint64_t)(text[i] - '0');
    }
    return pages * page_bytes;
}

/* Libraries answer a failed allocation with abort(), a trap or a NULL pointer: a task that has used
 * most of its memory when it dies has most likely died of that. */
static void on_fatal_signal(int number)
{
    if (memory_limit_bytes > 0 &&
        address_space_bytes() > memory_limit_bytes - memory_allowed_bytes / 4) {
        _exit(JMH_WIRE_EXIT_MEMORY);
    }
    (void)raise(number); /* the default action: SA_RESETHAND */
}

static void catch_fatal_signals(void)
{
    static char stack_bytes[SIGNAL_STACK_BYTES];
    static const int fatal[] = {SIGSEGV, SIGBUS, SIGABRT, SIGTRAP};
    const stack_t stack = {.ss_sp = stack_bytes, .ss_size = sizeof stack_bytes};
    (void)sigaltstack(&stack, NULL);
    struct sigaction action = {.sa_handler = on_fatal_signal,
                               .sa_flags = (int)(SA_RESETHAND | SA_ONSTACK)};
    for (size_t i = 0; i < sizeof fatal / sizeof fatal[0]; i++) {
        struct sigaction before;
        /* A sanitizer has its own handler, which says more. */
        if (sigaction(fatal[i], NULL, &before) == 0 && before.sa_handler == SIG_DFL) {
            (void)sigaction(fatal[i], &action, NULL);
        }
    }
}

void jmh_limits_init(void)
{
    long page = sysconf(_SC_PAGESIZE);
    page_bytes = page > 0 ? (uint64_t)page : 4096;
    statm_fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    catch_fatal_signals();
}

/* `wanted` 0: none. */
static void set_soft_limit(__rlimit_resource_t resource, uint64_t wanted)
{
    struct rlimit limit;
    if (getrlimit(resource, &limit) == 0) {
        limit.rlim_cur = wanted > 0 && wanted < limit.rlim_max ? wanted : limit.rlim_max;
        (void)setrlimit(resource, &limit);
    }
}

void jmh_limits_begin(uint32_t cpu_ms, uint32_t memory_mib)
{
    struct timespec used;
    if (cpu_ms > 0 && clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used) == 0) {
        uint64_t end_ms = (uint64_t)used.tv_sec * 1000 + (uint64_t)used.tv_nsec / 1000000 + cpu_ms;
        set_soft_limit(RLIMIT_CPU, (end_ms + 999) / 1000);
    }
    uint64_t base_bytes = memory_mib > 0 ? address_space_bytes() : 0;
    if (base_bytes > 0) {
        memory_allowed_bytes = memory_mib * MIB;
        memory_limit_bytes = base_bytes + memory_allowed_bytes;
        set_soft_limit(RLIMIT_AS, memory_limit_bytes);
    }
}

void jmh_limits_end(void)
{
    set_soft_limit(RLIMIT_CPU, 0);
    set_soft_limit(RLIMIT_AS, 0);
    memory_limit_bytes = 0;
}
