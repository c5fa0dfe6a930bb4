/* Who is calling: counted references to a copied jm_caller. [loop] */
#include "host/client/clients.h"

#include "host/util/span.h"

#include <stdlib.h>
#include <string.h>

static jm_span keep(char **at, jm_span span)
{
    jm_span kept = {*at, span.len};
    if (span.len > 0) {
        memcpy(*at, span.ptr, span.len);
    }
    *at += span.len;
    return kept;
}

struct jmh_identity *jmh_identity_new(const struct jm_caller *caller)
{
    size_t bytes = caller->name.len + caller->scopes.len + caller->address.len;
    struct jmh_identity *identity = malloc(sizeof *identity + bytes);
    if (identity == NULL) {
        return NULL;
    }
    char *at = (char *)(identity + 1);
    identity->refs = 1;
    identity->caller = (struct jm_caller){.size = sizeof identity->caller, .kind = caller->kind};
    identity->caller.name = keep(&at, caller->name);
    identity->caller.scopes = keep(&at, caller->scopes);
    identity->caller.address = keep(&at, caller->address);
    return identity;
}

struct jmh_identity *jmh_identity_ref(struct jmh_identity *identity)
{
    if (identity != NULL) {
        identity->refs++;
    }
    return identity;
}

void jmh_identity_unref(struct jmh_identity *identity)
{
    if (identity != NULL && --identity->refs == 0) {
        free(identity);
    }
}

struct jmh_identity *jmh_identity_local(struct jmh_clients *clients, jm_span address)
{
    struct jmh_identity *last = clients->last_identity;
    if (last == NULL || !jmh_span_eq(last->caller.address, address)) {
        struct jm_caller caller = {
            .size = sizeof caller, .kind = JM_CALLER_LOCAL, .scopes = {"*", 1}, .address = address};
        jmh_identity_unref(last);
        clients->last_identity = last = jmh_identity_new(&caller);
    }
    return jmh_identity_ref(last);
}
