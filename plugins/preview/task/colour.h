/* Colour and orientation: from what a file says to upright sRGB. Worker process only. */
#ifndef PREVIEW_TASK_COLOUR_H
#define PREVIEW_TASK_COLOUR_H

#include <stdbool.h>
#include <vips/vips.h>

/* Read the profile for Adobe RGB, which files name without embedding it. Once, in setup: a task
 * opens no path. Where the profile is not installed such files are taken for sRGB. */
void colour_setup(void);

/* Whether the tags of an image say Adobe RGB (InteropIndex R03) without a profile of its own. */
bool colour_is_adobe(VipsImage *image);

/* Give an RGB image without a profile the one that is compatible with Adobe RGB (1998). */
void colour_set_adobe(VipsImage *image);

/* Three bands of sRGB without transparency, of an image that vips_thumbnail has brought to sRGB
 * where it had a profile; NULL where libvips fails. Takes `image_take`. */
VipsImage *colour_finish(VipsImage *image_take);

#endif
