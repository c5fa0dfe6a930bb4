/* The envelope of an event: from the fields that were published to the JSON object that is sent.
 *
 *   {"type":"…","timestamp":"…","channel":"…","seq":N,…fields}
 *
 * The number is known only at the end of the turn, so an event waits as two parts, around it. The
 * fields are spliced as text; no tree is built. */
#ifndef JMH_LOG_ENVELOPE_H
#define JMH_LOG_ENVELOPE_H

#include "host/plugin/regset.h"
#include "host/util/buf.h"
#include "host/util/err.h"
#include "host/util/json.h"

/* Check the fields of a declared type: each is declared and of its type, none is missing.
 * `key_out` is the text of the field that the type conflates by, else absent. */
jm_status jmh_envelope_check(const struct jmh_event_type *type, struct jmh_json_value fields,
                             jm_span *key_out, struct jmh_err *err);
/* Append the part before the number and the part behind it. Members called type, timestamp, channel
 * or seq are left out of the fields. */
void jmh_envelope_head(struct jmh_buf *out, jm_span type, int64_t utc_ms, jm_span channel);
void jmh_envelope_tail(struct jmh_buf *out, struct jmh_json_value fields);

#endif
