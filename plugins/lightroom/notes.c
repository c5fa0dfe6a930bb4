/* A ring, searched from end to end: it is short. */
#include "notes.h"

#include <junmai/sdk/span.h>
#include <stdio.h>

const struct lr_note *lr_note_find(const struct lr_notes *notes, jm_span job)
{
    for (size_t i = 0; i < LR_NOTES; i++) {
        if (job.len > 0 && jm_span_is(job, notes->ring[i].job))
            return &notes->ring[i];
    }
    return NULL;
}

static struct lr_note *note_of(struct lr_notes *notes, jm_span job)
{
    for (size_t i = 0; i < LR_NOTES; i++) {
        if (jm_span_is(job, notes->ring[i].job))
            return &notes->ring[i];
    }
    struct lr_note *note = &notes->ring[notes->next++ % LR_NOTES];
    *note = (struct lr_note){0};
    snprintf(note->job, sizeof note->job, "%.*s", (int)job.len, job.ptr);
    return note;
}

static void keep(char *out, size_t size, jm_span text)
{
    text = jm_span_cut(text, size - 1);
    memcpy(out, text.len > 0 ? text.ptr : "", text.len);
    out[text.len] = '\0';
}

void lr_note_error(struct lr_notes *notes, jm_span job, jm_span sentence)
{
    struct lr_note *note = note_of(notes, job);
    keep(note->sentence, sizeof note->sentence, sentence);
}

void lr_note_end(struct lr_notes *notes, jm_span job, jm_span lease)
{
    struct lr_note *note = note_of(notes, job);
    keep(note->lease, sizeof note->lease, lease);
}
