/* Requests and their whole answers; see exchange.h. */
#include "exchange.h"

#include <stdlib.h>

#define ANSWER_S 30L
#define ANSWER_BYTES_MAX (256u << 20)
#define QUOTED_BYTES 200

static size_t take_body(char *bytes, size_t size, size_t count, void *user)
{
    struct jmc_exchange *exchange = user;
    if (exchange->body.used + size * count > ANSWER_BYTES_MAX) {
        return 0; /* which ends the transfer */
    }
    jmc_buffer_add(&exchange->body, bytes, size * count);
    return size * count;
}

void jmc_exchange_start(struct jmc_exchange *exchange, const struct jmc_cli *cli, CURLM *multi,
                        const char *path, json_t *document_take)
{
    *exchange = (struct jmc_exchange){0};
    jmc_transfer_init(&exchange->transfer, cli, multi, path, take_body, exchange);
    if (document_take != NULL) {
        exchange->sent = json_dumps(document_take, JSON_COMPACT);
        json_decref(document_take);
        curl_easy_setopt(exchange->transfer.easy, CURLOPT_POSTFIELDS,
                         exchange->sent != NULL ? exchange->sent : "");
        jmc_transfer_header(&exchange->transfer, "Content-Type: application/json");
        jmc_transfer_header(&exchange->transfer, "Expect:");
    }
    jmc_transfer_start(&exchange->transfer);
}

int jmc_exchange_retry_s(const struct jmc_exchange *exchange)
{
    curl_off_t seconds = 0;
    curl_easy_getinfo(exchange->transfer.easy, CURLINFO_RETRY_AFTER, &seconds);
    return seconds < 0 ? 0 : seconds > 30 ? 30 : (int)seconds;
}

static json_t *parse(const struct jmc_exchange *exchange)
{
    return json_loadb(jmc_buffer_text(&exchange->body), exchange->body.used, JSON_REJECT_DUPLICATES,
                      NULL);
}

/* The answer is an error: what it says of itself. */
static void complain_of_status(const struct jmc_exchange *exchange, const struct jmc_cli *cli)
{
    json_t *document = parse(exchange);
    const char *error = json_string_value(json_object_get(document, "error"));
    const char *details = json_string_value(json_object_get(document, "details"));
    const struct jmc_transfer *transfer = &exchange->transfer;
    if (error != NULL) {
        (void)jmc_complain("%s refused %s: %s%s%s", cli->url, transfer->path, error,
                           details != NULL ? ": " : "", details != NULL ? details : "");
    } else {
        (void)jmc_complain("%s answered %s with status %ld: %.*s", cli->url, transfer->path,
                           transfer->status, QUOTED_BYTES, jmc_buffer_text(&exchange->body));
    }
    json_decref(document);
}

static bool is_success(const struct jmc_exchange *exchange)
{
    return exchange->transfer.status >= 200 && exchange->transfer.status < 300;
}

json_t *jmc_exchange_json(const struct jmc_exchange *exchange, const struct jmc_cli *cli,
                          int *exit_out)
{
    if (!jmc_transfer_is_answered(&exchange->transfer)) {
        *exit_out = jmc_transfer_complain(&exchange->transfer, cli);
        return NULL;
    }
    *exit_out = JMC_FAILED;
    if (!is_success(exchange)) {
        complain_of_status(exchange, cli);
        return NULL;
    }
    json_t *document = parse(exchange);
    if (document == NULL) {
        (void)jmc_complain("%s answered %s with something that is no JSON: is it a Junmai host?",
                           cli->url, exchange->transfer.path);
        return NULL;
    }
    *exit_out = JMC_OK;
    return document;
}

void jmc_exchange_fini(struct jmc_exchange *exchange)
{
    jmc_transfer_fini(&exchange->transfer);
    jmc_buffer_fini(&exchange->body);
    free(exchange->sent);
    exchange->sent = NULL;
}

/* From the beginning to the end; false when asked to stop. */
static bool run(struct jmc_exchange *exchange, const struct jmc_cli *cli, CURLM *multi,
                const char *path, json_t *document_take)
{
    jmc_exchange_start(exchange, cli, multi, path, document_take);
    curl_easy_setopt(exchange->transfer.easy, CURLOPT_TIMEOUT, ANSWER_S);
    while (!exchange->transfer.finished) {
        if (!jmc_transfers_step(multi, 1000)) {
            return false;
        }
    }
    return true;
}

json_t *jmc_ask(const struct jmc_cli *cli, const char *path, json_t *document_take,
                long *status_out, int *exit_out)
{
    CURLM *multi = curl_multi_init();
    struct jmc_exchange exchange;
    json_t *answer = NULL;
    *exit_out = JMC_FAILED;
    if (run(&exchange, cli, multi, path, document_take)) {
        const bool is_wanted = status_out != NULL && jmc_transfer_is_answered(&exchange.transfer);
        answer = is_wanted ? parse(&exchange) : NULL;
        if (answer != NULL) {
            *status_out = exchange.transfer.status;
            *exit_out = JMC_OK;
        } else {
            answer = jmc_exchange_json(&exchange, cli, exit_out);
        }
    }
    jmc_exchange_fini(&exchange);
    curl_multi_cleanup(multi);
    return answer;
}

json_t *jmc_ask_quietly(const struct jmc_cli *cli, const char *path)
{
    CURLM *multi = curl_multi_init();
    struct jmc_exchange exchange;
    json_t *answer = NULL;
    if (run(&exchange, cli, multi, path, NULL) && jmc_transfer_is_answered(&exchange.transfer) &&
        is_success(&exchange)) {
        answer = parse(&exchange);
    }
    jmc_exchange_fini(&exchange);
    curl_multi_cleanup(multi);
    return answer;
}

char *jmc_ask_text(const struct jmc_cli *cli, const char *path, int *exit_out)
{
    CURLM *multi = curl_multi_init();
    struct jmc_exchange exchange;
    char *text = NULL;
    *exit_out = JMC_FAILED;
    if (run(&exchange, cli, multi, path, NULL)) {
        if (!jmc_transfer_is_answered(&exchange.transfer)) {
            *exit_out = jmc_transfer_complain(&exchange.transfer, cli);
        } else if (!is_success(&exchange)) {
            complain_of_status(&exchange, cli);
        } else {
            text = jmc_text_copy(jmc_buffer_text(&exchange.body));
            *exit_out = JMC_OK;
        }
    }
    jmc_exchange_fini(&exchange);
    curl_multi_cleanup(multi);
    return text;
}
