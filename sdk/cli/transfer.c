/* HTTP transfers; see transfer.h. */
#include "transfer.h"

#include "memory.h"
#include "stop.h"

#include <stdlib.h>

#define CONNECT_MS 5000L

void jmc_transfer_init(struct jmc_transfer *transfer, const struct jmc_cli *cli, CURLM *multi,
                       const char *path, jmc_transfer_write_fn *write, void *user)
{
    *transfer = (struct jmc_transfer){.multi = multi, .easy = curl_easy_init()};
    if (transfer->easy == NULL) {
        exit(jmc_complain("libcurl makes no transfer: out of memory"));
    }
    char *url = jmc_textf("%s%s", cli->url, path);
    CURL *easy = transfer->easy;
    transfer->path = jmc_text_copy(path);
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    /* A proxy from the environment is for the world outside, not for the studio's own host. */
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "junmai/" JUNMAI_VERSION);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, write);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, user);
    free(url);
}

void jmc_transfer_header(struct jmc_transfer *transfer, const char *line)
{
    struct curl_slist *longer = curl_slist_append(transfer->headers, line);
    if (longer == NULL) {
        exit(jmc_complain("out of memory"));
    }
    transfer->headers = longer;
}

void jmc_transfer_start(struct jmc_transfer *transfer)
{
    curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, transfer->headers);
    const CURLMcode added = curl_multi_add_handle(transfer->multi, transfer->easy);
    if (added != CURLM_OK) {
        exit(jmc_complain("a transfer cannot begin: %s", curl_multi_strerror(added)));
    }
}

void jmc_transfer_fini(struct jmc_transfer *transfer)
{
    if (transfer->multi != NULL) {
        curl_multi_remove_handle(transfer->multi, transfer->easy);
        curl_easy_cleanup(transfer->easy);
        curl_slist_free_all(transfer->headers);
        free(transfer->path);
        *transfer = (struct jmc_transfer){0};
    }
}

static void mark_finished(CURLM *multi)
{
    const CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(multi, &left)) != NULL) {
        struct jmc_transfer *transfer = NULL;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&transfer);
        if (message->msg == CURLMSG_DONE && transfer != NULL) {
            transfer->finished = true;
            transfer->result = message->data.result;
            curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &transfer->status);
        }
    }
}

bool jmc_transfers_step(CURLM *multi, int timeout_ms)
{
    struct curl_waitfd stop = {.fd = jmc_stop_fd(), .events = CURL_WAIT_POLLIN};
    int running;
    curl_multi_perform(multi, &running);
    mark_finished(multi);
    if (jmc_stop_asked()) {
        return false;
    }
    /* A finished transfer is news: its owner is not kept waiting. */
    curl_multi_poll(multi, &stop, stop.fd >= 0 ? 1 : 0, running > 0 ? timeout_ms : 0, NULL);
    return true;
}

bool jmc_transfer_is_answered(const struct jmc_transfer *transfer)
{
    return transfer->finished && transfer->result == CURLE_OK && transfer->status > 0;
}

int jmc_transfer_complain(const struct jmc_transfer *transfer, const struct jmc_cli *cli)
{
    switch (transfer->result) {
    case CURLE_COULDNT_CONNECT:
        (void)jmc_complain("no host at %s: is junmaid running? start it with 'junmaid', or name "
                           "another with --url",
                           cli->url);
        return JMC_UNREACHABLE;
    case CURLE_COULDNT_RESOLVE_HOST:
        (void)jmc_complain("no host at %s: nobody knows that name; check --url", cli->url);
        return JMC_UNREACHABLE;
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
        (void)jmc_complain("'%s' is no address of a host: give one as http://127.0.0.1:5100",
                           cli->url);
        return JMC_USAGE;
    case CURLE_ABORTED_BY_CALLBACK:
        (void)jmc_complain("%s%s: silent for too long: is it a Junmai host, and does it still run?",
                           cli->url, transfer->path);
        return JMC_UNREACHABLE;
    default:
        (void)jmc_complain("%s%s: %s: is it a Junmai host, and does it still run?", cli->url,
                           transfer->path, curl_easy_strerror(transfer->result));
        return JMC_UNREACHABLE;
    }
}
