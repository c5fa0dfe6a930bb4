/* The guards. See guards.h. [loop] */
#include "host/transport/guards.h"

#include <sys/resource.h>

#define DESCRIPTORS_LEAST 65536u
#define DESCRIPTORS_MOST 1048576u
#define DESCRIPTORS_BESIDE 4096u /* files, plugins, workers, HTTP */
#define DESCRIPTORS_KEPT 512u    /* never given to connections */
#define ROUNDS_MAX 100000

/* The library's tables take 16 bytes for each descriptor that the process may open, whether it does or
 * not, and beyond ten million it falls back to 2560 without a word. With no descriptor left nothing can
 * be accepted, nor a file opened, so that accepting ends before. */
size_t jmh_guard_descriptors(size_t clients_max)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return DESCRIPTORS_KEPT;
    }
    rlim_t wanted = clients_max + DESCRIPTORS_BESIDE;
    wanted = wanted < DESCRIPTORS_LEAST ? DESCRIPTORS_LEAST : wanted;
    wanted = wanted > DESCRIPTORS_MOST ? DESCRIPTORS_MOST : wanted;
    limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
    (void)getrlimit(RLIMIT_NOFILE, &limit);
    rlim_t kept = limit.rlim_cur / 2 < DESCRIPTORS_KEPT ? limit.rlim_cur / 2 : DESCRIPTORS_KEPT;
    return (size_t)(limit.rlim_cur - kept);
}

/* On somebody else's loop a context that cannot be made comes back as a dying one, which would run
 * deaf: made without a virtual host it cannot fail for one, and the virtual host is asked for. */
void jmh_guard_context(struct lws_context_creation_info *info)
{
    info->options |= LWS_SERVER_OPTION_LIBUV | LWS_SERVER_OPTION_EXPLICIT_VHOSTS;
    info->port = CONTEXT_PORT_NO_LISTEN_SERVER;
}

/* - Three holes of HTTP/2 were mended in 2026: it is not offered.
 * - By default each connection has a timer of its own in one sorted list, which makes the ten thousandth
 *   connection slow: none has; pings are ours (conn.c). */
void jmh_guard_vhost(struct lws_context_creation_info *info)
{
    static const lws_retry_bo_t no_timers;
    info->alpn = "http/1.1";
    info->retry_and_idle_policy = &no_timers;
}

/* Destroying a context on somebody else's loop takes rounds of the loop, for its handles, and then a
 * second call. Without the rounds that is a use after free, without the call a leak. */
void jmh_guard_destroy(struct jmh_loop *loop, struct lws_context **context)
{
    if (*context == NULL) {
        return;
    }
    lws_context_destroy(*context);
    for (int rounds = 0; jmh_loop_foreign_handles(loop) > 0 && rounds < ROUNDS_MAX; rounds++) {
        jmh_loop_step(loop);
    }
    if (*context != NULL) {
        lws_context_destroy(*context);
    }
}

/* A TEXT frame that is written while output is buffered corrupts the stream. Whole frames, raw, do not,
 * but they would be copied: nothing is written before the rest has left. */
bool jmh_guard_may_write(struct lws *wsi)
{
    return lws_partial_buffered(wsi) == 0;
}

/* Raw, frames are neither framed again nor split, and the library's own pongs fall between them. An
 * empty write is an assertion. */
bool jmh_guard_write(struct lws *wsi, const uint8_t *bytes, size_t len)
{
    return len == 0 || lws_write(wsi, (uint8_t *)(uintptr_t)bytes, len, LWS_WRITE_RAW) == (int)len;
}

/* A peer that takes nothing and then half-closes, or sends a byte, would let the loop spin: it is not
 * read meanwhile. That it has left is then seen by the stall timeout. */
void jmh_guard_pause(struct lws *wsi)
{
    (void)lws_rx_flow_control(wsi, 0);
}

void jmh_guard_resume(struct lws *wsi)
{
    (void)lws_rx_flow_control(wsi, 1);
}

/* Outside of its callbacks a timeout is the only way to end a connection, and one that is set there is
 * noticed only with the library's next event. */
void jmh_guard_kill(struct lws *wsi)
{
    lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
    lws_cancel_service(lws_get_context(wsi));
}
