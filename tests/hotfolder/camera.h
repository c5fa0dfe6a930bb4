/*
 * Photographs as a camera writes them: with its name and the time of the picture in their tags, so
 * that two files of one stem can be told to be one photograph or not.
 */
#ifndef HOTFOLDER_TESTS_CAMERA_H
#define HOTFOLDER_TESTS_CAMERA_H

#include <stddef.h>

#define CAMERA_NOON "2024:07:19 12:00:00"
#define CAMERA_LATER "2024:07:19 12:00:07"

/* The bytes of such a photograph; `comment` makes its content its own. To free(). */
char *camera_bytes(const char *comment, const char *model, const char *time, size_t *count_out);

/* Writes one to FOLDER/NAME; what is called a raw file is a JPEG too, as some cameras have it. The
 * path is to free(). */
char *camera_write(const char *folder, const char *name, const char *model, const char *time);

#endif
