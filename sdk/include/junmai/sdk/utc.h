/* Times on the wire: UTC, milliseconds, "2025-11-09T12:34:56.789Z". [any]
 *
 * Only the proleptic Gregorian calendar and the years 0000 to 9999, so that every time has the same
 * 24 characters and sorts as text. */
#ifndef JUNMAI_SDK_UTC_H
#define JUNMAI_SDK_UTC_H

#include <junmai/types.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define JM_UTC_BYTES 25 /* with the NUL */
#define JM_DAY_MS INT64_C(86400000)
#define JM_UTC_MIN_MS INT64_C(-62167219200000) /* 0000-01-01T00:00:00.000Z */
#define JM_UTC_MAX_MS INT64_C(253402300799999) /* 9999-12-31T23:59:59.999Z */

/* Days from 1970-01-01 to the date. Years are counted from March, so that the leap day is a year's
 * last one and a month's start is a linear function of its number. */
static inline int64_t jm_utc_days(int64_t year, int64_t month, int64_t day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
           719468;
}

/* The inverse of jm_utc_days. */
static inline void jm_utc_date(int64_t days, int *year_out, int *month_out, int *day_out)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t march_month = (5 * day_of_year + 2) / 153;
    *day_out = (int)(day_of_year - (153 * march_month + 2) / 5 + 1);
    *month_out = (int)(march_month < 10 ? march_month + 3 : march_month - 9);
    *year_out = (int)(year_of_era + era * 400 + (*month_out <= 2));
}

/* Write the time; one outside of the four-digit years is clamped to them. */
static inline void jm_utc_format(int64_t utc_ms, char text_out[JM_UTC_BYTES])
{
    if (utc_ms < JM_UTC_MIN_MS)
        utc_ms = JM_UTC_MIN_MS;
    if (utc_ms > JM_UTC_MAX_MS)
        utc_ms = JM_UTC_MAX_MS;
    int64_t days = utc_ms / JM_DAY_MS - (utc_ms % JM_DAY_MS < 0);
    unsigned ms = (unsigned)(utc_ms - days * JM_DAY_MS);
    int year, month, day;
    jm_utc_date(days, &year, &month, &day);
    snprintf(text_out, JM_UTC_BYTES, "%04u-%02u-%02uT%02u:%02u:%02u.%03uZ", (unsigned)year % 10000u,
             (unsigned)month % 100u, (unsigned)day % 100u, ms / 3600000u % 100u, ms / 60000u % 60u,
             ms / 1000u % 60u, ms % 1000u);
}

/* Read `digits` decimal digits at *at; -1 where there are fewer. */
static inline int jm_utc_digits(const char **at, const char *end, int digits)
{
    int value = 0;
    for (int i = 0; i < digits; i++, (*at)++) {
        if (*at == end || **at < '0' || **at > '9')
            return -1;
        value = value * 10 + (**at - '0');
    }
    return value;
}

static inline bool jm_utc_skip(const char **at, const char *end, char expected)
{
    if (*at == end || **at != expected)
        return false;
    (*at)++;
    return true;
}

/* Minutes east of UTC of "Z", "+09:00" or nothing (which is read as UTC). */
static inline bool jm_utc_offset(const char *at, const char *end, int *minutes_out)
{
    *minutes_out = 0;
    if (at == end || jm_utc_skip(&at, end, 'Z'))
        return at == end;
    bool west = *at == '-';
    if (!west && *at != '+')
        return false;
    at++;
    int hours = jm_utc_digits(&at, end, 2);
    bool colon = jm_utc_skip(&at, end, ':');
    int minutes = jm_utc_digits(&at, end, 2);
    if (hours < 0 || hours > 23 || !colon || minutes < 0 || minutes > 59 || at != end)
        return false;
    *minutes_out = (hours * 60 + minutes) * (west ? -1 : 1);
    return true;
}

/* Read ISO 8601: date, "T" or a blank, time, an optional fraction, an optional zone. */
static inline bool jm_utc_parse(jm_span text, int64_t *utc_ms_out)
{
    static const unsigned char days_of[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const char *at = text.ptr;
    const char *end = text.ptr + text.len;
    int year = jm_utc_digits(&at, end, 4);
    bool shaped = jm_utc_skip(&at, end, '-');
    int month = jm_utc_digits(&at, end, 2);
    shaped = shaped && jm_utc_skip(&at, end, '-');
    int day = jm_utc_digits(&at, end, 2);
    shaped = shaped && (jm_utc_skip(&at, end, 'T') || jm_utc_skip(&at, end, ' '));
    int hour = jm_utc_digits(&at, end, 2);
    shaped = shaped && jm_utc_skip(&at, end, ':');
    int minute = jm_utc_digits(&at, end, 2);
    shaped = shaped && jm_utc_skip(&at, end, ':');
    int second = jm_utc_digits(&at, end, 2);
    if (!shaped || year < 0 || month < 1 || month > 12 || day < 1 || day > days_of[month - 1] ||
        hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
        return false;
    if (month == 2 && day == 29 && (year % 4 != 0 || (year % 100 == 0 && year % 400 != 0)))
        return false;
    int fraction_ms = 0;
    if (jm_utc_skip(&at, end, '.')) {
        const char *first = at;
        for (int scale = 100; at < end && *at >= '0' && *at <= '9'; at++, scale /= 10)
            fraction_ms += (*at - '0') * scale;
        if (at == first)
            return false;
    }
    int offset;
    if (!jm_utc_offset(at, end, &offset))
        return false;
    int64_t seconds = jm_utc_days(year, month, day) * 86400 + hour * 3600 + minute * 60 + second;
    *utc_ms_out = (seconds - offset * 60) * 1000 + fraction_ms;
    return true;
}

#endif
