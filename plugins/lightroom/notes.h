/* What Lightroom has said about jobs in its messages, until their result is posted: the reason of a
 * failure comes before the failure, and a result may name a lease that has ended with its job.
 *
 * A ring of the latest; one that is forgotten only costs a sentence. [loop] */
#ifndef LIGHTROOM_NOTES_H
#define LIGHTROOM_NOTES_H

#include <junmai/types.h>

#define LR_NOTES 64
#define LR_NOTE_SENTENCE_BYTES 512
#define LR_NOTE_LEASE_BYTES 128

struct lr_note {
    char job[33];
    char lease[LR_NOTE_LEASE_BYTES];       /* that the job was ended with; "" before */
    char sentence[LR_NOTE_SENTENCE_BYTES]; /* of the last error_occurred; "": none */
};

struct lr_notes {
    struct lr_note ring[LR_NOTES];
    uint32_t next;
};

/* The note of a job; NULL where there is none. `job` is 32 hex digits. */
const struct lr_note *lr_note_find(const struct lr_notes *notes, jm_span job);
void lr_note_error(struct lr_notes *notes, jm_span job, jm_span sentence);
void lr_note_end(struct lr_notes *notes, jm_span job, jm_span lease);

#endif
