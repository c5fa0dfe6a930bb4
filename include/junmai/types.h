/* Basic types of the Junmai plugin ABI.
 *
 * Everything that crosses the boundary between host and plugin is built from these: fixed-width
 * integers, borrowed spans of bytes, and 64-bit ids. No enum, bit-field, union, variadic or inline
 * function appears in the ABI, so that C, C++ and Rust read the same layout.
 *
 * Thread tags, written on every function of the ABI:
 *   [loop]    only on the host's loop thread, from inside a callback of the host
 *   [worker]  only on a thread of the host's pool, or in the worker process
 *   [any]     on any thread
 * A tag may add a state, as in [loop & active]; the states are those of plugin.h. */
#ifndef JUNMAI_TYPES_H
#define JUNMAI_TYPES_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* 0 is success, a negative value is one of JM_E*. */
typedef int32_t jm_status;

/* Names an object that the host owns: a request, a client, a timer, a task. An id carries a
 * generation, is never 0 and is never used again: a stale one is harmless and answers JM_EGONE. */
typedef uint64_t jm_id;

/* `len` bytes at `ptr`; not terminated by NUL. Text is UTF-8. A span that is passed to a function
 * or callback is borrowed until that call returns: copy what must live longer. {NULL, 0} is the
 * absent span, which functions take for "not given"; the host hands out an empty text as a span of
 * length 0 whose pointer is not NULL. */
typedef struct jm_span {
    const char *ptr;
    size_t len;
} jm_span;

#define JM_OK 0
#define JM_EINVAL (-1)        /* an argument or a document breaks its rule */
#define JM_ENOMEM (-2)        /* out of memory, or a configured bound is reached */
#define JM_ENOENT (-3)        /* nothing has that name */
#define JM_EEXIST (-4)        /* the name, or a unique key of the store, is taken */
#define JM_EGONE (-5)         /* the id is stale: its object has ended */
#define JM_ESTATE (-6)        /* not allowed in the plugin's present state, or on this thread */
#define JM_EACCES (-7)        /* not allowed for this caller or this plugin */
#define JM_EBUSY (-8)         /* cannot be done now; try again */
#define JM_EIO (-9)           /* the disk or a device failed */
#define JM_ENOSPC (-10)       /* the disk is full: the turn is answered 503 */
#define JM_ETIMEDOUT (-11)    /* a limit of time was reached */
#define JM_ECANCELLED (-12)   /* ended because somebody asked for it */
#define JM_ECRASHED (-13)     /* a worker process died of it */
#define JM_EUNSUPPORTED (-14) /* this host or this file format cannot do it */
#define JM_EPANIC (-15)       /* an exception or panic was stopped at the boundary */

/* Who is calling. Given with every request and message; borrowed until the handler returns. */
#define JM_CALLER_LOCAL 1     /* a program on this machine, not identified further */
#define JM_CALLER_USER 2      /* a person, identified by a token */
#define JM_CALLER_KEY 3       /* a program, identified by an API key */
#define JM_CALLER_ANONYMOUS 4 /* somebody who is not identified */
#define JM_CALLER_PLUGIN 5    /* a plugin of this host */

typedef struct jm_caller {
    uint32_t size;   /* sizeof(jm_caller) of the host */
    int32_t kind;    /* JM_CALLER_* */
    jm_span name;    /* of the user, key or plugin; absent for local and anonymous callers */
    jm_span scopes;  /* space-separated scopes; "*" is every right */
    jm_span address; /* numeric address of the peer, absent where there is none */
} jm_caller;

#ifdef __cplusplus
}
#endif
#endif
