/* The index: the sorted names of everything that is live, and the trie of its routes. [loop] */
#include "host/plugin/index.h"

#include "host/plugin/trie.h"
#include "host/util/span.h"

#include <stdlib.h>

struct channel {
    const char *name;
    bool has_memory;
};

/* Everything is sorted by name. */
struct jmh_index {
    bool has_memory; /* some channel has */
    struct jmh_regset **sets;
    size_t set_count;
    struct channel *channels;
    size_t channel_count;
    const struct jmh_event_type **types;
    size_t type_count;
    const struct jmh_message_type **messages;
    size_t message_count;
    struct jmh_trie *trie;
};

static int compare_spans(jm_span a, jm_span b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    int order = len > 0 ? memcmp(a.ptr, b.ptr, len) : 0;
    return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

static int compare_channels(const void *a, const void *b)
{
    return strcmp(((const struct channel *)a)->name, ((const struct channel *)b)->name);
}

static int compare_types(const void *a, const void *b)
{
    return strcmp((*(const struct jmh_event_type *const *)a)->name,
                  (*(const struct jmh_event_type *const *)b)->name);
}

static int compare_messages(const void *a, const void *b)
{
    return strcmp((*(const struct jmh_message_type *const *)a)->name,
                  (*(const struct jmh_message_type *const *)b)->name);
}

static int find_channel(const void *key, const void *item)
{
    return compare_spans(*(const jm_span *)key, jmh_span(((const struct channel *)item)->name));
}

static int find_type(const void *key, const void *item)
{
    return compare_spans(*(const jm_span *)key,
                         jmh_span((*(const struct jmh_event_type *const *)item)->name));
}

static int find_message(const void *key, const void *item)
{
    return compare_spans(*(const jm_span *)key,
                         jmh_span((*(const struct jmh_message_type *const *)item)->name));
}

static struct channel *channel_of(const struct jmh_index *index, jm_span name)
{
    return bsearch(&name, index->channels, index->channel_count, sizeof *index->channels,
                   find_channel);
}

/* Room for everything that the sets declare. */
static bool reserve(struct jmh_index *index)
{
    size_t channels = 0, types = 0, messages = 0;
    for (size_t i = 0; i < index->set_count; i++) {
        channels += index->sets[i]->channel_count;
        types += index->sets[i]->type_count;
        messages += index->sets[i]->message_count;
    }
    index->channels = calloc(channels + 1, sizeof *index->channels);
    index->types = calloc(types + 1, sizeof *index->types);
    index->messages = calloc(messages + 1, sizeof *index->messages);
    index->trie = jmh_trie_new();
    return index->channels != NULL && index->types != NULL && index->messages != NULL &&
           index->trie != NULL;
}

/* Several plugins may declare the same channel: it is one. */
static void gather_channels(struct jmh_index *index)
{
    size_t count = 0, kept = 0;
    for (size_t i = 0; i < index->set_count; i++)
        for (size_t j = 0; j < index->sets[i]->channel_count; j++)
            index->channels[count++].name = index->sets[i]->channels[j].name;
    qsort(index->channels, count, sizeof *index->channels, compare_channels);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || strcmp(index->channels[kept - 1].name, index->channels[i].name) != 0)
            index->channels[kept++] = index->channels[i];
    index->channel_count = kept;
}

static jm_status gather_types(struct jmh_index *index, struct jmh_err *err)
{
    for (size_t i = 0; i < index->set_count; i++)
        for (size_t j = 0; j < index->sets[i]->type_count; j++)
            index->types[index->type_count++] = &index->sets[i]->types[j];
    qsort(index->types, index->type_count, sizeof(void *), compare_types);
    for (size_t i = 0; i < index->type_count; i++) {
        const struct jmh_event_type *type = index->types[i];
        if (i > 0 && strcmp(index->types[i - 1]->name, type->name) == 0)
            return jmh_err_set(
                err, JM_EEXIST,
                "event type '%s' is declared by '%s' and by '%s'; disable one of the "
                "plugins",
                type->name, index->types[i - 1]->owner->owner, type->owner->owner);
        struct channel *channel = channel_of(index, jmh_span(type->channel));
        if (channel == NULL)
            return jmh_err_set(
                err, JM_ENOENT,
                "'%s' declares event type '%s' on channel '%s', which nobody declares: "
                "declare the channel too",
                type->owner->owner, type->name, type->channel);
        if (type->retention == JM_RETAIN_MEMORY && type->conflate_key == NULL)
            channel->has_memory = index->has_memory = true;
    }
    return JM_OK;
}

static jm_status gather_messages(struct jmh_index *index, struct jmh_err *err)
{
    for (size_t i = 0; i < index->set_count; i++)
        for (size_t j = 0; j < index->sets[i]->message_count; j++)
            index->messages[index->message_count++] = &index->sets[i]->messages[j];
    qsort(index->messages, index->message_count, sizeof(void *), compare_messages);
    for (size_t i = 1; i < index->message_count; i++) {
        const struct jmh_message_type *a = index->messages[i - 1], *b = index->messages[i];
        if (strcmp(a->name, b->name) == 0)
            return jmh_err_set(err, JM_EEXIST,
                               "message '%s' is handled by '%s' and by '%s'; disable one of the "
                               "plugins",
                               a->name, a->owner->owner, b->owner->owner);
    }
    return JM_OK;
}

static jm_status gather_routes(struct jmh_index *index, struct jmh_err *err)
{
    for (size_t i = 0; i < index->set_count; i++) {
        for (size_t j = 0; j < index->sets[i]->route_count; j++) {
            jm_status status = jmh_trie_add(index->trie, &index->sets[i]->routes[j], err);
            if (status < 0)
                return status;
        }
    }
    return JM_OK;
}

struct jmh_index *jmh_index_build(struct jmh_regset *const *sets, size_t count, struct jmh_err *err)
{
    struct jmh_index *index = calloc(1, sizeof *index);
    if (index != NULL)
        index->sets = calloc(count + 1, sizeof(void *));
    if (index == NULL || index->sets == NULL) {
        jmh_err_set(err, JM_ENOMEM, "out of memory for the index of what is registered");
        jmh_index_free(index);
        return NULL;
    }
    for (size_t i = 0; i < count; i++)
        index->sets[index->set_count++] = sets[i];

    jm_status status = JM_OK;
    if (!reserve(index))
        status = jmh_err_set(err, JM_ENOMEM, "out of memory for the index of what is registered");
    if (status >= 0)
        gather_channels(index);
    if (status >= 0)
        status = gather_types(index, err);
    if (status >= 0)
        status = gather_messages(index, err);
    if (status >= 0)
        status = gather_routes(index, err);
    if (status < 0) {
        jmh_index_free(index);
        return NULL;
    }
    return index;
}

void jmh_index_free(struct jmh_index *index)
{
    if (index == NULL)
        return;
    jmh_trie_free(index->trie);
    free(index->channels);
    free(index->types);
    free(index->messages);
    free(index->sets);
    free(index);
}

void jmh_index_match(const struct jmh_index *index, jm_span method, jm_span path,
                     struct jmh_route_match *match_out)
{
    jmh_trie_match(index->trie, method, path, match_out);
}

const struct jmh_event_type *jmh_index_type(const struct jmh_index *index, jm_span name)
{
    const struct jmh_event_type **found =
        bsearch(&name, index->types, index->type_count, sizeof(void *), find_type);
    return found != NULL ? *found : NULL;
}

const struct jmh_message_type *jmh_index_message(const struct jmh_index *index, jm_span name)
{
    const struct jmh_message_type **found =
        bsearch(&name, index->messages, index->message_count, sizeof(void *), find_message);
    return found != NULL ? *found : NULL;
}

bool jmh_index_has_channel(const struct jmh_index *index, jm_span name)
{
    return channel_of(index, name) != NULL;
}

bool jmh_index_channel_has_memory(const struct jmh_index *index, jm_span name)
{
    if (jmh_span_is(name, "*")) {
        return index->has_memory;
    }
    const struct channel *channel = channel_of(index, name);
    return channel != NULL && channel->has_memory;
}

size_t jmh_index_set_count(const struct jmh_index *index)
{
    return index->set_count;
}

const struct jmh_regset *jmh_index_set(const struct jmh_index *index, size_t number)
{
    return number < index->set_count ? index->sets[number] : NULL;
}
