/* The plugin's options. [loop & loaded] */
#ifndef LIGHTROOM_OPTIONS_H
#define LIGHTROOM_OPTIONS_H

#include <junmai/types.h>

struct lr_core;

struct lr_options {
    int64_t poller_expiry_s;
    int64_t lease_s;
    int64_t llm_timeout_s;
    jm_span llm_api; /* "auto", "ollama" or "openai"; this and the next: until destroy() */
    jm_span llm_url;
    jm_span llm_model;
    jm_span llm_key;
};

jm_status lr_options_read(struct lr_core *core);

#endif
