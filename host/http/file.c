/* Conditional requests and ranges for files. Plain functions. [any]
 *
 * The order of the conditions is RFC 9110, section 13.2.2: If-None-Match counts before
 * If-Modified-Since, and Range is looked at only where the whole would be sent. */
#include "host/http/file.h"

#include "host/util/span.h"

#include <inttypes.h>
#include <stdio.h>
#include <strings.h>

#define DATE_BYTES 30 /* "Sun, 06 Nov 1994 08:49:37 GMT" and its NUL */

static const char *const DAYS[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
static const char *const MONTHS[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/* A tag is made of visible characters but quotes, and bytes above ASCII. */
static bool is_tag_text(jm_span text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c <= 0x20 || c == '"' || c == 0x7f) {
            return false;
        }
    }
    return text.len > 0;
}

static bool is_quoted(jm_span text)
{
    return text.len > 2 && text.ptr[0] == '"' && text.ptr[text.len - 1] == '"';
}

static bool is_weak(jm_span tag)
{
    return tag.len > 2 && memcmp(tag.ptr, "W/", 2) == 0;
}

static jm_span without_weak(jm_span tag)
{
    return is_weak(tag) ? (jm_span){tag.ptr + 2, tag.len - 2} : tag;
}

static void make_etag(const struct jmh_file_facts *facts, char out[JMH_FILE_ETAG_BYTES])
{
    jm_span given = without_weak(facts->etag);
    jm_span text = is_quoted(given) ? (jm_span){given.ptr + 1, given.len - 2} : given;
    if (is_tag_text(text) && text.len + sizeof "W/\"\"" <= JMH_FILE_ETAG_BYTES) {
        (void)snprintf(out, JMH_FILE_ETAG_BYTES, "%s\"%.*s\"", is_weak(facts->etag) ? "W/" : "",
                       JMH_ARG(text));
    } else {
        (void)snprintf(out, JMH_FILE_ETAG_BYTES, "\"%" PRIx64 "-%" PRIx64 ".%lx\"", facts->size,
                       (uint64_t)facts->modified.tv_sec, (unsigned long)facts->modified.tv_nsec);
    }
}

static void format_date(time_t seconds, char out[DATE_BYTES])
{
    struct tm tm = {0};
    if (gmtime_r(&seconds, &tm) == NULL || tm.tm_year < -1900 || tm.tm_year > 8099) {
        tm = (struct tm){.tm_mday = 1, .tm_year = 70, .tm_wday = 4};
    }
    (void)snprintf(out, DATE_BYTES, "%s, %02u %s %04u %02u:%02u:%02u GMT", DAYS[tm.tm_wday % 7],
                   (unsigned)tm.tm_mday % 100, MONTHS[tm.tm_mon % 12],
                   (unsigned)(tm.tm_year + 1900) % 10000, (unsigned)tm.tm_hour % 100,
                   (unsigned)tm.tm_min % 100, (unsigned)tm.tm_sec % 100);
}

/* The number of `count` digits at `at`, or -1. */
static int read_digits(const char *at, size_t count)
{
    int value = 0;
    for (size_t i = 0; i < count; i++) {
        if (at[i] < '0' || at[i] > '9') {
            return -1;
        }
        value = value * 10 + (at[i] - '0');
    }
    return value;
}

/* The one form of a date that HTTP/1.1 writes; what would be written otherwise is no date. */
static bool parse_date(jm_span text, time_t *seconds_out)
{
    if (text.len != DATE_BYTES - 1) {
        return false;
    }
    const char *at = text.ptr;
    struct tm tm = {.tm_mday = read_digits(at + 5, 2),
                    .tm_mon = -1,
                    .tm_year = read_digits(at + 12, 4) - 1900,
                    .tm_hour = read_digits(at + 17, 2),
                    .tm_min = read_digits(at + 20, 2),
                    .tm_sec = read_digits(at + 23, 2)};
    for (int month = 0; month < 12; month++) {
        if (memcmp(at + 8, MONTHS[month], 3) == 0) {
            tm.tm_mon = month;
        }
    }
    if (tm.tm_mday < 0 || tm.tm_mon < 0 || tm.tm_year < 0 || tm.tm_hour < 0 || tm.tm_min < 0 ||
        tm.tm_sec < 0) {
        return false;
    }
    *seconds_out = timegm(&tm);
    char canonical[DATE_BYTES];
    format_date(*seconds_out, canonical);
    return memcmp(canonical, at, DATE_BYTES - 1) == 0;
}

static jm_span trim(jm_span text)
{
    while (text.len > 0 && (text.ptr[0] == ' ' || text.ptr[0] == '\t')) {
        text = (jm_span){text.ptr + 1, text.len - 1};
    }
    while (text.len > 0 && (text.ptr[text.len - 1] == ' ' || text.ptr[text.len - 1] == '\t')) {
        text.len--;
    }
    return text;
}

/* The length of the tag at the start of a list, up to its closing quote; 0 where there is none. */
static size_t tag_length(jm_span list)
{
    size_t open = is_weak(list) ? 2 : 0;
    if (open >= list.len || list.ptr[open] != '"') {
        return 0;
    }
    const char *close = memchr(list.ptr + open + 1, '"', list.len - open - 1);
    return close != NULL ? (size_t)(close - list.ptr) + 1 : 0;
}

/* Whether If-None-Match names the tag; the comparison is weak. Tags may hold commas. */
static bool list_has_tag(jm_span list, jm_span etag)
{
    list = trim(list);
    if (jmh_span_is(list, "*")) {
        return true;
    }
    for (;;) {
        size_t len = tag_length(list);
        if (len == 0) {
            return false;
        }
        jm_span tag = {list.ptr, len};
        if (jmh_span_eq(without_weak(tag), without_weak(etag))) {
            return true;
        }
        list = trim((jm_span){list.ptr + len, list.len - len});
        if (list.len == 0 || list.ptr[0] != ',') {
            return false;
        }
        list = trim((jm_span){list.ptr + 1, list.len - 1});
    }
}

static bool is_unchanged(const struct jmh_file_facts *facts, const struct jmh_file_request *request,
                         jm_span etag)
{
    if (request->if_none_match.ptr != NULL) {
        return list_has_tag(request->if_none_match, etag);
    }
    time_t since;
    return request->if_modified_since.ptr != NULL &&
           parse_date(trim(request->if_modified_since), &since) && facts->modified.tv_sec <= since;
}

/* Whether the piece that the client has already is of the same file; the comparison is strong. */
static bool if_range_holds(const struct jmh_file_facts *facts, jm_span if_range, jm_span etag)
{
    if (if_range.ptr == NULL) {
        return true;
    }
    if_range = trim(if_range);
    time_t since;
    return (!is_weak(etag) && jmh_span_eq(if_range, etag)) ||
           (parse_date(if_range, &since) && since == facts->modified.tv_sec);
}

/* Take a decimal number from the front; one that is too large counts as the largest. false where
 * there is no digit. */
static bool take_number(jm_span *text, uint64_t *value_out)
{
    uint64_t value = 0;
    size_t at = 0;
    for (; at < text->len && text->ptr[at] >= '0' && text->ptr[at] <= '9'; at++) {
        uint64_t digit = (uint64_t)(text->ptr[at] - '0');
        value = value > (UINT64_MAX - digit) / 10 ? UINT64_MAX : value * 10 + digit;
    }
    *text = (jm_span){text->ptr + at, text->len - at};
    *value_out = value;
    return at > 0;
}

enum range_kind {
    RANGE_NONE, /* the whole: absent, broken, several, or of another unit */
    RANGE_ONE,
    RANGE_BEYOND,
};

/* The last `wanted` bytes. */
static enum range_kind suffix_range(uint64_t wanted, uint64_t size, uint64_t *offset_out,
                                    uint64_t *length_out)
{
    if (wanted == 0) {
        return RANGE_BEYOND;
    }
    *length_out = wanted < size ? wanted : size;
    *offset_out = size - *length_out;
    return size > 0 ? RANGE_ONE : RANGE_NONE;
}

static enum range_kind parse_range(jm_span range, uint64_t size, uint64_t *offset_out,
                                   uint64_t *length_out)
{
    static const char unit[] = "bytes=";
    if (range.len < sizeof unit || strncasecmp(range.ptr, unit, sizeof unit - 1) != 0) {
        return RANGE_NONE;
    }
    jm_span text = trim((jm_span){range.ptr + sizeof unit - 1, range.len - (sizeof unit - 1)});
    uint64_t first = 0;
    uint64_t last = UINT64_MAX;
    bool has_first = take_number(&text, &first);
    if (text.len == 0 || text.ptr[0] != '-') {
        return RANGE_NONE;
    }
    text = (jm_span){text.ptr + 1, text.len - 1};
    bool has_last = text.len > 0 && take_number(&text, &last);
    if (text.len > 0 || (!has_first && !has_last) || (has_first && first > last)) {
        return RANGE_NONE;
    }
    if (!has_first) {
        return suffix_range(last, size, offset_out, length_out);
    }
    if (first >= size) {
        return RANGE_BEYOND;
    }
    *offset_out = first;
    *length_out = (last < size ? last + 1 : size) - first;
    return RANGE_ONE;
}

static void write_headers(struct jmh_file_answer *answer, uint64_t size, const char *etag,
                          const char *modified)
{
    char content_range[96] = "";
    if (answer->status == 206) {
        (void)snprintf(content_range, sizeof content_range,
                       "Content-Range: bytes %" PRIu64 "-%" PRIu64 "/%" PRIu64 "\r\n",
                       answer->offset, answer->offset + answer->length - 1, size);
    } else if (answer->status == 416) {
        (void)snprintf(content_range, sizeof content_range,
                       "Content-Range: bytes */%" PRIu64 "\r\n", size);
    }
    (void)snprintf(answer->headers, sizeof answer->headers,
                   "ETag: %s\r\nLast-Modified: %s\r\nAccept-Ranges: bytes\r\n%s", etag, modified,
                   content_range);
}

void jmh_file_answer(const struct jmh_file_facts *facts, const struct jmh_file_request *request,
                     struct jmh_file_answer *answer_out)
{
    char etag[JMH_FILE_ETAG_BYTES];
    char modified[DATE_BYTES];
    make_etag(facts, etag);
    format_date(facts->modified.tv_sec, modified);

    *answer_out = (struct jmh_file_answer){.status = 200, .length = facts->size};
    if (is_unchanged(facts, request, jmh_span(etag))) {
        answer_out->status = 304;
        answer_out->length = 0;
    } else if (!request->head_only && request->range.ptr != NULL &&
               if_range_holds(facts, request->if_range, jmh_span(etag))) {
        enum range_kind kind = parse_range(trim(request->range), facts->size, &answer_out->offset,
                                           &answer_out->length);
        if (kind == RANGE_ONE) {
            answer_out->status = 206;
        } else if (kind == RANGE_BEYOND) {
            *answer_out = (struct jmh_file_answer){.status = 416};
        }
    }
    write_headers(answer_out, facts->size, etag, modified);
}
