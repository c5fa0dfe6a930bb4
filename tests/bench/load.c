/* bench-load: opens all clients, publishes, waits for the last delivery, reports. See load.h. */
#include "load.h"

#include "load_mark.h"

#include "client/usage.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>

#define TURN_EVENTS 4096

/* A run in which nothing has moved for so long is broken, whatever the server is doing. */
#define STALL_MS 15000

void load_break(struct load *load, const char *format, ...)
{
    va_list args;
    if (load->broken[0] != '\0')
        return;
    va_start(args, format);
    vsnprintf(load->broken, sizeof load->broken, format, args);
    va_end(args);
}

void load_watch(struct load *load, struct load_peer *peer, int operation, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.ptr = peer};
    if (epoll_ctl(load->epoll_fd, operation, peer->fd, &event) < 0)
        load_break(load, "epoll_ctl failed: %s", strerror(errno));
}

int load_connect(struct load *load, struct load_peer *peer)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)load->options.port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int on = 1;
    peer->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (peer->fd < 0 || (connect(peer->fd, (struct sockaddr *)&address, sizeof address) < 0 &&
                         errno != EINPROGRESS)) {
        load_break(load, "cannot connect to port %d: %s", load->options.port, strerror(errno));
        return -1;
    }
    setsockopt(peer->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    load_watch(load, peer, EPOLL_CTL_ADD, EPOLLIN | EPOLLOUT);
    return 0;
}

static bool all_open(const struct load *load)
{
    return load->open == load->options.subscribers + load->options.bystanders;
}

static bool all_delivered(const struct load *load)
{
    return load->acked == load->goal &&
           load->deliveries == (uint64_t)load->goal * load->options.subscribers;
}

static void break_stalled(struct load *load)
{
    load_break(load,
               "nothing moved for %d s: %u clients open, %u of %u events answered, "
               "%llu deliveries",
               STALL_MS / 1000, load->open, load->acked, load->goal,
               (unsigned long long)load->deliveries);
}

static void turn_until(struct load *load, bool (*done)(const struct load *load))
{
    static struct epoll_event ready[TURN_EVENTS];
    uint64_t moved_before = 0;
    int64_t moved_us = mark_clock_us();
    while (load->broken[0] == '\0' && !done(load)) {
        int count = epoll_wait(load->epoll_fd, ready, TURN_EVENTS, STALL_MS);
        for (int i = 0; i < count && load->broken[0] == '\0'; ++i) {
            struct load_peer *peer = ready[i].data.ptr;
            peer->ready(load, peer, ready[i].events);
        }
        uint64_t moved = load->deliveries + load->acked + load->open;
        int64_t now_us = mark_clock_us();
        if (moved != moved_before)
            moved_us = now_us;
        else if (now_us - moved_us >= (int64_t)STALL_MS * 1000)
            break_stalled(load);
        moved_before = moved;
    }
}

static void run(struct load *load, unsigned events)
{
    load->deliveries = 0;
    load->latency = (struct histogram){0};
    load_publishers_begin(load, events);
    turn_until(load, all_delivered);
}

static void take_machine(const struct load_options *options)
{
    struct rlimit files;
    cpu_set_t cores;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    if (options->core < 0)
        return;
    CPU_ZERO(&cores);
    CPU_SET((unsigned)options->core, &cores);
    if (sched_setaffinity(0, sizeof cores, &cores) < 0)
        fprintf(stderr, "bench-load: cannot stay on core %d: %s\n", options->core, strerror(errno));
}

int main(int argc, char **argv)
{
    static struct load load;
    struct load_result result;
    load.options = load_options_parse(argc, argv);
    load.epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    take_machine(&load.options);
    pid_t server = load.options.server;

    load_publishers_new(&load);
    result.rss_before_kib = jmt_usage_rss_kib(server);
    load_subscribers_new(&load);
    load_subscribers_open_more(&load);
    turn_until(&load, all_open);
    result.rss_open_kib = jmt_usage_rss_kib(server);

    run(&load, load.options.warmup);
    double cpu_before_s = jmt_usage_cpu_s(server);
    int64_t began_us = mark_clock_us();
    run(&load, load.options.events);
    result.seconds = (double)(mark_clock_us() - began_us) / 1e6;
    result.server_cpu_s = jmt_usage_cpu_s(server) - cpu_before_s;
    result.rss_end_kib = jmt_usage_rss_kib(server);

    load_subscribers_agree(&load);
    if (result.rss_end_kib < 0)
        load_break(&load, "the server has ended");
    load_report(&load, &result);
    return load.broken[0] == '\0' ? 0 : 1;
}
