/*
 * What has really been published, and the judgement of what a client was told about it: a ledger of
 * events, and the claims of a host checked against it.
 */
#ifndef HOST_TESTS_LEDGER_H
#define HOST_TESTS_LEDGER_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* How an event is kept. LOOSE: nobody is promised each of them (injected, or conflated). */
enum kept { KEPT_DURABLE, KEPT_MEMORY, KEPT_LOOSE };

/* Channels are numbers here; 0 is everyone. A set of them is a mask. */
#define LEDGER_CHANNELS 4

struct entry {
    json_int_t seq;
    unsigned channel;
    enum kept kept;
    int n; /* what it says */
};

struct ledger {
    struct entry *entries;
    size_t count, capacity;
    json_int_t run_start; /* the host's present run began behind this seq */
    unsigned with_memory; /* mask of channels with types that live in memory */
};

/* From `from` to `to`, both within. */
struct range {
    json_int_t from, to;
};

/* What the host has said when channels were resumed behind `since`. */
struct claim {
    unsigned channels; /* mask */
    json_int_t since;
    bool recovered;
    struct range missed; /* where not recovered; 0 where it names nothing */
};

/* What one connection has brought, up to a place. */
struct hearing {
    struct claim claims[2];
    size_t claim_count;
    struct range *missed; /* what the client was told while it was connected */
    size_t missed_count;
    struct entry *heard; /* `kept` is not known of these */
    size_t heard_count, heard_capacity;
    json_int_t upto;
    bool complete; /* everything up to `upto` must be here */
    bool whole;    /* and there was no more: an alarm must have had a reason */
};

void ledger_add(struct ledger *ledger, const struct entry *entry);
void ledger_fini(struct ledger *ledger);

void hearing_add(struct hearing *hearing, const struct entry *entry);
void hearing_add_missed(struct hearing *hearing, struct range range);
void hearing_fini(struct hearing *hearing);

/*
 * Judges a hearing; a lie fails the test with what it was. A lie is: an event that was never
 * published, came twice or out of order; one that is missing though nothing was said, or though
 * `recovered` is true, or outside of the range; and a `recovered` false when nothing is missing.
 */
void ledger_judge(const struct ledger *ledger, const struct hearing *hearing);

#endif
