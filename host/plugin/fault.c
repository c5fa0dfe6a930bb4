/* The last words of a process that a plugin has crashed. [loop; the handler: any thread]
 *
 * The handler calls async-signal-safe functions alone, puts back the handler that was there before, and
 * returns: the fault happens again, or is raised again, and ends in that one (a core, or the report of a
 * sanitizer). */
#include "host/plugin/fault.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

static const struct {
    int number;
    const char *name;
} signals[] = {{SIGSEGV, "SIGSEGV"},
               {SIGBUS, "SIGBUS"},
               {SIGILL, "SIGILL"},
               {SIGFPE, "SIGFPE"},
               {SIGABRT, "SIGABRT"}};
#define SIGNAL_COUNT (sizeof signals / sizeof *signals)

static struct sigaction before[SIGNAL_COUNT];
static const char *volatile running_plugin;
static const char *volatile running_callback;

/* A plugin that has used up the stack leaves none for the handler. */
static char spare_stack[16384];

const char *jmh_fault_name(int signal)
{
    for (size_t i = 0; i < SIGNAL_COUNT; i++)
        if (signals[i].number == signal)
            return signals[i].name;
    return "a signal";
}

static void say(const char *text)
{
    ssize_t ignored = write(STDERR_FILENO, text, strlen(text));
    (void)ignored;
}

static void on_fault(int number, siginfo_t *info, void *context)
{
    (void)context;
    const char *plugin = running_plugin, *callback = running_callback;
    if (plugin != NULL) {
        say("junmaid: plugin '");
        say(plugin);
        say("' crashed with ");
        say(jmh_fault_name(number));
        say(" in ");
        say(callback);
        say("\n");
    }
    for (size_t i = 0; i < SIGNAL_COUNT; i++)
        if (signals[i].number == number)
            sigaction(number, &before[i], NULL);
    if (info->si_code <= 0) /* sent by somebody, not by the processor: it does not come again */
        raise(number);
}

static void provide_stack(void)
{
    stack_t present;
    if (sigaltstack(NULL, &present) != 0 || (present.ss_flags & SS_DISABLE) == 0)
        return;
    stack_t spare = {.ss_sp = spare_stack, .ss_size = sizeof spare_stack};
    sigaltstack(&spare, NULL);
}

void jmh_fault_install(void)
{
    provide_stack();
    struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_ONSTACK | SA_SIGINFO};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < SIGNAL_COUNT; i++) {
        struct sigaction present;
        sigaction(signals[i].number, &action, &present);
        if (present.sa_sigaction != on_fault)
            before[i] = present;
    }
}

void jmh_fault_running(const char *plugin, const char *callback)
{
    running_plugin = NULL;
    running_callback = callback;
    running_plugin = plugin;
}
