/* See darkroom.h. */
#include "darkroom.h"

#include "client/wait.h"

#include <stdlib.h>
#include <string.h>

#define PATH_BYTES 256

void darkroom_open(struct studio *studio_out, json_t *options_take)
{
    json_t *options = options_take != NULL ? options_take : json_object();
    studio_open(studio_out, json_pack("{s:{s:o}}", "plugins", "lightroom", options),
                (const char *const[]){"--plugin-dir", LIGHTROOM_PLUGINS, NULL});
}

char *poller_open(const struct studio *studio, const char *client_type)
{
    json_t *answer =
        ask(studio, 200, "POST", "/ws/handshake",
            json_pack("{s:s, s:s}", "client_type", client_type, "protocol_version", "1.0"));
    assert_true(bool_of(answer, "success"));
    expect_text(answer, "protocol_version", "1.0");
    expect_time(answer, "server_time");
    char *id = strdup(text_of(answer, "client_id"));
    assert_int_equal(strlen(id), 36);
    json_decref(answer);
    return id;
}

json_t *poller_poll(const struct studio *studio, const char *id, const char *more)
{
    char path[PATH_BYTES];
    snprintf(path, sizeof path, "/ws/poll?client_id=%s%s", id, more);
    json_t *answer = ask(studio, 200, "GET", path, NULL);
    assert_true(bool_of(answer, "success"));
    expect_time(answer, "timestamp");
    (void)list_of(answer, "messages");
    return answer;
}

/* The first message of that type, or NULL. */
static json_t *find(const json_t *answer, const char *type)
{
    const json_t *messages = list_of(answer, "messages");
    for (size_t i = 0; i < json_array_size(messages); i++) {
        json_t *message = json_array_get(messages, i);
        if (strcmp(text_of(message, "type"), type) == 0)
            return json_incref(message);
    }
    return NULL;
}

json_t *poller_wait(const struct studio *studio, const char *id, const char *type)
{
    int64_t deadline_ms = jmt_deadline_after(DARKROOM_MS);
    for (;;) {
        json_t *answer = poller_poll(studio, id, "&wait=5");
        json_t *message = find(answer, type);
        json_decref(answer);
        if (message != NULL)
            return message;
        if (jmt_clock_ms() > deadline_ms)
            fail_msg("no %s has come to %s", type, id);
    }
}

json_t *poller_say(const struct studio *studio, const char *id, json_t *message_take)
{
    json_t *answer = ask(studio, 200, "POST", "/ws/send",
                         json_pack("{s:s, s:o}", "client_id", id, "message", message_take));
    assert_true(bool_of(answer, "success"));
    expect_time(answer, "timestamp");
    json_t *response = json_incref(json_object_get(answer, "response"));
    assert_non_null(response);
    json_decref(answer);
    return response;
}

void poller_subscribe(const struct studio *studio, const char *id, const char *channel)
{
    json_t *response =
        poller_say(studio, id, json_pack("{s:s, s:[s]}", "type", "subscribe", "channels", channel));
    expect_text(response, "type", "subscription_confirmed");
    json_decref(response);
}

char *lightroom_open(const struct studio *studio)
{
    char *id = poller_open(studio, "lightroom");
    json_t *greeting = poller_wait(studio, id, "connection_established");
    expect_text(greeting, "client_id", id);
    json_decref(greeting);
    json_t *response =
        poller_say(studio, id,
                   json_pack("{s:s, s:s, s:s, s:s, s:i}", "type", "register", "client_type",
                             "lightroom", "client_name", "Lightroom Classic Plugin", "version",
                             "2.0", "timestamp", 784111777));
    expect_text(response, "type", "registration_confirmed");
    json_decref(response);
    response = poller_say(studio, id,
                          json_pack("{s:s, s:[s,s,s], s:i}", "type", "subscribe", "channels",
                                    "jobs", "system", "photos", "timestamp", 784111777));
    expect_text(response, "type", "subscription_confirmed");
    json_decref(response);
    return id;
}

char *job_new(const struct studio *studio)
{
    json_t *answer = ask(studio, 201, "POST", "/job",
                         json_pack("{s:o}", "config", json_loads(DARKROOM_CONFIG, 0, NULL)));
    expect_text(answer, "message", "Job created successfully");
    char *id = strdup(text_of(answer, "jobId"));
    assert_int_equal(strlen(id), 32);
    json_decref(answer);
    return id;
}

static void next_path(const char *client_id, char path_out[PATH_BYTES])
{
    snprintf(path_out, PATH_BYTES, "/job/next%s%s", client_id != NULL ? "?client_id=" : "",
             client_id != NULL ? client_id : "");
}

json_t *job_next(const struct studio *studio, const char *client_id)
{
    char path[PATH_BYTES];
    next_path(client_id, path);
    json_t *answer = ask(studio, 200, "GET", path, NULL);
    json_t *config = json_loads(DARKROOM_CONFIG, 0, NULL);
    assert_true(json_equal(object_of(answer, "config"), config));
    json_decref(config);
    assert_true(strlen(text_of(answer, "lease")) > 0);
    return answer;
}

void job_none(const struct studio *studio, const char *client_id)
{
    char path[PATH_BYTES];
    next_path(client_id, path);
    json_t *answer = ask(studio, 404, "GET", path, NULL);
    expect_text(answer, "message", "No pending jobs");
    assert_int_equal(json_object_size(answer), 1);
    json_decref(answer);
}

void job_expect_status(const struct studio *studio, const char *job, const char *status)
{
    char path[PATH_BYTES];
    snprintf(path, sizeof path, "/api/jobs/%s", job);
    json_t *answer = ask(studio, 200, "GET", path, NULL);
    expect_text(answer, "status", status);
    json_decref(answer);
}

json_t *job_result(const struct studio *studio, int status, const char *job, const char *body)
{
    char path[PATH_BYTES];
    snprintf(path, sizeof path, "/job/%s/result", job);
    return ask_text(studio, status, "POST", path, NULL, body);
}
