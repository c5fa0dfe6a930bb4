/* Ids are laid out as UUIDs of version 7: milliseconds, a counter within them, random bits. */
#include "ids.h"

#include <ctype.h>
#include <stdio.h>
#include <sys/random.h>
#include <unistd.h>

#define COUNTER_MAX 0xfffu

static uint64_t random_bits(void)
{
    uint64_t bits = 0;
    /* Eight bytes are never cut short once the system has its entropy. */
    (void)!getrandom(&bits, sizeof(bits), 0);
    return bits;
}

double ids_random(void)
{
    return (double)(random_bits() >> 11) / 9007199254740992.0;
}

/* A clock that was set back does not set the ids back; a millisecond with too many ids borrows the
 * next one. */
void ids_make(struct queue *q, char id_out[QUEUE_ID_SIZE])
{
    int64_t now = queue_now_ms(q);
    if (now > q->last_id_ms) {
        q->last_id_ms = now;
        q->last_id_number = 0;
    } else if (++q->last_id_number > COUNTER_MAX) {
        q->last_id_ms++;
        q->last_id_number = 0;
    }
    uint64_t variant = (random_bits() >> 2) | (UINT64_C(1) << 63);
    snprintf(id_out, QUEUE_ID_SIZE, "%012llx7%03x%016llx",
             (unsigned long long)q->last_id_ms & 0xffffffffffffull, q->last_id_number & COUNTER_MAX,
             (unsigned long long)variant);
}

bool ids_read(jm_span text, char id_out[QUEUE_ID_SIZE])
{
    size_t used = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.ptr[i];
        if (byte == '-')
            continue;
        if (!isxdigit(byte) || used == QUEUE_ID_SIZE - 1)
            return false;
        id_out[used++] = (char)tolower(byte);
    }
    id_out[used] = '\0';
    return used == QUEUE_ID_SIZE - 1;
}

void ids_make_lease(const char *job_id, int32_t attempt, char lease_out[QUEUE_LEASE_SIZE])
{
    snprintf(lease_out, QUEUE_LEASE_SIZE, "%.32s.%d.%016llx", job_id, attempt,
             (unsigned long long)random_bits());
}

bool ids_read_lease(jm_span lease, char job_id_out[QUEUE_ID_SIZE])
{
    if (lease.len < QUEUE_ID_SIZE || lease.len >= QUEUE_LEASE_SIZE ||
        lease.ptr[QUEUE_ID_SIZE - 1] != '.')
        return false;
    return ids_read((jm_span){lease.ptr, QUEUE_ID_SIZE - 1}, job_id_out);
}

/* Numbers of processes are used again; with its start the number names one. */
void ids_find_process(struct queue *q)
{
    char line[512] = "";
    unsigned long long started = 0;
    FILE *file = fopen("/proc/self/stat", "re");
    if (file != NULL) {
        if (fgets(line, sizeof(line), file) == NULL)
            line[0] = '\0';
        (void)fclose(file);
    }
    /* The name, in brackets, may hold anything; 20 fields behind it comes the start. */
    const char *at = strrchr(line, ')');
    for (int field = 0; at != NULL && field < 20; field++)
        at = strchr(at + 1, ' ');
    if (at != NULL)
        started = strtoull(at + 1, NULL, 10);
    snprintf(q->process, sizeof(q->process), "%ld.%llu", (long)getpid(), started);
}
