/* The table, and the values of this host. */
#include "options.h"

#include "core.h"

static const jm_option table[] = {
    {.name = "poller_expiry_s",
     .type = JM_OPTION_INT,
     .default_json = "300",
     .min = 1,
     .max = 86400,
     .help = "A client that has neither polled nor sent for so many seconds is forgotten, and its "
             "jobs go back to the queue."},
    {.name = "lease_s",
     .type = JM_OPTION_INT,
     .default_json = "300",
     .min = 1,
     .max = 86400,
     .help = "A develop job whose Lightroom gives no sign of life for so many seconds goes back to "
             "the queue."},
    {.name = "llm_api",
     .type = JM_OPTION_TEXT,
     .default_json = "\"auto\"",
     .choices = "auto|ollama|openai",
     .help = "What the language model's server speaks; auto: Ollama where the studio's "
             "ai.llm_provider is ollama, otherwise OpenAI's chat completions."},
    {.name = "llm_url",
     .type = JM_OPTION_TEXT,
     .default_json = "\"\"",
     .help = "Base address of the language model that turns prompts into develop settings, such "
             "as http://127.0.0.1:1234; the studio's ai.ollama_host wins where Ollama is spoken."},
    {.name = "llm_model",
     .type = JM_OPTION_TEXT,
     .default_json = "\"\"",
     .help = "Name of the model; the studio's ai.llm_model wins."},
    {.name = "llm_key",
     .type = JM_OPTION_TEXT,
     .default_json = "\"\"",
     .help = "Key that is sent to the model's server as a bearer token; empty: none."},
    {.name = "llm_timeout_s",
     .type = JM_OPTION_INT,
     .default_json = "60",
     .min = 1,
     .max = 600,
     .help = "How long the model may take for one answer, in seconds; it is asked twice at most."},
};

jm_status lr_options_read(struct lr_core *core)
{
    const jm_host *host = core->api.host;
    const jm_host_config *config = core->api.config;
    struct lr_options *options = &core->options;
    jm_status status = config->declare(host, table, JM_COUNT(table));
    if (status < 0)
        return status;
    (void)config->get_int(host, "poller_expiry_s", &options->poller_expiry_s);
    (void)config->get_int(host, "lease_s", &options->lease_s);
    (void)config->get_int(host, "llm_timeout_s", &options->llm_timeout_s);
    (void)config->get_text(host, "llm_api", &options->llm_api);
    (void)config->get_text(host, "llm_url", &options->llm_url);
    (void)config->get_text(host, "llm_model", &options->llm_model);
    (void)config->get_text(host, "llm_key", &options->llm_key);
    return JM_OK;
}
