/* What a web page may do: Host, Origin, cross-site navigation and CORS, decided in one place.
 *
 * Programs send no Origin and pass; pages pass from the configured origins alone. Plain functions
 * over text. [any] */
#ifndef JMH_HTTP_BROWSER_H
#define JMH_HTTP_BROWSER_H

#include <junmai/types.h>
#include <stdbool.h>

struct jmh_browser_rules {
    const char *const
        *origins; /* exact, as "https://studio.example:8443"; NULL-terminated. A loopback
                                   origin of any port is always allowed */
    const char *const
        *hosts; /* names under which this host may be called, beside loopback names and
                                   the addresses it listens on; NULL-terminated */
    const char *const
        *binds; /* those addresses; one that stands for all addresses of the machine is no
                                   name; NULL-terminated */
};

struct jmh_browser_request {
    jm_span method;
    jm_span host; /* absent: no header */
    jm_span origin;
    jm_span fetch_site; /* Sec-Fetch-Site */
    bool is_websocket;
    bool changes_state; /* not GET, HEAD or OPTIONS, or a GET route that says so */
};

enum jmh_browser_verdict {
    JMH_BROWSER_PASS,
    JMH_BROWSER_BAD_HOST,   /* 403: a name that is not ours (DNS rebinding) */
    JMH_BROWSER_BAD_ORIGIN, /* 403: a foreign page */
    JMH_BROWSER_CROSS_SITE, /* 403: a foreign page by navigation or image */
};

enum jmh_browser_verdict jmh_browser_judge(const struct jmh_browser_rules *rules,
                                           const struct jmh_browser_request *request);
/* Whether an Origin is allowed; "null" never is. */
bool jmh_browser_origin_allowed(const struct jmh_browser_rules *rules, jm_span origin);
/* The sentence for a verdict. */
const char *jmh_browser_sentence(enum jmh_browser_verdict verdict);

#endif
