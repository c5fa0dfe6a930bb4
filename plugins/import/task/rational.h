/* Numbers of EXIF: rationals, as gexiv2 writes them ("35/1 41/1 2311/100"). Worker process only. */
#ifndef IMPORT_TASK_RATIONAL_H
#define IMPORT_TASK_RATIONAL_H

#include <stddef.h>

/* Read at most `max` rationals. Returns how many there are before the first that is none: 0/0 is how
 * a camera says that it does not know. */
size_t rationals_parse(const char *text, double *values_out, size_t max);

/* A shutter speed as photographers write it: "1/250", "0.6", "30". */
void shutter_format(double seconds, char text_out[32]);

#endif
