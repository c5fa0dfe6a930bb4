/* libcurl, with bounds on everything that the other side decides. */
#include "task/post.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ANSWER_BYTES_MAX (4u * 1024 * 1024)

struct answer {
    char *bytes;
    size_t used;
};

static size_t on_bytes(char *bytes, size_t one, size_t count, void *user)
{
    struct answer *answer = user;
    (void)one;
    if (answer->used + count > ANSWER_BYTES_MAX)
        return 0;
    char *grown = realloc(answer->bytes, answer->used + count + 1);
    if (grown == NULL)
        return 0;
    memcpy(grown + answer->used, bytes, count);
    answer->bytes = grown;
    answer->used += count;
    return count;
}

static int on_progress(void *user, curl_off_t down, curl_off_t down_now, curl_off_t up,
                       curl_off_t up_now)
{
    const jm_task_run *run = user;
    (void)down, (void)down_now, (void)up, (void)up_now;
    return run->cancelled(run) != 0;
}

static struct curl_slist *make_headers(const char *key)
{
    char line[1024];
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    snprintf(line, sizeof line, "Authorization: Bearer %.900s", key);
    if (key[0] == '\0' || headers == NULL)
        return headers;
    struct curl_slist *with_key = curl_slist_append(headers, line);
    return with_key != NULL ? with_key : headers;
}

static void set_up(CURL *curl, const struct post *post, const char *body,
                   const struct curl_slist *headers, struct answer *answer)
{
    curl_easy_setopt(curl, CURLOPT_URL, post->url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, post->timeout_ms);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_bytes);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, (void *)post->run);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
}

static json_t *judge(struct post *post, CURLcode code, long status, const struct answer *answer,
                     int *retry_out)
{
    json_t *json = NULL;
    *retry_out = 1;
    if (code != CURLE_OK) {
        snprintf(post->sentence, sizeof post->sentence, "%.300s did not answer: %.100s", post->url,
                 curl_easy_strerror(code));
    } else if (status < 200 || status > 299) {
        snprintf(post->sentence, sizeof post->sentence, "%.300s answered with status %ld",
                 post->url, status);
        *retry_out = status >= 500 || status == 429;
    } else {
        json = json_loadb(answer->used > 0 ? answer->bytes : "", answer->used, 0, NULL);
        if (json == NULL)
            snprintf(post->sentence, sizeof post->sentence, "%.300s answered with no JSON",
                     post->url);
    }
    return json;
}

json_t *post_json(struct post *post, const json_t *body, int *retry_out)
{
    struct answer answer = {NULL, 0};
    long status = 0;
    CURL *curl = curl_easy_init();
    char *text = json_dumps(body, JSON_COMPACT);
    struct curl_slist *headers = make_headers(post->key);
    CURLcode code = CURLE_OUT_OF_MEMORY;
    if (curl != NULL && text != NULL && headers != NULL) {
        set_up(curl, post, text, headers, &answer);
        code = curl_easy_perform(curl);
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    }
    json_t *json = judge(post, code, status, &answer, retry_out);
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    free(answer.bytes);
    free(text);
    return json;
}
