/* The capture time and its sources. Worker process only. */
#include "task/capture_time.h"

#include "task/rational.h"
#include "task/tags.h"

#include <ctype.h>
#include <junmai/sdk/span.h>
#include <junmai/sdk/utc.h>
#include <stdio.h>

/* Where a date may stand, the most trusted first. When the file was last changed is not among them:
 * that says nothing about the photograph. */
static const struct {
    const char *date;
    const char *rest; /* the time of day, where it is a tag of its own */
    const char *fraction;
    const char *zone;
} sources[] = {
    {"Exif.Photo.DateTimeOriginal", NULL, "Exif.Photo.SubSecTimeOriginal",
     "Exif.Photo.OffsetTimeOriginal"},
    {"Exif.Image.DateTimeOriginal", NULL, NULL, NULL},
    {"Xmp.exif.DateTimeOriginal", NULL, NULL, NULL},
    {"Exif.Photo.DateTimeDigitized", NULL, "Exif.Photo.SubSecTimeDigitized",
     "Exif.Photo.OffsetTimeDigitized"},
    {"Iptc.Application2.DateCreated", "Iptc.Application2.TimeCreated", NULL, NULL},
    {"Xmp.photoshop.DateCreated", NULL, NULL, NULL},
    {"Xmp.xmp.CreateDate", NULL, NULL, NULL},
};

static bool is_zone(const char *zone)
{
    if (strcmp(zone, "Z") == 0) {
        return true;
    }
    static const char shape[] = "+00:00";
    if (strlen(zone) != sizeof shape - 1 || (zone[0] != '+' && zone[0] != '-')) {
        return false;
    }
    for (size_t i = 1; i < sizeof shape - 1; i++) {
        bool fits = shape[i] == ':' ? zone[i] == ':' : isdigit((unsigned char)zone[i]) != 0;
        if (!fits) {
            return false;
        }
    }
    return true;
}

/* Write the date as a whole ISO 8601 one, without a zone; what follows the seconds is *tail_out. */
static bool complete(const char *text, char iso_out[20], const char **tail_out)
{
    size_t len = strlen(text);
    if (len < 10) {
        return false;
    }
    memcpy(iso_out, "0000-00-00T00:00:00", 20);
    memcpy(iso_out, text, 10);
    iso_out[4] = text[4] == ':' ? '-' : text[4];
    iso_out[7] = text[7] == ':' ? '-' : text[7];
    *tail_out = text + 10;
    if (len >= 16) {
        memcpy(iso_out + 11, text + 11, 5);
        *tail_out = text + 16;
    }
    if (len >= 19 && text[16] == ':') {
        memcpy(iso_out + 17, text + 17, 2);
        *tail_out = text + 19;
    }
    return true;
}

/* The first three digits of a fraction; false where it is none. */
static bool fraction_ms(const char *fraction, char digits_out[4])
{
    memcpy(digits_out, "000", 4);
    for (size_t i = 0; i < 3 && isdigit((unsigned char)fraction[i]); i++) {
        digits_out[i] = fraction[i];
    }
    return isdigit((unsigned char)fraction[0]) != 0;
}

bool capture_time_format(const char *text, const char *fraction, const char *zone,
                         struct capture_time *time_out)
{
    char iso[20];
    char digits[4] = "";
    const char *tail;
    if (!complete(text, iso, &tail)) {
        return false;
    }
    if (*tail == '.') {
        fraction = ++tail;
        tail += strspn(tail, "0123456789");
    }
    bool fractional = fraction != NULL && fraction_ms(fraction, digits);
    zone = *tail != '\0' ? tail : zone;
    bool zoned = zone != NULL && is_zone(zone);

    char whole[48];
    int64_t utc_ms;
    snprintf(whole, sizeof whole, "%s%s%s%s", iso, fractional ? "." : "", fractional ? digits : "",
             zoned ? zone : "");
    if (!jm_utc_parse(jm_span_of(whole), &utc_ms)) {
        return false;
    }
    jm_utc_format(utc_ms, time_out->time);
    if (!zoned) {
        time_out->time[fractional ? 23 : 19] = '\0';
    }
    snprintf(time_out->date, sizeof time_out->date, "%.10s", iso);
    size_t known = fractional ? strspn(fraction, "0123456789") : 0;
    snprintf(time_out->clock, sizeof time_out->clock, "%.8s%s%.*s%s", iso + 11,
             fractional ? "." : "", (int)(known < 6 ? known : 6), fractional ? fraction : "",
             zoned ? zone : "");
    return true;
}

/* A GPS receiver's own clock, which is UTC. */
static bool read_gps(GExiv2Metadata *metadata, struct capture_time *time_out)
{
    char *date = tag_text(metadata, "Exif.GPSInfo.GPSDateStamp");
    char *clock = tag_text(metadata, "Exif.GPSInfo.GPSTimeStamp");
    double part[3];
    bool known = date != NULL && clock != NULL && strlen(date) == 10 &&
                 rationals_parse(clock, part, 3) == 3 && part[0] < 24 && part[1] < 60 &&
                 part[2] < 60;
    if (known) {
        char text[48];
        snprintf(text, sizeof text, "%.10s %02u:%02u:%02u", date, (unsigned)part[0],
                 (unsigned)part[1], (unsigned)part[2]);
        known = capture_time_format(text, NULL, "Z", time_out);
    }
    g_free(date);
    g_free(clock);
    return known;
}

/* "0000:00:00 00:00:00" and "    :  :     :  :  " are how cameras say that their clock is not set. */
static bool is_unset(const char *date)
{
    return strspn(date, "0: -T") == strlen(date);
}

static bool read_source(GExiv2Metadata *metadata, size_t source, struct capture_time *time_out,
                        uint32_t *warnings)
{
    char *date = tag_text(metadata, sources[source].date);
    if (date == NULL || is_unset(date)) {
        g_free(date);
        return false;
    }
    const char *rest_tag = sources[source].rest;
    char *rest = rest_tag == NULL ? NULL : tag_text(metadata, rest_tag);
    char *whole = rest == NULL ? g_strdup(date) : g_strdup_printf("%sT%s", date, rest);
    const char *fraction_tag = sources[source].fraction;
    char *fraction = fraction_tag == NULL ? NULL : tag_text(metadata, fraction_tag);
    const char *zone_tag = sources[source].zone;
    char *zone = zone_tag == NULL ? NULL : tag_text(metadata, zone_tag);
    bool known = capture_time_format(whole, fraction, zone, time_out);
    if (!known) {
        *warnings |= WARN_CAPTURE_TIME_INVALID;
    }
    g_free(date);
    g_free(rest);
    g_free(whole);
    g_free(fraction);
    g_free(zone);
    return known;
}

bool capture_time_read(GExiv2Metadata *metadata, struct capture_time *time_out, uint32_t *warnings)
{
    static const size_t before_gps = 4; /* the sources that a camera itself writes */
    for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
        if (i == before_gps && read_gps(metadata, time_out)) {
            return true;
        }
        if (read_source(metadata, i, time_out, warnings)) {
            return true;
        }
    }
    return false;
}
