/* Tags of one photograph, as text that is safe to hand on: valid UTF-8, trimmed, of bounded length.
 *
 * Cameras write Latin-1, blanks and rubbish where the standards ask for something else; here is the
 * one place that puts it right. Worker process only. */
#ifndef IMPORT_TASK_TAGS_H
#define IMPORT_TASK_TAGS_H

#include <gexiv2/gexiv2.h>
#include <jansson.h>
#include <stdbool.h>

#define TAG_TEXT_MAX 2048 /* bytes of one value that are kept */

/* The tag's value, to g_free(); NULL where it is absent or blank. */
char *tag_text(GExiv2Metadata *metadata, const char *tag);

/* The same of the first tag of a NULL-terminated list that has one. */
char *tag_first_text(GExiv2Metadata *metadata, const char *const *tags);

/* The tag's values; NULL where it is absent. To g_strfreev(). */
char **tag_texts(GExiv2Metadata *metadata, const char *tag);

/* A whole number; false where the tag is absent. */
bool tag_int(GExiv2Metadata *metadata, const char *tag, long *value_out);

/* Any bytes as text: what is not UTF-8 is taken for Latin-1, control characters become blanks,
 * blanks at both ends go. To g_free(); NULL where nothing remains. */
char *text_clean(const char *raw);

#endif
