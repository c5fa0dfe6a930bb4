/* A store in memory, in place of host/store, for cursors to read from. */
#ifndef LOG_FAKE_STORE_H
#define LOG_FAKE_STORE_H

#include "host/store/store.h"

void fake_store_reset(void);
void fake_store_add(uint64_t seq, const char *channel, const char *type, const char *body);
/* Retention: remove what is not behind `upto`. */
void fake_store_trim(uint64_t upto);
bool fake_store_has(uint64_t seq);
/* A replay fails after that many events; -1: never. */
void fake_store_fail_after(int events);
/* How often it was read. */
unsigned fake_store_reads(void);

#endif
