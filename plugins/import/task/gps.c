/* GPS coordinates of EXIF and XMP. Worker process only. */
#include "task/gps.h"

#include "task/rational.h"
#include "task/tags.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static double sign_of(char hemisphere)
{
    int letter = toupper((unsigned char)hemisphere);
    return letter == 'S' || letter == 'W' ? -1 : 1;
}

bool gps_parse_exif(const char *text, const char *hemisphere, double *degrees_out)
{
    double part[3];
    if (rationals_parse(text, part, 3) != 3) {
        return false;
    }
    double sign = hemisphere == NULL ? 1 : sign_of(hemisphere[0]);
    *degrees_out = sign * (part[0] + part[1] / 60 + part[2] / 3600);
    return true;
}

bool gps_parse_xmp(const char *text, double *degrees_out)
{
    double sum = 0;
    double unit = 1;
    size_t parts = 0;
    while (parts < 3) {
        char *end;
        if (!isdigit((unsigned char)*text)) {
            return false;
        }
        sum += strtod(text, &end) * unit;
        unit /= 60;
        parts++;
        text = end;
        if (*text != ',') {
            break;
        }
        text++;
    }
    if (parts < 2 || *text == '\0' || strchr("NSEW", *text) == NULL || text[1] != '\0') {
        return false;
    }
    *degrees_out = sign_of(*text) * sum;
    return true;
}

static bool read_exif(GExiv2Metadata *metadata, const char *tag, const char *hemisphere_tag,
                      double *degrees_out)
{
    char *text = tag_text(metadata, tag);
    char *hemisphere = tag_text(metadata, hemisphere_tag);
    bool known = text != NULL && gps_parse_exif(text, hemisphere, degrees_out);
    g_free(text);
    g_free(hemisphere);
    return known;
}

static bool read_xmp(GExiv2Metadata *metadata, const char *tag, double *degrees_out)
{
    char *text = tag_text(metadata, tag);
    bool known = text != NULL && gps_parse_xmp(text, degrees_out);
    g_free(text);
    return known;
}

bool gps_read(GExiv2Metadata *metadata, double *latitude_out, double *longitude_out)
{
    bool known = (read_exif(metadata, "Exif.GPSInfo.GPSLatitude", "Exif.GPSInfo.GPSLatitudeRef",
                            latitude_out) &&
                  read_exif(metadata, "Exif.GPSInfo.GPSLongitude", "Exif.GPSInfo.GPSLongitudeRef",
                            longitude_out)) ||
                 (read_xmp(metadata, "Xmp.exif.GPSLatitude", latitude_out) &&
                  read_xmp(metadata, "Xmp.exif.GPSLongitude", longitude_out));
    return known && fabs(*latitude_out) <= 90 && fabs(*longitude_out) <= 180;
}
