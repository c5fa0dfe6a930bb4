/* Choosing the moment. Pure. [any] */
#include "moment.h"

#include <junmai/sdk/span.h>
#include <junmai/sdk/utc.h>
#include <stdio.h>

static bool is_plausible(int64_t ms, int64_t now_ms)
{
    return ms >= 0 && ms <= now_ms + JM_DAY_MS;
}

/* Midnight of the day; false where it is no date. */
static bool parse_day(jm_span date, int64_t *ms_out)
{
    char text[32];
    if (date.len != 10) {
        return false;
    }
    snprintf(text, sizeof text, "%.10sT00:00:00Z", date.ptr);
    return jm_utc_parse(jm_span_of(text), ms_out);
}

static void from_ms(int64_t ms, struct moment *moment_out)
{
    char text[JM_UTC_BYTES];
    jm_utc_format(ms, text);
    *moment_out = (struct moment){.offset = "Z"};
    memcpy(moment_out->date, text, 10);
    memcpy(moment_out->clock, text + 11, 8);
    memcpy(moment_out->subsec, text + 20, 3);
}

static bool is_clock(jm_span clock)
{
    static const char shape[] = "00:00:00";
    for (size_t i = 0; i < sizeof shape - 1; i++) {
        bool digit = i < clock.len && clock.ptr[i] >= '0' && clock.ptr[i] <= '9';
        if (i >= clock.len || (shape[i] == ':' ? clock.ptr[i] != ':' : !digit)) {
            return false;
        }
    }
    return true;
}

static void take_clock(jm_span clock, struct moment *moment)
{
    memcpy(moment->clock, is_clock(clock) ? clock.ptr : "00:00:00", 8);
    size_t at = is_clock(clock) ? 8 : clock.len;
    if (at < clock.len && clock.ptr[at] == '.') {
        size_t used = 0;
        for (at++; at < clock.len && clock.ptr[at] >= '0' && clock.ptr[at] <= '9'; at++) {
            if (used + 1 < sizeof moment->subsec) {
                moment->subsec[used++] = clock.ptr[at];
            }
        }
    }
    snprintf(moment->offset, sizeof moment->offset, "%.*s", (int)(clock.len - at),
             clock.len > at ? clock.ptr + at : "");
}

bool moment_choose(jm_span date, jm_span clock, int64_t changed_ms, int64_t now_ms,
                   struct moment *moment_out)
{
    int64_t ms;
    if (parse_day(date, &ms) && is_plausible(ms, now_ms)) {
        *moment_out = (struct moment){0};
        memcpy(moment_out->date, date.ptr, 10);
        take_clock(clock, moment_out);
        return true;
    }
    from_ms(is_plausible(changed_ms, now_ms) ? changed_ms : now_ms, moment_out);
    return date.ptr == NULL;
}
