/* Where a photograph was taken. Worker process only. */
#ifndef IMPORT_TASK_GPS_H
#define IMPORT_TASK_GPS_H

#include <gexiv2/gexiv2.h>
#include <stdbool.h>

/* A coordinate of EXIF: three rationals and "N", "S", "E" or "W" (NULL: north or east). */
bool gps_parse_exif(const char *text, const char *hemisphere, double *degrees_out);

/* A coordinate of XMP: "50,2.8647N" or "50,2,52N". */
bool gps_parse_xmp(const char *text, double *degrees_out);

/* Both coordinates or none: a tag may be there without a value in it. */
bool gps_read(GExiv2Metadata *metadata, double *latitude_out, double *longitude_out);

#endif
